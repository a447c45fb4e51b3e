//! Where the stream was heard up to, and where to go on: hosts, the two wires, how far to go back.
//!
//! A number of the newer wire (`seq`) belongs to the host that gave it and is never carried to another one, nor to the
//! older wire; there, time is the cursor.

use super::uri::POSTS;
use crate::model::{Cursor, Dictionary};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The public instances.
pub(super) const HOSTS: &[&str] = &[
    "wss://jetstream2.us-east.bsky.network",
    "wss://jetstream1.us-east.bsky.network",
    "wss://jetstream2.us-west.bsky.network",
    "wss://jetstream1.us-west.bsky.network",
];

/// Events come slightly out of order: what was witnessed just before the last one may be missing.
const REWIND_US: u64 = 5_000_000;

/// Clocks of two hosts differ, and each of them witnesses by itself.
const REWIND_TO_OTHER_US: u64 = 180_000_000;

/// How long a host is believed to speak the older wire only.
const PROBE_AFTER_S: i64 = 86_400;

/// Larger events are asked to be left out: no post is that large.
const EVENT_BYTES: usize = 1 << 20;

/// Where the newer wire is spoken.
pub(super) const NEW_PATH: &str = "/xrpc/network.bsky.jetstream.subscribeEvents";

/// The first bytes of a dictionary that has a number (RFC 8878, 5).
const DICTIONARY_MAGIC: [u8; 4] = [0x37, 0xa4, 0x30, 0xec];

/// How a host speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wire {
    /// `/subscribe`.
    Legacy,
    /// `network.bsky.jetstream.subscribeEvents`.
    Lexicon,
}

/// The cursor, as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    /// The host that was heard last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) host: String,
    /// The number of the last event, where that host speaks the newer wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<u64>,
    /// When the last event was witnessed, in microseconds since 1970; 0 where none was heard.
    pub(super) time_us: u64,
    /// Hosts that refused the newer wire, and when, in seconds since 1970.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) legacy: BTreeMap<String, i64>,
    /// The wires that our dictionary is not good for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) plain: Vec<Wire>,
}

impl Place {
    /// The place that a cursor names; the beginning where it names none.
    pub(super) fn of(cursor: &Cursor) -> Self {
        serde_json::from_value(cursor.0.clone()).unwrap_or_default()
    }

    /// As it is stored.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_value(self).unwrap_or_default())
    }

    /// The host to try after `failures` in a row, and the wire to try there.
    pub(super) fn next<'h>(&self, hosts: &'h [String], failures: u32, now: Timestamp) -> (&'h str, Wire) {
        let home = hosts.iter().position(|host| *host == self.host).unwrap_or(0);
        let host = hosts.iter().cycle().nth(home + failures as usize % hosts.len().max(1)).map_or("", String::as_str);
        let is_legacy =
            self.legacy.get(host).is_some_and(|since| (0..PROBE_AFTER_S).contains(&(now.as_second() - since)));
        (host, if is_legacy { Wire::Legacy } else { Wire::Lexicon })
    }

    /// The address that goes on at this place.
    pub(super) fn address(&self, host: &str, wire: Wire, dictionary: Option<&Dictionary>) -> String {
        let dictionary = dictionary.filter(|_| !self.plain.contains(&wire));
        let mut address = match wire {
            Wire::Legacy => format!("{host}/subscribe?wantedCollections={POSTS}"),
            Wire::Lexicon => format!("{host}{NEW_PATH}?collections={POSTS}&kinds=commit&kinds=account"),
        };
        address.push_str(&format!("&maxMessageSizeBytes={EVENT_BYTES}"));
        match (wire, dictionary) {
            (Wire::Legacy, Some(_)) => address.push_str("&compress=true"),
            (Wire::Lexicon, Some(dictionary)) => {
                if let Some(number) = number_of(dictionary) {
                    address.push_str(&format!("&zstdDictionary={number}"));
                }
            }
            (_, None) => {}
        }
        if let Some(from) = self.from(host, wire) {
            address.push_str(&format!("&cursor={from}"));
        }
        address
    }

    fn from(&self, host: &str, wire: Wire) -> Option<u64> {
        let is_same = host == self.host;
        match self.seq.filter(|_| self.goes_by_number(host, wire)) {
            Some(seq) => Some(seq),
            None if self.time_us == 0 => None,
            None => Some(self.time_us.saturating_sub(if is_same { REWIND_US } else { REWIND_TO_OTHER_US })),
        }
    }

    /// Whether nothing can be missing after going on there: the host numbers its events.
    pub(super) fn goes_by_number(&self, host: &str, wire: Wire) -> bool {
        host == self.host && wire == Wire::Lexicon && self.seq.is_some()
    }
}

fn number_of(dictionary: &Dictionary) -> Option<u32> {
    let rest = dictionary.0.strip_prefix(&DICTIONARY_MAGIC)?;
    rest.first_chunk().map(|number| u32::from_le_bytes(*number)).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-05-25T14:23:29Z".parse().expect("a time")
    }

    #[test]
    fn a_number_stays_with_the_host_that_gave_it() {
        let hosts = ["wss://a.example".to_owned(), "wss://b.example".to_owned()];
        let mut place =
            Place { host: hosts[1].clone(), seq: Some(77), time_us: 1_779_719_009_132_431, ..Place::default() };
        let check = |place: &Place, failures: u32, expected: &str| {
            let (host, wire) = place.next(&hosts, failures, now());
            let address = place.address(host, wire, None);
            let cursor = address.rsplit_once("cursor=").map_or("", |(_, cursor)| cursor);
            assert_eq!(format!("{host} {wire:?} {cursor}"), expected);
        };
        check(&place, 0, "wss://b.example Lexicon 77");
        check(&place, 1, "wss://a.example Lexicon 1779718829132431");
        check(&place, 2, "wss://b.example Lexicon 77");
        place.legacy.insert(hosts[1].clone(), now().as_second() - 100);
        check(&place, 0, "wss://b.example Legacy 1779719004132431");
        place.legacy.insert(hosts[1].clone(), now().as_second() - PROBE_AFTER_S);
        check(&place, 0, "wss://b.example Lexicon 77");
        check(&Place::default(), 0, "wss://a.example Lexicon ");
        assert_eq!(Place::of(&place.cursor()), place);
        assert_eq!(Place::of(&Cursor(serde_json::json!({ "time_us": "odd" }))), Place::default());
    }

    #[test]
    fn a_dictionary_is_asked_for_as_each_wire_wants_it() {
        let dictionary = Dictionary(bytes::Bytes::from_static(&[0x37, 0xa4, 0x30, 0xec, 7, 1, 0, 0, 9]));
        let mut place = Place::default();
        let asks = |place: &Place, wire: Wire, words: &str| place.address("", wire, Some(&dictionary)).contains(words);
        assert!(asks(&place, Wire::Legacy, "&compress=true"));
        assert!(asks(&place, Wire::Lexicon, "&zstdDictionary=263"));
        place.plain.push(Wire::Lexicon);
        assert!(asks(&place, Wire::Legacy, "&compress=true") && !asks(&place, Wire::Lexicon, "zstd"));
    }
}
