//! What pages tell programs, read as items.

use super::*;
use crate::model::SourceName;
use crate::source::page::tree::tree;
use expect_test::{Expect, expect};
use jiff::Timestamp;

fn check(html: &str, expected: Expect) {
    let setting = Setting {
        source: SourceName::new("s"),
        url: "https://shop.example/grill".to_owned(),
        medium: Medium::Web,
        now: "2026-11-22T12:00:00Z".parse().expect("a time"),
    };
    let read = read(&tree(html), &setting);
    let mut lines: Vec<String> = read
        .items
        .iter()
        .map(|item| {
            format!(
                "{:?} {} <{}> {:?} {:?} by {} at {} rated {:?} on {}",
                item.kind,
                item.key.id,
                item.parent.as_deref().unwrap_or("-"),
                item.title,
                item.html,
                item.author.name.as_deref().unwrap_or("-"),
                item.published.map(|at| at.to_string()).unwrap_or_default(),
                item.rating,
                item.target.as_deref().unwrap_or("-"),
            )
        })
        .collect();
    lines.extend(read.rating);
    lines.extend(read.problems);
    lines.extend(read.article.map(|told| format!("{told:?}")));
    expected.assert_eq(&lines.join("\n"));
}

fn json(json: &str) -> String {
    format!("<!doctype html><script type=\"application/ld+json\">{json}</script><p>x")
}

#[test]
fn reviews_of_a_shop_with_their_ratings() {
    check(
        &json(
            r#"{"@graph":[{"@type":"Product","name":"Grill &amp; Co","url":"/grill","aggregateRating":
            {"ratingValue":"3,4","reviewCount":212},"review":[{"@type":"Review","@id":"r1","name":"Nie da",
            "reviewBody":"Drei Wochen.\nNichts &quot;bald&quot;.","author":{"@type":"Person","name":"Jana"},
            "datePublished":"2026-02-11T09:20:31Z","reviewRating":{"ratingValue":1,"bestRating":5}},
            {"@type":"Review","reviewBody":"Super","author":"Max","datePublished":"2036-01-01",
            "reviewRating":{"ratingValue":70,"bestRating":100}},{"@type":"Review"},
            {"@type":"Review","reviewBody":"Lüge","reviewRating":{"ratingValue":99,"bestRating":5}}]}]}"#,
        ),
        expect![[r#"
            Review r1 <-> "Nie da" "Drei Wochen.<br>\nNichts &quot;bald&quot;." by Jana at 2026-02-11T09:20:31+00:00 rated Some(1.0) on https://shop.example/grill
            Review own:aa2a5cea4aa4c02ba7a2f6d041397dd6 <-> "" "Super" by Max at  rated Some(3.5) on https://shop.example/grill
            Review own:c86d07e3c33c47bb721112459acdb3ae <-> "" "Lüge" by - at  rated None on https://shop.example/grill
            Grill & Co: 3.4 of 5 by 212"#]],
    );
}

#[test]
fn a_thread_with_its_answers() {
    check(
        &json(
            r#"{"@type":"QAPage","mainEntity":{"@type":"Question","name":"Grill aus?","text":"Er geht aus.",
            "url":"https://shop.example/q/1","author":{"name":"Ann"},"acceptedAnswer":{"@type":"Answer","text":"Gas leer.",
            "url":"/q/1#2","comment":{"@type":"Comment","text":"Danke!","author":"Ann"}}}}"#,
        ),
        expect![[r#"
            Post https://shop.example/q/1 <-> "Grill aus?" "Er geht aus." by Ann at  rated None on -
            Reply https://shop.example/q/1#2 <https://shop.example/q/1> "" "Gas leer." by - at  rated None on https://shop.example/q/1
            Comment own:cb6088371e163c4389194f27756114dd <https://shop.example/q/1#2> "" "Danke!" by Ann at  rated None on https://shop.example/q/1"#]],
    );
}

#[test]
fn one_article_is_told_and_several_are_a_list() {
    check(
        &json(
            r#"{"@type":"NewsArticle","headline":"Neuer Grill","author":[{"@type":"Person","name":"Ann"},
            {"@type":"Person","name":"Ben"}],"datePublished":"2026-02-11","articleBody":"Text","comment":
            [{"@type":"Comment","text":"Oh","author":{"name":"Cleo"}}]}"#,
        ),
        expect![[r#"
            Comment own:b7bb7d699a38ecd84e51e741bfc00cff <https://shop.example/grill> "" "Oh" by Cleo at  rated None on https://shop.example/grill
            Told { title: Some("Neuer Grill"), body: Some("Text"), author: Author { name: Some("Ann"), handle: None, url: None, followers: None, past_mentions: None, bio: None, is_site_owner: false, is_bot: false }, published: Some(PostedAt { at: 2026-02-11T00:00:00Z, offset: 00:00:00 }), updated: None, lang: None, medium: Some(News) }"#]],
    );
    check(&json(r#"[{"@type":"Article","headline":"A"},{"@type":"Article","headline":"B"}]"#), expect![]);
}

proptest::proptest! {
    #[test]
    fn any_things_are_fine(json in r#"(\{"@type":"(Review|Comment|Question|Article)",|"(comment|text|review|reviewRating)":|\}|\[|\]|"x"|,|1){0,40}"#) {
        let setting = Setting { source: SourceName::new("s"), url: "x".to_owned(), medium: Medium::Web, now: Timestamp::UNIX_EPOCH };
        let _ = read(&tree(&self::json(&json)), &setting);
    }
}
