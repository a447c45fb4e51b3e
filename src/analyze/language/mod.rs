//! Which language a text is in.
//!
//! In: the tokens of a text, and what its source says. Out: a [`Language`], which may be a mixed one or none.
//! Handles, links and emoji say nothing. The cheapest evidence comes first, and what follows is asked only where it
//! leaves a doubt: scripts, common words of our lists, their letters, whichlang's vote, at last whatlang.
//! A source's word is weighed with the rest: sources are often wrong.

mod evidence;
mod model;
mod script;

use crate::text::Tokens;
use evidence::Evidence;
use model::LANGUAGES;
use std::sync::LazyLock;
use whatlang::{Detector, Lang};

/// Fewer letters than this say nothing of a language.
const LEAST_LETTERS: usize = 3;

/// Leads, in natural logarithms: from this one on the listed words alone decide.
const PLAIN_LEAD: f32 = 10.0;

/// From this lead on nobody else is asked for a vote.
const SURE_LEAD: f32 = 4.0;

/// Below this lead whatlang is asked too.
const DOUBTFUL_LEAD: f32 = 0.3;

/// The same where no list has a word of the text: it may be of a language that we have no list of.
const STRANGE_LEAD: f32 = 1.5;

/// Below this lead a text is undecided.
const LEAST_LEAD: f32 = 0.05;

/// What whichlang's vote weighs.
const VOTE: f32 = 1.5;

/// What whatlang's vote weighs.
const SECOND_VOTE: f32 = 0.7;

/// What the word of a source weighs: less than one common word.
const HINT: f32 = 2.5;

/// What it weighs where there are fewer than [`FEW_WORDS`]: most of such words are borrowed or greetings.
const HINT_OF_FEW_WORDS: f32 = 6.0;

/// What it weighs that a brand which the text names is listened for in a language: it only settles a doubt.
const USUAL: f32 = 1.0;

/// Longer texts say themselves what they are in.
const USUAL_WORDS: usize = 8;

/// Fewer words than this are no sentence.
const FEW_WORDS: usize = 3;

/// The lead that outvotes a source that names a language which our lists lack.
const OUTVOTES_STRANGER: f32 = 4.0;

/// How many letters whichlang looks at.
const VOTE_LETTERS: usize = 400;

/// How many letters whatlang looks at: it costs the most by far.
const SECOND_VOTE_LETTERS: usize = 200;

/// Confidence from which whatlang may name a language that nobody else knows (measured on short posts).
const STRANGER_CONFIDENCE: f64 = 0.5;

/// How common the languages are in what people post, natural logarithms.
const COMMON: [(&str, f32); 24] = [
    ("en", 0.8),
    ("de", 0.4),
    ("es", 0.4),
    ("fr", 0.4),
    ("it", 0.4),
    ("pt", 0.4),
    ("nl", 0.0),
    ("pl", 0.0),
    ("tr", 0.0),
    ("sv", -0.4),
    ("da", -0.4),
    ("ro", -0.4),
    ("ru", -0.4),
    ("ca", -1.2),
    ("hu", -1.2),
    ("sk", -1.2),
    ("sl", -1.2),
    ("bg", -1.2),
    ("sq", -1.6),
    ("eu", -1.6),
    ("cs", -1.2),
    ("no", -1.6),
    ("fi", -1.2),
    ("gl", -2.0),
];

/// Languages that our lists lack, each with one that they have and take it for.
const RELATED: [(&str, &str); 13] = [
    ("nb", "no"),
    ("nn", "no"),
    ("nb", "da"),
    ("nn", "da"),
    ("hr", "sl"),
    ("bs", "sl"),
    ("sr", "sl"),
    ("uk", "ru"),
    ("be", "ru"),
    ("mk", "bg"),
    ("af", "nl"),
    ("lb", "de"),
    ("oc", "ca"),
];

/// What a text is written in; codes are ISO 639-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language<'h> {
    /// One language.
    Of(&'h str),
    /// Sentences of two languages.
    Mixed(&'h str, &'h str),
    /// Nothing to go by, or too little.
    Undecided,
}

impl<'h> Language<'h> {
    /// The one language of the text; `None` where it is mixed or undecided.
    #[must_use]
    pub fn one(self) -> Option<&'h str> {
        match self {
            Self::Of(code) => Some(code),
            Self::Mixed(..) | Self::Undecided => None,
        }
    }
}

/// The one language of a text as ISO 639-1, or `None` where it is mixed or cannot be decided.
///
/// `hint` is what the source says (BCP 47).
#[must_use]
pub fn decide<'h>(tokens: &Tokens<'_>, hint: Option<&'h str>) -> Option<&'h str> {
    judge(tokens, hint).one()
}

/// What a text is written in; `hint` is what the source says (BCP 47).
///
/// Looks at a bounded part of a long text. Never fails.
#[must_use]
pub fn judge<'h>(tokens: &Tokens<'_>, hint: Option<&'h str>) -> Language<'h> {
    judge_among(tokens, hint, &[])
}

/// The one language of a text, like [`decide`]; of a short one `usual` are the languages that it may well be in: those
/// that the brands in it are listened for.
#[must_use]
pub(super) fn decide_among<'h>(tokens: &Tokens<'_>, hint: Option<&'h str>, usual: &[&str]) -> Option<&'h str> {
    judge_among(tokens, hint, usual).one()
}

fn judge_among<'h>(tokens: &Tokens<'_>, hint: Option<&'h str>, usual: &[&str]) -> Language<'h> {
    let hint = hint.and_then(|tag| tag.get(..2)).filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase()));
    let mut evidence = Evidence::of_words(tokens);
    if evidence.letters.all < LEAST_LETTERS {
        return hint.map_or(Language::Undecided, Language::Of);
    }
    if let Some(code) = evidence.letters.language() {
        return Language::Of(code);
    }
    if let Some((one, other)) = evidence.mixed() {
        return Language::Mixed(one, other);
    }
    COMMON.iter().for_each(|(code, logs)| evidence.favor(code, *logs));
    let hint_weight = if evidence.len() < FEW_WORDS { HINT_OF_FEW_WORDS } else { HINT };
    hint.into_iter().for_each(|code| evidence.favor(code, hint_weight));
    if evidence.len() <= USUAL_WORDS {
        usual.iter().for_each(|code| evidence.favor(code, USUAL));
    }
    let stranger = hint.filter(|code| !LANGUAGES.contains(code));
    let (code, lead) = weigh(&mut evidence);
    match stranger.or(hint) {
        Some(hint) if stranger.is_some() && (lead < OUTVOTES_STRANGER || RELATED.contains(&(hint, code))) => {
            Language::Of(hint)
        }
        Some(hint) if lead < LEAST_LEAD => Language::Of(hint),
        None if lead < LEAST_LEAD => Language::Undecided,
        _ => Language::Of(code),
    }
}

/// The language that leads and its lead, each kind of evidence asked only where those before leave a doubt.
fn weigh(evidence: &mut Evidence<'_>) -> (&'static str, f32) {
    let (code, lead) = evidence.leader();
    if lead >= PLAIN_LEAD {
        return (code, lead);
    }
    evidence.add_letters();
    let (code, lead) = evidence.leader();
    if lead >= SURE_LEAD {
        return (code, lead);
    }
    if let Some(code) = iso(whichlang::detect_language(&evidence.text(VOTE_LETTERS))) {
        evidence.favor(code, VOTE);
    }
    let (code, lead) = evidence.leader();
    if lead >= if evidence.has_listed() { DOUBTFUL_LEAD } else { STRANGE_LEAD } {
        return (code, lead);
    }
    second_vote(evidence).unwrap_or_else(|| evidence.leader())
}

/// Asks whatlang; answers only where it is sure of a language that our lists lack.
fn second_vote(evidence: &mut Evidence<'_>) -> Option<(&'static str, f32)> {
    static DETECTOR: LazyLock<Detector> =
        LazyLock::new(|| Detector::with_allowlist(DETECTED.iter().map(|(lang, _)| *lang).collect()));
    let info = DETECTOR.detect(&evidence.text(SECOND_VOTE_LETTERS))?;
    let code = DETECTED.iter().find(|(lang, _)| *lang == info.lang()).map(|(_, code)| *code)?;
    evidence.favor(code, SECOND_VOTE);
    let is_stranger = !LANGUAGES.contains(&code) && !evidence.has_listed() && info.confidence() > STRANGER_CONFIDENCE;
    is_stranger.then_some((code, STRANGE_LEAD))
}

/// The languages that whatlang may name: the commonest, and some that our lists lack.
const DETECTED: [(Lang, &str); 17] = [
    (Lang::Deu, "de"),
    (Lang::Eng, "en"),
    (Lang::Fra, "fr"),
    (Lang::Spa, "es"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Tur, "tr"),
    (Lang::Swe, "sv"),
    (Lang::Dan, "da"),
    (Lang::Ron, "ro"),
    (Lang::Hrv, "hr"),
    (Lang::Est, "et"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Ind, "id"),
];

fn iso(lang: whichlang::Lang) -> Option<&'static str> {
    Some(match lang.three_letter_code() {
        "deu" => "de",
        "eng" => "en",
        "fra" => "fr",
        "spa" => "es",
        "ita" => "it",
        "por" => "pt",
        "tur" => "tr",
        "nld" => "nl",
        "swe" => "sv",
        "rus" => "ru",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
