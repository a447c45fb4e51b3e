//! The engine `page`: articles and the comments below them, reviews, threads, lists of articles, sitemaps, and pages
//! that only change.
//!
//! In: an answer as it came. Out: items, and the pages to read next. A list is asked at every reading; the articles
//! that it links to are read once, a few at a reading, and looked at again for comments while they are young. Nothing
//! that was listed is lost when a reading is cut off: what waits is in the cursor ([`marks::Marks`]).

mod article;
mod change;
mod comments;
mod listing;
mod marks;
mod markup;
#[cfg(test)]
#[path = "tests/measure.rs"]
mod measure;
mod node;
mod pick;
mod reading;
mod recipe;
mod setting;
mod sitemap;
mod structured;
#[cfg(test)]
mod tests;
mod tree;

pub use pick::{PickError, squeezed};
pub use reading::{PageKind, kind};
pub use sitemap::is_sitemap;
pub use tree::tree;

use super::feed::{decode, sniff};
use super::{ReadError, Source};
use crate::model::{
    Batch, Cursor, FeedFacts, Item, ItemKind, Medium, Problem, Request, Response, SourceName, SourceSpec,
};
use crate::text::{canonical_address, hash64};
use jiff::Timestamp;
use marks::{Errand, Marks, Walk, address_mark};
use reading::{Found, PageRead, attribute_of};
use recipe::Cook;
use scraper::Html;
use setting::Setting;
use sitemap::Sitemap;

/// The most decoded bytes that a page may have.
pub const BODY_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// The most articles that one reading asks for, and how many of them were read before.
const ARTICLES_A_READING: usize = 10;
const AGAIN_A_READING: usize = 3;

/// The most pages of a list that one reading turns, and the most of a thread.
const LIST_PAGES_MOST: usize = 5;
const THREAD_PAGES_MOST: usize = 15;

/// The most sitemaps of a list that one reading asks for, and how deep lists of lists are followed.
const SITEMAPS_MOST: usize = 5;
const SITEMAP_DEPTH_MOST: usize = 3;

/// What we prefer to be answered.
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.8, */*;q=0.5";

/// Makes the source of one `[[source]]` with `engine = "page"`.
#[must_use]
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    let recipe = spec.recipe.as_ref();
    Box::new(PageSource {
        name: spec.name.clone(),
        url: spec.url.clone(),
        follow: spec.follow,
        is_thread: recipe.is_some_and(|recipe| recipe.last.is_some()),
        // What the configuration let through can be cooked.
        cook: recipe.and_then(|recipe| Cook::new(recipe).ok()),
    })
}

/// Whether `part` of a recipe can be read.
///
/// # Errors
/// [`PickError`] says why not.
pub fn check_part(key: &str, part: &str) -> Result<(), PickError> {
    match pick::Pick::parse(part) {
        Ok(_) if key == "item" => {
            scraper::Selector::parse(part).map(drop).map_err(|_| PickError::Selector(part.to_owned()))
        }
        other => other.map(drop),
    }
}

/// What a part of a recipe gives below `item`; `None` where nothing, or where it is none.
#[must_use]
pub fn part_of(item: scraper::ElementRef<'_>, part: &str) -> Option<String> {
    pick::Pick::parse(part).ok()?.text(item)
}

struct PageSource {
    name: SourceName,
    url: String,
    follow: Option<bool>,
    is_thread: bool,
    cook: Option<Cook>,
}

impl Source for PageSource {
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request> {
        let marks = Marks::of(cursor);
        let again = marks.due_again(now).into_iter().take(AGAIN_A_READING);
        let open = marks.open.iter().map(|open| open.url.as_str()).take(ARTICLES_A_READING);
        let mut requests: Vec<Request> = again.chain(open).map(|url| request(url, &Errand::Article)).collect();
        requests.extend(marks.walk.as_ref().map(|walk| request(&walk.url, &Errand::More(walk.before.clone()))));
        // The last of them is asked first.
        let newest = marks.newest.as_deref().unwrap_or(&self.url);
        let start = request(newest, &Errand::Start);
        // Validators are of the address that was asked before: a thread that moves on has none.
        requests.push(Request { conditional: marks.newest.is_none(), ..start });
        requests
    }

    fn read(
        &self,
        cursor: &Cursor,
        request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let read = self.read_answer(cursor, request, response, now);
        // An article that is a picture is no fault of the list.
        read.or_else(|error| self.refused(cursor, request, None, now).ok_or(error))
    }

    fn refused(&self, cursor: &Cursor, request: &Request, _: Option<u16>, _: Timestamp) -> Option<Batch> {
        let mut marks = Marks::of(cursor);
        match Errand::of(request.note.as_deref()) {
            Errand::Start => return None,
            Errand::Article => marks.note_refused(&request.url),
            // The look ends here; the next one finds what is still there.
            Errand::More(_) => finish(&mut marks),
            Errand::Sitemap(_) => {}
        }
        Some(Batch { cursor: marks.cursor(), ..Batch::default() })
    }
}

impl PageSource {
    fn read_answer(
        &self,
        cursor: &Cursor,
        request: &Request,
        response: &Response,
        now: Timestamp,
    ) -> Result<Batch, ReadError> {
        let marks = Marks::of(cursor);
        let errand = Errand::of(request.note.as_deref());
        let unpacked = response.body.starts_with(&[0x1f, 0x8b]).then(|| sitemap::unpack(&response.body)).flatten();
        let bytes = unpacked.as_deref().unwrap_or(&response.body);
        sniff::refuse_binary(bytes)?;
        let decoded = decode::decode(bytes, response.header("content-type"));
        let setting = Setting { source: self.name.clone(), url: response.url.clone(), medium: Medium::Web, now };
        let mut reader = Reader { source: self, marks, setting, batch: Batch::default(), is_known: false };
        let facts = if is_sitemap(&decoded.text) {
            reader.take_sitemap(&sitemap::read(&decoded.text), errand);
            FeedFacts::default()
        } else {
            if let Ok(sniff::Shape::Xml(..) | sniff::Shape::Json(_)) = sniff::shape(&decoded.text, &response.url) {
                refuse_data(&decoded.text)?;
            }
            reader.take_page(&tree(&decoded.text), errand, &request.url)
        };
        let Reader { marks, mut batch, is_known, .. } = reader;
        batch.feed = Some(FeedFacts { encoding: Some(decoded.encoding), ..facts });
        batch.problems.extend(decoded.problems);
        batch.cursor = marks.cursor();
        // Where all is as it was, there is nothing to complain of.
        if batch.items.is_empty() && batch.next.is_empty() && is_known {
            batch.problems.clear();
        }
        Ok(batch)
    }
}

/// Refuses feeds and data, which have engines of their own.
fn refuse_data(text: &str) -> Result<(), ReadError> {
    let head: String = text.chars().take(1_000).collect();
    let is_feed = ["<rss", "<feed", "<rdf:RDF", "jsonfeed.org"].iter().any(|mark| head.contains(mark));
    if is_feed {
        return Err(ReadError::IsFeed);
    }
    if head.trim_start().starts_with(['{', '[']) { Err(ReadError::IsJson) } else { Ok(()) }
}

fn request(url: &str, errand: &Errand) -> Request {
    Request {
        url: url.to_owned(),
        headers: vec![("accept".to_owned(), ACCEPT.to_owned())],
        bearer: None,
        conditional: false,
        obeys_robots: !matches!(errand, Errand::Sitemap(_)),
        body_limit_bytes: BODY_LIMIT_BYTES,
        note: errand.note(),
    }
}

/// Ends the look at a list: what it saw is known from now on.
fn finish(marks: &mut Marks) {
    let mut taken = std::mem::take(&mut marks.fresh);
    taken.append(&mut marks.taken);
    (marks.taken, marks.walk) = (taken, None);
}

/// One answer while it is read.
struct Reader<'s> {
    source: &'s PageSource,
    marks: Marks,
    setting: Setting,
    batch: Batch,
    /// What was found is known already.
    is_known: bool,
}

impl Reader<'_> {
    fn take_page(&mut self, page: &Html, errand: Errand, asked: &str) -> FeedFacts {
        let is_article = errand == Errand::Article;
        let follow = if is_article { Some(false) } else { self.source.follow };
        if is_article || follow == Some(false) {
            self.adopt_canonical(page);
        }
        let cook = self.source.cook.as_ref().filter(|_| !is_article);
        let PageRead { found, facts, problems } = reading::read(page, &self.setting, cook, follow);
        self.batch.problems.extend(problems.into_iter().map(|message| Problem { message, line: None }));
        self.is_known = match &found {
            Found::Items(items) | Found::Article(items) => !items.is_empty(),
            Found::Links(links) => !links.is_empty(),
            Found::Lines(lines) => !lines.is_empty(),
        };
        match found {
            Found::Items(items) if !is_article => self.take_list(page, items, errand),
            Found::Items(items) | Found::Article(items) => self.batch.items = items,
            Found::Links(links) => self.take_links(page, links, errand),
            Found::Lines(lines) => self.take_lines(lines, &facts, is_article),
        }
        if is_article {
            self.marks.note_read(asked, self.setting.now);
        }
        facts
    }

    /// A page that names another address of the same site as its own is known by that.
    fn adopt_canonical(&mut self, page: &Html) {
        let named = attribute_of(page, "link[rel~=canonical][href]", "href");
        let Some(named) = named.and_then(|url| self.setting.absolute(&url)) else { return };
        let (Ok(named), Ok(own)) = (url::Url::parse(&named), url::Url::parse(&self.setting.url)) else { return };
        // A front page that every page names is a mistake of the site.
        if named.host_str() == own.host_str() && (named.path() != "/" || own.path() == "/") {
            self.setting.url = named.into();
        }
    }

    /// Items of the page itself; further pages as long as nothing on them is known.
    fn take_list(&mut self, page: &Html, items: Vec<Item>, errand: Errand) {
        let ids: Vec<u64> = items.iter().map(|item| hash64(&[&item.key.id])).collect();
        self.batch.items = items;
        let link = |key: &str| self.source.cook.as_ref().and_then(|cook| cook.link(page, key, &self.setting));
        if self.source.is_thread {
            let (next, last) = (link("next"), link("last"));
            self.turn_thread(next, last, errand);
        } else {
            let has_recipe = self.source.cook.as_ref().is_some_and(|cook| cook.has("next"));
            let next = if has_recipe { link("next") } else { listing::next(page, &self.setting) };
            self.turn(ids, next, errand);
        }
    }

    /// A thread is read to its end, and from its last page on the next time.
    fn turn_thread(&mut self, next: Option<String>, last: Option<String>, errand: Errand) {
        let mut before = pages_before(errand);
        let is_first = before.is_empty() && self.marks.newest.is_none();
        before.push(address_mark(&self.setting.url));
        // Of a long thread the beginning and the end are read, not what lies between.
        let target = if is_first { last.or(next) } else { next };
        self.marks.newest = Some(self.setting.url.clone());
        let Some(url) = target.filter(|url| !before.contains(&address_mark(url))) else { return };
        if before.len() < THREAD_PAGES_MOST {
            self.batch.next.push(request(&url, &Errand::More(before)));
        } else {
            self.marks.newest = Some(url);
        }
    }

    fn take_links(&mut self, page: &Html, links: Vec<String>, errand: Errand) {
        let n_open = self.marks.open.len();
        let marks: Vec<u64> = links.iter().map(|url| address_mark(url)).collect();
        for (url, mark) in links.into_iter().zip(&marks) {
            if !self.marks.knows(*mark) && !self.marks.put_off(url) {
                break;
            }
        }
        self.ask_for_open(n_open);
        self.turn(marks, listing::next(page, &self.setting), errand);
    }

    /// Asks for the articles that began to wait with this answer, as many as a reading may; those before were asked for
    /// when it began.
    fn ask_for_open(&mut self, n_before: usize) {
        let new = self.marks.open.iter().skip(n_before).take(ARTICLES_A_READING.saturating_sub(n_before));
        self.batch.next.extend(new.map(|open| request(&open.url, &Errand::Article)));
    }

    /// Turns the page of a list as long as nothing on it was known.
    fn turn(&mut self, ids: Vec<u64>, next: Option<String>, errand: Errand) {
        let is_blank = self.marks.is_blank();
        let mut before = pages_before(errand);
        let is_start = before.is_empty();
        before.push(address_mark(&self.setting.url));
        let meets_known =
            ids.iter().any(|id| self.marks.taken.contains(id) || (is_start && self.marks.fresh.contains(id)));
        self.marks.fresh.extend(ids.into_iter().filter(|id| !self.marks.fresh.contains(id)).collect::<Vec<_>>());
        let next = next.filter(|url| !is_blank && !meets_known && !before.contains(&address_mark(url)));
        match next {
            Some(url) if before.len() < LIST_PAGES_MOST => {
                self.batch.next.push(request(&url, &Errand::More(before.clone())));
                self.marks.walk = Some(Walk { url, before });
            }
            // An older look that was cut off goes on by itself.
            _ if is_start && self.marks.walk.is_some() => {}
            next => {
                if next.is_some() {
                    let message = format!("more than {LIST_PAGES_MOST} pages are new; the older ones were left out");
                    self.batch.problems.push(Problem { message, line: None });
                }
                finish(&mut self.marks);
            }
        }
    }

    /// A page without items: what is new on it is an item; on the first reading all of it.
    fn take_lines(&mut self, lines: Vec<String>, facts: &FeedFacts, is_article: bool) {
        let new = if is_article { lines.clone() } else { change::new_lines(&lines, &self.marks.lines) };
        if !is_article {
            self.marks.lines = change::marks(&lines);
        }
        if new.is_empty() {
            return;
        }
        let text = new.join("\n");
        let id = self.setting.article_id();
        let id = if is_article { id } else { format!("{id}#{:016x}", hash64(&[&text])) };
        let mut item = self.setting.item(id, ItemKind::Article);
        item.url = Some(self.setting.url.clone());
        item.title = facts.title.clone().unwrap_or_default();
        item.lang = facts.lang.clone();
        item.text = text;
        self.batch.items.push(item);
    }

    fn take_sitemap(&mut self, sitemap: &Sitemap, errand: Errand) {
        self.is_known = !sitemap.entries.is_empty();
        if errand == Errand::Start {
            self.marks.until = self.marks.high.take().or(self.marks.until);
        }
        let above = match errand {
            Errand::Sitemap(above) => above,
            _ => Vec::new(),
        };
        if sitemap.is_index {
            self.take_index(sitemap, above);
        } else {
            self.take_entries(sitemap);
        }
    }

    /// The sitemaps that changed last; none that stands above this one.
    fn take_index(&mut self, sitemap: &Sitemap, mut above: Vec<u64>) {
        above.push(address_mark(&self.setting.url));
        let until = self.marks.until;
        let is_new = |at: Option<Timestamp>| until.is_none_or(|until| at.is_none_or(|at| at > until));
        let mut entries: Vec<_> = sitemap.entries.iter().filter(|entry| is_new(entry.at)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let urls = entries.into_iter().filter_map(|entry| self.setting.absolute(&entry.url));
        let urls = urls.filter(|url| !above.contains(&address_mark(url)));
        if above.len() > SITEMAP_DEPTH_MOST {
            let message = format!("sitemaps that lie more than {SITEMAP_DEPTH_MOST} deep were left out");
            self.batch.problems.push(Problem { message, line: None });
            return;
        }
        let requests: Vec<_> =
            urls.take(SITEMAPS_MOST).map(|url| request(&url, &Errand::Sitemap(above.clone()))).collect();
        self.batch.next.extend(requests);
    }

    /// The pages that are newer than what was taken before; those without a date once.
    fn take_entries(&mut self, sitemap: &Sitemap) {
        let n_open = self.marks.open.len();
        let is_blank = self.marks.until.is_none() && self.marks.is_blank();
        let host = |url: &str| canonical_address(url).and_then(|form| form.split('/').nth(2).map(str::to_owned));
        let own = host(&self.setting.url);
        let mut entries: Vec<_> = sitemap.entries.iter().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let (mut high, mut undated, mut n_left) = (self.marks.high, Vec::new(), 0_usize);
        for entry in entries {
            let Some(url) = self.setting.absolute(&entry.url).filter(|url| host(url) == own) else { continue };
            let mark = address_mark(&url);
            let is_new = match entry.at {
                Some(at) => self.marks.until.is_none_or(|until| at > until),
                None => !self.marks.knows(mark),
            };
            if !is_new || (entry.at.is_none() && undated.len() == marks::TAKEN_MOST) {
                continue;
            }
            // Of a first reading the newest are enough.
            let is_enough = is_blank && self.marks.open.len() >= n_open + ARTICLES_A_READING;
            if !is_enough && !self.marks.put_off(url) {
                n_left += 1;
                continue;
            }
            high = high.max(entry.at);
            if entry.at.is_none() {
                undated.push(mark);
            }
        }
        if n_left > 0 {
            let message = format!("{n_left} pages of the sitemap are left for later: too many wait already");
            self.batch.problems.push(Problem { message, line: None });
        }
        // What was left comes again.
        self.marks.high = if n_left > 0 { self.marks.until } else { high };
        undated.extend(std::mem::take(&mut self.marks.taken));
        self.marks.taken = undated;
        self.ask_for_open(n_open);
    }
}

fn pages_before(errand: Errand) -> Vec<u64> {
    match errand {
        Errand::More(before) => before,
        _ => Vec::new(),
    }
}
