//! A real question or request for help that the brand could answer.

use super::post::Post;
use crate::model::{Reason, Sentiment};

/// Cues of a question needed where nothing went wrong.
const CALM: f32 = 1.1;
/// In a bad mood most questions are blame with a mark; a real one says more.
const UPSET: f32 = 2.6;

/// What the mark alone says, where the brand is spoken to and nothing went wrong.
const MARK: f32 = 1.1;

/// The evidence of a question, or `None`.
///
/// Cues of `question` count only in a sentence that ends with a question mark, cues of `request` everywhere.
pub(super) fn evidence(post: &Post<'_>) -> Option<Reason> {
    let is_calm = post.feels(Sentiment::Neutral) && post.subject.mention.direct;
    let mark = if is_calm && post.has_question_mark() && post.n_words() > 3 { MARK } else { 0.0 };
    let asked = post.asked("question") + mark;
    let request = post.hits.sum("request");
    let upset = post.feels(Sentiment::Negative) || post.feels(Sentiment::Mixed);
    let needed = if upset { UPSET } else { CALM };
    let is_for_us = post.subject.mention.direct || !post.is_review() && is_about_brand(post);
    if asked + request < needed || !is_for_us || post.feels(Sentiment::Positive) && asked + request < UPSET {
        return None;
    }
    let asked = post.hits.of("question").find(|hit| hit.cue.weight > 0.0 && post.is_asked(hit.tokens.end));
    let marked = || Reason::rule("question.mark", 0.0);
    Some(post.hits.best("request").or(asked).map_or_else(marked, |hit| hit.reason(0.0)))
}

/// Asked of others, a question counts where a touchpoint with the brand is in it.
fn is_about_brand(post: &Post<'_>) -> bool {
    ["presales", "sales", "use", "aftersales"].iter().any(|phase| post.hits.has(phase)) || post.is_personal()
}
