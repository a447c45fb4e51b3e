//! How strong an opportunity is: a sum of named weights, bent to 0..1, every part of it a reason.

use super::Clues;
use super::door::Door;
use super::hook::Hook;
use super::kinds::Held;
use super::post::Post;
use super::weights::weight;
use crate::model::{Judgement, Reason};

/// The most that the hook's sum counts.
const HOOK_MOST: f32 = 4.0;
/// A post without a kind may still tell of somebody; its hook counts by half.
const SHARE_WITHOUT_KIND: f32 = 0.5;
/// The most that the door's sum counts, in both directions.
const DOOR_MOST: f32 = 2.0;

/// What the score rests on; `judgement` holds all but score and reasons.
pub(super) fn reasons(
    post: &Post<'_>,
    held: &[Held],
    judgement: &Judgement,
    clues: &Clues,
    hook: &Hook,
    door: &Door,
) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = held.iter().map(|held| held.reason.clone()).collect();
    let mut add = |name: &str, holds: bool| {
        if holds {
            reasons.push(Reason::rule(name.trim_start_matches("score."), weight(name)));
        }
    };
    let acts = judgement.is_opportunity();
    add("score.no_kind", !acts);
    add("score.surprise", judgement.surprise);
    add("score.deadline", acts && clues.deadline.is_some());
    add("score.surprise_in_time", judgement.surprise && clues.deadline.is_some());
    add("score.place", acts && clues.place.is_some());
    add("score.wish_slot", judgement.slots.wish.is_some());
    add("score.loyal", acts && post.hits.sum("loyal") >= 1.0);
    add("score.past_mentions", acts && post.subject.item.author.past_mentions.is_some_and(|count| count > 0));
    // The hook's rows stand beside the kinds as they are, scaled so that their sum keeps its bound.
    let share = if acts { 1.0 } else { SHARE_WITHOUT_KIND };
    let scale = share * weight("score.hook") * (HOOK_MOST / hook.sum().max(HOOK_MOST));
    reasons.extend(hook.reasons.iter().map(|reason| Reason { weight: reason.weight * scale, ..reason.clone() }));
    let open = share * door.sum().clamp(-DOOR_MOST, DOOR_MOST) * weight("score.door");
    reasons.push(Reason::rule("door", open));
    reasons
}

/// The reasons' weights and the start, bent to 0..1.
pub(super) fn score(reasons: &[Reason]) -> f32 {
    let sum: f32 = weight("score.start") + reasons.iter().map(|reason| reason.weight).sum::<f32>();
    1.0 / (1.0 + (-sum).exp())
}

/// Largest weight first, whichever its sign.
pub(super) fn sorted(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    reasons
}
