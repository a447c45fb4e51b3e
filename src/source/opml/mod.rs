//! OPML, the lists of feeds that feed readers exchange: read leniently, written strictly.
//!
//! In: the bytes of a list. Out: its [`Subscription`]s in order with their lines, and what could not be read. Broken
//! markup costs the outline that it stands in. Not an engine: a list is imported once, by a person.
//!
//! What OPML has no word for (engine, rhythm, medium) stands in attributes of our own prefix, so that a list that we
//! wrote gives the same sources again.

mod read;
mod write;

pub use read::read;
pub use write::{Written, write};

/// The most bytes that a list may have.
pub const FILE_LIMIT_BYTES: usize = 20 * 1024 * 1024;

/// The most outlines of a list that are read.
pub const OUTLINES_LIMIT: usize = 100_000;

/// The prefix of our own attributes.
pub const PREFIX: &str = "porterhouse";

/// What the prefix stands for. A name, no address.
const NAMESPACE: &str = "urn:x-porterhouse:opml";

/// A list, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// What it subscribes to, in order.
    pub found: Vec<Subscription>,
    /// Outlines that name an address of a page and none of a feed.
    pub n_without_feed: usize,
    /// There are more outlines than [`OUTLINES_LIMIT`]; those were not read.
    pub is_full: bool,
    /// Places in the markup that could not be understood.
    pub n_broken: usize,
}

/// One outline that names what to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The line that it begins on, from 1.
    pub line: usize,
    /// What it is called.
    pub title: Option<String>,
    /// The folders that it lies in, the outermost first; of a deep one the last few.
    pub folders: Vec<String>,
    /// Its address as written, blanks around it and `feed:` before it removed.
    pub url: String,
    /// The language that it names.
    pub lang: Option<String>,
    /// Our own attributes without their prefix, in order.
    pub own: Vec<(String, String)>,
}

/// The list is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpmlError {
    /// Too many bytes.
    #[error("the list is larger than {} MB; split it", FILE_LIMIT_BYTES / (1024 * 1024))]
    TooLarge,
    /// Nothing in it is an outline or says that it is OPML.
    #[error("this is no OPML: there is no `<opml>` and no `<outline>` in it; export the list of your feed reader anew")]
    NotOpml,
}
