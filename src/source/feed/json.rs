//! JSON Feed: made fit for feed-rs, which reads it; what feed-rs leaves out is read here.
//!
//! In: JSON text. Out: a [`RawFeed`]. Numeric ids become texts, a missing version or title is filled in, a single bad
//! value costs that value and not the feed.

use super::fields::MAX_TAGS;
use super::own::MAX_ENTRIES;
use super::place::Place;
use super::problems::Tally;
use super::raw::{Ranked, RawEntry, RawFeed, RawPerson, RawText};
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
    let mut is_changed = false;
    let mut value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            tally.note("the document breaks off or is broken; read up to its last whole item", text.len());
            is_changed = true;
            whole_items(text).ok_or_else(|| ReadError::BrokenJson { reason: error.to_string() })?
        }
    };
    let root = value.as_object_mut().ok_or(ReadError::JsonWithoutItems)?;
    if !root.get("items").is_some_and(Value::is_array) {
        let items = listed_items(root).ok_or(ReadError::JsonWithoutItems)?;
        root.insert("items".to_owned(), items);
        tally.note("the items are no list; read as one", 0);
        is_changed = true;
    }
    let is_full = leave_out_what_is_too_much(root);
    is_changed |= is_full;
    let mut raw = own_fields(root, url);
    raw.is_full = is_full;
    is_changed |= normalize(root, tally);
    let normalized = if is_changed { Some(value.to_string()) } else { None };
    if let Some(feed) = second::read_json(normalized.as_deref().unwrap_or(text), url) {
        second::fill(&mut raw, feed);
    }
    raw.is_feed = true;
    Ok(raw)
}

/// The head and the whole items of a document that is broken further on; `None` where there is not one item.
fn whole_items(text: &str) -> Option<Value> {
    const KEY: &str = "\"items\"";
    let (head, after) = text.split_once(KEY)?;
    let list = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
    let mut rest = list.trim_start();
    let mut items = Vec::new();
    loop {
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(item)) = stream.next() else { break };
        items.push(item);
        rest = rest.get(stream.byte_offset()..)?.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    let mut root: Map<String, Value> = serde_json::from_str(&format!("{head}{KEY}:[]}}")).unwrap_or_default();
    let is_any = !items.is_empty();
    root.insert("items".to_owned(), Value::from(items));
    is_any.then_some(Value::Object(root))
}

/// Items that are the values of an object, as some programs write a list with keys; `None` where they are not.
fn listed_items(root: &mut Map<String, Value>) -> Option<Value> {
    let items = root.get_mut("items")?.as_object_mut()?;
    let is_list = !items.is_empty() && items.values().all(Value::is_object);
    is_list.then(|| Value::from(std::mem::take(items).into_iter().map(|(_, item)| item).collect::<Vec<_>>()))
}

/// Cuts the list of items to [`MAX_ENTRIES`]; says whether there were more.
fn leave_out_what_is_too_much(root: &mut Map<String, Value>) -> bool {
    let Some(items) = root.get_mut("items").and_then(Value::as_array_mut) else { return false };
    let is_too_much = items.len() > MAX_ENTRIES;
    items.truncate(MAX_ENTRIES);
    is_too_much
}

/// What feed-rs does not read, and what must be there even if it refuses.
fn own_fields(root: &Map<String, Value>, url: &str) -> RawFeed {
    let place = Place::at(url);
    let address = |key: &str| text(root, key).and_then(|address| place.resolve(&address));
    let mut raw = RawFeed { lang: text(root, "language"), self_link: address("feed_url"), ..RawFeed::default() };
    if let Some(link) = address("home_page_url") {
        raw.link.offer(6, link);
    }
    for (slot, key) in [(&mut raw.title, "title"), (&mut raw.description, "description")] {
        if let Some(value) = text(root, key) {
            slot.offer(6, RawText { value, is_plain: false });
        }
    }
    raw.hub = hub(root).and_then(|address| place.resolve(&address));
    raw.author = author(root, &place);
    raw.is_author_inherited = true;
    let items = root.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    raw.entries = items.iter().filter_map(Value::as_object).map(|item| own_entry(item, &place)).collect();
    raw
}

/// The first of `hubs` that speaks WebSub.
fn hub(root: &Map<String, Value>) -> Option<String> {
    let hubs = root.get("hubs")?.as_array()?.iter().filter_map(Value::as_object);
    let mut ours = hubs.filter(|hub| text(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub")));
    ours.find_map(|hub| text(hub, "url"))
}

/// The first person of `authors` (version 1.1) or `author` (version 1), also where it is only a name.
fn author(object: &Map<String, Value>, place: &Place) -> Ranked<RawPerson> {
    let listed = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    let people = listed.chain(object.get("authors").filter(|value| !value.is_array())).chain(object.get("author"));
    let mut author = Ranked::default();
    for person in people {
        let person = match person {
            Value::Object(person) => RawPerson {
                name: text(person, "name"),
                url: text(person, "url").and_then(|url| place.resolve(&url)),
                email: None,
            },
            Value::String(name) => RawPerson { name: some_text(name), ..RawPerson::default() },
            _ => continue,
        };
        if !person.is_empty() {
            author.offer(6, person);
        }
    }
    author
}

/// `tags` as a list of texts, or as one text with commas.
fn tags(item: &Map<String, Value>) -> Vec<String> {
    let listed = |value: &Value| match value {
        Value::String(tag) => some_text(tag),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match item.get("tags") {
        Some(Value::Array(tags)) => tags.iter().filter_map(listed).take(MAX_TAGS).collect(),
        Some(Value::String(tags)) => tags.split(',').filter_map(some_text).take(MAX_TAGS).collect(),
        _ => Vec::new(),
    }
}

/// A file of the item: a page that a person can open where it names no other, and whether it is a video.
fn attachments(entry: &mut RawEntry, item: &Map<String, Value>, place: &Place) {
    for file in item.get("attachments").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        entry.is_recording |= text(file, "mime_type").is_some_and(|kind| kind.starts_with("video/"));
        if let Some(address) = text(file, "url").and_then(|address| place.resolve(&address)) {
            entry.link.offer(1, address);
        }
    }
}

fn own_entry(item: &Map<String, Value>, place: &Place) -> RawEntry {
    let mut entry = RawEntry { lang: text(item, "language"), ..RawEntry::default() };
    if let Some(id) = text(item, "id") {
        if id.starts_with("http") {
            entry.link.offer(1, id.clone());
        }
        entry.id.offer(6, id);
    }
    for (key, rank) in [("url", 6), ("external_url", 2)] {
        if let Some(link) = text(item, key).and_then(|link| place.resolve(&link)) {
            entry.link.offer(rank, link);
        }
    }
    entry.author = author(item, place);
    entry.tags = tags(item);
    attachments(&mut entry, item, place);
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
        Value::String(text) => some_text(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn some_text(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
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
    is_changed |= drop_misshapen(root, tally);
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
    drop_misshapen(item, tally) || is_changed
}

/// Drops fields whose shape makes feed-rs refuse the whole feed.
fn drop_misshapen(object: &mut Map<String, Value>, tally: &mut Tally) -> bool {
    let n_all = object.len();
    object.retain(|key, value| is_well_shaped(key, value));
    let is_dropped = object.len() < n_all;
    if is_dropped {
        tally.note("a field is not of the shape that JSON Feed wants; left out", 0);
    }
    is_dropped
}

fn is_well_shaped(key: &str, value: &Value) -> bool {
    let all = |is_right: fn(&Value) -> bool| value.as_array().is_some_and(|list| list.iter().all(is_right));
    let is_text = |value: Option<&Value>| value.is_none_or(|value| value.is_string() || value.is_null());
    let is_person = |value: &Value| value.is_object() && is_text(value.get("name")) && is_text(value.get("url"));
    match key {
        _ if value.is_null() => true,
        "author" => is_person(value),
        "authors" => value.as_array().is_some_and(|list| list.iter().all(is_person)),
        "tags" => all(Value::is_string),
        "attachments" => all(|file| {
            let is_given = |key: &str| file.get(key).is_some_and(Value::is_string);
            is_given("url") && is_given("mime_type") && file.get("size_in_bytes").is_none_or(Value::is_u64)
        }),
        "home_page_url" | "feed_url" | "language" | "description" | "icon" | "favicon" => value.is_string(),
        _ => true,
    }
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
    fn a_truncated_document_keeps_its_whole_items() {
        let mut tally = Tally::default();
        let text =
            "{\"title\":\"T\",\"items\":[{\"id\":\"a\",\"tags\":\"x\",\"author\":{\"name\":\"Mo\"}},{\"id\":\"b\",";
        let raw = read(text, "", &mut tally).expect("one item");
        assert_eq!(raw.entries.len(), 1);
        assert_eq!(raw.title.get().map(|title| title.value.as_str()), Some("T"));
        assert_eq!(raw.entries[0].author.get().and_then(|author| author.name.as_deref()), Some("Mo"));
        assert_eq!(tally.into_problems(text).len(), 2);
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
