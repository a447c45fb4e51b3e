//! What a text is about, where the customer and the brand met, and which emotion is plain, toward one brand.
//!
//! In: the tokens of a text and its language, where brands are named, and what is felt toward one of them.
//! Out: a [`Touch`]. One scan ([`signs`]) reads the lists `aspects`, `touchpoints` and `emotions` against the text;
//! what each brand gets of it costs little more. It does not decide the sign of a feeling and has no phase.

mod aspect;
mod emotion;
mod lists;
mod near;
mod touchpoint;

#[cfg(test)]
mod tests;

use crate::model::{Emotion, Feeling, Touchpoint};
use crate::text::Tokens;
use lists::Meaning;
use near::Near;
use std::ops::Range;

/// How many signs of one text are read; a text of ten thousand words holds fewer.
const MAX_SIGNS: usize = 2_000;

/// A phrase of at most so many tokens has no gap that holds more than itself.
const TIGHT: usize = 4;

/// What a mention says beside its feeling.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Touch {
    /// What it is about, the nearest to the strongest feeling first.
    pub(super) aspects: Vec<String>,
    /// Where the touch took place, where the text says so.
    pub(super) touchpoint: Option<Touchpoint>,
    /// The emotion, where plain.
    pub(super) emotion: Option<Emotion>,
}

/// A listed phrase at its place.
#[derive(Debug, Clone, PartialEq)]
struct Sign {
    meaning: Meaning,
    weight: f32,
    tokens: Range<usize>,
}

/// Every listed phrase of a text, from one scan.
#[derive(Debug, Clone)]
pub(super) struct Signs {
    list: Vec<Sign>,
    /// How far into the text each token stands, in tokens and the steps of borders passed; one more than tokens.
    depths: Vec<f32>,
}

/// Reads the signs of a text in the language `lang`; of every language that has lists where it is undecided.
pub(super) fn signs(tokens: &Tokens<'_>, lang: Option<&str>) -> Signs {
    let mut list: Vec<Sign> = Vec::new();
    for phrases in lists::of(lang) {
        let found = phrases.find(tokens).into_iter();
        list.extend(found.map(|f| Sign { meaning: f.value.meaning, weight: f.value.weight, tokens: f.tokens }));
    }
    list.sort_by_key(|sign| (sign.tokens.start, std::cmp::Reverse(sign.tokens.end)));
    Signs { list: uncovered(list), depths: near::depths(tokens) }
}

/// Without what stands within a longer phrase of the same list: "opening hours" has no hours to wait.
fn uncovered(list: Vec<Sign>) -> Vec<Sign> {
    let mut kept: Vec<Sign> = Vec::with_capacity(list.len().min(MAX_SIGNS));
    for sign in list {
        if kept.len() == MAX_SIGNS {
            break;
        }
        let may_cover = kept.iter().rev().take_while(|before| sign.tokens.start - before.tokens.start < near::REACH);
        let is_covered = |before: &Sign| {
            let is_same = before.meaning == sign.meaning && before.tokens == sign.tokens;
            let is_within = before.tokens.len() > sign.tokens.len() && before.tokens.end >= sign.tokens.end;
            // What stands in the gap of a long phrase is a thing of its own.
            let is_tight = before.tokens.len() <= TIGHT || matches!(before.meaning, Meaning::Nothing(_));
            is_same || (is_within && is_tight && before.meaning.is_of_list(sign.meaning))
        };
        if !may_cover.into_iter().any(is_covered) {
            kept.push(sign);
        }
    }
    kept
}

/// What of `signs` belongs to the brand that the token ranges `targets` name; `others` name other brands.
///
/// A sign that stands nearer to another brand is that brand's, and one within a brand's name is nobody's.
/// `feeling` is what is felt toward the brand.
pub(super) fn toward(
    signs: &Signs,
    tokens: &Tokens<'_>,
    targets: &[Range<usize>],
    others: &[Range<usize>],
    feeling: &Feeling,
) -> Touch {
    let near = Near { depths: &signs.depths, targets, others };
    let own: Vec<(&Sign, f32)> =
        signs.list.iter().filter_map(|sign| near.share(&sign.tokens).map(|share| (sign, share))).collect();
    let strongest = feeling.reasons.iter().max_by(|a, b| a.weight.abs().total_cmp(&b.weight.abs()));
    let charge = strongest.and_then(|reason| reason.span.as_ref()).map(|span| tokens.covering(span));
    Touch {
        aspects: aspect::of(&own, &near, charge.as_ref()),
        touchpoint: touchpoint::of(&own),
        emotion: emotion::of(&own, feeling.label),
    }
}
