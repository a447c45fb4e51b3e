//! Posts that we wrote ourselves, about names that are words, people or places as well: how many are told apart.

use crate::analyze::{BrandIndex, analyze, sightings};
use crate::lexicon::rows;
use crate::model::{Item, ItemKey, SourceName};
use crate::text::{Tokens, hash64};

const POSTS: &str = include_str!("../../../tests/labelled/relevance.tsv");

/// Further names, written before the rules were looked at again; the rules were made with the first part alone.
const NAMES: &str = include_str!("../../../tests/labelled/relevance_names.tsv");

/// Names of which neither the rules nor the word lists were made with any post; misses in them are not to be looked at.
const BLIND: &str = include_str!("../../../tests/labelled/relevance_blind.tsv");

/// What each brand is, as its team would write it in `about`.
const ABOUT: &[(&str, &str)] = &[
    ("Apple", "computers and phones"),
    ("Orange", "telephone and internet company"),
    ("Bild", "newspaper, Germany"),
    ("Bahn", "railway company, Germany"),
    ("Otto", "mail-order shop"),
    ("Shell", "oil company, petrol stations"),
    ("Target", "department stores, USA"),
    ("Gap", "clothes"),
    ("Subway", "sandwich restaurants"),
    ("Delta", "airline, USA"),
    ("Visa", "credit cards and payment"),
    ("Puma", "sports shoes and clothes"),
    ("Jaguar", "cars"),
    ("Dove", "soap and cosmetics"),
    ("Tide", "washing detergent"),
    ("Corona", "beer"),
    ("Boss", "fashion"),
    ("Sixt", "car rental"),
    ("Bosch", "tools and household appliances"),
    ("Henkel", "washing detergent, Germany"),
    ("Beck's", "beer"),
    ("Milka", "chocolate"),
    ("Galaxy", "phones"),
    ("Sky", "pay television"),
    ("Boots", "drugstores, UK"),
    ("Fanatics", "sports merchandise shop"),
    ("Sprint", "telephone company"),
    ("Free", "telephone and internet company, France"),
    ("Carrefour", "supermarkets"),
    ("Casino", "supermarkets"),
    ("Boulanger", "electronics stores"),
    ("Poste", "mail and parcels"),
    ("Mango", "fashion"),
    ("Movistar", "telephone company"),
    ("TIM", "telephone company"),
    ("Conad", "supermarkets"),
    ("Ford", "cars"),
    ("Morton's", "steakhouse chain"),
    ("Spiegel", "magazine"),
    ("Stern", "magazine"),
    ("Netto", "supermarkets"),
    ("Krone", "newspaper"),
    ("Saturn", "electronics stores"),
    ("Welt", "newspaper"),
    ("Post", "mail and parcels"),
    ("Amazon", "online shop"),
    ("Nike", "sports shoes"),
    ("Uber", "ride hailing"),
    ("Migros", "supermarkets, Switzerland"),
    ("Swisscom", "telephone company"),
    ("Ikea", "furniture"),
];

/// Which posts of a list are measured: about seven of ten, the others, or all. Only of what may be seen are misses shown.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    First,
    Held,
    All,
    /// All of them, unseen.
    Blind,
}

impl Part {
    fn has(self, text: &str) -> bool {
        let is_held = hash64(&[text]) % 10 >= 7;
        matches!(self, Self::All | Self::Blind) || is_held == (self == Self::Held)
    }
}

/// F1 of what is meant, and the share of what is not meant that is left out. `PORTERHOUSE_MISSES=1` prints the misses.
#[expect(clippy::disallowed_macros, reason = "what is measured is read by whoever changes a rule")]
fn measured(posts: &str, part: Part, with_about: bool) -> (f64, f64) {
    let (mut hits, mut misses, mut alarms, mut silences) = (0, 0, 0, 0);
    for row in rows(posts).filter(|row| row.cell(2) != "about" && part.has(row.cell(3))) {
        let (lang, name, is_meant, text) = (row.cell(0), row.cell(1), row.cell(2) == "yes", row.cell(3));
        let about = if with_about { about(name) } else { String::new() };
        let brand = serde_json::json!({ "id": "b", "name": name, "about": about });
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        (item.text, item.lang) = (text.to_owned(), Some(lang.to_owned()));
        let found = sightings(&index, &item, text);
        let tokens = Tokens::new(text);
        let is_found = !analyze(&index, &item, &tokens, &found).mentions.is_empty();
        if is_found != is_meant
            && matches!(part, Part::First | Part::All)
            && std::env::var_os("PORTERHOUSE_MISSES").is_some()
        {
            let of_all = super::super::doubts(&index, &item, &tokens, &found, Some(lang));
            let analysis = analyze(&index, &item, &tokens, &found);
            let reasons = of_all.iter().flat_map(|doubt| &doubt.reasons);
            let reasons = reasons.chain(analysis.mentions.iter().flat_map(|mention| &mention.reasons));
            let told: Vec<String> = reasons.map(|r| format!("{} {:+.2}", r.rule, r.weight)).collect();
            println!("{lang} {name} {is_meant}: {text} [{}]", told.join(", "));
        }
        match (is_meant, is_found) {
            (true, true) => hits += 1,
            (true, false) => misses += 1,
            (false, true) => alarms += 1,
            (false, false) => silences += 1,
        }
    }
    let f1 = f64::from(2 * hits) / f64::from(2 * hits + misses + alarms);
    let left_out = f64::from(silences) / f64::from(silences + alarms);
    (f1, left_out)
}

/// What the brand is, as its team would write it.
fn about(name: &str) -> String {
    let of_names = || rows(NAMES).chain(rows(BLIND)).find(|row| row.cell(2) == "about" && row.cell(1) == name);
    let known = ABOUT.iter().find(|(brand, _)| *brand == name).map(|(_, about)| (*about).to_owned());
    known.or_else(|| of_names().map(|row| row.cell(3).to_owned())).unwrap_or_default()
}

/// Fails where the figures are below `floor`, F1 and what is left out.
#[expect(clippy::disallowed_macros, reason = "what is measured is read by whoever changes a rule")]
fn check((posts, part): (&str, Part), with_about: bool, floor: (f64, f64)) {
    let (f1, left_out) = measured(posts, part, with_about);
    println!("{part:?} with about {with_about}: F1 {f1:.3}, left out {left_out:.3}");
    assert!(f1 >= floor.0 && left_out >= floor.1, "{part:?}: F1 {f1:.3}, left out {left_out:.3}");
}

#[test]
fn brands_are_told_from_words() {
    check((POSTS, Part::All), true, (0.95, 0.90));
}

#[test]
fn bare_names_are_still_told_from_words() {
    check((POSTS, Part::All), false, (0.93, 0.90));
}

#[test]
fn further_names_are_told_from_words_people_and_places() {
    check((NAMES, Part::First), true, (0.96, 0.96));
    check((NAMES, Part::Held), true, (0.88, 0.88));
    check((BLIND, Part::Blind), true, (0.87, 0.80));
}

#[test]
fn further_bare_names_are_told_from_words_people_and_places() {
    check((NAMES, Part::First), false, (0.92, 0.92));
    check((NAMES, Part::Held), false, (0.84, 0.90));
    check((BLIND, Part::Blind), false, (0.85, 0.80));
}
