//! Chooses, of all that a post says about time, the instant after which a gesture would come too late.
//!
//! In: the tokens of a post, its language and its own clock. Out: at most one deadline.
//! Opening hours, delays and what is over are none; whether the post is an opportunity at all is decided elsewhere.

use super::cue::Cues;
use crate::model::{Deadline, PostedAt};
use crate::text::{TokenKind, Tokens};
use crate::when::{TimePhrase, phrases};
use std::sync::LazyLock;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::built_in("deadline"));

/// How much of a phrase's certainty counts toward its being a deadline; the rest must come from the words around it.
const CERTAINTY_WEIGHT: f32 = 0.6;

/// A phrase below this is no deadline.
const LEAST_WEIGHT: f32 = 0.58;

/// How much more an hour says than a day.
const TO_THE_MINUTE: f32 = 0.1;

/// Words around a phrase within the same sentence, and what they add.
const OCCASION: f32 = 0.5;
const JOURNEY: f32 = 0.3;
const AHEAD: f32 = 0.2;
const BEHIND: f32 = -0.4;
const OPENING: f32 = -0.6;

/// What happens again and again, or is still talked of, is no deadline.
const HABIT: f32 = -0.5;

/// How much of an occasion or a journey counts that stands in another clause of the sentence.
const NEXT_CLAUSE: f32 = 0.6;

/// The most that an occasion or a journey adds that stands in another sentence.
const ELSEWHERE: f32 = 0.12;

/// How far around a phrase a word may stand.
const REACH_TOKENS: usize = 10;

/// How many time phrases of one post are weighed; a time table names more and sets no deadline.
const MAX_PHRASES: usize = 200;

/// The deadline that a post sets, with the words that say so.
///
/// Clock times and durations come before days, then the one with an occasion or a journey beside it, then the later.
#[must_use]
pub fn deadline(tokens: &Tokens<'_>, lang: Option<&str>, posted: PostedAt) -> Option<Deadline> {
    let everywhere: Vec<usize> = (0..tokens.len()).collect();
    let elsewhere = hook(tokens, lang, &everywhere).min(ELSEWHERE);
    let candidates = phrases(tokens, lang, posted).into_iter().filter(|phrase| !phrase.is_past).take(MAX_PHRASES);
    let (phrase, _) = candidates
        .map(|phrase| {
            let weight = weight(tokens, lang, &phrase, elsewhere);
            (phrase, weight)
        })
        .filter(|(_, weight)| *weight >= LEAST_WEIGHT)
        .max_by(|(a, a_weight), (b, b_weight)| a_weight.total_cmp(b_weight).then(a.until.cmp(&b.until)))?;
    Some(Deadline { at: phrase.until, words: tokens.words(phrase.tokens).to_owned() })
}

/// How much speaks for `phrase` being a deadline; `elsewhere` is what the rest of the post adds.
fn weight(tokens: &Tokens<'_>, lang: Option<&str>, phrase: &TimePhrase, elsewhere: f32) -> f32 {
    let sentence = around(tokens, phrase, |index| tokens.ends_sentence(index));
    let clause = around(tokens, phrase, |index| tokens.ends_sentence(index) || tokens.folded(index) == ",");
    let has = |class: &str| CUES.any(tokens, &sentence, lang, class);
    let in_clause = |class: &str| CUES.any(tokens, &clause, lang, class);
    let hook = hook(tokens, lang, &clause).max(hook(tokens, lang, &sentence) * NEXT_CLAUSE).max(elsewhere);
    let own: Vec<usize> = phrase.tokens.clone().collect();
    let is_ahead = has("ahead") || CUES.any(tokens, &own, lang, "ahead");
    let is_behind = !phrase.is_ahead && !is_ahead && has("behind");
    phrase.certainty * CERTAINTY_WEIGHT
        + hook
        + if phrase.is_to_the_minute { TO_THE_MINUTE } else { 0.0 }
        + if is_ahead { AHEAD } else { 0.0 }
        + if is_behind { BEHIND } else { 0.0 }
        + if has("opening") { OPENING } else { 0.0 }
        + if in_clause("habit") { HABIT } else { 0.0 }
}

/// What an occasion or a journey among the tokens adds.
fn hook(tokens: &Tokens<'_>, lang: Option<&str>, among: &[usize]) -> f32 {
    let has_compound = among.iter().any(|index| is_occasion_compound(tokens.folded(*index)));
    if has_compound || CUES.any(tokens, among, lang, "occasion") {
        OCCASION
    } else if CUES.any(tokens, among, lang, "journey") {
        JOURNEY
    } else {
        0.0
    }
}

/// The tokens around a phrase, without itself, as far as `ends` and the reach allow.
fn around(tokens: &Tokens<'_>, phrase: &TimePhrase, ends: impl Fn(usize) -> bool) -> Vec<usize> {
    let is_inside = |index: &usize| !ends(*index) || tokens.kind(*index) == Some(TokenKind::Break);
    let before = (0..phrase.tokens.start).rev().take(REACH_TOKENS).take_while(is_inside);
    let after = (phrase.tokens.end..tokens.len()).take(REACH_TOKENS).take_while(is_inside);
    before.chain(after).collect()
}

/// "Abiprüfung", "Silberhochzeit": German writes occasions into one word.
fn is_occasion_compound(word: &str) -> bool {
    const ENDINGS: &[&str] = &["prüfung", "hochzeit", "geburtstag", "jubiläum", "feier", "taufe", "konzert", "klausur"];
    ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: &str, posted: &str, text: &str, expected: Option<&str>) {
        let posted: PostedAt = posted.parse().expect("a time with offset");
        let found = deadline(&Tokens::new(text), Some(lang), posted).map(|deadline| deadline.at.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn the_porterhouse_is_due_when_the_guest_lands() {
        let text = "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
        check("en", "2011-08-17T15:30:00-04:00", text, Some("2011-08-17T17:30:00-04:00"));
        let posted: PostedAt = "2011-08-17T15:30:00-04:00".parse().expect("a time");
        assert_eq!(deadline(&Tokens::new(text), Some("en"), posted).map(|d| d.words).as_deref(), Some("in two hours"));
    }

    #[test]
    fn an_occasion_decides_between_two_times() {
        let posted = "2026-07-15T15:30:00+02:00";
        check("de", posted, "Kleid kommt morgen, Hochzeit ist am Samstag um 14 Uhr", Some("2026-07-18T14:00:00+02:00"));
        check(
            "en",
            posted,
            "Moving out tomorrow and then going to the sea in 3 days.",
            Some("2026-07-18T23:59:00+02:00"),
        );
        check("de", posted, "Mama fliegt morgen mit 71 zum allerersten Mal", Some("2026-07-16T23:59:00+02:00"));
        check("de", posted, "Seit Jahren fahre ich jeden Morgen um 6:42 Uhr mit dem Zug", None);
        check("de", posted, "Unsere Hochzeitsreise, mein Mann redet heute noch von der Kruste", None);
        check("en", posted, "We land there every Friday at 9pm and always have the pie", None);
        check("en", posted, "it's my birthday today", Some("2026-07-15T23:59:00+02:00"));
        check("de", posted, "Kündige heute noch, bis 18 Uhr muss die Mail raus", Some("2026-07-15T18:00:00+02:00"));
    }

    #[test]
    fn delays_opening_hours_and_tales_set_none() {
        let posted = "2026-07-15T15:30:00+02:00";
        check("en", posted, "two hours late again, thanks for nothing", None);
        check("de", posted, "Schon wieder 2 Stunden Verspätung", None);
        check("en", posted, "are you open until 9 today?", None);
        check("de", posted, "Habt ihr heute bis 20 Uhr geöffnet?", None);
        check("en", posted, "our flight today was wonderful", None);
        check("en", posted, "waited for two hours yesterday", None);
        check("en", posted, "I would love a steak someday soon", None);
    }
}
