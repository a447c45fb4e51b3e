//! Readings of a small site in memory: lists, threads, sitemaps, cut off and gone on.

use super::*;
use crate::model::Item;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A site that answers from memory, and a source that reads it as the pipeline does.
struct Site {
    pages: BTreeMap<String, String>,
    spec: SourceSpec,
    cursor: Cursor,
    now: Timestamp,
    asked: Vec<String>,
}

const HOST: &str = "https://blog.example";

impl Site {
    fn new(path: &str) -> Self {
        Self {
            pages: BTreeMap::new(),
            spec: SourceSpec::new(SourceName::new("s"), "page", format!("{HOST}{path}")),
            cursor: Cursor::default(),
            now: "2026-11-22T12:00:00Z".parse().expect("a time"),
            asked: Vec::new(),
        }
    }

    fn put(&mut self, path: &str, html: impl Into<String>) {
        self.pages.insert(format!("{HOST}{path}"), html.into());
    }

    /// One reading; it ends after `most` answers, as if it were killed.
    fn read(&mut self, most: usize) -> Vec<Item> {
        let source = open(&self.spec);
        let mut open = source.start(&self.cursor, self.now);
        let mut items = Vec::new();
        self.asked.clear();
        while let Some(request) = open.pop() {
            if self.asked.len() == most {
                break;
            }
            self.asked.push(request.url.replace(HOST, ""));
            let batch = match self.pages.get(&request.url) {
                Some(body) => {
                    let body = bytes::Bytes::copy_from_slice(body.as_bytes());
                    let response = Response { status: 200, url: request.url.clone(), headers: Vec::new(), body };
                    source.read(&self.cursor, &request, &response, self.now).expect("a page")
                }
                None => source.refused(&self.cursor, &request, Some(404), self.now).expect("not the first page"),
            };
            items.extend(batch.items);
            open.extend(batch.next);
            self.cursor = batch.cursor;
        }
        items
    }

    fn ids(&mut self) -> Vec<String> {
        self.read(99).into_iter().map(|item| item.key.id).collect()
    }

    fn later(&mut self, hours: i64) {
        self.now = self.now.checked_add(jiff::Span::new().hours(hours)).expect("in range");
    }
}

fn front(articles: impl IntoIterator<Item = usize>, next: Option<usize>) -> String {
    let mut page = "<body class=home>".to_owned();
    for n in articles {
        let _ = write!(page, "<article><h2><a href='/post/{n}'>Beitrag Nummer {n}</a></h2><p>Anfang</article>");
    }
    if let Some(next) = next {
        let _ = write!(page, "<a rel=next href='/page/{next}'>2</a>");
    }
    page
}

fn post(n: usize) -> String {
    let text =
        "Wir waren gestern im Steakhaus, und das Porterhouse war so gut, dass wir morgen wieder hingehen. ".repeat(8);
    format!(
        "<body class=single><article><h1>Beitrag Nummer {n}</h1><div class=entry-content><p>{text}</p><p>{text}</p></div></article>"
    )
}

#[test]
fn a_list_is_followed_once_and_nothing_is_read_twice() {
    let mut site = Site::new("/");
    site.put("/", front([4, 3, 2, 1], None));
    (1..=6).for_each(|n| site.put(&format!("/post/{n}"), post(n)));
    let mut ids = site.ids();
    ids.sort();
    assert_eq!(
        ids,
        [
            "https://blog.example/post/1",
            "https://blog.example/post/2",
            "https://blog.example/post/3",
            "https://blog.example/post/4"
        ]
    );
    assert!(site.ids().is_empty());
    assert_eq!(site.asked, ["/"]);
    site.put("/", front([6, 5, 4, 3], None));
    assert_eq!(site.ids().len(), 2);
    site.later(7);
    assert_eq!(site.ids().len(), 3, "young articles are looked at again for comments, a few at a time");
}

#[test]
fn a_list_that_was_cut_off_goes_on_where_it_ended() {
    let mut site = Site::new("/");
    site.put("/", front(1..=4, None));
    (1..=40).for_each(|n| site.put(&format!("/post/{n}"), post(n)));
    site.read(99);
    // Three pages are new; the reading is killed after the first.
    site.put("/", front((13..=16).rev(), Some(2)));
    site.put("/page/2", front((9..=12).rev(), Some(3)));
    site.put("/page/3", front((1..=8).rev(), None));
    let mut seen: Vec<String> = site.read(1).into_iter().map(|item| item.key.id).collect();
    for _ in 0..4 {
        seen.extend(site.ids());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 12, "{seen:?}");
    assert!(site.ids().is_empty());
}

#[test]
fn an_article_that_does_not_answer_is_given_up_after_a_few_readings() {
    let mut site = Site::new("/");
    site.put("/", front(1..=4, None));
    (1..=3).for_each(|n| site.put(&format!("/post/{n}"), post(n)));
    assert_eq!(site.ids().len(), 3);
    for _ in 0..2 {
        site.ids();
        assert_eq!(site.asked, ["/", "/post/4"]);
    }
    site.ids();
    assert_eq!(site.asked, ["/"]);
}

#[test]
fn a_next_page_in_a_circle_ends() {
    let mut site = Site::new("/");
    site.put("/", front(1..=4, None));
    site.read(99);
    site.put("/", front(5..=8, Some(2)));
    site.put("/page/2", front(9..=12, Some(3)));
    site.put("/page/3", front(13..=16, Some(2)));
    site.read(99);
    assert_eq!(site.asked.iter().filter(|path| path.starts_with("/page")).count(), 2);
}

#[test]
fn a_sitemap_of_itself_ends_and_its_pages_are_read_once() {
    let mut site = Site::new("/sitemap.xml");
    let index =
        "<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>";
    site.put("/sitemap.xml", index);
    site.put("/b.xml", "<sitemapindex><sitemap><loc>/sitemap.xml</loc></sitemap><sitemap><loc>/posts.xml</loc></sitemap></sitemapindex>");
    let entry = |n: usize| format!("<url><loc>{HOST}/post/{n}</loc><lastmod>2026-11-{n:02}</lastmod></url>");
    let map = |to: usize| format!("<urlset>{}</urlset>", (1..=to).map(entry).collect::<String>());
    site.put("/posts.xml", map(3));
    (1..=9).for_each(|n| site.put(&format!("/post/{n}"), post(n)));
    assert_eq!(site.ids().len(), 3);
    assert!(site.ids().is_empty());
    site.put("/posts.xml", map(9));
    assert_eq!(site.ids().len(), 6);
    assert!(site.ids().is_empty());
}

#[test]
fn a_page_that_only_changes_tells_what_is_new() {
    let mut site = Site::new("/karte");
    site.put("/karte", "<title>Karte</title><p>Rib Eye 24 €<p>Filet 30 €");
    assert_eq!(site.read(9)[0].text, "Rib Eye 24 €\nFilet 30 €");
    assert!(site.read(9).is_empty());
    site.put("/karte", "<title>Karte</title><p>Rib Eye 24 €<p>Filet 34 €");
    let items = site.read(9);
    assert_eq!((items.len(), items[0].text.as_str(), items[0].title.as_str()), (1, "Filet 34 €", "Karte"));
}

#[test]
fn a_thread_is_read_from_its_last_page_on() {
    let mut site = Site::new("/t/1");
    let part = |text: &str| Some(text.to_owned());
    site.spec.recipe = Some(crate::model::Recipe {
        item: ".p".to_owned(),
        id: part("@id"),
        next: part("a.next@href"),
        last: part("a.last@href"),
        ..Default::default()
    });
    let page = |n: usize, of: usize| {
        let next = if n < of {
            format!("<a class=next href=/t/{}>n</a><a class=last href=/t/{of}>l</a>", n + 1)
        } else {
            String::new()
        };
        format!("<div class=p id=a{n}>Beitrag a{n}</div><div class=p id=b{n}>Beitrag b{n}</div>{next}")
    };
    (1..=5).for_each(|n| site.put(&format!("/t/{n}"), page(n, 5)));
    assert_eq!(site.ids(), ["a1", "b1", "a5", "b5"]);
    (1..=7).for_each(|n| site.put(&format!("/t/{n}"), page(n, 7)));
    assert_eq!(site.ids(), ["a5", "b5", "a6", "b6", "a7", "b7"]);
    assert_eq!(site.ids(), ["a7", "b7"]);
    assert_eq!(site.asked, ["/t/7"]);
}

#[test]
fn what_is_no_page_says_which_engine_reads_it() {
    let read = |body: &str| {
        let source = open(&SourceSpec::new(SourceName::new("s"), "page", HOST));
        let request = source.start(&Cursor::default(), Timestamp::UNIX_EPOCH).pop().expect("a request");
        let body = bytes::Bytes::copy_from_slice(body.as_bytes());
        let response = Response { status: 200, url: HOST.to_owned(), headers: Vec::new(), body };
        source.read(&Cursor::default(), &request, &response, Timestamp::UNIX_EPOCH).expect_err("no page").to_string()
    };
    assert_eq!(read("<rss version='2.0'></rss>"), "the answer is a feed, a page was expected; set engine = \"feed\"");
    assert_eq!(read("{\"a\":1}"), "the answer is JSON, a page was expected; check the source's url");
    assert_eq!(read(""), "the answer is empty; look whether the address still exists");
}

#[test]
fn comments_are_read_over_all_their_pages() {
    let comments = |from: usize, others: &[&str]| {
        let mut page = post(1).replace("</article>", "</article><div id=comments><ol class=commentlist>");
        for n in from..from + 2 {
            let _ = write!(
                page,
                "<li class=comment id=comment-{n}><cite class=fn>Gast {n}</cite><p>Das war wirklich gut, Nummer {n}.</p></li>"
            );
        }
        let links: String = others.iter().map(|path| format!("<a href='{path}#comments'>Seite</a>")).collect();
        format!("{page}</ol><nav class=comment-navigation>{links}</nav></div>")
    };
    let mut site = Site::new("/post/1");
    site.put("/post/1", comments(1, &["/post/1/comment-page-2", "/post/1/comment-page-3"]));
    site.put("/post/1/comment-page-2", comments(3, &["/post/1/comment-page-1", "/post/1/comment-page-3"]));
    site.put("/post/1/comment-page-3", comments(5, &["/post/1/comment-page-2"]));
    let ids = site.ids();
    assert_eq!(ids.iter().filter(|id| id.contains("#comment") || id.contains('#')).count(), 6, "{ids:?}");
    assert!(site.asked.len() <= 4, "{:?}", site.asked);
}
