//! The hook of a surprise: something particular to this person.
//!
//! Adds up the rows `hook.*` of the weight table that a post fulfills. If the same reply could go to a hundred others,
//! the sum stays below `hook.needed`.

use super::Clues;
use super::post::Post;
use super::weights::weight;
use crate::model::Kind;
use crate::text::TokenKind;

/// A post of fewer words seldom tells of anybody.
const SHORT_WORDS: usize = 8;

/// What is particular in a post.
#[derive(Debug, Clone, Default)]
pub(super) struct Hook {
    /// The rows that hold, with their weights and the family of cues that they rest on.
    rows: Vec<(&'static str, f32, Option<&'static str>)>,
}

impl Hook {
    /// The sum of the rows.
    pub(super) fn sum(&self) -> f32 {
        self.rows.iter().map(|(_, weight, _)| weight).sum()
    }

    /// The rows that hold, each with the family of cues that it rests on.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        self.rows.iter().map(|(name, _, family)| (*name, *family))
    }

    /// Whether it reaches `hook.needed`.
    pub(super) fn holds(&self) -> bool {
        self.sum() >= weight("hook.needed")
    }
}

/// Whether the wish is for the product or the network at large, which no one person can fulfill.
pub(super) fn is_large_wish(post: &Post<'_>) -> bool {
    post.hits.sum("large") >= 1.0 && !post.hits.has("gesture")
}

/// The hook of `post` with its `kinds`.
pub(super) fn of(post: &Post<'_>, kinds: &[Kind], clues: &Clues) -> Hook {
    let has = |kind| kinds.contains(&kind);
    let large = has(Kind::Wish) && is_large_wish(post);
    let hits = &post.hits;
    let any = |rules: &[&str]| rules.iter().any(|rule| hits.has(rule));
    let rows: [(&'static str, bool, Option<&'static str>); 22] = [
        ("hook.wish", has(Kind::Wish) && !large, Some("wish")),
        ("hook.wish_large", large, Some("large")),
        ("hook.gesture", has(Kind::Wish) && hits.has("gesture"), Some("gesture")),
        ("hook.moment", has(Kind::Moment), Some("moment")),
        ("hook.love", has(Kind::BrandLove), Some("love")),
        ("hook.praise", has(Kind::Advocate), Some("advocate")),
        ("hook.newcomer", has(Kind::Newcomer), Some("newcomer")),
        ("hook.family", any(&["detail.family", "detail.family_bare"]), Some("detail")),
        ("hook.child", any(&["detail.child", "detail.child_named"]), None),
        ("hook.years", any(&["detail.years", "detail.years_word", "detail.since_year", "detail.age"]), None),
        ("hook.detail", any(&["detail.saved", "detail.first_salary", "detail.named_thing"]), None),
        ("hook.ritual", any(&["love.ritual", "love.tattoo", "love.heirloom", "love.survived", "love.ueberlebt"]), None),
        ("hook.loyal", hits.sum("loyal") >= 1.0, Some("loyal")),
        ("hook.wit", hits.sum("wit") >= 0.5, Some("wit")),
        ("hook.warm", hits.sum("warm") >= 0.6, Some("warm")),
        ("hook.time", hits.has("anchor"), Some("anchor")),
        ("hook.deadline", clues.deadline.is_some(), None),
        ("hook.place", clues.place.is_some(), None),
        ("hook.impersonal", !post.is_personal() && !hits.has("detail.family_bare"), None),
        ("hook.review", post.is_review(), None),
        ("hook.short", post.n_words() < SHORT_WORDS, None),
        ("hook.competing_names", post.count(TokenKind::Handle) > 3, None),
    ];
    let held = rows.into_iter().filter(|(_, holds, _)| *holds);
    Hook { rows: held.map(|(name, _, family)| (name, weight(name), family)).collect() }
}
