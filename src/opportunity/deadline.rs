//! Chooses, of all that a post says about time, the instant after which a gesture would come too late.
//!
//! In: the tokens of a post, its language and its own clock. Out: at most one deadline.
//! Each time that is named is weighed by what stands around it (`feature`), with the weights of
//! `lexicons/all/deadline_weights.tsv`, which are fitted on `training/opportunity`. What is over is none;
//! whether the post is an opportunity at all is decided elsewhere.

mod feature;
#[cfg(test)]
mod train;

use crate::lexicon;
use crate::model::{Deadline, PostedAt};
use crate::text::{Tokens, WordMap};
use crate::when::{TimePhrase, phrases};
use feature::Surroundings;
use std::sync::LazyLock;

static WEIGHTS: LazyLock<WordMap<&'static str, f32>> = LazyLock::new(|| {
    let text = lexicon::built_in("all", "deadline_weights").unwrap_or("");
    lexicon::rows(text).filter_map(|row| Some((row.cell(0), row.number(1).ok()?))).collect()
});

/// A phrase that weighs less is no deadline: chosen on the training part, where about one in ten that are set is none.
const LEAST_WEIGHT: f32 = 0.1;

/// Ordinary posts say "today" of a delay or a visit far more often than the posts on which the weights are fitted.
const MERE_NOW: f32 = -0.8;

/// "The dress comes tomorrow, the wedding is on Saturday": of several times the occasion picks its own.
const PICKED: f32 = 0.8;

/// "It's my birthday today".
const BESIDE_OCCASION: f32 = 1.3;

/// How many time phrases of one post are weighed; a time table names more and sets no deadline.
const MAX_PHRASES: usize = 100;

/// The deadline that a post sets, with the words that say so: of those that weigh enough the heaviest, then the later.
#[must_use]
pub fn deadline(tokens: &Tokens<'_>, lang: Option<&str>, posted: PostedAt) -> Option<Deadline> {
    let ahead = ahead(tokens, lang, posted);
    if ahead.is_empty() {
        return None;
    }
    let surroundings = Surroundings::new(tokens, lang, posted, &ahead);
    let (phrase, _) = ahead
        .iter()
        .map(|phrase| (phrase, weight(&surroundings, phrase)))
        .filter(|(_, weight)| *weight >= LEAST_WEIGHT)
        .max_by(|(a, a_weight), (b, b_weight)| a_weight.total_cmp(b_weight).then(a.until.cmp(&b.until)))?;
    Some(Deadline { at: phrase.until, words: tokens.words(phrase.tokens.clone()).to_owned() })
}

/// The times named that are still to come.
fn ahead(tokens: &Tokens<'_>, lang: Option<&str>, posted: PostedAt) -> Vec<TimePhrase> {
    phrases(tokens, lang, posted).into_iter().filter(|phrase| !phrase.is_past).take(MAX_PHRASES).collect()
}

fn weight(surroundings: &Surroundings<'_>, phrase: &TimePhrase) -> f32 {
    let features = surroundings.features(phrase);
    let sum: f32 = features.iter().map(|(name, value)| WEIGHTS.get(name).copied().unwrap_or(0.0) * value).sum();
    let picked = if surroundings.is_picked(phrase) { PICKED } else { 0.0 };
    let now = if surroundings.is_mere_now(phrase) { MERE_NOW } else { 0.0 };
    let beside = if surroundings.is_beside_occasion(phrase) { BESIDE_OCCASION } else { 0.0 };
    sum + picked + now + beside
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
        check("de", posted, "Mama fliegt morgen mit 71 zum allerersten Mal", Some("2026-07-16T23:59:00+02:00"));
        check("de", posted, "Seit Jahren fahre ich jeden Morgen um 6:42 Uhr mit dem Zug", None);
        check("de", posted, "Unsere Hochzeitsreise, mein Mann redet heute noch von der Kruste", None);
        check("en", posted, "We land there every Friday at 9pm and always have the pie", None);
        check("en", posted, "it's my birthday today", Some("2026-07-15T23:59:00+02:00"));
        check("de", posted, "Kündige heute noch, bis 18 Uhr muss die Mail raus", Some("2026-07-15T18:00:00+02:00"));
    }

    #[test]
    fn a_post_of_twenty_thousand_words_is_read_and_many_days_set_no_deadline() {
        let posted = "2026-07-15T15:30:00+02:00";
        let dates = "May 3, May 9, June 1, June 14, July 20, July 24, August 2, August 8, Sept 5, Oct 3, Nov 1, Dec 24";
        check("en", posted, dates, None);
        let long = "the train left at nine and on Friday we go at 18:30 in two hours ".repeat(1_400);
        let posted: PostedAt = posted.parse().expect("a time");
        let _ = deadline(&Tokens::new(&long), Some("en"), posted);
        let _ = deadline(&Tokens::new(&long), None, posted);
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
