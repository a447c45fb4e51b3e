//! A list of links to articles: a blog's front page, a category, the press page of a company.
//!
//! In: the tree of a page. Out: the links that lead to articles, in the order of the page, and the next page.
//! Links stand for articles where they are what a heading says, or what each of several like blocks holds.

use super::pick::squeezed;
use super::setting::Setting;
use crate::text::canonical_address;
use scraper::{ElementRef, Html, Selector};
use std::collections::HashSet;
use url::Url;

/// From so many links on a page is a list.
pub const LINKS_LEAST: usize = 4;

/// The most links of one page.
const LINKS_MOST: usize = 200;

/// The fewest letters that name an article.
const TITLE_LETTERS: usize = 8;

/// Where the titles of articles stand in lists.
const TEASERS: &str = "article h1 a[href], article h2 a[href], article h3 a[href], article h4 a[href], h2 a[href], \
                       h3 a[href], a[href][rel~=bookmark], .entry-title a[href], .post-title a[href], \
                       [itemprop=headline] a[href], a[href][itemprop=url], article > a[href], li a[href]:has(h2), \
                       a[href]:has(h2), a[href]:has(h3)";

/// Where links to further pages of comments stand.
const COMMENT_PAGES: &str = ".comment-navigation a[href], .comments-pagination a[href], #comments .nav-links a[href], \
                             #comments .navigation a[href], .comment-pager a[href], .commentnavi a[href]";

/// What is around an article and not in a list of them.
const ASIDE: &[&str] = &["nav", "footer", "aside", "form"];

/// Parts of addresses that lead to lists, accounts and shops, not to articles.
const NO_ARTICLES: &[&str] = &[
    "/category/",
    "/kategorie/",
    "/tag/",
    "/tags/",
    "/author/",
    "/autor/",
    "/page/",
    "/seite/",
    "/login",
    "/signin",
    "/register",
    "/cart",
    "/warenkorb",
    "/impressum",
    "/datenschutz",
    "/privacy",
    "/kontakt",
    "/contact",
    "/feed",
    "/wp-login",
    "/search",
    "/suche",
    "/wp-admin",
];

/// What the link to the next, older page says.
const OLDER: &[&str] = &[
    "older posts",
    "older entries",
    "older",
    "next",
    "next page",
    "next »",
    "ältere beiträge",
    "ältere artikel",
    "ältere einträge",
    "weitere beiträge",
    "weiter",
    "nächste seite",
    "nächste",
    "vorherige beiträge",
    "›",
    "»",
    "→",
];

/// The links to articles, absolute, each once.
pub fn links(page: &Html, setting: &Setting) -> Vec<String> {
    let Ok(teasers) = Selector::parse(TEASERS) else { return Vec::new() };
    let own = canonical_address(&setting.url);
    let host = host(&setting.url);
    let mut seen = HashSet::new();
    let mut links = Vec::new();
    for link in page.select(&teasers) {
        let Some(address) = link.attr("href").and_then(|href| setting.absolute(href)) else { continue };
        let is_title = squeezed(link).chars().filter(|c| c.is_alphabetic()).count() >= TITLE_LETTERS;
        if !is_title || self::host(&address) != host || !leads_to_article(&address) || is_aside(link) {
            continue;
        }
        let Some(form) = canonical_address(&address).filter(|form| Some(form) != own.as_ref()) else { continue };
        if seen.insert(form) {
            links.push(without_fragment(&address));
        }
        if links.len() == LINKS_MOST {
            break;
        }
    }
    links
}

/// The next page of a list, the older one.
pub fn next(page: &Html, setting: &Setting) -> Option<String> {
    let select = |text: &str| {
        let selector = Selector::parse(text).ok()?;
        page.select(&selector).find_map(|link| setting.absolute(link.attr("href")?))
    };
    let by_mark = || {
        select("a[rel~=next][href], link[rel~=next][href], .nav-previous a[href], .older-posts[href], .older-posts a[href]")
            .or_else(|| select("a.next.page-numbers[href], .pagination .next a[href], .pagination a.next[href], .pager-next a[href]"))
    };
    let by_words = || {
        let links = Selector::parse("a[href]").ok()?;
        let is_older = |link: &ElementRef<'_>| {
            let words = squeezed(*link).to_lowercase();
            let words = words.trim_matches(|c: char| "«‹←→›» ".contains(c) && words.chars().count() > 2);
            OLDER.contains(&words)
        };
        page.select(&links).filter(is_older).find_map(|link| setting.absolute(link.attr("href")?))
    };
    let found = by_mark().or_else(by_words)?;
    let is_elsewhere = host(&found) != host(&setting.url);
    let is_same = canonical_address(&found) == canonical_address(&setting.url);
    (!is_elsewhere && !is_same).then(|| without_fragment(&found))
}

/// The pages of an article that hold more of its comments, in the order of the page.
pub fn comment_pages(page: &Html, setting: &Setting) -> Vec<String> {
    let Ok(links) = Selector::parse(COMMENT_PAGES) else { return Vec::new() };
    let addresses = page.select(&links).filter_map(|link| setting.absolute(link.attr("href")?));
    let mut pages: Vec<String> = Vec::new();
    for url in addresses.map(|url| without_fragment(&url)) {
        if host(&url) == host(&setting.url) && !pages.contains(&url) && pages.len() < LINKS_MOST {
            pages.push(url);
        }
    }
    pages
}

fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

fn leads_to_article(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let path = url.path().to_lowercase();
    let is_front = path == "/" && url.query().is_none();
    let is_file = [".pdf", ".jpg", ".png", ".zip", ".mp3", ".xml"].iter().any(|end| path.ends_with(end));
    let lead = format!("{path}/");
    !is_front && !is_file && !NO_ARTICLES.iter().any(|part| lead.contains(part))
}

fn is_aside(link: ElementRef<'_>) -> bool {
    let mut inner_article = false;
    link.ancestors().filter_map(ElementRef::wrap).any(|around| {
        inner_article |= around.value().name() == "article";
        !inner_article && ASIDE.contains(&around.value().name())
    })
}

fn without_fragment(address: &str) -> String {
    address.split('#').next().unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Medium, SourceName};
    use crate::source::page::tree::tree;

    fn setting() -> Setting {
        Setting {
            source: SourceName::new("s"),
            url: "https://blog.example/".to_owned(),
            medium: Medium::Blog,
            now: "2026-11-22T12:00:00Z".parse().expect("a time"),
        }
    }

    #[test]
    fn titles_in_headings_are_links_to_articles() {
        let page = tree(
            "<nav><h3><a href=/wichtige-seite>Eine wichtige Seite</a></h3></nav>\
             <article><h2><a href='/2026/grill#top'>Der neue Grill ist da</a></h2><a href='/2026/grill#c'>3 Kommentare</a>\
             </article><h2><a href=/2026/steak>Steak richtig braten</a></h2><h2><a href=/tag/steak>Alles über Steaks</a></h2>\
             <h2><a href=https://other.example/x>Anderswo steht auch viel</a></h2><h2><a href=/2026/grill>Der neue Grill ist da</a></h2>\
             <a href='/page/2'>« Ältere Beiträge</a>",
        );
        assert_eq!(links(&page, &setting()), ["https://blog.example/2026/grill", "https://blog.example/2026/steak"]);
        assert_eq!(next(&page, &setting()).as_deref(), Some("https://blog.example/page/2"));
    }

    #[test]
    fn a_next_page_that_is_this_one_is_none() {
        assert_eq!(next(&tree("<a rel=next href='/#x'>2</a>"), &setting()), None);
        assert_eq!(next(&tree("<a rel=next href='https://else.example/'>2</a>"), &setting()), None);
    }
}
