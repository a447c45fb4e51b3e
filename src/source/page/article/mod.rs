//! Reads a page as one article.
//!
//! In: the tree of a page. Out: its title, its body as clean markup, who wrote it and when. What is no article
//! (comments, navigation, boxes, forms, consent notes) is cut first; then Mozilla's readability (dom_smoothie) and the
//! plain markers of a body ("entry-content", `itemprop=articleBody`) each say what the body is, and the better one is
//! taken. Structured data (JSON-LD) is read elsewhere.
//! Never fails: a page without a body gives none.

mod body;
mod cut;
mod facts;
mod names;
mod size;
#[cfg(test)]
mod tests;
mod title;

use crate::model::PostedAt;
use jiff::Timestamp;
use scraper::Html;

pub use cut::is_hidden;
pub use facts::{author_of, clock_of};

/// One article as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// Its title, without the site's name; empty where the page has none.
    pub title: String,
    /// Its body as plain markup.
    pub html: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// What the writer's name links to, absolute.
    pub author_url: Option<String>,
    /// When it appeared.
    pub published: Option<PostedAt>,
    /// When it was changed last.
    pub updated: Option<PostedAt>,
    /// The language that the page states, as a language tag.
    pub lang: Option<String>,
    /// The address that the page calls its own, absolute, on the same site only.
    pub url: Option<String>,
    /// Its tags, in the order of the page, each once.
    pub tags: Vec<String>,
    /// The name of the site.
    pub site: Option<String>,
}

/// The article of `page`, which lies at `url`; `None` where it has no body.
///
/// Times without zone are read by the clock of the page's other times, in UTC where it shows none.
#[must_use]
pub fn article(page: &Html, url: &str, now: Timestamp) -> Option<Article> {
    let cut = cut::cut(page);
    let html = body::body(page, &cut, url)?;
    let mut article = facts::facts(page, url, now);
    article.html = html;
    Some(article)
}
