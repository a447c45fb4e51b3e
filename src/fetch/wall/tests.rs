//! Walls in our own words, and real pages that only look like them.

use super::*;
use proptest::prelude::*;

fn suspect<'a>(status: u16, headers: &'a [(String, String)], body: &'a str, urls: &'a (Url, Url)) -> Suspect<'a> {
    Suspect { status, headers, body: body.as_bytes(), asked: &urls.0, here: &urls.1, expects_data: true }
}

fn urls(asked: &str, here: &str) -> (Url, Url) {
    (Url::parse(asked).unwrap(), Url::parse(here).unwrap())
}

fn at_home() -> (Url, Url) {
    urls("https://news.example/feed", "https://news.example/feed")
}

fn named(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn check(status: u16, headers: &[(&str, &str)], body: &str, expected: Option<Wall>) {
    assert_eq!(wall_of(&suspect(status, &named(headers), body, &at_home())), expected, "{status} {headers:?} {body}");
}

fn check_way(asked: &str, here: &str, body: &str, expected: Option<Wall>) {
    assert_eq!(wall_of(&suspect(200, &[], body, &urls(asked, here))), expected, "{asked} to {here}");
}

fn page(title: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

#[test]
fn every_row_of_the_table_is_known_by_its_page() {
    for sign in &table::BOT_PAGES {
        let (title, part) = (sign.titles[0], sign.parts[0]);
        let told = |status, body: &str| {
            let wall = wall_of(&suspect(status, &[], body, &at_home()));
            matches!(wall, Some(Wall::Bot(_)))
        };
        assert!(told(200, &page(title, part)), "{}", sign.by);
        assert!(told(503, &page("", part)) && told(403, &page(title, "")) == sign.has_own_title, "{}", sign.by);
        assert!(!told(200, &page(title, "")) && !told(200, &page("", part)), "{}: one sign is not enough", sign.by);
    }
}

#[test]
fn the_tables_are_in_lower_case() {
    let titles = table::BOT_PAGES.iter().flat_map(|sign| sign.titles.iter().chain(sign.parts));
    for text in titles.chain(&table::LOGIN_TITLES).chain(&table::LOGIN_SEGMENTS).chain(&table::CONSENT_SEGMENTS) {
        assert_eq!(*text, text.to_lowercase());
    }
}

#[test]
fn walls_are_known_by_their_builder() {
    let moment = page("Just a moment...", "<script>window._cf_chl_opt = {}</script>");
    check(403, &[], &moment, Some(Wall::Bot("Cloudflare")));
    check(503, &[], &moment, Some(Wall::Bot("Cloudflare")));
    check(200, &[], &moment, Some(Wall::Bot("Cloudflare")));
    check(403, &[("cf-mitigated", "challenge")], &page("", ""), Some(Wall::Bot("Cloudflare")));
    let denied = page("Access Denied", "Reference #18 https://errors.edgesuite.net/18");
    check(403, &[], &denied, Some(Wall::Bot("Akamai")));
    check(
        403,
        &[("x-datadome", "protected")],
        "{\"url\":\"https://geo.captcha-delivery.com/\"}",
        Some(Wall::Bot("DataDome")),
    );
    check(200, &[("x-datadome", "protected")], &page("News", ""), None);
    check(202, &[("x-amzn-waf-action", "challenge")], &page("", ""), Some(Wall::Bot("AWS WAF")));
}

#[test]
fn feeds_and_data_are_never_walls() {
    let words = "Just a moment... _cf_chl_opt captcha-delivery.com Access Denied login";
    for body in [
        format!("<?xml version=\"1.0\"?><rss><channel><title>{words}</title></channel></rss>"),
        format!("<!-- {words} --><feed><title>{words}</title></feed>"),
        format!("\u{feff}{{\"title\": \"<title>{words}</title>\"}}"),
        format!("[\"{words}\"]"),
        words.to_owned(),
        String::new(),
    ] {
        check(200, &[("content-type", "text/html")], &body, None);
        check(200, &[("cf-mitigated", "challenge")], &body, None);
    }
}

#[test]
fn real_pages_that_speak_of_walls_are_no_walls() {
    for (title, body) in [
        ("How the page \"Just a moment...\" works", "Cloudflare shows a challenge with captchas"),
        ("Cloudflare is down", "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"),
        ("Access denied: a short story", "He had forgotten his key"),
        ("Log in or sign up? On login walls", "Why they ask for a login"),
        ("Forum", "<form>Login <input type=\"password\"></form>"),
        ("Contact", "<div class=\"g-recaptcha\"></div>"),
    ] {
        check(200, &[], &page(title, body), None);
    }
    check(200, &[], &page("Login", "<link type=\"application/rss+xml\" href=/feed><input type=password>"), None);
    check(403, &[], &page("Forbidden", "You may not see this. Log in first."), None);
    check(403, &[], &page("Access denied", "You are not authorized to access this page."), None);
    check(404, &[], &page("Not found", "Cloudflare"), None);
}

#[test]
fn a_login_where_a_feed_was_is_told() {
    let form = page("Anmelden \u{2013} Forum", "<input name=p type='password'>");
    check(200, &[], &form, Some(Wall::Login));
    let xhtml = format!("<?xml version=\"1.0\"?>\n<!-- x -->\n{form}");
    check(200, &[], &xhtml, Some(Wall::Login));
    check(200, &[], &page("Catalogin", "<input type=password>"), None);
    let urls = at_home();
    let asked_page = Suspect { expects_data: false, ..suspect(200, &[], &form, &urls) };
    assert_eq!(wall_of(&asked_page), None, "a page may have a form");
}

#[test]
fn a_way_that_ends_at_a_login_or_at_consent_is_told() {
    let body = page("Welcome", "");
    let feed = "https://news.example/feed";
    check_way(feed, "https://news.example/users/sign_in", &body, Some(Wall::Login));
    check_way(feed, "https://news.example/wp-login.php?redirect_to=x", &body, Some(Wall::Login));
    check_way(feed, "https://accounts.google.example/v3/x", &body, Some(Wall::Login));
    check_way("https://news.google.com/rss", "https://consent.google.com/m?continue=x", &body, Some(Wall::Consent));
    check_way(feed, "https://www.news.example/zustimmung?url=%2Ffeed", &body, Some(Wall::Consent));
    check_way(feed, "https://news.example/new/feed", &body, None);
    check_way(feed, "https://news.example/how-to-login-with-google", &body, None);
    check_way("https://news.example/login/feed", "https://news.example/login/feed2", &body, None);
    check_way(feed, "https://news.example/login", "<rss></rss>", None);
}

proptest! {
    #[test]
    fn any_body_is_looked_at(status in 200u16..600, body in ".{0,200}", title in ".{0,20}") {
        let _ = wall_of(&suspect(status, &[], &body, &at_home()));
        let _ = wall_of(&suspect(status, &[], &format!("<html><title>{title}</title{body}"), &at_home()));
    }
}
