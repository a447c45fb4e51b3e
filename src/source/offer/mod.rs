//! What a page offers to listen to: feeds, comments, an interface, a sitemap, a forum, or the page itself.
//!
//! In: the markup of a page that somebody named. Out: offers, the best first, each of which an engine can try. Pure:
//! whether an offer holds what it promises is seen when it is read.

mod links;
mod repeated;
mod software;

use super::page::{self, PageKind};
use crate::model::{Cursor, Medium, Recipe, Response, SourceName, SourceSpec};
use crate::text::canonical_address;
use jiff::Timestamp;
use scraper::Html;
use std::collections::HashSet;

/// The most offers of one page.
const OFFERS_MOST: usize = 12;

/// What may be listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OfferKind {
    /// A service or program that a preset knows.
    Preset,
    /// Posts and comments of a WordPress site.
    WordPress,
    /// A feed of posts.
    Feed,
    /// A feed of comments.
    CommentFeed,
    /// The feed of a forum.
    ForumFeed,
    /// Items that stand on the page itself.
    Page,
    /// A sitemap.
    Sitemap,
}

/// Something to listen to.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it is.
    pub kind: OfferKind,
    /// The engine that reads it.
    pub engine: &'static str,
    /// The preset that reads it, where one does.
    pub preset: Option<&'static str>,
    /// Its address, absolute.
    pub url: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// Why it is offered, in plain words.
    pub why: String,
    /// Where its items are said, where that is known.
    pub medium: Option<Medium>,
    /// How its items are found, where the page does not tell programs.
    pub recipe: Option<Recipe>,
    /// Nothing speaks for it but custom.
    pub is_guess: bool,
}

impl Offer {
    pub(in crate::source) fn new(kind: OfferKind, engine: &'static str, url: String, why: impl Into<String>) -> Self {
        Self {
            kind,
            engine,
            preset: None,
            url,
            title: None,
            why: why.into(),
            medium: None,
            recipe: None,
            is_guess: false,
        }
    }

    /// The source that it would be.
    #[must_use]
    pub fn spec(&self, name: SourceName) -> SourceSpec {
        SourceSpec {
            medium: self.medium,
            recipe: self.recipe.clone().or_else(|| super::preset(self.preset?)?.recipe.clone()),
            ..SourceSpec::new(name, self.engine, self.url.clone())
        }
    }
}

/// What the page at `url` offers, the best first; `bytes` and `content_type` as they came.
#[must_use]
pub fn offers(bytes: &[u8], content_type: Option<&str>, url: &str) -> Vec<Offer> {
    let decoded = super::feed::decode::decode(bytes, content_type);
    let page = page::tree(&decoded.text);
    let mut offers: Vec<Offer> = software::preset(&page, url).into_iter().collect();
    offers.extend(software::wordpress(&page, url));
    offers.extend(links::feeds(&page, url));
    offers.extend(software::forum_feeds(&page, url));
    offers.extend(links::sitemaps(&page, url));
    offers.extend(of_page(&page, url));
    offers.sort_by_key(|offer| offer.kind);
    let mut seen = HashSet::new();
    let is_new = |offer: &Offer| {
        let address = canonical_address(&offer.url).unwrap_or_else(|| offer.url.clone());
        seen.insert((offer.engine, offer.recipe.is_some(), address))
    };
    let mut offers: Vec<Offer> = offers.into_iter().filter(is_new).collect();
    offers.truncate(OFFERS_MOST);
    offers
}

/// What an answer is by itself: a feed or a sitemap; `None` for a page.
#[must_use]
pub fn own_offer(response: &Response) -> Option<Offer> {
    let decoded = super::feed::decode::decode(&response.body, response.header("content-type"));
    let url = response.url.clone();
    if page::is_sitemap(&decoded.text) {
        return Some(Offer::new(OfferKind::Sitemap, "page", url, "the address is a sitemap"));
    }
    let spec = SourceSpec::new(SourceName::new("new"), "feed", url.clone());
    let source = super::feed::open(&spec);
    let request = source.start(&Cursor::default(), Timestamp::UNIX_EPOCH).pop()?;
    source.read(&Cursor::default(), &request, response, Timestamp::UNIX_EPOCH).ok()?;
    Some(Offer::new(OfferKind::Feed, "feed", url, "the address is a feed"))
}

/// Addresses at which feeds often lie, for a page that names none.
#[must_use]
pub fn guesses(url: &str) -> Vec<Offer> {
    links::guesses(url)
}

/// The sitemaps that a robots.txt names.
#[must_use]
pub fn sitemaps_in_robots(text: &str) -> Vec<Offer> {
    links::sitemaps_in_robots(text)
}

/// The page itself: as it tells programs, by a recipe where most of it is blocks that are alike, or as it reads.
fn of_page(page: &Html, url: &str) -> Vec<Offer> {
    let offer = |why: &str, medium| Offer { medium, ..Offer::new(OfferKind::Page, "page", url.to_owned(), why) };
    let whole = match page::kind(page, url) {
        PageKind::Reviews => return vec![offer("the page tells programs of its reviews", Some(Medium::Review))],
        PageKind::Thread => return vec![offer("the page tells programs of its posts", Some(Medium::Forum))],
        PageKind::Items => return vec![offer("the page tells programs of its items", None)],
        PageKind::List => return vec![offer("a list of articles, which are read one by one", None)],
        PageKind::Article { n_comments: 0 } => offer("an article", None),
        PageKind::Article { n_comments } => {
            return vec![offer(&format!("an article with {n_comments} comments"), None)];
        }
        PageKind::Other => offer("a page that is watched for what is new on it", None),
    };
    let blocks = repeated::recipe(page).map(|recipe| {
        let why = "blocks that are alike stand one below the other on the page";
        Offer { recipe: Some(recipe), ..offer(why, None) }
    });
    blocks.into_iter().chain([whole]).collect()
}

#[cfg(test)]
mod tests;
