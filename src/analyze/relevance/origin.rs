//! What speaks for and against the brand beside the text: where the item comes from, and what its author wrote before.
//!
//! It only tips the scales: a source of the brand's field, a country where it has its places, an author who was about
//! it before. Nothing here is asked of a clear name.

use super::{Scene, Subject};
use crate::model::{Item, PastOfBrand, Reason};
use crate::text::fold_to_string;
use url::Url;

/// The most that what is known from before can add.
pub(in crate::analyze) const PAST_MOST: f32 = 0.25;

/// What the author's earlier mentions add: one, and several. A thread about the brand counts like several.
const AUTHOR_ONCE: f32 = 0.15;
const AUTHOR_OFTEN: f32 = 0.25;
const OFTEN: usize = 3;

/// What a source of the brand's field adds.
const TOPIC: f32 = 0.15;

/// What the country of the source says, for and against.
const COUNTRY: f32 = 0.1;

/// Only so many words of a source's name, tags and address are looked at.
const WORDS_MOST: usize = 60;

/// Words shorter than this name no topic.
const TOPIC_LETTERS: usize = 4;

pub(super) fn weigh(scene: &Scene<'_>, subject: &Subject<'_>) -> Vec<Reason> {
    [topic(scene, subject), country(scene, subject), past(scene.item, subject.past)].into_iter().flatten().collect()
}

/// A word of the brand's field in the source's id, the item's tags, or the path of its address.
fn topic(scene: &Scene<'_>, subject: &Subject<'_>) -> Option<Reason> {
    let item = scene.item;
    let url = item.url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest).unwrap_or_default();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    // The last part of a path repeats the title, which was looked at.
    let places = path.rsplit_once('/').map_or("", |(place, _)| place);
    let said = std::iter::once(item.source.as_str()).chain(item.tags.iter().map(String::as_str)).chain([places]);
    let folded: Vec<String> = said.map(fold_to_string).collect();
    let words = folded.iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let found = words.take(WORDS_MOST).find(|word| {
        word.chars().count() >= TOPIC_LETTERS
            && subject.notes.is_topic(word)
            && !super::context::is_own_name(subject, word)
    })?;
    Some(Reason { words: found.to_owned(), ..Reason::rule("relevance.topic", TOPIC) })
}

/// The country that the item's address or declared language names, against those of the brand's places.
fn country(scene: &Scene<'_>, subject: &Subject<'_>) -> Option<Reason> {
    let mut own = subject.brand.locations.iter().filter_map(|location| location.place.as_ref());
    let first = own.next().filter(|place| !place.country.is_empty())?;
    let here = country_of(scene.item)?;
    let is_own = |country: &str| country.eq_ignore_ascii_case(&here);
    let weight = if is_own(&first.country) || own.any(|place| is_own(&place.country)) { COUNTRY } else { -COUNTRY };
    let rule = if weight > 0.0 { "relevance.country" } else { "relevance.other_country" };
    Some(Reason { words: here, ..Reason::rule(rule, weight) })
}

/// ISO 3166-1 alpha-2 in capitals: of `de-CH`, or of a host that ends in a country's letters.
fn country_of(item: &Item) -> Option<String> {
    let region = item
        .lang
        .as_deref()
        .and_then(|tag| tag.split(['-', '_']).next_back())
        .filter(|region| region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase()));
    if let Some(region) = region {
        return Some(region.to_owned());
    }
    let url = Url::parse(item.url.as_deref()?).ok()?;
    let ending = url.host_str()?.rsplit('.').next()?.to_ascii_uppercase();
    // Letters of countries that sites take for what they sound like.
    const BORROWED: &[&str] = &["TV", "ME", "IO", "CO", "AI", "FM", "LY", "CC", "TO", "EU", "GG", "SO", "APP", "DEV"];
    let code = if ending == "UK" { "GB".to_owned() } else { ending };
    (code.len() == 2 && !BORROWED.contains(&code.as_str())).then_some(code)
}

fn past(item: &Item, past: Option<&PastOfBrand>) -> Option<Reason> {
    let told = item.author.past_mentions.map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX));
    let n_by_author = past.map_or(0, |past| past.n_by_author).max(told);
    match n_by_author {
        _ if past.is_some_and(|past| past.in_thread) => Some(Reason::rule("relevance.thread", AUTHOR_OFTEN)),
        0 => None,
        n if n >= OFTEN => Some(Reason::rule("relevance.author_before", AUTHOR_OFTEN)),
        _ => Some(Reason::rule("relevance.author_before", AUTHOR_ONCE)),
    }
}

#[cfg(test)]
mod tests {
    use crate::analyze::{BrandIndex, analyze_knowing, sightings};
    use crate::model::{BrandId, Item, ItemKey, Past, PastOfBrand, SourceName};
    use crate::text::Tokens;

    /// Whether Orange is meant in an open post, once `change` was made to it.
    fn check(change: impl FnOnce(&mut Item), past: &Past, rule: &str, is_meant: bool) {
        let brand = serde_json::json!({
            "id": "o", "name": "Orange", "about": "telephone company",
            "locations": [{ "name": "Lyon", "place": crate::gazetteer::find("Lyon") }]
        });
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        (item.text, item.lang) = ("so, orange again and all is grey".to_owned(), Some("en".to_owned()));
        change(&mut item);
        let tokens = Tokens::new(&item.text);
        let found = sightings(&index, &item, &item.text);
        let analysis = analyze_knowing(&index, &item, &tokens, &found, past);
        assert_eq!(!analysis.mentions.is_empty(), is_meant, "{item:?}");
        let told = analysis.mentions.iter().flat_map(|mention| &mention.reasons).any(|reason| reason.rule == rule);
        assert_eq!(told, is_meant, "{:?}", analysis.mentions);
    }

    fn past(n_by_author: usize, in_thread: bool) -> Past {
        Past { brands: vec![PastOfBrand { brand: BrandId::new("o"), n_by_author, in_thread }] }
    }

    #[test]
    fn where_it_comes_from_tips_the_scales() {
        let nothing = Past::default();
        check(|_| {}, &nothing, "", false);
        check(|item| item.source = SourceName::new("telecom-forum"), &nothing, "relevance.topic", true);
        check(|item| item.tags.push("Broadband".to_owned()), &nothing, "relevance.topic", true);
        check(|item| item.url = Some("https://b.example/garden/orange".to_owned()), &nothing, "", false);
        check(|item| item.url = Some("https://forum.example.fr/1".to_owned()), &nothing, "relevance.country", true);
        check(|item| item.url = Some("https://forum.example.ch/1".to_owned()), &nothing, "", false);
    }

    #[test]
    fn what_the_author_wrote_before_tips_the_scales() {
        check(|_| {}, &past(1, false), "relevance.author_before", true);
        check(|_| {}, &past(0, true), "relevance.thread", true);
        check(|_| {}, &past(0, false), "", false);
    }
}
