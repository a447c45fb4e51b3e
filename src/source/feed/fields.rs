//! Which element fills which field, and what it is worth: the table of feed vocabularies.
//!
//! Ranks order what a feed says in several ways; a higher one wins whatever the order in the document.

use super::absolute::absolute;
use super::element::{Captured, attribute, typed_text};
use super::names::Vocabulary as V;
use super::own::Walker;
use super::place::Place;
use super::raw::{Ranked, RawEntry, RawPerson, RawText};
use crate::source::likely::EARLIEST_SECONDS;
use crate::when::read_date;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

/// Most tags that are kept of one item.
pub const MAX_TAGS: usize = 100;

impl Walker<'_> {
    /// Takes in an element below `channel` or `feed`.
    pub(super) fn feed_field(&mut self, vocabulary: V, local: &str, start: &BytesStart<'_>, captured: &Captured<'_>) {
        let place = self.place();
        if (vocabulary, local) == (V::Core, "link") && !captured.text.trim().is_empty() {
            self.follow_site(captured.text.trim());
        }
        let feed = &mut self.feed;
        match (vocabulary, local) {
            (V::Core, "title") => offer_text(&mut feed.title, 5, start, captured),
            (V::Dublin, "title") => offer_text(&mut feed.title, 4, start, captured),
            (V::Itunes, "title") => offer_text(&mut feed.title, 2, start, captured),
            (V::Core, "link") => match Link::of(start, captured) {
                Link { href, rel, .. } if rel == "self" => feed.self_link = place.resolve(&href),
                Link { href, rel, .. } if rel == "hub" => feed.hub = feed.hub.take().or_else(|| place.resolve(&href)),
                link => offer(&mut feed.link, link.rank(), place.resolve(&link.href)),
            },
            (V::Core, "id") => {
                feed.id = feed.id.take().or_else(|| trimmed(captured).map(|id| whole_id(&place, id)));
            }
            (V::Core, "a") => offer(&mut feed.link, 3, attribute(start, "href").and_then(|href| place.resolve(&href))),
            (V::Core, "subtitle" | "tagline") => offer_text(&mut feed.description, 6, start, captured),
            (V::Core, "description") => offer_text(&mut feed.description, 5, start, captured),
            (V::Dublin, "description") => offer_text(&mut feed.description, 4, start, captured),
            (V::Core, "info" | "abstract") => offer_text(&mut feed.description, 3, start, captured),
            (V::Itunes, "summary") => offer_text(&mut feed.description, 2, start, captured),
            (V::Itunes, "subtitle") => offer_text(&mut feed.description, 1, start, captured),
            (V::Core | V::Dublin, "language") => feed.lang = trimmed(captured).or(feed.lang.take()),
            (V::Core, "ttl" | "skiphours" | "skipdays") | (V::Syndication, _) => {
                feed.rhythm.note(local, &captured.text, captured.inner);
            }
            (V::Core, "generator") => feed.generator = trimmed(captured).or_else(|| attribute(start, "uri")),
            (vocabulary, name) => offer_date(&mut feed.updated, feed_date_rank(vocabulary, name), trimmed(captured)),
        }
    }

    /// Takes in a person below `channel` or `feed`.
    pub(super) fn feed_person(&mut self, vocabulary: V, local: &str, person: RawPerson) {
        offer_person(&mut self.feed.author, person_rank(vocabulary, local), person);
    }

    /// Takes in an element below `item` or `entry`.
    pub(super) fn entry_field(&mut self, vocabulary: V, local: &str, start: &BytesStart<'_>, captured: &Captured<'_>) {
        let place = self.place();
        let Some(entry) = self.feed.current_entry() else { return };
        let is_taken = entry_text(entry, &place, vocabulary, local, start, captured);
        if is_taken {
            return;
        }
        match (vocabulary, local) {
            (V::Core, "link") => entry_link(entry, &place, &Link::of(start, captured)),
            // The page itself, where `link` leads through a service that counts clicks.
            (V::Redirector, "origlink") => offer(&mut entry.link, 7, place.resolve(&captured.text)),
            (V::Core, "a") => offer(&mut entry.link, 3, attribute(start, "href").and_then(|href| place.resolve(&href))),
            (V::CommentApi, "commentrss") => offer_feed(&mut entry.comments_feed, place.resolve(&captured.text)),
            (V::Podcast, "transcript") => {
                offer_feed(&mut entry.transcript, attribute(start, "url").and_then(|url| place.resolve(&url)));
            }
            (V::Core, "enclosure") => {
                entry.is_recording |= attribute(start, "type").is_some_and(|kind| kind.starts_with("video/"));
                offer(&mut entry.link, 1, attribute(start, "url").and_then(|url| place.resolve(&url)));
            }
            (V::Core, "id") => {
                // An entry without a link: its id is often the page's address.
                let id = trimmed(captured).map(|id| whole_id(&place, id));
                offer(&mut entry.link, 1, id.clone().filter(|id| id.starts_with("http")));
                offer(&mut entry.id, 6, id);
            }
            (V::Core, "guid") => {
                let is_link =
                    attribute(start, "ispermalink").is_none_or(|value| !value.trim().eq_ignore_ascii_case("false"));
                let guid = trimmed(captured);
                if is_link && guid.as_deref().is_some_and(|guid| guid.starts_with("http")) {
                    offer(&mut entry.link, 2, guid.as_deref().and_then(|guid| place.resolve(guid)));
                }
                offer(&mut entry.id, 6, guid);
            }
            (V::Dublin, "identifier") => offer(&mut entry.id, 2, trimmed(captured)),
            (V::Core, "category") => push_tag(entry, category(start, captured)),
            (V::Dublin, "subject") => push_tag(entry, trimmed(captured)),
            (V::Itunes | V::Media, "keywords") => {
                let words = captured.text.split(',').map(str::trim).filter(|word| !word.is_empty());
                words.for_each(|word| push_tag(entry, Some(word.to_owned())));
            }
            (V::Itunes, "category") => push_tag(entry, attribute(start, "text")),
            (V::Media, "category") => push_tag(entry, category(start, captured)),
            (V::Core | V::Dublin, "language") => entry.lang = trimmed(captured),
            (V::Core, "source") if !captured.has_markup => entry.source = trimmed(captured),
            (V::Slash, "comments") | (V::Thread, "total") => entry.n_comments = number(captured),
            (V::Thread, "in-reply-to") => {
                entry.in_reply_to = attribute(start, "ref").map(|id| id.trim().to_owned());
                entry.in_reply_to_url = attribute(start, "href").and_then(|href| place.resolve(&href));
            }
            (V::Store, "rating") => entry.rating = captured.text.trim().parse().ok(),
            (V::YouTube, "videoid") | (V::Itunes, "duration" | "episode") => entry.is_recording = true,
            (V::Media, "statistics") => {
                entry.views = attribute(start, "views").and_then(|views| views.trim().parse().ok());
                entry.likes = attribute(start, "favorites").and_then(|likes| likes.trim().parse().ok());
            }
            (vocabulary, name) => {
                let (published, updated) = entry_date_ranks(vocabulary, name);
                offer_date(&mut entry.published, published, (published > 0).then(|| trimmed(captured)).flatten());
                offer_date(&mut entry.updated, updated, (updated > 0).then(|| trimmed(captured)).flatten());
            }
        }
    }

    /// Takes in what the start tag of a channel says (Channel Definition Format).
    pub(super) fn feed_attributes(&mut self, start: &BytesStart<'_>) {
        let place = self.place();
        let href = attribute(start, "href").and_then(|href| place.resolve(&href));
        offer(&mut self.feed.link, 3, href);
        offer_date(&mut self.feed.updated, 1, attribute(start, "lastmod"));
    }

    /// Takes in what the start tag of an item says (Channel Definition Format).
    pub(super) fn entry_attributes(&mut self, start: &BytesStart<'_>) {
        let place = self.place();
        let Some(entry) = self.feed.current_entry() else { return };
        offer(&mut entry.link, 3, attribute(start, "href").and_then(|href| place.resolve(&href)));
        offer_date(&mut entry.updated, 1, attribute(start, "lastmod"));
    }

    /// Takes in what `media:content` says of itself: a film or sound that stands for a page where there is none.
    pub(super) fn media_attributes(&mut self, start: &BytesStart<'_>) {
        let place = self.place();
        let Some(entry) = self.feed.current_entry() else { return };
        let kind = attribute(start, "type").or_else(|| attribute(start, "medium")).unwrap_or_default();
        if kind.starts_with("video") || kind.starts_with("audio") {
            offer(&mut entry.link, 1, attribute(start, "url").and_then(|url| place.resolve(&url)));
        }
    }

    /// Takes in an element below `source`: an entry says by it which feed it was taken from.
    pub(super) fn origin_field(&mut self, vocabulary: V, local: &str, captured: &Captured<'_>) {
        let Some(entry) = self.feed.current_entry() else { return };
        if (vocabulary, local) == (V::Core, "title") && entry.source.is_none() {
            entry.source = trimmed(captured);
        }
    }

    /// Takes in a person below `source`: an entry without an author is by the one of its own feed (RFC 4287, 4.2.1).
    pub(super) fn origin_person(&mut self, local: &str, person: RawPerson) {
        if let Some(entry) = self.feed.current_entry().filter(|_| local == "author") {
            offer_person(&mut entry.author, 1, person);
        }
    }

    /// Takes in a person below `item` or `entry`.
    pub(super) fn entry_person(&mut self, vocabulary: V, local: &str, person: RawPerson) {
        if let Some(entry) = self.feed.current_entry() {
            offer_person(&mut entry.author, person_rank(vocabulary, local), person);
        }
    }
}

/// Title, summary and content; says whether the element was one of them.
fn entry_text(
    entry: &mut RawEntry,
    place: &Place,
    vocabulary: V,
    local: &str,
    start: &BytesStart<'_>,
    captured: &Captured<'_>,
) -> bool {
    let (slot, rank) = match (vocabulary, local) {
        (V::Core, "title") => (&mut entry.title, 5),
        (V::Dublin, "title") => (&mut entry.title, 4),
        (V::Media, "title") => (&mut entry.title, 3),
        (V::Itunes, "title") => (&mut entry.title, 2),
        (V::Content, "encoded") => (&mut entry.content, 7),
        (V::Core, "content") => (&mut entry.content, 6),
        (V::Content, "items") | (V::Core, "fullitem") | (V::Xhtml | V::Core, "body" | "div") => (&mut entry.content, 5),
        (V::Core, "description") => (&mut entry.summary, 6),
        (V::Core, "summary") => (&mut entry.summary, 5),
        (V::Core, "abstract") | (V::Dublin, "description" | "abstract") => (&mut entry.summary, 4),
        (V::Itunes, "summary") => (&mut entry.summary, 3),
        (V::Media, "description") => (&mut entry.summary, 2),
        (V::Itunes, "subtitle") => (&mut entry.summary, 1),
        _ => return false,
    };
    offer_text(slot, rank, start, captured);
    if place.is_moved && local != "title" {
        slot.change(|text| {
            if let (false, Cow::Owned(value)) = (text.is_plain, absolute(&text.value, place)) {
                text.value = value;
            }
        });
    }
    if rank == 6 && local == "content" {
        let source = attribute(start, "src").and_then(|source| place.resolve(&source));
        offer(&mut entry.link, 1, source);
    }
    if vocabulary == V::Media && attribute(start, "type").is_none_or(|kind| kind != "html") {
        mark_plain(slot);
    }
    true
}

/// Media RSS is plain unless it says `type="html"`.
fn mark_plain(slot: &mut Ranked<RawText>) {
    if let Some(text) = std::mem::take(slot).take_ranked() {
        *slot = Ranked::of(text.0, RawText { is_plain: !text.1.value.contains('<'), ..text.1 });
    }
}

fn feed_date_rank(vocabulary: V, local: &str) -> u8 {
    match (vocabulary, local) {
        (V::Core, "updated") => 8,
        (V::Core, "modified") => 7,
        (V::Core, "lastbuilddate") => 6,
        (V::Dublin, "date" | "modified") => 5,
        (V::Core, "pubdate") => 4,
        (V::Core, "published" | "issued") | (V::Dublin, "issued") => 3,
        (V::Core, "created") | (V::Dublin, "created") => 2,
        _ => 0,
    }
}

/// What a date element is worth as the time of publishing and as the time of the last change.
fn entry_date_ranks(vocabulary: V, local: &str) -> (u8, u8) {
    match (vocabulary, local) {
        (V::Core, "pubdate" | "published" | "issued") => (6, 0),
        (V::Core, "date") | (V::Dublin, "date") => (5, 0),
        (V::Dublin, "issued" | "available") => (4, 0),
        (V::Core | V::Dublin, "created") => (3, 0),
        (V::Core, "updated" | "modified") => (0, 6),
        (V::Dublin, "modified") => (0, 5),
        _ => (0, 0),
    }
}

fn person_rank(vocabulary: V, local: &str) -> u8 {
    match (vocabulary, local) {
        // RSS wants a mail address in `author`; who writes `dc:creator` writes a name.
        (V::Dublin, "creator" | "author") => 7,
        (V::Core, "author" | "creator") => 6,
        (V::Core, "managingeditor") => 5,
        (V::Itunes, "author") => 3,
        (V::Core, "webmaster") => 2,
        (V::Itunes, "owner") => 1,
        _ => 0,
    }
}

/// A link as RSS (a text) or Atom (attributes) writes it.
struct Link {
    href: String,
    rel: String,
    kind: String,
    /// `thr:count`: how many answers stand behind it.
    n_answers: Option<u64>,
}

impl Link {
    fn of(start: &BytesStart<'_>, captured: &Captured<'_>) -> Self {
        let href = attribute(start, "href").unwrap_or_else(|| captured.text.trim().to_owned());
        let rel = attribute(start, "rel").unwrap_or_default().to_ascii_lowercase();
        let kind = attribute(start, "type").unwrap_or_default().to_ascii_lowercase();
        let n_answers = attribute(start, "count").and_then(|count| count.trim().parse().ok());
        Self { href, rel, kind, n_answers }
    }

    /// What it is worth as the page that a person opens; 0 where it is something else.
    fn rank(&self) -> u8 {
        match self.rel.as_str() {
            "" | "alternate" if self.kind.is_empty() || self.kind.contains("html") => 6,
            "" | "alternate" => 4,
            "http://www.iana.org/assignments/relation/alternate" => 6,
            // Of an entry without a page the next best that a person can open.
            "related" | "via" | "self" => 1,
            _ => 0,
        }
    }
}

fn entry_link(entry: &mut RawEntry, place: &Place, link: &Link) {
    let address = place.resolve(&link.href);
    match link.rel.as_str() {
        "replies" => {
            entry.n_comments = link.n_answers.or(entry.n_comments);
            if link.kind.contains("xml") || link.kind.contains("json") {
                offer_feed(&mut entry.comments_feed, address);
            }
        }
        "enclosure" => {
            entry.is_recording |= link.kind.starts_with("video/");
            offer(&mut entry.link, 1, address);
        }
        _ => offer(&mut entry.link, link.rank(), address),
    }
}

fn category(start: &BytesStart<'_>, captured: &Captured<'_>) -> Option<String> {
    let named = attribute(start, "label").or_else(|| attribute(start, "term"));
    named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).or_else(|| trimmed(captured))
}

fn push_tag(entry: &mut RawEntry, tag: Option<String>) {
    if let Some(tag) = tag
        && entry.tags.len() < MAX_TAGS
        && !entry.tags.contains(&tag)
    {
        entry.tags.push(tag);
    }
}

fn number(captured: &Captured<'_>) -> Option<u64> {
    captured.text.trim().parse().ok()
}

fn trimmed(captured: &Captured<'_>) -> Option<String> {
    Some(captured.text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn offer(slot: &mut Ranked<String>, rank: u8, value: Option<String>) {
    if let Some(value) = value {
        slot.offer(rank, value);
    }
}

/// Takes a date; one that cannot be read or be right never stands in the way of one that can.
fn offer_date(slot: &mut Ranked<String>, rank: u8, value: Option<String>) {
    let Some(value) = value.filter(|_| rank > 0) else { return };
    let is_read = |date: &str| read_date(date).is_some_and(|date| date.at.as_second() >= EARLIEST_SECONDS);
    match slot.get() {
        None => slot.offer(rank, value),
        Some(earlier) if !is_read(earlier) && is_read(&value) => *slot = Ranked::of(rank, value),
        Some(_) if !slot.is_matched_by(rank) || !is_read(&value) => {}
        Some(_) => slot.offer_again(rank, value),
    }
}

/// Takes the first address of its kind.
fn offer_feed(slot: &mut Option<String>, address: Option<String>) {
    *slot = slot.take().or(address);
}

/// An id is an address as a whole: one that only says where on the host would be the same on another host.
fn whole_id(place: &Place, id: String) -> String {
    let is_relative = id.starts_with(['/', '.']) && !id.starts_with("//");
    if is_relative { place.resolve(&id).unwrap_or(id) } else { id }
}

fn offer_text(slot: &mut Ranked<RawText>, rank: u8, start: &BytesStart<'_>, captured: &Captured<'_>) {
    if !slot.is_beaten_by(rank) {
        return;
    }
    if captured.text.trim().is_empty() && !captured.has_markup {
        // The Channel Definition Format may write texts as attributes.
        let value = attribute(start, "value").filter(|value| !value.trim().is_empty());
        if let Some(value) = value {
            slot.offer(rank, RawText { value, is_plain: true });
        }
        return;
    }
    // An empty one too: a picture as content is none that the second reader should fill in.
    slot.offer(rank, typed_text(start, captured));
}

fn offer_person(slot: &mut Ranked<RawPerson>, rank: u8, person: RawPerson) {
    if !person.is_empty() {
        slot.offer(rank, person);
    }
}
