//! Spots that are on no map: "gate B7", "Zimmer 512", "Gleis 7", "Raststätte Allertal", "via Etnea".

use super::Scene;
use super::name::is_capital;
use super::weigh::has;
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// Words behind which a number says which one.
const SPOTS: &[&str] = &[
    "gate",
    "terminal",
    "room",
    "zimmer",
    "suite",
    "lounge",
    "chambre",
    "habitación",
    "camera",
    "cabin",
    "kabine",
    "cabine",
    "platform",
    "gleis",
    "bahnsteig",
    "quai",
    "voie",
    "andén",
    "plataforma",
    "binario",
    "table",
    "tisch",
    "mesa",
    "tavolo",
    "bay",
    "bett",
    "bed",
    "lit",
    "letto",
    "seat",
    "sitz",
    "platz",
    "asiento",
    "posto",
    "reihe",
    "row",
    "fila",
    "station",
    "kasse",
    "abteil",
    "wagen",
    "coach",
    "ward",
    "halle",
    "stand",
    "stall",
    "block",
    "bib",
    "apartment",
    "parzelle",
    "stellplatz",
    "rang",
    "carrozza",
    "vagón",
    "coche",
    "voiture",
];

/// Words that want a capital letter in German: "halle 3" may be a city, "stand 5" a score.
const NOUNS: &[&str] = &["halle", "stand", "platz", "station", "wagen", "block", "rang"];

/// The first spot with a number or letter within `among`.
pub(super) fn spot(tokens: &Tokens<'_>, among: Range<usize>) -> Option<Range<usize>> {
    let is_number = |at: usize| {
        let word = tokens.folded(at);
        matches!(tokens.kind(at), Some(TokenKind::Word | TokenKind::Number))
            && word.len() <= 4
            && word.chars().all(char::is_alphanumeric)
            && word.contains(|c: char| c.is_ascii_digit())
    };
    // "coach C"
    let is_letter = |at: usize| {
        tokens.folded(at).len() == 1
            && is_capital_letter(tokens, at)
            && !matches!(tokens.folded(at), "i" | "a" | "o" | "y" | "e")
    };
    let is_spot = |at: &usize| {
        let word = tokens.folded(*at);
        let may_be = !NOUNS.contains(&word) || is_capital(tokens, *at) || word == "station";
        SPOTS.contains(&word) && may_be && (is_number(at + 1) || is_letter(at + 1))
    };
    among.into_iter().find(is_spot).map(|at| at..at + 2)
}

fn is_capital_letter(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word && token.is_capitalized)
}

/// `place`, with a spot right before or behind it: "gate B7 in Carrolton", "Oberhausen Gleis 7".
pub(super) fn with_spot(tokens: &Tokens<'_>, place: Range<usize>) -> Range<usize> {
    const LINKS: &[&str] = &[",", "in", "at", "à", "a", "en", "im", "am", "de", "di", "von", "("];
    let is_gap = |gap: Range<usize>| gap.len() <= 1 && gap.into_iter().all(|at| LINKS.contains(&tokens.folded(at)));
    let behind = spot(tokens, place.end..(place.end + 2).min(tokens.len()));
    if let Some(behind) = behind.filter(|spot| is_gap(place.end..spot.start)) {
        return place.start..behind.end;
    }
    let before = spot(tokens, place.start.saturating_sub(3)..place.start.saturating_sub(1));
    match before.filter(|spot| spot.end <= place.start && is_gap(spot.end..place.start)) {
        Some(before) => before.start..place.end,
        None => place,
    }
}

/// A street, a square, a rest stop or a station by its name: "via Etnea", "am Helvetiaplatz", "Raststätte Allertal".
pub(super) fn street(scene: &Scene<'_>) -> Option<Range<usize>> {
    let tokens = scene.tokens;
    (0..tokens.len()).find_map(|at| {
        if has(scene, at..at + 1, "street") || has(scene, at..at + 1, "station") || is_stop(tokens, at) {
            let is_link =
                |at: usize| matches!(tokens.folded(at), "de" | "di" | "del" | "della" | "du" | "des" | "la" | "d");
            let skipped = (at + 1..at + 3).take_while(|at| is_link(*at)).count();
            let first = at + 1 + skipped;
            let end = (first..first + 2).take_while(|at| is_capital(tokens, *at)).last()?;
            return Some(at..end + 1);
        }
        let word = tokens.folded(at);
        let is_named = is_capital(tokens, at) && at > 0;
        let ends =
            |endings: &[&str]| endings.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending));
        let is_german = is_named
            && has(scene, at.saturating_sub(2)..at, "there")
            && ends(&["platz", "straße", "strasse", "gasse", "allee"]);
        is_german.then(|| at..at + 1)
    })
}

/// A place at a road where people stop.
fn is_stop(tokens: &Tokens<'_>, at: usize) -> bool {
    const STOPS: &[&str] =
        &["raststätte", "rasthof", "autohof", "autogrill", "aire", "terminus", "bf", "bhf", "hbf", "hb", "bahnhof"];
    STOPS.contains(&tokens.folded(at))
}
