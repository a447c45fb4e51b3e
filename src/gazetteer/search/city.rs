//! Cities in a text by the names that people use, and how sure it is that a city is meant.

use super::{DIRECTIONS, FoundPlace, LEAST_CERTAINTY, MONTHS, NAME_WORDS, PlaceKind, QUARTER_REACH_KM, Text};
use crate::gazetteer::atlas::{City, atlas};
use crate::gazetteer::codes::is_ordinary_name;
use crate::gazetteer::distance::distance_km;
use crate::gazetteer::evidence::{
    HUGE_CITY, LARGE_CITY, MEDIUM_CITY, SMALL_CITY, STRONG, is_outlet, size_bonus, strength_before,
};
use crate::gazetteer::key::key;
use crate::lexicon::LANGUAGES;
use crate::lexicon::ordinary::{is_family_name, is_given_name, is_word};
use crate::text::TokenKind;
use std::ops::Range;

impl Text<'_> {
    pub(super) fn city(&self, at: usize) -> Option<FoundPlace> {
        let strength = strength_before(self.tokens, self.lang, at);
        let is_capital = self.is_capital(at);
        if !is_capital && strength < STRONG && !self.is_direction(at + 1) {
            return None;
        }
        (1..=NAME_WORDS)
            .rev()
            .filter_map(|n_words| self.window(at, n_words).map(|range| (n_words, range)))
            .find_map(|(n_words, range)| self.city_of(n_words, range))
    }

    /// The city that is called like the tokens of `range`, where enough speaks for it.
    fn city_of(&self, n_words: usize, range: Range<usize>) -> Option<FoundPlace> {
        let name = key(self.tokens.words(range.clone()));
        if n_words == 1 && MONTHS.contains(&name.as_str()) {
            return None;
        }
        let choice = self.choose(&name, &range)?;
        let qualified = self.with_state(&name, range.end);
        let directed = qualified.is_none() && self.is_direction(range.end);
        let joined = if qualified.is_none() && !directed { self.joined(choice.best, range.end) } else { None };
        let end = qualified.map(|(_, end)| end).or(joined).unwrap_or(range.end + usize::from(directed));
        let city = qualified.map_or(choice.best, |(city, _)| city);
        let is_known = qualified.is_some() || directed;
        if !self.may_be_meant(city, &name, &range, is_known) {
            return None;
        }
        let certainty = self.city_certainty(city, &name, n_words, &range, is_known);
        (certainty >= LEAST_CERTAINTY).then(|| FoundPlace {
            tokens: range.start..end,
            place: city.place(),
            rivals: if qualified.is_some() { Vec::new() } else { choice.candidates() },
            kind: PlaceKind::City,
            certainty: certainty.min(1.0),
        })
    }

    /// Where "Altona" of "Hamburg-Altona" ends: a quarter, and not the other end of "Hamburg-Berlin".
    fn joined(&self, city: &City, end: usize) -> Option<usize> {
        let is_hyphen = self.tokens.folded(end) == "-" && self.tokens.words(end - 1..end + 2).split(' ').count() == 1;
        if !is_hyphen || !self.is_capital(end + 1) || self.tokens.kind(end + 1) != Some(TokenKind::Word) {
            return None;
        }
        let other = atlas().cities(&key(self.tokens.words(end + 1..end + 2))).next();
        let is_far = other.is_some_and(|other| distance_km(other.at, city.at) > QUARTER_REACH_KM);
        (!is_far).then_some(end + 2)
    }

    /// In small letters only what everybody knows: "in köln", but not "in allen" (Texas). A small town's name must be
    /// nothing else: no word, no person's.
    fn may_be_meant(&self, city: &City, name: &str, range: &Range<usize>, is_known: bool) -> bool {
        if is_known {
            return true;
        }
        let word = self.tokens.folded(range.start);
        let is_single = range.len() == 1;
        let lang = LANGUAGES.iter().find(|lang| **lang == self.lang).copied();
        let is_other = || is_single && (is_word(word, lang) || is_given_name(word) || is_family_name(word));
        if !self.is_capital(range.start) {
            let least = if self.whispers { MEDIUM_CITY / 2 } else { LARGE_CITY };
            return city.people >= least && (city.people >= HUGE_CITY || name.len() >= 4 && !is_other());
        }
        city.people >= SMALL_CITY
            || (strength_before(self.tokens, self.lang, range.start) >= STRONG && name.len() > 3 && !is_other())
            || is_outlet(self.tokens, range.end)
    }

    fn city_certainty(&self, city: &City, name: &str, n_words: usize, range: &Range<usize>, is_known: bool) -> f32 {
        let strength = strength_before(self.tokens, self.lang, range.start);
        let is_capital = self.is_capital(range.start);
        let capital = match (is_capital, self.lang, self.is_sentence_start(range.start)) {
            (true, "de", _) | (true, _, true) => 0.0,
            (true, ..) => 0.1,
            (false, ..) if self.whispers => 0.0,
            (false, ..) => -0.1,
        };
        let ordinary = match (is_ordinary_name(name), strength >= STRONG && is_capital) {
            (true, true) => -0.1,
            (true, false) => -0.45,
            (false, _) if name.chars().count() < 4 => -0.15,
            _ => 0.0,
        };
        // "Paris Hilton", "Georgia Bulldogs": part of a longer name, or of a person's.
        let in_name = self.is_joined_name(range) && !is_known;
        0.2 + strength
            + size_bonus(city.people)
            + capital
            + ordinary
            + if n_words > 1 { 0.2 } else { 0.0 }
            + if is_known { 0.4 } else { 0.0 }
            + if is_outlet(self.tokens, range.end) { 0.3 } else { 0.0 }
            + if self.is_announced(range) { 0.3 } else { 0.0 }
            - if in_name { 0.2 } else { 0.0 }
    }

    /// "Abfahrt 16:47 Celle", "Gelbbus. Rostock. Neuanfang": behind a clock time, or a sentence of its own.
    fn is_announced(&self, range: &Range<usize>) -> bool {
        let Some(before) = range.start.checked_sub(1) else { return self.tokens.folded(range.end) == "." };
        let is_time = self.tokens.kind(before) == Some(TokenKind::Number) && self.tokens.folded(before).contains(':');
        // "Gleis 7, Köln, seit einer Stunde"
        let is_behind_spot = self.tokens.folded(before) == ","
            && before.checked_sub(1).is_some_and(|at| self.tokens.kind(at) == Some(TokenKind::Number));
        is_time || is_behind_spot || (self.tokens.folded(before) == "." && self.tokens.folded(range.end) == ".")
    }

    /// "Essen West", "FFM Süd", "Milano Centrale".
    pub(super) fn is_direction(&self, at: usize) -> bool {
        self.is_capital(at) && DIRECTIONS.contains(&self.tokens.folded(at))
    }
}
