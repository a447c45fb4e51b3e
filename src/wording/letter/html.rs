//! The HTML of a letter. The template escapes everything that it is given.

use super::{BarTone, Block, HeatCell, Letter, Row, Run, Tone};
use askama::Template;

/// What the row heads of the feelings' table leave to its columns.
const HEAT_WIDTH_PERCENT: usize = 76;

pub(super) fn render(letter: &Letter) -> String {
    Page { letter }.render().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "letter.html", config = "src/wording/letter/askama.toml")]
struct Page<'l> {
    letter: &'l Letter,
}

impl Page<'_> {
    /// The width of one of `n` columns, in percent.
    fn column_width(&self, n: usize) -> usize {
        HEAT_WIDTH_PERCENT / n.max(1)
    }

    /// The dotted line below every row but the last.
    fn edge(&self, is_last: &bool) -> &'static str {
        if *is_last { "" } else { ";border-bottom:1px dotted #b9ab9a" }
    }
}

impl Run {
    fn class(&self) -> &'static str {
        match self.tone {
            Tone::Plain | Tone::Strong => "",
            Tone::Dim => "k3",
            Tone::Accent => "ac",
            Tone::Mark => "ev",
            Tone::Good => "po",
            Tone::Bad => "ne",
        }
    }

    fn style(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "",
            Tone::Strong => "font-weight:bold",
            Tone::Dim => "color:#6f6258",
            Tone::Accent => "color:#7d2135;white-space:nowrap",
            Tone::Mark => "background:#f4dc93;color:#2a211d",
            Tone::Good => "color:#0d5c70",
            Tone::Bad => "color:#a14a06",
        }
    }
}

impl Row {
    /// The class and color of the figure.
    fn shade(&self) -> (&'static str, &'static str) {
        match self.tone {
            Tone::Accent => ("ac", "#7d2135"),
            Tone::Good => ("po", "#0d5c70"),
            Tone::Bad => ("ne", "#a14a06"),
            _ => ("k1", "#2a211d"),
        }
    }
}

impl BarTone {
    fn class(self) -> &'static str {
        match self {
            BarTone::Light => "b1",
            BarTone::Middle => "b2",
            BarTone::Dark => "b3",
            BarTone::Accent => "ab",
        }
    }

    fn color(self) -> &'static str {
        match self {
            BarTone::Light => "#cbbcaa",
            BarTone::Middle => "#ab9a87",
            BarTone::Dark => "#857465",
            BarTone::Accent => "#7d2135",
        }
    }
}

impl HeatCell {
    /// The class and background; petrol against burnt orange, apart for each kind of color vision.
    fn shade(&self) -> (&'static str, &'static str) {
        match self.step {
            None => ("", "transparent"),
            Some(..=-3) => ("n3", "#e8ac6b"),
            Some(-2) => ("n2", "#f2cb9c"),
            Some(-1) => ("n1", "#f9e6cf"),
            Some(0) => ("z", "#f1ebe0"),
            Some(1) => ("p1", "#dcebea"),
            Some(2) => ("p2", "#b9dadd"),
            Some(3..) => ("p3", "#8ec3ca"),
        }
    }
}
