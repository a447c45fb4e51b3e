//! The feeling toward one brand: whose charges are whose.

use super::scan::{Charge, Charges};
use super::weigh::{Form, feeling, of_text};
use super::words::Role;
use crate::model::Feeling;
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// What a border between a charge and the brand takes, in tokens of distance.
const CLAUSE_STEP: f32 = 4.0;
const SENTENCE_STEP: f32 = 6.0;
const CONTRAST_STEP: f32 = 8.0;
/// A charge before the brand that does not stand beside it belongs more often to something else:
/// "great food, the bar" against "the bar has great food".
const BEFORE_BRAND: f32 = 1.4;
/// The share of a charge beside the brand, and the distance at which half of that is left.
const FULL_SHARE: f32 = 2.0;
const HALF_DISTANCE: f32 = 6.0;
/// The same where the brand is written as a name, and what a charge anywhere in the text counts there;
/// more of it where the lighter of praise and blame is less than this part of the heavier.
const HALF_DISTANCE_OF_NAME: f32 = 8.0;
const ANYWHERE: f32 = 0.3;
const ANYWHERE_ONE_SIDED: f32 = 0.6;
const ONE_SIDED: f32 = 0.25;
/// What is left of a charge that stands nearer to another brand.
const OTHERS_SHARE: f32 = 0.1;
/// How far apart the charge, the word of comparison and the brand may stand: "better than with Acme".
const MAX_BEFORE_COMPARE: usize = 2;
const MAX_AFTER_COMPARE: usize = 4;
/// How many names of a brand in one text are looked at.
const MAX_NAMES: usize = 100;

/// The feeling toward the brand that the token ranges `targets` name; `others` name other brands.
///
/// A text that speaks to the brand (by its handle, or with a greeting) and names no other is toward it
/// as a whole, and so is a text in which nothing names it. Otherwise each charge counts by its distance to the brand:
/// sentences, clauses and contrasts between them part them further, what stands nearer to another brand
/// hardly counts, and of a comparison the brand has the other side, also where the text speaks to it.
/// Shape and bounds as with [`of_text`]; linear in the charges times the ranges.
#[must_use]
pub fn toward(charges: &Charges, tokens: &Tokens<'_>, targets: &[Range<usize>], others: &[Range<usize>]) -> Feeling {
    let is_measured = charges.list.iter().any(|charge| is_measured_against(charges, charge, targets));
    if targets.is_empty() || (others.is_empty() && !is_measured && addresses(charges, tokens, targets)) {
        return of_text(charges, tokens);
    }
    // Whoever else is spoken to in a comparison is the other side of it, watched or not.
    let spoken_to = if is_measured && others.is_empty() { handles_beside(tokens, targets) } else { Vec::new() };
    let others = if others.is_empty() { spoken_to.as_slice() } else { others };
    let form = Form::of(charges, tokens);
    let reach = reach(charges, tokens, targets, form);
    feeling(charges, tokens, form.near_brand(), |charge| share(charges, charge, targets, others, reach))
}

/// How far from the brand a charge counts.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// In tokens, where half of the share is left.
    half_distance: f32,
    /// The share of a charge anywhere in the text.
    anywhere: f32,
}

/// A name is what its text is about more often than a common noun ("food") is: there the rest of the text counts too,
/// and more of it where praise and blame do not contradict each other.
fn reach(charges: &Charges, tokens: &Tokens<'_>, targets: &[Range<usize>], form: Form) -> Reach {
    let is_name = targets.iter().take(MAX_NAMES).any(|name| tokens.words(name.clone()).starts_with(char::is_uppercase));
    if !is_name {
        return Reach { half_distance: HALF_DISTANCE, anywhere: 0.0 };
    }
    let praise: f32 = charges.list.iter().map(|charge| charge.weight.max(0.0)).sum();
    let blame: f32 = charges.list.iter().map(|charge| (-charge.weight).max(0.0)).sum();
    let is_one_sided = praise.min(blame) < ONE_SIDED * praise.max(blame);
    let anywhere = if is_one_sided { ANYWHERE_ONE_SIDED } else { ANYWHERE };
    Reach { half_distance: HALF_DISTANCE_OF_NAME, anywhere: anywhere * form.scale() }
}

/// Whether the text speaks to the brand: by its handle, or by a greeting before its name.
fn addresses(charges: &Charges, tokens: &Tokens<'_>, targets: &[Range<usize>]) -> bool {
    let is_handle = |at: usize| tokens.kind(at) == Some(TokenKind::Handle);
    targets.iter().take(MAX_NAMES).any(|target| {
        let is_greeted = target.start.checked_sub(1) == charges.greeting;
        is_handle(target.start) || (is_greeted && charges.greeting.is_some())
    })
}

/// The handles that are not among `targets`.
fn handles_beside(tokens: &Tokens<'_>, targets: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_other = |at: &usize| {
        tokens.kind(*at) == Some(TokenKind::Handle) && !targets.iter().take(MAX_NAMES).any(|name| name.contains(at))
    };
    (0..tokens.len()).filter(is_other).take(MAX_NAMES).map(|at| at..at + 1).collect()
}

/// How much of a charge is meant for the brand; negative where a comparison turns it.
fn share(charges: &Charges, charge: &Charge, targets: &[Range<usize>], others: &[Range<usize>], reach: Reach) -> f32 {
    let nearest = |ranges: &[Range<usize>]| {
        ranges.iter().take(MAX_NAMES).map(|range| distance(charges, &charge.tokens, range)).min_by(f32::total_cmp)
    };
    let Some(own) = nearest(targets) else { return 1.0 };
    let mut share = FULL_SHARE / (1.0 + (own / reach.half_distance).powi(2)) + reach.anywhere;
    if is_measured_against(charges, charge, targets) {
        return -share;
    }
    if nearest(others).is_some_and(|other| other < own) {
        share *= if is_measured_against(charges, charge, others) { 1.0 } else { OTHERS_SHARE };
    }
    share
}

/// The tokens between two ranges, and a step for every border between them.
fn distance(charges: &Charges, charge: &Range<usize>, target: &Range<usize>) -> f32 {
    let is_before = charge.start < target.start;
    let (first, second) = if is_before { (charge, target) } else { (target, charge) };
    let n_between = second.start.saturating_sub(first.end) as f32;
    let gap = if is_before && n_between > 1.0 { n_between * BEFORE_BRAND } else { n_between };
    let place = |at: usize| charges.places.get(at).copied().unwrap_or_default();
    let (from, to) = (place(first.end.saturating_sub(1)), place(second.start));
    let n_clauses = to.clause.saturating_sub(from.clause) as f32;
    let n_sentences = to.sentence.saturating_sub(from.sentence) as f32;
    let n_contrasts = between(&charges.turns, first.end..second.start) as f32;
    gap + n_clauses * CLAUSE_STEP + n_sentences * SENTENCE_STEP + n_contrasts * CONTRAST_STEP
}

/// How many contrasts stand in the tokens `range`.
fn between(turns: &[(usize, Role)], range: Range<usize>) -> usize {
    let from = turns.partition_point(|(at, _)| *at < range.start);
    turns.iter().skip(from).take_while(|(at, _)| *at < range.end).filter(|(_, role)| *role != Role::Compare).count()
}

/// "Better than Acme": the charge before "than" is not Acme's but the other's.
fn is_measured_against(charges: &Charges, charge: &Charge, brand: &[Range<usize>]) -> bool {
    let clause = |at: usize| charges.places.get(at).map(|place| place.clause);
    charges.turns.iter().any(|(at, role)| {
        *role == Role::Compare
            && charge.tokens.end <= *at
            && at - charge.tokens.end <= MAX_BEFORE_COMPARE
            && brand.iter().take(MAX_NAMES).any(|range| {
                range.start > *at && range.start - at <= MAX_AFTER_COMPARE && clause(range.start) == clause(*at)
            })
    })
}
