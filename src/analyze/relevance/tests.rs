//! Posts that we wrote ourselves, about names that are words, people or places as well: how many are told apart.

use crate::analyze::{BrandIndex, analyze, sightings};
use crate::lexicon::rows;
use crate::model::{Item, ItemKey, SourceName};
use crate::text::Tokens;

const POSTS: &str = include_str!("../../../tests/labelled/relevance.tsv");

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

/// F1 of what is meant, and the share of what is not meant that is left out.
fn measured(with_about: bool) -> (f64, f64) {
    let (mut hits, mut misses, mut alarms, mut silences) = (0, 0, 0, 0);
    for row in rows(POSTS) {
        let (lang, name, is_meant, text) = (row.cell(0), row.cell(1), row.cell(2) == "yes", row.cell(3));
        let about = ABOUT.iter().find(|(brand, _)| *brand == name).map_or("", |(_, about)| *about);
        let brand = serde_json::json!({ "id": "b", "name": name, "about": if with_about { about } else { "" } });
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        (item.text, item.lang) = (text.to_owned(), Some(lang.to_owned()));
        let found = sightings(&index, &item, text);
        let tokens = Tokens::new(text);
        let is_found = !analyze(&index, &item, &tokens, &found).mentions.is_empty();
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

#[test]
fn brands_are_told_from_words() {
    let (f1, left_out) = measured(true);
    assert!(f1 >= 0.95 && left_out >= 0.90, "F1 {f1:.3}, left out {left_out:.3}");
}

#[test]
fn bare_names_are_still_told_from_words() {
    let (f1, left_out) = measured(false);
    assert!(f1 >= 0.93 && left_out >= 0.90, "F1 {f1:.3}, left out {left_out:.3}");
}
