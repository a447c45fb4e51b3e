//! What became of a link: kept and told, kept and silent, passed over, never seen.

#![allow(clippy::indexing_slicing, reason = "a test may panic, in its helpers too")]

use crate::support::{Answer, TestHouse};
use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

const WISH: &str =
    "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
const GRIPE: &str = "I waited an hour at Morton's and the steak was cold. Terrible service, never again!";
const NOW: &str = "Fri, 06 Mar 2026 12:00:00 -0500";
const OLD: &str = "Fri, 06 Feb 2026 12:00:00 -0500";

/// A feed of items: their address, date and text.
fn feed(items: &[(&str, &str, &str)]) -> Answer {
    let items: String = items
        .iter()
        .map(|(link, date, text)| {
            format!(
                "<item><guid>{link}</guid><link>{link}</link><pubDate>{date}</pubDate><description>{text}</description></item>"
            )
        })
        .collect();
    Answer::feed(&format!("<rss version=\"2.0\"><channel><title>Forum</title>{items}</channel></rss>"))
}

fn page(html: &str) -> Answer {
    Answer::bytes("text/html; charset=utf-8", html.as_bytes())
}

/// Asks `why` in a process of its own; the site answers from this one.
async fn asked(house: &TestHouse, arguments: &[&str]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let (config, data) = (house.config_folder(), house.data_folder());
    tokio::task::spawn_blocking(move || run(&config, &data, &arguments)).await.expect("it ran")
}

fn run(config: &Path, data: &Path, arguments: &[String]) -> Output {
    let mut command = Command::cargo_bin("porterhouse").expect("the binary");
    command.arg("--config").arg(config).arg("--data").arg(data).env_remove("PORTERHOUSE_LOG");
    command.arg("why").args(arguments).output().expect("ran")
}

async fn text(house: &TestHouse, arguments: &[&str]) -> String {
    let output = asked(house, arguments).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

async fn json(house: &TestHouse, url: &str) -> Value {
    let said = text(house, &[url, "--json"]).await;
    serde_json::from_str(&said).expect("one JSON document")
}

/// Whether each of `parts` stands in `said`, in this order.
fn check(said: &str, parts: &[&str]) {
    let mut rest = said;
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { panic!("`{part}` is missing or out of order:\n{said}") };
        rest = behind;
    }
}

#[tokio::test]
async fn a_post_that_was_mailed_says_by_which_route_and_rules() {
    let house = TestHouse::new().await;
    house.mail_alerts();
    house.site.put("/feed", feed(&[("http://www.forum.example/1/?utm_source=rss", NOW, WISH)]));
    house.watch("forum", "/feed");
    house.crawl().await;
    let n_asked = house.site.n_asked();
    let said = text(&house, &["forum.example/1"]).await;
    check(
        &said,
        &[
            "https://forum.example/1\n",
            "Kept as #1, read from `forum`",
            "http://www.forum.example/1/",
            "Hey @Mortons",
            "language   en",
            "Morton's The Steakhouse, relevance 0.9",
            "Your handle “@Mortons”",
            "toward it",
            "Wish",
            "a moment to surprise",
            "route all",
            "sent",
            "deadline lies ahead",
            "channel team to g…@example.com: delivered",
            "1 attempt",
            "Sources",
            "`forum`",
            "gave it",
            "up to date",
        ],
    );
    assert!(!said.contains("guests@") && !said.contains("Read now"), "{said}");
    assert_eq!(house.site.n_asked(), n_asked, "what is kept is not asked for");
    let known = json(&house, "https://forum.example/1").await;
    assert_eq!((&known["known"], &known["now"]), (&true.into(), &Value::Null));
    let told = &known["kept"][0]["mentions"][0]["notice"];
    assert_eq!((&told["verdicts"][0]["verdict"], &told["alerts"][0]["state"]), (&"send".into(), &"delivered".into()));
}

#[tokio::test]
async fn a_post_that_was_kept_and_not_told_says_which_rule_held_it() {
    let house = TestHouse::new().await;
    house.append(
        "porterhouse.toml",
        "\n[[channel]]\nname = \"here\"\nkind = \"terminal\"\n\n[[route]]\nname = \"best\"\nchannels = [\"here\"]\nmin_score = 0.99\n",
    );
    let old = "Dinner at Morton's was fine, can anybody tell me when they open on Sunday?";
    let (first, second) = (("https://forum.example/1", OLD, old), ("https://forum.example/2", NOW, GRIPE));
    house.site.put("/feed", feed(&[first]));
    house.watch("forum", "/feed");
    house.crawl().await;
    house.site.put("/feed", feed(&[first, second]));
    house.crawl().await;
    check(&text(&house, &[first.0]).await, &["route best", "not sent", "first reading of its source"]);
    check(&text(&house, &[second.0]).await, &["route best", "not sent", "below the route's `min_score`"]);
}

#[tokio::test]
async fn a_post_that_was_passed_over_says_why() {
    let house = TestHouse::new().await;
    house.append("sources.toml", "\n[[brand]]\nid = \"kranich\"\nname = \"Kranichbahn\"\nlanguages = [\"fr\"]\n");
    let german = "Die Kranichbahn ist heute schon wieder viel zu spät gekommen, das nervt mich sehr.";
    let items = [
        ("/none", "A quiet day in the garden"),
        ("/doubt", "My Mortons neuroma hurts again today"),
        ("/german", german),
    ];
    let items: Vec<(String, &str)> = items.iter().map(|(path, text)| (house.site.url(path), *text)).collect();
    let items: Vec<(&str, &str, &str)> = items.iter().map(|(url, text)| (url.as_str(), NOW, *text)).collect();
    house.site.put("/feed", feed(&items));
    house.watch("forum", "/feed");
    house.crawl().await;
    for ((url, ..), (reason, word)) in items.iter().zip([
        ("it names no watched brand", "no_brand"),
        ("most likely another is meant", "not_relevant"),
        ("a language that the brand does not ask for", "other_language"),
    ]) {
        let said = text(&house, &[url, "--offline"]).await;
        check(&said, &["Passed over, read from `forum`", reason, "2026-03-06", "`forum`", "gave it", "--offline"]);
        assert_eq!(json(&house, url).await["passed"][0]["reason"], word);
    }
    // The page says more than the feed did: that is often why.
    house.site.put("/none", page(&format!("<title>Garden</title><p>{WISH}</p>")));
    check(&text(&house, &[items[0].0]).await, &["it names no watched brand", "Read now", "Morton's The Steakhouse"]);
}

#[tokio::test]
async fn a_page_never_seen_says_what_it_would_give() {
    let house = TestHouse::new().await;
    house.site.put("/blog/feed", feed(&[]));
    house.watch("blog", "/blog/feed");
    house.crawl().await;
    let before = stats(&house).await;
    let head = "<!doctype html><html lang=en><title>My &amp; your trip</title><link rel=alternate type=application/rss+xml href=/other.rss>";
    house.site.put("/blog/1", page(&format!("{head}<p>{WISH}</p>")));
    let said = text(&house, &[&house.site.url("/blog/1")]).await;
    check(
        &said,
        &[
            "Not known",
            "`blog`",
            "/blog/feed of the same site; it would probably read this",
            "up to date",
            "Read now",
            "a page",
            "My & your trip",
            "language   en",
            "Your handle “@Mortons”",
            "Wish",
            "route all",
            "would send it: it is a new opportunity",
            "/other.rss",
        ],
    );
    house.site.put("/blog/2", page("<title>Rain</title><p>It rains all day long and nobody is outside."));
    check(&text(&house, &[&house.site.url("/blog/2")]).await, &["a page", "none", "holds no name of a watched brand"]);
    house.site.put("/blog/3", page("<title>Feet</title><p>My Mortons neuroma hurts again"));
    let said = text(&house, &[&house.site.url("/blog/3")]).await;
    check(&said, &["not meant", "Morton's The Steakhouse, relevance 0.", "below 0.50", "`not_context`", "neuroma"]);
    let old = "<meta property=article:published_time content=2026-02-06T12:00:00Z>";
    house.site.put("/blog/4", page(&format!("{old}<p>{GRIPE}")));
    let outlook = &json(&house, &house.site.url("/blog/4")).await["now"];
    assert_eq!((&outlook["kind"], &outlook["backlog"]), (&"page".into(), &true.into()));
    assert_eq!(
        (&outlook["verdicts"][0]["verdict"], &outlook["verdicts"][0]["reason"]),
        (&"hold".into(), &"backlog".into())
    );
    assert_eq!(stats(&house).await, before, "nothing is kept");
}

#[tokio::test]
async fn an_address_that_gives_no_page_says_what_is_there() {
    let house = TestHouse::new().await;
    house.site.put("/feed", feed(&[("https://forum.example/1", NOW, WISH)]));
    house.site.put("/image", Answer::bytes("image/png", b"\x89PNG\r\n\x1a\n\0\0"));
    house.site.put("/robots.txt", Answer::bytes("text/plain", b"User-agent: *\nDisallow: /private\n"));
    house.watch("forum", "/feed");
    for (path, words) in [
        ("/feed", "a feed “Forum” with 1 item"),
        ("/image", "a PNG image"),
        ("/gone", "404"),
        ("/private/1", "robots.txt"),
    ] {
        let said = text(&house, &[&house.site.url(path)]).await;
        check(&said, &["there is no database yet", "`forum`", "Read now", "answer", words]);
    }
    assert!(house.site.asked("/private/1").is_empty());
    check(&text(&house, &["http://127.0.0.1:9/a"]).await, &["No source", "answer", "none: "]);
    check(&text(&house, &["http://10.0.0.1/a"]).await, &["answer", "none: "]);
    assert!(!house.data_folder().exists(), "no data folder is made");
    let refused = asked(&house, &["mailto:a@b.example"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no web address"));
}

#[tokio::test]
async fn a_host_that_asked_for_rest_is_not_asked() {
    let house = TestHouse::new().await;
    house.set_clock(porterhouse::app::now());
    house.site.put("/feed", Answer::status(429).header("retry-after", "3600"));
    house.watch("forum", "/feed");
    house.crawl().await;
    let said = text(&house, &[&house.site.url("/1")]).await;
    check(&said, &["`forum`", "throttled", "Read now", "none: ", "asked us to slow down"]);
    assert!(house.site.asked("/1").is_empty());
}

async fn stats(house: &TestHouse) -> porterhouse::model::Stats {
    let open = house.open();
    let stats = open.parts.store.stats().await.expect("figures");
    open.parts.store.close().await;
    stats
}
