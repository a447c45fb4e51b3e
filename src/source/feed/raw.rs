//! What our own reader finds in a feed, before anything is made of it: one [`RawFeed`] with its [`RawEntry`] list.
//!
//! Plain data. Where a feed says a thing in several ways, [`Ranked`] keeps the one of the highest rank.

use super::rhythm::RawRhythm;

/// A value and how much it is worth; a later one of the same rank loses, an empty one always does.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked<T> {
    rank: u8,
    value: Option<T>,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Self { rank: 0, value: None }
    }
}

impl<T> Ranked<T> {
    /// Takes `value` if its rank is higher than that of what is there.
    pub fn offer(&mut self, rank: u8, value: T) {
        if rank > self.rank {
            self.rank = rank;
            self.value = Some(value);
        }
    }

    /// Takes `value` if its rank is not lower: of two that are worth the same, the later one holds.
    pub fn offer_again(&mut self, rank: u8, value: T) {
        if rank > 0 && rank >= self.rank {
            self.rank = rank;
            self.value = Some(value);
        }
    }

    /// A value of that rank.
    #[must_use]
    pub fn of(rank: u8, value: T) -> Self {
        Self { rank, value: Some(value) }
    }

    /// Whether a value of `rank` would be taken.
    #[must_use]
    pub fn is_beaten_by(&self, rank: u8) -> bool {
        rank > self.rank
    }

    /// Whether a value of `rank` is worth as much as what is there.
    #[must_use]
    pub fn is_matched_by(&self, rank: u8) -> bool {
        rank >= self.rank
    }

    /// The rank and the value, taken.
    #[must_use]
    pub fn take_ranked(self) -> Option<(u8, T)> {
        self.value.map(|value| (self.rank, value))
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Changes the value, if there is one.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        self.value.as_mut().map(change);
    }

    /// The value, taken.
    #[must_use]
    pub fn take(&mut self) -> Option<T> {
        self.value.take()
    }
}

/// A text and what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawText {
    /// The text, references resolved once.
    pub value: String,
    /// It is plain text by declaration: a `<` in it is a `<`.
    pub is_plain: bool,
}

/// A person as a feed names one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawPerson {
    /// The name, or the whole text where it has no parts.
    pub name: Option<String>,
    /// A home page or profile.
    pub url: Option<String>,
    /// A mail address.
    pub email: Option<String>,
}

impl RawPerson {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.url.is_none() && self.email.is_none()
    }
}

/// A feed.
#[derive(Debug, Default)]
pub struct RawFeed {
    /// Its title.
    pub title: Ranked<RawText>,
    /// The page that it belongs to, absolute.
    pub link: Ranked<String>,
    /// Its own address, absolute.
    pub self_link: Option<String>,
    /// Who tells what is new at it, absolute.
    pub hub: Option<String>,
    /// Its own id.
    pub id: Option<String>,
    /// Its author.
    pub author: Ranked<RawPerson>,
    /// When it changed, as written.
    pub updated: Ranked<String>,
    /// When it changed, as feed-rs read it (Unix seconds).
    pub second_updated: Option<i64>,
    /// What it is about.
    pub description: Ranked<RawText>,
    /// The declared language.
    pub lang: Option<String>,
    /// How often it asks to be read, as written.
    pub rhythm: RawRhythm,
    /// The program that made it.
    pub generator: Option<String>,
    /// The entries, in document order.
    pub entries: Vec<RawEntry>,
    /// There are more entries than are read.
    pub is_full: bool,
    /// Entries without an author are by the feed's (Atom says so).
    pub is_author_inherited: bool,
    /// A feed's root element was met.
    pub is_feed: bool,
}

impl RawFeed {
    /// The entry that is being read.
    pub fn current_entry(&mut self) -> Option<&mut RawEntry> {
        if self.is_full { None } else { self.entries.last_mut() }
    }
}

/// An item or entry.
#[derive(Debug, Default)]
pub struct RawEntry {
    /// `guid`, `id` or `rdf:about`.
    pub id: Ranked<String>,
    /// The title.
    pub title: Ranked<RawText>,
    /// The page, absolute.
    pub link: Ranked<String>,
    /// The short text.
    pub summary: Ranked<RawText>,
    /// The full text.
    pub content: Ranked<RawText>,
    /// The author.
    pub author: Ranked<RawPerson>,
    /// When it was published, as written.
    pub published: Ranked<String>,
    /// When it was changed, as written.
    pub updated: Ranked<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// How many comments there are.
    pub n_comments: Option<u64>,
    /// Views, likes.
    pub views: Option<u64>,
    /// Likes or favorites.
    pub likes: Option<u64>,
    /// The id of what it answers (`thr:in-reply-to`).
    pub in_reply_to: Option<String>,
    /// The page of what it answers, absolute.
    pub in_reply_to_url: Option<String>,
    /// The feed of its comments, absolute.
    pub comments_feed: Option<String>,
    /// What is said in the episode, as a file, absolute.
    pub transcript: Option<String>,
    /// The name of the feed that it was taken from (`source`).
    pub source: Option<String>,
    /// A rating, 1 to 5 at the app stores.
    pub rating: Option<f32>,
    /// The declared language.
    pub lang: Option<String>,
    /// It is a video or an episode.
    pub is_recording: bool,
    /// When it was published, as feed-rs read it (Unix seconds).
    pub second_published: Option<i64>,
    /// When it was changed, as feed-rs read it (Unix seconds).
    pub second_updated: Option<i64>,
}
