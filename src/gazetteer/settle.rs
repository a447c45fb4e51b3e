//! Settles which of several places of one name is meant by what else the text names.

use super::codes::{country_of, state_of};
use super::distance::distance_km;
use super::key::key;
use super::search::FoundPlace;
use crate::model::Place;
use crate::text::{TokenKind, Tokens};

/// Places that one text names mostly lie within a day's way.
const NEIGHBOR_KM: f64 = 300.0;

/// Of the other places and lands of a text so many are looked at for each rival.
const OTHERS_MOST: usize = 32;

/// Decides between rivals by a state or country that stands anywhere, else by the neighborhood of the clear places.
pub(super) fn settle(tokens: &Tokens<'_>, found: &mut [FoundPlace]) {
    if found.iter().all(|place| place.rivals.is_empty()) {
        return;
    }
    let lands = lands(tokens);
    let clear = found.iter().filter(|found| found.rivals.is_empty()).take(OTHERS_MOST);
    let clear: Vec<Place> = clear.map(|found| found.place.clone()).collect();
    for place in found.iter_mut().filter(|place| !place.rivals.is_empty()) {
        let is_told = |rival: &&Place| {
            let is_land = |(country, region): &(&str, &str)| {
                rival.country == *country && (region.is_empty() || rival.region == *region)
            };
            lands.iter().any(is_land)
        };
        let is_neighbor = |rival: &&Place| clear.iter().any(|other| distance_km(rival.at, other.at) < NEIGHBOR_KM);
        let told: Vec<Place> = place.rivals.iter().filter(is_told).cloned().collect();
        let near: Vec<Place> = place.rivals.iter().filter(is_neighbor).cloned().collect();
        if let [only] = told.as_slice() {
            settle_on(place, only.clone());
        } else if let [only] = near.as_slice() {
            settle_on(place, only.clone());
        }
    }
}

fn settle_on(found: &mut FoundPlace, place: Place) {
    found.place = place;
    found.rivals.clear();
}

/// The states and countries that the text names in full: country and region.
fn lands(tokens: &Tokens<'_>) -> Vec<(&'static str, &'static str)> {
    let is_name = |at: usize| {
        tokens.kind(at) == Some(TokenKind::Word)
            && tokens.get(at).is_some_and(|token| token.is_capitalized && token.span.len() > 3)
    };
    let land = |words: &str| {
        let key = key(words);
        state_of(&key).map(|state| ("US", state)).or_else(|| country_of(&key).map(|country| (country, "")))
    };
    let at = (0..tokens.len()).filter(|at| is_name(*at));
    at.filter_map(|at| {
        let two = is_name(at + 1).then(|| land(tokens.words(at..at + 2))).flatten();
        two.or_else(|| land(tokens.words(at..at + 1)))
    })
    .take(OTHERS_MOST)
    .collect()
}
