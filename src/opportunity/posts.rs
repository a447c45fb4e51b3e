//! Holds the posts of `training/opportunity` to what their README says of them.

use crate::model::Kind;
use crate::text::{Tokens, simhash_distance, simhash64};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FILES: [(&str, &str); 10] = [
    ("de", include_str!("../../training/opportunity/de.jsonl")),
    ("de", include_str!("../../training/opportunity/de-plain.jsonl")),
    ("en", include_str!("../../training/opportunity/en.jsonl")),
    ("en", include_str!("../../training/opportunity/en-plain.jsonl")),
    ("fr", include_str!("../../training/opportunity/fr.jsonl")),
    ("fr", include_str!("../../training/opportunity/fr-plain.jsonl")),
    ("es", include_str!("../../training/opportunity/es.jsonl")),
    ("es", include_str!("../../training/opportunity/es-plain.jsonl")),
    ("it", include_str!("../../training/opportunity/it.jsonl")),
    ("it", include_str!("../../training/opportunity/it-plain.jsonl")),
];

/// Bits in which two short texts of the same form and most of the same words differ.
const DUPLICATE_BITS: u32 = 10;

pub(super) fn posts() -> Vec<Value> {
    let lines = FILES.iter().flat_map(|(lang, text)| text.lines().map(move |line| (lang, line)));
    let read = |(lang, line): (&&str, &str)| {
        let post: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(post["lang"], **lang, "{line}");
        post
    };
    lines.map(read).collect()
}

fn word<'v>(post: &'v Value, name: &str) -> &'v str {
    post[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {post}"))
}

#[test]
fn every_post_has_its_own_id_and_a_label_that_agrees_with_itself() {
    let mut ids = BTreeSet::new();
    let posts = posts();
    assert!(posts.len() >= 3_000, "{}", posts.len());
    for post in &posts {
        let gold = &post["gold"];
        assert!(ids.insert(word(post, "id").to_owned()), "twice: {post}");
        assert!(!word(post, "text").trim().is_empty() && !post["brand"]["name"].is_null(), "{post}");
        let kinds: Vec<Kind> = serde_json::from_value(gold["kinds"].clone()).expect("kinds");
        assert!(!(kinds.contains(&Kind::Recovery) && kinds.contains(&Kind::SilentGripe)), "{post}");
        let is_surprise = gold["surprise"] == true;
        assert!(!is_surprise || (gold["care"] == false && gold["spam"] == false && gold["relevant"] == true), "{post}");
        let posted: jiff::Timestamp = word(post, "posted_at").parse().expect("a time");
        if let Some(deadline) = gold["slots"]["deadline"].as_str() {
            assert!(deadline.parse::<jiff::Timestamp>().expect("a time") > posted, "{post}");
        }
    }
}

#[test]
fn no_voice_stands_in_both_parts() {
    let mut parts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for post in posts() {
        let voice = (word(&post, "lang").to_owned(), word(&post, "voice").to_owned());
        parts.entry(voice).or_default().insert(word(&post, "part").to_owned());
    }
    let both: Vec<_> = parts.iter().filter(|(_, parts)| parts.len() != 1).collect();
    assert!(both.is_empty(), "{both:?}");
}

#[test]
fn near_duplicates_are_under_two_in_a_hundred() {
    let posts = posts();
    let prints: Vec<(u64, &str)> = posts
        .iter()
        .filter_map(|post| Some((simhash64(&Tokens::new(word(post, "text")))?, word(post, "text"))))
        .collect();
    let mut doubles = Vec::new();
    for (at, (one, text)) in prints.iter().enumerate() {
        let near = |(other, _): &&(u64, &str)| simhash_distance(*one, *other) <= DUPLICATE_BITS;
        doubles.extend(prints.iter().take(at).find(near).map(|(_, other)| (*text, *other)));
    }
    assert!(doubles.len() * 50 < prints.len(), "of {} posts {}: {doubles:#?}", prints.len(), doubles.len());
}
