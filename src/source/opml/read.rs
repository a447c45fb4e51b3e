//! Reads a list event by event; where the markup breaks, it goes on at the next outline.

use super::super::feed::decode;
use super::{FILE_LIMIT_BYTES, OUTLINES_LIMIT, OpmlError, PREFIX, Subscription, Subscriptions};
use crate::text::push_unescaped;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Folders of a deeply nested outline that are kept, the innermost.
const FOLDERS_LIMIT: usize = 4;

/// The longest title and the longest folder, in characters.
const TITLE_CHARACTERS: usize = 120;

/// How often reading begins again behind broken markup.
const RESTARTS: usize = 1_000;

/// Reads the list in `bytes`.
///
/// # Errors
/// [`OpmlError`] where it is too large or no list at all.
pub fn read(bytes: &[u8]) -> Result<Subscriptions, OpmlError> {
    if bytes.len() > FILE_LIMIT_BYTES {
        return Err(OpmlError::TooLarge);
    }
    let decoded = decode::decode(bytes, None);
    let mut list = List::new(&decoded.text);
    list.walk();
    if list.n_outlines == 0 && !list.is_opml {
        return Err(OpmlError::NotOpml);
    }
    Ok(list.list)
}

struct List<'x> {
    text: &'x str,
    list: Subscriptions,
    /// The titles of the open outlines; empty ones, too, so that each end closes its own.
    open: Vec<String>,
    n_outlines: usize,
    is_opml: bool,
    lines: Lines<'x>,
}

impl<'x> List<'x> {
    fn new(text: &'x str) -> Self {
        let lines = Lines { text, at: 0, line: 1 };
        Self { text, list: Subscriptions::default(), open: Vec::new(), n_outlines: 0, is_opml: false, lines }
    }

    fn walk(&mut self) {
        let mut start = 0;
        for _ in 0..RESTARTS {
            let Some(broken_at) = self.walk_from(start) else { return };
            self.list.n_broken += 1;
            let Some(next) = next_outline(self.text, broken_at) else { return };
            start = next;
        }
    }

    /// Reads from byte `start`; where the markup breaks, the first byte behind the tag that broke.
    fn walk_from(&mut self, start: usize) -> Option<usize> {
        let mut reader = Reader::from_str(self.text.get(start..)?);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let at =
            |reader: &Reader<&[u8]>| start + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX - start);
        loop {
            let before = at(&reader);
            match reader.read_event() {
                Ok(Event::Start(tag)) => self.enter(&tag, before, true),
                Ok(Event::Empty(tag)) => self.enter(&tag, before, false),
                Ok(Event::End(tag)) if is(tag.name().into_inner(), "outline") => drop(self.open.pop()),
                Ok(Event::Eof) => return None,
                Ok(_) => {}
                Err(_) => return Some(before + 1),
            }
            if self.list.is_full {
                return None;
            }
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>, at: usize, is_open: bool) {
        self.is_opml |= is(tag.name().into_inner(), "opml");
        if !is(tag.name().into_inner(), "outline") {
            return;
        }
        if self.n_outlines == OUTLINES_LIMIT {
            self.list.is_full = true;
            return;
        }
        self.n_outlines += 1;
        let outline = Outline::of(tag);
        if let Some(url) = outline.address() {
            let line = self.lines.line_of(at);
            let skipped = self.open.len().saturating_sub(FOLDERS_LIMIT);
            let folders = self.open.iter().skip(skipped).filter(|title| !title.is_empty()).cloned().collect();
            let title = Some(outline.title.clone()).filter(|title| !title.is_empty());
            let Outline { lang, own, .. } = outline;
            self.list.found.push(Subscription { line, title, folders, url, lang, own });
            if is_open {
                self.open.push(String::new());
            }
        } else {
            self.list.n_without_feed += usize::from(outline.has_page);
            if is_open {
                self.open.push(outline.title);
            }
        }
    }
}

/// What the attributes of an outline say.
#[derive(Debug, Default)]
struct Outline {
    title: String,
    feed: Option<String>,
    link: Option<String>,
    lang: Option<String>,
    has_page: bool,
    own: Vec<(String, String)>,
}

impl Outline {
    fn of(tag: &BytesStart<'_>) -> Self {
        let mut outline = Self::default();
        let mut has_title = false;
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner().to_ascii_lowercase();
            let mut value = String::new();
            push_unescaped(&mut value, &attribute.value);
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match key.as_str() {
                "xmlurl" | "feedurl" => outline.feed = Some(value.to_owned()),
                "url" => outline.link = Some(value.to_owned()),
                "htmlurl" => outline.has_page = true,
                // `text` is what OPML asks for; where a `title` stands beside it, readers show that.
                "title" => (outline.title, has_title) = (one_line(value), true),
                "text" if !has_title => outline.title = one_line(value),
                "language" => outline.lang = Some(value.to_owned()),
                key => {
                    let own = key.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(':'));
                    outline.own.extend(own.map(|name| (name.to_owned(), value.to_owned())));
                }
            }
        }
        outline.has_page |= outline.link.is_some();
        outline
    }

    /// What to read: the feed, or a page where we wrote ourselves by which engine.
    fn address(&self) -> Option<String> {
        let says_how = self.own.iter().any(|(key, _)| key == "engine" || key == "preset");
        let url = self.feed.as_deref().or(self.link.as_deref().filter(|_| says_how))?;
        Some(without_feed_scheme(url))
    }
}

/// `feed://host/path` and `feed:https://host/path` are written by programs that want to be asked.
fn without_feed_scheme(url: &str) -> String {
    let Some(rest) = url.get(..5).filter(|start| start.eq_ignore_ascii_case("feed:")).and_then(|_| url.get(5..)) else {
        return url.to_owned();
    };
    if rest.starts_with("//") { format!("http:{rest}") } else { rest.to_owned() }
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(TITLE_CHARACTERS).collect()
}

/// Whether the tag is called `local`, whatever its prefix and case.
fn is(name: &str, local: &str) -> bool {
    name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case(local))
}

/// Where the next outline begins, from byte `from` on.
fn next_outline(text: &str, from: usize) -> Option<usize> {
    const TAG: &[u8] = b"<outline";
    let rest = text.as_bytes().get(from..)?;
    rest.windows(TAG.len()).position(|window| window.eq_ignore_ascii_case(TAG)).map(|found| from + found)
}

/// Counts lines as places are asked for in their order.
struct Lines<'x> {
    text: &'x str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, at: usize) -> usize {
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = self.at.max(at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn urls(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap().found.into_iter().map(|found| found.url).collect()
    }

    #[test]
    fn a_list_is_read_with_its_folders_and_lines() {
        let list = read(
            b"<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><head><title>Mine</title></head><body>\n\
              <outline text=\"Food\"><outline text=\"Steak\">\n\
              <outline type=\"rss\" text=\"A &amp; B\" title=\"A\n B\" xmlUrl=\"https://a.example/feed?x=1&amp;y=2\" language=\"de\"/>\n\
              </outline></outline>\n\
              <outline text=\"page\" htmlUrl=\"https://b.example/\"/><outline type=\"link\" url=\"https://c.example/\"/>\n\
              <outline text=\"c\" xmlUrl=\"feed://c.example/rss\"/></body></opml>",
        )
        .unwrap();
        let first = &list.found[0];
        assert_eq!((first.line, first.url.as_str()), (4, "https://a.example/feed?x=1&y=2"));
        assert_eq!((first.title.as_deref(), first.lang.as_deref()), (Some("A B"), Some("de")));
        assert_eq!(first.folders, ["Food", "Steak"]);
        let second = &list.found[1];
        assert_eq!((second.line, second.url.as_str(), second.folders.len()), (8, "http://c.example/rss", 0));
        assert_eq!((list.found.len(), list.n_without_feed, list.n_broken), (2, 2, 0));
    }

    #[test]
    fn what_other_programs_slip_on_is_read() {
        for text in [
            "<opml><body><outline text='a' xmlUrl='https://a.example/?a=1&b=2'/></body></opml>",
            "<OPML><BODY><OUTLINE TEXT='a' XMLURL='https://a.example/?a=1&amp;b=2'></BODY></OPML>",
            "<outline xmlurl=https://a.example/?a=1&b=2>",
            "<opml><body><outline><outline xmlUrl=\"https://a.example/?a=1&b=2\"></body>",
            "\u{feff}<opml></head><body></outline></outline><outline xmlUrl=\" https://a.example/?a=1&b=2 \"/><outline xmlUrl=\"https://x",
        ] {
            assert_eq!(urls(text), ["https://a.example/?a=1&b=2"], "{text}");
        }
    }

    #[test]
    fn broken_markup_costs_the_outline_that_it_stands_in() {
        let text = "<opml><body>\n<outline text=\"a xmlUrl=\"https://a.example/\"/>\n<outline xmlUrl=\"https://b.example/\"/>\n<!- x -->\n<outline xmlUrl=\"https://c.example/\"/>\n<![x <outline xmlUrl=\"https://d.example/\"/>";
        let found = urls(text);
        assert!(found.contains(&"https://c.example/".to_owned()), "{found:?}");
        assert!(found.contains(&"https://d.example/".to_owned()), "{found:?}");
    }

    #[test]
    fn an_empty_list_is_one_and_a_page_is_none() {
        assert_eq!(urls("<opml version=\"1.1\"><body/></opml>"), Vec::<String>::new());
        assert_eq!(read(b"<html><p>hi</p></html>"), Err(OpmlError::NotOpml));
        assert_eq!(read(b""), Err(OpmlError::NotOpml));
        assert_eq!(read(&vec![b' '; FILE_LIMIT_BYTES + 1]), Err(OpmlError::TooLarge));
    }

    #[test]
    fn other_encodings_are_decoded_as_those_of_feeds() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><opml><body><outline text='K\xfcche' xmlUrl='https://a.example/'/></body></opml>";
        assert_eq!(read(latin).unwrap().found[0].title.as_deref(), Some("K\u{fc}che"));
        let wide: Vec<u8> = "\u{feff}<opml><outline xmlUrl='https://a.example/'/></opml>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&wide).unwrap().found.len(), 1);
    }

    #[test]
    fn outlines_beyond_the_bound_are_left() {
        let text = "<outline xmlUrl='https://a.example/'>".repeat(OUTLINES_LIMIT + 1);
        let list = read(text.as_bytes()).unwrap();
        assert_eq!((list.found.len(), list.is_full), (OUTLINES_LIMIT, true));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_list_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_markup_is_fine(text in "(<outline |xmlUrl=|'|\"|>|/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|&|&amp;|https://a.example/|</outline>|ü|\n| ){0,60}") {
            if let Ok(list) = read(text.as_bytes()) {
                prop_assert!(list.found.iter().all(|found| found.line <= text.matches('\n').count() + 1));
                prop_assert!(list.found.len() <= text.matches("<outline").count());
            }
        }
    }
}
