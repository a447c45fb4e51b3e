//! Reads the comments under an article.
//!
//! In: the tree of a page. Out: its comments in the order of the page, each with the comment that it answers. What
//! blogs of WordPress, Blogger, Typepad, Movable Type, Serendipity, Drupal or Joomla and schema.org name is known by
//! name; elsewhere blocks that repeat under a list of comments, each with a name or a time, are taken.
//! Never fails: a page without comments gives none.

mod author;
mod body;
mod date;
mod find;
mod key;
mod names;
mod parts;
mod piece;
mod read;
mod repeated;
#[cfg(test)]
mod tests;
mod words;

use super::article::{author_of, clock_of};
use super::node::Nodes;
use crate::model::PostedAt;
use jiff::Timestamp;
use scraper::Html;

pub use author::plain_name;
pub use date::{date_in, is_date_like};

/// The most comments that are read of one page.
pub const COMMENTS_LIMIT: usize = 5_000;

/// One comment as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The page's own number where it has one, else a hash of who, when and what.
    pub id: String,
    /// The id of the comment that it answers.
    pub parent: Option<String>,
    /// The writer's name; none for a pingback.
    pub author: Option<String>,
    /// What the name links to, absolute.
    pub author_url: Option<String>,
    /// When it was written.
    pub published: Option<PostedAt>,
    /// Its body as plain markup, without name, time and buttons.
    pub html: String,
    /// Whether the owner of the page wrote it.
    pub is_owner: bool,
    /// Whether another site's program wrote it because that site links here.
    pub is_pingback: bool,
    /// Its own address, absolute.
    pub url: Option<String>,
}

/// The comments of `page`, which lies at `url`: at most [`COMMENTS_LIMIT`], in the order of the page.
///
/// Times without zone are read by the clock of the page's other times, in UTC where it shows none; "an hour ago" counts
/// from `now`. Linear in the page.
#[must_use]
pub fn comments(page: &Html, url: &str, now: Timestamp) -> Vec<Comment> {
    let found = find::find(page);
    let owner = author_of(page);
    let settings = read::Settings { url, now, clock: clock_of(page), owner: owner.as_deref() };
    read::read(&found, &settings)
}

/// The elements of `page` that hold its comments, and what surrounds them: nothing of it belongs to the article.
#[must_use]
pub fn comment_nodes(page: &Html) -> Nodes {
    find::find(page).into_iter().flat_map(|found| found.roots).map(|node| node.id()).collect()
}
