//! Understands one connection to Jetstream: what each message means, and how far was heard.
//!
//! What cannot matter is known by its kind, its collection and its words, and costs no memory.

use super::frame::{self, Act, Commit, Frame};
use super::place::{Place, Wire};
use super::post::{self, NAMESPACE, Words};
use super::uri::{AtUri, POSTS, is_did};
use crate::model::{Cursor, Item, ItemKey, SourceName};
use crate::source::{Event, HearError, Listener, Message};
use jiff::Timestamp;
use serde_json::Value;
use zstd::bulk::Decompressor;

/// The first event after a connection by time may be so much later than asked for before something counts as missing.
const GAP_US: u64 = 600_000_000;

/// What one message is unpacked to at first.
const UNPACKED_BYTES: usize = 64 << 10;

/// The most that one message is unpacked to.
const UNPACKED_BYTES_MOST: usize = 16 << 20;

/// Hears one connection.
pub(super) struct Jetstream {
    source: SourceName,
    place: Place,
    wire: Wire,
    /// The host, until it has said something: only then what was heard is its own.
    new_host: Option<String>,
    /// The time that the server was asked to go on at, until its first event is here.
    asked_us: Option<u64>,
    is_outdated: bool,
    /// An item with nothing but text, for a glance.
    glanced: Item,
    unpack: Option<Decompressor<'static>>,
    unpacked: Vec<u8>,
}

impl Jetstream {
    /// Hears the connection to `host` that was opened to go on at `place`.
    pub(super) fn new(
        source: SourceName,
        mut place: Place,
        (host, wire): (&str, Wire),
        dictionary: Option<&[u8]>,
    ) -> Self {
        let asked_us = Some(place.time_us).filter(|time| *time > 0 && !place.goes_by_number(host, wire));
        if wire == Wire::Legacy {
            place.seq = None;
        }
        let new_host = (host != place.host).then(|| host.to_owned());
        let key = ItemKey { namespace: NAMESPACE.to_owned(), id: String::new() };
        let glanced = Item::new(source.clone(), key);
        let unpack = dictionary.and_then(|dictionary| Decompressor::with_dictionary(dictionary).ok());
        Self { source, place, wire, new_host, asked_us, is_outdated: false, glanced, unpack, unpacked: Vec::new() }
    }

    fn hear_text(&mut self, message: &str, may_matter: &mut dyn FnMut(&Item) -> bool) -> Result<Event, HearError> {
        let frame = frame::read(message).map_err(|reason| HearError { reason })?;
        let Frame { seq, time_us, .. } = frame;
        if time_us == 0 {
            self.is_outdated |= matches!(frame.act, Act::CursorOutdated);
            return Ok(match frame.act {
                Act::Error(words) => Event::Ending(words),
                _ => Event::Nothing,
            });
        }
        let event = self.event(frame, may_matter);
        if let Some(host) = self.new_host.take() {
            // It went back further: cut off now, it has to go back again.
            let time_us = if self.place.time_us == 0 { time_us } else { self.place.time_us.min(time_us) };
            self.place = Place { host, seq: None, time_us, ..std::mem::take(&mut self.place) };
        }
        if let Some(seq) = seq {
            self.place.seq = Some(self.place.seq.unwrap_or(0).max(seq + 1));
        }
        let asked_us = self.asked_us.take();
        let is_late = asked_us.is_some_and(|asked| time_us > asked.saturating_add(GAP_US));
        let gap = asked_us.filter(|_| is_late || std::mem::take(&mut self.is_outdated)).map(instant);
        self.place.time_us = self.place.time_us.max(time_us);
        let event = event?;
        Ok(match gap.flatten().zip(instant(time_us)) {
            Some((from, to)) if from < to => Event::Gap { from, to, then: Box::new(event) },
            _ => event,
        })
    }

    fn event(&mut self, frame: Frame<'_>, may_matter: &mut dyn FnMut(&Item) -> bool) -> Result<Event, HearError> {
        match frame.act {
            Act::Commit(commit) if &*commit.collection == POSTS => {
                self.commit(&frame.did, &commit, frame.time_us, may_matter)
            }
            Act::AccountClosed { is_deleted, at_us } if is_did(&frame.did) => {
                let (namespace, id_prefix) = (NAMESPACE.to_owned(), format!("at://{}/", &*frame.did));
                Ok(Event::AuthorGone { namespace, id_prefix, is_deleted, revision: format!("{at_us:016}") })
            }
            _ => Ok(Event::Nothing),
        }
    }

    fn commit(
        &mut self,
        did: &str,
        commit: &Commit<'_>,
        time_us: u64,
        may_matter: &mut dyn FnMut(&Item) -> bool,
    ) -> Result<Event, HearError> {
        let wrong = |reason: &str| HearError { reason: reason.to_owned() };
        let uri = || AtUri::of(did, &commit.collection, &commit.rkey).ok_or_else(|| wrong("its address is none"));
        let revision = commit.rev.0.to_string();
        match &*commit.operation {
            "delete" => {
                let key = ItemKey { namespace: NAMESPACE.to_owned(), id: uri()?.to_string() };
                return Ok(Event::Deleted { key, revision });
            }
            "create" | "update" => {}
            _ => return Ok(Event::Nothing),
        }
        let record = commit.record.ok_or_else(|| wrong("it has no record"))?.get();
        let words: Words<'_> = serde_json::from_str(record).map_err(|error| wrong(&error.to_string()))?;
        self.glanced.text.clear();
        words.read_into(&mut self.glanced.text);
        // A changed post may have lost the words for which it is kept.
        if &*commit.operation == "create" && !may_matter(&self.glanced) {
            return Ok(Event::Nothing);
        }
        let record: Value = serde_json::from_str(record).map_err(|error| wrong(&error.to_string()))?;
        let seen = instant(time_us).ok_or_else(|| wrong("its time is none"))?;
        Ok(Event::Item { item: Box::new(post::item(&self.source, &uri()?, &record, seen)), revision })
    }

    /// Unpacks into `self.unpacked`; whether that was possible.
    fn unpack(&mut self, packed: &[u8]) -> bool {
        let Some(unpack) = &mut self.unpack else { return false };
        loop {
            self.unpacked.clear();
            self.unpacked.reserve(UNPACKED_BYTES);
            if unpack.decompress_to_buffer(packed, &mut self.unpacked).is_ok() {
                return true;
            }
            let larger = self.unpacked.capacity().saturating_mul(4);
            if larger > UNPACKED_BYTES_MOST {
                return false;
            }
            self.unpacked.reserve(larger);
        }
    }
}

impl Listener for Jetstream {
    fn hear(&mut self, message: Message<'_>, may_matter: &mut dyn FnMut(&Item) -> bool) -> Result<Event, HearError> {
        let no_text = |_| HearError { reason: "it is no UTF-8".to_owned() };
        match message {
            Message::Text(text) => self.hear_text(std::str::from_utf8(text).map_err(no_text)?, may_matter),
            Message::Binary(packed) => {
                if self.unpack.is_none() {
                    return Err(HearError { reason: "it is packed, though plain ones were asked for".to_owned() });
                }
                if !self.unpack(packed) {
                    // Each further message would fail as well: the next connection asks for plain ones.
                    self.place.plain.push(self.wire);
                    return Ok(Event::Ending("its messages are packed with another dictionary".to_owned()));
                }
                let unpacked = std::mem::take(&mut self.unpacked);
                let text = std::str::from_utf8(&unpacked).map_err(no_text);
                let event = text.and_then(|text| self.hear_text(text, may_matter));
                self.unpacked = unpacked;
                event
            }
        }
    }

    fn cursor(&self) -> Cursor {
        self.place.cursor()
    }
}

fn instant(time_us: u64) -> Option<Timestamp> {
    i64::try_from(time_us).ok().and_then(|time| Timestamp::from_microsecond(time).ok())
}
