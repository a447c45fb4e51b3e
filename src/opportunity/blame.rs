//! A broken expectation: `recovery` when told to the brand, `silent_gripe` when told to others.
//!
//! Bad feeling alone is none: somebody must have met the brand. An insult without an experience has no kind.

use super::post::Post;
use crate::model::{Reason, Sentiment};

/// Without a bad feeling, the cues must say plainly that something broke.
const PLAIN_WITHOUT_FEELING: f32 = 2.8;

/// The evidence of blame, whoever it is told to.
pub(super) fn evidence(post: &Post<'_>) -> Option<Reason> {
    let gripe = post.hits.sum("gripe");
    let holds = match post.subject.mention.sentiment.label {
        Sentiment::Negative => is_experience(post, gripe),
        Sentiment::Mixed => gripe >= 1.0,
        Sentiment::Neutral => gripe >= PLAIN_WITHOUT_FEELING && post.is_personal() && !post.has_question_mark(),
        Sentiment::Positive => false,
    };
    if !holds {
        return None;
    }
    let unnamed = || Reason::rule("gripe.bad_feeling", 0.0);
    Some(post.hits.best("gripe").map_or_else(unnamed, |hit| hit.reason(0.0)))
}

/// The author tells of an own meeting with the brand: in the first person, to its face, or with what broke.
fn is_experience(post: &Post<'_>, gripe: f32) -> bool {
    let touches = ["presales", "sales", "use", "aftersales"].iter().any(|phase| post.hits.has(phase));
    let politics = post.hits.sum("politics");
    let told = post.is_personal() || touches || post.is_review();
    let broke = gripe >= 1.0 && (told || post.subject.mention.direct || post.n_words() > 6);
    // To others, a bad word about a firm is common; an experience says who had it, or what broke.
    let felt = if post.subject.mention.direct { told } else { post.is_personal() && touches };
    politics < 1.6 && (broke || felt)
}
