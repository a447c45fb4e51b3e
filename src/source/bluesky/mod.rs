//! Bluesky: every public post, as the network's own stream (Jetstream) gives it; saved answers of its API.
//!
//! In: messages of the legacy wire or of that of 2026. Out: posts, deletions, closed accounts. The stream brings each
//! post of everybody: what does not matter ends at a glance and leaves no trace. Search is asked only for what the stream
//! no longer has, and only with an account of the user: those who run the network ask for the stream to be used.

mod answer;
mod frame;
mod lax;
mod listener;
mod place;
mod post;
mod profile;
mod search;
#[cfg(test)]
mod tests;
mod uri;
mod view;

use super::{Filler, Hail, Listener, ReadError, Refusal, Retry, Source, Stream};
use crate::model::{Author, Batch, Cursor, Dictionary, Request, Response, SourceName, SourceSpec};
use jiff::Timestamp;
use listener::Jetstream;
use place::{HOSTS, NEW_PATH, Place, Wire};
use search::Search;

/// The most bytes of a saved answer.
const BODY_LIMIT_BYTES: usize = 20 << 20;

/// Where accounts are, unless a source names another host.
pub const ACCOUNTS: &str = "https://bsky.social";

/// The hosts that are listened to unless a source names others: `wss://host`, the preferred one first.
#[must_use]
pub fn default_hosts() -> Vec<String> {
    HOSTS.iter().map(|host| (*host).to_owned()).collect()
}

/// Makes the reader of saved answers.
pub(super) fn open(spec: &SourceSpec) -> Box<dyn Source> {
    Box::new(Saved { name: spec.name.clone(), url: spec.url.clone() })
}

/// Makes the stream.
pub(super) fn open_stream(spec: &SourceSpec) -> Box<dyn Stream> {
    let stream = &spec.stream;
    let hosts = if stream.hosts.is_empty() { default_hosts() } else { stream.hosts.clone() };
    Box::new(Bluesky {
        name: spec.name.clone(),
        hosts,
        dictionary: stream.dictionary.clone(),
        search: stream.search.as_ref().map(|search| Search::new(spec.name.clone(), search)),
        profiles: stream.profiles.clone().unwrap_or_else(|| profile::SERVICE.to_owned()),
    })
}

struct Saved {
    name: SourceName,
    url: String,
}

impl Source for Saved {
    fn start(&self, _cursor: &Cursor, _now: Timestamp) -> Vec<Request> {
        vec![Request::plain(self.url.clone(), BODY_LIMIT_BYTES)]
    }

    fn read(
        &self,
        _cursor: &Cursor,
        _request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        answer::read(&self.name, &response.body, now)
    }
}

struct Bluesky {
    name: SourceName,
    hosts: Vec<String>,
    dictionary: Option<Dictionary>,
    search: Option<Search>,
    profiles: String,
}

impl Bluesky {
    /// The host and the wire of a hail.
    fn parts<'h>(&self, hail: &'h Hail) -> (&'h str, Wire) {
        let wire = if hail.url.contains(NEW_PATH) { Wire::Lexicon } else { Wire::Legacy };
        (hail.note.as_str(), wire)
    }
}

impl Stream for Bluesky {
    fn namespace(&self) -> &str {
        post::NAMESPACE
    }

    fn hail(&self, cursor: &Cursor, failures: u32, now: Timestamp) -> Hail {
        let place = Place::of(cursor);
        let (host, wire) = place.next(&self.hosts, failures, now);
        let url = place.address(host, wire, self.dictionary.as_ref());
        Hail { url, note: host.to_owned(), ..Hail::default() }
    }

    fn refused(&self, cursor: &Cursor, hail: &Hail, refusal: &Refusal, now: Timestamp) -> Retry {
        let mut place = Place::of(cursor);
        let (host, wire) = self.parts(hail);
        let Refusal { status, answer } = refusal;
        let at_once = match (wire, *status) {
            (Wire::Lexicon, 400) if answer.contains("CursorTooOld") => place.seq.take().is_some(),
            (Wire::Lexicon, 400) if answer.contains("UnknownZstdDictionary") => {
                let is_new = !place.plain.contains(&wire);
                place.plain.push(wire);
                is_new
            }
            (Wire::Lexicon, 200..=299 | 300..=399 | 400 | 403..=406 | 426 | 501) => {
                place.legacy.insert(host.to_owned(), now.as_second());
                true
            }
            _ => false,
        };
        Retry { cursor: place.cursor(), at_once }
    }

    fn listen(&self, cursor: &Cursor, hail: &Hail) -> Box<dyn Listener> {
        let dictionary = self.dictionary.as_ref().map(|dictionary| dictionary.0.as_ref());
        Box::new(Jetstream::new(self.name.clone(), Place::of(cursor), self.parts(hail), dictionary))
    }

    fn filler(&self) -> Option<&dyn Filler> {
        self.search.as_ref().map(|search| search as &dyn Filler)
    }

    fn ask_authors(&self, urls: &[&str]) -> Option<Request> {
        profile::request(&self.profiles, urls)
    }

    fn authors_at_once(&self) -> usize {
        profile::AT_ONCE
    }

    fn authors(&self, response: &Response) -> Vec<Author> {
        profile::authors(response)
    }
}
