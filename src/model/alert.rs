//! One message to one channel, and why it was sent or not.

use super::{AlertKey, NoticeId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name! {
    /// The name of a channel in `porterhouse.toml`.
    ChannelName
}
name! {
    /// The name of a route.
    RouteName
}

/// One message to one recipient on one channel, as it lies in the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Stable over all attempts: hash(route, recipient, group, window).
    pub key: AlertKey,
    /// The route that made it.
    pub route: RouteName,
    /// The channel that sends it.
    pub channel: ChannelName,
    /// The mail address or webhook address; empty for the terminal.
    pub recipient: String,
    /// The notices that it tells of.
    pub notices: Vec<NoticeId>,
    /// What it says, rendered when it was routed, so that every attempt sends the same.
    pub body: AlertBody,
    /// The address by which its recipient leaves the list (RFC 8058), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// When it was routed.
    pub created_at: Timestamp,
}

/// What an alert says, in every form that a channel may need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertBody {
    /// The subject or headline, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A whole HTML document; foreign text escaped.
    pub html: String,
    /// For machines: the webhook's payload.
    pub json: serde_json::Value,
}

/// What came of one attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// The receiver acknowledged it.
    Acknowledged,
    /// It may work later; the words say what went wrong.
    Retry(String),
    /// It will never work as it stands.
    Refused(String),
}

/// Whether a notice becomes an alert on a route, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reason", rename_all = "snake_case")]
pub enum Verdict {
    /// It goes out.
    Send(VerdictReason),
    /// It does not.
    Hold(VerdictReason),
}

/// Why a notice was sent or held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictReason {
    /// A new opportunity.
    NewOpportunity,
    /// A source turned bad or good again.
    SourceChanged,
    /// Something of our own stopped or began to work.
    HouseChanged,
    /// Old news, but its deadline lies ahead.
    DeadlineAhead,
    /// Of a first reading, or too old.
    Backlog,
    /// The brand is watched as a competitor.
    Competitor,
    /// Below the route's least score.
    BelowScore,
    /// Asks for a person's care: it goes out whatever its score, in quiet words.
    Care,
    /// The route names other brands.
    OtherBrand,
    /// The route takes surprises only.
    NoSurprise,
    /// The route takes no news of sources.
    SourcesNotAsked,
    /// The item is not kept any more, or is no opportunity any more.
    ItemGone,
    /// The route's query means others.
    QueryNotMet,
    /// What was told of is otherwise now.
    Turned,
    /// It is otherwise now, but nobody was told of it here.
    NotTold,
}

impl VerdictReason {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::NewOpportunity,
        Self::SourceChanged,
        Self::HouseChanged,
        Self::DeadlineAhead,
        Self::Backlog,
        Self::Competitor,
        Self::BelowScore,
        Self::Care,
        Self::OtherBrand,
        Self::NoSurprise,
        Self::SourcesNotAsked,
        Self::ItemGone,
        Self::QueryNotMet,
        Self::Turned,
        Self::NotTold,
    ];

    /// The word used in SQL and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewOpportunity => "new_opportunity",
            Self::SourceChanged => "source_changed",
            Self::HouseChanged => "house_changed",
            Self::DeadlineAhead => "deadline_ahead",
            Self::Backlog => "backlog",
            Self::Competitor => "competitor",
            Self::BelowScore => "below_score",
            Self::Care => "care",
            Self::OtherBrand => "other_brand",
            Self::NoSurprise => "no_surprise",
            Self::SourcesNotAsked => "sources_not_asked",
            Self::ItemGone => "item_gone",
            Self::QueryNotMet => "query_not_met",
            Self::Turned => "turned",
            Self::NotTold => "not_told",
        }
    }

    /// The reason that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}
