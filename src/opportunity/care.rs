//! Grief, serious illness, accident, violence, crisis: a person's care, never a gift.

use super::post::Post;
use crate::model::Reason;

/// Whether `post` is a case for care.
pub(super) fn is_one(post: &Post<'_>) -> bool {
    post.hits.sum("care") >= 1.0
}

/// What makes `post` a case for care; empty where it is none.
pub(super) fn reasons(post: &Post<'_>) -> Vec<Reason> {
    let best = is_one(post).then(|| post.hits.best("care")).flatten();
    best.map(|hit| hit.reason(super::weights::weight("score.care"))).into_iter().collect()
}
