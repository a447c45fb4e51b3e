//! Whether the brand is really meant: evidence for and against, added up, with its reasons.
//!
//! In: an item cut into tokens and the sightings of one brand in it. Out: a relevance from 0 to 1 and its reasons.
//! The clearest sighting counts ([`around`]), with what the rest of the text says of the brand's field ([`context`]).

mod around;
mod case;
mod context;
mod notes;
mod origin;
mod words;

pub(super) use notes::Notes;
pub(super) use origin::PAST_MOST;

use super::Sighting;
use crate::model::{Brand, Item, PastOfBrand, Reason};
use crate::query::{self, Query};
use crate::text::{Tokens, fold_to_string};
use case::Letters;
use std::cell::OnceCell;
use std::collections::HashSet;

/// From this relevance on an item is a mention.
pub const RELEVANCE_FLOOR: f32 = 0.5;

/// The rule that speaks where the brand does not ask for the item's language.
pub(super) const OTHER_LANGUAGE: &str = "relevance.other_language";

/// The rule that speaks where the name only says where something is.
pub(super) const PLACE_MARKER: &str = "relevance.place_marker";

/// From this relevance on nobody asks where an item comes from.
const CLEAR: f32 = 0.75;

/// How sure a brand is that its query alone describes, and what a query adds that holds beside the name.
const QUERY_ALONE: f32 = 0.9;
const QUERY_BESIDE_NAME: f32 = 0.2;

/// So many sightings of one brand are weighed: the first ones.
const SIGHTINGS_MOST: usize = 200;

/// The item that brands are looked for in: what all of them share, found out once.
pub(super) struct Scene<'a> {
    item: &'a Item,
    tokens: &'a Tokens<'a>,
    lang: Option<&'a str>,
    letters: Letters,
    words: OnceCell<HashSet<&'a str>>,
    asked: OnceCell<query::Subject<'a>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(item: &'a Item, tokens: &'a Tokens<'_>, lang: Option<&'a str>) -> Self {
        Self { item, tokens, lang, letters: Letters::of(tokens), words: OnceCell::new(), asked: OnceCell::new() }
    }

    /// Every word of the text, folded.
    fn words(&self) -> &HashSet<&'a str> {
        self.words.get_or_init(|| (0..self.tokens.len()).map(|index| self.tokens.folded(index)).collect())
    }

    /// What queries are asked about.
    fn asked(&self) -> &query::Subject<'a> {
        self.asked.get_or_init(|| query::Subject::new(self.item).in_language(self.lang))
    }

    /// The folded token `steps` before `at`; empty before the first.
    fn before(&self, at: usize, steps: usize) -> &'a str {
        at.checked_sub(steps).map_or("", |index| self.tokens.folded(index))
    }
}

/// The brand that is weighed.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) brand: &'a Brand,
    pub(super) notes: &'a Notes,
    /// What must hold as well.
    pub(super) query: Option<&'a Query>,
    /// What is known of the brand from before.
    pub(super) past: Option<&'a PastOfBrand>,
    pub(super) sightings: &'a [&'a Sighting],
}

/// How sure we are that the brand is meant, from 0 to 1, and why.
pub(super) fn weigh(scene: &Scene<'_>, subject: &Subject<'_>) -> (f32, Vec<Reason>) {
    if let Some(phrase) = excluding_phrase(scene, subject.notes) {
        return (0.0, vec![Reason { words: phrase, ..Reason::rule("relevance.exclude", -1.0) }]);
    }
    if !super::is_asked_for(&subject.brand.languages, scene.lang) {
        return (0.0, vec![Reason::rule(OTHER_LANGUAGE, -1.0)]);
    }
    let queried = match subject.query.map(|query| by_query(scene, subject.brand, query)) {
        Some((relevance, reason)) if relevance == 0.0 || subject.brand.query_alone => return (relevance, vec![reason]),
        Some((_, reason)) => Some(reason),
        None => None,
    };
    let weighed = subject.sightings.iter().take(SIGHTINGS_MOST).map(|sighting| around::weigh(scene, subject, sighting));
    let best = weighed.max_by(|a, b| total(a).total_cmp(&total(b)));
    let Some(mut reasons) = best else { return (0.0, Vec::new()) };
    reasons.extend(context::weigh(scene, subject));
    reasons.extend(queried);
    if total(&reasons) < CLEAR {
        reasons.extend(origin::weigh(scene, subject));
    }
    (total(&reasons).clamp(0.0, 1.0), reasons)
}

/// What the brand's query says: 0 where it does not hold, which ends the matter.
fn by_query(scene: &Scene<'_>, brand: &Brand, query: &Query) -> (f32, Reason) {
    // What the brand says itself is its own, whatever it says: it stops the clock of an answer.
    let is_own = super::direct::is_own(scene.item, brand);
    let holds = is_own || query.matches(scene.asked());
    match (holds, brand.query_alone) {
        (false, _) => (0.0, Reason::rule("relevance.query_fails", -1.0)),
        (true, true) => (QUERY_ALONE, Reason::rule("relevance.query", QUERY_ALONE)),
        // A query that only says what must not be there is no sign of the brand.
        (true, false) if query.needle().is_none() => (QUERY_ALONE, Reason::rule("relevance.query", 0.0)),
        (true, false) => (QUERY_ALONE, Reason::rule("relevance.query", QUERY_BESIDE_NAME)),
    }
}

fn total(reasons: &[Reason]) -> f32 {
    reasons.iter().map(|reason| reason.weight).sum()
}

fn excluding_phrase(scene: &Scene<'_>, notes: &Notes) -> Option<String> {
    if notes.exclude.is_empty() {
        return None;
    }
    let folded = fold_to_string(scene.tokens.text());
    notes.exclude.iter().find(|phrase| folded.contains(phrase.as_str())).cloned()
}

#[cfg(test)]
#[path = "tests.rs"]
mod labelled;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::{BrandIndex, sightings};
    use crate::model::{Item, ItemKey, SourceName};

    /// Whether `brand` (a JSON table) is meant in `text`.
    fn check(brand: serde_json::Value, text: &str, is_meant: bool) {
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        item.text = text.to_owned();
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let found = sightings(&index, &item, text);
        let of_brand: Vec<&Sighting> = found.iter().collect();
        let tokens = Tokens::new(text);
        let scene = Scene::new(&item, &tokens, None);
        let notes = index.notes(0).expect("notes");
        let (relevance, reasons) =
            weigh(&scene, &Subject { brand: &index.brands()[0], notes, query: None, past: None, sightings: &of_brand });
        assert_eq!(relevance >= RELEVANCE_FLOOR, is_meant, "{text}: {relevance} {reasons:?}");
    }

    fn mortons() -> serde_json::Value {
        serde_json::json!({
            "id": "m", "name": "Morton's The Steakhouse", "aliases": ["Morton's", "Mortons"], "handles": ["@Mortons"],
            "about": "steakhouse chain, USA", "context": ["steak"], "not_context": ["salt", "neuroma"]
        })
    }

    fn bahn() -> serde_json::Value {
        serde_json::json!({ "id": "b", "name": "Deutsche Bahn", "aliases": ["Bahn", "DB"], "handles": ["@DB_Bahn"] })
    }

    #[test]
    fn a_handle_or_a_full_name_is_enough() {
        check(mortons(), "@Mortons thanks!", true);
        check(mortons(), "Dinner at Morton's The Steakhouse", true);
        check(bahn(), "Die Deutsche Bahn und ich", true);
    }

    #[test]
    fn words_against_it_outweigh_a_bare_name() {
        check(mortons(), "Mortons neuroma hurts", false);
        check(mortons(), "Mortons salt is on sale", false);
        check(mortons(), "Mortons steak with salt", true);
    }

    #[test]
    fn an_ordinary_word_in_small_letters_or_inside_another_is_not_the_brand() {
        check(bahn(), "auf die schiefe bahn geraten", false);
        check(bahn(), "In der S-Bahn sitzt einer mit Hut", false);
        check(bahn(), "Die Bahn-App ist abgestürzt", true);
    }

    #[test]
    fn a_place_marker_names_a_place() {
        check(bahn(), "Wir treffen uns neben der Bahn", false);
    }
}
