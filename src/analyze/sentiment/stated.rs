//! Stated failures of a service ("third day without"), and praise that a failure turns to blame.

use super::marks::{Mark, Place};
use super::scan::{Charge, ChargeKind};
use super::words::{Role, Words};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// How many stated failures of one text count.
const MAX_FAILURES: usize = 1_000;
/// How far a negator may stand from a stated success that it takes back, in tokens.
const NEGATOR_REACH: usize = 3;
/// How many tokens may lie between praise for show and the failure that it is for.
const IRONY_REACH: usize = 12;
/// What is left of praise for show.
const PRAISE_FOR_SHOW: f32 = -0.5;
/// The blame that turns praise.
const TURNING_BLAME: f32 = -1.0;

/// Adds stated failures and their opposites. Of what overlaps, the heavier stays.
pub(super) fn add_failures(
    list: &mut Vec<Charge>,
    tokens: &Tokens<'_>,
    words: &Words,
    marks: &[Mark],
    places: &[Place],
) {
    if words.failures.is_empty() {
        return;
    }
    for found in words.failures.find(tokens).into_iter().take(MAX_FAILURES) {
        let (weight, listed) = *found.value;
        if weight > 0.0 && is_negated(&found.tokens, marks, places) {
            continue;
        }
        let overlaps = |charge: &Charge| {
            charge.tokens.start < found.tokens.end
                && found.tokens.start < charge.tokens.end
                && charge.kind != ChargeKind::Picture
        };
        let is_outdone = list.iter().any(|charge| overlaps(charge) && charge.weight.abs() >= weight.abs());
        if is_outdone {
            continue;
        }
        list.retain(|charge| !overlaps(charge));
        list.push(Charge { tokens: found.tokens.clone(), weight, kind: ChargeKind::Failure, listed });
    }
    list.sort_by_key(|charge| (charge.tokens.start, charge.tokens.end));
}

/// Whether a negator beside a stated success takes it back; its own words know of none.
fn is_negated(phrase: &Range<usize>, marks: &[Mark], places: &[Place]) -> bool {
    let clause = |at: usize| places.get(at).map(|place| place.clause);
    let from = marks.partition_point(|mark| mark.tokens.end + NEGATOR_REACH < phrase.start);
    let near = marks.iter().skip(from).take_while(|mark| mark.tokens.start < phrase.end + NEGATOR_REACH);
    near.filter(|mark| clause(mark.tokens.start) == clause(phrase.start)).any(|mark| {
        let is_before = mark.tokens.end <= phrase.start;
        let is_after = mark.tokens.start >= phrase.end;
        mark.entry.negator.is_some_and(|negator| is_before || (is_after && negator.works_back))
    })
}

/// Praise for show: "thanks for the delay", "Great, another one cancelled" blames.
pub(super) fn turn_irony(list: &mut [Charge], tokens: &Tokens<'_>, marks: &[Mark], places: &[Place]) {
    let sentence = |at: usize| places.get(at).map(|place| place.sentence);
    for index in 0..list.len() {
        let (done, rest) = list.split_at_mut(index);
        let Some((praise, [blame, ..])) = rest.split_first_mut() else { continue };
        let opens = done.last().is_none_or(|before| sentence(before.tokens.start) != sentence(praise.tokens.start));
        let is_near = sentence(blame.tokens.start) == sentence(praise.tokens.start)
            && blame.tokens.start.saturating_sub(praise.tokens.end) <= IRONY_REACH;
        let is_pair = is_praise(praise) && blame.weight <= TURNING_BLAME && blame.kind != ChargeKind::Picture;
        if is_pair && opens && is_near && (is_flipped(praise, marks) || is_called_out(praise, tokens, places)) {
            praise.weight *= PRAISE_FOR_SHOW;
            praise.kind = ChargeKind::Irony;
        }
    }
}

fn is_praise(charge: &Charge) -> bool {
    charge.weight > 0.0 && matches!(charge.kind, ChargeKind::Word | ChargeKind::Polite | ChargeKind::Failure)
}

/// A phrase that is praise only where no failure follows stands in it or just before it.
fn is_flipped(praise: &Charge, marks: &[Mark]) -> bool {
    let from = marks.partition_point(|mark| mark.tokens.start + 1 < praise.tokens.start);
    let mut beside = marks.iter().skip(from).take_while(|mark| mark.tokens.start < praise.tokens.end + 1);
    beside.any(|mark| mark.entry.role == Some(Role::Flip))
}

/// "Great, ...": one word that stands alone at the start of its sentence.
fn is_called_out(praise: &Charge, tokens: &Tokens<'_>, places: &[Place]) -> bool {
    let start = praise.tokens.start;
    let starts_sentence = match start.checked_sub(1) {
        None => true,
        Some(before) => {
            tokens.kind(before) == Some(TokenKind::Handle)
                || places.get(before).map(|p| p.sentence) != places.get(start).map(|p| p.sentence)
        }
    };
    starts_sentence && praise.tokens.len() <= 2 && tokens.folded(praise.tokens.end).starts_with([',', '…', '.'])
}
