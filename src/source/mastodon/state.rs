//! How far each server was read of each tag: kept in the cursor, so that nothing is lost and little is repeated.
//!
//! A lane is one tag, or one search, of one server. Tags are walked upward by `min_id`, page by page until an empty
//! one; a walk that is cut off goes on where it was. Each walk begins six hours before the last one, because servers
//! file what they hear of late at the time when it was written. Searches, and servers that know no `min_id` or
//! whose ids tell no time, are walked downward by `max_id` to the time of the last walk less an overlap.

use crate::model::Cursor;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long what a server says of itself is believed.
const FACTS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Edited posts of which the last version is remembered.
const EDITS_MOST: usize = 400;

/// The note of one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// By server, and in it by the lane's name: a tag with its `#`, or the words of a search after a `?`.
    pub lanes: BTreeMap<String, BTreeMap<String, Lane>>,
    pub servers: BTreeMap<String, Facts>,
    /// When edited posts were last changed, in milliseconds since 1970, by a hash of their key: a server that has not
    /// heard of an edit must not undo it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub edits: BTreeMap<String, i64>,
    /// Servers that are heard by server-sent events, because they refused a WebSocket.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_events: Vec<String>,
    /// Readings begun: each begins with another lane.
    pub n_readings: u32,
    /// Answers of this reading that could be read.
    pub n_good: u32,
}

/// How far one lane was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Lane {
    /// The newest id of the last walk that came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// Where a walk goes on that was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// When the walk under way began, and when the last one did that came to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walked_at: Option<Timestamp>,
    /// When the overlap was last walked, and how many pages the walk had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlapped_at: Option<Timestamp>,
    pub n_walked: u32,
    /// Pages of this reading that could be read.
    pub n_pages: u32,
    /// The server does not know `min_id`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub only_down: bool,
}

/// What is known of a server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Facts {
    pub asked_at: Option<Timestamp>,
    /// Where its stream is heard (`wss://host`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streaming: Option<String>,
    /// It is Mastodon itself, whose ids tell the time.
    pub is_mastodon: bool,
    /// Why it does not let us read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<String>,
    /// What was wrong the last time that it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl State {
    /// Reads the cursor; what cannot be read begins anew.
    pub(super) fn read(cursor: &Cursor) -> Self {
        Self::deserialize(&cursor.0).unwrap_or_default()
    }

    pub(super) fn write(&self) -> Cursor {
        Cursor(serde_json::to_value(self).unwrap_or_default())
    }

    pub(super) fn lane(&self, server: &str, name: &str) -> Lane {
        self.lanes.get(server).and_then(|lanes| lanes.get(name)).cloned().unwrap_or_default()
    }

    pub(super) fn lane_mut(&mut self, server: &str, name: &str) -> &mut Lane {
        self.lanes.entry(server.to_owned()).or_default().entry(name.to_owned()).or_default()
    }

    pub(super) fn facts_mut(&mut self, server: &str) -> &mut Facts {
        self.servers.entry(server.to_owned()).or_default()
    }

    /// Whether a server is to be asked what it is.
    pub(super) fn wants_facts(&self, server: &str, now: Timestamp) -> bool {
        let asked_at = self.servers.get(server).and_then(|facts| facts.asked_at);
        asked_at.is_none_or(|at| now < at || now.duration_since(at) >= FACTS_FOR)
    }

    /// Why a server does not let us read.
    pub(super) fn closed(&self, server: &str) -> Option<&str> {
        self.servers.get(server)?.closed.as_deref()
    }

    /// Whether the last reading ended a walk of the lane that was begun at `since` or later.
    pub(super) fn has_walked(&self, server: &str, name: &str, since: Timestamp) -> bool {
        let lane = self.lane(server, name);
        lane.n_pages > 0 && lane.at.is_none() && lane.walked_at.is_some_and(|at| at >= since)
    }

    /// Whether this version of an edited post, by a hash of its key, is as new as any that was seen; it is noted.
    pub(super) fn is_newest(&mut self, key: &str, edited_ms: Option<i64>) -> bool {
        let known = self.edits.get(key).copied();
        if known > edited_ms {
            return false;
        }
        if let Some(edited) = edited_ms {
            self.edits.insert(key.to_owned(), edited);
            if self.edits.len() > EDITS_MOST
                && let Some(oldest) = self.edits.iter().min_by_key(|(_, at)| **at).map(|(key, _)| key.clone())
            {
                self.edits.remove(&oldest);
            }
        }
        true
    }

    /// Forgets the servers and lanes that nobody asks for any more.
    pub(super) fn keep_only(&mut self, is_asked: impl Fn(&str, &str) -> bool, is_server: impl Fn(&str) -> bool) {
        self.servers.retain(|server, _| is_server(server));
        self.lanes.retain(|server, lanes| {
            lanes.retain(|name, _| is_asked(server, name));
            !lanes.is_empty()
        });
    }
}
