//! What an answer is before anybody parses it: XML, JSON, a web page, an image, nothing.

use crate::source::ReadError;
use scraper::{Html, Selector};
use url::Url;

/// How many bytes of a web page are searched for links to feeds: they stand in its head.
const PAGE_HEAD_BYTES: usize = 128 * 1024;

/// How far before the first element stray output (a PHP warning) may reach.
const JUNK_REACH_BYTES: usize = 64 * 1024;

/// How many characters of a plain text are quoted.
const QUOTED_CHARACTERS: usize = 40;

/// First bytes and what they begin.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image or a sound"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"ID3", "a sound"),
    (b"\0\0\0\x20ftyp", "a video"),
    (b"\0\0\0\x18ftyp", "a video"),
];

/// What to parse.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape<'t> {
    /// XML, from its first `<`; with how many bytes of junk before it were passed over.
    Xml(&'t str, usize),
    /// JSON.
    Json(&'t str),
}

/// Refuses bytes that are plainly no text.
///
/// # Errors
/// [`ReadError::Empty`], [`ReadError::NotText`].
pub fn refuse_binary(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(ReadError::Empty);
    }
    match MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, found)) => Err(ReadError::NotText { found }),
        None => Ok(()),
    }
}

/// Says what `text` is.
///
/// # Errors
/// [`ReadError`] where it is no feed.
pub fn shape<'t>(text: &'t str, url: &str) -> Result<Shape<'t>, ReadError> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c.is_control());
    match start.chars().next() {
        None => Err(ReadError::Empty),
        Some('{' | '[') => Ok(Shape::Json(start)),
        Some('<') if is_page(start) => Err(page(start, url)),
        Some('<') => Ok(Shape::Xml(start, 0)),
        Some(_) => behind_junk(start),
    }
}

fn behind_junk(start: &str) -> Result<Shape<'_>, ReadError> {
    let found = ["<?xml", "<rss", "<feed", "<rdf:RDF"].iter().filter_map(|head| start.find(head)).min();
    match found.filter(|at| *at <= JUNK_REACH_BYTES) {
        Some(at) => Ok(Shape::Xml(start.get(at..).unwrap_or(""), at)),
        None => Err(ReadError::PlainText { beginning: start.chars().take(QUOTED_CHARACTERS).collect() }),
    }
}

fn is_page(text: &str) -> bool {
    let mut rest = text;
    // Comments and an XML declaration may stand before the root element.
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after;
    }
    let begins = |head: &str| rest.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    ["<!doctype html", "<html", "<head>", "<body"].into_iter().any(begins)
}

/// The error for a web page, which names the feeds that the page offers.
fn page(text: &str, url: &str) -> ReadError {
    let mut end = text.len().min(PAGE_HEAD_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or("");
    let head = links_only(head);
    let Ok(selector) = Selector::parse("link[rel~=alternate][type][href]") else { return ReadError::HtmlPage };
    let document = Html::parse_document(&head);
    let base = Url::parse(url).ok();
    let links = document.select(&selector).filter_map(|link| {
        let kind = link.attr("type")?;
        let is_feed = ["rss", "atom", "feed+json"].iter().any(|name| kind.contains(name));
        let href = link.attr("href")?;
        let address = base.as_ref().map_or_else(|| Url::parse(href), |base| base.join(href)).ok()?;
        is_feed.then(|| address.to_string())
    });
    let feeds: Vec<String> = links.take(10).collect();
    if feeds.is_empty() { ReadError::HtmlPage } else { ReadError::HtmlPageWithFeeds { feeds } }
}

/// The `link` tags of a page without the rest: html5ever is quadratic in the nesting depth of what it parses.
fn links_only(page: &str) -> String {
    // Each tag ends before the next begins, lest a page of unclosed tags be copied once for each of them.
    let tags = page.split("<link").skip(1).filter_map(|rest| rest.split_inclusive('>').next());
    tags.flat_map(|tag| ["<link", tag]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_feeds() {
        let page =
            "<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head><body>";
        let error = shape(page, "https://blog.example/about").expect_err("a page");
        assert_eq!(
            error.to_string(),
            "the answer is an HTML page, a feed was expected; set url = \"https://blog.example/feed\""
        );
        assert_eq!(shape("<!-- x --><html>", "").expect_err("a page"), ReadError::HtmlPage);
    }

    #[test]
    fn other_kinds_are_told_apart() {
        assert_eq!(
            refuse_binary(b"\x89PNG\r\n").expect_err("an image").to_string(),
            "the answer is a PNG image, a feed was expected; check the source's url"
        );
        assert_eq!(refuse_binary(b" \n"), Err(ReadError::Empty));
        assert!(matches!(shape("Not found", ""), Err(ReadError::PlainText { .. })));
        assert_eq!(shape("Warning: x\n<rss>", ""), Ok(Shape::Xml("<rss>", 11)));
        assert!(matches!(shape("\u{feff} {}", ""), Ok(Shape::Json("{}"))));
    }
}
