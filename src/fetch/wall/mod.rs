//! Answers that lie: a wall against robots, a login or a consent page where the answer should be.
//!
//! In: the head and the first bytes of an answer, what was asked and where it came from. Out: which wall it is, if
//! any. Only HTML can be a wall; a feed or JSON never is, whatever it speaks of. What tells the walls apart stands in
//! `table`. A page that answers 200 is believed unless both its title and a part that only walls have speak against
//! it, because real pages are written about walls, too.

mod table;
#[cfg(test)]
mod tests;

use url::Url;

/// Only so much of a body is looked at: walls are short, and what tells them stands near the top.
const LOOKED_AT_BYTES: usize = 64 << 10;

/// Which wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    /// Against robots, built by the named one.
    Bot(&'static str),
    /// A login.
    Login,
    /// A page that asks for consent.
    Consent,
}

/// An answer that may be a wall.
#[derive(Debug)]
pub(super) struct Suspect<'a> {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
    /// What was asked first.
    pub(super) asked: &'a Url,
    /// What answered, after redirects.
    pub(super) here: &'a Url,
    /// A feed or an interface was asked for, no page.
    pub(super) expects_data: bool,
}

/// The wall that `suspect` is.
pub(super) fn wall_of(suspect: &Suspect<'_>) -> Option<Wall> {
    let is_refusal = suspect.status >= 400;
    let told_by_header = table::BOT_HEADERS.iter().find(|sign| sign.is_in(suspect.headers));
    let told_by_header = told_by_header.filter(|sign| is_refusal || sign.is_sure).map(|sign| Wall::Bot(sign.by));
    if !is_html(suspect) {
        return told_by_header.filter(|_| is_refusal);
    }
    told_by_header.or_else(|| told_by_page(suspect, is_refusal))
}

fn told_by_page(suspect: &Suspect<'_>, is_refusal: bool) -> Option<Wall> {
    let head = suspect.body.get(..LOOKED_AT_BYTES).unwrap_or(suspect.body);
    let page = String::from_utf8_lossy(head).to_ascii_lowercase();
    // A page that names its feed is a page of the site itself.
    if !is_refusal && table::FEED_TYPES.iter().any(|kind| page.contains(kind)) {
        return None;
    }
    let title = title(&page);
    let bot = table::BOT_PAGES.iter().find(|sign| {
        let has_title = sign.titles.iter().any(|words| title.contains(words));
        let has_part = sign.parts.iter().any(|part| page.contains(part));
        if is_refusal { has_part || (has_title && sign.has_own_title) } else { has_title && has_part }
    });
    match bot {
        Some(sign) => Some(Wall::Bot(sign.by)),
        None if is_refusal => None,
        None => told_by_place(suspect).or_else(|| login_in_place(suspect, &page, title)),
    }
}

/// A redirect to a place that is known for logins or consent.
fn told_by_place(suspect: &Suspect<'_>) -> Option<Wall> {
    let leads_to = |hosts: &[&str], segments: &[&str]| {
        is_at(suspect.here, hosts, segments) && !is_at(suspect.asked, hosts, segments)
    };
    if leads_to(&table::CONSENT_HOSTS, &table::CONSENT_SEGMENTS) {
        return Some(Wall::Consent);
    }
    leads_to(&table::LOGIN_HOSTS, &table::LOGIN_SEGMENTS).then_some(Wall::Login)
}

/// A login form at the address of a feed.
fn login_in_place(suspect: &Suspect<'_>, page: &str, title: &str) -> Option<Wall> {
    let asks_for_password = table::PASSWORD_FIELDS.iter().any(|field| page.contains(field));
    let is_login = suspect.expects_data && asks_for_password && names_login(title);
    is_login.then_some(Wall::Login)
}

/// Whether a title (lower case) speaks of a login, in whole words.
fn names_login(title: &str) -> bool {
    let words: Vec<&str> = title.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    table::LOGIN_TITLES.iter().any(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
    })
}

fn is_at(url: &Url, hosts: &[&str], segments: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_host = hosts.iter().any(|known| host.starts_with(known));
    let mut parts = url.path_segments().into_iter().flatten();
    is_host || parts.any(|part| is_segment(part, segments))
}

/// Whether a part of a path, without its ending, is one of `segments`.
fn is_segment(part: &str, segments: &[&str]) -> bool {
    let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
    segments.iter().any(|known| stem.eq_ignore_ascii_case(known))
}

/// The title of a page in lower case; empty where it has none.
fn title(page: &str) -> &str {
    let title = page.split_once("<title").and_then(|(_, rest)| rest.split_once('>'));
    title.and_then(|(_, rest)| rest.split_once("</title")).map_or("", |(title, _)| title.trim())
}

/// Whether the body is HTML, by its beginning; the header only decides where that says nothing.
fn is_html(suspect: &Suspect<'_>) -> bool {
    let head = suspect.body.get(..1024).unwrap_or(suspect.body);
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut rest = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    // Declarations and comments say little: XHTML and feeds both begin with them.
    while let Some(after) = ["<?", "<!--"].iter().find_map(|start| rest.strip_prefix(start)) {
        let Some((_, after)) = after.split_once('>') else { break };
        rest = after.trim_start();
    }
    if table::HTML_STARTS.iter().any(|start| rest.starts_with(start)) {
        return true;
    }
    let is_data = rest.starts_with(['{', '[']) || table::FEED_STARTS.iter().any(|start| rest.starts_with(start));
    let says_html = suspect
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.to_ascii_lowercase().contains("html"));
    says_html && !is_data && rest.starts_with('<')
}
