//! What may be asked and spent in a stretch of time, and what was.

use super::{Money, SourceName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The stretch that a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// From hour to hour.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From month to month.
    Month,
}

impl Stretch {
    /// The word used in SQL, JSON and figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The stretch that `word` names, if any.
    #[must_use]
    pub fn from_name(word: &str) -> Option<Self> {
        [Self::Hour, Self::Day, Self::Month].into_iter().find(|stretch| stretch.as_str() == word)
    }
}

/// One budget that a source keeps to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// All sources with this account draw on one budget.
    pub account: String,
    /// For how long it is.
    pub stretch: Stretch,
    /// Requests, or millionths of a unit of `currency`.
    pub most: u64,
    /// The currency where it is money; `None` for requests.
    pub currency: Option<String>,
    /// The zone in which days and months begin (IANA).
    pub zone: String,
    /// What each request takes of it.
    pub per_request: u64,
    /// What each item of an answer takes of it.
    pub per_item: u64,
}

impl Budget {
    /// So many requests.
    #[must_use]
    pub fn of_requests(account: String, stretch: Stretch, most: u32, zone: String) -> Self {
        Self { account, stretch, most: most.into(), currency: None, zone, per_request: 1, per_item: 0 }
    }

    /// So much money a month.
    #[must_use]
    pub fn of_money(account: String, most: Money, zone: String, (per_request, per_item): (u64, u64)) -> Self {
        let Money { micros, currency } = most;
        let stretch = Stretch::Month;
        Self { account, stretch, most: micros, currency: Some(currency), zone, per_request, per_item }
    }
}

/// What a request is about to take of one budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// Who takes it.
    pub source: SourceName,
    /// Of which account.
    pub account: String,
    /// The stretch.
    pub stretch: Stretch,
    /// When the stretch began and ends.
    pub begins_at: Timestamp,
    /// When there is more.
    pub ends_at: Timestamp,
    /// How much.
    pub amount: u64,
    /// How much all that draw on the account may take in the stretch.
    pub most: u64,
    /// The currency where it is money.
    pub currency: Option<String>,
}

/// How much of a budget is used, as a source sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// The source.
    pub source: SourceName,
    /// For how long the budget is.
    pub stretch: Stretch,
    /// What was used by all that draw on it: requests, or millionths of `currency`.
    pub used: u64,
    /// What may be used.
    pub most: u64,
    /// The currency where it is money.
    pub currency: Option<String>,
    /// When there is more.
    pub ends_at: Timestamp,
}
