//! `sources add`: what ten kinds of pages offer, and what is written; `sources test`.

#![allow(clippy::indexing_slicing, reason = "a test may panic, in its helpers too")]

use crate::support::{Answer, Site, TestHouse};
use assert_cmd::Command;
use expect_test::{Expect, expect};
use serde_json::Value;
use std::process::Output;

const SENTENCE: &str =
    "Wir waren gestern im Steakhaus, und das Porterhouse war so gut, dass wir bald wiederkommen wollen. ";

async fn run(house: &TestHouse, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(house.config_folder()).arg("--data").arg(house.data_folder());
    command.env_remove("PORTERHOUSE_LOG").args(arguments);
    tokio::task::spawn_blocking(move || command.output().expect("ran")).await.expect("it ran")
}

fn html(body: &str) -> Answer {
    Answer::bytes("text/html; charset=utf-8", body.as_bytes())
}

fn feed(title: &str) -> Answer {
    let items: String = (1..=3)
        .map(|n| format!("<item><guid>{title}{n}</guid><title>Beitrag {n}</title><description>{SENTENCE}</description><pubDate>Fri, 06 Mar 2026 0{n}:00:00 GMT</pubDate></item>"))
        .collect();
    Answer::feed(&format!("<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"))
}

fn article(n: usize) -> Answer {
    let text = SENTENCE.repeat(8);
    let comment = |n: usize| {
        format!(
            "<li id=comment-{n} class=comment><cite class=fn>Gast {n}</cite> <span class=says>sagt:</span>\
             <div class=comment-meta><a href='#comment-{n}'>4. März 2026 um 10:0{n} Uhr</a></div><p>Das Steak kam kalt, Nummer {n}.</p></li>"
        )
    };
    html(&format!(
        "<html lang=de><head><title>Beitrag {n}</title></head><body class=single><article><h1>Beitrag {n}</h1><p>{text}</p><p>{text}</p></article>\
         <ol class=commentlist>{}{}</ol>",
        comment(1),
        comment(2)
    ))
}

fn teasers() -> String {
    (1..=5)
        .map(|n| format!("<article><h2><a href='/artikel/{n}'>Unser Beitrag Nummer {n}</a></h2></article>"))
        .collect()
}

/// Fills the site with ten kinds of pages.
fn fill(site: &Site) {
    site.put("/robots.txt", Answer::bytes("text/plain", b"User-agent: *\nAllow: /\n"));
    (1..=5).for_each(|n| site.put(&format!("/artikel/{n}"), article(n)));
    let link = |title: &str, href: &str| {
        format!("<link rel=alternate type='application/rss+xml' title='{title}' href='{href}'>")
    };
    site.put("/blog/feed", feed("Grillblog"));
    site.put("/blog/comments/feed", feed("Kommentare"));
    site.put(
        "/blog",
        html(&format!(
            "<html><head>{}{}</head><body class=home>{}",
            link("Grillblog", "/blog/feed"),
            link("Kommentare", "/blog/comments/feed"),
            teasers()
        )),
    );
    site.put("/wp", html("<html><head><link rel='https://api.w.org/' href='/wp/wp-json/'><meta name=generator content='WordPress 6.8'></head><body><p>x"));
    site.put("/wp/", html("<html><head><link rel='https://api.w.org/' href='/wp/wp-json/'><meta name=generator content='WordPress 6.8'></head><body><p>x"));
    site.put("/wp/feed/", feed("WordPress"));
    site.put("/wp/comments/feed/", feed("Kommentare zu WordPress"));
    site.put("/zeitung", html(&format!("<body class=home>{}", teasers())));
    site.put("/artikel", article(9));
    let card = |n: usize| {
        format!(
            "<div class=review-card data-id={n}><h3>Titel {n}</h3><span class=author>Gast {n}</span><time datetime='2026-03-0{n}'>x</time><div class=text>{SENTENCE}</div></div>"
        )
    };
    site.put("/karten", html(&(1..=4).map(card).collect::<String>()));
    site.put(
        "/bewertungen",
        html("<script type='application/ld+json'>{\"@type\":\"Restaurant\",\"name\":\"Nord\",\"review\":[{\"@type\":\"Review\",\"author\":\"Ann\",\"reviewBody\":\"Zäh und kalt.\",\"reviewRating\":{\"ratingValue\":1}},{\"@type\":\"Review\",\"author\":\"Ben\",\"reviewBody\":\"Wunderbar.\",\"reviewRating\":{\"ratingValue\":5}}]}</script><h1>Nord</h1>"),
    );
    let post = |n: usize| {
        format!(
            "<div id=p{n} class='post bg1'><div class=postbody><h3><a href='/viewtopic.php?p={n}#p{n}'>Steak</a></h3><p class=author>von <a class=username href='/u'>Gast</a> » Fr 6. Mär 2026, 10:1{n}</p><div class=content>{SENTENCE}</div></div></div>"
        )
    };
    site.put("/viewtopic.php", html(&format!("<body id=phpbb class='section-viewtopic'>{}{}", post(1), post(2))));
    site.put("/sitemap.xml", Answer::bytes("application/xml", b"<urlset><url><loc>/artikel/1</loc><lastmod>2026-03-05</lastmod></url><url><loc>/artikel/2</loc><lastmod>2026-03-06</lastmod></url></urlset>"));
    site.put("/karte", html("<title>Karte</title><p>Rib Eye 24 Euro</p><p>Filet 30 Euro</p>"));
}

/// What was offered and written, without the port.
async fn added(house: &TestHouse, path: &str, more: &[&str]) -> String {
    let url = house.site.url(path);
    let mut arguments = vec!["sources", "add", url.as_str(), "--json"];
    arguments.extend(more);
    let output = run(house, &arguments).await;
    let port = house.site.url("");
    let out: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let offers = out["offers"].as_array().expect("offers").iter().map(|offer| {
        let outcome = match &offer["error"] {
            Value::String(error) => error.clone(),
            _ => format!("{} items", offer["items"]),
        };
        format!(
            "{} {}: {outcome}",
            offer["kind"].as_str().unwrap_or_default(),
            offer["url"].as_str().unwrap_or_default()
        )
    });
    let mut lines: Vec<String> = offers.collect();
    lines.push(out["block"].as_str().unwrap_or("nothing").to_owned());
    lines.join("\n").replace(&port, "http://HOST").replace(&port.replace("http://", ""), "HOST")
}

async fn check(path: &str, more: &[&str], expected: Expect) {
    let house = TestHouse::new().await;
    fill(&house.site);
    let said = added(&house, path, more).await;
    expected.assert_eq(&said);
    let checked = run(&house, &["check"]).await;
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_by_its_own_address() {
    check(
        "/blog/feed",
        &[],
        expect![[r#"
        feed http://HOST/blog/feed: 3 items
        # Grillblog
        [[source]]
        id = "grillblog"
        engine = "feed"
        url = "http://HOST/blog/feed""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blog_with_feeds_for_posts_and_comments() {
    check(
        "/blog",
        &[],
        expect![[r#"
        feed http://HOST/blog/feed: 3 items
        comment feed http://HOST/blog/comments/feed: 3 items
        page http://HOST/blog: 6 items
        # Grillblog
        [[source]]
        id = "grillblog"
        engine = "feed"
        url = "http://HOST/blog/feed""#]],
    )
    .await;
    check(
        "/blog",
        &["--pick", "2", "--id", "kommentare"],
        expect![[r#"
        feed http://HOST/blog/feed: 3 items
        comment feed http://HOST/blog/comments/feed: 3 items
        page http://HOST/blog: 6 items
        # Kommentare
        [[source]]
        id = "kommentare"
        engine = "feed"
        url = "http://HOST/blog/comments/feed"
        medium = "comment""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wordpress_site_with_a_closed_interface() {
    check(
        "/wp",
        &[],
        expect![[r#"
            WordPress http://HOST/wp/: 3 items
            page http://HOST/wp: 1 items
            [[source]]
            id = "127-0-0-1"
            engine = "wordpress"
            url = "http://HOST/wp/""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_articles_without_a_feed() {
    check(
        "/zeitung",
        &[],
        expect![[r#"
            page http://HOST/zeitung: 6 items
            [[source]]
            id = "127-0-0-1"
            engine = "page"
            url = "http://HOST/zeitung""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_with_comments() {
    check(
        "/artikel",
        &[],
        expect![[r#"
        page http://HOST/artikel: 3 items
        # Beitrag 9
        [[source]]
        id = "beitrag-9"
        engine = "page"
        url = "http://HOST/artikel""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_an_unknown_program() {
    check(
        "/karten",
        &[],
        expect![[r#"
        page http://HOST/karten: 4 items
        page http://HOST/karten: 1 items
        [[source]]
        id = "127-0-0-1"
        engine = "page"
        url = "http://HOST/karten"

        [source.recipe]
        item = "div.review-card"
        id = "@data-id"
        title = "h3"
        text = ".text"
        time = "time[datetime]@datetime"
        author = ".author""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reviews_that_a_page_tells_programs_of() {
    check(
        "/bewertungen",
        &[],
        expect![[r#"
        page http://HOST/bewertungen: 2 items
        [[source]]
        id = "127-0-0-1"
        engine = "page"
        url = "http://HOST/bewertungen"
        medium = "review""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_of_a_forum() {
    check(
        "/viewtopic.php",
        &[],
        expect![[r#"
        service http://HOST/viewtopic.php: 2 items
        forum feed http://HOST/app.php/feed: `127.0.0.1` answered 404 (not found); check the address
        [[source]]
        id = "127-0-0-1"
        preset = "phpbb"
        url = "http://HOST/viewtopic.php""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap() {
    check(
        "/sitemap.xml",
        &[],
        expect![[r#"
            sitemap http://HOST/sitemap.xml: 6 items
            [[source]]
            id = "127-0-0-1"
            engine = "page"
            url = "http://HOST/sitemap.xml""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_changes() {
    check(
        "/karte",
        &[],
        expect![[r#"
        page http://HOST/karte: 1 items
        # Karte
        [[source]]
        id = "karte"
        engine = "page"
        url = "http://HOST/karte""#]],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_already_or_not_there_changes_nothing() {
    let house = TestHouse::new().await;
    fill(&house.site);
    added(&house, "/blog/feed", &[]).await;
    let file = house.config_folder().join("sources.toml");
    let before = std::fs::read_to_string(&file).expect("written");
    let output = run(&house, &["sources", "add", &house.site.url("/blog/feed/")]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let url = house.site.url("/nothing-here");
    let missing = run(&house, &["sources", "add", &url]).await;
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot be looked at"), "{said}");
    let other = run(&house, &["sources", "add", "mailto:x@example.com"]).await;
    assert!(String::from_utf8_lossy(&other.stderr).contains("is no web address"));
    let dry = run(&house, &["sources", "add", &house.site.url("/karten"), "--dry-run"]).await;
    assert_eq!(dry.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&dry.stdout).contains("The first items:"));
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_tried_shows_its_mentions_and_keeps_nothing() {
    let house = TestHouse::new().await;
    house.site.put(
        "/feed",
        Answer::feed(
            "<rss version='2.0'><channel><title>Forum</title><item><guid>1</guid><title>Dinner</title>\
             <description>The steak at Morton's was cold.</description></item><item><guid>2</guid><title>Rain</title></item></channel></rss>",
        ),
    );
    house.watch("forum", "/feed");
    let output = run(&house, &["sources", "test", "forum"]).await;
    let said = String::from_utf8_lossy(&output.stdout).replace(&house.site.url(""), "http://HOST");
    expect![[r#"
        forum: feed http://HOST/feed
            title      Forum
            gave       2 items in 1 answer
            mentions   mortons 1
        with a mention:
            without a date: Dinner The steak at Morton's was cold.
        others:
            without a date: Rain
    "#]]
    .assert_eq(&said);
    let output = run(&house, &["sources", "test", "nobody"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(!house.data_folder().join("porterhouse.db").exists());
}
