//! Tags items: which brands, which language, which feeling, spam or not.
//!
//! In: an [`Item`] whose text was filled by `extract`, and the [`BrandIndex`]. Out: an [`Analysis`] with its reasons.
//! Pure, synchronous, deterministic: no clock, network or database; any number of cores may do it.

mod border;
mod brands;
mod direct;
mod felt;
mod language;
mod names;
mod relevance;
pub mod sentiment;
mod skim;
mod spam;
mod touch;
mod wanted;

pub use brands::{BrandIndex, Sighting};
pub use felt::{About, Felt};
pub use language::{Language, decide as decide_language, judge as judge_language};
pub use relevance::RELEVANCE_FLOOR;
pub use skim::may_name_a_brand;
pub use spam::{Copies, Learned, add_flood, flood, heed as heed_learned, judge as judge_spam, marks as marks_hash};

use crate::model::{Analysis, Brand, BrandId, Evidence, EvidenceKind, Feeling, Item, Mention, Past, Reason};
use crate::text::{Tokens, fold};
use std::collections::BTreeMap;
use std::ops::Range;

/// So many sightings are asked for the languages of their brands.
const BRANDS_ASKED: usize = 50;

/// Where `item` may name a brand of `index`: the cheap look that decides whether anything costlier follows.
///
/// An item that stands on a brand's page, answers its handle or is its own is a sighting without words.
#[must_use]
pub fn sightings(index: &BrandIndex, item: &Item, text: &str) -> Vec<Sighting> {
    let mut found = index.sightings(text, &fold(text));
    let on_page = index.accounts().of(item, index.brands()).into_iter();
    let whole = |kind| move |brand| Sighting { brand, kind, span: 0..0, is_misspelled: false };
    found.extend(on_page.map(whole(EvidenceKind::Page)));
    found.extend(index.wanted().of(item, text).into_iter().map(whole(EvidenceKind::Query)));
    found
}

/// Everything that analysis has to say of `item`.
///
/// `tokens` are cut from `item.reading_text()`; `sightings` are those of [`sightings`] on that text.
/// `mentions` lists each brand that is meant (relevance at least [`RELEVANCE_FLOOR`]), most relevant first,
/// also for spam.
#[must_use]
pub fn analyze(index: &BrandIndex, item: &Item, tokens: &Tokens<'_>, sightings: &[Sighting]) -> Analysis {
    analyze_knowing(index, item, tokens, sightings, &Past::default())
}

/// The same, where something is known from before: of the brands that [`in_doubt`] names.
#[must_use]
pub fn analyze_knowing(
    index: &BrandIndex,
    item: &Item,
    tokens: &Tokens<'_>,
    sightings: &[Sighting],
    past: &Past,
) -> Analysis {
    let lang = language::decide_among(tokens, item.lang.as_deref(), &usual_languages(index, sightings));
    let charges = sentiment::charges(tokens, lang);
    let mut spam = spam::judge(item, tokens);
    let mut mentions: Vec<Mention> = Vec::new();
    // Read once a brand is meant.
    let mut signs = None;
    for Weighed { brand_index, brand, of_brand, relevance, reasons } in
        weighed(index, item, tokens, sightings, lang, past)
    {
        if relevance < floor(brand) {
            continue;
        }
        let targets = token_ranges(tokens, of_brand.iter().copied());
        let others = token_ranges(tokens, sightings.iter().filter(|sighting| sighting.brand != brand_index));
        let direct = direct::is_direct(item, tokens, brand, &of_brand);
        let own = direct::is_own(item, brand);
        // What a brand says of itself is no customer's feeling.
        let (feeling, touch) = if own {
            (Feeling::default(), touch::Touch::default())
        } else {
            let feeling = sentiment::toward(&charges, tokens, &targets, &others);
            let signs = signs.get_or_insert_with(|| touch::signs(tokens, lang));
            let touch = touch::toward(signs, tokens, &targets, &others, &feeling);
            (feeling, touch)
        };
        mentions.push(Mention {
            brand: brand.id.clone(),
            relevance,
            evidence: of_brand.iter().map(|sighting| evidence(tokens, sighting)).collect(),
            sentiment: feeling,
            emotion: touch.emotion,
            aspects: touch.aspects,
            touchpoint: touch.touchpoint,
            direct,
            own,
            reasons,
        });
    }
    // What a brand says of itself is marked as its own.
    spam.is_spam &= !mentions.iter().any(|mention| mention.own);
    mentions.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
    Analysis { lang: lang.map(str::to_owned), spam, sentiment: sentiment::of_text(&charges, tokens), mentions }
}

/// The languages that every brand of `sightings` is listened for in; none where one of them is in all.
fn usual_languages<'a>(index: &'a BrandIndex, sightings: &[Sighting]) -> Vec<&'a str> {
    let mut usual: Option<Vec<&str>> = None;
    let mut last = None;
    for sighting in sightings.iter().take(BRANDS_ASKED) {
        if last.replace(sighting.brand) == Some(sighting.brand) {
            continue;
        }
        let asked = index.brands().get(sighting.brand).map_or(&[][..], |brand| brand.languages.as_slice());
        match &mut usual {
            None => usual = Some(asked.iter().map(String::as_str).collect()),
            Some(usual) => usual.retain(|code| asked.iter().any(|asked| asked == code)),
        }
    }
    usual.unwrap_or_default()
}

/// One brand of some sightings, weighed.
struct Weighed<'a> {
    brand_index: usize,
    brand: &'a Brand,
    of_brand: Vec<&'a Sighting>,
    relevance: f32,
    reasons: Vec<Reason>,
}

/// Each brand of `sightings` once, in the order of the index.
fn weighed<'a>(
    index: &'a BrandIndex,
    item: &'a Item,
    tokens: &'a Tokens<'_>,
    sightings: &'a [Sighting],
    lang: Option<&'a str>,
    past: &'a Past,
) -> impl Iterator<Item = Weighed<'a>> {
    let mut by_brand: BTreeMap<usize, Vec<&Sighting>> = BTreeMap::new();
    for sighting in sightings {
        by_brand.entry(sighting.brand).or_default().push(sighting);
    }
    let scene = relevance::Scene::new(item, tokens, lang);
    by_brand.into_iter().filter_map(move |(brand_index, of_brand)| {
        let brand = index.brands().get(brand_index)?;
        let notes = index.notes(brand_index)?;
        let (relevance, reasons) = relevance::weigh(
            &scene,
            &relevance::Subject {
                brand,
                notes,
                query: index.wanted().query(brand_index),
                past: past.of(&brand.id),
                sightings: &of_brand,
            },
        );
        Some(Weighed { brand_index, brand, of_brand, relevance, reasons })
    })
}

/// How sure we are of each brand of `sightings`, whether it is meant or not, from 0 to 1, in the order of the index.
#[must_use]
pub fn relevance_of(
    index: &BrandIndex,
    item: &Item,
    tokens: &Tokens<'_>,
    sightings: &[Sighting],
    lang: Option<&str>,
) -> Vec<(BrandId, f32)> {
    let nothing = Past::default();
    let weighed = weighed(index, item, tokens, sightings, lang, &nothing);
    weighed.map(|weighed| (weighed.brand.id.clone(), weighed.relevance)).collect()
}

/// The brands of `sightings` that fail by so little that what is known from before of the author would decide.
#[must_use]
pub fn in_doubt(
    index: &BrandIndex,
    item: &Item,
    tokens: &Tokens<'_>,
    sightings: &[Sighting],
    lang: Option<&str>,
) -> Vec<BrandId> {
    let nothing = Past::default();
    let is_near = |weighed: &Weighed<'_>| {
        let gap = floor(weighed.brand) - weighed.relevance;
        gap > 0.0 && gap <= relevance::PAST_MOST && weighed.relevance > 0.0
    };
    let weighed = weighed(index, item, tokens, sightings, lang, &nothing);
    weighed.filter(is_near).map(|weighed| weighed.brand.id.clone()).collect()
}

/// From this relevance on an item is a mention of `brand`.
#[must_use]
pub fn floor(brand: &Brand) -> f32 {
    brand.relevance.unwrap_or(RELEVANCE_FLOOR)
}

/// A brand whose name was found, but which is not meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    /// The brand.
    pub brand: BrandId,
    /// How sure we are that it is meant: below [`RELEVANCE_FLOOR`].
    pub relevance: f32,
    /// Where and how it seems to be named.
    pub evidence: Vec<Evidence>,
    /// Why it is not meant.
    pub reasons: Vec<Reason>,
    /// The brand does not ask for the item's language; nothing else was looked at.
    pub is_other_language: bool,
    /// The brand would be meant, but is only named to say where something is ("next to the Migros").
    pub is_only_a_place: bool,
}

/// The brands of `sightings` that [`analyze`] leaves out, with what speaks against each, in the order of the index.
///
/// `lang` is the language that [`analyze`] found.
#[must_use]
pub fn doubts(
    index: &BrandIndex,
    item: &Item,
    tokens: &Tokens<'_>,
    sightings: &[Sighting],
    lang: Option<&str>,
) -> Vec<Doubt> {
    let doubt = |Weighed { brand, of_brand, relevance, reasons, .. }: Weighed<'_>| {
        let evidence = of_brand.iter().map(|sighting| evidence(tokens, sighting)).collect();
        let is_other_language = reasons.iter().any(|reason| reason.rule == relevance::OTHER_LANGUAGE);
        let place: f32 = reasons.iter().filter(|r| r.rule == relevance::PLACE_MARKER).map(|r| r.weight).sum();
        let is_only_a_place = place < 0.0 && relevance - place >= floor(brand);
        let brand = brand.id.clone();
        Doubt { brand, relevance, evidence, reasons, is_other_language, is_only_a_place }
    };
    let is_missed = |weighed: &Weighed<'_>| weighed.relevance < floor(weighed.brand);
    let nothing = Past::default();
    weighed(index, item, tokens, sightings, lang, &nothing).filter(is_missed).map(doubt).collect()
}

/// The language that an item is kept for: whether `brand` asks for it.
#[must_use]
pub fn is_asked_for(languages: &[String], lang: Option<&str>) -> bool {
    // What could not be decided is kept: a person sees it rather than nobody.
    languages.is_empty() || lang.is_none_or(|lang| languages.iter().any(|asked| asked == lang))
}

fn evidence(tokens: &Tokens<'_>, sighting: &Sighting) -> Evidence {
    let words = tokens.text().get(sighting.span.clone()).unwrap_or("").to_owned();
    Evidence { kind: sighting.kind, words, span: sighting.span.clone() }
}

fn token_ranges<'s>(tokens: &Tokens<'_>, sightings: impl Iterator<Item = &'s Sighting>) -> Vec<Range<usize>> {
    sightings.filter(|sighting| !sighting.span.is_empty()).map(|sighting| tokens.covering(&sighting.span)).collect()
}
