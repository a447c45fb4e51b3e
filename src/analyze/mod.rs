//! Tags items: which brands, which language, which feeling, spam or not.
//!
//! In: an [`Item`] whose text was filled by `extract`, and the [`BrandIndex`]. Out: an [`Analysis`] with its reasons.
//! Pure, synchronous, deterministic: no clock, network or database; any number of cores may do it.

mod brands;
mod direct;
mod language;
mod relevance;
pub mod sentiment;
mod skim;
mod spam;

pub use brands::{BrandIndex, Sighting};
pub use language::{Language, decide as decide_language, judge as judge_language};
pub use relevance::RELEVANCE_FLOOR;
pub use skim::may_name_a_brand;
pub use spam::judge as judge_spam;

use crate::model::{Analysis, Brand, BrandId, Evidence, EvidenceKind, Feeling, Item, Mention, Reason};
use crate::text::{Tokens, fold};
use std::ops::Range;

/// Where `item` may name a brand of `index`: the cheap look that decides whether anything costlier follows.
///
/// An item that stands on a brand's page, answers its handle or is its own is a sighting without words.
#[must_use]
pub fn sightings(index: &BrandIndex, item: &Item, text: &str) -> Vec<Sighting> {
    let mut found = index.sightings(text, &fold(text));
    for (brand_index, brand) in index.brands().iter().enumerate() {
        if direct::is_on_page(item, brand) || direct::is_own(item, brand) {
            found.push(Sighting { brand: brand_index, kind: EvidenceKind::Page, span: 0..0 });
        }
    }
    found
}

/// Everything that analysis has to say of `item`.
///
/// `tokens` are cut from `item.reading_text()`; `sightings` are those of [`sightings`] on that text.
/// `mentions` lists each brand that is meant (relevance at least [`RELEVANCE_FLOOR`]), most relevant first,
/// also for spam.
#[must_use]
pub fn analyze(index: &BrandIndex, item: &Item, tokens: &Tokens<'_>, sightings: &[Sighting]) -> Analysis {
    let lang = language::decide(tokens, item.lang.as_deref());
    let charges = sentiment::charges(tokens, lang);
    let mut spam = spam::judge(item, tokens);
    let mut mentions: Vec<Mention> = Vec::new();
    for (brand_index, brand) in index.brands().iter().enumerate() {
        let of_brand: Vec<&Sighting> = sightings.iter().filter(|sighting| sighting.brand == brand_index).collect();
        if of_brand.is_empty() {
            continue;
        }
        let subject = relevance::Subject { item, tokens, lang, brand, sightings: &of_brand };
        let (relevance, reasons) = relevance::weigh(&subject);
        if relevance < RELEVANCE_FLOOR {
            continue;
        }
        let targets = token_ranges(tokens, of_brand.iter().copied());
        let others = token_ranges(tokens, sightings.iter().filter(|sighting| sighting.brand != brand_index));
        let direct = direct::is_direct(item, tokens, brand, &of_brand);
        let own = direct::is_own(item, brand);
        mentions.push(Mention {
            brand: brand.id.clone(),
            relevance,
            evidence: of_brand.iter().map(|sighting| evidence(tokens, sighting)).collect(),
            // What a brand says of itself is no customer's feeling.
            sentiment: if own { Feeling::default() } else { sentiment::toward(&charges, tokens, &targets, &others) },
            aspects: Vec::new(),
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
    let doubt = |(brand_index, brand): (usize, &Brand)| {
        let of_brand: Vec<&Sighting> = sightings.iter().filter(|sighting| sighting.brand == brand_index).collect();
        let subject = relevance::Subject { item, tokens, lang, brand, sightings: &of_brand };
        let (relevance, reasons) = (!of_brand.is_empty()).then(|| relevance::weigh(&subject))?;
        let evidence = of_brand.iter().map(|sighting| evidence(tokens, sighting)).collect();
        let is_other_language = reasons.iter().any(|reason| reason.rule == relevance::OTHER_LANGUAGE);
        let doubt = Doubt { brand: brand.id.clone(), relevance, evidence, reasons, is_other_language };
        (relevance < RELEVANCE_FLOOR).then_some(doubt)
    };
    index.brands().iter().enumerate().filter_map(doubt).collect()
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
