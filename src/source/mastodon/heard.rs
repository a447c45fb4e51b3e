//! What the events of a stream mean: `update`, `status.update`, `delete`; all others nothing.
//!
//! In: a frame of the WebSocket, or a block of server-sent events, live or saved. A deletion names a post as the server
//! calls it; what that is elsewhere is remembered for the posts of late, and otherwise the store knows it by the
//! item's alias.

use super::sse;
use super::status::{NAMESPACE, Not, Setting, Wishes, alias, changed_ms, item, own_words, server_of};
use super::value::text;
use crate::model::{Item, ItemKey, SourceName};
use crate::source::{Event, HearError};
use crate::text::fold_to_string;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::HashMap;

/// Posts of late whose ids are remembered; beyond that half of them are forgotten.
const REMEMBERED: usize = 4_096;

/// The revision of a deletion: nothing comes after it.
const LAST_REVISION: &str = "9999999999999999";

/// Hears the events of one server.
pub(super) struct Hearing {
    pub(super) source: SourceName,
    /// The server, without a slash at the end; `None` where only its posts can say.
    pub(super) server: Option<String>,
    pub(super) wishes: Wishes,
    /// A post needs all of these tags, folded, and none of those.
    pub(super) all: Vec<String>,
    pub(super) none: Vec<String>,
    /// By what the server calls a post: its key, and when it was heard of; `None` once it is deleted.
    pub(super) late: HashMap<String, (u64, Option<String>)>,
    pub(super) n_heard: u64,
}

impl Hearing {
    /// Hears nothing yet.
    pub(super) fn new(source: SourceName, server: Option<String>, wishes: Wishes) -> Self {
        Self { source, server, wishes, all: Vec::new(), none: Vec::new(), late: HashMap::new(), n_heard: 0 }
    }

    /// What a message means, which is a frame or one block of server-sent events.
    pub(super) fn message(
        &mut self,
        message: &str,
        may_matter: &mut dyn FnMut(&Item) -> bool,
    ) -> Result<Event, HearError> {
        if message.trim_start().starts_with('{') {
            let frame: Value = serde_json::from_str(message).map_err(|error| wrong(&error.to_string()))?;
            return self.frame(&frame, may_matter);
        }
        match sse::events(message).into_iter().next() {
            None => Ok(Event::Nothing),
            Some(sent) => self.event(&sent.name, &Value::String(sent.data), may_matter),
        }
    }

    /// What a frame of the WebSocket means.
    pub(super) fn frame(
        &mut self,
        frame: &Value,
        may_matter: &mut dyn FnMut(&Item) -> bool,
    ) -> Result<Event, HearError> {
        if let Some(error) = text(frame.get("error")) {
            let is_ours = matches!(frame.get("status").and_then(Value::as_u64), Some(401 | 403));
            return if is_ours { Ok(Event::Ending(error)) } else { Err(wrong(&error)) };
        }
        let name = text(frame.get("event")).ok_or_else(|| wrong("it names no event"))?;
        self.event(&name, frame.get("payload").unwrap_or(&Value::Null), may_matter)
    }

    /// What an event means; its payload is JSON, or a text that holds JSON.
    pub(super) fn event(
        &mut self,
        name: &str,
        payload: &Value,
        may_matter: &mut dyn FnMut(&Item) -> bool,
    ) -> Result<Event, HearError> {
        match name {
            "update" | "status.update" => {
                let read;
                let status = match payload {
                    Value::String(text) => {
                        read = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
                        &read
                    }
                    status => status,
                };
                self.status(status, name == "update", may_matter)
            }
            "delete" => self.deleted(payload),
            _ => Ok(Event::Nothing),
        }
    }

    fn status(
        &mut self,
        status: &Value,
        is_new: bool,
        may_matter: &mut dyn FnMut(&Item) -> bool,
    ) -> Result<Event, HearError> {
        let id = text(own_words(status).get("id"));
        if id.as_ref().is_some_and(|id| matches!(self.late.get(id), Some((_, None)))) {
            // It was deleted before it was told.
            return Ok(Event::Nothing);
        }
        if self.server.is_none() {
            self.server = server_of(status);
        }
        let (source, server) = (&self.source, self.server.as_deref());
        // The server has dated it just now; a clock of ours that is behind must not make its date wrong.
        let setting = Setting { source, server, now: Timestamp::MAX, wishes: self.wishes };
        let item = match item(status, &setting) {
            Ok(item) => item,
            Err(Not::Status) => return Err(wrong("its status is none")),
            Err(Not::Named) => return Err(wrong("its status has no id")),
            Err(_) => return Ok(Event::Nothing),
        };
        if !self.has_tags(&item) || (is_new && !may_matter(&item)) {
            return Ok(Event::Nothing);
        }
        if let Some(id) = id {
            self.remember(id, Some(item.key.id.clone()));
        }
        let revision = format!("{:016}", changed_ms(&item).max(0));
        Ok(Event::Item { item: Box::new(item), revision })
    }

    fn deleted(&mut self, payload: &Value) -> Result<Event, HearError> {
        let id = text(Some(payload)).or_else(|| text(payload.get("id"))).ok_or_else(|| wrong("it deletes nothing"))?;
        let id = id.trim_matches('"').to_owned();
        let known = self.late.get(&id).and_then(|(_, key)| key.clone());
        let key = known.unwrap_or_else(|| match &self.server {
            Some(server) => alias(server, &id),
            None => id.clone(),
        });
        self.remember(id, None);
        let key = ItemKey { namespace: NAMESPACE.to_owned(), id: key };
        Ok(Event::Deleted { key, revision: LAST_REVISION.to_owned() })
    }

    fn has_tags(&self, item: &Item) -> bool {
        if self.all.is_empty() && self.none.is_empty() {
            return true;
        }
        let tags: Vec<String> = item.tags.iter().map(|tag| fold_to_string(tag)).collect();
        self.all.iter().all(|tag| tags.contains(tag)) && !self.none.iter().any(|tag| tags.contains(tag))
    }

    fn remember(&mut self, id: String, key: Option<String>) {
        self.n_heard += 1;
        if self.late.len() >= REMEMBERED {
            let oldest = self.n_heard.saturating_sub(REMEMBERED as u64 / 2);
            self.late.retain(|_, (heard, _)| *heard >= oldest);
        }
        self.late.insert(id, (self.n_heard, key));
    }
}

fn wrong(reason: &str) -> HearError {
    HearError { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn hearing() -> Hearing {
        let wishes = Wishes { unlisted: false, respect: true, by_words: false };
        Hearing::new(SourceName::new("fedi"), Some("https://a.example".to_owned()), wishes)
    }

    fn status(id: &str, words: &str) -> Value {
        json!({
            "id": id, "uri": format!("https://b.example/o/{id}"), "content": format!("<p>{words}</p>"),
            "created_at": "2026-08-01T13:55:55.867Z", "visibility": "public",
            "account": { "acct": "ann@b.example" }, "tags": [{ "name": "Steak" }],
        })
    }

    fn update(status: &Value) -> String {
        json!({ "stream": ["hashtag"], "event": "update", "payload": status.to_string() }).to_string()
    }

    fn delete(id: &str) -> String {
        json!({ "event": "delete", "payload": id }).to_string()
    }

    fn told(event: Result<Event, HearError>) -> String {
        match event {
            Ok(Event::Item { item, revision }) => format!("{} {revision}", item.key.id),
            Ok(Event::Deleted { key, .. }) => format!("-{}", key.id),
            Ok(Event::Ending(words)) => format!("end: {words}"),
            Ok(Event::Nothing) => "nothing".to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn a_deletion_finds_what_was_heard_and_otherwise_names_the_alias() {
        let mut hearing = hearing();
        let mut hear = |message: &str| told(hearing.message(message, &mut |_| true));
        assert_eq!(hear(&update(&status("1", "a"))), "https://b.example/o/1 0001785592555867");
        assert_eq!(hear(&delete("1")), "-https://b.example/o/1");
        assert_eq!(hear(&delete("7")), "-https://a.example/statuses/7");
        assert_eq!(hear(&update(&status("7", "a"))), "nothing", "it was deleted before it was told");
        assert_eq!(hear("event: delete\ndata: 8\n\n"), "-https://a.example/statuses/8");
    }

    #[test]
    fn an_edit_has_a_later_revision_and_is_told_even_where_it_does_not_matter_any_more() {
        let mut hearing = hearing();
        let mut edited = status("1", "a");
        edited["edited_at"] = json!("2026-08-01T14:00:00.000Z");
        let frame = json!({ "event": "status.update", "payload": edited });
        assert_eq!(told(hearing.message(&frame.to_string(), &mut |_| false)), "https://b.example/o/1 0001785592800000");
        assert_eq!(told(hearing.message(&update(&status("2", "b")), &mut |_| false)), "nothing");
    }

    #[test]
    fn posts_without_the_tags_that_are_asked_for_are_passed_over() {
        let mut hearing = hearing();
        hearing.all = vec!["steak".to_owned()];
        assert_ne!(told(hearing.message(&update(&status("1", "a")), &mut |_| true)), "nothing");
        hearing.none = vec!["steak".to_owned()];
        assert_eq!(told(hearing.message(&update(&status("2", "a")), &mut |_| true)), "nothing");
    }

    #[test]
    fn odd_messages_are_told_and_unknown_events_mean_nothing() {
        let mut hearing = hearing();
        let mut hear = |message: &str| told(hearing.message(message, &mut |_| true));
        for (message, expected) in [
            (":thump", "nothing"),
            ("event: filters_changed\ndata: undefined", "nothing"),
            (r#"{"event":"notification","payload":"{}"}"#, "nothing"),
            (
                r#"{"event":"update","payload":"<html>"}"#,
                "error: a message is no event (expected value at line 1 column 1); skipped",
            ),
            (r#"{"event":"update","payload":null}"#, "error: a message is no event (its status is none); skipped"),
            (r#"{"error":"Invalid access token","status":401}"#, "end: Invalid access token"),
            (
                r#"{"error":"Unknown stream type","status":400}"#,
                "error: a message is no event (Unknown stream type); skipped",
            ),
            (r#"{"payload":"1"}"#, "error: a message is no event (it names no event); skipped"),
            (r#"{"event":"delete"}"#, "error: a message is no event (it deletes nothing); skipped"),
        ] {
            assert_eq!(hear(message), expected, "{message}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut hearing = hearing();
        for id in 0..10_000 {
            assert!(hearing.message(&delete(&id.to_string()), &mut |_| true).is_ok());
        }
        assert!(hearing.late.len() <= REMEMBERED && hearing.late.contains_key("9999"));
    }

    proptest! {
        #[test]
        fn any_message_is_heard(message in "(\\{|\\}|\"|event|payload|update|delete|:|,|data|\n| |1){0,40}") {
            let _ = hearing().message(&message, &mut |_| true);
        }
    }
}
