//! What is agreed with a hub (WebSub): it tells us what is new at a source, for a while.

use super::SourceName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who tells what is new at a source, as the source names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hub {
    /// The address of the hub.
    pub hub: String,
    /// What to ask it for (`rel="self"`).
    pub topic: String,
    /// The address by which the source's own answers are read, so that what the hub brings gets the same ids.
    pub base: String,
}

/// What we want of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To be told.
    Subscribe,
    /// Not to be told any more.
    Unsubscribe,
}

impl Wish {
    /// The word of `hub.mode`, also used in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
        }
    }

    /// The wish that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Subscribe, Self::Unsubscribe].into_iter().find(|wish| wish.as_str() == name)
    }
}

/// One subscription, asked for or agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// By which the callback names it.
    pub id: String,
    /// The source.
    pub source: SourceName,
    /// The address of the hub.
    pub hub: String,
    /// What it is asked for.
    pub topic: String,
    /// What we want.
    pub wish: Wish,
    /// When the hub was asked for what it has not confirmed yet.
    pub asked_at: Option<Timestamp>,
    /// When it is asked next.
    pub next_at: Option<Timestamp>,
    /// Askings in vain, in a row.
    pub failures: u32,
    /// Since when it holds without a break.
    pub alive_at: Option<Timestamp>,
    /// Until when the hub tells us.
    pub lease_until: Option<Timestamp>,
    /// When the hub last brought or told something.
    pub told_at: Option<Timestamp>,
    /// When it last brought something that was new to us.
    pub brought_at: Option<Timestamp>,
    /// When a reading last found what it had not told.
    pub missed_at: Option<Timestamp>,
    /// What is wrong, in plain words; empty where nothing is.
    pub message: String,
}

impl Subscription {
    /// Whether the hub tells us at `now`.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.wish == Wish::Subscribe && self.alive_at.is_some() && self.lease_until.is_some_and(|until| until > now)
    }

    /// Whether it holds at `now` and nothing was found lately that the hub had not told.
    #[must_use]
    pub fn is_trusted(&self, now: Timestamp) -> bool {
        self.is_alive(now) && self.missed_at.is_none_or(|missed| self.told_at.is_some_and(|told| told > missed))
    }
}
