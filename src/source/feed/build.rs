//! Makes items of what the two readers found.
//!
//! In: a [`RawFeed`]. Out: [`Item`]s with plain titles, addresses unwrapped, comments recognized, an id that stays the
//! same at every reading, and dates that can be right.

use super::author::{author, name};
use super::comment;
use super::links::unwrap_redirect;
use super::medium::guess;
use super::raw::{RawEntry, RawFeed, RawPerson, RawText};
use super::title::plain;
use crate::model::{Counts, FeedFacts, Item, ItemKey, ItemKind, Medium, PostedAt, SourceName};
use crate::source::likely::is_likely;
use crate::text::hash_hex;
use crate::when::read_date;
use jiff::Timestamp;
use std::collections::HashSet;

/// What all items of one document share.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The source.
    pub source: SourceName,
    /// The address of the document.
    pub url: String,
    /// The medium where nothing tells better.
    pub medium: Medium,
    /// When it was read.
    pub now: Timestamp,
}

/// What a feed says of itself.
#[must_use]
pub fn facts(raw: &RawFeed, encoding: String) -> FeedFacts {
    // A title that is only a picture is an empty one, and not none.
    let plain_text = |text: Option<&RawText>| text.map(plain);
    let person = |person: &RawPerson| person.name.as_deref().and_then(name);
    let second = || raw.second_updated.and_then(at_seconds);
    FeedFacts {
        title: plain_text(raw.title.get()),
        link: raw.link.get().cloned(),
        id: raw.id.clone().or_else(|| raw.self_link.clone()),
        author: raw.author.get().and_then(person),
        updated: raw.updated.get().and_then(|date| read_date(date).or_else(second)),
        description: plain_text(raw.description.get()),
        encoding: Some(encoding),
        lang: raw.lang.clone(),
    }
}

/// The items of a feed, in its order. Entries that say nothing at all are left out.
#[must_use]
pub fn items(mut raw: RawFeed, setting: &Setting) -> Vec<Item> {
    let link = raw.link.take();
    let addresses = [raw.self_link.as_deref(), Some(setting.url.as_str()), link.as_deref()];
    let medium = guess(&addresses, raw.generator.as_deref()).unwrap_or(setting.medium);
    // Atom and JSON Feed: who made the feed wrote what names nobody else.
    let author = raw.author.take().filter(|_| raw.is_author_inherited);
    let author = author.map(|author| RawPerson { url: author.url.filter(|value| is_shareable(value)), ..author });
    let lang = raw.lang.filter(|value| is_shareable(value));
    let feed = Shared { medium, link: link.filter(|value| is_shareable(value)), author, lang };
    let mut items: Vec<Item> = raw.entries.into_iter().filter_map(|entry| item(entry, &feed, setting)).collect();
    tell_twins_apart(&mut items);
    items
}

/// The longest value of a feed that every item of it may take over: longer ones would multiply.
const SHARED_LIMIT_BYTES: usize = 1024;

fn is_shareable(value: &str) -> bool {
    value.len() <= SHARED_LIMIT_BYTES
}

struct Shared {
    medium: Medium,
    link: Option<String>,
    author: Option<RawPerson>,
    lang: Option<String>,
}

fn item(mut entry: RawEntry, feed: &Shared, setting: &Setting) -> Option<Item> {
    let (published, updated) = dates(&entry, setting.now);
    let title = entry.title.get().map(plain).unwrap_or_default();
    let raw_date = entry.published.get().or(entry.updated.get()).cloned().unwrap_or_default();
    let body = body(&mut entry);
    let html = if body.is_plain { quick_xml::escape::partial_escape(body.value).into_owned() } else { body.value };
    let link = entry.link.take();
    let id = entry.id.take().filter(|id| !id.is_empty());
    let says_nothing =
        entry.title.get().is_none() && html.is_empty() && raw_date.is_empty() && entry.author.get().is_none();
    if id.is_none() && link.is_none() && says_nothing {
        return None;
    }
    let id = id.unwrap_or_else(|| own_id(link.as_deref(), &title, &raw_date, &html));
    let url = link.map(unwrap_redirect);
    let mut item = Item::new(setting.source.clone(), ItemKey { namespace: setting.source.to_string(), id });
    item.author = author(entry.author.get(), url.as_deref());
    item.medium = if entry.is_recording && feed.medium == Medium::Blog { Medium::Video } else { feed.medium };
    if item.medium == Medium::News && item.author.name.is_none() {
        item.author.name = entry.source.clone();
    }
    item.title = without_publisher(title, entry.source.as_deref());
    item.lang = entry.lang.take().or_else(|| feed.lang.clone());
    item.counts = Counts { replies: entry.n_comments, reposts: None, likes: entry.likes, views: entry.views };
    item.rating = entry.rating;
    (item.comments_feed, item.transcript) = (entry.comments_feed.take(), entry.transcript.take());
    (item.published, item.updated, item.html, item.url) = (published, updated, html, url);
    item.tags = std::mem::take(&mut entry.tags);
    set_kind(&mut item, &entry, feed);
    if entry.author.get().is_none() && item.kind != ItemKind::Comment && feed.author.is_some() {
        item.author = author(feed.author.as_ref(), item.url.as_deref());
    }
    Some(item)
}

/// The full text, or the short one where the full one has no words: some put nothing but a picture there.
fn body(entry: &mut RawEntry) -> RawText {
    match (entry.content.take(), entry.summary.take()) {
        (Some(content), Some(summary)) if !has_words(&content) && has_words(&summary) => summary,
        (content, summary) => content.or(summary).unwrap_or_default(),
    }
}

/// Whether anything but tags and blanks is in a text.
fn has_words(text: &RawText) -> bool {
    let parts = text.value.split('<').enumerate();
    // What stands before the first tag, and behind the end of each.
    let mut words =
        parts.map(|(at, part)| if at == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) });
    text.is_plain && !text.value.is_empty() || words.any(|words| words.contains(char::is_alphanumeric))
}

/// Comment, review, video, article or post; and for a comment what it is about.
fn set_kind(item: &mut Item, entry: &RawEntry, feed: &Shared) {
    let title = comment::read(&item.title);
    let has_comment_link = item.url.as_deref().is_some_and(comment::is_comment_link);
    let is_comment =
        entry.in_reply_to.is_some() || has_comment_link || title.as_ref().is_some_and(|t| t.post.is_some());
    let is_comment_by = title.is_some() && item.medium == Medium::Blog && entry.author.get().is_some();
    if is_comment || is_comment_by {
        if item.author.name.is_none() {
            item.author.name = title.map(|title| title.author.to_owned());
        }
        item.kind = ItemKind::Comment;
        if item.medium == Medium::Blog {
            item.medium = Medium::Comment;
        }
        item.parent = entry.in_reply_to.clone().or_else(|| comment::parent(&item.key.id, &item.html));
        let page = item.url.as_deref().map(comment::page).map(str::to_owned);
        item.target = entry.in_reply_to_url.clone().or(page).or_else(|| feed.link.clone());
        item.thread = item.target.clone();
        return;
    }
    item.kind = match item.medium {
        _ if item.rating.is_some() => ItemKind::Review,
        Medium::Video => ItemKind::Video,
        Medium::Blog | Medium::News if !item.title.is_empty() => ItemKind::Article,
        _ => ItemKind::Post,
    };
    if item.kind == ItemKind::Review {
        item.medium = Medium::Review;
        item.target = feed.link.clone();
    }
}

/// News searches append " - Publisher" to titles and name the publisher in `source`.
fn without_publisher(title: String, publisher: Option<&str>) -> String {
    let stripped = publisher.and_then(|name| title.strip_suffix(name)).and_then(|rest| rest.strip_suffix(" - "));
    stripped.map(str::to_owned).unwrap_or(title)
}

/// The id of an item whose source gives none: the same over its raw fields at every reading.
///
/// A link and a title name an item even if its text is edited; without a link the date and the text must help.
#[must_use]
pub fn own_id(link: Option<&str>, title: &str, date: &str, html: &str) -> String {
    match link {
        Some(link) => format!("own:{}", hash_hex(&["link", link, title])),
        None => format!("own:{}", hash_hex(&["text", title, date, html])),
    }
}

/// Items that share an id in one document but neither address nor title are different ones: each gets its own.
/// Where even those are the same for several, as for reviews under one heading, date and text tell.
fn tell_twins_apart(items: &mut [Item]) {
    let is_any = mark_twins(items, |item| hash_hex(&[item.url.as_deref().unwrap_or(""), &item.title]));
    if is_any {
        let date = |item: &Item| item.published.map(|date| date.to_string()).unwrap_or_default();
        mark_twins(items, |item| hash_hex(&[&date(item), &item.html]));
    }
}

/// Puts a mark of its own behind each id that several items have; says whether there were any.
fn mark_twins(items: &mut [Item], mark: impl Fn(&Item) -> String) -> bool {
    let mut seen = HashSet::with_capacity(items.len());
    let twins: HashSet<String> =
        items.iter().map(|item| &item.key.id).filter(|id| !seen.insert(id.as_str())).cloned().collect();
    for item in items.iter_mut().filter(|item| twins.contains(&item.key.id)) {
        let part = mark(item);
        item.key.id = format!("{}#{}", item.key.id, part.get(..8).unwrap_or(""));
    }
    !twins.is_empty()
}

/// Published and updated; what only says when it was changed was published then at the latest.
fn dates(entry: &RawEntry, now: Timestamp) -> (Option<PostedAt>, Option<PostedAt>) {
    // feed-rs fills a date that is missing with another one: it is asked only about a date that we could not read.
    let read = |date: Option<&String>, second: Option<i64>| {
        let date = date?;
        read_date(date).or_else(|| second.and_then(at_seconds)).filter(|date| is_likely(date.at, now))
    };
    let updated = read(entry.updated.get(), entry.second_updated);
    let published = read(entry.published.get(), entry.second_published);
    (published.or(updated), updated)
}

fn at_seconds(seconds: i64) -> Option<PostedAt> {
    Timestamp::from_second(seconds).ok().map(PostedAt::utc)
}
