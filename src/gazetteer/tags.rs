//! Places inside hashtags and handles: "#BfAltona", "#hannover", "@flypdx", "@HeathrowAirport".

use super::atlas::{LandmarkKind, atlas};
use super::codes::{is_ordinary_code, is_ordinary_name};
use super::evidence::{LARGE_CITY, STRONG, strength_before};
use super::find::{AIRPORT_WORDS, STATION_WORDS, airport_named, find, station_named};
use super::key::key;
use super::search::{FoundPlace, LEAST_CERTAINTY, PlaceKind, Text};
use crate::lexicon::ordinary::{is_given_name, is_word};
use crate::model::Place;
use std::ops::Range;

/// A tag or handle that says what it is: an airport, a station, a park.
const TELLING: f32 = 0.75;

impl Text<'_> {
    /// The place that the hashtag at `at` names.
    pub(super) fn hashtag(&self, at: usize) -> Option<FoundPlace> {
        let name = self.tokens.words(at..at + 1).strip_prefix('#')?;
        // "HBF #Essen": the station before it makes a city of the tag.
        let before = at.checked_sub(1).filter(|before| STATION_WORDS.contains(&self.tokens.folded(*before)));
        if let Some((before, place)) = before.zip(station_named(&key(name)).or_else(|| find(name))) {
            return found(before..at + 1, place, PlaceKind::Station, 0.85);
        }
        let airport = atlas().airport_of_code(name).filter(|_| {
            let is_gone_to = strength_before(self.tokens, self.lang, at) >= STRONG;
            (is_gone_to || self.speaks_of_travel()) && !is_ordinary_code(name)
        });
        if let Some(airport) = airport {
            return found(at..at + 1, airport.place(), PlaceKind::Airport, 0.6);
        }
        if let Some((place, kind)) = telling(&parted(name)) {
            return found(at..at + 1, place, kind, TELLING);
        }
        let name_key = key(name);
        let city = atlas().cities(&name_key).next().filter(|city| city.people >= LARGE_CITY)?;
        let is_capital = name.starts_with(char::is_uppercase);
        let is_word = || is_word(&name_key, None) || is_given_name(&name_key) || name_key.len() < 5;
        if !is_capital && is_word() {
            return None;
        }
        let certainty = if is_capital { 0.55 } else { LEAST_CERTAINTY } + strength_before(self.tokens, self.lang, at)
            - if is_ordinary_name(&name_key) { 0.2 } else { 0.0 };
        found(at..at + 1, city.place(), PlaceKind::City, certainty)
    }

    /// The place whose own account the handle at `at` is.
    pub(super) fn handle(&self, at: usize) -> Option<FoundPlace> {
        let name = self.tokens.words(at..at + 1).strip_prefix('@')?;
        let name = name.split('@').next().unwrap_or(name);
        if let Some((place, kind)) = telling(&parted(name)) {
            return found(at..at + 1, place, kind, TELLING);
        }
        let folded = name.to_ascii_lowercase();
        let rest = folded.strip_prefix("fly2").or_else(|| folded.strip_prefix("fly"))?;
        let by_code = atlas().airport_of_code(&rest.to_ascii_uppercase());
        let airport = by_code.or_else(|| atlas().airport_of_nickname(rest))?;
        found(at..at + 1, airport.place(), PlaceKind::Airport, TELLING)
    }
}

/// A name that says that it is an airport, a station or a park.
fn telling(words: &str) -> Option<(Place, PlaceKind)> {
    let key = key(words);
    let landmark = atlas().landmark(&key).and_then(|landmark| match landmark.kind {
        LandmarkKind::Station => Some((atlas().place_of(landmark)?, PlaceKind::Station)),
        LandmarkKind::Venue => Some((atlas().place_of(landmark)?, PlaceKind::Venue)),
        _ => None,
    });
    let has = |kinds: &[&str]| key.contains(' ') && key.split(' ').any(|word| kinds.contains(&word));
    landmark
        .or_else(|| airport_named(&key).filter(|_| has(AIRPORT_WORDS)).map(|place| (place, PlaceKind::Airport)))
        .or_else(|| station_named(&key).filter(|_| has(STATION_WORDS)).map(|place| (place, PlaceKind::Station)))
}

/// "BfAltona" as "Bf Altona", "HeathrowAirport" as "Heathrow Airport".
fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 4);
    let mut is_after_small = false;
    for character in name.chars() {
        if character == '_' {
            parted.push(' ');
        } else {
            if is_after_small && character.is_uppercase() {
                parted.push(' ');
            }
            parted.push(character);
        }
        is_after_small = character.is_lowercase();
    }
    parted
}

fn found(tokens: Range<usize>, place: Place, kind: PlaceKind, certainty: f32) -> Option<FoundPlace> {
    let certainty = certainty.min(1.0);
    (certainty >= LEAST_CERTAINTY).then(|| FoundPlace { tokens, place, rivals: Vec::new(), kind, certainty })
}
