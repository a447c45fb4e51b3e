//! The zone that a text names behind an hour: "9am ET", "18 Uhr MEZ", "a las 9 hora de México".
//!
//! In: tokens and where the hour ends. Out: the zone, or that there is one which nobody knows.
//! Names of clocks are read with the rules of their country: "EST" in July is what New York's clocks show.

use crate::text::{TokenKind, Tokens};
use jiff::tz::TimeZone;

/// What stands behind an hour.
pub(super) enum Said {
    /// A zone.
    Known(TimeZone),
    /// Letters that look like a zone.
    Unknown,
}

/// Short names, in capitals in the text.
const SHORT: &[(&str, &str)] = &[
    ("et", "America/New_York"),
    ("est", "America/New_York"),
    ("edt", "America/New_York"),
    ("ct", "America/Chicago"),
    ("cst", "America/Chicago"),
    ("cdt", "America/Chicago"),
    ("mt", "America/Denver"),
    ("mst", "America/Denver"),
    ("mdt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("cet", "Europe/Berlin"),
    ("cest", "Europe/Berlin"),
    ("mez", "Europe/Berlin"),
    ("mesz", "Europe/Berlin"),
    ("hec", "Europe/Paris"),
    ("gmt", "Etc/UTC"),
    ("utc", "Etc/UTC"),
    ("bst", "Europe/London"),
    ("aest", "Australia/Sydney"),
    ("aedt", "Australia/Sydney"),
    ("jst", "Asia/Tokyo"),
    ("ist", "Asia/Kolkata"),
];

/// Places whose clock is named, by the words around them ("New Yorker Zeit", "heure de Montréal", "London time").
const PLACES: &[(&[&str], &str)] = &[
    (&["new", "yorker", "zeit"], "America/New_York"),
    (&["new", "york", "time"], "America/New_York"),
    (&["eastern", "time"], "America/New_York"),
    (&["eastern"], "America/New_York"),
    (&["central", "time"], "America/Chicago"),
    (&["mountain", "time"], "America/Denver"),
    (&["pacific", "time"], "America/Los_Angeles"),
    (&["pacific"], "America/Los_Angeles"),
    (&["uk", "time"], "Europe/London"),
    (&["london", "time"], "Europe/London"),
    (&["londoner", "zeit"], "Europe/London"),
    (&["deutscher", "zeit"], "Europe/Berlin"),
    (&["schweizer", "zeit"], "Europe/Zurich"),
    (&["heure", "de", "paris"], "Europe/Paris"),
    (&["heure", "de", "montréal"], "America/Toronto"),
    (&["heure", "du", "québec"], "America/Toronto"),
    (&["hora", "de", "méxico"], "America/Mexico_City"),
    (&["hora", "de", "mexico"], "America/Mexico_City"),
    (&["hora", "peninsular"], "Europe/Madrid"),
    (&["hora", "de", "madrid"], "Europe/Madrid"),
    (&["hora", "argentina"], "America/Argentina/Buenos_Aires"),
    (&["hora", "de", "argentina"], "America/Argentina/Buenos_Aires"),
    (&["hora", "de", "colombia"], "America/Bogota"),
    (&["ora", "italiana"], "Europe/Rome"),
    (&["ora", "di", "new", "york"], "America/New_York"),
];

/// The zone that stands at the token `at`, and the token behind it.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<(usize, Said)> {
    if tokens.kind(at) != Some(TokenKind::Word) {
        return None;
    }
    if is_short_name(tokens, at) {
        let word = tokens.folded(at);
        let name = SHORT.iter().find(|(short, _)| *short == word).map(|(_, name)| *name);
        let zone = name.and_then(|name| TimeZone::get(name).ok());
        return Some((at + 1, zone.map_or(Said::Unknown, Said::Known)));
    }
    let stands = |words: &[&str]| words.iter().enumerate().all(|(index, word)| tokens.folded(at + index) == *word);
    let (words, name) = PLACES.iter().find(|(words, _)| stands(words))?;
    Some((at + words.len(), Said::Known(TimeZone::get(name).ok()?)))
}

/// Whether the token is the short name of a zone, or looks like one: capitals that end in "ST" or "DT".
pub(super) fn is_short_name(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.folded(at);
    tokens.get(at).is_some_and(|token| token.is_caps)
        && (SHORT.iter().any(|(short, _)| *short == word)
            || ((3..=4).contains(&word.len()) && (word.ends_with("st") || word.ends_with("dt"))))
}
