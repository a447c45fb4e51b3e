//! Trouble of our own house: what keeps porterhouse from storing and telling.

use super::ChannelName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The part of the house that is in trouble.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Part {
    /// The disk with the data folder is nearly full.
    Disk,
    /// The database cannot be read or written.
    Store,
    /// A channel does not take what it is sent.
    Channel(ChannelName),
    /// More lies in the outbox than goes out.
    Outbox,
    /// A digest was not sent.
    Digest,
}

/// Something of our own that does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Where.
    pub part: Part,
    /// Since when; `None` where it is over.
    pub since: Option<Timestamp>,
    /// When somebody was last told; `None` where nobody was.
    pub told_at: Option<Timestamp>,
    /// The particulars, in English: figures, the answer of a server.
    pub message: String,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk => f.write_str("disk"),
            Self::Store => f.write_str("database"),
            Self::Channel(name) => write!(f, "channel {name}"),
            Self::Outbox => f.write_str("outbox"),
            Self::Digest => f.write_str("digest"),
        }
    }
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        part.to_string()
    }
}

/// The word names no part of the house.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of the house")]
pub struct ParsePartError(pub String);

impl TryFrom<String> for Part {
    type Error = ParsePartError;

    fn try_from(word: String) -> Result<Self, ParsePartError> {
        match word.as_str() {
            "disk" => Ok(Self::Disk),
            "database" => Ok(Self::Store),
            "outbox" => Ok(Self::Outbox),
            "digest" => Ok(Self::Digest),
            _ => match word.strip_prefix("channel ") {
                Some(name) => Ok(Self::Channel(ChannelName(name.to_owned()))),
                None => Err(ParsePartError(word)),
            },
        }
    }
}
