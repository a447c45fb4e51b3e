//! Listens to one server, with a token of it: its hashtags on one connection, by WebSocket or server-sent events.
//!
//! The stream repeats nothing: what was said while nobody listened is read by asking, right after connecting and from
//! time to time. So it has no place of its own in the cursor, and moves none.

use super::ask::encoded;
use super::heard::Hearing;
use super::state::State;
use super::status::{NAMESPACE, Wishes};
use crate::model::{Cursor, Item, MastodonListen, MastodonServer, MastodonSpec, SourceName};
use crate::source::{Event, Hail, HearError, Listener, Message, Refusal, Retry, Stream};
use crate::text::fold_to_string;
use jiff::Timestamp;
use serde_json::json;
use std::time::Duration;

/// How often a source that is heard is asked as well.
const ASKED_EVERY: Duration = Duration::from_secs(3_600);

/// Heartbeats come every 15 to 30 s: the silence that a stream may keep, in those of the house's rhythm (30 s).
const PATIENCE: u32 = 2;

/// The notes of a hail.
const SOCKET: &str = "socket";
const EVENTS: &str = "events";

/// Tags that one connection may ask for; a server takes no more than some dozens.
const TAGS_MOST: usize = 40;

/// The stream of one server.
pub(super) struct Streaming {
    name: SourceName,
    spec: MastodonSpec,
    server: MastodonServer,
}

impl Streaming {
    pub(super) fn new(name: SourceName, spec: MastodonSpec, server: MastodonServer) -> Self {
        Self { name, spec, server }
    }

    /// The tags to hear of.
    fn tags(&self) -> Vec<&str> {
        self.spec.tags.iter().chain(&self.spec.any).map(String::as_str).take(TAGS_MOST).collect()
    }

    /// The host of the stream, as the server names it.
    fn host(&self, cursor: &Cursor) -> String {
        let named = State::read(cursor).servers.remove(&self.server.url).and_then(|facts| facts.streaming);
        let own = self.server.url.replacen("http", "ws", 1);
        // A token that is sent in the clear is nobody's secret: where the server has TLS its stream must have it too.
        named.filter(|named| named.starts_with("wss:") || self.server.url.starts_with("http:")).unwrap_or(own)
    }

    fn is_by_events(&self, cursor: &Cursor) -> bool {
        self.spec.listen == MastodonListen::Events || State::read(cursor).by_events.contains(&self.server.url)
    }
}

impl Stream for Streaming {
    fn namespace(&self) -> &str {
        NAMESPACE
    }

    fn hail(&self, cursor: &Cursor, _failures: u32, _now: Timestamp) -> Hail {
        let (host, tags) = (self.host(cursor), self.tags());
        let hail =
            Hail { bearer: self.server.token.clone(), pong_is_life: true, patience: PATIENCE, ..Hail::default() };
        if self.is_by_events(cursor) {
            let tag = encoded(tags.first().copied().unwrap_or_default());
            let url = format!("{}/api/v1/streaming/hashtag?tag={tag}", host.replacen("ws", "http", 1));
            return Hail { url, is_events: true, note: EVENTS.to_owned(), ..hail };
        }
        let wish = |tag: &&str| json!({ "type": "subscribe", "stream": "hashtag", "tag": tag }).to_string();
        let url = format!("{host}/api/v1/streaming");
        Hail { url, first: tags.iter().map(wish).collect(), note: SOCKET.to_owned(), ..hail }
    }

    fn refused(&self, cursor: &Cursor, hail: &Hail, refusal: &Refusal, _now: Timestamp) -> Retry {
        let mut state = State::read(cursor);
        // A proxy in between that knows no upgrade; a wrong token is wrong on either way.
        let is_other_way = hail.note == SOCKET && matches!(refusal.status, 200..=399 | 400 | 404..=406 | 426 | 501);
        if is_other_way && !state.by_events.contains(&self.server.url) {
            state.by_events.push(self.server.url.clone());
            return Retry { cursor: state.write(), at_once: true };
        }
        if hail.note == EVENTS && self.spec.listen == MastodonListen::Socket && refusal.status != 401 {
            // Neither: the next attempt tries the first one again.
            state.by_events.retain(|server| *server != self.server.url);
        }
        Retry { cursor: state.write(), at_once: false }
    }

    fn listen(&self, _cursor: &Cursor, _hail: &Hail) -> Box<dyn Listener> {
        let wishes = Wishes { unlisted: self.spec.unlisted, respect: self.spec.respect, by_words: false };
        let mut hearing = Hearing::new(self.name.clone(), Some(self.server.url.clone()), wishes);
        let folded = |tags: &[String]| tags.iter().map(|tag| fold_to_string(tag)).collect();
        (hearing.all, hearing.none) = (folded(&self.spec.all), folded(&self.spec.none));
        Box::new(Heard(hearing))
    }

    fn asked_every(&self, cursor: &Cursor) -> Option<Duration> {
        // Where it hears of everything, seldom; what it cannot hear of is asked for at the usual pace.
        let hears_all = self.spec.servers.len() == 1 && self.spec.search.is_empty();
        let hears_tags = if self.is_by_events(cursor) { 1 } else { TAGS_MOST };
        let n_tags = self.spec.tags.len() + self.spec.any.len();
        Some(if hears_all && n_tags <= hears_tags { ASKED_EVERY } else { Duration::ZERO })
    }

    fn has_read_all(&self, cursor: &Cursor, since: Timestamp) -> bool {
        let state = State::read(cursor);
        // Where tags are shown to nobody there is nothing to be made up for.
        state.closed(&self.server.url).is_some()
            || self.spec.tags.iter().all(|tag| state.has_walked(&self.server.url, &format!("#{tag}"), since))
    }
}

struct Heard(Hearing);

impl Listener for Heard {
    fn hear(&mut self, message: Message<'_>, may_matter: &mut dyn FnMut(&Item) -> bool) -> Result<Event, HearError> {
        let (Message::Text(bytes) | Message::Binary(bytes)) = message;
        let text = std::str::from_utf8(bytes).map_err(|_| HearError { reason: "it is no UTF-8".to_owned() })?;
        self.0.message(text, may_matter)
    }

    fn cursor(&self) -> Cursor {
        Cursor::default()
    }

    fn has_place(&self) -> bool {
        false
    }
}
