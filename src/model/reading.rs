//! What one reading of a source leaves behind: the unit that is committed in one transaction.

use super::{
    Analysis, Cause, Cursor, Departure, Item, Looked, Memory, Notice, Opportunity, Phase, SourceName, Validators,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one answer of a source leaves behind. It is written in ONE transaction, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The source.
    pub source: SourceName,
    /// When the answer was read.
    pub at: Timestamp,
    /// Items to keep, with what we think of them.
    pub kept: Vec<KeptItem>,
    /// Items of which only a fingerprint stays.
    pub passed: Vec<Fingerprint>,
    /// Items that were deleted or hidden at their origin, or no longer name a brand.
    pub departures: Vec<Departure>,
    /// When items are to be looked at again at their origin; those that are not named keep their time.
    pub looks: Vec<Looked>,
    /// How what is kept was seen.
    pub glance: Glance,
    /// How far the source was read.
    pub cursor: Cursor,
    /// The source's state after this reading.
    pub state: SourceState,
    /// Notices about the source itself.
    pub notices: Vec<Notice>,
}

/// How items were seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Glance {
    /// In a list, or as they were said.
    #[default]
    List,
    /// In a list that gives parts of their texts.
    Parts,
    /// Each by itself, which is surer than a list: that may lag behind.
    Look,
    /// Each by itself, where the list gives parts.
    Whole,
}

impl Glance {
    /// Whether each item was asked for by itself.
    #[must_use]
    pub fn is_look(self) -> bool {
        matches!(self, Self::Look | Self::Whole)
    }
}

/// An item to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptItem {
    /// The item, with its text.
    pub item: Item,
    /// Content hash, to see later that it was edited.
    pub content_hash: u64,
    /// What analysis says.
    pub analysis: Analysis,
    /// For each mention of `analysis`, in that order: the opportunity, if it is one.
    pub opportunities: Vec<Option<Opportunity>>,
    /// For each mention, in that order: the phase of the customer's journey, also where nobody should act.
    pub phases: Vec<Phase>,
    /// It is of a first reading, or too old: stored, told only if a deadline lies ahead.
    pub backlog: bool,
    /// By which the items are found that tell the same (`story::keys`); none where that is not asked for.
    pub story_keys: Vec<u64>,
}

/// All that stays of an item that mentions no brand: hashes, the source, the time, the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Hash of the item's key.
    pub key_hash: u64,
    /// Hash of the one form of its address (`text::address_hash`); 0 where it has none.
    pub url_hash: u64,
    /// Hash of title and body.
    pub content_hash: u64,
    /// Why it was not kept.
    pub reason: PassReason,
}

/// Why an item was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassReason {
    /// It names no watched brand.
    NoBrand,
    /// It names one, but another is meant.
    NotRelevant,
    /// It is in a language that the brand does not ask for.
    OtherLanguage,
}

impl PassReason {
    /// The word used in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBrand => "no_brand",
            Self::NotRelevant => "not_relevant",
            Self::OtherLanguage => "other_language",
        }
    }

    /// The reason that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::NoBrand, Self::NotRelevant, Self::OtherLanguage].into_iter().find(|reason| reason.as_str() == name)
    }
}

/// What the store answers to a commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Committed {
    /// Items that were not known before, kept or not.
    pub new_items: u64,
    /// Items newly kept; one that was only a fingerprint until it was edited counts here alone.
    pub new_kept: u64,
    /// New opportunities.
    pub new_opportunities: u64,
    /// New notices.
    pub new_notices: u64,
}

impl std::ops::AddAssign for Committed {
    fn add_assign(&mut self, other: Self) {
        self.new_items += other.new_items;
        self.new_kept += other.new_kept;
        self.new_opportunities += other.new_opportunities;
        self.new_notices += other.new_notices;
    }
}

/// How well a source can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceHealth {
    /// Not read yet.
    #[default]
    New,
    /// Read without trouble.
    Fresh,
    /// Read without trouble, but nothing new for longer than its own rhythm explains. No error.
    Quiet,
    /// It asks us to wait (429, 503 with Retry-After).
    Throttled,
    /// It refuses us (403, robots.txt, a wall against robots).
    Blocked,
    /// Only a person can mend it: a login, a consent page, a wrong key (401).
    NeedsAttention,
    /// It cannot be reached or answers with an error.
    Down,
    /// It answers, but not with what its engine can read.
    Broken,
    /// It is gone for good (410).
    Gone,
}

impl SourceHealth {
    /// The word used in SQL, JSON and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fresh => "fresh",
            Self::Quiet => "quiet",
            Self::Throttled => "throttled",
            Self::Blocked => "blocked",
            Self::NeedsAttention => "needs_attention",
            Self::Down => "down",
            Self::Broken => "broken",
            Self::Gone => "gone",
        }
    }

    /// The state that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::New,
            Self::Fresh,
            Self::Quiet,
            Self::Throttled,
            Self::Blocked,
            Self::NeedsAttention,
            Self::Down,
            Self::Broken,
            Self::Gone,
        ]
        .into_iter()
        .find(|health| health.as_str() == name)
    }

    /// Whether it can be read.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::New | Self::Fresh | Self::Quiet)
    }
}

/// What is remembered of a source between two readings.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// The source.
    pub source: SourceName,
    /// Hash of the engine and the address that the rest speaks of; `None` before it was asked.
    pub place_hash: Option<u64>,
    /// How well it can be read.
    pub health: SourceHealth,
    /// Why it cannot be read, for those who tell it in another language; `None` where it can.
    pub cause: Option<Cause>,
    /// In plain words: what is wrong and what to do, or what could not be read of an answer that is fresh otherwise;
    /// empty where nothing is.
    pub message: String,
    /// Since when it is in this health.
    pub since: Option<Timestamp>,
    /// When it was last asked.
    pub asked_at: Option<Timestamp>,
    /// When it was last read without trouble; `None` before its first reading.
    pub read_at: Option<Timestamp>,
    /// When it is to be asked next; `None` means at once.
    pub due_at: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// To ask "has it changed?" with.
    pub validators: Validators,
    /// How far it was read.
    pub cursor: Cursor,
    /// What was learned of it.
    pub memory: Memory,
}

impl SourceState {
    /// The state of a source that was never asked.
    #[must_use]
    pub fn unread(source: SourceName) -> Self {
        Self {
            source,
            place_hash: None,
            health: SourceHealth::New,
            cause: None,
            message: String::new(),
            since: None,
            asked_at: None,
            read_at: None,
            due_at: None,
            failures: 0,
            validators: Validators::default(),
            cursor: Cursor::default(),
            memory: Memory::default(),
        }
    }
}
