//! What somebody feels.

use super::Reason;
use serde::{Deserialize, Serialize};

/// The sign of a feeling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sentiment {
    /// Feels good.
    Positive,
    /// Says nothing of a feeling.
    #[default]
    Neutral,
    /// Feels bad.
    Negative,
    /// Real praise beside real blame.
    Mixed,
}

impl Sentiment {
    /// The word used in JSON, SQL and pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::Mixed => "mixed",
        }
    }

    /// The feeling that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Positive, Self::Neutral, Self::Negative, Self::Mixed].into_iter().find(|label| label.as_str() == name)
    }
}

/// A feeling with its strength and the words that made us think so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// The sign.
    pub label: Sentiment,
    /// From -1 (worst) to 1 (best).
    pub score: f32,
    /// How likely the sign is right, from 0 to 1; 0 also where nobody weighed it.
    #[serde(default)]
    pub confidence: f32,
    /// What it rests on, in text order.
    pub reasons: Vec<Reason>,
}
