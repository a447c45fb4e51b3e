//! Where the touch took place that a mention tells of.

use super::Sign;
use super::lists::Meaning;
use crate::model::Touchpoint;

/// The weight from which on the text says so; one plain word near the brand has it.
const LEAST: f32 = 0.7;

/// The touchpoint with the largest sum of weights; of equals the one named first.
pub(super) fn of(own: &[(&Sign, f32)]) -> Option<Touchpoint> {
    let mut sums: Vec<(Touchpoint, f32)> = Vec::new();
    for (sign, share) in own {
        let Meaning::Touchpoint(touchpoint) = sign.meaning else { continue };
        match sums.iter_mut().find(|(known, _)| *known == touchpoint) {
            Some((_, sum)) => *sum += sign.weight * share,
            None => sums.push((touchpoint, sign.weight * share)),
        }
    }
    let best = sums.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, sum)| *sum >= LEAST).map(|(touchpoint, _)| touchpoint)
}
