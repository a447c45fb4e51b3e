//! Made-up posts and feeds, the same at every run.

use porterhouse::model::{Brand, Item, ItemKey, SourceName, SourceSpec};
use std::fmt::Write;

/// Items of one feed.
pub const ITEMS_PER_FEED: usize = 20;

const OPENINGS: [&str; 5] = [
    "The market hall opens again on Saturday after the works on its roof.",
    "Wir haben am Wochenende die neuen Räume am Fluss bezogen.",
    "Three things that we learned while moving the shop to another street.",
    "Le train de nuit part à nouveau tous les soirs vers le sud.",
    "A short report on last night's concert, with pictures.",
];

/// What a guest says of the brand.
pub const MENTION: &str = "<p>Landed at <b>Newark</b> two hours late, so hungry that I dream of a porterhouse. \
    Hey @Mortons, can you meet me at the airport with one? K, thanks. :-)</p>";

/// A post of `bytes` bytes, of plain words.
pub fn of_bytes(bytes: usize) -> String {
    let words = "The hall opens late and we waited at gate 12 with 40 others, no word from anyone at @Mortons. ";
    words.chars().cycle().take(bytes).collect()
}

/// The body of the `n`th item that speaks of nobody.
pub fn passing_body(n: usize) -> String {
    let opening = OPENINGS[n % OPENINGS.len()];
    format!(
        "<p>{opening} Number {n} of our letters from the quarter.</p>\n<p>Read <a href=\"https://blog.example/{n}?a=1&amp;b=2\">\
         the longer story</a>, it&#8217;s about the people who make it.</p><img src=\"/p/{n}.jpg\"/>"
    )
}

/// One item with `html` as its body.
pub fn item(html: &str) -> Item {
    let key = ItemKey { namespace: "blog".to_owned(), id: "1".to_owned() };
    let mut item = Item::new(SourceName::new("blog"), key);
    (item.title, item.html) = ("A letter".to_owned(), html.to_owned());
    item
}

/// An RSS feed, one item in five a mention; `feed` tells its items from those of others.
pub fn rss(feed: usize) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Letters {feed}</title>\
         <link>https://blog{feed}.example/</link>"
    );
    for n in 0..ITEMS_PER_FEED {
        let body = if n % 5 == 0 { MENTION.to_owned() } else { passing_body(n) };
        let body = body.replace('&', "&amp;").replace('<', "&lt;");
        let written = write!(
            text,
            "<item><title>Letter {n}</title><link>https://blog{feed}.example/{n}</link><guid>https://blog{feed}.example/{n}</guid>\
             <pubDate>Fri, 06 Mar 2026 {n:02}:30:00 GMT</pubDate><description>{body}</description></item>"
        );
        written.expect("a text takes everything");
    }
    text + "</channel></rss>"
}

/// A source that is read as a feed.
pub fn spec(name: &str) -> SourceSpec {
    SourceSpec::new(SourceName::new(name), "feed", "https://blog.example/feed")
}

/// Fifty brands, the first of which is spoken of.
pub fn brands() -> Vec<Brand> {
    let brand = |n: usize| {
        let (name, handle) = if n == 0 {
            ("Mortons".to_owned(), "@Mortons".to_owned())
        } else {
            (format!("Brandley {n}"), format!("@brandley{n}"))
        };
        let value = serde_json::json!({ "id": format!("b{n}"), "name": name, "handles": [handle] });
        serde_json::from_value(value).expect("a brand")
    };
    (0..50).map(brand).collect()
}

const SYLLABLES: [&str; 24] = [
    "ba", "ster", "vol", "kin", "mora", "dex", "lu", "fan", "tri", "gol", "pen", "za", "wick", "hol", "ner", "qui",
    "ros", "tam", "ul", "vex", "yor", "bri", "cas", "ido",
];

/// `n_names` names in brands of four (a name, two aliases and a handle), all different and none a word.
pub fn many_brands(n_names: usize) -> Vec<Brand> {
    let pick = |n: usize| SYLLABLES[n % SYLLABLES.len()];
    let made_up = |n: usize| {
        // Mixed so that neighbors share no beginning, as names in life do not.
        let m = n * 7_919 + 13;
        format!("{}{}{}{}", pick(m), pick(m / 24), pick(m / 576), pick(n / 24 + n))
    };
    let brand = |n: usize| {
        let value = serde_json::json!({
            "id": format!("b{n}"), "name": made_up(4 * n), "aliases": [made_up(4 * n + 1), made_up(4 * n + 2)],
            "handles": [format!("@{}", made_up(4 * n + 3))],
        });
        serde_json::from_value(value).expect("a brand")
    };
    let mortons = serde_json::json!({
        "id": "m", "name": "Morton's", "aliases": ["Mortons", "Morton's Grille"], "handles": ["@Mortons"],
        "about": "steakhouse chain, USA", "context": ["steak", "porterhouse"], "not_context": ["salt", "neuroma"],
    });
    let mut brands: Vec<Brand> = (1..n_names / 4).map(brand).collect();
    brands.push(serde_json::from_value(mortons).expect("a brand"));
    brands
}
