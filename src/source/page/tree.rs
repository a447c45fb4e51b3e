//! The tree of a page, within bounds.
//!
//! html5ever, which builds it, is quadratic in the depth of the markup (servo/html5ever#788), so the tags of what is
//! nested too deep are dropped before it sees them; their text stays.

use scraper::Html;
use std::borrow::Cow;

/// The most bytes of markup that become a tree.
pub const MARKUP_LIMIT_BYTES: usize = 2 * 1024 * 1024;

/// The deepest nesting that becomes a tree: no page that people made is half as deep.
const DEPTH_LIMIT: usize = 256;

/// Elements that hold nothing, and those that end by themselves where the next one begins. They cannot nest without
/// others between them, which are counted.
const UNCOUNTED: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li",
    "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rp", "rt", "body",
    "html", "head", "param",
];

/// Elements of drawings: between `<svg>` and the next tag that is none of these, `/>` ends an element.
const DRAWN: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "path",
    "use",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "ellipse",
    "stop",
    "lineargradient",
    "radialgradient",
    "clippath",
    "mask",
    "image",
];

/// Elements whose contents are no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "noframes", "iframe", "xmp", "noembed"];

/// The tree of `html`: its first 2 MiB, nothing deeper than 256 elements.
#[must_use]
pub fn tree(html: &str) -> Html {
    let mut end = html.len().min(MARKUP_LIMIT_BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    Html::parse_document(&shallow(html.get(..end).unwrap_or_default()))
}

/// `html` without the tags that are nested too deep. Linear.
fn shallow(html: &str) -> Cow<'_, str> {
    let mut cutter =
        Cutter { html, at: 0, depth: 0, is_drawing: false, n_left_open: 0, kept_until: 0, kept: String::new() };
    while cutter.step() {}
    if cutter.kept_until == 0 {
        return Cow::Borrowed(html);
    }
    cutter.kept.push_str(html.get(cutter.kept_until..).unwrap_or_default());
    Cow::Owned(cutter.kept)
}

struct Cutter<'a> {
    html: &'a str,
    at: usize,
    depth: usize,
    is_drawing: bool,
    /// Tags in raw contents that nothing there closes.
    n_left_open: usize,
    kept_until: usize,
    kept: String,
}

impl Cutter<'_> {
    /// Looks at the next tag; `false` at the end.
    fn step(&mut self) -> bool {
        let html = self.html;
        let Some(from) = html.get(self.at..).and_then(|rest| rest.find('<')).map(|found| self.at + found) else {
            return false;
        };
        let rest = html.get(from + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("!--") {
            self.at = comment.find("-->").map_or(html.len(), |found| from + 4 + found);
            return true;
        }
        let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let n_name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let name = rest.get(..n_name).unwrap_or_default().to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.at = from + 1;
            return true;
        }
        let past = html.len() - rest.len() + n_name;
        let to = past + tag_length(html.get(past..).unwrap_or_default());
        self.at = to;
        let is_closed = html.get(from..to).is_some_and(|tag| tag.ends_with("/>"));
        // The title of a drawing may hold markup.
        let is_raw = RAW.contains(&name.as_str()) && !(self.is_drawing && name == "title");
        self.is_drawing = self.stays_drawing(&name, is_end, is_closed);
        if !(is_closed && self.is_drawing) {
            self.count(&name, is_end, from..to);
        }
        if !is_end && is_raw {
            self.skip_raw(&name);
        }
        true
    }

    /// Whether a drawing is open behind this tag. A title without markup in it ends none.
    fn stays_drawing(&self, name: &str, is_end: bool, is_closed: bool) -> bool {
        let is_plain_title = || {
            let rest = self.html.get(self.at..).unwrap_or_default();
            let next = rest.find('<').and_then(|at| rest.get(at + 1..at + 7));
            is_end || next.is_some_and(|next| next.eq_ignore_ascii_case("/title"))
        };
        match name {
            "svg" => !is_end && (!is_closed || self.is_drawing),
            "title" => self.is_drawing && is_plain_title(),
            name => self.is_drawing && DRAWN.contains(&name),
        }
    }

    fn count(&mut self, name: &str, is_end: bool, tag: std::ops::Range<usize>) {
        if UNCOUNTED.contains(&name) || RAW.contains(&name) {
            return;
        }
        let is_too_deep = self.depth > DEPTH_LIMIT || (self.depth == DEPTH_LIMIT && !is_end);
        self.depth = if is_end { self.depth.saturating_sub(1) } else { self.depth + 1 };
        if is_too_deep {
            self.drop(tag);
        }
    }

    /// Jumps to the end tag of `name`; to the end where there is none, as a browser does.
    fn skip_raw(&mut self, name: &str) {
        let (start, mut from) = (self.at, self.at);
        self.at = self.html.len();
        while let Some(found) = self.html.get(from..).and_then(|rest| rest.find("</")) {
            let end = from + found;
            let tag = self.html.get(end + 2..end + 2 + name.len());
            if tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name)) {
                self.at = end;
                break;
            }
            from = end + 2;
        }
        self.skim(start..self.at);
    }

    /// Raw contents are markup where a parser thinks that a drawing is still open, which cannot be told from here:
    /// their tags are counted as well, and what they leave open in the whole page has a bound of its own.
    fn skim(&mut self, raw: std::ops::Range<usize>) {
        let (mut at, mut depth) = (raw.start, 0_usize);
        while let Some(from) = self.html.get(at..raw.end).and_then(|rest| rest.find('<')).map(|found| at + found) {
            let rest = self.html.get(from + 1..raw.end).unwrap_or_default();
            let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
            let n_name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
            let name = rest.get(..n_name).unwrap_or_default().to_ascii_lowercase();
            at = from + 1;
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || UNCOUNTED.contains(&name.as_str()) {
                continue;
            }
            if is_end {
                depth = depth.saturating_sub(1);
            } else if depth + self.n_left_open < DEPTH_LIMIT {
                depth += 1;
            } else {
                // Without its name it is no tag.
                let past = raw.end - rest.len() + n_name;
                self.drop(from..past);
                at = past;
            }
        }
        self.n_left_open += depth;
    }

    fn drop(&mut self, tag: std::ops::Range<usize>) {
        self.kept.push_str(self.html.get(self.kept_until..tag.start).unwrap_or_default());
        self.kept.push(' ');
        self.kept_until = tag.end;
    }
}

/// How long the rest of a tag is, its `>` included; quotation marks hide a `>`.
fn tag_length(rest: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(mark), byte) if mark == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Selector;

    fn text(html: &Html) -> String {
        html.root_element().text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        let page = "<p>a<p title='x > y'>b<!-- <div> --><script>'<div>'</script><ul><li>c</ul>1 < 2";
        assert!(matches!(shallow(page), Cow::Borrowed(same) if same == page));
        // A thousand paragraphs that nobody closed are not deep.
        let page = "<p>a<li>b<td>c".repeat(1_000);
        assert!(matches!(shallow(&page), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_too_deep_loses_its_tags_and_keeps_its_text() {
        let page = format!("{}deep{}<em>after</em>", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let tree = tree(&page);
        assert_eq!(text(&tree), "deep after");
        let after = Selector::parse("em").expect("a selector");
        let after = tree.select(&after).next().expect("kept");
        assert_eq!(after.ancestors().count(), 3, "the document, html, body");
    }

    #[test]
    fn drawings_are_not_deep() {
        let icon = "<a href=x><svg viewBox='0 0 1 1'><title>x</title><path d='M0'/><use href='#a'/></svg></a>";
        let page = icon.repeat(1_000);
        assert!(matches!(shallow(&page), Cow::Borrowed(_)));
        // Outside of a drawing, or where HTML broke out of it, `/>` ends nothing.
        for start in ["", "<svg/>", "<svg><desc>", "<svg><title><b>", "<svg><p>", "<svg></svg>"] {
            let page = format!("{start}{}", "<path/>".repeat(1_000));
            assert!(matches!(shallow(&page), Cow::Owned(_)), "{start}");
        }
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        for part in [
            "<a b=\"",
            "<",
            "<div a='>",
            "</",
            "<script>",
            "<!--",
            "<b x=1>",
            "<svg><p>",
            "<table><div>",
            "<style><g></style>",
            "<svg><desc></svg></desc><style><g>",
        ] {
            let _ = tree(&part.repeat(100_000));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_markup_becomes_a_tree(html in "(<|>|/|div|p|script|!--|-->| |=|\"|'|\\PC){0,80}") {
            let _ = tree(&html);
        }
    }
}
