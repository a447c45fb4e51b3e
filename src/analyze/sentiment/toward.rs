//! The feeling toward one brand: whose charges are whose.

use super::scan::{Charge, Charges};
use super::weigh::{Form, feeling, of_text};
use super::words::Role;
use crate::model::Feeling;
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// How much a clause's border between a charge and the brand takes, in tokens of distance.
const CLAUSE_STEP: f32 = 3.0;
const SENTENCE_STEP: f32 = 6.0;
const CONTRAST_STEP: f32 = 8.0;
/// The distance at which a charge counts half.
const HALF_DISTANCE: f32 = 8.0;
/// A charge that stands nearer to another brand.
const OTHERS_SHARE: f32 = 0.1;

/// The feeling toward the brand that the token ranges `targets` name; `others` name other brands.
///
/// A text that begins by addressing the brand (a handle) is toward it as a whole, and so is a text
/// in which nothing names it.
#[must_use]
pub fn toward(charges: &Charges, tokens: &Tokens<'_>, targets: &[Range<usize>], others: &[Range<usize>]) -> Feeling {
    if targets.is_empty() || (others.is_empty() && addresses(tokens, targets)) {
        return of_text(charges, tokens);
    }
    feeling(charges, tokens, Form::of(tokens).near_brand(), |charge| share(charges, charge, targets, others))
}

/// Whether the handles that the text begins with name the brand.
fn addresses(tokens: &Tokens<'_>, targets: &[Range<usize>]) -> bool {
    let n_handles = tokens.list().iter().take_while(|token| token.kind == TokenKind::Handle).count();
    targets.iter().any(|target| target.start < n_handles)
}

/// How much of a charge is meant for the brand, from -1 (a comparison turns it) to 1.
fn share(charges: &Charges, charge: &Charge, targets: &[Range<usize>], others: &[Range<usize>]) -> f32 {
    let nearest = |ranges: &[Range<usize>]| {
        ranges.iter().map(|range| distance(charges, &charge.tokens, range)).min_by(f32::total_cmp)
    };
    let Some(own) = nearest(targets) else { return 1.0 };
    let mut share = 1.0 / (1.0 + (own / HALF_DISTANCE).powi(2));
    if nearest(others).is_some_and(|other| other < own) {
        share *= OTHERS_SHARE;
    }
    if is_measured_against(charges, charge, targets) { -share } else { share }
}

/// The tokens between two ranges, and a step for every border of a clause or sentence between them.
fn distance(charges: &Charges, charge: &Range<usize>, target: &Range<usize>) -> f32 {
    let (first, second) = if charge.start < target.start { (charge, target) } else { (target, charge) };
    let gap = second.start.saturating_sub(first.end) as f32;
    let place = |at: usize| charges.places.get(at).copied().unwrap_or_default();
    let (from, to) = (place(first.end.saturating_sub(1)), place(second.start));
    let clauses = to.clause.saturating_sub(from.clause) as f32;
    let sentences = to.sentence.saturating_sub(from.sentence) as f32;
    let contrasts = charges
        .turns
        .iter()
        .filter(|(at, role)| *role != Role::Compare && first.end <= *at && *at < second.start)
        .count() as f32;
    gap + clauses * CLAUSE_STEP + sentences * SENTENCE_STEP + contrasts * CONTRAST_STEP
}

/// "better than Acme": the charge before "than" is not Acme's but the other's.
fn is_measured_against(charges: &Charges, charge: &Charge, targets: &[Range<usize>]) -> bool {
    charges.turns.iter().any(|(at, role)| {
        *role == Role::Compare
            && charge.tokens.end <= *at
            && at - charge.tokens.end <= 2
            && targets.iter().any(|target| target.start > *at && target.start - at <= 4)
    })
}
