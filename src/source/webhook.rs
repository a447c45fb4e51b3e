//! What others post to us: our own form, or their JSON by a map of dotted paths.
//!
//! In: a [`Hook`] and raw bytes. Out: a [`Batch`]; a broken item lands in its problems and the rest still counts.
//! Our form is one object, a list of them, or `{"items": [...]}`. No field but the words is needed:
//! `{"id", "text" | "html" | "title", "url", "time", "updated", "author": {"name", "handle", "url", "followers"}, "lang",
//! "kind", "medium", "rating", "parent", "thread", "target", "tags", "replies", "reposts", "likes", "views",
//! "deleted": true}`. Unknown fields are passed over: senders grow.

use super::ReadError;
use crate::model::{Author, Batch, Counts, Cursor, Hook, Item, ItemKey, ItemKind, PostedAt, Problem, SourceSpec};
use crate::text::hash_hex;
use crate::when::read_date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// The fields that a map may name; `items` is the path to the list of items.
pub const MAP_KEYS: [&str; 25] = [
    "items",
    "id",
    "text",
    "html",
    "title",
    "url",
    "time",
    "updated",
    "author",
    "handle",
    "author_url",
    "followers",
    "lang",
    "kind",
    "medium",
    "rating",
    "parent",
    "thread",
    "target",
    "tags",
    "replies",
    "reposts",
    "likes",
    "views",
    "deleted",
];

/// The most parts of a dotted path.
const PATH_PARTS: usize = 16;
/// The most items of one body, and the most tags of an item.
const ITEMS_MOST: usize = 10_000;
const TAGS_MOST: usize = 64;
/// The longest id; a longer one is replaced by its hash.
const ID_LIMIT_BYTES: usize = 512;
/// A number above this counts milliseconds since 1970, one below seconds: the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;
/// How far ahead of us the clock of a sender may be.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Whether `text` is a dotted path: keys and numbers with dots between them.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text.split('.').count() <= PATH_PARTS && text.split('.').all(|part| !part.is_empty())
}

/// Reads one body.
///
/// # Errors
/// [`ReadError`] where nothing of it can be read.
pub fn read(hook: &Hook, body: &[u8], now: Timestamp) -> Result<Batch, ReadError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let value: Value =
        serde_json::from_slice(body).map_err(|error| ReadError::BrokenJson { reason: error.to_string() })?;
    let mut batch = Batch { cursor: Cursor::default(), ..Batch::default() };
    let listed = listed(&hook.map, &value)?;
    if listed.len() > ITEMS_MOST {
        batch.problems.push(problem(format!("more than {ITEMS_MOST} items at once; post the rest apart")));
    }
    for (index, value) in listed.iter().take(ITEMS_MOST).enumerate() {
        let read = value.as_object().ok_or_else(|| "it is no object".to_owned());
        let read = read.and_then(|_| read_item(&hook.spec, &Fields { map: &hook.map, value }, now));
        match read {
            Ok(Read::Item(item)) => batch.items.push(*item),
            Ok(Read::Deletion(key)) => batch.deletions.push(key),
            Err(message) => batch.problems.push(problem(format!("item {}: {message}", index + 1))),
        }
    }
    Ok(batch)
}

fn problem(message: String) -> Problem {
    Problem { message, line: None }
}

/// The items of a body: one, a list, or what the map or `items` points at.
fn listed<'v>(map: &BTreeMap<String, String>, value: &'v Value) -> Result<Vec<&'v Value>, ReadError> {
    let found = match map.get("items") {
        Some(path) => at(value, path).ok_or(ReadError::JsonWithoutItems)?,
        None => value.get("items").filter(|items| map.is_empty() && items.is_array()).unwrap_or(value),
    };
    match found {
        Value::Array(items) => Ok(items.iter().collect()),
        Value::Object(_) => Ok(vec![found]),
        _ => Err(ReadError::JsonWithoutItems),
    }
}

enum Read {
    Item(Box<Item>),
    Deletion(ItemKey),
}

/// The fields of one item, by our names.
struct Fields<'v> {
    map: &'v BTreeMap<String, String>,
    value: &'v Value,
}

impl<'v> Fields<'v> {
    /// What stands in the field; `null` is nothing.
    fn get(&self, name: &str) -> Option<&'v Value> {
        let found = if self.map.is_empty() {
            match name {
                "author" => self.value.get("author").map(|author| author.get("name").unwrap_or(author)),
                "handle" => at(self.value, "author.handle"),
                "author_url" => at(self.value, "author.url"),
                "followers" => at(self.value, "author.followers"),
                name => self.value.get(name),
            }
        } else {
            self.map.get(name).and_then(|path| at(self.value, path))
        };
        found.filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Option<String> {
        let text = match self.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn count(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// A name of ours, written as in JSON.
    fn word<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.get(name)?.clone()).ok()
    }

    fn link(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.text(name)?).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.into())
    }

    fn time(&self, name: &str, now: Timestamp) -> Option<PostedAt> {
        let posted = match self.get(name)? {
            Value::String(text) => read_date(text.trim()).or_else(|| instant(text.trim().parse().ok()?)),
            Value::Number(number) => instant(number.as_i64()?),
            _ => None,
        }?;
        let latest = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        (posted.at <= latest).then_some(posted)
    }

    /// The id, where there is one.
    fn id(&self) -> Result<Option<String>, String> {
        let id = match self.get("id") {
            None => return Ok(None),
            Some(Value::String(id)) => id.trim().to_owned(),
            Some(Value::Number(id)) if !id.is_f64() => id.to_string(),
            Some(Value::Number(id)) => return Err(format!("the id {id} has lost its last digits; send it as text")),
            Some(_) => return Err("the id is neither text nor a whole number".to_owned()),
        };
        Ok(match id.len() {
            0 => None,
            1..=ID_LIMIT_BYTES => Some(id),
            _ => Some(hash_hex(&["id", &id])),
        })
    }
}

fn read_item(spec: &SourceSpec, fields: &Fields<'_>, now: Timestamp) -> Result<Read, String> {
    let key = |id: String| ItemKey { namespace: spec.name.as_str().to_owned(), id };
    let id = fields.id()?;
    if fields.get("deleted").is_some_and(|deleted| deleted.as_bool() == Some(true)) {
        return match id {
            Some(id) => Ok(Read::Deletion(key(id))),
            None => Err("it is deleted, but has no id".to_owned()),
        };
    }
    let words = ["title", "text", "html"].map(|name| fields.text(name).unwrap_or_default());
    if words.iter().all(String::is_empty) {
        return Err("it has neither `text` nor `html` nor `title`".to_owned());
    }
    let url = fields.link("url");
    let author = author(fields);
    let time = fields.text("time").unwrap_or_default();
    let by = author.handle.as_deref().or(author.name.as_deref()).unwrap_or_default();
    let [title, text, html] = words;
    let id = id.unwrap_or_else(|| hash_hex(&[url.as_deref().unwrap_or_default(), by, &time, &title, &text, &html]));
    let mut item = Item::new(spec.name.clone(), key(id));
    item.kind = fields.word("kind").unwrap_or(ItemKind::Post);
    item.medium = fields.word("medium").unwrap_or_default();
    (item.title, item.text, item.html) = (title, text, html);
    (item.url, item.author) = (url, author);
    item.lang = fields.text("lang");
    item.published = fields.time("time", now);
    item.updated = fields.time("updated", now);
    item.parent = fields.text("parent");
    item.thread = fields.text("thread");
    item.target = fields.link("target");
    item.tags = tags(fields);
    item.rating = rating(fields);
    item.counts = Counts {
        replies: fields.count("replies"),
        reposts: fields.count("reposts"),
        likes: fields.count("likes"),
        views: fields.count("views"),
    };
    Ok(Read::Item(Box::new(item)))
}

fn author(fields: &Fields<'_>) -> Author {
    Author {
        name: fields.text("author"),
        handle: fields.text("handle"),
        url: fields.link("author_url"),
        followers: fields.count("followers"),
        ..Author::default()
    }
}

fn tags(fields: &Fields<'_>) -> Vec<String> {
    let listed = fields.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    listed.iter().take(TAGS_MOST).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn rating(fields: &Fields<'_>) -> Option<f32> {
    let rating: f32 = fields.text("rating")?.parse().ok()?;
    rating.is_finite().then_some(rating)
}

fn instant(number: i64) -> Option<PostedAt> {
    let at = if number.abs() >= MILLISECONDS_FROM {
        Timestamp::from_millisecond(number)
    } else {
        Timestamp::from_second(number)
    };
    at.ok().map(PostedAt::utc)
}

/// What stands at a dotted path: keys of objects, numbers of lists.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, part| match value {
        Value::Object(object) => object.get(part),
        Value::Array(list) => list.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Medium, SecretRef, SourceName};
    use proptest::prelude::*;

    fn hook(map: &[(&str, &str)]) -> Hook {
        Hook {
            spec: SourceSpec::new(SourceName::new("shop"), "webhook", "webhook:shop"),
            secret: SecretRef::Env("SHOP".to_owned()),
            map: map.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned())).collect(),
        }
    }

    fn now() -> Timestamp {
        "2026-05-04T12:00:00Z".parse().expect("well-formed")
    }

    #[test]
    fn our_form_is_one_item_or_a_list() {
        let item = r#"{"id": 7, "text": "the steak was cold", "url": "https://shop.example/r/7", "medium": "review",
            "kind": "review", "time": "2026-05-04T13:00:00+02:00", "author": {"name": "Ada", "followers": 12},
            "rating": "2.5", "likes": 3, "tags": ["food"]}"#;
        for body in [item.to_owned(), format!("[{item}]"), format!("{{\"items\": [{item}]}}")] {
            let batch = read(&hook(&[]), body.as_bytes(), now()).expect("readable");
            let [item] = batch.items.as_slice() else { panic!("one item") };
            assert_eq!((item.key.namespace.as_str(), item.key.id.as_str()), ("shop", "7"));
            assert_eq!((item.medium, item.kind, item.rating), (Medium::Review, ItemKind::Review, Some(2.5)));
            assert_eq!(item.published.map(|at| at.to_string()).as_deref(), Some("2026-05-04T13:00:00+02:00"));
            assert_eq!((item.author.name.as_deref(), item.author.followers), (Some("Ada"), Some(12)));
        }
    }

    #[test]
    fn a_map_finds_what_others_call_otherwise() {
        let map =
            [("items", "data.posts"), ("id", "uuid"), ("text", "body.0.plain"), ("author", "by.name"), ("time", "ts")];
        let body = r#"{"data": {"posts": [{"uuid": "a", "body": [{"plain": "hello"}], "by": {"name": "Bo"}, "ts": 1777896000000}]}}"#;
        let batch = read(&hook(&map), body.as_bytes(), now()).expect("readable");
        let item = &batch.items[0];
        assert_eq!((item.text.as_str(), item.author.name.as_deref()), ("hello", Some("Bo")));
        assert_eq!(item.published.map(|at| at.at), Some(now()));
    }

    #[test]
    fn a_broken_item_is_told_and_the_rest_counts() {
        let body =
            r#"[{"id": "1", "text": "a"}, 5, {"id": "2"}, {"id": 1.2e18, "text": "b"}, {"id": "3", "deleted": true}]"#;
        let batch = read(&hook(&[]), body.as_bytes(), now()).expect("readable");
        assert_eq!((batch.items.len(), batch.deletions.len()), (1, 1));
        let told: Vec<&str> = batch.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(told.len(), 3);
        assert_eq!(told[0], "item 2: it is no object");
        assert!(told[2].contains("send it as text"), "{told:?}");
    }

    #[test]
    fn an_item_without_an_id_is_known_again_by_its_words() {
        let of = |body: &str| read(&hook(&[]), body.as_bytes(), now()).expect("readable").items[0].key.id.clone();
        assert_eq!(of(r#"{"text": "a"}"#), of(r#"{"text": "a", "likes": 2}"#));
        assert_ne!(of(r#"{"text": "a"}"#), of(r#"{"text": "b"}"#));
    }

    #[test]
    fn a_number_above_two_to_the_53_keeps_its_digits() {
        let batch = read(&hook(&[]), br#"{"id": 9007199254740993, "text": "a"}"#, now()).expect("readable");
        assert_eq!(batch.items[0].key.id, "9007199254740993");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&hook(&[]), &body, now());
        }

        #[test]
        fn any_fields_are_read_or_refused(
            text in ".{0,20}", id in any::<f64>(), time in any::<i64>(), rating in ".{0,6}", path in ".{0,12}",
        ) {
            let body = serde_json::json!([{ "text": text, "id": id, "time": time, "rating": rating, "author": [time] },
                { "text": [text], "id": [1], "time": text, "author": { "name": time }, "url": text, "deleted": text }]);
            let batch = read(&hook(&[]), body.to_string().as_bytes(), now()).expect("a list");
            prop_assert_eq!(batch.items.len() + batch.problems.len(), 2);
            let _ = read(&hook(&[("items", &path), ("text", &path)]), body.to_string().as_bytes(), now());
        }
    }
}
