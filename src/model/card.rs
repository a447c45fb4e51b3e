//! What a person reads about one mention or one day: the store's answers to `alert` and `digest`.

use super::{
    Brand, BrandId, Item, ItemId, Mention, Notice, NoticeId, Opportunity, Pain, Phase, RouteName, SourceState, Story,
    Trouble, Usage,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One kept mention with everything that a card shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The item's row.
    pub item_id: ItemId,
    /// The item.
    pub item: Item,
    /// What analysis says of it and this brand.
    pub mention: Mention,
    /// The opportunity, if it is one.
    pub opportunity: Option<Opportunity>,
    /// When we first read it.
    pub seen_at: Timestamp,
    /// Who else tells the same.
    #[serde(default, skip_serializing_if = "Story::is_alone")]
    pub story: Story,
    /// Somebody said that it was acted on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
    /// When we last read it in another form; `None` where it is as it was first read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// How often that was.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revisions: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A notice that no router has decided on yet, with the card that it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingNotice {
    /// Its row.
    pub id: NoticeId,
    /// What happened.
    pub notice: Notice,
    /// It is of a backlog, and what could be done had to be done before we read it. Its card is not loaded.
    pub is_past: bool,
    /// The card of an opportunity; `None` for notices about sources, what is past, and where the item is gone.
    pub card: Option<Card>,
    /// Of an opportunity that turned: the routes by which people heard of it.
    pub told_by: Vec<RouteName>,
}

/// How many mentions of a brand felt how, in one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeelingCount {
    /// The brand.
    pub brand: BrandId,
    /// The phase of the customer's journey.
    pub phase: Phase,
    /// Feels good.
    pub positive: u64,
    /// Says nothing of a feeling.
    pub neutral: u64,
    /// Feels bad.
    pub negative: u64,
    /// Both.
    pub mixed: u64,
}

/// What a digest tells of: the stretch from `from` to `to`, spam and own posts left out.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestFacts {
    /// Start of the stretch.
    pub from: Timestamp,
    /// Its end: the moment the digest is made for.
    pub to: Timestamp,
    /// The watched brands, in the order of the configuration.
    pub brands: Vec<Brand>,
    /// Surprises and care cases that can still be met: the least slack first, those without a deadline last.
    pub open: Vec<Card>,
    /// What was missed in the stretch, the latest first.
    pub missed: Vec<Card>,
    /// How many were missed, also where `missed` is cut.
    pub n_missed: u64,
    /// Opportunities that a team had been told of and that were deleted by their authors in the stretch, while somebody
    /// could still have acted.
    pub n_deleted: u64,
    /// Mentions that still wait for an answer (recovery, question, churn, silent gripe), longest waiting first.
    pub waiting: Vec<Card>,
    /// How many wait, also where `waiting` is cut.
    pub n_waiting: u64,
    /// Feelings by brand and phase.
    pub feelings: Vec<FeelingCount>,
    /// What hurt most in the week before, the worst first.
    pub pains: Vec<Pain>,
    /// The mentions most worth reading, best first.
    pub top: Vec<Card>,
    /// Sources that could not be read at the end of the stretch.
    pub unread: Vec<SourceState>,
    /// Sources that can be read but had nothing new for longer than usual.
    pub quiet: Vec<SourceState>,
    /// What of our own does not work.
    pub troubles: Vec<Trouble>,
    /// Sources that could be read.
    pub n_sources_read: u64,
    /// Items seen in the stretch, kept or not.
    pub n_items_seen: u64,
    /// Mentions kept in the stretch.
    pub n_mentions: u64,
}

/// The figures of `porterhouse stats`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Sources that were asked at least once.
    pub sources: u64,
    /// Items seen, kept or not.
    pub items_seen: u64,
    /// Items kept.
    pub items_kept: u64,
    /// Mentions kept.
    pub mentions: u64,
    /// Opportunities.
    pub opportunities: u64,
    /// Opportunities of the own brands that passed without anybody having said that it was done; 0 where nobody asked.
    #[serde(default)]
    pub missed: u64,
    /// Alerts that wait to be delivered.
    pub outbox_pending: u64,
    /// Posted bodies that wait to be worked on.
    #[serde(default)]
    pub inbox_waiting: u64,
    /// Posted bodies that could not be read and are still kept.
    #[serde(default)]
    pub inbox_refused: u64,
    /// What sources have used of budgets that are under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Usage>,
    /// Recipients who left a list by the link in its mails, each with the list (`digest`, `alerts`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<(String, String)>,
    /// Bytes of the database with its write-ahead log.
    pub database_bytes: u64,
    /// What of our own does not work.
    pub troubles: Vec<Trouble>,
}
