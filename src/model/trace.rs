//! What became of everything that was read at one address: the store's answer to `why`.

use super::{
    ChannelName, Correction, GoneTrace, ItemId, Mention, Opportunity, PassReason, Phase, PostedAt, RouteName,
    SourceName, Spam, Verdict,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// What became of an address.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Traces {
    /// The items that were kept, those with the very address first, then in the order in which they were read.
    pub kept: Vec<KeptTrace>,
    /// What was read there and passed over, the last seen first.
    pub passed: Vec<PassedTrace>,
    /// What was kept there until it was deleted or hidden at its origin, the last first.
    pub gone: Vec<GoneTrace>,
}

impl Traces {
    /// Whether nothing was ever read at the address, or it was forgotten.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.passed.is_empty() && self.gone.is_empty()
    }
}

/// What became of an item that was kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeptTrace {
    /// Its row.
    pub item_id: ItemId,
    /// The source that gave it first.
    pub source: SourceName,
    /// Its address as the source gave it.
    pub url: Option<String>,
    /// What was judged, title first.
    pub text: String,
    /// When it was published, as the source says.
    pub published: Option<PostedAt>,
    /// When it was first read.
    pub seen_at: Timestamp,
    /// When it was last read with another content; `seen_at` where it never changed.
    pub changed_at: Timestamp,
    /// When it was last read with other words; `None` where it never was.
    pub edited_at: Option<Timestamp>,
    /// How often that was.
    pub revisions: u32,
    /// ISO 639-1; `None` where no language could be decided.
    pub lang: Option<String>,
    /// The first item that told the same; `None` where this is the first, or alone.
    pub retells: Option<ItemId>,
    /// How much it looks like an ad, a scam or a bot.
    pub spam: Spam,
    /// The brands that it is about.
    pub mentions: Vec<MentionTrace>,
    /// What people said is otherwise, oldest first.
    pub corrections: Vec<Correction>,
}

/// What became of one mention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MentionTrace {
    /// The mention.
    pub mention: Mention,
    /// The phase of the customer's journey.
    pub phase: Phase,
    /// Somebody said that the brand is not meant.
    pub is_dismissed: bool,
    /// The opportunity, if it is one.
    pub opportunity: Option<Opportunity>,
    /// The notice of it; `None` where it never was worth one.
    pub notice: Option<NoticeTrace>,
}

/// What became of a notice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticeTrace {
    /// When we learned of it.
    pub at: Timestamp,
    /// It is of a first reading, or was too old.
    pub backlog: bool,
    /// What each route made of it; empty before they looked.
    pub verdicts: Vec<VerdictTrace>,
    /// The alerts that tell of it, in the order in which they entered the outbox.
    pub alerts: Vec<AlertTrace>,
}

/// What one route made of a notice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictTrace {
    /// The route.
    pub route: RouteName,
    /// Whether it went out there, and why or why not.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// When that was decided.
    pub at: Timestamp,
}

/// What became of an alert.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertTrace {
    /// The route that made it.
    pub route: RouteName,
    /// The channel that sends it.
    pub channel: ChannelName,
    /// Whom it goes to, as far as it may be shown; empty for the terminal.
    pub recipient: String,
    /// How far it is.
    pub state: AlertState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it entered the outbox.
    pub created_at: Timestamp,
    /// When it is tried next; `None` where it is settled.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was delivered or given up.
    pub settled_at: Option<Timestamp>,
    /// What went wrong at the last attempt; empty where nothing.
    pub trouble: String,
}

/// How far an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It waits for its next attempt.
    Pending,
    /// The receiver acknowledged it.
    Delivered,
    /// It was given up.
    Parked,
    /// It was taken back before it was sent: its post is gone.
    Withdrawn,
}

impl AlertState {
    /// The state that the store calls `name`, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "pending" => Some(Self::Pending),
            "delivered" => Some(Self::Delivered),
            "parked" => Some(Self::Parked),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// What one source gave at an address and was passed over for one reason. Nothing but this stays of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedTrace {
    /// The source.
    pub source: SourceName,
    /// Why it was not kept.
    pub reason: PassReason,
    /// How many items; an article and the comments on it may share one address.
    pub n_items: u64,
    /// The day (UTC) on which it was last noted that one of them was seen; noted again after a week.
    pub seen_on: Date,
}
