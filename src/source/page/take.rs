//! What one answer leaves behind: items, the pages to read next, and the marks of how far the source was read.
//!
//! A list is walked from its newest page on, as long as nothing on a page was known; what its links lead to waits in
//! the marks until it was read. A thread is read to its end. Of a sitemap what is newer than before is read.

use super::listing;
use super::marks::{self, Errand, Marks, Walk, address_mark};
use super::reading::{self, Found, PageRead, attribute_of};
use super::setting::Setting;
use super::sitemap::Sitemap;
use super::{PageSource, change, request};
use crate::model::{Batch, FeedFacts, Item, ItemKind, Problem};
use crate::text::{canonical_address, hash64};
use jiff::Timestamp;
use scraper::Html;

/// The most articles that one reading asks for.
pub(super) const ARTICLES_A_READING: usize = 10;

/// The most pages of a list that one reading turns, and the most of a thread.
const LIST_PAGES_MOST: usize = 5;
const THREAD_PAGES_MOST: usize = 15;

/// The most further pages of comments below one article.
const COMMENT_PAGES_MOST: usize = 3;

/// The most sitemaps of a list that one reading asks for, and how deep lists of lists are followed.
const SITEMAPS_MOST: usize = 5;
const SITEMAP_DEPTH_MOST: usize = 3;

/// Ends the look at a list: what it saw is known from now on.
pub(super) fn finish(marks: &mut Marks) {
    let mut taken = std::mem::take(&mut marks.fresh);
    taken.append(&mut marks.taken);
    (marks.taken, marks.walk) = (taken, None);
}

/// One answer while it is read.
pub(super) struct Reader<'s> {
    pub(super) source: &'s PageSource,
    pub(super) marks: Marks,
    pub(super) setting: Setting,
    pub(super) batch: Batch,
    /// What was found is known already.
    pub(super) is_known: bool,
}

impl Reader<'_> {
    pub(super) fn take_page(&mut self, page: &Html, errand: Errand, asked: &str) -> FeedFacts {
        if let Errand::Comments(article, before) = errand {
            self.take_comments(page, article, before);
            return FeedFacts::default();
        }
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
            Found::Items(items) => self.batch.items = items,
            Found::Article(items) => {
                self.batch.items = items;
                self.turn_comments(page, self.setting.url.clone(), Vec::new());
            }
            Found::Links(links) => self.take_links(page, links, errand),
            Found::Lines(lines) => self.take_lines(lines, &facts, is_article),
        }
        if is_article {
            self.marks.note_read(asked, self.setting.now);
        }
        facts
    }

    /// The comments of a further page; the article itself was read before.
    fn take_comments(&mut self, page: &Html, article: String, before: Vec<u64>) {
        let here = std::mem::replace(&mut self.setting.url, article.clone());
        let PageRead { found, .. } = reading::read(page, &self.setting, None, Some(false));
        if let Found::Article(items) | Found::Items(items) = found {
            self.batch.items = items.into_iter().filter(|item| item.kind == ItemKind::Comment).collect();
        }
        self.setting.url = here;
        self.turn_comments(page, article, before);
    }

    /// Asks for the pages of comments that nobody asked for yet.
    fn turn_comments(&mut self, page: &Html, article: String, mut before: Vec<u64>) {
        let here = address_mark(&self.setting.url);
        if !before.contains(&here) {
            before.push(here);
        }
        let n_left = (COMMENT_PAGES_MOST + 1).saturating_sub(before.len());
        let mut pages = listing::comment_pages(page, &self.setting);
        pages.retain(|url| !before.contains(&address_mark(url)));
        pages.truncate(n_left);
        before.extend(pages.iter().map(|url| address_mark(url)));
        let requests = pages.iter().map(|url| request(url, &Errand::Comments(article.clone(), before.clone())));
        self.batch.next.extend(requests);
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

    pub(super) fn take_sitemap(&mut self, sitemap: &Sitemap, errand: Errand) {
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
