//! Whether the brand is really meant: evidence for and against, added up, with its reasons.

use super::Sighting;
use crate::lexicon;
use crate::model::{Brand, EvidenceKind, Item, Reason};
use crate::text::{TokenKind, Tokens, fold_to_string};
use std::collections::HashSet;
use std::sync::LazyLock;

/// From this relevance on an item is a mention.
pub const RELEVANCE_FLOOR: f32 = 0.5;

/// The rule that speaks where the brand does not ask for the item's language.
pub(super) const OTHER_LANGUAGE: &str = "relevance.other_language";

/// How much the words of `context` and `about` may add together.
const CONTEXT_MOST: f32 = 0.4;
const CONTEXT_EACH: f32 = 0.2;
const NOT_CONTEXT_EACH: f32 = -0.35;

/// Words after which a name only marks a place: "next to the Migros".
const PLACE_MARKERS: &[&str] =
    &["neben", "gegenüber", "nähe", "near", "opposite", "beside", "behind", "hinter", "outside"];

/// Words after which a name is a person's.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "herr", "frau", "onkel", "tante", "uncle", "aunt", "kater", "opa", "oma", "señor",
    "monsieur", "signor",
];

const ARTICLES: &[&str] =
    &["a", "an", "ein", "eine", "einen", "einem", "einer", "une", "un", "una", "uno", "some", "my", "mein", "meine"];

/// What is weighed.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) item: &'a Item,
    pub(super) tokens: &'a Tokens<'a>,
    pub(super) lang: Option<&'a str>,
    pub(super) brand: &'a Brand,
    pub(super) sightings: &'a [&'a Sighting],
}

/// How sure we are that the brand is meant, from 0 to 1, and why.
pub(super) fn weigh(subject: &Subject<'_>) -> (f32, Vec<Reason>) {
    let folded_text = fold_to_string(subject.tokens.text());
    if let Some(phrase) = subject.brand.exclude.iter().find(|phrase| folded_text.contains(&fold_to_string(phrase))) {
        return (0.0, vec![Reason { words: phrase.clone(), ..Reason::rule("relevance.exclude", -1.0) }]);
    }
    if !super::is_asked_for(&subject.brand.languages, subject.lang) {
        return (0.0, vec![Reason::rule(OTHER_LANGUAGE, -1.0)]);
    }
    let Some(mut reasons) = best_sighting(subject) else { return (0.0, Vec::new()) };
    reasons.extend(context(subject));
    let sum: f32 = reasons.iter().map(|reason| reason.weight).sum();
    (sum.clamp(0.0, 1.0), reasons)
}

/// The sighting that speaks most clearly, with what stands right around it.
fn best_sighting(subject: &Subject<'_>) -> Option<Vec<Reason>> {
    let weighed = subject.sightings.iter().map(|sighting| around(subject, sighting));
    weighed.max_by(|a, b| total(a).total_cmp(&total(b)))
}

fn total(reasons: &[Reason]) -> f32 {
    reasons.iter().map(|reason| reason.weight).sum()
}

fn around(subject: &Subject<'_>, sighting: &Sighting) -> Vec<Reason> {
    let words = subject.tokens.text().get(sighting.span.clone()).unwrap_or("");
    let at = subject.tokens.covering(&sighting.span);
    let reason = |rule: &str, weight: f32| Reason::at(rule, words, sighting.span.clone(), weight);
    let is_in_link = subject.tokens.kind(at.start) == Some(TokenKind::Link);
    match sighting.kind {
        EvidenceKind::Page => return vec![Reason::rule("relevance.page", 0.9)],
        EvidenceKind::Handle => return vec![reason("relevance.handle", 0.95)],
        EvidenceKind::Domain => return vec![reason("relevance.domain", 0.85)],
        EvidenceKind::Hashtag => return vec![reason("relevance.hashtag", 0.85)],
        _ if is_in_link => return vec![reason("relevance.only_in_link", 0.3)],
        EvidenceKind::Product => return vec![reason("relevance.product", 0.6)],
        EvidenceKind::Person => return vec![reason("relevance.person", 0.55)],
        EvidenceKind::Name | EvidenceKind::Alias => {}
    }
    let is_long = words.split_whitespace().nth(1).is_some();
    let is_ordinary = !is_long && is_ordinary_word(words);
    let mut reasons = vec![match (is_long, is_ordinary) {
        (true, _) => reason("relevance.full_name", 0.9),
        (false, false) => reason("relevance.name", 0.75),
        (false, true) => reason("relevance.ordinary_word", 0.55),
    }];
    if !is_long {
        reasons.extend(doubts(subject, words, at, is_ordinary));
    }
    reasons
}

/// What speaks against a name of one word, from the words beside it.
fn doubts(subject: &Subject<'_>, words: &str, at: std::ops::Range<usize>, is_ordinary: bool) -> Vec<Reason> {
    let tokens = subject.tokens;
    let before = |steps: usize| at.start.checked_sub(steps).map_or("", |index| tokens.folded(index));
    let mut found = Vec::new();
    let brand_has_capital = subject.brand.name.starts_with(char::is_uppercase);
    let is_tag = tokens.kind(at.start) == Some(TokenKind::Hashtag) || tokens.kind(at.start) == Some(TokenKind::Handle);
    if is_ordinary && brand_has_capital && words.starts_with(char::is_lowercase) && !is_tag {
        found.push(Reason::rule("relevance.small_letters", -0.25));
    }
    if is_ordinary && ARTICLES.contains(&before(1)) {
        found.push(Reason::rule("relevance.article", -0.15));
    }
    if is_ordinary && before(1) == "-" && tokens.kind(at.start.saturating_sub(2)) == Some(TokenKind::Word) {
        // "S-Bahn" is another thing than "Bahn"; "Bahn-App" is not.
        found.push(Reason::rule("relevance.part_of_compound", -0.3));
    }
    if TITLES.contains(&before(1)) || (before(1) == "." && TITLES.contains(&before(2))) {
        found.push(Reason::rule("relevance.title", -0.45));
    }
    if [1, 2, 3].into_iter().any(|steps| PLACE_MARKERS.contains(&before(steps)))
        || (before(2) == "next" || before(3) == "next")
    {
        found.push(Reason::rule("relevance.place_marker", -0.4));
    }
    found
}

/// What the rest of the text says for and against.
fn context(subject: &Subject<'_>) -> Vec<Reason> {
    let words: HashSet<&str> = (0..subject.tokens.len()).map(|index| subject.tokens.folded(index)).collect();
    let is_there =
        |word: &str| words.contains(word) || word.len() >= 5 && words.iter().any(|seen| seen.starts_with(word));
    let mut reasons = Vec::new();
    let mut added = 0.0;
    let about: Vec<String> = subject
        .brand
        .about
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() >= 4)
        .map(fold_to_string)
        .collect();
    for word in subject.brand.context.iter().map(|word| fold_to_string(word)).chain(about) {
        if added < CONTEXT_MOST && is_there(&word) {
            added += CONTEXT_EACH;
            reasons.push(Reason { words: word, ..Reason::rule("relevance.context", CONTEXT_EACH) });
        }
    }
    for word in &subject.brand.not_context {
        if is_there(&fold_to_string(word)) {
            reasons.push(Reason { words: word.clone(), ..Reason::rule("relevance.not_context", NOT_CONTEXT_EACH) });
        }
    }
    let tagged = subject.item.tags.iter().any(|tag| {
        let tag = fold_to_string(tag);
        subject.brand.hashtags.iter().any(|own| fold_to_string(own.trim_start_matches('#')) == tag)
    });
    if tagged {
        reasons.push(Reason::rule("relevance.tag", CONTEXT_EACH));
    }
    reasons
}

/// Whether `name` is an ordinary word or a common given or family name in one of our languages.
fn is_ordinary_word(name: &str) -> bool {
    static ORDINARY: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let of = |language| lexicon::built_in(language, "ordinary").into_iter().flat_map(lexicon::rows);
        lexicon::LANGUAGES.into_iter().flat_map(of).map(|row| fold_to_string(row.cell(0))).collect()
    });
    ORDINARY.contains(&fold_to_string(name.trim_start_matches(['#', '@'])))
}

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
        let subject =
            Subject { item: &item, tokens: &tokens, lang: None, brand: &index.brands()[0], sightings: &of_brand };
        let (relevance, reasons) = weigh(&subject);
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
