//! Codes of airports in a text: `LGA`, `MAD-BOG`, and not `OMG`.

use super::{FoundPlace, LEAST_CERTAINTY, PlaceKind, Text};
use crate::gazetteer::atlas::atlas;
use crate::gazetteer::codes::is_ordinary_code;
use crate::gazetteer::evidence::strength_before;
use crate::gazetteer::find::{AIRPORT_WORDS, is_town};

impl Text<'_> {
    /// An airport by its three letters.
    pub(super) fn code(&self, at: usize) -> Option<FoundPlace> {
        let token = self.tokens.get(at)?;
        let code = self.tokens.words(at..at + 1);
        if !token.is_caps || code.len() != 3 {
            return None;
        }
        let before = at.checked_sub(1).map_or("", |index| self.tokens.folded(index));
        let is_after_place_word = strength_before(self.tokens, self.lang, at) > 0.0;
        let names_airport = AIRPORT_WORDS.contains(&self.tokens.folded(at + 1)) || AIRPORT_WORDS.contains(&before);
        let is_city = |at: usize| self.is_capital(at) && is_town(self.tokens.words(at..at + 1));
        let is_route = (self.is_way(at + 1) && (self.is_clear_code(at + 2) || is_city(at + 2)))
            || (at >= 2 && self.is_way(at - 1) && self.is_clear_code(at - 2));
        if (is_ordinary_code(code) && !names_airport && !is_route) || (self.shouts && !is_after_place_word) {
            return None;
        }
        let airport = atlas().airport_of_code(code)?;
        let certainty = 0.3
            + if airport.is_large { 0.15 } else { 0.0 }
            + if is_after_place_word { 0.25 } else { 0.0 }
            + if is_route { 0.2 } else { 0.0 }
            + if names_airport { 0.4 } else { 0.0 }
            + if self.speaks_of_travel() { 0.2 } else { 0.0 };
        let tokens = at..at + 1;
        (certainty >= LEAST_CERTAINTY).then(|| FoundPlace {
            tokens,
            place: airport.place(),
            rivals: Vec::new(),
            kind: PlaceKind::Airport,
            certainty: certainty.min(1.0),
        })
    }

    /// Whether the token parts the ends of a way: "FRA-JFK", "FRA to JFK".
    fn is_way(&self, at: usize) -> bool {
        ["-", "–", "/", "→", "to", "nach", ">"].contains(&self.tokens.folded(at))
    }

    fn is_clear_code(&self, at: usize) -> bool {
        let code = self.tokens.words(at..at + 1);
        let is_caps = self.tokens.get(at).is_some_and(|token| token.is_caps);
        is_caps && !is_ordinary_code(code) && atlas().airport_of_code(code).is_some()
    }
}
