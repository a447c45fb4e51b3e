//! What the engine remembers of a source between two readings, and what it notes down about a request.

use crate::model::Cursor;
use crate::text::{address_hash, hash64};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The most things of a list that are known again.
pub const TAKEN_MOST: usize = 1_000;

/// The most articles that wait to be read.
const OPEN_MOST: usize = 200;

/// The most articles that are looked at again, and how often an article is asked for in vain.
const RECENT_MOST: usize = 30;
const TRIES_MOST: u8 = 3;

/// For how long an article is looked at again for comments, and how often.
const RECENT_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(6);

/// How far a source was read.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// Items and links that were seen by a complete look at the list: hashes, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<u64>,
    /// Those of the look that is under way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fresh: Vec<u64>,
    /// Where the look goes on, if it was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walk: Option<Walk>,
    /// Articles that were listed and not read yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
    /// Articles that may get comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<Recent>,
    /// Entries of a sitemap up to here were taken by earlier readings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The newest entry of this reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Timestamp>,
    /// The newest page of a thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// The lines of a page without items: hashes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u64>,
}

/// A page of a list that is still to be looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// Its address.
    pub url: String,
    /// The pages before it: hashes of their addresses.
    pub before: Vec<u64>,
}

/// An article that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// Its address.
    pub url: String,
    /// How often it was asked for in vain.
    pub tries: u8,
}

/// An article that may get comments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    /// Its address.
    pub url: String,
    /// When it was first read.
    pub since: Timestamp,
    /// When it was last read.
    pub at: Timestamp,
}

impl Marks {
    /// What `cursor` remembers; nothing where it is of another engine or broken.
    pub fn of(cursor: &Cursor) -> Self {
        Self::deserialize(&cursor.0).unwrap_or_default()
    }

    /// As it is stored.
    pub fn cursor(mut self) -> Cursor {
        self.taken.truncate(TAKEN_MOST);
        Cursor(serde_json::to_value(self).unwrap_or_default())
    }

    /// Nothing was read yet.
    pub fn is_blank(&self) -> bool {
        self.taken.is_empty() && self.fresh.is_empty()
    }

    /// Whether an earlier page or reading knew it.
    pub fn knows(&self, mark: u64) -> bool {
        self.taken.contains(&mark) || self.fresh.contains(&mark)
    }

    /// Lets the article wait; `false` where too many do.
    pub fn put_off(&mut self, url: String) -> bool {
        let has_room = self.open.len() < OPEN_MOST;
        if has_room && !self.open.iter().any(|open| open.url == url) {
            self.open.push(Open { url, tries: 0 });
        }
        has_room
    }

    /// The article was read.
    pub fn note_read(&mut self, url: &str, now: Timestamp) {
        self.open.retain(|open| open.url != url);
        match self.recent.iter_mut().find(|recent| recent.url == url) {
            Some(recent) => recent.at = now,
            None => self.recent.insert(0, Recent { url: url.to_owned(), since: now, at: now }),
        }
        self.recent.retain(|recent| now.duration_since(recent.since) < RECENT_FOR);
        self.recent.truncate(RECENT_MOST);
    }

    /// The article did not answer: it waits behind the others, a few times.
    pub fn note_refused(&mut self, url: &str) {
        self.recent.retain(|recent| recent.url != url);
        let Some(at) = self.open.iter().position(|open| open.url == url) else { return };
        let mut open = self.open.remove(at);
        open.tries += 1;
        if open.tries < TRIES_MOST {
            self.open.push(open);
        }
    }

    /// The articles that are due for another look, the longest waiting first.
    pub fn due_again(&self, now: Timestamp) -> Vec<&str> {
        let is_due = |recent: &&Recent| {
            now.duration_since(recent.at) >= AGAIN_AFTER && now.duration_since(recent.since) < RECENT_FOR
        };
        let mut due: Vec<&Recent> = self.recent.iter().filter(is_due).collect();
        due.sort_by_key(|recent| recent.at);
        due.into_iter().map(|recent| recent.url.as_str()).collect()
    }
}

/// What a request is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Errand {
    /// The source's own address.
    #[default]
    Start,
    /// A further page of a list or thread; with the hashes of the pages before it.
    More(Vec<u64>),
    /// An article of a list.
    Article,
    /// Further comments below an article; with its address and the hashes of the pages before.
    Comments(String, Vec<u64>),
    /// A sitemap of a list of sitemaps; with the hashes of those above it.
    Sitemap(Vec<u64>),
}

impl Errand {
    /// As it was noted down.
    pub fn of(note: Option<&str>) -> Self {
        note.and_then(|note| serde_json::from_str(note).ok()).unwrap_or_default()
    }

    /// To note it down.
    pub fn note(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// The mark of an address.
pub fn address_mark(url: &str) -> u64 {
    address_hash(url).unwrap_or_else(|| hash64(&[url]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + hours * 3600).expect("in range")
    }

    #[test]
    fn articles_wait_are_read_and_looked_at_again() {
        let mut marks = Marks::default();
        assert!(marks.put_off("a".to_owned()) && marks.put_off("b".to_owned()) && marks.put_off("a".to_owned()));
        assert_eq!(marks.open.len(), 2);
        marks.note_read("a", at(0));
        assert_eq!((marks.open.len(), marks.due_again(at(5)).len()), (1, 0));
        assert_eq!(marks.due_again(at(6)), ["a"]);
        assert!(marks.due_again(at(15 * 24)).is_empty());
        for _ in 0..3 {
            marks.note_refused("b");
        }
        assert!(marks.open.is_empty());
        let again = Marks::of(&marks.clone().cursor());
        assert_eq!(again, marks);
    }

    #[test]
    fn a_cursor_of_another_engine_is_a_blank_one() {
        assert!(Marks::of(&Cursor(serde_json::json!([1, 2]))).is_blank());
        assert_eq!(Errand::of(Some("nonsense")), Errand::Start);
        let errand = Errand::More(vec![1]);
        assert_eq!(Errand::of(errand.note().as_deref()), errand);
    }
}
