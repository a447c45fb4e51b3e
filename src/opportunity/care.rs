//! Grief, serious illness, accident, violence, crisis: a person's care, never a gift.
//!
//! A sign that is too weak for itself ("hospital", "urn") is no case, but still forbids the gift: see `harm`.

use super::post::Post;
use crate::model::Reason;

/// From this sum of signs on a post is a case.
const CASE_FROM: f32 = 1.0;

/// Whether `post` is a case for care.
pub(super) fn is_one(post: &Post<'_>) -> bool {
    post.hits.sum("care") >= CASE_FROM
}

/// Whether `post` has at least a weak sign of such a case.
pub(super) fn has_sign(post: &Post<'_>) -> bool {
    post.hits.has_family("care")
}

/// What makes `post` a case for care; empty where it is none.
pub(super) fn reasons(post: &Post<'_>) -> Vec<Reason> {
    let best = is_one(post).then(|| post.hits.best("care")).flatten();
    best.map(|hit| hit.reason(super::weights::weight("score.care"))).into_iter().collect()
}
