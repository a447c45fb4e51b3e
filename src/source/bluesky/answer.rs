//! Saved answers of the API (`searchPosts`, `getPosts`, `getPostThread`, `getAuthorFeed`, `getRecord`) and saved
//! messages of the stream, one a line.

use super::listener::Jetstream;
use super::place::{Place, Wire};
use super::post::{self, NAMESPACE};
use super::uri::{AtUri, POSTS};
use crate::model::{Batch, Item, ItemKey, Problem, SourceName};
use crate::source::{Event, Listener, Message, ReadError};
use jiff::Timestamp;
use serde_json::Value;

/// Reads an answer.
pub(super) fn read(source: &SourceName, body: &[u8], now: Timestamp) -> Result<Batch, ReadError> {
    let trimmed = body.trim_ascii();
    if trimmed.is_empty() {
        return Err(ReadError::Empty);
    }
    if trimmed.starts_with(b"<") {
        return Err(ReadError::HtmlPage);
    }
    match serde_json::from_slice::<Value>(trimmed) {
        Ok(answer) if !is_message(&answer) => whole(source, &answer, now),
        Err(error) if !trimmed.contains(&b'\n') => Err(ReadError::BrokenJson { reason: error.to_string() }),
        _ => lines(source, body),
    }
}

fn is_message(answer: &Value) -> bool {
    let form = answer.get("$type").and_then(Value::as_str).unwrap_or_default();
    answer.get("time_us").is_some() || matches!(form, "message" | "error")
}

fn whole(source: &SourceName, answer: &Value, now: Timestamp) -> Result<Batch, ReadError> {
    if let Some(error) = answer.get("error").and_then(Value::as_str) {
        let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
        return Err(ReadError::Refused { message: format!("{error}: {message}") });
    }
    let mut batch = Batch::default();
    let mut found = Found { source, now, batch: &mut batch };
    if let Some(posts) = answer.get("posts") {
        each(posts).for_each(|post| found.post(post));
    } else if let Some(feed) = answer.get("feed") {
        each(feed).filter_map(|entry| entry.get("post")).for_each(|post| found.post(post));
    } else if let Some(thread) = answer.get("thread") {
        found.thread(thread);
    } else if answer.get("uri").is_some() {
        found.post(answer);
    } else {
        return Err(ReadError::BrokenJson {
            reason: "none of `posts`, `feed`, `thread` and `uri` is in it".to_owned(),
        });
    }
    Ok(batch)
}

/// The elements of a list; an object stands for a list of one.
fn each(list: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match list {
        Value::Array(list) => Box::new(list.iter()),
        Value::Object(_) => Box::new(std::iter::once(list)),
        _ => Box::new(std::iter::empty()),
    }
}

struct Found<'a> {
    source: &'a SourceName,
    now: Timestamp,
    batch: &'a mut Batch,
}

impl Found<'_> {
    /// What a thread holds, oldest first. The JSON reader bounds how deep it can be.
    fn thread(&mut self, thread: &Value) {
        if let Some(parent) = thread.get("parent") {
            self.thread(parent);
        }
        match (thread.get("post"), thread.get("uri").and_then(Value::as_str)) {
            (Some(post), _) => self.post(post),
            (None, Some(uri)) if thread.get("notFound").is_some() => {
                if let Some(uri) = AtUri::parse(uri) {
                    let key = ItemKey { namespace: NAMESPACE.to_owned(), id: uri.to_string() };
                    self.batch.deletions.push(key);
                }
            }
            _ => {}
        }
        thread.get("replies").into_iter().flat_map(each).for_each(|reply| self.thread(reply));
    }

    fn post(&mut self, view: &Value) {
        match post_of(self.source, view, self.now) {
            Ok(item) => self.batch.items.push(item),
            Err(message) => self.batch.problems.push(Problem { message: message.to_owned(), line: None }),
        }
    }
}

fn post_of(source: &SourceName, view: &Value, now: Timestamp) -> Result<Item, &'static str> {
    let text = |key: &str| view.get(key).and_then(Value::as_str);
    let uri = text("uri").and_then(AtUri::parse).ok_or("a post has no address; skipped")?;
    let record = view.get("record").or_else(|| view.get("value")).ok_or("a post has no record; skipped")?;
    if uri.collection != POSTS {
        return Err("a record is no post; skipped");
    }
    let seen = text("indexedAt").and_then(|at| at.parse().ok()).unwrap_or(now);
    let mut item = post::item(source, &uri, record, seen);
    if let Some(author) = view.get("author") {
        super::profile::fill(&mut item.author, author);
    }
    let count = |key: &str| view.get(key).and_then(Value::as_u64);
    item.counts.replies = count("replyCount");
    item.counts.reposts = count("repostCount");
    item.counts.likes = count("likeCount");
    Ok(item)
}

/// Saved messages of the stream.
fn lines(source: &SourceName, body: &[u8]) -> Result<Batch, ReadError> {
    let mut listener = Jetstream::new(source.clone(), Place::default(), ("", Wire::Lexicon), None);
    let mut batch = Batch::default();
    let mut n_heard = 0;
    for (number, line) in (1..).zip(body.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut problem = |message: String| batch.problems.push(Problem { message, line: Some(number) });
        match listener.hear(Message::Text(line), &mut |_| true) {
            Ok(event) => {
                n_heard += 1;
                take(event, &mut batch, number);
            }
            Err(error) => problem(error.to_string()),
        }
    }
    if n_heard == 0 {
        let reason = batch.problems.into_iter().next().map(|problem| problem.message).unwrap_or_default();
        return Err(ReadError::BrokenJson { reason });
    }
    batch.cursor = listener.cursor();
    Ok(batch)
}

fn take(event: Event, batch: &mut Batch, line: u32) {
    match event {
        Event::Item { item, .. } => batch.items.push(*item),
        Event::Deleted { key, .. } => batch.deletions.push(key),
        Event::AuthorGone { namespace, id_prefix, .. } => batch.deletions.push(ItemKey { namespace, id: id_prefix }),
        Event::Gap { then, .. } => take(*then, batch, line),
        Event::Ending(words) => {
            let message = format!("the stream ended: {words}");
            batch.problems.push(Problem { message, line: Some(line) });
        }
        Event::Nothing => {}
    }
}
