//! Weighs charges into a feeling.

use super::scan::{Charge, ChargeKind, Charges};
use super::words::Role;
use crate::model::{Feeling, Reason, Sentiment};
use crate::text::Tokens;

/// What stands before a contrast ("but") weighs less, what follows it more.
const BEFORE_CONTRAST: f32 = 0.6;
const AFTER_CONTRAST: f32 = 1.25;
/// A clause that gives in ("although") weighs less.
const OUTWEIGHED: f32 = 0.6;
/// Thanks beside blame are manners.
const POLITE_BESIDE_BLAME: f32 = 0.15;
/// The net weight at which a text is no longer neutral.
const PRAISE_FROM: f32 = 0.9;
const BLAME_FROM: f32 = 0.9;
/// Both sides must weigh this much to be mixed, and the lighter this share of the heavier.
const MIXED_FROM: f32 = 1.8;
const MIXED_SHARE: f32 = 0.6;
/// Long texts hold more words of every kind: beyond so many tokens their sum is scaled down.
const LONG_TEXT_TOKENS: f32 = 40.0;
/// The net weight that scores 0.7.
const SQUASH: f32 = 2.5;

/// The feeling of the whole text, whoever it is toward.
#[must_use]
pub fn of_text(charges: &Charges, tokens: &Tokens<'_>) -> Feeling {
    feeling(charges, tokens, |_| 1.0)
}

/// The feeling of the charges, each multiplied by what `share` says of it.
pub(super) fn feeling(charges: &Charges, tokens: &Tokens<'_>, share: impl Fn(&Charge) -> f32) -> Feeling {
    let mut weighed: Vec<(&Charge, f32)> = charges
        .list
        .iter()
        .map(|charge| (charge, charge.weight * share(charge) * turned(charges, charge)))
        .filter(|(_, weight)| weight.abs() > 0.01)
        .collect();
    let blames = |weighed: &[(&Charge, f32)]| -weighed.iter().map(|(_, weight)| weight.min(0.0)).sum::<f32>();
    if blames(&weighed) > 0.8 {
        weighed
            .iter_mut()
            .filter(|(charge, _)| charge.kind == ChargeKind::Polite)
            .for_each(|(_, w)| *w *= POLITE_BESIDE_BLAME);
    }
    let scale = (LONG_TEXT_TOKENS / tokens.len().max(1) as f32).sqrt().min(1.0);
    let blame = blames(&weighed) * scale;
    let praise = weighed.iter().map(|(_, weight)| weight.max(0.0)).sum::<f32>() * scale;
    let score = squash(praise - blame);
    let reasons = weighed.into_iter().filter_map(|(charge, weight)| reason(charge, weight, tokens)).collect();
    Feeling { label: label(praise, blame), score, reasons }
}

/// What the contrasts of its sentence make of a charge.
fn turned(charges: &Charges, charge: &Charge) -> f32 {
    let Some(place) = charges.places.get(charge.tokens.start) else { return 1.0 };
    let mut factor: f32 = 1.0;
    for (at, role) in &charges.turns {
        let Some(turn) = charges.places.get(*at).filter(|turn| turn.sentence == place.sentence) else { continue };
        match role {
            Role::Contrast if charge.tokens.start > *at => factor *= AFTER_CONTRAST,
            Role::Contrast => factor *= BEFORE_CONTRAST,
            Role::Outweighed if turn.clause == place.clause => factor *= OUTWEIGHED,
            _ => {}
        }
    }
    factor.clamp(0.3, 1.6)
}

/// Bounded by 1, steady, odd.
fn squash(net: f32) -> f32 {
    net / (net * net + SQUASH * SQUASH).sqrt()
}

fn label(praise: f32, blame: f32) -> Sentiment {
    let (lighter, heavier) = if praise < blame { (praise, blame) } else { (blame, praise) };
    if lighter >= MIXED_FROM && lighter >= heavier * MIXED_SHARE {
        Sentiment::Mixed
    } else if praise - blame >= PRAISE_FROM {
        Sentiment::Positive
    } else if blame - praise >= BLAME_FROM {
        Sentiment::Negative
    } else {
        Sentiment::Neutral
    }
}

fn reason(charge: &Charge, weight: f32, tokens: &Tokens<'_>) -> Option<Reason> {
    let span = tokens.span(charge.tokens.clone())?;
    Some(Reason::at(charge.kind.rule(), tokens.words(charge.tokens.clone()), span, weight))
}
