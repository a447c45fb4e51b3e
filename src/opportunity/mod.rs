//! Judges mentions: kinds, phase, slots, surprise or care, and a score with its reasons.
//!
//! In: a [`Subject`] (item, tokens, mention, brand) and the [`Clues`] of deadline and place. Out: a [`Judgement`].
//! Pure: no clock, no history, no network. The rules are in the modules, the words in `lexicons/`, the weights of the
//! conditions in `lexicons/all/score.tsv`; `learned` puts everything together.

mod blame;
mod care;
mod concept;
mod cue;
mod cues;
mod deadline;
mod door;
mod duty;
mod exclude;
#[cfg(test)]
mod fit;
mod harm;
mod hook;
mod kinds;
mod learned;
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
#[cfg(test)]
pub(crate) use fit::{Example, fit_logistic};
use post::Post;
pub use slack::{Errand, outlets};
use std::time::Duration;

/// What the team decides for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long it takes until somebody has said yes.
    pub approval: Duration,
    /// The house's zone (IANA): the clock of outlets that do not name theirs.
    pub zone: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { approval: Duration::from_secs(10 * 60), zone: "UTC".to_owned() }
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
        let care = care::is_one(&post) && exclude::leaves_care(&out);
        let reasons = vec![out];
        return Judgement { score: score::score(&reasons), reasons, care, ..Judgement::default() };
    }
    let clues = clues();
    let Sight { held, kinds, hook, door } = Sight::new(&post, &clues);
    let is_care = care::is_one(&post);
    let harm = harm::forbids(&post, is_care, &clues);
    let seen = learned::features(&post, &held, &hook, &door);
    let mut reasons = score::reasons(&post, &held, &seen, harm);
    let score = score::score(&reasons);
    let surprise = harm.is_none() && score::suffices(score, &held);
    if !surprise && harm.is_none() {
        reasons.extend(missing(&post, &kinds, &hook, &door).map(|condition| Reason::rule(condition, 0.0)));
    }
    let wish = kinds.contains(&Kind::Wish).then(|| wish::thing(&post)).flatten();
    let phase = phase::of(&post, &kinds);
    let mut judgement = Judgement { kinds, phase, surprise, care: is_care, score, reasons, ..Judgement::default() };
    judgement.slots.wish = wish;
    if judgement.is_opportunity() {
        let Clues { deadline, place, place_found, place_candidates } = clues;
        let deadline = deadline.filter(|_| judgement.surprise || judgement.kinds.iter().any(|kind| waits(*kind)));
        judgement.slots = Slots { deadline, place, place_found, place_candidates, ..judgement.slots };
    }
    judgement
}

/// Whether somebody waits for an answer to a post of that kind. Who only praises or grumbles to others names days, and
/// sets no term.
fn waits(kind: Kind) -> bool {
    !matches!(kind, Kind::Advocate | Kind::SilentGripe | Kind::Reach)
}

/// Which of the conditions of a surprise is missing, the first of them.
fn missing(post: &Post<'_>, kinds: &[Kind], hook: &hook::Hook, door: &door::Door) -> Option<&'static str> {
    let conditions = [
        ("no_surprise.no_hook", hook.holds()),
        ("no_surprise.closed_door", door.holds()),
        ("no_surprise.owed", duty::beyond(post, kinds).is_some()),
        ("no_surprise.no_kind", !kinds.is_empty()),
    ];
    conditions.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
}

/// What a post is seen to be before it is scored.
struct Sight {
    held: Vec<kinds::Held>,
    kinds: Vec<Kind>,
    hook: hook::Hook,
    door: door::Door,
}

impl Sight {
    fn new(post: &Post<'_>, clues: &Clues) -> Self {
        let held = kinds::of(post);
        let kinds: Vec<Kind> = held.iter().map(|held| held.kind).collect();
        let (hook, door) = (hook::of(post, &kinds, clues), door::of(post, &kinds));
        Self { held, kinds, hook, door }
    }
}

/// What the learned score sees in `subject`, for those who fit its weights: names and values; empty where the post is
/// shut out.
#[cfg(test)]
pub(crate) fn seen(subject: &Subject<'_>, clues: &Clues) -> Vec<(&'static str, f32)> {
    let post = Post::new(subject);
    if exclude::why_not(&post).is_some() {
        return Vec::new();
    }
    let Sight { held, hook, door, .. } = Sight::new(&post, clues);
    let seen = learned::features(&post, &held, &hook, &door);
    seen.into_iter().map(|feature| (feature.name, feature.value)).collect()
}
