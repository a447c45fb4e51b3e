//! Judges mentions: kinds, phase, slots, surprise or care, and a score with its reasons.
//!
//! In: a [`Subject`] (item, tokens, mention, brand) and the [`Clues`] of deadline and place. Out: a [`Judgement`].
//! Pure: no clock, no history, no network. The rules are in the modules, the words in `lexicons/`, the weights in
//! `lexicons/all/score.tsv`.

mod blame;
mod care;
mod cue;
mod cues;
mod deadline;
mod door;
mod duty;
mod exclude;
mod harm;
mod hook;
mod kinds;
mod phase;
mod place;
mod post;
#[cfg(test)]
mod posts;
mod question;
mod score;
mod slack;
#[cfg(test)]
mod tests;
mod weights;
mod wish;

use crate::model::{Brand, Deadline, Item, Judgement, Kind, Mention, Place, PostedAt, Reason, Slots};
use crate::text::Tokens;
use post::Post;
pub use slack::nearest;
use std::time::Duration;

/// What the team decides for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long it takes until somebody has said yes.
    pub approval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { approval: Duration::from_secs(10 * 60) }
    }
}

/// A mention to judge, with all that is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its title, a line break and its text, cut into tokens.
    pub tokens: &'a Tokens<'a>,
    /// Its language (ISO 639-1), where decided.
    pub lang: Option<&'a str>,
    /// What analysis says of the brand in it.
    pub mention: &'a Mention,
    /// The brand.
    pub brand: &'a Brand,
    /// Whether analysis takes it for spam.
    pub is_spam: bool,
    /// When it was posted, on the author's clock.
    pub posted: PostedAt,
}

/// What was read of deadline and place before judging.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clues {
    /// The instant after which a gesture would come too late.
    pub deadline: Option<Deadline>,
    /// Where the person is or will be, as named.
    pub place: Option<String>,
    /// That place on the map.
    pub place_found: Option<Place>,
    /// Where several places of that name are as likely: two or three of them.
    pub place_candidates: Vec<Place>,
}

impl Clues {
    /// What the post itself says of deadline and place.
    #[must_use]
    pub fn read(subject: &Subject<'_>) -> Self {
        let scene = place::Scene {
            tokens: subject.tokens,
            lang: subject.lang,
            brand: subject.brand,
            author: Some(&subject.item.author),
            posted: Some(subject.posted),
        };
        let meeting = place::place(&scene).unwrap_or_default();
        Self {
            deadline: deadline::deadline(subject.tokens, subject.lang, subject.posted),
            place: Some(meeting.words).filter(|words| !words.is_empty()),
            place_found: meeting.found,
            place_candidates: meeting.candidates,
        }
    }
}

/// Judges `subject`.
///
/// A post that is shut out (spam, the brand's own, news, a bare retweet and so on) has no kinds, and a reason `out.*`.
/// Deadline and place are kept only where somebody should act. [`Judgement::reasons`] are the parts of the score,
/// largest first. Linear in the length of the text.
#[must_use]
pub fn judge(subject: &Subject<'_>, clues: impl FnOnce() -> Clues) -> Judgement {
    let post = Post::new(subject);
    if let Some(out) = exclude::why_not(&post) {
        let reasons = vec![out];
        return Judgement { score: score::score(&reasons), reasons, ..Judgement::default() };
    }
    let clues = clues();
    let held = kinds::of(&post);
    let kinds: Vec<Kind> = held.iter().map(|held| held.kind).collect();
    let care = care::reasons(&post);
    let hook = hook::of(&post, &kinds, &clues);
    let door = door::of(&post, &kinds);
    let mut judgement =
        Judgement { phase: phase::of(&post, &kinds), care: !care.is_empty(), kinds, ..Judgement::default() };
    let mut reasons = care;
    match is_surprise(&post, &judgement, &clues, &hook, &door) {
        Ok(beyond) => {
            judgement.surprise = true;
            reasons.push(Reason::rule(beyond, 0.0));
        }
        Err(why_not) => reasons.push(Reason::rule(why_not, 0.0)),
    }
    judgement.slots.wish = judgement.kinds.contains(&Kind::Wish).then(|| wish::thing(&post)).flatten();
    reasons.extend(score::reasons(&post, &held, &judgement, &clues, &hook, &door));
    if judgement.is_opportunity() {
        let Clues { deadline, place, place_found, place_candidates } = clues;
        judgement.slots = Slots { deadline, place, place_found, place_candidates, ..judgement.slots };
    }
    judgement.score = score::score(&reasons);
    judgement.reasons = score::sorted(reasons);
    judgement
}

/// All four must hold: hook, open door, beyond duty, doable and harmless. Says what carries it, or what is missing.
fn is_surprise(
    post: &Post<'_>,
    judgement: &Judgement,
    clues: &Clues,
    hook: &hook::Hook,
    door: &door::Door,
) -> Result<&'static str, &'static str> {
    if let Some(harm) = harm::forbids(post, judgement.care, clues) {
        return Err(harm);
    }
    if !hook.holds() {
        return Err("no_surprise.no_hook");
    }
    if !door.holds() {
        return Err("no_surprise.closed_door");
    }
    duty::beyond(post, &judgement.kinds).ok_or("no_surprise.owed")
}
