//! Feeds and sitemaps that a page names, and addresses at which they often lie.

use super::{Offer, OfferKind};
use crate::model::Medium;
use crate::source::page::squeezed;
use scraper::{Html, Selector};
use url::Url;

/// Kinds of links that lead to feeds.
const FEED_TYPES: &[&str] =
    &["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];

/// Where feeds lie that a page does not name.
const FEED_PATHS: &[&str] = &["/feed/", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/rss", "/blog/feed/"];

/// The longest address.
const ADDRESS_LIMIT_BYTES: usize = 2_000;

/// The feeds that the page names: in its head, else by links that say so.
pub fn feeds(page: &Html, url: &str) -> Vec<Offer> {
    let in_head = in_head(page, url);
    if in_head.is_empty() { in_body(page, url) } else { in_head }
}

fn in_head(page: &Html, url: &str) -> Vec<Offer> {
    let Ok(links) = Selector::parse("link[rel~=alternate][type][href]") else { return Vec::new() };
    let offers = page.select(&links).filter_map(|link| {
        let kind = link.attr("type")?.split(';').next()?.trim().to_ascii_lowercase();
        let is_feed = FEED_TYPES.contains(&kind.as_str());
        let address = absolute(url, link.attr("href")?).filter(|_| is_feed)?;
        let title = link.attr("title").map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
        Some(feed(address, title, "the page names it as its feed"))
    });
    // WordPress names its oEmbed answers in the same way, and JSON of its interface.
    offers.filter(|offer| !offer.url.contains("/oembed/") && !offer.url.contains("/wp-json/")).take(10).collect()
}

fn in_body(page: &Html, url: &str) -> Vec<Offer> {
    let Ok(links) = Selector::parse("a[href]") else { return Vec::new() };
    let offers = page.select(&links).filter_map(|link| {
        let href = link.attr("href")?;
        let words = squeezed(link).to_lowercase();
        let is_named = ["rss", "atom", "rss-feed", "rss feed", "newsfeed", "feed"].contains(&words.trim());
        let lower = href.to_ascii_lowercase();
        let looks = [".rss", "/feed", "/feed/", "/rss", "rss.xml", "atom.xml", "feed.xml", "type=rss2", "/rss/"];
        let is_like = looks.iter().any(|end| lower.ends_with(end));
        let address = absolute(url, href).filter(|_| is_named || is_like)?;
        Some(feed(address, None, "a link on the page leads to it"))
    });
    offers.take(5).collect()
}

fn feed(url: String, title: Option<String>, why: &str) -> Offer {
    let lower = format!("{url} {}", title.as_deref().unwrap_or_default()).to_lowercase();
    let is_of_comments =
        ["/comments/", "comments-rss", "kommentar", "comment", "kommentare"].iter().any(|word| lower.contains(word));
    let (kind, medium) =
        if is_of_comments { (OfferKind::CommentFeed, Some(Medium::Comment)) } else { (OfferKind::Feed, None) };
    let why = if is_of_comments { "the page names it as the feed of its comments" } else { why };
    Offer { title, medium, ..Offer::new(kind, "feed", url, why) }
}

/// The sitemaps that the page names.
pub fn sitemaps(page: &Html, url: &str) -> Vec<Offer> {
    let Ok(links) = Selector::parse("link[rel~=sitemap][href]") else { return Vec::new() };
    let addresses = page.select(&links).filter_map(|link| absolute(url, link.attr("href")?));
    addresses.map(|url| Offer::new(OfferKind::Sitemap, "page", url, "the page names it as its sitemap")).collect()
}

/// The sitemaps that a robots.txt names.
pub fn sitemaps_in_robots(text: &str) -> Vec<Offer> {
    let named = text.lines().filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        let url = Url::parse(value.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        key.trim().eq_ignore_ascii_case("sitemap").then(|| url.to_string())
    });
    let why = "the robots.txt of the site names it";
    named.take(3).map(|url| Offer::new(OfferKind::Sitemap, "page", url, why)).collect()
}

/// Where feeds and sitemaps often lie.
pub fn guesses(url: &str) -> Vec<Offer> {
    let why = "feeds often lie there";
    let feeds =
        FEED_PATHS.iter().filter_map(|path| Some(Offer { is_guess: true, ..feed(absolute(url, path)?, None, why) }));
    feeds.collect()
}

pub fn absolute(base: &str, address: &str) -> Option<String> {
    if address.len() > ADDRESS_LIMIT_BYTES {
        return None;
    }
    let mut url = Url::parse(base).ok()?.join(address.trim()).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}
