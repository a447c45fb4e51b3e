//! What a source asks for and what came back: the talk between `source` and `fetch`.

use super::{Cursor, FeedFacts, Hub, Item, ItemKey, Pace, SecretRef, TokenPlan, Told};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// What a source asks for. It holds no secret: it names one, and `fetch` fills it in.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The absolute address.
    pub url: String,
    /// Extra request headers.
    pub headers: Vec<(String, String)>,
    /// A secret to send as `Authorization: Bearer`.
    pub bearer: Option<SecretRef>,
    /// Whether the stored validators may be sent with it (only the first request of a reading).
    pub conditional: bool,
    /// Whether robots.txt is asked first: true for pages, false for feeds and interfaces, which are made for programs.
    pub obeys_robots: bool,
    /// The most decoded bytes that the answer may have.
    pub body_limit_bytes: usize,
    /// What its engine noted down about it: opaque to everybody else.
    pub note: Option<String>,
    /// What makes it more than a plain GET.
    pub means: Means,
}

impl Request {
    /// A GET of what was made for programs, with nothing added; its answer may have so many decoded bytes.
    #[must_use]
    pub fn plain(url: String, body_limit_bytes: usize) -> Self {
        Self {
            url,
            headers: Vec::new(),
            bearer: None,
            conditional: false,
            obeys_robots: false,
            body_limit_bytes,
            note: None,
            means: Means::default(),
        }
    }
}

/// What makes a request more than a plain GET. The default adds nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Means {
    /// What is sent with it, which makes it a POST.
    pub payload: Option<Payload>,
    /// A secret to send otherwise than as `Authorization: Bearer`.
    pub credential: Option<Credential>,
    /// The least time since the last request to the same host, where that is longer than the house's own.
    pub spacing: Option<Duration>,
}

/// The body of a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: bytes::Bytes,
}

/// How a secret is sent, to the host of the request alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// In a header of this name.
    Header(String, SecretRef),
    /// As a part of the query of this name, which no address that is shown or kept holds.
    Query(String, SecretRef),
    /// As the password of this user (`Authorization: Basic`).
    Basic(String, SecretRef),
    /// An access token that is got by this plan (`Authorization: Bearer`).
    Token(Arc<TokenPlan>),
}

impl Credential {
    /// The secret that is sent as it stands; a token is none.
    #[must_use]
    pub fn secret(&self) -> Option<&SecretRef> {
        match self {
            Self::Header(_, secret) | Self::Query(_, secret) | Self::Basic(_, secret) => Some(secret),
            Self::Token(_) => None,
        }
    }
}

/// What came back, decoded from gzip, br, zstd or deflate but not from its character set.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The address that answered, after redirects.
    pub url: String,
    /// Header names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The decoded bytes.
    pub body: bytes::Bytes,
}

impl Response {
    /// The first header of that name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What one answer gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// What the feed or page says of itself.
    pub feed: Option<FeedFacts>,
    /// The items, in the order of the answer.
    pub items: Vec<Item>,
    /// Items that were deleted at their origin.
    pub deletions: Vec<ItemKey>,
    /// Further requests (paging).
    pub next: Vec<Request>,
    /// The cursor to store with them.
    pub cursor: Cursor,
    /// How often the source asks to be read.
    pub pace: Pace,
    /// Who tells what is new, where the answer names one.
    pub hub: Option<Hub>,
    /// What the body says of our limits.
    pub told: Told,
    /// Entries that the service counts as given, also those that are no items of ours.
    pub n_entries: u64,
    /// What could not be read; the rest still counts.
    pub problems: Vec<Problem>,
}

/// Something in an answer that could not be read as it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong and what we did about it, in plain words.
    pub message: String,
    /// The line of the answer, counted from 1, where one can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What a server gave us to ask "has it changed?" with, stored exactly as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// For `If-None-Match`.
    pub etag: Option<String>,
    /// For `If-Modified-Since`.
    pub last_modified: Option<String>,
}
