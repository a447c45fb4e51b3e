//! feed-rs as the reader of JSON feeds and the second reader of XML: what our own pass did not find, it may have.
//! It is asked only where our pass left a gap that matters ([`may_add`]).
//!
//! In: UTF-8 that [`super::clean`] and [`super::balance`] went over. Out: feed-rs's model, or `None` where it refuses.
//! It gets no XML declaration (it would decode a second time) and a version where `rss` has none; ids are left empty
//! (its own are random where link and title are missing). A panic in it costs the second opinion, not the feed.

use super::element::attribute;
use super::own::MAX_ENTRIES;
use super::raw::{Ranked, RawEntry, RawFeed, RawPerson, RawText};
use crate::when::read_date;
use feed_rs::model::{Entry, Feed, Link, MediaObject, Person, Text};
use feed_rs::parser::Builder;
use quick_xml::events::BytesStart;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most declarations of namespaces in a document that feed-rs is asked about; a feed has a dozen, and some
/// programs repeat one in each item.
const NAMESPACES_LIMIT: usize = 2_000;

/// The most bytes that feed-rs may spend on copies of base addresses: one for each tag below an `xml:base`.
const BASES_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// The versions that feed-rs knows.
const VERSIONS: &[&str] = &["2.0", "0.91", "0.92"];

/// Whether feed-rs may know of `raw` what our reader does not: of a feed or entry that says too little or something
/// that we cannot read.
///
/// Authors, tags and languages are no reason: our reader knows all the elements in which feed-rs looks for them.
#[must_use]
pub fn may_add(raw: &RawFeed) -> bool {
    let is_unread = |date: Option<&String>| date.is_some_and(|date| read_date(date).is_none());
    let lacks = |entry: &RawEntry| {
        entry.id.get().is_none() && entry.link.get().is_none()
            || entry.title.get().is_none() && entry.content.get().is_none() && entry.summary.get().is_none()
            || is_unread(entry.published.get())
            || is_unread(entry.updated.get())
    };
    raw.title.get().is_none() || raw.entries.is_empty() || is_unread(raw.updated.get()) || raw.entries.iter().any(lacks)
}

/// Reads an XML document.
#[must_use]
pub fn read_xml(text: &str, url: &str) -> Option<Feed> {
    if !is_cheap(text) {
        return None;
    }
    let text = without_declaration(text);
    match renamed_version(text) {
        Some((head, rest)) => read(head.as_bytes().chain(rest.as_bytes()), url),
        None => read(text.as_bytes(), url),
    }
}

/// Reads a JSON Feed.
#[must_use]
pub fn read_json(text: &str, url: &str) -> Option<Feed> {
    read(text.as_bytes(), url)
}

fn read(source: impl Read, url: &str) -> Option<Feed> {
    let parser =
        Builder::new().base_uri(Some(url)).id_generator(|_, _, _| String::new()).sanitize_content(false).build();
    catch_unwind(AssertUnwindSafe(|| parser.parse(source))).ok()?.ok()
}

/// Whether feed-rs reads the document in linear time and space: it copies the base address for each element, looks
/// through all namespaces for each, and keeps every item, however many and empty.
fn is_cheap(text: &str) -> bool {
    let n_namespaces = text.matches("xmlns").count();
    let base_bytes = |rest: &str| rest.split('>').next().unwrap_or("").len();
    let bases: usize = text.split("xml:base").skip(1).map(base_bytes).sum();
    let n_items = text.matches("<item").count() + text.matches("<entry").count();
    let copied = bases.saturating_mul(text.matches('<').count());
    n_items <= MAX_ENTRIES && n_namespaces <= NAMESPACES_LIMIT && copied <= BASES_LIMIT_BYTES
}

fn without_declaration(text: &str) -> &str {
    let text = text.trim_start();
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    }
}

/// A start tag with a version that feed-rs knows, and what follows it; `None` where nothing need change.
fn renamed_version(text: &str) -> Option<(String, &str)> {
    // Only the root: an Atom feed may well talk about "<rss".
    let is_name = |at: &usize| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    let root = text.match_indices('<').map(|(at, _)| at).find(is_name)?;
    let rest = text.get(root..)?.strip_prefix("<rss")?;
    let (attributes, rest) = rest.split_once('>')?;
    let start = BytesStart::from_content(attributes, 0);
    let version = attribute(&start, "version").unwrap_or_default();
    if VERSIONS.contains(&version.as_str()) {
        return None;
    }
    let mut attributes = start.html_attributes();
    let others = attributes.with_checks(false).flatten();
    let others = others.filter(|attribute| attribute.key.into_inner() != "version");
    let mut head = String::from("<rss version=\"2.0\"");
    for attribute in others {
        head.push_str(&format!(" {}=\"{}\"", attribute.key.into_inner(), attribute.value.replace('"', "&quot;")));
    }
    head.push('>');
    Some((head, rest))
}

/// Fills what `raw` lacks from what feed-rs found. Entries are matched by their place in the document; where the two
/// count differently, only the feed's own fields are taken.
pub fn fill(raw: &mut RawFeed, feed: Feed) {
    fill_text(&mut raw.title, feed.title);
    fill_text(&mut raw.description, feed.description);
    fill_link(&mut raw.link, feed.links);
    fill_person(&mut raw.author, feed.authors);
    raw.lang = raw.lang.take().or(feed.language);
    raw.second_updated = feed.updated.or(feed.published).map(|date| date.timestamp());
    if raw.entries.len() == feed.entries.len() {
        raw.entries.iter_mut().zip(feed.entries).for_each(|(own, entry)| fill_entry(own, entry));
    }
}

fn fill_entry(own: &mut RawEntry, entry: Entry) {
    if !entry.id.is_empty() {
        own.id.offer(1, entry.id);
    }
    if own.content.get().is_none() && own.summary.get().is_none() {
        fill_media(own, entry.media);
    }
    fill_text(&mut own.title, entry.title);
    fill_text(&mut own.summary, entry.summary);
    if let Some(content) = entry.content.filter(|_| own.content.get().is_none()) {
        let is_plain = content.content_type.to_string() == "text/plain";
        if let Some(value) = content.body.filter(|body| !body.trim().is_empty()) {
            own.content.offer(1, RawText { value, is_plain });
        }
    }
    fill_link(&mut own.link, entry.links);
    fill_person(&mut own.author, entry.authors);
    own.second_published = entry.published.map(|date| date.timestamp());
    own.second_updated = entry.updated.map(|date| date.timestamp());
    own.lang = own.lang.take().or(entry.language);
    if own.tags.is_empty() {
        own.tags = entry.categories.into_iter().map(|category| category.label.unwrap_or(category.term)).collect();
    }
}

/// What feed-rs gathers below `media:group`: text, views, likes.
fn fill_media(own: &mut RawEntry, media: Vec<MediaObject>) {
    for object in media {
        fill_text(&mut own.summary, object.description);
        let community = object.community.as_ref();
        own.views = own.views.or_else(|| community.and_then(|community| community.stats_views));
    }
}

fn fill_text(slot: &mut Ranked<RawText>, text: Option<Text>) {
    if let Some(text) = text.filter(|text| !text.content.trim().is_empty()) {
        let is_plain =
            slot.get().is_none() && text.content_type.to_string() == "text/plain" && !text.content.contains('<');
        slot.offer(1, RawText { value: text.content, is_plain });
    }
}

/// Only a link that a person opens: feed-rs lists comment pages and feeds among them.
fn fill_link(slot: &mut Ranked<String>, links: Vec<Link>) {
    let is_page = |link: &Link| link.target.is_none() && matches!(link.rel.as_deref(), None | Some("alternate"));
    if let Some(link) = links.into_iter().find(|link| is_page(link) && link.href.starts_with("http")) {
        slot.offer(1, link.href);
    }
}

fn fill_person(slot: &mut Ranked<RawPerson>, people: Vec<Person>) {
    if let Some(person) = people.into_iter().next() {
        let person = RawPerson { name: person.name, url: person.uri, email: person.email };
        if !person.is_empty() {
            slot.offer(1, person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_odd_version_is_no_reason_to_refuse() {
        for head in
            ["<rss>", "<rss version='0.93' a=\"b\">", "<?xml version='1.0' encoding='latin1'?><rss version=\"2.0\">"]
        {
            let text = format!("{head}<channel><title>T</title><item><title>ü</title></item></channel></rss>");
            let feed = read_xml(&text, "https://blog.example/").expect(head);
            assert_eq!(feed.entries.len(), 1);
            assert_eq!(feed.entries[0].id, "");
        }
    }
}
