//! What a mention is about, and how well that agrees with our own labels.

use super::lists::{Meaning, PURPOSES, with_elisions};
use super::*;
use crate::analyze::{BrandIndex, analyze, sightings};
use crate::lexicon::{self, PhrasesBuilder, rows};
use crate::model::{Brand, BrandId, Item, ItemKey, Mention, Sentiment, SourceName};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The posts of `tests/labelled/feelings`.
const LABELLED: [&str; 5] = [
    include_str!("../../../tests/labelled/feelings/de.jsonl"),
    include_str!("../../../tests/labelled/feelings/en.jsonl"),
    include_str!("../../../tests/labelled/feelings/fr.jsonl"),
    include_str!("../../../tests/labelled/feelings/es.jsonl"),
    include_str!("../../../tests/labelled/feelings/it.jsonl"),
];

fn brand(name: &str) -> Brand {
    let json = serde_json::json!({ "id": BrandId::new(name), "name": name, "aliases": [name] });
    serde_json::from_value(json).expect("a brand")
}

/// The mention of the first of `brands` in `text`, if it is meant.
fn mention(lang: &str, brands: &[&str], text: &str) -> Option<Mention> {
    let index = BrandIndex::new(brands.iter().map(|name| brand(name)).collect());
    let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
    item.text = text.to_owned();
    item.lang = Some(lang.to_owned());
    let tokens = Tokens::new(text);
    let found = sightings(&index, &item, text);
    let mentions = analyze(&index, &item, &tokens, &found).mentions;
    mentions.into_iter().find(|mention| mention.brand.as_str() == brands[0])
}

fn check(lang: &str, brands: &[&str], text: &str, expected: Expect) {
    let mention = mention(lang, brands, text).expect("meant");
    let emotion = mention.emotion.map_or("-", Emotion::as_str);
    let touchpoint = mention.touchpoint.map_or("-", Touchpoint::as_str);
    expected.assert_eq(&format!("{} | {touchpoint} | {emotion}", mention.aspects.join(" ")));
}

#[test]
fn aspects_touchpoint_and_emotion_are_told_in_five_languages() {
    check("en", &["Telora"], "Two hours on hold with Telora, I am furious.", expect!["waiting | phone | anger"]);
    check(
        "de",
        &["Telvia"],
        "Telvia, seit zwei Stunden in der Warteschleife, ich bin stinksauer!",
        expect!["waiting | phone | anger"],
    );
    check("fr", &["Fluxa"], "Merci Fluxa, le technicien est très gentil !", expect!["staff | - | gratitude"]);
    check("es", &["Mensajex"], "Mensajex: el paquete llegó roto, qué rabia.", expect!["delivery | delivery | anger"]);
    check("it", &["Banqor"], "L'app di Banqor si blocca sempre, che vergogna.", expect!["website | website | anger"]);
}

#[test]
fn what_stands_nearer_to_another_brand_is_not_ours() {
    let text = "The food at Perkline is delicious. Airvela lost my suitcase and the crew was rude.";
    check("en", &["Perkline", "Airvela"], text, expect!["food | - | -"]);
    check("en", &["Airvela", "Perkline"], text, expect!["delivery staff | - | -"]);
}

#[test]
fn guards_and_names_are_no_signs() {
    check("en", &["Pizza Presto"], "Pizza Presto in short order", expect![" | - | -"]);
    check("en", &["Telora"], "Not happy with Telora at all, useless.", expect![" | - | -"]);
}

/// What is wrong with a row of a list.
fn flaw(purpose: usize, row: &lexicon::Row<'_>, is_new: bool) -> Option<String> {
    let weight = if row.cell(2).is_empty() { Ok(1.0) } else { row.number(2) };
    match (Meaning::named(purpose, Box::leak(row.cell(0).into())), weight) {
        (None, _) => Some(format!("`{}` is no name", row.cell(0))),
        (_, Err(error)) => Some(error.to_string()),
        (_, Ok(weight)) if !(weight > 0.0 && weight <= 1.0) => Some("a weight is above 0 and at most 1".to_owned()),
        _ if !is_new => Some("it stands there twice".to_owned()),
        _ => PhrasesBuilder::default().add(row.cell(1), ()).err().map(|error| error.to_string()),
    }
}

#[test]
fn every_row_of_every_list_can_be_used() {
    let mut flaws = Vec::new();
    for (language, purpose, text) in lexicon::BUILT_IN {
        let Some(index) = PURPOSES.iter().position(|known| known == purpose) else { continue };
        let mut seen = BTreeSet::new();
        for row in rows(text) {
            let flaw = flaw(index, &row, seen.insert((row.cell(0), row.cell(1))));
            flaws.extend(flaw.map(|flaw| format!("{language}/{purpose}.tsv:{}: {flaw}", row.line)));
        }
        assert!(*language == "all" || *purpose != "aspects" || seen.len() >= 250, "{language}/{purpose} is thin");
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn words_that_begin_with_a_vowel_are_met_behind_an_article() {
    assert!(with_elisions("fr", "attente|délai ..").starts_with("attente|l'attente|"));
    assert!(with_elisions("fr", "attente|délai ..").ends_with("|délai .."));
    assert_eq!(with_elisions("de", "antwort"), "antwort");
}

#[derive(Deserialize)]
struct Post {
    lang: String,
    part: String,
    text: String,
    target: String,
    aspects: Vec<String>,
    emotion: Option<Emotion>,
}

/// Agreements, what only we say, what only people say.
#[derive(Default)]
struct Count {
    both: usize,
    ours: usize,
    theirs: usize,
}

impl Count {
    fn f1(&self) -> f64 {
        2.0 * self.both as f64 / (2 * self.both + self.ours + self.theirs) as f64
    }

    fn precision(&self) -> f64 {
        self.both as f64 / (self.both + self.ours) as f64
    }
}

/// Aspects and emotions of the posts of `part`.
fn counted(part: &str) -> (Count, Count) {
    let (mut aspects, mut emotions) = (Count::default(), Count::default());
    for line in LABELLED.iter().flat_map(|text| text.lines()) {
        let post: Post = serde_json::from_str(line).expect("a labelled post");
        if post.part != part {
            continue;
        }
        let Some(mention) = mention(&post.lang, &[&post.target], &post.text) else { continue };
        let both = mention.aspects.iter().filter(|aspect| post.aspects.contains(aspect)).count();
        aspects.both += both;
        aspects.ours += mention.aspects.len() - both;
        aspects.theirs += post.aspects.len() - both;
        match (mention.emotion, post.emotion) {
            (Some(ours), Some(theirs)) if ours == theirs => emotions.both += 1,
            (Some(_), _) => emotions.ours += 1,
            (None, Some(_)) => emotions.theirs += 1,
            (None, None) => {}
        }
    }
    (aspects, emotions)
}

/// Floors against regression over posts of our own, in voices that the lists were not looked up in; no quality claims.
#[test]
fn aspects_and_emotions_agree_with_our_labels_as_well_as_before() {
    let (aspects, emotions) = counted("test");
    assert!(aspects.f1() >= 0.40, "aspects {:.3}", aspects.f1());
    assert!(emotions.precision() >= 0.40, "emotions {:.3}", emotions.precision());
}

proptest! {
    #[test]
    fn any_text_gives_few_aspects_and_an_emotion_that_goes_with_the_sign(text in "\\PC{0,200}") {
        let tokens = Tokens::new(&text);
        let signs = signs(&tokens, None);
        for label in [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative, Sentiment::Mixed] {
            let feeling = Feeling { label, ..Feeling::default() };
            let touch = toward(&signs, &tokens, &[], &[], &feeling);
            prop_assert!(touch.aspects.len() <= 4);
            prop_assert!(touch.emotion.is_none_or(|emotion| emotion.goes_with(label)));
        }
    }
}
