//! Articles of pages that we wrote.

use super::*;
use crate::source::page::node::{Nodes, text};
use crate::source::page::tree::tree;
use expect_test::{Expect, expect};

fn read(html: &str) -> Option<Article> {
    article(&tree(html), "https://site.example/page", "2026-03-02T12:00:00Z".parse().expect("a time"))
}

fn check(html: &str, expected: Expect) {
    let Some(read) = read(html) else { return expected.assert_eq("none") };
    let body = text(Html::parse_fragment(&read.html).tree.root(), &Nodes::default());
    let date = |date: Option<PostedAt>| date.map(|date| date.to_string());
    let facts = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        read.title,
        read.author,
        read.author_url,
        date(read.published),
        read.lang,
        read.url,
        read.tags,
        read.site
    );
    expected.assert_eq(&format!("{facts}\n{body}\n"));
}

#[test]
fn old_themes_of_wordpress() {
    check(
        include_str!("../../../../tests/pages/wordpress_old.html"),
        expect![[r#"
            "Der Toaster, der nie fertig wird" Some("Ilva Tannert") None Some("2024-05-03T00:00:00+00:00") Some("de-DE") None ["Toaster"] Some("Krumenkiste")
            3. Mai 2024 von Ilva Tannert Seit zwei Wochen steht der Glutofix 300 in der Küche, und seit zwei Wochen warte ich auf braunes Brot. Die ersten Scheiben waren weiß, die nächsten auch, und die dritten fielen beim Herausnehmen auseinander. Gleichmäßige Bräune in neunzig Sekunden. So steht es auf der Schachtel. Der Kundendienst meinte am Telefon, das Gerät müsse sich erst einleben, was ich bei einem Toaster zum ersten Mal gehört habe. Stufe drei: lauwarm Stufe sechs: Rauch
        "#]],
    );
}

#[test]
fn new_themes_of_wordpress() {
    check(
        include_str!("../../../../tests/pages/wordpress_new.html"),
        expect![[r#"
        "Three Nights at the Quillmere" Some("Maren Oddby") Some("https://site.example/author/maren/") Some("2025-02-10T07:30:00+01:00") Some("en-US") None ["hotels"] Some("Slow Suitcase")
        The Quillmere has the quietest lobby on the coast, and the loudest lift. We were given a room next to it and slept, on the first night, for about three hours between the last guests and the first trolleys. Breakfast Everything that the lift had taken the kitchen gave back: warm rolls, pears from the garden, and a waiter who remembered on the second day that one of us cannot eat nuts. The pears in question.
    "#]],
    );
}

#[test]
fn posts_of_blogger() {
    check(
        include_str!("../../../../tests/pages/blogger.html"),
        expect![[r#"
            "Wolle von Schafsinn" None None None Some("de") None [] None
            Wolle von Schafsinn Die neue Sockenwolle von Schafsinn kratzt nicht, sie filzt auch nicht, und nach vier Wäschen ist sie noch so grün wie am ersten Tag. Nur die Lauflänge auf der Banderole stimmt nicht: Ein Knäuel reicht nie für zwei Socken.
        "#]],
    );
}

#[test]
fn articles_of_news_sites() {
    check(
        include_str!("../../../../tests/pages/news.html"),
        expect![[r#"
        "Stadtwerke Olmstedt stellen Schalter ein" Some("Henrike Lauterbek") None Some("2026-03-02T06:00:00+01:00") Some("de") None [] Some("Olmstedter Bote")
        Wer eine Frage zur Rechnung hat, muss künftig anrufen oder schreiben. Die Stadtwerke schließen ihren Schalter am Markt zum Monatsende. Zuletzt seien am Tag nur noch elf Menschen gekommen, sagte eine Sprecherin, und von diesen hätten neun nach dem Weg zum Bahnhof gefragt. Jahr Besucher 2019 14.000
    "#]],
    );
}

#[test]
fn a_page_of_others_is_not_ours() {
    let page = "<link rel=canonical href=https://other.example/a><article><p>Words of an article, a few.</p></article>";
    assert_eq!(read(page).and_then(|read| read.url), None);
    let page = "<link rel=canonical href=/a><article><p>Words of an article, a few.</p></article>";
    assert_eq!(read(page).and_then(|read| read.url).as_deref(), Some("https://site.example/a"));
}

#[test]
fn a_page_without_words_is_no_article() {
    assert_eq!(read(""), None);
    assert_eq!(read("<script>x</script><form><input></form>"), None);
}

proptest::proptest! {
    #[test]
    fn any_page_reads(html in "(<|>|/|div|p|article|table|br| class=entry-content| hidden| itemprop=author|<meta name=date content=|<title>|\\PC){0,80}") {
        let _ = read(&html);
    }
}
