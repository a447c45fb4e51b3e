//! Sources that speak by themselves: one connection that stays, message after message.
//!
//! In: the messages of a connection that `pipeline` keeps open. Out: what each of them means, and the cursor to go on
//! at.
//! Like [`Source`](super::Source), a stream does no I/O and holds no secret. A new one is one file and one line in
//! [`STREAMS`].

use super::ReadError;
use crate::model::{Author, Cursor, Gap, Item, ItemKey, Request, Response, SecretRef, SourceSpec};
use jiff::Timestamp;
use std::time::Duration;

/// An engine that can be listened to; it is one of [`ENGINES`](super::ENGINES) as well, for answers.
#[derive(Debug, Clone, Copy)]
pub struct Streaming {
    /// What `engine = "..."` names it.
    pub name: &'static str,
    /// Its sources can be read by asking too; otherwise only saved answers are.
    pub is_asked: bool,
    /// Makes the stream of one `[[source]]`; `None` where that one is only asked.
    pub open: fn(&SourceSpec) -> Option<Box<dyn Stream>>,
}

/// The engines that can be listened to.
pub const STREAMS: &[Streaming] = &[
    Streaming { name: "bluesky", is_asked: false, open: |spec| Some(super::bluesky::open_stream(spec)) },
    Streaming { name: "mastodon", is_asked: true, open: super::mastodon::open_stream },
];

/// The stream that `spec` describes; `None` where it is only read by asking.
#[must_use]
pub fn open_stream(spec: &SourceSpec) -> Option<Box<dyn Stream>> {
    STREAMS.iter().find(|streaming| streaming.name == spec.engine).and_then(|streaming| (streaming.open)(spec))
}

/// Whether sources of `engine` cannot be asked, but only listened to.
#[must_use]
pub fn is_stream(engine: &str) -> bool {
    STREAMS.iter().any(|streaming| streaming.name == engine && !streaming.is_asked)
}

/// One place that is listened to.
pub trait Stream: Send + Sync {
    /// The namespace of its items' keys.
    fn namespace(&self) -> &str;

    /// Where to connect to go on at `cursor`, after `failures` attempts in a row that gave nothing.
    fn hail(&self, cursor: &Cursor, failures: u32, now: Timestamp) -> Hail;

    /// What to do where `hail` was answered with `status` and not with a stream; `answer` is the beginning of the body.
    fn refused(&self, cursor: &Cursor, hail: &Hail, refusal: &Refusal, now: Timestamp) -> Retry;

    /// A listener for the connection that `hail` led to.
    fn listen(&self, cursor: &Cursor, hail: &Hail) -> Box<dyn Listener>;

    /// How often the source is read by asking as well while it is heard at `cursor`, since its stream repeats nothing:
    /// at once after each connecting, and then this often; zero means at the pace of a source that is only asked. `None`
    /// where a cursor leads the stream back to what was missed.
    fn asked_every(&self, _cursor: &Cursor) -> Option<Duration> {
        None
    }

    /// Whether the readings that led to `cursor` hold everything that the server had to give at `since`; what they do not
    /// hold was perhaps said while nobody listened. Only where the source is asked as well.
    fn has_read_all(&self, _cursor: &Cursor, _since: Timestamp) -> bool {
        true
    }

    /// The request that tells of the authors with these urls, at most [`Stream::authors_at_once`]; `None` where the
    /// stream tells of them itself.
    fn ask_authors(&self, _urls: &[&str]) -> Option<Request> {
        None
    }

    /// How many authors one request may ask for.
    fn authors_at_once(&self) -> usize {
        1
    }

    /// Who fills the gaps of the stream; `None` where nobody may be asked.
    fn filler(&self) -> Option<&dyn Filler> {
        None
    }

    /// The authors of such an answer; those that it does not name are missing.
    fn authors(&self, _response: &Response) -> Vec<Author> {
        Vec::new()
    }
}

/// Finds what was said in a gap.
pub trait Filler: Send + Sync {
    /// The first requests for what was said of `names` in `gap`.
    fn start(&self, gap: &Gap, names: &[&str]) -> Searches;

    /// What an answer holds. Its items may lie outside of the gap, and need not name what was asked for.
    ///
    /// # Errors
    /// [`ReadError`] where nothing of it could be read.
    fn found(&self, request: &Request, response: &Response, now: Timestamp) -> Result<Found, ReadError>;

    /// Another way to what `request` asks for, which was refused; `None` where there is none.
    fn otherwise(&self, request: &Request) -> Option<Request>;
}

/// With what a search begins.
#[derive(Debug, Default)]
pub struct Searches {
    /// The first request of each question.
    pub requests: Vec<Request>,
    /// There would be more questions than are asked.
    pub is_cut: bool,
}

/// What one answer to a search holds.
#[derive(Debug, Default)]
pub struct Found {
    /// The items.
    pub items: Vec<Item>,
    /// The next page.
    pub next: Option<Request>,
    /// There is more, which is not asked for.
    pub is_cut: bool,
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hail {
    /// The absolute `ws` or `wss` address; `http` or `https` where it sends events.
    pub url: String,
    /// It is answered with server-sent events, and not with a WebSocket.
    pub is_events: bool,
    /// A secret to send as `Authorization: Bearer`.
    pub bearer: Option<SecretRef>,
    /// Messages of text to begin with, in order.
    pub first: Vec<String>,
    /// The longest silence, in those that the house bears; at least 1.
    pub patience: u32,
    /// Whether a connection that only answers pings is alive: true where there may be nothing to say for long.
    pub pong_is_life: bool,
    /// What its engine noted down about it: opaque to everybody else.
    pub note: String,
}

impl Default for Hail {
    fn default() -> Self {
        let (url, note) = Default::default();
        Self { url, is_events: false, bearer: None, first: Vec::new(), patience: 1, pong_is_life: false, note }
    }
}

/// How a hail was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status; 200 where a page came.
    pub status: u16,
    /// The beginning of the body.
    pub answer: String,
}

/// What to do after a refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// The cursor to go on at.
    pub cursor: Cursor,
    /// Another way was found, so that nothing failed: it is to be tried at once.
    pub at_once: bool,
}

/// Understands the messages of one connection.
pub trait Listener: Send {
    /// What one message means. `may_matter` looks at an item that has nothing but its text and is asked before anything
    /// costlier is made of it: where it says no, no trace of the message stays but the cursor.
    ///
    /// # Errors
    /// [`HearError`] where the message cannot be understood; the next one may be.
    fn hear(&mut self, message: Message<'_>, may_matter: &mut dyn FnMut(&Item) -> bool) -> Result<Event, HearError>;

    /// How far was heard.
    fn cursor(&self) -> Cursor;

    /// Whether the stream goes on at [`Listener::cursor`]; otherwise the cursor is that of asking, and stays.
    fn has_place(&self) -> bool {
        true
    }
}

/// One message.
#[derive(Debug, Clone, Copy)]
pub enum Message<'m> {
    /// Of text.
    Text(&'m [u8]),
    /// Of bytes.
    Binary(&'m [u8]),
}

/// What a message means.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Nothing that matters.
    Nothing,
    /// An item, new or changed.
    Item {
        /// The item.
        item: Box<Item>,
        /// Grows with each change of the same item, in the order of text.
        revision: String,
    },
    /// An item was deleted.
    Deleted {
        /// Its key.
        key: ItemKey,
        /// As above.
        revision: String,
    },
    /// An author is gone: deleted, suspended, taken down.
    AuthorGone {
        /// The namespace of their items.
        namespace: String,
        /// What the ids of their items begin with.
        id_prefix: String,
        /// The account was deleted for good; else it may be opened again.
        is_deleted: bool,
        /// As above, of what is told of the author; what they say afterwards stays where this is told again.
        revision: String,
    },
    /// What was said between these two moments is missing: the stream no longer has it.
    Gap {
        /// From where on.
        from: Timestamp,
        /// To where.
        to: Timestamp,
        /// What the message means besides.
        then: Box<Event>,
    },
    /// The server ends the stream, with its words.
    Ending(String),
}

/// A message is not what the stream should send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a message is no event ({reason}); skipped")]
pub struct HearError {
    /// What was wrong.
    pub reason: String,
}
