//! The engine `feed`: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed.
//!
//! In: an answer as it came. Out: its items, and what was wrong with it as problems. The passes, each a file:
//! `decode` (bytes to text), `sniff` (what is it?), `own` (our reader), and only where that met damage
//! `clean` and `balance`, where something is missing `second` (feed-rs), then `build` (items).
//! A feed of which anything could be read is no error. The cursor is not used: items have stable ids.

mod absolute;
mod author;
mod balance;
mod build;
mod clean;
mod comment;
pub(super) mod decode;
mod element;
mod fields;
mod hub;
mod json;
mod links;
mod medium;
mod names;
mod own;
mod place;
pub(super) mod problems;
mod raw;
mod rhythm;
mod second;
pub(super) mod sniff;
#[cfg(test)]
mod tests;
mod title;

use super::{ReadError, Source, engine};
use crate::model::{Batch, Cursor, Problem, Request, Response, SourceName, SourceSpec};
use build::Setting;
use hub::Told;
use jiff::Timestamp;
use problems::{Tally, problem};
use raw::RawFeed;
use sniff::Shape;
use std::borrow::Cow;

/// The most decoded bytes that a feed may have.
pub const BODY_LIMIT_BYTES: usize = 10 * 1024 * 1024;

/// Above this size of a document no second opinion is asked: it holds all of it several times over.
const SECOND_LIMIT_BYTES: usize = 1 << 20;

/// What we prefer to be answered.
const ACCEPT: &str =
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

/// Makes the source of one `[[source]]` with `engine = "feed"`.
#[must_use]
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    Box::new(FeedSource { name: spec.name.clone(), url: spec.url.clone() })
}

struct FeedSource {
    name: SourceName,
    url: String,
}

impl Source for FeedSource {
    fn start(&self, _cursor: &Cursor, _now: Timestamp) -> Vec<Request> {
        vec![Request {
            headers: vec![("accept".to_owned(), ACCEPT.to_owned())],
            conditional: true,
            ..Request::plain(self.url.clone(), BODY_LIMIT_BYTES)
        }]
    }

    fn read(&self, cursor: &Cursor, _: &Request, response: &Response, now: Timestamp) -> Result<Batch, ReadError> {
        // `Content-Location` names the document where it differs from the address that was asked (RFC 9110, 8.7).
        let url = response.header("content-location").and_then(|location| join(&response.url, location));
        let url = url.unwrap_or_else(|| response.url.clone());
        let medium = engine("feed").map(|engine| engine.medium).unwrap_or_default();
        let setting = Setting { source: self.name.clone(), url, medium, now };
        let (mut batch, told) = read_document(&response.body, response.header("content-type"), &setting)?;
        batch.hub = hub::of_answer(response, told, &setting.url);
        batch.cursor = cursor.clone();
        Ok(batch)
    }
}

/// A title in markup, as a person would read it.
pub(super) fn plain_title(markup: String) -> String {
    title::plain(&raw::RawText { value: markup, is_plain: false })
}

fn join(base: &str, address: &str) -> Option<String> {
    url::Url::parse(base).ok()?.join(address).ok().map(String::from)
}

/// Reads the bytes of one document.
fn read_document(bytes: &[u8], content_type: Option<&str>, setting: &Setting) -> Result<(Batch, Told), ReadError> {
    sniff::refuse_binary(bytes)?;
    let decoded = decode::decode(bytes, content_type);
    let mut found = decoded.problems;
    let mut raw = match sniff::shape(&decoded.text, &setting.url)? {
        Shape::Json(text) => {
            let mut tally = Tally::default();
            let raw = json::read(text, &setting.url, &mut tally)?;
            found.extend(tally.into_problems(text));
            raw
        }
        Shape::Xml(text, n_junk_bytes) => {
            if n_junk_bytes > 0 {
                let message = format!("{n_junk_bytes} bytes before the feed were passed over");
                found.push(problem(message, Some(1)));
            }
            read_xml(text, &setting.url, &mut found)?
        }
    };
    if raw.is_full {
        found.push(problem(format!("more than {} items; the rest was left out", own::MAX_ENTRIES), None));
    }
    let feed = Some(build::facts(&raw, decoded.encoding));
    let pace = raw.rhythm.pace();
    let told = Told { hub: raw.hub.take(), own: raw.self_link.clone() };
    Ok((Batch { feed, pace, items: build::items(raw, setting), problems: found, ..Batch::default() }, told))
}

/// Our reader over the text, mended first where it has to be; then feed-rs over the same, where it may add something.
fn read_xml(text: &str, url: &str, found: &mut Vec<Problem>) -> Result<RawFeed, ReadError> {
    let mut tally = Tally::default();
    let mut document = clean::clean(text, &mut tally);
    let (mut raw, irregular) = own::read(&document, url);
    if irregular.is_some() {
        // A large document is not held three times over: what is read again is let go first.
        drop(raw);
        document = Cow::Owned(balance::balance(&document, &mut tally));
        let (again, still) = own::read(&document, url);
        if let Some(own::Irregular(offset)) = still {
            tally.note("the rest of the document could not be read", offset);
        }
        raw = again;
    }
    found.extend(tally.into_problems(text));
    if !raw.is_feed {
        return Err(no_feed(text, found));
    }
    // A second opinion costs as much as the first: only where the document is damaged, or something is missing.
    let is_asked = text.len() <= SECOND_LIMIT_BYTES && (irregular.is_some() || second::may_add(&raw));
    let second = is_asked.then(|| second::read_xml(&document, url));
    if let Some(feed) = second.flatten() {
        second::fill(&mut raw, feed);
    }
    Ok(raw)
}

fn no_feed(text: &str, found: &[Problem]) -> ReadError {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.');
    let starts = text.match_indices('<').filter_map(|(at, _)| text.get(at + 1..));
    let root = starts.map(|rest| rest.split(|c| !is_name(c)).next().unwrap_or("")).find(|name| !name.is_empty());
    match (root, found.last()) {
        (Some(root), _) if !matches!(root, "rss" | "feed" | "rdf:RDF" | "channel") => {
            ReadError::OtherXml { root: root.chars().take(60).collect() }
        }
        (_, Some(problem)) => {
            let line = problem.line.map(|line| format!(" (line {line})")).unwrap_or_default();
            ReadError::Unreadable { reason: format!("{}{line}", problem.message) }
        }
        (_, None) => ReadError::Unreadable { reason: "no element of a feed was found".to_owned() },
    }
}
