//! A fact worth telling, stored with what caused it.

use super::{BrandId, Cause, ItemId, Part, SourceName, Turn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A fact worth telling: routes turn notices into alerts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// When we learned of it.
    pub at: Timestamp,
    /// It is of a first reading, or older than `alert_max_age`: stored, told only if a deadline lies ahead.
    pub backlog: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeKind {
    /// A new opportunity. `item` is filled in by the store, in the commit that keeps the item.
    Opportunity {
        /// The item's row.
        item: ItemId,
        /// The brand that it is about.
        brand: BrandId,
    },
    /// An opportunity that was told of was edited, and is otherwise now.
    OpportunityTurned {
        /// The item's row.
        item: ItemId,
        /// The brand that it is about.
        brand: BrandId,
        /// What is otherwise.
        turn: Turn,
    },
    /// A source turned bad.
    SourceTrouble {
        /// The source.
        source: SourceName,
        /// Why.
        cause: Option<Cause>,
        /// In plain words: what is wrong, and what to do.
        message: String,
    },
    /// A source that was bad is read again.
    SourceRecovered {
        /// The source.
        source: SourceName,
    },
    /// A source has moved for good and is read at its new address.
    SourceMoved {
        /// The source.
        source: SourceName,
        /// Where it is read from now on.
        to: String,
    },
    /// Something of our own does not work.
    HouseTrouble {
        /// What.
        part: Part,
        /// The particulars, in English.
        message: String,
    },
    /// Something of our own works again.
    HouseRecovered {
        /// What.
        part: Part,
    },
}

impl NoticeKind {
    /// The word used in SQL and logs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opportunity { .. } => "opportunity",
            Self::OpportunityTurned { .. } => "opportunity_turned",
            Self::SourceTrouble { .. } => "source_trouble",
            Self::SourceRecovered { .. } => "source_recovered",
            Self::SourceMoved { .. } => "source_moved",
            Self::HouseTrouble { .. } => "house_trouble",
            Self::HouseRecovered { .. } => "house_recovered",
        }
    }
}
