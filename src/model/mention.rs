//! One item seen as being about one brand.

use super::{BrandId, Emotion, Feeling, Reason, Touchpoint};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What analysis says of one item.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// ISO 639-1; `None` where no language could be decided.
    pub lang: Option<String>,
    /// How much it looks like an ad, a scam or a bot.
    pub spam: Spam,
    /// The feeling of the text itself, whoever it is about.
    pub sentiment: Feeling,
    /// The brands that it is about, most relevant first.
    pub mentions: Vec<Mention>,
}

/// How much an item looks like an ad, a scam, a contest, a listing or a bot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Spam {
    /// Whether it is taken for spam.
    pub is_spam: bool,
    /// From 0 (somebody's own voice) to 1 (surely spam).
    pub score: f32,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// One item seen as being about one brand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// The brand.
    pub brand: BrandId,
    /// How sure we are that this brand is meant, from 0 to 1.
    pub relevance: f32,
    /// Where and how it is named.
    pub evidence: Vec<Evidence>,
    /// What the author feels toward this brand.
    pub sentiment: Feeling,
    /// The emotion toward this brand, where it is plain; it goes with the sign of the feeling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<Emotion>,
    /// What the feeling is about, what stands nearest to the strongest feeling first; empty where it cannot be told.
    pub aspects: Vec<String>,
    /// Where the touch took place, where the text says so; else it is where the item was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<Touchpoint>,
    /// Whether the brand would be notified, or is spoken to.
    pub direct: bool,
    /// Whether the brand itself wrote it.
    pub own: bool,
    /// Why the brand is meant, or not.
    pub reasons: Vec<Reason>,
}

/// One place in the text that names the brand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// How it is named.
    pub kind: EvidenceKind,
    /// The words as they stand in the text.
    pub words: String,
    /// Where they stand (bytes) in the title, a line break and the text.
    pub span: Range<usize>,
}

/// How a brand is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// By its full name.
    Name,
    /// By its query, which alone says what is about it.
    Query,
    /// By another name.
    Alias,
    /// By a handle.
    Handle,
    /// By a hashtag.
    Hashtag,
    /// By a link to its pages.
    Domain,
    /// By a thing that it sells.
    Product,
    /// By somebody who stands for it.
    Person,
    /// It stands on the brand's own page, answers the brand, or is the brand's own.
    Page,
}

/// The part of the customer's journey that an item speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Availability, price, comparison, waiting for it.
    Presales,
    /// Booking, ordering, paying, being advised.
    Sales,
    /// The stay, the meal, the trip, the device in daily life.
    Use,
    /// Delivery, defect, refund, hotline, loyalty programme, review.
    Aftersales,
    /// No touchpoint: image, news, chat.
    #[default]
    None,
}

impl Phase {
    /// The word used in JSON, SQL and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Presales => "presales",
            Self::Sales => "sales",
            Self::Use => "use",
            Self::Aftersales => "aftersales",
            Self::None => "none",
        }
    }

    /// The phase that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Presales, Self::Sales, Self::Use, Self::Aftersales, Self::None]
            .into_iter()
            .find(|phase| phase.as_str() == name)
    }
}
