//! Saved answers of the API, and saved messages of the stream: whole, in a list, or one a line.
//!
//! What is in an answer is known by its shape and not by where it came from: `posts`, `feed`, `thread`, `records`,
//! `notifications`, one view, one record. The post inside a repost is a post; the repost itself is none.

use super::listener::Jetstream;
use super::place::{Place, Wire};
use super::view;
use crate::model::{Batch, ItemKey, Problem, SourceName};
use crate::source::{Event, Listener, Message, ReadError};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashSet;

/// The places where an answer holds its posts, the surest first.
const LISTS: [&str; 7] = ["posts", "feed", "thread", "records", "notifications", "bookmarks", "post"];

/// What an answer without posts may hold all the same: it is an empty one, and no other thing.
const EMPTY: [&str; 2] = ["cursor", "hitsTotal"];

/// The kinds of the legacy wire.
const KINDS: [&str; 3] = ["commit", "identity", "account"];

/// Reads an answer.
pub(super) fn read(source: &SourceName, body: &[u8], now: Timestamp) -> Result<Batch, ReadError> {
    let trimmed = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if trimmed.is_empty() {
        return Err(ReadError::Empty);
    }
    if trimmed.starts_with(b"<") {
        return Err(ReadError::HtmlPage);
    }
    let mut found = Found::new(source, now);
    match serde_json::from_slice::<Value>(trimmed) {
        Ok(answer) => found.value(&answer, None)?,
        Err(error) if !trimmed.contains(&b'\n') => {
            return Err(ReadError::BrokenJson { reason: error.to_string() });
        }
        Err(_) => found.lines(trimmed)?,
    }
    Ok(found.batch())
}

/// A message of the stream, as it came or without what it was wrapped in; `None` where it is none.
fn message(value: &Value) -> Option<Value> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("$type").contains("subscribeEvents#") {
        return Some(json!({ "$type": "message", "payload": value }));
    }
    let is_legacy = value.get("time_us").is_some() || KINDS.contains(&text("kind"));
    (is_legacy || matches!(text("$type"), "message" | "error")).then(|| value.clone())
}

/// The elements of a list; an object stands for a list of one, or of its values where each is an object.
fn each(list: &Value) -> Vec<&Value> {
    match list {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) if !map.is_empty() && map.keys().all(|key| key.parse::<u32>().is_ok()) => {
            map.values().collect()
        }
        Value::Object(_) => vec![list],
        _ => Vec::new(),
    }
}

/// What was found so far.
struct Found<'a> {
    source: &'a SourceName,
    now: Timestamp,
    batch: Batch,
    listener: Jetstream,
    n_heard: usize,
    seen: HashSet<String>,
}

impl<'a> Found<'a> {
    fn new(source: &'a SourceName, now: Timestamp) -> Self {
        let listener = Jetstream::new(source.clone(), Place::default(), ("", Wire::Lexicon), None);
        Self { source, now, batch: Batch::default(), listener, n_heard: 0, seen: HashSet::new() }
    }

    fn batch(mut self) -> Batch {
        if self.n_heard > 0 {
            self.batch.cursor = self.listener.cursor();
        }
        self.batch
    }

    fn problem(&mut self, message: impl Into<String>, line: Option<u32>) {
        self.batch.problems.push(Problem { message: message.into(), line });
    }

    /// One value a line. What cannot be read is a problem of its line, unless that is all.
    fn lines(&mut self, body: &[u8]) -> Result<(), ReadError> {
        let mut n_read = 0;
        for (number, line) in (1..).zip(body.split(|byte| *byte == b'\n')) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let read = serde_json::from_slice::<Value>(line).map_err(|error| error.to_string());
            match read.and_then(|value| self.value(&value, Some(number)).map_err(|error| error.to_string())) {
                Ok(()) => n_read += 1,
                Err(reason) => self.problem(reason, Some(number)),
            }
        }
        match self.batch.problems.first() {
            Some(problem) if n_read == 0 => Err(ReadError::BrokenJson { reason: problem.message.clone() }),
            _ => Ok(()),
        }
    }

    /// An answer, a message, or a list of them.
    fn value(&mut self, value: &Value, line: Option<u32>) -> Result<(), ReadError> {
        if let Some(message) = message(value) {
            self.hear(&message, line);
            return Ok(());
        }
        match value {
            Value::Array(list) => {
                for element in list {
                    if let Err(error) = self.value(element, line) {
                        self.problem(error.to_string(), line);
                    }
                }
                Ok(())
            }
            Value::Object(_) => self.answer(value, line),
            _ => Err(ReadError::BrokenJson { reason: "an object or a list was expected".to_owned() }),
        }
    }

    fn answer(&mut self, answer: &Value, line: Option<u32>) -> Result<(), ReadError> {
        let text = |key: &str| answer.get(key).and_then(Value::as_str);
        if let Some(error) = text("error") {
            let message = text("message").unwrap_or_default();
            return Err(ReadError::Refused { message: format!("{error}: {message}") });
        }
        let lists = LISTS.iter().filter_map(|key| Some((*key, answer.get(key)?)));
        let lists: Vec<(&str, &Value)> = lists.filter(|(_, list)| list.is_array() || list.is_object()).collect();
        if text("uri").is_some() && (answer.get("record").is_some() || answer.get("value").is_some()) {
            self.post(answer, line, true);
        } else if lists.first().is_some_and(|(key, _)| *key == "post") {
            self.entry(answer, line, true);
        } else if let Some((key, list)) = lists.first() {
            // In a list of all that a place holds, what is no post is nothing odd.
            let is_mixed = matches!(*key, "records" | "notifications" | "bookmarks");
            each(list).into_iter().for_each(|entry| self.entry(entry, line, !is_mixed));
        } else if let Some(inner) = answer.get("data").filter(|inner| inner.is_object()) {
            return self.answer(inner, line);
        } else if text("uri").is_some() {
            self.post(answer, line, true);
        } else if !LISTS.iter().chain(&EMPTY).any(|key| answer.get(key).is_some()) {
            let reason = "none of `posts`, `feed`, `thread`, `records` and `uri` is in it".to_owned();
            return Err(ReadError::BrokenJson { reason });
        }
        Ok(())
    }

    /// An entry of a list: a view, or what is wrapped around one or several.
    fn entry(&mut self, entry: &Value, line: Option<u32>, is_all_posts: bool) {
        // A thread tells what is before and behind a post; a timeline shows parts of that, which count by themselves.
        if let Some(parent) = entry.get("parent").filter(|parent| parent.is_object()) {
            self.entry(parent, line, true);
        }
        let wrapped = ["post", "value", "item"].iter().filter_map(|key| entry.get(key));
        let inner = wrapped.filter(|inner| inner.is_object()).find(|inner| is_around(entry, inner));
        let is = |what: fn(&Value) -> bool| what(entry) || inner.is_some_and(what);
        match inner {
            _ if is(view::is_gone) => self.gone(entry),
            _ if is(view::is_closed) => {}
            Some(inner) => self.entry(inner, line, is_all_posts),
            None => self.post(entry, line, is_all_posts),
        }
        entry.get("replies").map(each).into_iter().flatten().for_each(|reply| self.entry(reply, line, true));
    }

    fn gone(&mut self, entry: &Value) {
        if let Some(key) = view::key(entry).filter(|key| self.seen.insert(format!("-{}", key.id))) {
            self.batch.deletions.push(key);
        }
    }

    fn post(&mut self, post: &Value, line: Option<u32>, is_told: bool) {
        match view::item(self.source, post, self.now) {
            // A timeline shows a post again with each answer and each repost.
            Ok(item) if self.seen.insert(item.key.id.clone()) => self.batch.items.push(item),
            Ok(_) => {}
            Err(view::Fault::OtherRecord) if !is_told => {}
            Err(fault) => self.problem(fault.to_string(), line),
        }
    }

    fn hear(&mut self, message: &Value, line: Option<u32>) {
        match self.listener.hear(Message::Text(message.to_string().as_bytes()), &mut |_| true) {
            Ok(event) => {
                self.n_heard += 1;
                self.take(event, line);
            }
            Err(error) => self.problem(error.to_string(), line),
        }
    }

    fn take(&mut self, event: Event, line: Option<u32>) {
        match event {
            Event::Item { item, .. } => self.batch.items.push(*item),
            Event::Deleted { key, .. } => self.batch.deletions.push(key),
            Event::AuthorGone { namespace, id_prefix, .. } => {
                self.batch.deletions.push(ItemKey { namespace, id: id_prefix });
            }
            Event::Gap { then, .. } => self.take(*then, line),
            Event::Ending(words) => self.problem(format!("the stream ended: {words}"), line),
            Event::Nothing => {}
        }
    }
}

/// Whether `entry` only wraps `inner`; a record with an address has a `value` that is its own.
fn is_around(entry: &Value, inner: &Value) -> bool {
    let has_post = |value: &Value| value.get("post").is_some_and(Value::is_object);
    has_post(entry) || has_post(inner) || inner.get("uri").is_some() || view::is_marked(inner)
}
