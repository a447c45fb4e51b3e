//! Whether a deadline or a place that was found in a post is the one that people found.

use super::figures::Fit;
use crate::text::plain_spelling;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// So far from people's a deadline may lie and still be right.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// A place may be told with so many words more than people's.
const MORE_WORDS_MOST: usize = 3;

/// Words that belong to no place.
const SMALL_WORDS: [&str; 17] =
    ["the", "a", "an", "in", "at", "der", "die", "das", "le", "la", "el", "de", "of", "im", "am", "un", "une"];

/// How `said` fits the deadlines of people (ISO 8601; without an offset UTC), of which each is right.
pub(super) fn fit_of_deadline(gold: &[&str], said: Option<Timestamp>) -> Fit {
    let is_near = |said: Timestamp| {
        gold.iter().filter_map(|text| instant(text)).any(|gold| gold.duration_since(said).abs() <= TOLERANCE)
    };
    fit(gold, said.map(is_near))
}

/// How `said` fits the names that people gave a place, of which each is right: the same words but for case, accents
/// and small words; all of people's and few more; or at least half of people's.
pub(super) fn fit_of_place(gold: &[&str], said: Option<&str>) -> Fit {
    fit(gold, said.map(|said| gold.iter().any(|gold| is_same_place(&words(gold), &words(said)))))
}

fn fit(gold: &[&str], is_right: Option<bool>) -> Fit {
    match (gold.is_empty(), is_right) {
        (true, None) => Fit::Nothing,
        (true, Some(_)) => Fit::Extra,
        (false, None) => Fit::Missed,
        (false, Some(true)) => Fit::Right,
        (false, Some(false)) => Fit::Wrong,
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    let without_offset = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>().ok().or_else(without_offset)
}

fn is_same_place(gold: &[String], said: &[String]) -> bool {
    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
    let (gold_set, said_set) = (set(gold), set(said));
    let holds_it = !gold.is_empty() && gold_set.is_subset(&said_set) && said.len() <= gold.len() + MORE_WORDS_MOST;
    let is_half = said_set.is_subset(&gold_set) && said.len() * 2 >= gold.len();
    !said.is_empty() && (holds_it || is_half)
}

fn words(text: &str) -> Vec<String> {
    let plain = plain_spelling(text);
    let all = plain.split(|character: char| !character.is_alphanumeric() && character != '_');
    all.filter(|word| !word.is_empty() && !SMALL_WORDS.contains(word)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_right_within_a_quarter_of_an_hour() {
        let at = |text: &str| Some(text.parse::<Timestamp>().expect("an instant"));
        let gold = ["2026-05-04T12:00:00+02:00", "2026-05-04T11:00:00"];
        assert_eq!(fit_of_deadline(&gold, at("2026-05-04T10:14:00Z")), Fit::Right);
        assert_eq!(fit_of_deadline(&gold, at("2026-05-04T10:50:00Z")), Fit::Right);
        assert_eq!(fit_of_deadline(&gold, at("2026-05-04T10:16:00Z")), Fit::Wrong);
        assert_eq!(fit_of_deadline(&gold, None), Fit::Missed);
        assert_eq!(fit_of_deadline(&[], at("2026-05-04T10:16:00Z")), Fit::Extra);
        assert_eq!(fit_of_deadline(&[], None), Fit::Nothing);
    }

    #[test]
    fn a_place_is_the_same_whatever_its_spelling() {
        for (gold, said, expected) in [
            ("Newark Airport", "the newark airport", Fit::Right),
            ("Köln Hbf", "Koln Hbf", Fit::Right),
            ("Newark", "Newark Liberty Airport", Fit::Right),
            ("Newark Liberty Airport", "Newark Airport", Fit::Right),
            ("Newark Liberty International Airport", "Newark", Fit::Wrong),
            ("Newark", "Paris", Fit::Wrong),
            ("Newark", "in", Fit::Wrong),
        ] {
            assert_eq!(fit_of_place(&[gold], Some(said)), expected, "{gold} / {said}");
        }
    }
}
