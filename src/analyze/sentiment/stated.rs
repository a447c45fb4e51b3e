//! Stated failures of a service ("third day without"), and praise that a failure turns to blame.

use super::marks::{Mark, Place};
use super::scan::{Charge, ChargeKind};
use super::words::{Role, Words};
use crate::text::Tokens;

/// How many stated failures of one text count.
const MAX_FAILURES: usize = 1_000;
/// How many tokens may lie between praise for show and the failure that it is for.
const IRONY_REACH: usize = 12;
/// What is left of praise for show.
const PRAISE_FOR_SHOW: f32 = -0.5;
/// The blame that turns praise.
const TURNING_BLAME: f32 = -1.0;

/// Adds stated failures and their opposites. Of what overlaps, the heavier stays.
pub(super) fn add_failures(list: &mut Vec<Charge>, tokens: &Tokens<'_>, words: &Words) {
    if words.failures.is_empty() {
        return;
    }
    for found in words.failures.find(tokens).into_iter().take(MAX_FAILURES) {
        let overlaps = |charge: &Charge| {
            charge.tokens.start < found.tokens.end
                && found.tokens.start < charge.tokens.end
                && charge.kind != ChargeKind::Picture
        };
        let is_outdone = list.iter().any(|charge| overlaps(charge) && charge.weight.abs() >= found.value.abs());
        if is_outdone {
            continue;
        }
        list.retain(|charge| !overlaps(charge));
        list.push(Charge { tokens: found.tokens.clone(), weight: *found.value, kind: ChargeKind::Failure });
    }
    list.sort_by_key(|charge| (charge.tokens.start, charge.tokens.end));
}

/// Praise for show: "thanks for the delay", "Great, another one cancelled" blames.
pub(super) fn turn_irony(list: &mut [Charge], marks: &[Mark], places: &[Place]) {
    let sentence = |at: usize| places.get(at).map(|place| place.sentence);
    for index in 0..list.len() {
        let (done, rest) = list.split_at_mut(index);
        let Some((praise, rest)) = rest.split_first_mut() else { continue };
        if praise.weight <= 0.0 || !matches!(praise.kind, ChargeKind::Word | ChargeKind::Polite | ChargeKind::Failure) {
            continue;
        }
        let Some(blame) = rest.first() else { continue };
        let distance = blame.tokens.start.saturating_sub(praise.tokens.end);
        if blame.weight > TURNING_BLAME || blame.kind == ChargeKind::Picture || distance > IRONY_REACH {
            continue;
        }
        let opens = done.last().is_none_or(|before| sentence(before.tokens.start) != sentence(praise.tokens.start));
        let flips = marks.iter().any(|m| {
            m.entry.role == Some(Role::Flip)
                && m.tokens.start >= praise.tokens.start.saturating_sub(1)
                && m.tokens.start < praise.tokens.end + 1
        });
        if flips && opens && sentence(blame.tokens.start) == sentence(praise.tokens.start) {
            praise.weight *= PRAISE_FOR_SHOW;
            praise.kind = ChargeKind::Irony;
        }
    }
}
