//! What speaks for a word being a place: the words around it and the size of the city.

use crate::text::Tokens;

/// A city that everybody knows.
pub(super) const HUGE_CITY: u32 = 1_000_000;
/// A city that people of the same country know.
pub(super) const LARGE_CITY: u32 = 200_000;
/// A city that is more than its neighborhood's.
pub(super) const MEDIUM_CITY: u32 = 50_000;

/// Below this a place is a town that its neighborhood knows.
pub(super) const SMALL_CITY: u32 = 15_000;

/// What a preposition adds that places mostly follow.
pub(super) const STRONG: f32 = 0.35;
/// What "bei" adds, behind which people stand as well.
const NEARBY: f32 = 0.28;
/// What a preposition adds that other things follow as often.
const WEAK: f32 = 0.15;

const STRONG_EN: &[&str] = &["in", "at", "from", "to", "near", "via", "into", "around", "outta", "leaving", "visiting"];
const WEAK_EN: &[&str] = &["of", "for", "the", "downtown", "over", "through", "this"];
const STRONG_DE: &[&str] = &["in", "nach", "ab", "aus", "richtung", "bis", "via", "z"];
const WEAK_DE: &[&str] = &["von", "bei", "über", "für", "zwischen", "um", "vor"];

/// How strongly the word before `at` says that a place follows, from 0 to [`STRONG`].
pub(super) fn strength_before(tokens: &Tokens<'_>, lang: &str, at: usize) -> f32 {
    let Some(before) = at.checked_sub(1) else { return 0.0 };
    let word = tokens.folded(before);
    let (strong, weak): (&[&str], &[&str]) = match lang {
        "de" => (STRONG_DE, WEAK_DE),
        "fr" => (&["à", "vers", "depuis", "jusqu'à"], &["de", "sur", "pour"]),
        "es" => (&["en", "desde", "hacia"], &["a", "de", "para"]),
        "it" => (&["a", "ad", "verso"], &["da", "di", "in", "per"]),
        _ => (STRONG_EN, WEAK_EN),
    };
    // "von Basel nach Köln": the pair makes a place of both.
    let is_way = lang == "de" && word == "von" && tokens.folded(at + 1) == "nach";
    match (strong.contains(&word) || is_way, weak.contains(&word)) {
        (true, _) => STRONG,
        (_, true) if word == "bei" => NEARBY,
        (_, true) => WEAK,
        _ => 0.0,
    }
}

/// What the size of a city adds.
pub(super) fn size_bonus(people: u32) -> f32 {
    match people {
        HUGE_CITY.. => 0.3,
        LARGE_CITY.. => 0.15,
        MEDIUM_CITY.. => 0.05,
        _ => 0.0,
    }
}

/// Whether the token at `at` makes the place before it that of a shop: "your Basildon branch".
pub(super) fn is_outlet(tokens: &Tokens<'_>, at: usize) -> bool {
    const OUTLETS: &[&str] =
        &["branch", "store", "shop", "office", "location", "restaurant", "hotel", "filiale", "laden", "markt"];
    OUTLETS.contains(&tokens.folded(at))
}

/// Whether the token before `at` is one that stands before quarters and squares: "am Kotti", "à la Bastille".
pub(super) fn is_before_quarter(tokens: &Tokens<'_>, at: usize) -> bool {
    const BEFORE: &[&str] = &["am", "im", "auf", "beim", "à", "la", "a", "in", "en", "at", "outside", "near"];
    at.checked_sub(1).is_some_and(|before| BEFORE.contains(&tokens.folded(before)))
}

/// Whether the text speaks of flying, so that three capitals are likely an airport.
pub(super) fn speaks_of_travel(tokens: &Tokens<'_>) -> bool {
    (0..tokens.len()).any(|index| TRAVEL_STEMS.iter().any(|stem| tokens.folded(index).starts_with(stem)))
}

/// Whether no name of an airport or station has that word: "at the airport".
pub(super) fn is_never_in_a_name(word: &str) -> bool {
    NO_NAME_WORDS.contains(&word)
}

const NO_NAME_WORDS: &[&str] = &[
    "the", "an", "a", "at", "my", "your", "our", "this", "that", "every", "in", "to", "from", "and", "or", "with",
    "is", "der", "die", "das", "am", "im", "zum", "vom", "dem", "den", "ein", "einen", "mein", "dein", "euer", "unser",
    "und", "le", "la", "el", "al", "un", "il", "me", "you", "i", "on", "by", "for", "nach", "ab", "bis", "beim",
    "jeder",
];

const TRAVEL_STEMS: &[&str] = &[
    "flight", "flying", "flew", "plane", "gate", "airport", "board", "landed", "landing", "layover", "airline", "bags",
    "luggage", "tarmac", "connect", "delayed", "cancel", "pilot", "crew", "terminal", "runway", "depart", "arrival",
    "route", "flug", "flüge", "flieg", "gelandet", "landung", "abflug", "ankunft", "vuelo", "avión", "avion", "volo",
    "aereo", "aeropu", "aéropo", "aeropo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prepositions_count_in_their_own_language() {
        let tokens = Tokens::new("in X");
        assert!((strength_before(&tokens, "en", 1) - STRONG).abs() < f32::EPSILON);
        assert!((strength_before(&tokens, "it", 1) - WEAK).abs() < f32::EPSILON);
        assert!(strength_before(&tokens, "fr", 1) < f32::EPSILON);
    }
}
