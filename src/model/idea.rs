//! What a person could do about an opportunity: the gestures of one play of the playbook.

use serde::{Deserialize, Serialize};

/// How long a gesture takes somebody, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Some minutes at a desk.
    Minutes,
    /// Some hours, or a way to go.
    Hours,
    /// Days: something is made, ordered or sent.
    Days,
}

impl Effort {
    /// Every effort, the least first.
    pub const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    /// The word used in playbooks and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    /// The effort that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effort| effort.as_str() == name)
    }

    /// The least time that such a gesture needs, in seconds: 10 minutes, an hour, a day.
    #[must_use]
    pub fn least_seconds(self) -> i64 {
        match self {
            Self::Minutes => 10 * 60,
            Self::Hours => 60 * 60,
            Self::Days => 24 * 60 * 60,
        }
    }
}

/// What a gesture costs beside somebody's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// Nothing.
    None,
    /// What an employee may give without asking.
    Small,
    /// What somebody has to approve.
    Medium,
}

impl Cost {
    /// Every cost, the least first.
    pub const ALL: [Self; 3] = [Self::None, Self::Small, Self::Medium];

    /// The word used in playbooks and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Small => "small",
            Self::Medium => "medium",
        }
    }

    /// The cost that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cost| cost.as_str() == name)
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gesture {
    /// What to do, in the team's language; it may hold words of the post.
    #[serde(rename = "do")]
    pub what: String,
    /// How long it takes.
    pub effort: Effort,
    /// What it costs.
    pub cost: Cost,
    /// It takes longer than there is time.
    #[serde(rename = "late")]
    pub is_late: bool,
}

/// What the playbook says about one opportunity. Texts may hold words of the post: a face escapes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ideas {
    /// The play's id.
    pub play: String,
    /// It is the user's own.
    #[serde(rename = "own")]
    pub is_users: bool,
    /// What it was chosen for: kinds and conditions, by name.
    pub because: Vec<String>,
    /// What to do, at most three, the best first.
    pub gestures: Vec<Gesture>,
    /// How to word it, in `say_lang`.
    pub say: Vec<String>,
    /// The language of `say` (ISO 639-1): the customer's where the playbook speaks it, else the team's.
    pub say_lang: String,
    /// It was not said to the brand: ask before stepping in.
    pub ask_first: bool,
    /// What not to do, in the team's language.
    pub avoid: Vec<String>,
}
