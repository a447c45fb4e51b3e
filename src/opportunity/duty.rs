//! Beyond duty: whether what fits is a gesture outside the normal process.
//!
//! A refund, a rebooking, an answer, a replacement under warranty are owed: service, not surprise.

use super::hook::is_large_wish;
use super::post::Post;
use crate::model::{Kind, Sentiment};

/// Why a gesture would be more than what is owed; `None` where service is all that fits.
pub(super) fn beyond(post: &Post<'_>, kinds: &[Kind]) -> Option<&'static str> {
    let has = |kind| kinds.contains(&kind);
    let hits = &post.hits;
    let upset = post.feels(Sentiment::Negative);
    let story = ["detail.family", "detail.years", "detail.years_word", "detail.saved", "detail.first_salary", "loyal"];
    let tells = story.iter().any(|rule| hits.has(rule));
    let rules = [
        ("beyond.wish", has(Kind::Wish) && !is_large_wish(post) && (!upset || hits.has("gesture"))),
        ("beyond.moment", has(Kind::Moment)),
        ("beyond.love", has(Kind::BrandLove)),
        ("beyond.story", has(Kind::Advocate) && tells && (hits.has("warm") || post.is_personal())),
        ("beyond.first", has(Kind::Newcomer) && (tells || hits.sum("wit") >= 0.7)),
        ("beyond.loyal", upset && hits.sum("loyal") >= 1.0 && hits.has("warm") && !hits.has("angry")),
        ("beyond.wit", upset && hits.sum("wit") >= 0.9 && !hits.has("angry")),
    ];
    rules.into_iter().find(|(_, holds)| *holds).map(|(name, _)| name)
}
