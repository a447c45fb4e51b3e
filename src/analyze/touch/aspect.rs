//! What a mention is about.

use super::Sign;
use super::lists::Meaning;
use super::near::Near;
use std::ops::Range;

/// The most aspects of one mention.
const ASPECTS_MOST: usize = 4;
/// The weight from which on a mention is about something; one plain word has it.
const LEAST: f32 = 0.6;
/// What is left of an aspect beside another that is said so much more is told in passing.
const LEAST_SHARE: f32 = 0.3;

/// One aspect with all that was said of it.
struct About {
    name: &'static str,
    weight: f32,
    /// From the strongest feeling; from the start of the text where nothing is felt.
    distance: f32,
}

/// The aspects of `own`, each sign with its share, the nearest to `charge` first.
pub(super) fn of(own: &[(&Sign, f32)], near: &Near<'_>, charge: Option<&Range<usize>>) -> Vec<String> {
    let mut found: Vec<About> = Vec::new();
    let start = 0..0;
    for (sign, share) in own {
        let Meaning::Aspect(name) = sign.meaning else { continue };
        let distance = near.distance(&sign.tokens, charge.unwrap_or(&start));
        let weight = sign.weight * share;
        match found.iter_mut().find(|about| about.name == name) {
            Some(about) => {
                about.weight += weight;
                about.distance = about.distance.min(distance);
            }
            None => found.push(About { name, weight, distance }),
        }
    }
    let most = found.iter().map(|about| about.weight).fold(0.0, f32::max);
    found.retain(|about| about.weight >= LEAST && about.weight >= most * LEAST_SHARE);
    // Where there are too many, what is said most stays.
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    found.truncate(ASPECTS_MOST);
    found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    found.into_iter().map(|about| about.name.to_owned()).collect()
}
