//! Feelings along the customer's journey, as they are counted.

use super::BrandId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// By what feelings are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JourneyBy {
    /// The phase of the journey.
    Phase,
    /// Where the touch took place, and where that is not told, where it was said.
    Medium,
    /// What it is about; a mention with several aspects counts for each.
    Aspect,
    /// The hour, UTC, in which it was first read: its start in RFC 3339.
    Hour,
}

/// Which counts are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyLook {
    /// Only of this brand.
    pub brand: Option<BrandId>,
    /// First read at or after this moment, the hour of which counts as a whole.
    pub from: Timestamp,
    /// First read before this moment, the hour of which counts as a whole.
    pub to: Timestamp,
    /// By what they are told apart.
    pub by: JourneyBy,
}

/// How many mentions of a brand felt how. Spam, own posts, repeats and what is not meant are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyCount {
    /// The brand.
    pub brand: BrandId,
    /// The phase, medium, aspect, hour or day.
    pub of: String,
    /// Feels good.
    pub positive: u64,
    /// Says nothing of a feeling.
    pub neutral: u64,
    /// Feels bad.
    pub negative: u64,
    /// Both.
    pub mixed: u64,
}

impl JourneyCount {
    /// All of them.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.positive + self.neutral + self.negative + self.mixed
    }
}

/// What of a brand was blamed in the last week, and in the week before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pain {
    /// The brand.
    pub brand: BrandId,
    /// What it is about.
    pub aspect: String,
    /// Mentions in the last seven days that feel bad.
    pub negative: u64,
    /// The same in the seven days before.
    pub before: u64,
}
