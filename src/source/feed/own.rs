//! Our own reader of RSS and Atom: one pass over well-formed XML, field by field.
//!
//! In: text that is well-formed, or an error at the first place where it is not (the caller then mends and comes
//! again). Out: a [`RawFeed`] with addresses resolved. It decides wherever it and feed-rs disagree: it keeps the order
//! of dates, authors and links that feeds of all ages mean, and resolves `xml:base`.

use super::element::{Captured, attribute, push};
use super::names::{Bindings, Vocabulary};
use super::place::Place;
use super::raw::{RawEntry, RawFeed, RawPerson};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Most entries that are read of one document; the rest is told as a problem by the caller.
pub const MAX_ENTRIES: usize = 5_000;

/// Where the document stopped being well-formed, as a byte offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Irregular(pub usize);

/// Reads a document. The feed holds what came before the first irregular place, if there is one.
#[must_use]
pub fn read(text: &str, url: &str) -> (RawFeed, Option<Irregular>) {
    let mut walker = Walker::new(text, url);
    let outcome = walker.walk();
    (walker.feed, outcome.err())
}

pub(super) struct Walker<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    pub(super) bindings: Bindings,
    pub(super) places: Vec<Place>,
    pub(super) feed: RawFeed,
    open: Vec<Container>,
}

/// An element whose children are looked at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Root,
    Feed,
    Entry,
    Group,
    /// The feed that an entry of Atom was taken from.
    Origin,
}

impl<'x> Walker<'x> {
    fn new(text: &'x str, url: &str) -> Self {
        let places = vec![Place::at(url)];
        let (bindings, feed) = (Bindings::default(), RawFeed::default());
        Self { text, reader: Reader::from_str(text), bindings, places, feed, open: Vec::new() }
    }

    fn walk(&mut self) -> Result<(), Irregular> {
        let mut marks = Vec::new();
        loop {
            match self.next()? {
                Event::Start(start) => {
                    marks.push(self.enter(&start));
                    if !self.open_container(&start) {
                        self.field(&start, false)?;
                        self.leave(marks.pop());
                    }
                }
                Event::Empty(start) => {
                    let mark = self.enter(&start);
                    if self.is_container(&start) {
                        self.empty_container(&start);
                    } else {
                        self.field(&start, true)?;
                    }
                    self.leave(Some(mark));
                }
                Event::End(_) => {
                    self.open.pop();
                    self.leave(marks.pop());
                }
                Event::Eof if self.open.is_empty() => return Ok(()),
                Event::Eof => return Err(self.irregular()),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<Event<'x>, Irregular> {
        self.reader.read_event().map_err(|_| self.irregular())
    }

    fn irregular(&self) -> Irregular {
        Irregular(self.position())
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    fn enter(&mut self, start: &BytesStart<'_>) -> usize {
        let mark = self.bindings.mark();
        self.bindings.enter(start);
        let place = self.place().within(start);
        self.places.push(place);
        mark
    }

    fn leave(&mut self, mark: Option<usize>) {
        self.bindings.leave(mark.unwrap_or(0));
        if self.places.len() > 1 {
            self.places.pop();
        }
    }

    /// Where the reader stands: base address and language.
    pub(super) fn place(&self) -> Place {
        self.places.last().cloned().unwrap_or_default()
    }

    fn container_of(&self, start: &BytesStart<'_>) -> Option<Container> {
        let name = start.name().into_inner();
        let (vocabulary, local) = self.bindings.resolve(name);
        let is = |names: &[&str]| names.iter().any(|name| local.eq_ignore_ascii_case(name));
        match (self.open.last(), vocabulary) {
            (None, Vocabulary::Core) if is(&["rss", "rdf", "feed", "channel"]) => Some(Container::Root),
            (None | Some(Container::Root | Container::Feed), Vocabulary::Core) if is(&["item", "entry"]) => {
                Some(Container::Entry)
            }
            // RSS 1.1 has its items in a list of their own.
            (Some(Container::Root), Vocabulary::Core) if is(&["channel", "items"]) => Some(Container::Feed),
            (Some(Container::Entry), Vocabulary::Core) if is(&["source"]) && self.feed.is_author_inherited => {
                Some(Container::Origin)
            }
            (Some(Container::Entry), Vocabulary::Media) if is(&["group", "content", "community"]) => {
                Some(Container::Group)
            }
            (Some(Container::Group), Vocabulary::Media) if is(&["content", "community"]) && self.open.len() < 8 => {
                Some(Container::Group)
            }
            _ => None,
        }
    }

    fn is_container(&self, start: &BytesStart<'_>) -> bool {
        self.container_of(start).is_some()
    }

    /// A container without content may say all by its attributes.
    fn empty_container(&mut self, start: &BytesStart<'_>) {
        if self.open_container(start) {
            self.open.pop();
        }
    }

    /// Whether `start` opens an element whose children are looked at one by one.
    fn open_container(&mut self, start: &BytesStart<'_>) -> bool {
        let Some(container) = self.container_of(start) else { return false };
        let lang = self.place().lang.as_deref().map(str::to_owned);
        match container {
            Container::Root | Container::Feed => {
                self.feed.is_feed = true;
                self.feed.is_author_inherited |= start.local_name().into_inner().eq_ignore_ascii_case("feed");
                self.feed.lang = self.feed.lang.take().or(lang);
                self.feed_attributes(start);
            }
            Container::Entry => self.open_entry(start, lang),
            Container::Group => self.media_attributes(start),
            Container::Origin => {}
        }
        self.open.push(container);
        true
    }

    fn open_entry(&mut self, start: &BytesStart<'_>, lang: Option<String>) {
        self.feed.is_feed = true;
        self.feed.is_full = self.feed.entries.len() >= MAX_ENTRIES;
        if self.feed.is_full {
            return;
        }
        let mut entry = RawEntry { lang, ..RawEntry::default() };
        if let Some(about) = attribute(start, "about") {
            if let Some(link) = self.place().resolve(&about) {
                entry.link.offer(2, link);
            }
            entry.id.offer(1, about.trim().to_owned());
        }
        self.feed.entries.push(entry);
        self.entry_attributes(start);
    }

    /// RSS on a host of its own: what is relative in it belongs to the site that it names before.
    pub(super) fn follow_site(&mut self, link: &str) {
        let [document, .., channel] = self.places.as_slice() else { return };
        let Some(site) = document.moved_to(link).filter(|_| document.has_base_of(channel)) else { return };
        for place in self.places.iter_mut().skip(1) {
            place.take_base(&site);
        }
    }

    /// Reads an element that is a field of the feed or of an entry, or passes over it.
    fn field(&mut self, start: &BytesStart<'x>, is_empty: bool) -> Result<(), Irregular> {
        let (vocabulary, local) = {
            let (vocabulary, local) = self.bindings.resolve(start.name().into_inner());
            (vocabulary, local.to_ascii_lowercase())
        };
        let person =
            matches!(local.as_str(), "author" | "contributor" | "owner" | "creator" | "managingeditor" | "webmaster");
        match self.open.last() {
            Some(Container::Origin) if person => {
                let person = self.person(is_empty)?;
                self.origin_person(&local, person);
            }
            Some(Container::Origin) => {
                let captured = self.capture(is_empty)?;
                self.origin_field(vocabulary, &local, &captured);
            }
            Some(Container::Entry | Container::Group) if person => {
                let person = self.person(is_empty)?;
                self.entry_person(vocabulary, &local, person);
            }
            Some(Container::Entry | Container::Group) => {
                let captured = self.capture(is_empty)?;
                self.entry_field(vocabulary, &local, start, &captured);
            }
            Some(Container::Root | Container::Feed) if person => {
                let person = self.person(is_empty)?;
                self.feed_person(vocabulary, &local, person);
            }
            Some(Container::Root | Container::Feed) => {
                let captured = self.capture(is_empty)?;
                self.feed_field(vocabulary, &local, start, &captured);
            }
            None => drop(self.capture(is_empty)?),
        }
        Ok(())
    }

    /// Reads up to the end of the element that was just opened.
    fn capture(&mut self, is_empty: bool) -> Result<Captured<'x>, Irregular> {
        let from = self.position();
        let mut captured = Captured { text: Cow::Borrowed(""), inner: "", has_markup: false };
        if is_empty {
            return Ok(captured);
        }
        let mut depth = 0_usize;
        loop {
            let to = self.position();
            match self.next()? {
                Event::Start(_) => {
                    depth += 1;
                    captured.has_markup = true;
                }
                Event::Empty(_) => captured.has_markup = true,
                Event::End(_) if depth == 0 => {
                    captured.inner = self.text.get(from..to).unwrap_or("");
                    return Ok(captured);
                }
                Event::End(_) => depth -= 1,
                Event::Text(text) => push(&mut captured.text, text.xml10_content()),
                Event::CData(data) => push(&mut captured.text, data.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.clone().into_inner();
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => Cow::Owned(character.to_string()),
                        _ => Cow::Borrowed(resolve_xml_entity(&name).ok_or_else(|| self.irregular())?),
                    };
                    push(&mut captured.text, resolved);
                }
                Event::Eof => return Err(self.irregular()),
                _ => {}
            }
        }
    }

    /// Reads a person: an element with `name`, `uri` and `email`, or a text.
    fn person(&mut self, is_empty: bool) -> Result<RawPerson, Irregular> {
        let mut person = RawPerson::default();
        let mut text = String::new();
        if is_empty {
            return Ok(person);
        }
        loop {
            match self.next()? {
                Event::Start(start) => {
                    let local = start.local_name().into_inner().to_ascii_lowercase();
                    let value = Some(self.capture(false)?.text.trim().to_owned()).filter(|value| !value.is_empty());
                    match local.as_str() {
                        "name" => person.name = person.name.or(value),
                        "uri" | "url" | "homepage" => person.url = person.url.or(value),
                        "email" => person.email = person.email.or(value),
                        _ => {}
                    }
                }
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    _ => text
                        .push_str(resolve_xml_entity(&reference.clone().into_inner()).ok_or_else(|| self.irregular())?),
                },
                Event::End(_) => break,
                Event::Eof => return Err(self.irregular()),
                _ => {}
            }
        }
        if person.name.is_none() && !text.trim().is_empty() {
            person.name = Some(text.trim().to_owned());
        }
        Ok(person)
    }
}
