//! Which of several cities of one name is meant, or that it stays open between a few.
//!
//! In: the cities of a key and what is known beside their name (language, hints, other places of the text). Out: the
//! likeliest city, and its rivals where they are nearly as likely. Nothing is decided by chance: see the weights below.

use super::atlas::{City, atlas};
use super::distance::distance_km;
use super::evidence::MEDIUM_CITY;
use super::key::key;
use super::search::Hints;
use crate::model::{Coordinates, Place};
use jiff::tz::TimeZone;

/// Cities of one name, weighed.
#[derive(Debug)]
pub(super) struct Choice {
    /// The likeliest.
    pub best: &'static City,
    /// Where others are nearly as likely: two or three, the likeliest first; else empty.
    pub rivals: Vec<&'static City>,
}

/// All weights are doublings of the number of people: what counts 2 makes a city as likely as one four times its size.
/// Two cities stay both open while less than this lies between them.
const CLOSE: f64 = 2.0;

/// A hint, such as an outlet of the brand, lies within [`HINT_REACH_KM`].
const NEAR_HINT: f64 = 7.0;

/// A city this near to a hint counts before a larger one farther off.
const HINT_REACH_KM: f64 = 300.0;

/// The clock of the post is the clock of that city.
const SAME_CLOCK: f64 = 4.0;

/// In that country the text's language is the people's.
const SAME_LANGUAGE: f64 = 2.5;

/// The city is called so by its own people.
const OWN_NAME: f64 = 4.2;

/// On that continent.
const SAME_CONTINENT: f64 = 1.0;

/// Rivals nearer to each other than this are one place with its suburbs.
const ONE_PLACE_KM: f64 = 50.0;

/// Somebody who asks which one is meant names so many at most.
const RIVALS_MOST: usize = 3;

/// A rival has at least so many people: nobody asks whether a hamlet was meant.
const RIVAL_PEOPLE: u32 = 15_000;

/// The city that the key `name` means, and whether others may be.
///
/// `written` is the name as the text has it: an accent tells "San José" from "San Jose".
pub(super) fn choose(name: &str, written: &str, lang: &str, hints: &Hints<'_>) -> Option<Choice> {
    let mut cities = atlas().cities(name);
    let (first, second) = (cities.next()?, cities.next());
    let Some(second) = second else { return Some(Choice { best: first, rivals: Vec::new() }) };
    let weigh = |city: &'static City| (weight(city, written, lang, hints), city);
    let mut weighed: Vec<(f64, &'static City)> = [first, second].into_iter().chain(cities).map(weigh).collect();
    weighed.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let (most, best) = *weighed.first()?;
    let is_close = |(weight, city): &&(f64, &City)| most - weight < CLOSE && city.people >= RIVAL_PEOPLE;
    let mut rivals: Vec<&'static City> = Vec::new();
    for (_, city) in weighed.iter().filter(is_close) {
        let is_apart = rivals.iter().all(|rival| distance_km(rival.at, city.at) > ONE_PLACE_KM);
        if is_apart && rivals.len() < RIVALS_MOST {
            rivals.push(city);
        }
    }
    if rivals.len() < 2 {
        rivals.clear();
    }
    Some(Choice { best, rivals })
}

/// How likely a city is meant, in doublings of people.
fn weight(city: &City, written: &str, lang: &str, hints: &Hints<'_>) -> f64 {
    let is_near = |hint: &Coordinates| distance_km(*hint, city.at) < HINT_REACH_KM;
    let home = match home(lang, city) {
        // English is spoken of everywhere.
        Home::Country if lang == "en" => SAME_CONTINENT,
        Home::Country => SAME_LANGUAGE,
        Home::Continent => SAME_CONTINENT,
        Home::Elsewhere => 0.0,
    };
    f64::from(city.people.max(1)).log2()
        + if !hints.near.iter().any(is_near) {
            0.0
        } else if city.people >= MEDIUM_CITY {
            NEAR_HINT
        } else {
            NEAR_HINT / 2.0
        }
        + if hints.clock.is_some_and(|posted| keeps_clock(city, posted)) { SAME_CLOCK } else { 0.0 }
        + home
        + if is_own_name(city, written) { OWN_NAME } else { 0.0 }
        + if has_accent(written) && has_accent(city.name) { 1.5 } else { 0.0 }
        - if has_accent(written) != has_accent(city.name) { 1.0 } else { 0.0 }
}

/// Whether the city's own name is that, or begins with it: "Neustadt an der Weinstraße".
fn is_own_name(city: &City, written: &str) -> bool {
    let (own, written) = (key(city.name), key(written));
    own.strip_prefix(written.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn has_accent(name: &str) -> bool {
    !name.is_ascii()
}

/// Whether clocks in `city` showed at that moment what the author's clock showed.
fn keeps_clock(city: &City, posted: crate::model::PostedAt) -> bool {
    let zone = TimeZone::get(city.zone);
    zone.is_ok_and(|zone| zone.to_offset(posted.at) == posted.offset)
}

enum Home {
    Country,
    Continent,
    Elsewhere,
}

/// Where the people speak `lang`.
fn home(lang: &str, city: &City) -> Home {
    let countries: &[&str] = match lang {
        "de" => &["DE", "AT", "CH", "LI"],
        "en" => &["US", "GB", "IE", "CA", "AU", "NZ"],
        "fr" => &["FR", "BE", "CH", "LU", "CA"],
        "es" => &[
            "ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC", "UY", "PY", "BO", "CR", "PA", "GT", "HN", "SV", "NI", "DO",
            "CU",
        ],
        "it" => &["IT", "CH"],
        _ => &[],
    };
    if countries.contains(&city.country) {
        return Home::Country;
    }
    let is_european = city.zone.starts_with("Europe/");
    if is_european && matches!(lang, "de" | "fr" | "it") { Home::Continent } else { Home::Elsewhere }
}

impl Choice {
    /// The rivals as places on the map.
    pub(super) fn candidates(&self) -> Vec<Place> {
        self.rivals.iter().map(|city| city.place()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: &str, name: &str, hints: &Hints<'_>, expected: &str) {
        let choice = choose(&key(name), name, lang, hints).expect("a city");
        let rivals: Vec<String> = choice.rivals.iter().map(|city| format!("{}-{}", city.country, city.admin)).collect();
        assert_eq!(format!("{} {}", choice.best.country, rivals.join(" ")).trim(), expected, "{name} ({lang})");
    }

    #[test]
    fn people_language_and_accent_decide_and_what_stays_close_stays_open() {
        let nothing = Hints::default();
        check("en", "Paris", &nothing, "FR");
        check("en", "Newark", &nothing, "US");
        check("en", "Springfield", &nothing, "US US-MO US-MA US-IL");
        check("es", "San José", &nothing, "CR");
        check("de", "Frankfurt", &nothing, "DE");
        check("de", "Freiburg", &nothing, "DE");
        check("xx", "Portland", &nothing, "US");
    }

    #[test]
    fn a_hint_or_a_clock_decides_between_what_is_close() {
        let near = [Coordinates { lat: 39.8, lon: -89.6 }];
        check("en", "Springfield", &Hints { near: &near, ..Hints::default() }, "US");
        let clock = "2026-05-04T14:00:00+02:00".parse().ok();
        check("es", "Valencia", &Hints { clock, ..Hints::default() }, "ES");
    }
}
