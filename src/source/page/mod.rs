//! The engine `page`: articles and the comments below them, reviews, threads, lists of articles, sitemaps, and pages
//! that only change.
//!
//! In: an answer as it came. Out: items, and the pages to read next. A list is asked at every reading; the articles
//! that it links to are read once, a few at a reading, and looked at again for comments while they are young. Nothing
//! that was listed is lost when a reading is cut off: what waits is in the cursor (`marks`).

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
mod take;
#[cfg(test)]
mod tests;
mod tree;

pub use pick::{PickError, squeezed};
pub use reading::{PageKind, kind};
pub(super) use recipe::short_number;
pub use sitemap::is_sitemap;
pub use tree::tree;

use super::feed::{decode, sniff};
use super::{ReadError, Source};
use crate::model::{Batch, Cursor, FeedFacts, Medium, Request, Response, SourceName, SourceSpec};
use jiff::Timestamp;
use marks::{Errand, Marks};
use recipe::Cook;
use setting::Setting;
use take::{ARTICLES_A_READING, Reader, finish};

/// The most decoded bytes that a page may have.
pub const BODY_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// How many articles that were read before one reading asks for again.
const AGAIN_A_READING: usize = 3;

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
            Errand::Sitemap(_) | Errand::Comments(..) => {}
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
        headers: vec![("accept".to_owned(), ACCEPT.to_owned())],
        obeys_robots: !matches!(errand, Errand::Sitemap(_)),
        note: errand.note(),
        ..Request::plain(url.to_owned(), BODY_LIMIT_BYTES)
    }
}
