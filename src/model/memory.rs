//! What is learned of a source over its readings: its rhythm, its delay, where it moved.

use super::Hub;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How often a feed asks to be read, as it says itself. The default asks for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// The shortest pause in seconds that it wishes (`ttl`, `sy:updatePeriod`); 0 where it names none.
    pub at_least_s: u32,
    /// Hours of the day, UTC, in which it is not to be asked (`skipHours`): bit 0 is the hour from midnight.
    pub skip_hours: u32,
    /// Days, UTC, on which it is not to be asked (`skipDays`): bit 0 is Monday.
    pub skip_days: u8,
}

/// What is learned of a source over its readings. The default knows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The median gap between two of its items, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap_s: Option<u32>,
    /// The longest gap between two of its items lately, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_gap_s: Option<u32>,
    /// How many gaps these two rest on.
    pub n_gaps: u32,
    /// How far back we know of its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<Timestamp>,
    /// When it last had something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub news_at: Option<Timestamp>,
    /// When it last gave a mention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_at: Option<Timestamp>,
    /// Seconds from publication to our reading, of the newest items for which that is known; the latest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delays_s: Vec<u32>,
    /// How often it asks to be read.
    #[serde(skip_serializing_if = "is_default")]
    pub pace: Pace,
    /// Where it says that it has moved for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moving: Option<Moving>,
    /// The address that it is read at since it has moved; the configured one where it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted: Option<String>,
    /// Hash over the contents of its last answer, whatever their order; 0 where there is none.
    #[serde(skip_serializing_if = "is_default")]
    pub contents: u64,
    /// Short hashes of the contents of its last answer, where no id in that was known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each_content: Vec<u32>,
    /// Who tells what is new, as its last answer named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<Hub>,
    /// What is missing of a stream, the latest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// How often single items were asked for again lately.
    #[serde(skip_serializing_if = "is_default")]
    pub looks: LookCount,
}

/// How often single items of a source were asked for again within one hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LookCount {
    /// The hour, counted from 1970.
    pub hour: i64,
    /// Requests in it.
    pub n: u32,
    /// When one of them last found what it asked for: who never has anything proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alive_at: Option<Timestamp>,
}

/// What was said between two moments, and was not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// From where on.
    pub from: Timestamp,
    /// To where.
    pub to: Timestamp,
    /// What was done about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub filling: Filling,
}

/// What was done about a gap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// Nothing yet, or nothing can be done.
    #[default]
    Open,
    /// It was searched to its end, which gave so many items that name a brand and were not known.
    Whole {
        /// Those items.
        n_items: u32,
    },
    /// As above, but there was more than is asked for.
    Cut {
        /// As above.
        n_items: u32,
    },
    /// As above, but the search was refused.
    Refused {
        /// The HTTP status; 200 where the answer was none, 0 where no answer came.
        status: u16,
        /// As above.
        n_items: u32,
    },
}

impl Gap {
    /// A gap about which nothing was done.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, filling: Filling::Open }
    }
}

/// A move that a source has announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// Where to.
    pub to: String,
    /// Readings in a row that were sent there.
    pub n_readings: u32,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Memory {
    /// The median of the known delays from publication to our reading, in seconds.
    #[must_use]
    pub fn usual_delay_s(&self) -> Option<u32> {
        let mut delays = self.delays_s.clone();
        delays.sort_unstable();
        delays.get(delays.len() / 2).copied()
    }
}
