//! Queries that hold, that do not, and that nobody can understand.

use super::*;
use crate::model::{Item, ItemKey, ItemKind, Medium, SourceName};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn item() -> Item {
    let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
    let mut item = Item::new(SourceName::new("forum"), key);
    item.title = "Neues Menü in München".to_owned();
    item.text = "Das Steak bei Morton's war kalt, der ICE kam zu spät. Der Preis ist viel zu hoch!".to_owned();
    item.author.name = Some("Ann Müller".to_owned());
    item.author.handle = Some("@ann".to_owned());
    item.author.followers = Some(1_500);
    item.url = Some("https://www.forum.example.com/t/7".to_owned());
    item.lang = Some("de-CH".to_owned());
    (item.kind, item.medium) = (ItemKind::Review, Medium::Forum);
    item
}

fn holds(query: &str) -> bool {
    let item = item();
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{error}"));
    query.matches(&Subject::new(&item))
}

#[test]
fn queries_that_hold() {
    for query in [
        "steak",
        "STEAK kalt",
        "steak AND kalt",
        "steak OR fisch",
        "steak NOT fisch",
        "steak -fisch",
        "NOT fisch",
        "\"war kalt\"",
        "„war kalt“",
        "st*k",
        "*teak",
        "ste?k",
        "\"st* bei\"",
        "muenchen",
        "munchen",
        "MÜNCHEN",
        "Morton’s",
        "=\"ICE\"",
        "preis NEAR/3 hoch",
        "hoch NEAR preis",
        "(preis OR kosten) NEAR/4 hoch",
        "steak NEAR/2 morton* NEAR/4 kalt",
        "author:ann",
        "author:müller",
        "author:@ann",
        "site:example.com",
        "site:forum.example.com",
        "source:forum",
        "lang:de",
        "lang:(fr OR de)",
        "type:review",
        "type:forum",
        "title:menü",
        "title:\"neues menu\"",
        "followers:>1000",
        "followers:1k..2k",
        "(steak (kalt OR warm)) UND NICHT fisch",
        "NOT NOT steak",
        "zu spät?",
    ] {
        assert!(holds(query), "{query}");
    }
}

#[test]
fn queries_that_do_not() {
    for query in [
        "fisch",
        "steak AND fisch",
        "NOT steak",
        "\"kalt war\"",
        "=\"Ice\"",
        "=\"STEAK\"",
        "preis NEAR/0 spät",
        "steak NEAR/2 hoch",
        "author:bob",
        "site:ample.com",
        "source:for",
        "lang:en",
        "type:post",
        "title:steak",
        "followers:>1500",
        "sentiment:negative",
        "tea",
        "st?k",
        "brand:mortons",
    ] {
        assert!(!holds(query), "{query}");
    }
}

fn check(query: &str, expected: Expect) {
    expected.assert_eq(&Query::parse(query).expect_err(query).to_string());
}

#[test]
fn mistakes_say_where_they_are() {
    check(
        "steak AND (newark",
        expect![[r#"
        the query cannot be understood at character 11: this bracket is not closed; write `)` behind the group
          steak AND (newark
                    ^"#]],
    );
    check(
        "steak) kalt",
        expect![[r#"
        the query cannot be understood at character 6: this `)` closes nothing; remove it, or open a group before it
          steak) kalt
               ^"#]],
    );
    check(
        "steak AND",
        expect![[r#"
        the query cannot be understood at character 10: something is missing here; write a word, a "phrase" or a group there
          steak AND
                   ^"#]],
    );
    check(
        "OR steak",
        expect![[r#"
        the query cannot be understood at character 1: something is missing before this; write a word, a "phrase" or a group there
          OR steak
          ^^"#]],
    );
    check(
        "\"steak",
        expect![[r#"
        the query cannot be understood at character 1: this quotation mark is not closed; close it with "
          "steak
          ^"#]],
    );
    check(
        "sentimant:bad",
        expect![[r#"
        the query cannot be understood at character 1: there is no field `sentimant`; did you mean `sentiment`?
          sentimant:bad
          ^^^^^^^^^^"#]],
    );
    check(
        "sentiment:bad",
        expect![[r#"
        the query cannot be understood at character 11: `bad` is none of what `sentiment:` can be; write one of positive, neutral, negative, mixed
          sentiment:bad
                    ^^^"#]],
    );
    check(
        "type:reviw",
        expect![[r#"
        the query cannot be understood at character 6: `reviw` is none of what `type:` can be; did you mean `review`?
          type:reviw
               ^^^^^"#]],
    );
    check(
        "followers:many",
        expect![[r#"
        the query cannot be understood at character 11: that is no number of followers; write for instance followers:>1000
          followers:many
                    ^^^^"#]],
    );
    check(
        "lang:deutsch",
        expect![[r#"
        the query cannot be understood at character 6: that is no language; write its two letters, for instance lang:de
          lang:deutsch
               ^^^^^^^"#]],
    );
    check(
        "a NEAR/3 author:b",
        expect![[r#"
        the query cannot be understood at character 10: NEAR cannot say where this stands; write words or phrases beside NEAR, or a group of them with OR
          a NEAR/3 author:b
                   ^^^^^^^"#]],
    );
    check(
        "!!!",
        expect![[r#"
        the query cannot be understood at character 1: there is no letter and no digit in it; write a word, or remove it
          !!!
          ^^^"#]],
    );
    let nothing = Query::parse("  ").expect_err("nothing");
    assert_eq!(nothing.message, "there is nothing to look for");
    check(
        "author:",
        expect![[r#"
        the query cannot be understood at character 8: `author:` has no value; write it right behind the colon
          author:
                 ^"#]],
    );
}

#[test]
fn too_much_is_told_with_its_bound() {
    let deep = format!("{}a{}", "(".repeat(1_000), ")".repeat(1_000));
    check(
        &deep,
        expect![[r#"
        the query cannot be understood at character 33: groups lie more than 32 deep in each other; write fewer brackets
          (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
                                          ^"#]],
    );
    let error = Query::parse(&"a ".repeat(5_000)).expect_err("too long");
    assert!(error.message.contains("at most 4000"), "{error}");
    let error = Query::parse(&"a ".repeat(201)).expect_err("too many");
    assert!(error.message.contains("more than 200"), "{error}");
    assert!(Query::parse(&format!("{}a", "NOT ".repeat(900))).is_ok());
}

#[test]
fn an_index_is_asked_for_what_must_be_there() {
    let needle = |query: &str| format!("{:?}", Query::parse(query).expect("a query").needle());
    expect![[r#"Some(All([Words { words: ["steak"], is_prefix: false }, Any([Words { words: ["newark"], is_prefix: false }, Words { words: ["ew"], is_prefix: true }])]))"#]].assert_eq(&needle("steak AND (newark OR ew*) NOT salt lang:de"));
    expect![[
        r#"Some(Any([Words { words: ["grusse"], is_prefix: false }, Words { words: ["gruesse"], is_prefix: false }]))"#
    ]]
    .assert_eq(&needle("Grüße"));
    assert_eq!(needle("*teak"), "None");
    assert_eq!(needle("steak OR lang:de"), "None");
}

proptest! {
    #[test]
    fn any_query_is_understood_or_refused(text in "(AND|OR|NOT|NEAR/2|\\(|\\)|\"|=|-|a|b\\*|author:|lang:|followers:>|:|„| |\\PC){0,40}") {
        match Query::parse(&text) {
            Ok(query) => {
                let item = item();
                let _ = (query.matches(&Subject::new(&item)), query.needle());
            }
            Err(error) => prop_assert!(error.to_string().contains('^')),
        }
    }

    #[test]
    fn what_holds_has_its_needle(text in "(steak|kalt|fisch|muenchen|st\\*|AND|OR|NOT|\\(|\\)| ){0,16}") {
        let item = item();
        let Ok(query) = Query::parse(&text) else { return Ok(()) };
        if let (true, Some(needle)) = (query.matches(&Subject::new(&item)), query.needle()) {
            prop_assert!(is_there(&needle), "{text} {needle:?}");
        }
    }
}

/// Whether the words of the item have what the needle asks for.
fn is_there(needle: &Needle) -> bool {
    match needle {
        Needle::All(needles) => needles.iter().all(is_there),
        Needle::Any(needles) => needles.iter().any(is_there),
        Needle::Words { words, is_prefix } => {
            let text = format!("\"{}{}\"", words.join(" "), if *is_prefix { "*" } else { "" });
            holds(&text)
        }
    }
}

#[test]
fn a_brand_cannot_ask_for_what_is_known_only_later() {
    let error = Query::parse_for_brand("steak AND Sentiment:negative").expect_err("known later");
    assert_eq!((error.character, error.span.start), (11, 10));
    assert!(
        error.to_string().starts_with("the query cannot be understood at character 11: `Sentiment:` is known only")
    );
    for field in ["phase:use", "kind:wish", "brand:x", "marke:(x)", "NOT (a OR sentiment:mixed)"] {
        assert!(Query::parse_for_brand(field).is_err(), "{field}");
    }
    for query in ["lang:de site:x.example", "author:\"kind man\" type:review", "\"kind: of\""] {
        assert!(Query::parse_for_brand(query).is_ok(), "{query}");
    }
}

#[test]
fn what_every_meant_item_has_is_known_beforehand() {
    let one_of = |text: &str| Query::parse(text).expect("a query").one_of();
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(one_of("ice AND (restaurant OR steakhouse)"), words(&["restaurant", "steakhouse"]));
    assert_eq!(one_of("st*k NEAR/3 medium NOT rare"), words(&["medium"]));
    assert_eq!(one_of("Grüße"), words(&["grusse", "gruesse"]));
    assert_eq!(one_of("NOT rare"), None);
    assert_eq!(one_of("steak OR lang:de"), None);
    let is_bounded = |text: &str| Query::parse(text).expect("a query").is_bounded();
    assert!(is_bounded("site:x.example") && is_bounded("a OR author:b") && !is_bounded("lang:de NOT salt"));
    assert!(!is_bounded("steak OR type:review"));
}
