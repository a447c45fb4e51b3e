//! JSON Feed: made fit for feed-rs, which reads it; what feed-rs leaves out is read here.
//!
//! In: JSON text. Out: a [`RawFeed`]. Numeric ids become texts, a missing version or title is filled in, a single bad
//! value costs that value and not the feed.

use super::problems::Tally;
use super::raw::{RawEntry, RawFeed, RawText};
use super::second;
use crate::source::ReadError;
use serde_json::{Map, Value};

/// Fields of an item that feed-rs wants as texts.
const TEXTS: &[&str] = &[
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "date_modified",
];

/// Reads a JSON Feed.
///
/// # Errors
/// [`ReadError::BrokenJson`], [`ReadError::JsonWithoutItems`].
pub fn read(text: &str, url: &str, tally: &mut Tally) -> Result<RawFeed, ReadError> {
    let mut value: Value =
        serde_json::from_str(text).map_err(|error| ReadError::BrokenJson { reason: error.to_string() })?;
    let root = value.as_object_mut().filter(|root| root.get("items").is_some_and(Value::is_array));
    let root = root.ok_or(ReadError::JsonWithoutItems)?;
    let mut raw = own_fields(root);
    let is_changed = normalize(root, tally);
    let normalized = if is_changed { Some(value.to_string()) } else { None };
    if let Some(feed) = second::read_json(normalized.as_deref().unwrap_or(text), url) {
        second::fill(&mut raw, feed);
    }
    raw.is_feed = true;
    Ok(raw)
}

/// What feed-rs does not read, and what must be there even if it refuses.
fn own_fields(root: &Map<String, Value>) -> RawFeed {
    let mut raw = RawFeed { lang: text(root, "language"), self_link: text(root, "feed_url"), ..RawFeed::default() };
    if let Some(link) = text(root, "home_page_url") {
        raw.link.offer(6, link);
    }
    let items = root.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    raw.entries = items.iter().filter_map(Value::as_object).map(own_entry).collect();
    raw
}

fn own_entry(item: &Map<String, Value>) -> RawEntry {
    let mut entry = RawEntry { lang: text(item, "language"), ..RawEntry::default() };
    let texts = [("id", 6), ("url", 0), ("external_url", 0)];
    for (key, rank) in texts {
        if let Some(id) = text(item, key) {
            entry.id.offer(rank, id.clone());
            entry.link.offer(
                if key == "url" {
                    6
                } else if key == "id" {
                    0
                } else {
                    2
                },
                id,
            );
        }
    }
    for (key, is_plain, rank) in [("content_html", false, 7), ("content_text", true, 6), ("summary", true, 2)] {
        if let Some(value) = text(item, key) {
            entry.content.offer(rank, RawText { value, is_plain });
        }
    }
    if let Some(title) = text(item, "title") {
        entry.title.offer(6, RawText { value: title, is_plain: false });
    }
    // As written: feed-rs turns dates into UTC, and "tonight" needs the writer's clock.
    if let Some(date) = text(item, "date_published") {
        entry.published.offer(6, date);
    }
    if let Some(date) = text(item, "date_modified") {
        entry.updated.offer(6, date);
    }
    entry
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Makes `root` what feed-rs accepts; says whether anything had to change.
fn normalize(root: &mut Map<String, Value>, tally: &mut Tally) -> bool {
    let mut is_changed = false;
    let version = root.get("version").and_then(Value::as_str).unwrap_or("");
    if !version.starts_with("https://jsonfeed.org/version/1") {
        root.insert("version".to_owned(), Value::from("https://jsonfeed.org/version/1.1"));
        is_changed = true;
    }
    if !root.get("title").is_some_and(Value::is_string) {
        root.insert("title".to_owned(), Value::from(""));
        is_changed = true;
    }
    let Some(items) = root.get_mut("items").and_then(Value::as_array_mut) else { return is_changed };
    let n_all = items.len();
    items.retain(Value::is_object);
    if items.len() < n_all {
        tally.note("an item that is no JSON object was left out", 0);
        is_changed = true;
    }
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        is_changed |= normalize_item(item, tally);
    }
    is_changed
}

fn normalize_item(item: &mut Map<String, Value>, tally: &mut Tally) -> bool {
    let mut is_changed = false;
    for key in TEXTS {
        let replacement = match item.get(*key) {
            None | Some(Value::String(_) | Value::Null) => continue,
            Some(Value::Number(number)) => Value::from(number.to_string()),
            Some(_) => Value::Null,
        };
        if *key != "id" {
            tally.note("a field of an item is not a text; read as far as it goes", 0);
        }
        item.insert((*key).to_owned(), replacement);
        is_changed = true;
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numeric_ids_and_missing_heads_are_read() {
        let raw = read(
            r#"{"items":[{"id":7,"url":"https://b.example/7","content_text":"a < b","tags":["x"],"language":"de"},3]}"#,
            "https://b.example/feed.json",
            &mut Tally::default(),
        );
        let raw = raw.expect("a feed");
        assert_eq!(raw.entries.len(), 1);
        assert_eq!(raw.entries[0].id.get().map(String::as_str), Some("7"));
        assert_eq!(raw.entries[0].tags, ["x"]);
        assert!(raw.entries[0].content.get().is_some_and(|text| text.is_plain));
    }

    #[test]
    fn json_that_is_no_feed_is_said_so() {
        let read = |text: &str| read(text, "", &mut Tally::default()).err();
        assert_eq!(read("{\"a\":1}"), Some(ReadError::JsonWithoutItems));
        assert_eq!(read("[]"), Some(ReadError::JsonWithoutItems));
        assert!(matches!(read("{\"items\":["), Some(ReadError::BrokenJson { .. })));
    }

    proptest! {
        #[test]
        fn any_item_reads(id in "(7|\"a\"|null|\\[\\]|\\{\\})", date in "(1|\"x\"|\"2026-01-01T00:00:00Z\")") {
            let text = format!("{{\"items\":[{{\"id\":{id},\"title\":{id},\"date_published\":{date},\"tags\":{id}}}]}}");
            prop_assert_eq!(read(&text, "", &mut Tally::default()).map(|raw| raw.entries.len()), Ok(1));
        }
    }
}
