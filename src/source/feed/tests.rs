//! Feeds as the world writes them, from bytes to items.

use super::*;
use crate::model::{ItemKind, Medium};
use expect_test::{Expect, expect};
use proptest::prelude::*;

const BLOG: &[u8] = include_bytes!("../../../tests/fixtures/feed/blog.rss");
const COMMENTS: &[u8] = include_bytes!("../../../tests/fixtures/feed/comments.rss");
const BASE: &[u8] = include_bytes!("../../../tests/fixtures/feed/base.atom");
const BROKEN: &[u8] = include_bytes!("../../../tests/fixtures/feed/broken.rss");
const ITEMS: &[u8] = include_bytes!("../../../tests/fixtures/feed/items.json");
const LATIN1: &[u8] = include_bytes!("../../../tests/fixtures/feed/latin1.rdf");

fn read(bytes: &[u8]) -> Result<Batch, ReadError> {
    let now = "2026-05-06T00:00:00Z".parse().expect("a literal");
    let url = "https://tellerrand.example/feed/".to_owned();
    let setting = Setting { source: SourceName::new("blog"), url, medium: Medium::Blog, now };
    read_document(bytes, None, &setting)
}

/// Feed, problems and items in a few words a line.
fn check(bytes: &[u8], expected: Expect) {
    let batch = read(bytes).expect("a feed");
    let feed = batch.feed.unwrap_or_default();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![format!("{} | {} | {}", or_dash(feed.title), or_dash(feed.link), or_dash(feed.encoding))];
    lines.extend(batch.problems.iter().map(|p| format!("! {}: {}", p.line.unwrap_or(0), p.message)));
    for item in &batch.items {
        lines.push(format!("* {} | {} | {}", item.key.id, item.title, or_dash(item.url.clone())));
        let author = [&item.author.name, &item.author.handle, &item.author.url].map(|part| or_dash(part.clone()));
        let dates = [item.published, item.updated].map(|date| or_dash(date.map(|date| date.to_string())));
        lines.push(format!("  {:?} {:?} by {} at {}", item.kind, item.medium, author.join(" "), dates.join(" ")));
        lines.push(format!("  {} {:?} {}", or_dash(item.lang.clone()), item.tags, item.html));
    }
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_blog_is_read_whole() {
    check(
        BLOG,
        expect![[r#"
            Tellerrand – das Blog | https://tellerrand.example/ | utf-8
            * https://tellerrand.example/?p=12 | Steak & Sorge: ein Abend in Köln | https://tellerrand.example/steak-und-sorge/
              Article Blog by Ines Probe - - at 2026-05-04T21:00:00+02:00 -
              de-DE ["Steakhaus", "Köln"] <p>Zwei Stunden gewartet&nbsp;&ndash; <a href="/karte">die Karte</a> kannte ich auswendig.</p><blockquote>Wir bitten um Geduld.</blockquote><p>Nie wieder.</p>"#]],
    );
    let batch = read(BLOG).expect("a feed");
    assert_eq!(batch.items[0].counts.replies, Some(3));
}

#[test]
fn comments_know_what_they_are_about() {
    let batch = read(COMMENTS).expect("a feed");
    let [uwe, ines] = &batch.items[..] else { panic!("two comments") };
    assert_eq!((uwe.kind, uwe.medium), (ItemKind::Comment, Medium::Comment));
    assert_eq!(uwe.author.name.as_deref(), Some("Uwe"));
    assert_eq!(uwe.target.as_deref(), Some("https://tellerrand.example/steak/"));
    assert_eq!(ines.author.name.as_deref(), Some("Ines Probe"));
    assert_eq!(ines.parent.as_deref(), Some("https://tellerrand.example/?p=12#comment-7"));
}

#[test]
fn bases_and_text_types_of_atom_hold() {
    check(
        BASE,
        expect![[r#"
            Grill notes | https://grill.example/notes/ | utf-8
            * tag:grill.example,2026:1 | How works | https://grill.example/notes/2026/one.html
              Article Blog by Mo Sample - https://grill.example/mo at 2026-05-04T14:00:00-04:00 2026-05-04T15:00:00-04:00
              en ["Grilling"] <div xmlns="http://www.w3.org/1999/xhtml"><p>Rare &amp; <em>hot</em>.</p></div>
            * tag:grill.example,2026:2 | 1 < 2 &amp; so on | -
              Article Blog by Mo Sample - https://grill.example/mo at - -
              en [] a &lt;b&gt; c"#]],
    );
}

#[test]
fn a_broken_feed_keeps_what_is_whole() {
    check(
        BROKEN,
        expect![[r#"
        Fisch & Grill | - | utf-8
        ! 3: a stray `&` was escaped (3 times)
        ! 5: an entity that only HTML knows was resolved
        ! 7: an HTML tag without an end was closed
        ! 7: an end tag without a start was dropped
        ! 7: a tag that was left open was closed
        ! 16: the last item is not whole; left out
        ! 16: the end of the document is missing; closed
        * own:1c2e892db1ec2598d4257a04f4927411 | Weißer Heilbutt & Co | https://fisch.example/?a=1&b=2
          Article Blog by - - - at - -
          - [] Ein <b>fetter<br/>Fisch</b>
        * own:8119c9289ecfd17a97d88902bed551e1 | Noch einer | https://fisch.example/2
          Article Blog by - - - at - -
          - [] "#]],
    );
}

#[test]
fn a_json_feed_is_read() {
    check(
        ITEMS,
        expect![[r#"
        Counter | https://counter.example/ | utf-8
        * 41 |  | https://counter.example/41
          Post Blog by Mo Sample - - at 2026-05-04T21:00:00-04:00 -
          - ["steak"] 1 &lt; 2 steaks
        * b | Linked & found | https://else.example/b
          Article Blog by Mo Sample - - at - -
          de [] <p>Read <a href='https://else.example/b'>this</a>.</p>"#]],
    );
}

#[test]
fn an_old_latin_1_feed_is_read() {
    check(
        LATIN1,
        expect![[r#"
        Alte Küche | https://alt.example/ | iso-8859-1
        * https://alt.example/1 | Grünkohl | https://alt.example/1
          Article Blog by Uwe Muster - - at 2026-01-02T10:00:00+01:00 -
          - [] Mit Pinkel."#]],
    );
}

#[test]
fn every_reading_gives_the_same_ids() {
    for bytes in [BLOG, COMMENTS, BASE, BROKEN, ITEMS, LATIN1] {
        let ids = || read(bytes).expect("a feed").items.into_iter().map(|item| item.key.id).collect::<Vec<_>>();
        assert_eq!(ids(), ids());
        let first = ids();
        assert!(first.iter().all(|id| first.iter().filter(|other| *other == id).count() == 1), "{first:?}");
    }
}

#[test]
fn items_that_share_an_id_are_told_apart() {
    let feed = "<rss version='2.0'><channel><item><guid>x</guid><title>a</title></item>\
                <item><guid>x</guid><title>b</title></item><item><guid>y</guid></item></channel></rss>";
    let items = read(feed.as_bytes()).expect("a feed").items;
    assert_ne!(items[0].key, items[1].key);
    assert_eq!(items[2].key.id, "y");
}

#[test]
fn wide_encodings_without_a_mark_do_not_panic() {
    let text = String::from_utf8_lossy(BLOG).into_owned();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let batch = read(&wide).expect("a feed");
    assert_eq!(batch.feed.and_then(|feed| feed.encoding).as_deref(), Some("utf-16be"));
    assert_eq!(batch.items.len(), 1);
}

#[test]
fn what_is_no_feed_is_said_so() {
    let error = |text: &str| read(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(
        error("<urlset><url/></urlset>"),
        "the answer is XML with the root element `urlset`, `rss`, `feed` or `RDF` was expected; check the source's url"
    );
    assert_eq!(
        error("{\"a\":1}"),
        "the answer is JSON without `items`, a JSON Feed was expected; check the source's url"
    );
    assert!(error("<html><p>x").starts_with("the answer is an HTML page that names no feed"));
    assert!(error("").starts_with("the answer is empty"));
    assert!(error("nope").starts_with("the answer is plain text that begins \"nope\""));
}

#[test]
fn hostile_documents_end_soon() {
    let deep = format!("<rss><channel><item><description>{}", "<div>".repeat(50_000));
    assert!(read(deep.as_bytes()).is_ok());
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>\
                <rss version='2.0'><channel><item><title>&c;</title></item></channel></rss>";
    assert_eq!(read(bomb.as_bytes()).expect("a feed").items[0].title, "&c;");
    let titles = format!("<rss version='2.0'><channel><item><title><![CDATA[{}", "<b".repeat(500_000));
    assert!(read(format!("{titles}]]></title></item></channel></rss>").as_bytes()).is_ok());
    assert!(read("<!DOCTYPE>".repeat(200_000).as_bytes()).is_err());
    let attributes = format!("<rss version='2.0'><channel {}></channel></rss>", "xmlns:a='b' ".repeat(10_000));
    assert!(read(attributes.as_bytes()).is_ok());
}

/// What the items of a feed hold, in bytes.
fn held(bytes: &[u8]) -> usize {
    let batch = read(bytes).expect("a feed");
    batch.items.iter().map(|item| serde_json::to_string(item).expect("an item").len()).sum()
}

#[test]
fn what_items_share_does_not_multiply() {
    let long = "a".repeat(100_000);
    let links = "<entry><link href='x'/><id>1</id></entry>".repeat(1_000);
    let base = format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://e.example/{long}/'>{links}</feed>");
    assert!(held(base.as_bytes()) < 2_000_000);
    let lang = format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{long}'>{links}</feed>");
    assert!(held(lang.as_bytes()) < 2_000_000);
    let comments = "<item><guid>1</guid><thr:in-reply-to ref='x'/></item>".repeat(1_000);
    let link = format!(
        "<rss version='2.0'><channel><link>https://e.example/{long}</link><language>{long}</language>{comments}</channel></rss>"
    );
    assert!(held(link.as_bytes()) < 2_000_000);
    let author = format!("<author><name>A</name><uri>https://e.example/{long}</uri></author>");
    let author = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{author}{links}</feed>");
    assert!(held(author.as_bytes()) < 2_000_000);
    let entity = format!("<!DOCTYPE r [<!ENTITY a \"{}\">]>", "a".repeat(256));
    let entity = format!("{entity}<rss version='2.0'><channel><item><description>{}", "&a;".repeat(100_000));
    let entity = format!("{entity}</description></item></channel></rss>");
    assert!(held(entity.as_bytes()) < 5 * entity.len());
}

#[test]
fn no_more_items_are_read_than_are_kept() {
    let json = format!("{{\"items\":[{}{{}}]}}", "{},".repeat(own::MAX_ENTRIES));
    assert!(read(json.as_bytes()).expect("a feed").problems.iter().any(|p| p.message.starts_with("more than")));
    let xml = format!("<rss version='2.0'><channel>{}</channel></rss>", "<item></item>".repeat(own::MAX_ENTRIES + 1));
    assert!(read(xml.as_bytes()).expect("a feed").problems.iter().any(|p| p.message.starts_with("more than")));
}

#[test]
fn a_page_of_unclosed_links_ends_soon() {
    let page = format!("<html>{}", "<link".repeat(30_000));
    assert_eq!(read(page.as_bytes()).expect_err("no feed"), ReadError::HtmlPage);
}

proptest! {
    #[test]
    fn a_damaged_feed_never_panics_and_stays_bounded(
        which in 0_usize..6, cut in 0_usize..2000, at in 0_usize..2000, insert in "(<|>|&|</item>|<item>|]]>|<!--|\u{0}|\u{92}|\\PC){0,3}",
    ) {
        let mut bytes = [BLOG, COMMENTS, BASE, BROKEN, ITEMS, LATIN1][which].to_vec();
        bytes.truncate(cut.max(20));
        let at = at.min(bytes.len());
        bytes.splice(at..at, insert.bytes());
        if let Ok(batch) = read(&bytes) {
            let size: usize = batch.items.iter().map(|item| item.html.len() + item.title.len()).sum();
            prop_assert!(size <= 10 * bytes.len());
        }
    }
}
