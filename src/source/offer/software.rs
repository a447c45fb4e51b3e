//! Which program made a page, as far as a source can be made of it.

use super::links::absolute;
use super::{Offer, OfferKind};
use crate::model::Medium;
use scraper::{Html, Selector};
use url::Url;

/// A preset for the service or program.
pub fn preset(page: &Html, url: &str) -> Option<Offer> {
    let address = Url::parse(url).ok()?;
    let offer = |name: &'static str, url: String, why: &str| {
        let preset = crate::source::preset(name)?;
        let medium = preset.medium;
        Some(Offer { preset: Some(name), medium, ..Offer::new(OfferKind::Preset, "page", url, why) })
    };
    if matches!(address.host_str(), Some("t.me" | "telegram.me")) {
        let channel = address.path_segments()?.find(|part| !part.is_empty() && *part != "s")?;
        return offer("telegram", format!("https://t.me/s/{channel}"), "a Telegram channel");
    }
    if has(page, "body#phpbb, body.phpbb, .phpbb") || mentions(page, "powered by", "phpbb") {
        let is_thread = address.path().contains("viewtopic") || has(page, "body.section-viewtopic, .post .postbody");
        return is_thread.then(|| offer("phpbb", url.to_owned(), "a thread of a phpBB forum")).flatten();
    }
    if generator(page).contains("vbulletin") || has(page, "#vbulletin_html, .vbulletin, script[src*='vbulletin']") {
        let is_thread = address.path().contains("showthread") || has(page, "[id^=post_message_], .b-post, .postbit");
        return is_thread.then(|| offer("vbulletin", url.to_owned(), "a thread of a vBulletin forum")).flatten();
    }
    None
}

/// The posts and comments of a WordPress site.
pub fn wordpress(page: &Html, url: &str) -> Option<Offer> {
    let is_wordpress = generator(page).starts_with("wordpress")
        || has(
            page,
            "link[rel='https://api.w.org/'], link[href*='/wp-content/'], script[src*='/wp-includes/'], img[src*='/wp-content/']",
        );
    // What names the program is often a theme that was taken elsewhere; the feed of the whole site is asked first.
    let root = absolute(url, "/")?;
    let folder = home(page, url).unwrap_or(root);
    let why = "a WordPress site: its posts and the comments below them";
    is_wordpress.then(|| Offer { medium: None, ..Offer::new(OfferKind::WordPress, "wordpress", folder, why) })
}

/// The folder that the site lives in, by its interface.
fn home(page: &Html, url: &str) -> Option<String> {
    let links = Selector::parse("link[rel='https://api.w.org/'][href]").ok()?;
    let api = page.select(&links).next()?.attr("href")?;
    let (home, _) = api.split_once("wp-json").or_else(|| api.split_once("?rest_route"))?;
    absolute(url, home.trim_end_matches("index.php/"))
}

/// The feeds of forums that name none.
pub fn forum_feeds(page: &Html, url: &str) -> Vec<Offer> {
    let forum = |path: &str, why: &str| {
        let url = absolute(url, path)?;
        Some(Offer { medium: Some(Medium::Forum), ..Offer::new(OfferKind::ForumFeed, "feed", url, why) })
    };
    let generator = generator(page);
    let offer = if has(page, "body#phpbb, body.phpbb, .phpbb") {
        forum("app.php/feed", "the feed of a phpBB forum, where it is switched on")
    } else if generator.contains("vbulletin") {
        forum("external.php?type=RSS2", "the feed of a vBulletin forum")
    } else if generator.contains("discourse") {
        forum("/posts.rss", "the newest posts of a Discourse forum")
    } else if generator.contains("xenforo") || has(page, "html#XF") {
        forum("forums/-/index.rss", "the feed of a XenForo forum")
    } else {
        None
    };
    offer.into_iter().collect()
}

fn generator(page: &Html) -> String {
    let Ok(meta) = Selector::parse("meta[name=generator i][content]") else { return String::new() };
    page.select(&meta).filter_map(|meta| meta.attr("content")).next().unwrap_or_default().trim().to_lowercase()
}

fn has(page: &Html, selector: &str) -> bool {
    Selector::parse(selector).is_ok_and(|selector| page.select(&selector).next().is_some())
}

/// Whether the foot of the page says that it was made by `name`.
fn mentions(page: &Html, lead: &str, name: &str) -> bool {
    let Ok(foot) = Selector::parse("footer, .copyright, #footer, .footer, .footer-row") else { return false };
    page.select(&foot).any(|foot| {
        let text = foot.text().collect::<String>().to_lowercase();
        text.contains(lead) && text.contains(name)
    })
}
