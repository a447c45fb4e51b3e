//! A mail as data: what it says, in blocks, before it is HTML or plain text.
//!
//! In: blocks of runs, already in the reader's language and bounded by `clean`. Out: one HTML document (tables,
//! inline styles, 600 px, no images, dark by media query) and the same in plain text. Escaping happens here and
//! only here, for every run; a link that does not lead to a page over http(s) is shown as plain words.

mod html;
mod text;

use super::{Language, safe_link};

/// One mail, before it is rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The language that the mail is in.
    pub language: Language,
    /// The subject line.
    pub subject: String,
    /// What a lock screen shows after the subject: the first line of the text, hidden in the HTML.
    pub preview: String,
    /// The small line opposite the name of the house.
    pub kicker: String,
    /// The headline: a sentence with the answer in it.
    pub headline: Vec<Run>,
    /// What follows, in order.
    pub blocks: Vec<Block>,
    /// Why this mail came, how to change it.
    pub footer: Vec<String>,
}

impl Letter {
    /// The whole HTML document.
    ///
    /// Empty where the template could not be written, which memory alone could cause; the mail then goes out as text.
    #[must_use]
    pub fn html(&self) -> String {
        html::render(self)
    }

    /// The same as plain text, the preview first. Quoted words stand behind `> `, so that nothing foreign can look
    /// like a line of ours.
    #[must_use]
    pub fn text(&self) -> String {
        text::render(self)
    }
}

/// One part of a mail.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading under a rule, and a small note beside it (may be empty).
    Section {
        /// The heading.
        title: String,
        /// The note.
        note: String,
    },
    /// A paragraph.
    Para(Vec<Run>),
    /// A small, dim paragraph.
    Small(Vec<Run>),
    /// Somebody's own words.
    Quote {
        /// The words; what a rule spoke on is [`Tone::Mark`].
        runs: Vec<Run>,
        /// Their language (BCP 47), where known.
        lang: Option<String>,
        /// The one quote that the mail is about.
        is_hero: bool,
    },
    /// The one filled button.
    Button {
        /// What it does.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Names and figures joined by dotted leaders.
    Rows(Vec<Row>),
    /// A bar of parts in proportion, and the sentence that it draws.
    Bar {
        /// The parts from left to right.
        parts: Vec<BarPart>,
        /// The same in words.
        spoken: String,
    },
    /// A table of feelings: brands by phases.
    Heat {
        /// The heads of the columns.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<HeatRow>,
    },
}

impl Block {
    /// A heading.
    #[must_use]
    pub fn section(title: impl Into<String>, note: impl Into<String>) -> Self {
        Self::Section { title: title.into(), note: note.into() }
    }

    /// A paragraph of plain words.
    #[must_use]
    pub fn para(text: impl Into<String>) -> Self {
        Self::Para(vec![Run::plain(text)])
    }

    /// A small paragraph of plain words.
    #[must_use]
    pub fn small(text: impl Into<String>) -> Self {
        Self::Small(vec![Run::plain(text)])
    }
}

/// Some words in one tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// How they are set.
    pub tone: Tone,
    /// Where they lead: always a page over http(s).
    link: Option<String>,
}

impl Run {
    /// Words in a tone.
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, link: None }
    }

    /// Plain words.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Tone::Plain)
    }

    /// Strong words.
    #[must_use]
    pub fn strong(text: impl Into<String>) -> Self {
        Self::new(text, Tone::Strong)
    }

    /// Words that lead to a page; plain words where `url` does not.
    #[must_use]
    pub fn link(text: impl Into<String>, url: &str) -> Self {
        Self { text: text.into(), tone: Tone::Plain, link: safe_link(url) }
    }
}

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As the words around them.
    Plain,
    /// Bold.
    Strong,
    /// Smaller in voice.
    Dim,
    /// The one thing that matters: time left, slack.
    Accent,
    /// Words that a rule spoke on.
    Mark,
    /// A good feeling.
    Good,
    /// A bad feeling.
    Bad,
}

/// A name and its figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name.
    pub name: String,
    /// The figure.
    pub value: String,
    /// Plain, accented (the slack), good or bad.
    pub tone: Tone,
    /// The part of a bar that it explains, if any.
    pub key: Option<BarTone>,
}

impl Row {
    /// A name and its figure.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), tone: Tone::Plain, key: None }
    }

    /// The same, explaining the part of a bar that is drawn so.
    #[must_use]
    pub fn keyed(self, part: BarTone) -> Self {
        Self { key: Some(part), ..self }
    }

    /// The same in a tone.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// One part of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BarPart {
    /// Its share, 1 to 100.
    pub percent: u32,
    /// How it is drawn.
    pub tone: BarTone,
}

/// How a part of a bar is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarTone {
    /// The first need: approval.
    Light,
    /// The second: preparation.
    Middle,
    /// The third: the way.
    Dark,
    /// What is left: slack.
    Accent,
}

/// One brand's row of feelings.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// The brand.
    pub name: String,
    /// One cell for each column.
    pub cells: Vec<HeatCell>,
}

/// A feeling in one phase.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatCell {
    /// What stands in it: the value, or "under 10", or "none".
    pub shown: String,
    /// The count below the value; empty where there is no value.
    pub count: String,
    /// From -3 (bad) to 3 (good); `None` where there is no value to color.
    pub step: Option<i8>,
}

#[cfg(test)]
mod tests;
