//! Chooses, of all places that a post names, the one where one could meet its author.
//!
//! In: the tokens of a post, its language and the brand. Out: the words and, where we know it, the place on the map.
//! A route names no meeting place unless one of its ends is meant; the brand's own name is none.

use super::cue::Cues;
use crate::gazetteer::{self, FoundPlace, Hints, PlaceKind};
use crate::model::{Brand, Coordinates, Place};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;
use std::sync::LazyLock;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::built_in("meeting"));

/// A place below this is not where somebody can be met.
const LEAST_WEIGHT: f32 = 0.45;

/// How much of the certainty that the words mean a place counts.
const CERTAINTY_WEIGHT: f32 = 0.5;

/// How far before a place the verb may stand that says how somebody comes to be there.
const REACH_TOKENS: usize = 6;

/// The place where one could meet the author, in the words of the post, and on the map where it is known.
///
/// "newark airport" is on the map, "room 512" is not.
#[must_use]
pub fn place(tokens: &Tokens<'_>, lang: Option<&str>, brand: &Brand) -> Option<(String, Option<Place>)> {
    let near: Vec<Coordinates> =
        brand.locations.iter().filter_map(|location| location.place.as_ref().map(|place| place.at)).collect();
    let mut found = gazetteer::search(tokens, lang, Hints { near: &near });
    found.retain(|found| !is_brand_name(tokens, &found.tokens, brand));
    let everywhere: Vec<usize> = (0..tokens.len()).collect();
    let does = |class: &str| CUES.any(tokens, &everywhere, lang, class);
    let author = Author { arrives: does("arrival"), departs: does("depart"), stays: does("stay") };
    let heaviest = found
        .iter()
        .enumerate()
        .map(|(index, place)| (place, weight(tokens, lang, &author, &found, index)))
        .filter(|(_, weight)| *weight >= LEAST_WEIGHT)
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    match heaviest {
        Some((found, _)) => Some((tokens.words(found.tokens.clone()).to_owned(), Some(found.place.clone()))),
        None => station(tokens).or_else(|| spot(tokens)).map(|range| (tokens.words(range).to_owned(), None)),
    }
}

/// What the whole post says its author does.
struct Author {
    arrives: bool,
    departs: bool,
    stays: bool,
}

/// How much speaks for the place at `index` being where the author is or will be.
fn weight(tokens: &Tokens<'_>, lang: Option<&str>, author: &Author, found: &[FoundPlace], index: usize) -> f32 {
    let Some(place) = found.get(index) else { return 0.0 };
    let has = |at: Option<usize>, class: &str| at.is_some_and(|at| CUES.any(tokens, &[at], lang, class));
    let before = place.tokens.start.checked_sub(1);
    let lead: Vec<usize> = (place.tokens.start.saturating_sub(REACH_TOKENS)..place.tokens.start).collect();
    let last = index.checked_sub(1).and_then(|last| found.get(last));
    let next = found.get(index + 1);
    // "from Sacramento to KC": a way even where we do not know its other end.
    let starts_route = next.is_some_and(|next| is_route(tokens, lang, place, next))
        || (has(before, "from") && has(Some(place.tokens.end), "way"));
    let ends_route = last.is_some_and(|last| is_route(tokens, lang, last, place));
    let arrives = CUES.any(tokens, &lead, lang, "arrival") || (ends_route && author.arrives);
    let departs = starts_route && !arrives && author.departs;
    let is_there = has(before, "there");
    place.certainty * CERTAINTY_WEIGHT
        + if place.kind == PlaceKind::City { 0.0 } else { 0.1 }
        + if is_there { 0.2 } else { 0.0 }
        + if is_there && author.stays { 0.15 } else { 0.0 }
        + if arrives || departs { 0.35 } else { 0.0 }
        + if has(before, "toward") { 0.1 } else { 0.0 }
        + if has(Some(place.tokens.end), "outlet") { 0.2 } else { 0.0 }
        - if starts_route || ends_route { 0.3 } else { 0.0 }
}

/// Whether two places are the ends of one way: "IAD to LAX", "Hannover - Berlin", "von Köln nach Bonn".
fn is_route(tokens: &Tokens<'_>, lang: Option<&str>, from: &FoundPlace, to: &FoundPlace) -> bool {
    let gap: Vec<usize> = (from.tokens.end..to.tokens.start).collect();
    gap.len() <= 2 && CUES.any(tokens, &gap, lang, "way")
}

/// Whether the words are a part of one of the brand's names.
fn is_brand_name(tokens: &Tokens<'_>, range: &Range<usize>, brand: &Brand) -> bool {
    let words = gazetteer::key(tokens.words(range.clone()));
    let names = brand.aliases.iter().chain([&brand.name]).chain(&brand.products);
    names.map(|name| gazetteer::key(name)).any(|name| name == words || name.split(' ').any(|word| word == words))
}

/// A station that the gazetteer does not know: "Bf Altona", "Przemysl Bahnhof".
fn station(tokens: &Tokens<'_>) -> Option<Range<usize>> {
    const STATION: &[&str] = &["bf", "bhf", "hbf", "hb", "bahnhof", "hauptbahnhof"];
    let is_name = |at: usize| {
        tokens.kind(at) == Some(TokenKind::Word)
            && tokens.get(at).is_some_and(|token| token.is_capitalized && !token.is_caps)
    };
    (0..tokens.len()).find_map(|at| {
        if !STATION.contains(&tokens.folded(at)) {
            return None;
        }
        let is_short = tokens.folded(at).len() <= 3;
        match (is_name(at + 1), at.checked_sub(1).filter(|before| is_name(*before))) {
            (true, _) => Some(at..at + 2),
            (false, Some(before)) if is_short => Some(before..at + 1),
            _ => None,
        }
    })
}

/// A spot within a house: "gate B7", "room 512", "Zimmer 512", "Terminal 2".
fn spot(tokens: &Tokens<'_>) -> Option<Range<usize>> {
    const SPOTS: &[&str] =
        &["gate", "terminal", "room", "zimmer", "suite", "lounge", "chambre", "habitación", "camera"];
    let has_number = |at: usize| {
        matches!(tokens.kind(at), Some(TokenKind::Word | TokenKind::Number))
            && tokens.folded(at).contains(|c: char| c.is_ascii_digit())
            && tokens.folded(at).len() <= 4
    };
    (0..tokens.len()).find(|at| SPOTS.contains(&tokens.folded(*at)) && has_number(at + 1)).map(|at| at..at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brand(name: &str) -> Brand {
        serde_json::from_value(serde_json::json!({ "id": "b", "name": name })).expect("a brand")
    }

    fn check(lang: &str, brand_name: &str, text: &str, expected: Option<&str>) {
        let found = place(&Tokens::new(text), Some(lang), &brand(brand_name)).map(|(words, on_map)| match on_map {
            Some(on_map) => format!("{words}={}", on_map.name),
            None => words,
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn the_guest_can_be_met_at_the_airport() {
        let text = "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? K, thanks. :)";
        check("en", "Morton's", text, Some("newark airport=Newark Liberty International Airport"));
    }

    #[test]
    fn the_end_where_somebody_lands_is_meant_and_a_route_is_not() {
        check("en", "Delta", "Landing at LGA at 9, haven't eaten since breakfast", Some("LGA=La Guardia Airport"));
        check("en", "Delta", "flight JFK - SFO today was bumpy", None);
        check(
            "en",
            "Delta",
            "left my hat on flight 89 IAD to LAX. Nobody answers at LAX!",
            Some("LAX=Los Angeles International Airport"),
        );
        check("de", "Lufthansa", "Opa fliegt morgen zum ersten Mal, FRA nach Oslo", Some("FRA=Frankfurt Airport"));
        check("de", "Bahn", "Fährt der Zug Hannover - Berlin heute?", None);
    }

    #[test]
    fn stations_and_rooms_are_meeting_places() {
        check("de", "SBB", "Wer bringt mir was an den Zürich HB?", Some("Zürich HB=Zürich"));
        check("de", "Motel One", "Weisheitszähne raus, Zimmer 512, Suppe gibt es leider nicht", Some("Zimmer 512"));
        check("en", "Delta", "Shoutout to Carla at gate B7", Some("gate B7"));
        check("de", "Bahn", "Aus dem Bf Musterstadt herausgefunden", Some("Bf Musterstadt"));
    }

    #[test]
    fn the_brands_own_name_is_no_place() {
        check("en", "Orange", "no signal in Orange land", None);
        check("en", "Boston Market", "dinner at Boston Market", None);
    }
}
