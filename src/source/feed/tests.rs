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
    read_document(bytes, None, &setting).map(|(batch, _)| batch)
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
fn one_id_for_all_items_is_no_id() {
    let item = |day: usize| format!("<item><guid>x</guid><title>Review</title><description>{day}</description></item>");
    let items: String = (0..50).map(item).collect();
    let feed = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    let read = || read(feed.as_bytes()).expect("a feed").items;
    let ids: std::collections::HashSet<String> = read().into_iter().map(|item| item.key.id).collect();
    assert_eq!(ids.len(), 50);
    assert!(read().iter().all(|item| ids.contains(&item.key.id)));
}

/// The first item of an RSS channel that holds `fields`.
fn item(fields: &str) -> crate::model::Item {
    let feed = format!("<rss version='2.0'><channel><title>T</title><item>{fields}</item></channel></rss>");
    read(feed.as_bytes()).expect("a feed").items.remove(0)
}

#[test]
fn dates_that_cannot_be_right_are_none_and_give_way() {
    let published = |date: &str| item(&format!("<title>a</title>{date}")).published.map(|date| date.to_string());
    assert_eq!(published("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"), None);
    assert_eq!(published("<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>"), None);
    let date = Some("2026-05-05T00:00:00+00:00".to_owned());
    assert_eq!(published("<pubDate>0000-00-00</pubDate><dc:date>2026-05-05</dc:date>"), date);
    assert_eq!(published("<dc:date>2026-05-05</dc:date><pubDate>1970-01-01</pubDate>"), date);
    assert_eq!(published("<pubDate>2001-01-01</pubDate><pubDate>2026-05-05</pubDate>"), date);
}

#[test]
fn the_text_with_words_is_read() {
    let html = |fields: &str| item(fields).html;
    let picture = "<content:encoded>&lt;img src='x'&gt;</content:encoded>";
    assert_eq!(html(&format!("{picture}<description>Steak</description>")), "Steak");
    assert_eq!(html("<description>short</description><content:encoded>full</content:encoded>"), "full");
    assert_eq!(html("<summary>short</summary><description>longer</description>"), "longer");
    assert_eq!(html("<description>Steak</description><content type='image/png'>iVBOR</content>"), "Steak");
}

#[test]
fn comment_feeds_and_transcripts_are_known() {
    let post = item(
        "<title>a</title><wfw:commentRss>/1/feed/</wfw:commentRss><slash:comments>7</slash:comments>\
         <podcast:transcript url='/1.vtt' type='text/vtt'/>",
    );
    assert_eq!(post.comments_feed.as_deref(), Some("https://tellerrand.example/1/feed/"));
    assert_eq!(post.transcript.as_deref(), Some("https://tellerrand.example/1.vtt"));
    assert_eq!(post.counts.replies, Some(7));
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'><entry>\
                <id>1</id><link rel='replies' type='application/atom+xml' href='c' thr:count='4'/>\
                <link rel='replies' type='text/html' href='page'/></entry></feed>";
    let post = read(atom.as_bytes()).expect("a feed").items.remove(0);
    assert_eq!(post.comments_feed.as_deref(), Some("https://tellerrand.example/feed/c"));
    assert_eq!((post.counts.replies, post.url), (Some(4), None));
}

#[test]
fn links_lead_to_the_page() {
    let url = |fields: &str| item(fields).url.unwrap_or_default();
    let burner =
        "<link>https://proxy.example/~r/1</link><feedburner:origLink>https://b.example/1</feedburner:origLink>";
    assert_eq!(url(burner), "https://b.example/1");
    assert_eq!(url("<guid isPermaLink='FALSE'>https://b.example/1</guid><title>a</title>"), "");
    let elsewhere = "<rss version='2.0'><channel><link>https://site.example/blog/</link><item><link>p/1</link></item>\
                     </channel></rss>";
    let items = read(elsewhere.as_bytes()).expect("a feed").items;
    assert_eq!(items[0].url.as_deref(), Some("https://site.example/blog/p/1"));
}

#[test]
fn a_film_stands_for_the_page_where_there_is_none() {
    let film = "<title>a</title><media:content url='https://b.example/a.mp4' type='video/mp4'/>";
    assert_eq!(item(film).url.as_deref(), Some("https://b.example/a.mp4"));
    assert_eq!(item(&format!("{film}<link>https://b.example/a</link>")).url.as_deref(), Some("https://b.example/a"));
    let picture = "<title>a</title><media:content url='https://b.example/a.png' type='image/png'/>";
    assert_eq!(item(picture).url, None);
}

#[test]
fn links_within_a_text_follow_its_base() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://b.example/a/'><entry><id>/1</id>\
                <content type='html' xml:base='c/'>&lt;a href='d'&gt;d&lt;/a&gt;</content></entry></feed>";
    let items = read(feed.as_bytes()).expect("a feed").items;
    assert_eq!(items[0].html, "<a href='https://b.example/a/c/d'>d</a>");
    assert_eq!(items[0].key.id, "https://b.example/1");
}

#[test]
fn an_entry_taken_from_another_feed_is_by_its_author() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Planet</name></author><entry><title>a</title>\
                <source><title>Blog</title><author><name>Mo</name></author><updated>2001-01-01T00:00:00Z</updated>\
                </source></entry></feed>";
    let items = read(feed.as_bytes()).expect("a feed").items;
    assert_eq!((items[0].author.name.as_deref(), items[0].updated), (Some("Mo"), None));
}

#[test]
fn a_channel_definition_is_read() {
    check(
        b"<CHANNEL HREF='https://cdf.example/'><TITLE>Old</TITLE><ITEM HREF='/1' LASTMOD='2004-04-06T23:05:43-05:00'>\
          <TITLE VALUE='One'/><ABSTRACT>Steak</ABSTRACT></ITEM></CHANNEL>",
        expect![[r#"
            Old | https://cdf.example/ | utf-8
            * own:6ff03fe842672c092fb5f8f3d62af879 | One | https://tellerrand.example/1
              Article Blog by - - - at 2004-04-06T23:05:43-05:00 2004-04-06T23:05:43-05:00
              - [] Steak"#]],
    );
}

#[test]
fn tags_that_differ_in_case_match() {
    let feed = b"<rss version='2.0'><channel><title>T</Title><item><title>a</TITLE></item></channel></rss>";
    let batch = read(feed).expect("a feed");
    assert_eq!((batch.feed.unwrap_or_default().title.as_deref(), batch.items.len()), (Some("T"), 1));
    assert_eq!(batch.items[0].title, "a");
}

#[test]
fn loose_json_is_read() {
    let feed = r#"{"title":5,"author":"Al","items":{"a":{"id":1.5,"url":"/1","authors":[null,{"name":null},{"name":"Bo"}],
        "tags":"steak, grill","date_published":1777939200},"b":{"title":7,"tags":["x",1,null]}}}"#;
    let batch = read(feed.as_bytes()).expect("a feed");
    assert_eq!(batch.feed.unwrap_or_default().title.as_deref(), Some("5"));
    let [first, second] = &batch.items[..] else { panic!("two items") };
    assert_eq!((first.key.id.as_str(), first.url.as_deref()), ("1.5", Some("https://tellerrand.example/1")));
    assert_eq!((first.author.name.as_deref(), first.tags.len()), (Some("Bo"), 2));
    assert_eq!(first.published.map(|date| date.to_string()).as_deref(), Some("2026-05-05T00:00:00+00:00"));
    assert_eq!((second.title.as_str(), second.author.name.as_deref()), ("7", Some("Al")));
    assert_eq!(second.tags, ["x", "1"]);
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
