//! `porterhouse read`: what a reader makes of a saved answer, one JSON line for each thing it found.
//!
//! In: an engine's name and an answer (bytes, address, headers). Out: values to print as lines: `{"feed": ..}` first,
//! then `{"item": ..}` each, then `{"deletion": ..}`, `{"next": ..}`, `{"cursor": ..}` where there are any.
//! No network, no configuration, no data folder.

use crate::extract;
use crate::model::{Batch, Cursor, FeedFacts, Item, Preset, Problem, Response, SourceName, SourceSpec};
use crate::source::{self, NOWHERE, OpenError, ReadError, json};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A saved answer could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFileError {
    /// There is no such engine.
    #[error(transparent)]
    Engine(#[from] OpenError),
    /// The engine asks for nothing at this address.
    #[error("`{0}` is no address that an engine could ask; pass the answer's own with --url")]
    Address(String),
    /// Nothing of it could be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Reads `bytes` as the answer of `url` with `headers` (any case); `now` bounds the dates that can be right.
///
/// # Errors
/// [`ReadFileError`] where the engine is unknown or nothing could be read.
pub fn read_file(
    engine: &str,
    bytes: &[u8],
    url: &str,
    headers: &[(String, String)],
    now: Timestamp,
) -> Result<Vec<Value>, ReadFileError> {
    let service = source::preset(engine).map(|preset| Service { preset, variables: BTreeMap::new() });
    read_saved(&Saved { engine, service, bytes, url: Some(url), headers }, now)
}

/// A saved answer, and how it is to be read.
#[derive(Debug, Clone)]
pub struct Saved<'a> {
    /// The engine's name.
    pub engine: &'a str,
    /// The service that it came from, where the engine reads by a preset.
    pub service: Option<Service<'a>>,
    /// The answer.
    pub bytes: &'a [u8],
    /// The address that it came from; the preset's own where it is not known, else none: then links that are relative
    /// lead nowhere, which is told.
    pub url: Option<&'a str>,
    /// The headers that came with it, names in any case.
    pub headers: &'a [(String, String)],
}

/// A preset, and what is filled in for it; examples stand for the rest.
#[derive(Debug, Clone)]
pub struct Service<'a> {
    /// The preset.
    pub preset: &'a Arc<Preset>,
    /// Values by name.
    pub variables: BTreeMap<String, String>,
}

/// Reads a saved answer; `now` bounds the dates that can be right.
///
/// # Errors
/// [`ReadFileError`] where the engine is unknown, no address is known, or nothing could be read.
pub fn read_saved(saved: &Saved<'_>, now: Timestamp) -> Result<Vec<Value>, ReadFileError> {
    let name = saved.service.as_ref().map_or(saved.engine, |service| &service.preset.name);
    let mut spec = SourceSpec::new(SourceName::new(name), saved.engine, saved.url.unwrap_or_default());
    if let Some(Service { preset, variables }) = &saved.service {
        spec = json::with_examples(preset, SourceSpec { variables: variables.clone(), ..spec });
        (spec.engine, spec.recipe, spec.medium) = (preset.engine.clone(), preset.recipe.clone(), preset.medium);
        if spec.url.is_empty() {
            spec.url = json::address(preset, &spec).unwrap_or_else(|| preset.example.clone());
        }
    }
    let is_nowhere = spec.url.is_empty();
    if is_nowhere {
        NOWHERE.clone_into(&mut spec.url);
    }
    let source = source::open(&spec)?;
    let cursor = Cursor::default();
    let request = source.start(&cursor, now).into_iter().next().filter(|request| !request.url.is_empty());
    let request = request.ok_or_else(|| ReadFileError::Address(spec.url.clone()))?;
    let headers = saved.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    let body = bytes::Bytes::copy_from_slice(saved.bytes);
    let response = Response { status: 200, url: spec.url.clone(), headers, body };
    let mut batch = source.read(&cursor, &request, &response, now)?;
    batch.items.iter_mut().for_each(|item| item.medium = spec.medium.unwrap_or(item.medium));
    let leads_nowhere = |item: &Item| item.url.as_ref().is_some_and(|url| url.starts_with(NOWHERE));
    if is_nowhere && batch.items.iter().any(leads_nowhere) {
        let message = format!("it is not known where it came from (--url): links that are relative lead to {NOWHERE}");
        batch.problems.push(Problem { message, line: None });
    }
    Ok(lines(batch))
}

fn lines(batch: Batch) -> Vec<Value> {
    let mut lines = vec![feed_line(&batch.feed.unwrap_or_default(), &batch.problems)];
    for mut item in batch.items {
        extract::fill(&mut item);
        lines.push(item_line(&item));
    }
    lines.extend(batch.deletions.iter().map(|key| json!({ "deletion": key.id })));
    lines.extend(batch.next.iter().map(|request| json!({ "next": request.url })));
    if !batch.cursor.0.is_null() {
        lines.push(json!({ "cursor": batch.cursor }));
    }
    lines
}

fn feed_line(feed: &FeedFacts, problems: &[Problem]) -> Value {
    json!({ "feed": {
        "title": feed.title,
        "link": feed.link,
        "id": feed.id,
        "author": feed.author,
        "updated": feed.updated,
        "description": feed.description,
        "encoding": feed.encoding,
        "lang": feed.lang,
        "problems": problems,
    }})
}

fn item_line(item: &Item) -> Value {
    json!({ "item": {
        "id": item.key.id,
        "title": item.title,
        "url": item.url,
        "author": {
            "name": item.author.name, "handle": item.author.handle, "url": item.author.url,
            "is_site_owner": item.author.is_site_owner, "is_bot": item.author.is_bot,
            "followers": item.author.followers, "bio": item.author.bio,
        },
        "published": item.published,
        "updated": item.updated,
        "html": item.html,
        "text": item.text,
        "lang": item.lang,
        "kind": item.kind,
        "medium": item.medium,
        "parent": item.parent,
        "thread": item.thread,
        "target": item.target,
        "rating": item.rating,
        "counts": item.counts,
        "tags": item.tags,
        "links": item.links,
        "comments_feed": item.comments_feed,
        "transcript": item.transcript,
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_feed_becomes_lines() {
        let feed = "<rss version='2.0'><channel><title>Blog</title><item><guid>1</guid><title>A &amp;amp; B</title>\
                    <description>&lt;p>x&lt;/p></description></item></channel></rss>";
        let read =
            |engine: &str| read_file(engine, feed.as_bytes(), "https://b.example/feed", &[], Timestamp::UNIX_EPOCH);
        let lines = read("feed").expect("a feed");
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["feed"]["title"], "Blog");
        assert_eq!((&lines[1]["item"]["title"], &lines[1]["item"]["text"]), (&json!("A & B"), &json!("x")));
        assert!(matches!(read("fed"), Err(ReadFileError::Engine(_))));
    }
}
