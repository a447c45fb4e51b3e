//! How strong an opportunity is: the learned sum and a few rows of our own, bent to 0..1, every part of it a reason.

use super::care;
use super::kinds::Held;
use super::learned::{self, Feature};
use super::post::Post;
use super::weights::weight;
use crate::model::{Kind, Reason};

/// What adds less than this is told in one sum.
const LEAST_TOLD: f32 = 0.1;

/// How many reasons are told one by one.
const MOST_TOLD: usize = 32;

/// The score from which a gesture would fit, if nothing forbids it.
const SURPRISE_FROM: f32 = 0.5;

/// The same for a post without a kind. Nearly every surprise has one; of chatter that names the brand beside somebody
/// near and a day, one post in fifty reaches the lower bound, and one in a thousand this one.
const SURPRISE_WITHOUT_KIND_FROM: f32 = 0.7;

/// The parts of the score, largest first; `harm` is what forbids a gift.
pub(super) fn reasons(post: &Post<'_>, held: &[Held], seen: &[Feature<'_, '_>], harm: Option<&str>) -> Vec<Reason> {
    let slope = weight("score.slope");
    let mut reasons: Vec<Reason> = seen.iter().map(|feature| told(feature, held, feature.adds() * slope)).collect();
    reasons.extend(care::reasons(post));
    reasons.extend(harm.map(|harm| Reason::rule(harm, weight("score.harm"))));
    let wrote_before = post.subject.item.author.past_mentions.is_some_and(|count| count > 0);
    reasons.extend(wrote_before.then(|| Reason::rule("past_mentions", weight("score.past_mentions"))));
    let is_heard = held.iter().any(|held| held.kind == Kind::Reach);
    reasons.extend(is_heard.then(|| Reason::rule("reach", weight("score.reach"))));
    sum_up(reasons, held)
}

/// A feature in words: a kind by the cue that it rests on.
fn told(feature: &Feature<'_, '_>, held: &[Held], weight: f32) -> Reason {
    let name = feature.name;
    if let Some(held) = held.iter().find(|held| learned::kind_name(held.kind) == name) {
        return Reason { weight, ..held.reason.clone() };
    }
    match feature.hit {
        Some(hit) => Reason::at(name, hit.words, hit.span.clone(), weight),
        None => Reason::rule(name, weight),
    }
}

/// Largest first, whichever its sign; the small ones in one sum at the end. A kind is always told: its cue is the
/// evidence.
fn sum_up(reasons: Vec<Reason>, held: &[Held]) -> Vec<Reason> {
    let is_kind = |reason: &Reason| held.iter().any(|held| held.reason.rule == reason.rule);
    let (mut told, mut small): (Vec<Reason>, Vec<Reason>) =
        reasons.into_iter().partition(|reason| is_kind(reason) || reason.weight.abs() >= LEAST_TOLD);
    told.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    small.extend(told.split_off(told.len().min(MOST_TOLD)));
    let rest: f32 = small.iter().map(|reason| reason.weight).sum();
    told.extend((rest != 0.0).then(|| Reason::rule("small_things", rest)));
    told
}

/// Whether a post of that `score` is a surprise, if nothing forbids it.
pub(super) fn suffices(score: f32, held: &[Held]) -> bool {
    score >= if held.is_empty() { SURPRISE_WITHOUT_KIND_FROM } else { SURPRISE_FROM }
}

/// The reasons' weights and the start, bent to 0..1.
pub(super) fn score(reasons: &[Reason]) -> f32 {
    let start = (learned::start() - weight("score.needed")) * weight("score.slope");
    let sum: f32 = start + reasons.iter().map(|reason| reason.weight).sum::<f32>();
    1.0 / (1.0 + (-sum).exp())
}
