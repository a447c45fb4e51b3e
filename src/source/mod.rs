//! Reads one family of sources each: says what to ask for and reads what came back. Does no I/O, holds no secret.
//!
//! In: a [`SourceSpec`] and, per answer, a [`Response`]. Out: a [`Batch`] of items, problems and further requests.
//! A new engine is one file here and one line in [`ENGINES`].

mod again;
pub mod bluesky;
pub mod feed;
pub mod import;
pub mod json;
mod likely;
pub mod mastodon;
mod offer;
pub mod opml;
pub mod page;
mod preset;
mod stream;
pub mod webhook;
pub mod wordpress;

pub use again::{Look, Sight};
pub use offer::{Offer, OfferKind, guesses, offers, own_offer, sitemaps_in_robots};
pub use page::{PickError, check_part};
pub use preset::{FILES as PRESET_FILES, PRESETS, preset};
pub use stream::{
    Event, Filler, Found, Hail, HearError, Listener, Message, Refusal, Retry, STREAMS, Searches, Stream, Streaming,
    is_stream, open_stream,
};

use crate::model::{Batch, Cursor, ItemKey, Medium, Request, Response, SourceSpec};
use jiff::Timestamp;

/// Stands for the address of a saved answer of which nobody knows where it came from.
pub const NOWHERE: &str = "https://unknown.invalid/";

/// One place that is read.
pub trait Source: Send + Sync {
    /// The first requests of a reading that begins at `cursor`.
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request>;

    /// Reads one answer. Broken entries land in `Batch::problems`; the rest still counts.
    ///
    /// # Errors
    /// [`ReadError`] where nothing of the answer could be read.
    fn read(&self, cursor: &Cursor, request: &Request, response: &Response, now: Timestamp)
    -> Result<Batch, ReadError>;

    /// What to do where `request` was refused with `status` (400, 401, 403, 404 or 410; a wall or a login in place of
    /// the answer counts as 403 and 401), or gave no answer for another reason (`None`). Of the batch only `next` and
    /// `cursor` count.
    ///
    /// `None`, and so it is unless an engine knows another way: the reading fails.
    fn refused(&self, _cursor: &Cursor, _request: &Request, _status: Option<u16>, _now: Timestamp) -> Option<Batch> {
        None
    }

    /// Whether single items can be asked for again.
    fn can_look_again(&self) -> bool {
        false
    }

    /// Whether its lists give parts of texts, and the whole is found by asking for the item itself.
    fn lists_parts(&self) -> bool {
        false
    }

    /// The questions whether the items `due` are still there, and as they were. Where one request can ask about many,
    /// `others` are asked about with them: that they are there shows that the service answers.
    ///
    /// An item about which nothing can be asked is in none of them.
    fn look_again(&self, _cursor: &Cursor, _due: &[ItemKey], _others: &[ItemKey], _now: Timestamp) -> Vec<Look> {
        Vec::new()
    }

    /// What an answer to `look` says of its items, or that the request was refused with a status (400, 401, 403, 404 or
    /// 410 of the service itself; never a wall). Of items that are not named nothing was learned.
    fn looked(
        &self,
        _cursor: &Cursor,
        _look: &Look,
        _answer: Result<&Response, u16>,
        _now: Timestamp,
    ) -> Vec<(ItemKey, Sight)> {
        Vec::new()
    }

    /// What to do where the host of `request` asked to be left alone and is not asked, as above.
    ///
    /// `None`, and so it is unless a source has several hosts: the reading waits.
    fn rests(&self, _cursor: &Cursor, _request: &Request, _now: Timestamp) -> Option<Batch> {
        None
    }
}

/// Code that reads one family of sources.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// What `engine = "..."` names it.
    pub name: &'static str,
    /// What it reads, in one line.
    pub about: &'static str,
    /// What its items are unless an answer says better.
    pub medium: Medium,
    /// Makes the source of one `[[source]]`.
    pub open: fn(&SourceSpec) -> Box<dyn Source>,
}

/// Every engine there is.
pub const ENGINES: &[Engine] = &[
    Engine {
        name: "bluesky",
        about: "every public post of Bluesky as it is written, deleted or changed (Jetstream); saved answers of its API",
        medium: Medium::Post,
        open: bluesky::open,
    },
    Engine {
        name: "feed",
        about: "RSS, Atom and JSON feeds: blogs, news, forums, comments, searches that offer a feed",
        medium: Medium::Blog,
        open: feed::open,
    },
    Engine {
        name: "json",
        about: "services that answer in JSON, each described by a preset: Hacker News, Lemmy, Discourse and more",
        medium: Medium::Post,
        open: json::open,
    },
    Engine {
        name: "mastodon",
        about: "hashtags and searches over several servers of Mastodon and its kin, by asking and by streams",
        medium: Medium::Post,
        open: mastodon::open,
    },
    Engine {
        name: "import",
        about: "files in a folder: CSV, TSV and JSON of surveys, phone notes and closed networks",
        medium: Medium::Post,
        open: import::open,
    },
    Engine {
        name: "page",
        about: "web pages: articles and the comments below them, reviews, threads, lists of articles, sitemaps",
        medium: Medium::Web,
        open: page::open,
    },
    Engine {
        name: "wordpress",
        about: "posts and comments of a WordPress site, by its interface or else by its feeds",
        medium: Medium::Blog,
        open: wordpress::open,
    },
];

/// Makes the source that `spec` describes.
///
/// # Errors
/// [`OpenError`] where its engine is none of [`ENGINES`].
pub fn open(spec: &SourceSpec) -> Result<Box<dyn Source>, OpenError> {
    let engine = engine(&spec.engine).ok_or_else(|| OpenError::new(spec))?;
    Ok((engine.open)(spec))
}

/// Whether `name` is one of [`ENGINES`].
#[must_use]
pub fn is_engine(name: &str) -> bool {
    engine(name).is_some()
}

/// The engine of that name.
#[must_use]
pub fn engine(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// A source names an engine that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source `{source_name}`: engine `{engine}` does not exist; write `{nearest}`")]
pub struct OpenError {
    /// The source's id.
    pub source_name: String,
    /// The engine that it names.
    pub engine: String,
    /// The engine whose name is most like it.
    pub nearest: &'static str,
}

impl OpenError {
    fn new(spec: &SourceSpec) -> Self {
        let distance = |engine: &&Engine| strsim::osa_distance(engine.name, &spec.engine);
        let nearest = ENGINES.iter().min_by_key(distance).map_or("feed", |engine| engine.name);
        Self { source_name: spec.name.to_string(), engine: spec.engine.clone(), nearest }
    }
}

/// Nothing of an answer could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or only blanks.
    #[error("the answer is empty; look whether the address still exists")]
    Empty,
    /// A web page, with no link to a feed.
    #[error(
        "the answer is an HTML page that names no feed; look for a feed's address on the site, often /feed or /rss"
    )]
    HtmlPage,
    /// A web page that names the feeds it has, best first.
    #[error("the answer is an HTML page, a feed was expected; set url = \"{}\"", feeds.first().map_or("", String::as_str))]
    HtmlPageWithFeeds {
        /// The addresses of the feeds, absolute, in page order.
        feeds: Vec<String>,
    },
    /// Bytes of another kind: an image, an archive.
    #[error("the answer is {found}, a feed was expected; check the source's url")]
    NotText {
        /// What it is, with its article: "a PNG image".
        found: &'static str,
    },
    /// A feed where a page was expected.
    #[error("the answer is a feed, a page was expected; set engine = \"feed\"")]
    IsFeed,
    /// JSON where a page was expected.
    #[error("the answer is JSON, a page was expected; check the source's url")]
    IsJson,
    /// Text that is neither XML nor JSON.
    #[error("the answer is plain text that begins \"{beginning}\", a feed was expected; check the source's url")]
    PlainText {
        /// Its first characters.
        beginning: String,
    },
    /// The service itself says what is wrong.
    #[error("the service answers with an error: {message}")]
    Refused {
        /// Its words.
        message: String,
    },
    /// XML that is no feed.
    #[error(
        "the answer is XML with the root element `{root}`, `rss`, `feed` or `RDF` was expected; check the source's url"
    )]
    OtherXml {
        /// The name of its root element.
        root: String,
    },
    /// JSON that is broken.
    #[error("the answer is broken JSON ({reason}); ask the site's owner, or use its RSS feed")]
    BrokenJson {
        /// What the JSON reader says, with line and column.
        reason: String,
    },
    /// Something else where JSON was expected.
    #[error(
        "the answer is {found}, JSON was expected; the service may be closed to programs, or its address has changed"
    )]
    NotJson {
        /// What it is, with its article.
        found: String,
    },
    /// The service says in its answer that it does not answer.
    #[error("the service answers: {says}")]
    Service {
        /// Its words, shortened.
        says: String,
    },
    /// A server shows what is asked for to nobody, or to its members alone.
    #[error("{server} {why}")]
    Closed {
        /// Its host.
        server: String,
        /// What it does not show, and the way out.
        why: String,
    },
    /// There is no preset that says how to read the answer.
    #[error("the engine `json` reads by a preset; set preset = \"...\", or write one of your own")]
    NoPreset,
    /// JSON that has no `items`.
    #[error("the answer is JSON without `items`, a JSON Feed was expected; check the source's url")]
    JsonWithoutItems,
    /// A file that people handed in.
    #[error("nothing was imported: {fault}")]
    Unimportable {
        /// Why.
        fault: crate::model::ImportFault,
    },
    /// Text that is too broken to find a single element of a feed.
    #[error("the feed is too broken to read ({reason}); ask the site's owner to mend it")]
    Unreadable {
        /// What stopped the reader.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    fn spec(engine: &str) -> SourceSpec {
        let url = "https://blog.example/feed".to_owned();
        SourceSpec::new(SourceName::new("blog"), engine, url)
    }

    #[test]
    fn an_unknown_engine_is_told_with_the_nearest_name() {
        let error = open(&spec("fede")).err().expect("no such engine");
        assert_eq!(error.to_string(), "source `blog`: engine `fede` does not exist; write `feed`");
    }

    #[test]
    fn every_engine_opens_and_asks_for_its_address() {
        for engine in ENGINES {
            assert!(is_engine(engine.name));
            let source = open(&spec(engine.name)).expect("it is in the list");
            let requests = source.start(&Cursor::default(), Timestamp::UNIX_EPOCH);
            assert_eq!(requests.first().map(|request| request.url.as_str()), Some("https://blog.example/feed"));
        }
    }
}
