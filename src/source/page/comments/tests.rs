//! Comments of pages that we wrote.

use super::*;
use crate::source::page::tree::tree;
use expect_test::{Expect, expect};
use scraper::Html;

const NOW: &str = "2026-03-02T12:00:00Z";

fn read(html: &str) -> Vec<Comment> {
    comments(&tree(html), "https://site.example/page", NOW.parse().expect("a time"))
}

fn words(html: &str) -> String {
    super::super::node::text(Html::parse_fragment(html).tree.root(), &Nodes::default())
}

fn line(comment: &Comment) -> String {
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let published = comment.published.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let marks = [(comment.is_owner, " owner"), (comment.is_pingback, " pingback")];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    let id = if comment.id.len() == 32 { "hash" } else { &comment.id };
    format!(
        "{id} < {} | {} ({}) | {published}{marks} | {} | {}\n",
        or(&comment.parent),
        or(&comment.author),
        or(&comment.author_url),
        words(&comment.html),
        or(&comment.url)
    )
}

fn check(html: &str, expected: Expect) {
    expected.assert_eq(&read(html).iter().map(line).collect::<String>());
}

#[test]
fn old_themes_of_wordpress() {
    check(
        include_str!("../../../../tests/pages/wordpress_old.html"),
        expect![[r#"
            31 < - | Juna (https://brotzeit.example/) | 2024-05-04T08:15:00+00:00 | Meiner ist nach drei Tagen durchgebrannt. Das Geld habe ich nie gesehen. | https://site.example/page#comment-31
            32 < - | Ilva Tannert (-) | 2024-05-04T09:02:00+00:00 owner | @Juna: Hast du dort angerufen? | https://site.example/page#comment-32
            33 < - | - (-) | - pingback | Pingback: Geräte, die wir zurückgaben | https://site.example/page#comment-33
            34 < - | Oke (-) | 2024-05-05T22:40:00+00:00 | Stufe sechs ist bei mir Kohle. | https://site.example/page#comment-34
        "#]],
    );
}

#[test]
fn new_themes_of_wordpress() {
    check(
        include_str!("../../../../tests/pages/wordpress_new.html"),
        expect![[r#"
        501 < - | Tobin Vale (-) | 2025-02-11T10:05:00+01:00 | Did they offer you another room? | https://slowsuitcase.example/quillmere/#comment-501
        502 < 501 | maren (-) | 2025-02-11T11:20:00+01:00 owner | They did, on the last morning. | https://slowsuitcase.example/quillmere/#comment-502
        503 < - | Pear Fan (https://pearfan.example/) | 2025-02-12T20:00:00+01:00 | warm rolls I want to go only for these. | https://site.example/page#comment-503
    "#]],
    );
}

#[test]
fn definition_lists_of_blogger() {
    check(
        include_str!("../../../../tests/pages/blogger.html"),
        expect![[r#"
            1001001 < - | Wiebke Moor (https://www.blogger.com/profile/17) | 2023-11-02T17:44:00+00:00 | Bei mir reichte es, aber nur in Größe 36. | https://garnkorb.example/2023/11/wolle.html#c1001001
            1001002 < - | Garnkorb (-) | 2023-11-02T18:01:00+00:00 owner | Dann stricke ich ab jetzt kleiner! | https://garnkorb.example/2023/11/wolle.html#c1001002
            1001003 < - | Anonym (-) | 2023-11-03T07:12:00+00:00 | Wo gibt es die? | https://garnkorb.example/2023/11/wolle.html#c1001003
        "#]],
    );
}

#[test]
fn lists_of_news_sites() {
    check(
        include_str!("../../../../tests/pages/news.html"),
        expect![[r#"
        a1b2c3 < - | Radlerin (-) | 2026-03-02T07:31:00+01:00 | Ich war einer von den zweien. | -
        a1b2c4 < a1b2c3 | Kant_e (-) | 2026-03-02T07:58:00+01:00 | Und, wo ist der Bahnhof? | -
        a1b2c5 < - | Ute W. (-) | 2026-03-02T10:00:00+01:00 | Am Telefon wartet man vierzig Minuten. | -
    "#]],
    );
}

#[test]
fn comments_of_schema_org() {
    check(
        include_str!("../../../../tests/pages/microdata.html"),
        expect![[r#"
        hash < - | Dara (https://site.example/u/dara) | 2025-06-01T12:00:00+00:00 | Mine hums in D. | -
        hash < - | Niilo (-) | 2025-06-02T08:30:00+00:00 | Send it back. | -
    "#]],
    );
}

#[test]
fn articles_of_drupal() {
    check(
        include_str!("../../../../tests/pages/drupal.html"),
        expect![[r#"
            88 < - | Sorrel (-) | 2025-06-02T19:11:00+00:00 | Missed it I slept at the office twice. | https://site.example/comment/88#comment-88
            89 < 88 | Harbor Watch (-) | 2025-06-03T08:40:00+00:00 owner | May we quote you? | -
        "#]],
    );
}

#[test]
fn blocks_that_repeat_in_a_list_of_comments() {
    check(
        include_str!("../../../../tests/pages/others.html"),
        expect![[r#"
            hash < - | Bo Ridge (-) | 2025-06-12T14:20:00+00:00 | Mine leaks at the lid. | -
            hash < - | Ada Fenn (-) | 2025-06-13T09:05:00+00:00 | So does mine, they sent a new lid. | -
            hash < - | Bo Ridge (-) | 2025-06-13T09:30:00+00:00 | Good to know. | -
        "#]],
    );
}

#[test]
fn levels_of_a_flat_list_nest() {
    let one = |n: u32, depth: u32| {
        format!("<li id=comment-{n} class='comment depth-{depth}'><cite class=fn>A{n}</cite><p>words {n}</p></li>")
    };
    let page = format!("<ol class=commentlist>{}{}{}{}</ol>", one(1, 1), one(2, 2), one(3, 3), one(4, 2));
    let parents: Vec<_> = read(&page).into_iter().map(|comment| comment.parent.unwrap_or_default()).collect();
    assert_eq!(parents, ["", "1", "2", "1"]);
}

#[test]
fn a_page_without_comments_has_none() {
    check("<article><p class=comment>No comment.</p></article><a class=comments href=#>3 comments</a>", expect![[""]]);
    check(
        "<div id=comments><h3>Leave a comment</h3><form id=commentform><p class=comment-form-comment>Text</p></form></div>",
        expect![[""]],
    );
    check("", expect![[""]]);
}

#[test]
fn ten_thousand_comments_are_read_to_the_bound() {
    let one = |n: usize| {
        format!(
            "<li id=comment-{n} class=comment><cite class=fn>Ines</cite> sagt: <a href=#comment-{n}>3. Mai 2024 um 10:12 Uhr</a><p>Wort {n}</p></li>"
        )
    };
    let page: String = (0..10_000).map(one).collect();
    let page = tree(&format!("<ol class=commentlist>{page}</ol>"));
    let read = comments(&page, "https://site.example/", NOW.parse().expect("a time"));
    assert_eq!(read.len(), COMMENTS_LIMIT);
}

#[test]
fn deep_answers_cost_no_more_than_their_length() {
    let open =
        |n: usize| format!("<div id=comment-{n} class=comment><b class=fn>A</b><p>words</p><div class=children>");
    let page: String = (0..20_000).map(open).collect();
    assert!(!read(&page).is_empty());
}

proptest::proptest! {
    #[test]
    fn any_page_reads(html in "(<|>|/|div|li|ol|p|a| class=comment| id=comment-1| class=children| class=fn| itemprop=comment|<time>|sagt:|3.5.2024|\\PC){0,80}") {
        let read = read(&html);
        proptest::prop_assert!(read.len() <= COMMENTS_LIMIT);
    }
}
