//! Which of the eleven kinds hold.
//!
//! In: a post that is not shut out. Out: the kinds with their evidence, in the order of [`Kind::ALL`].
//! Feelings come from the mention, cues from the lexicons; where the two disagree, a kind needs stronger cues.

use super::blame;
use super::post::Post;
use super::question;
use crate::model::{Kind, Reason, Sentiment};

/// From so many followers on, an author has reach: the rule book's number.
const REACH_FOLLOWERS: u64 = 10_000;

/// A kind that holds, with what it rests on.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) kind: Kind,
    /// The cue, without a weight: the score gives it one.
    pub(super) reason: Reason,
}

/// The kinds that hold for `post`.
pub(super) fn of(post: &Post<'_>) -> Vec<Held> {
    Kind::ALL.into_iter().filter_map(|kind| evidence(post, kind).map(|reason| Held { kind, reason })).collect()
}

fn evidence(post: &Post<'_>, kind: Kind) -> Option<Reason> {
    match kind {
        Kind::Wish => {
            let large_or_small = if post.feels(Sentiment::Negative) { 1.3 } else { 1.0 };
            cue(post, "wish", large_or_small - support(post, &[("gesture", 0.5)]))
        }
        Kind::Moment => {
            let near = support(post, &[("detail.family", 0.4), ("detail.family_bare", 0.4), ("anchor", 0.3)]);
            cue(post, "moment", 1.0 - near).filter(|_| is_somebodys(post))
        }
        Kind::BrandLove => {
            let long = support(post, &[("loyal", 0.4), ("detail.years", 0.3), ("warm.emoji", 0.3), ("warm.love", 0.2)]);
            cue(post, "love", fondness_needed(post) - long)
        }
        Kind::Advocate => cue(post, "advocate", praise_needed(post)?),
        Kind::Recovery if post.subject.mention.direct => blame::evidence(post),
        Kind::SilentGripe if !post.subject.mention.direct => blame::evidence(post),
        Kind::Recovery | Kind::SilentGripe => None,
        Kind::Churn => {
            let needed = if post.feels(Sentiment::Positive) { 2.4 } else { 1.2 };
            cue(post, "churn", needed).filter(|_| post.is_personal() || post.subject.mention.direct)
        }
        Kind::Purchase => cue(post, "purchase", if post.feels(Sentiment::Negative) { 2.4 } else { 1.2 }),
        Kind::Newcomer => cue(post, "newcomer", if post.feels(Sentiment::Negative) { 2.2 } else { 1.2 }),
        Kind::Question => question::evidence(post),
        Kind::Reach => reach(post),
    }
}

/// What lets a weak cue count: particulars that go with it, at most half of what is needed.
fn support(post: &Post<'_>, rules: &[(&str, f32)]) -> f32 {
    rules.iter().filter(|(rule, _)| post.hits.has(rule)).map(|(_, weight)| weight).sum::<f32>().min(0.5)
}

/// The strongest cue of `family`, where its cues together reach `needed`.
fn cue(post: &Post<'_>, family: &str, needed: f32) -> Option<Reason> {
    let hit = post.hits.best(family)?;
    (post.hits.sum(family) >= needed).then(|| hit.reason(0.0))
}

/// An occasion belongs to somebody; a product called so does not.
fn is_somebodys(post: &Post<'_>) -> bool {
    post.is_personal()
        || post.subject.mention.direct
        || post.hits.has("detail.family")
        || post.hits.sum("moment") >= 2.0
}

/// Fondness is told with joy; beside blame it must be said outright.
fn fondness_needed(post: &Post<'_>) -> f32 {
    match post.subject.mention.sentiment.label {
        Sentiment::Positive => 1.1,
        Sentiment::Mixed => 1.3,
        Sentiment::Neutral => 1.3,
        Sentiment::Negative => 2.6,
    }
}

/// `None` where the author blames: praise is then irony, or about somebody else.
fn praise_needed(post: &Post<'_>) -> Option<f32> {
    match post.subject.mention.sentiment.label {
        Sentiment::Positive if post.is_review() => Some(0.6),
        Sentiment::Positive => Some(1.0),
        Sentiment::Mixed => Some(1.2),
        Sentiment::Neutral => Some(2.4),
        Sentiment::Negative => None,
    }
}

/// Known followers, or a bio that names an audience; never guessed from the text.
fn reach(post: &Post<'_>) -> Option<Reason> {
    let author = &post.subject.item.author;
    if author.followers.is_some_and(|followers| followers >= REACH_FOLLOWERS) {
        return Some(Reason::rule("reach.followers", 0.0));
    }
    let bio = crate::text::fold_to_string(author.bio.as_deref()?);
    let word = BIO_WORDS.iter().find(|word| bio.contains(**word))?;
    Some(Reason { words: (*word).to_owned(), ..Reason::rule("reach.bio", 0.0) })
}

/// Words of a bio that name a journalist, or a creator with an audience.
const BIO_WORDS: &[&str] = &[
    "journalist",
    "reporter",
    "columnist",
    "editor at",
    "news anchor",
    "broadcaster",
    "tv host",
    "radio host",
    "podcaster",
    "podcast host",
    "youtuber",
    "influencer",
    "content creator",
    "streamer",
    "kolumnist",
    "redakteur",
    "moderatorin",
    "moderator bei",
    "journaliste",
    "chroniqueu",
    "periodista",
    "presentador",
    "giornalista",
    "conduttore",
];
