//! What a web page says of itself: its title, language and date, and its markup as text.
//!
//! In: the bytes of a page and its `Content-Type`. Out: a [`Page`]. Never fails: what is not said is empty. Which part
//! of the page is its article is not decided here: the markup is all of it.

use super::tag::{Cutter, Tag};
use super::{HTML_LIMIT_BYTES, TITLE_LIMIT_BYTES, cut};
use crate::model::PostedAt;
use crate::text::push_unescaped;
use crate::when::read_date;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// How much of the bytes may say in which encoding they are (HTML, 13.2.3.2), and how much is looked at to guess it.
const CHARSET_REACH_BYTES: usize = 1024;
const GUESS_BYTES: usize = 256 * 1024;

/// How much of the markup is searched for what the page says of itself.
const HEAD_REACH_BYTES: usize = 256 * 1024;

/// Names of `<meta>` under which pages say when they were published.
const DATES: &[&str] =
    &["article:published_time", "datepublished", "dc.date", "dcterms.created", "dcterms.date", "pubdate", "date"];

/// A web page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Its `<title>` on one line, entities resolved.
    pub title: String,
    /// The language that it declares (BCP 47).
    pub lang: Option<String>,
    /// When it was published, where it says so for machines.
    pub published: Option<PostedAt>,
    /// Its markup, at most [`HTML_LIMIT_BYTES`].
    pub html: String,
}

/// Reads the page that `bytes` hold.
#[must_use]
pub fn page(bytes: &[u8], content_type: Option<&str>) -> Page {
    let mut page = Page { html: decoded(bytes, content_type), ..Page::default() };
    let html = std::mem::take(&mut page.html);
    look_through(cut(&html, HEAD_REACH_BYTES), &mut page);
    page.html = html;
    let kept = cut(&page.html, HTML_LIMIT_BYTES).len();
    page.html.truncate(kept);
    page
}

fn look_through(html: &str, page: &mut Page) {
    let mut cutter = Cutter::default();
    let mut rest = html;
    while let Some((_, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        let Some(tag) = cutter.cut(from) else {
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        rest = from.get(tag.length..).unwrap_or_default();
        if tag.is_end {
            continue;
        }
        let raw = ["script", "style", "title"].into_iter().find(|name| tag.is(name));
        if let Some(name) = raw {
            let (inside, behind) = up_to_end(rest, name);
            if name == "title" && page.title.is_empty() {
                page.title = one_line(inside);
            }
            rest = behind;
        }
        note(&tag, page);
    }
}

/// What stands before `</name`, and what begins there. Without an end it is all.
fn up_to_end<'h>(rest: &'h str, name: &str) -> (&'h str, &'h str) {
    let is_end = |(at, _): &(usize, &str)| {
        rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    let end = rest.match_indices("</").find(is_end).map_or(rest.len(), |(at, _)| at);
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

fn note(tag: &Tag<'_>, page: &mut Page) {
    if tag.is("html") && page.lang.is_none() {
        page.lang = tag.attribute("lang").map(str::trim).filter(|lang| !lang.is_empty()).map(str::to_owned);
    }
    if page.published.is_none() {
        let named = ["property", "name", "itemprop"].into_iter().filter_map(|key| tag.attribute(key));
        let is_date = || named.map(str::to_ascii_lowercase).any(|name| DATES.contains(&name.as_str()));
        let date = if tag.is("meta") && is_date() { tag.attribute("content") } else { None };
        page.published = date.and_then(read_date);
    }
}

fn one_line(text: &str) -> String {
    let mut plain = String::new();
    push_unescaped(&mut plain, cut(text, TITLE_LIMIT_BYTES));
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, TITLE_LIMIT_BYTES).to_owned()
}

/// By its byte order mark, else as the server says, as the page says, as it looks.
fn decoded(bytes: &[u8], content_type: Option<&str>) -> String {
    let said = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| content_type.and_then(charset_in))
        .or_else(|| charset_in(&String::from_utf8_lossy(bytes.get(..CHARSET_REACH_BYTES).unwrap_or(bytes))));
    let encoding = match said {
        Some(encoding) if encoding != UTF_8 => encoding,
        // What says to be UTF-8 and is not was mostly written by a program that never asked.
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes.get(..GUESS_BYTES).unwrap_or(bytes), true);
            detector.guess(None, Utf8Detection::Allow)
        }
    };
    encoding.decode(bytes).0.into_owned()
}

/// The encoding behind the first `charset=`.
fn charset_in(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let (_, behind) = lower.split_once("charset=")?;
    let label = behind.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))).unwrap_or(label.len());
    Encoding::for_label(label.get(..end)?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_says_its_title_language_and_date() {
        let html = "<!doctype html><html lang=de-CH><head><script>'<title>no</title>'</script>\
            <title>Caf&eacute;\n &amp; Bar</title><meta property='article:published_time' content='2026-03-06T12:00:00Z'>\
            </head><body><title>late</title>x";
        let page = page(html.as_bytes(), None);
        assert_eq!((page.title.as_str(), page.lang.as_deref()), ("Café & Bar", Some("de-CH")));
        assert_eq!(page.published.map(|at| at.to_string()).as_deref(), Some("2026-03-06T12:00:00+00:00"));
        assert_eq!(page.html, html);
    }

    #[test]
    fn what_a_page_does_not_say_is_empty() {
        assert_eq!(page(b"hello", None), Page { html: "hello".to_owned(), ..Page::default() });
        assert_eq!(page(b"<title>open", None).title, "open");
        assert_eq!(page(b"", None), Page::default());
    }

    #[test]
    fn bytes_are_read_as_said_or_as_they_look() {
        for (bytes, content_type) in [
            (&b"<title>Caf\xe9</title>"[..], Some("text/html; charset=ISO-8859-1")),
            (b"<meta charset=\"windows-1252\"><title>Caf\xe9</title>", None),
            (b"<title>Caf\xe9</title>", Some("text/html; charset=utf-8")),
            ("<title>Café</title>".as_bytes(), None),
            ("\u{feff}<title>Café</title>".as_bytes(), Some("text/html; charset=latin1")),
        ] {
            assert_eq!(page(bytes, content_type).title, "Café", "{content_type:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_fine(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(page(&bytes, None).html.len() <= 3 * bytes.len());
        }

        #[test]
        fn any_markup_reads_within_bounds(html in "(<|>|/|title|script|meta|html|lang|=|\"|'| |name|date|content|&amp;|\\PC){0,60}") {
            let page = page(html.as_bytes(), None);
            prop_assert!(page.title.len() <= 2 * html.len() && !page.title.contains('\n'));
        }
    }
}
