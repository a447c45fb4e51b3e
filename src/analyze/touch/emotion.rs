//! The emotion of a mention, where it is plain.

use super::Sign;
use super::lists::Meaning;
use crate::model::{Emotion, Sentiment};

/// The weight from which on an emotion is plain.
const LEAST: f32 = 0.7;

/// The emotion with the largest sum of weights among those that go with `label`; of equals the one named first.
pub(super) fn of(own: &[(&Sign, f32)], label: Sentiment) -> Option<Emotion> {
    let mut sums: Vec<(Emotion, f32)> = Vec::new();
    for (sign, share) in own {
        let Meaning::Emotion(emotion) = sign.meaning else { continue };
        if !emotion.goes_with(label) {
            continue;
        }
        match sums.iter_mut().find(|(known, _)| *known == emotion) {
            Some((_, sum)) => *sum += sign.weight * share,
            None => sums.push((emotion, sign.weight * share)),
        }
    }
    let best = sums.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, sum)| *sum >= LEAST).map(|(emotion, _)| emotion)
}
