//! Posts that are nobody's opportunity: spam, the brand's own words, news, bare retweets, politics, hate, minors.
//!
//! In: a post. Out: the rule that shuts it out, if one does.

use super::post::Post;
use crate::model::{ItemKind, Medium, Reason, Sentiment};
use crate::text::{TokenKind, fold_to_string};

/// Below this relevance another brand, or none, is meant.
const LEAST_RELEVANCE: f32 = 0.5;
/// From this many cues of a brand's own voice on, somebody answers for a firm.
const HOUSE_VOICE: f32 = 2.6;
/// From this many political words on, politics is the point.
const POLITICS: f32 = 1.6;
/// The age from which an author counts as grown up.
const GROWN_UP: u32 = 18;

/// Says whether a post is shut out.
type Rule = fn(&Post<'_>) -> bool;

/// Why nobody should act on `post`; `None` where somebody might.
pub(super) fn why_not(post: &Post<'_>) -> Option<Reason> {
    let rules: [(&str, Rule); 8] = [
        ("out.not_relevant", |post| post.subject.mention.relevance < LEAST_RELEVANCE),
        ("out.spam", |post| post.subject.is_spam),
        ("out.own_post", is_own),
        ("out.retweet", is_bare_retweet),
        ("out.news", is_news),
        ("out.politics", is_politics),
        ("out.hate", |post| post.hits.sum("hate") >= 1.0),
        ("out.minor", is_by_minor),
    ];
    let (rule, _) = rules.into_iter().find(|(_, holds)| holds(post))?;
    Some(Reason::rule(rule, super::weights::weight("score.out")))
}

/// Whether a post may be a case for care although `out` shut it out: its author is angry or young. News of an accident
/// are not: they would come by the hundred, and nobody in them waits for us.
pub(super) fn leaves_care(out: &Reason) -> bool {
    matches!(out.rule.as_str(), "out.hate" | "out.minor")
}

fn is_own(post: &Post<'_>) -> bool {
    let bare = |handle: &str| fold_to_string(handle.trim_start_matches('@'));
    let author = post.subject.item.author.handle.as_deref().map(bare).filter(|handle| !handle.is_empty());
    let brand = post.subject.brand;
    let own = brand.own_accounts.iter().map(|account| account.handle.as_str());
    let is_account =
        author.is_some_and(|author| brand.handles.iter().map(String::as_str).chain(own).any(|h| bare(h) == author));
    post.subject.mention.own || is_account || has_house_voice(post)
}

/// "Hi Mina, we're sorry to hear that. Please DM us your booking number ^AB"
fn has_house_voice(post: &Post<'_>) -> bool {
    let says_i =
        post.hits.of("voice.first").any(|hit| matches!(hit.words, "I" | "i" | "my" | "My" | "ich" | "Ich" | "mein"));
    let signature = if is_signed(post) { 1.0 } else { 0.0 };
    !post.is_review() && !says_i && post.hits.sum("house") + signature >= HOUSE_VOICE
}

/// A `^AB` at the end, as agents sign.
fn is_signed(post: &Post<'_>) -> bool {
    let tokens = post.tokens();
    let last = (0..tokens.len()).rev().find(|at| !matches!(tokens.kind(*at), Some(TokenKind::Link | TokenKind::Break)));
    let before = last.and_then(|last| last.checked_sub(1));
    before.is_some_and(|at| tokens.folded(at) == "^")
}

fn is_bare_retweet(post: &Post<'_>) -> bool {
    let tokens = post.tokens();
    let first = (0..tokens.len()).find(|at| tokens.kind(*at) != Some(TokenKind::Break)).unwrap_or(0);
    tokens.folded(first) == "rt" && tokens.kind(first + 1) == Some(TokenKind::Handle)
}

/// A newspaper, or a headline: told by nobody, with the marks of one.
fn is_news(post: &Post<'_>) -> bool {
    let item = post.subject.item;
    match item.medium {
        Medium::News => true,
        Medium::Web => !post.is_personal() || item.kind == ItemKind::Article && !post.hits.has("voice.second"),
        _ => is_headline(post),
    }
}

fn is_headline(post: &Post<'_>) -> bool {
    let marks = post.hits.sum("headline") + if post.count(TokenKind::Link) > 0 { 1.0 } else { 0.0 };
    !post.is_review()
        && !post.subject.mention.direct
        && !post.is_personal()
        && !post.hits.has("voice.second")
        && !post.feels(Sentiment::Positive)
        && marks >= 2.0
}

fn is_politics(post: &Post<'_>) -> bool {
    let politics = post.hits.sum("politics");
    politics >= POLITICS || politics >= 0.8 && !post.is_personal() && !post.subject.mention.direct
}

fn is_by_minor(post: &Post<'_>) -> bool {
    let tokens = post.tokens();
    let is_child_age = |word: &str| word.parse::<u32>().is_ok_and(|age| (5..GROWN_UP).contains(&age));
    let says_age = post.hits.of("minor").filter(|hit| hit.cue.rule == "minor.age");
    let mut ages = says_age.flat_map(|hit| hit.tokens.clone()).map(|at| tokens.folded(at));
    ages.any(is_child_age) || post.hits.has("minor.grade") || post.hits.has("minor.schule")
}
