//! Grief, serious illness, accident, violence, crisis: a person's care, never a gift.

use super::post::Post;
use crate::model::Reason;

/// What makes `post` a case for care; empty where it is none.
pub(super) fn reasons(post: &Post<'_>) -> Vec<Reason> {
    if post.hits.sum("care") < 1.0 {
        return Vec::new();
    }
    let weight = super::weights::weight("score.care");
    post.hits.best("care").map(|hit| hit.reason(weight)).into_iter().collect()
}
