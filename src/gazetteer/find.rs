//! Finds the place that a configuration names.

use super::atlas::{City, LandmarkKind, atlas};
use super::choose::choose;
use super::codes::{country_of, is_ordinary_name, state_of};
use super::key::key;
use super::search::Hints;
use crate::model::Place;

/// Words by which a name says that it is an airport.
pub(super) const AIRPORT_WORDS: &[&str] =
    &["airport", "flughafen", "aeropuerto", "aeroporto", "aeroport", "aéroport", "airfield"];

/// Words by which a name says that it is a station; they stand before or behind the city.
pub(super) const STATION_WORDS: &[&str] = &[
    "hb",
    "hbf",
    "hauptbahnhof",
    "bahnhof",
    "bhf",
    "bf",
    "gare",
    "stazione",
    "station",
    "estacion",
    "estación",
    "termini",
];

/// German words for a station; a city beside them speaks German or lies next door.
const GERMAN_STATION_WORDS: &[&str] = &["hb", "hbf", "hauptbahnhof", "bahnhof", "bhf", "bf"];

const GERMAN_STATION_COUNTRIES: &[&str] = &["DE", "CH", "AT", "LI", "LU", "IT", "FR", "CZ", "PL", "NL", "BE", "DK"];

/// The place that `name` means: "Hackensack, NJ", "Zürich", "Bern, Schweiz", "EWR", "Newark airport", "Köln Hbf".
///
/// Of several cities the largest; a state or country behind a comma decides. `None` where we know none.
/// A station stands where its city stands.
#[must_use]
pub fn find(name: &str) -> Option<Place> {
    let trimmed = name.trim();
    let is_code = trimmed.len() == 3 && trimmed.chars().all(|c| c.is_ascii_uppercase());
    if let Some(airport) = atlas().airport_of_code(trimmed).filter(|_| is_code) {
        return Some(airport.place());
    }
    let whole = key(trimmed);
    if whole.split(' ').any(|word| AIRPORT_WORDS.contains(&word)) {
        return airport_named(&whole);
    }
    if let Some((city, rest)) = trimmed.split_once(',') {
        return qualified(city, rest).map(City::place);
    }
    let landmark = || atlas().landmark(&whole).and_then(|landmark| atlas().place_of(landmark));
    city_named(&whole)
        .map(City::place)
        .or_else(landmark)
        .or_else(|| atlas().airport_of_nickname(&whole).map(super::atlas::Airport::place))
        .or_else(|| station_named(&whole))
        .or_else(|| {
            let (city, state) = trimmed.rsplit_once(' ')?;
            qualified(city, state).map(City::place)
        })
}

/// The place that `name` means in a text of the language `lang`: the likeliest city, or a quarter or station.
#[must_use]
pub fn find_in_text(name: &str, lang: Option<&str>) -> Option<Place> {
    let key = key(name);
    let lang = lang.and_then(|lang| lang.get(..2)).unwrap_or("");
    let city = choose(&key, name, lang, &Hints::default()).map(|choice| choice.best.place());
    city.or_else(|| atlas().landmark(&key).and_then(|landmark| atlas().place_of(landmark)))
}

/// Whether a town or quarter of that name is known.
#[must_use]
pub fn is_town(name: &str) -> bool {
    let key = key(name);
    !is_ordinary_name(&key) && (city_named(&key).is_some() || atlas().landmark(&key).is_some())
}

/// The largest city of that key.
fn city_named(key: &str) -> Option<&'static City> {
    atlas().cities(key).next()
}

/// The city whose state or country is one of those behind its name.
pub(super) fn qualified(city: &str, qualifiers: &str) -> Option<&'static City> {
    atlas().cities(&key(city)).find(|city| qualifiers.split(',').any(|qualifier| is_in(city, qualifier.trim())))
}

/// Whether `city` lies in the state or country that `qualifier` names.
pub(super) fn is_in(city: &City, qualifier: &str) -> bool {
    let key = key(qualifier);
    let state = state_of(&key);
    let is_state = (!city.admin.is_empty() && city.admin.eq_ignore_ascii_case(qualifier))
        || state.is_some_and(|state| city.country == "US" && city.admin == state);
    is_state || city.country.eq_ignore_ascii_case(qualifier) || country_of(&key) == Some(city.country)
}

/// What stands before "aéroport", "aeroporto" without a blank in a key.
const AIRPORT_ARTICLES: [&str; 4] = ["all", "dall", "dell", "l"];

/// The airport of a name that has an airport word in it.
pub(super) fn airport_named(whole: &str) -> Option<Place> {
    let whole = AIRPORT_ARTICLES
        .iter()
        .find_map(|article| whole.strip_prefix(article).filter(|rest| rest.starts_with("aer")))
        .unwrap_or(whole);
    let is_filler = |word: &str| matches!(word, "international" | "intl" | "de" | "di" | "of" | "the" | "del" | "d");
    let words: Vec<&str> = whole.split(' ').filter(|word| !AIRPORT_WORDS.contains(word) && !is_filler(word)).collect();
    let first = words.first()?;
    let by_code = atlas().airport_of_code(&first.to_uppercase()).filter(|_| words.len() == 1);
    by_code.or_else(|| atlas().airport_of_words(&words.join(" "))).map(super::atlas::Airport::place)
}

/// The station of a name such as "koln hbf" or "gare de strasbourg"; it stands where its city stands.
pub(super) fn station_named(whole: &str) -> Option<Place> {
    if let Some(famous) = atlas().landmark(whole).filter(|landmark| landmark.kind == LandmarkKind::Station) {
        return atlas().place_of(famous);
    }
    let is_filler =
        |word: &str| matches!(word, "de" | "di" | "central" | "main" | "train" | "railway" | "s" | "u" | "d");
    let is_station = |word: &&str| STATION_WORDS.contains(word);
    whole.split(' ').find(is_station)?;
    let words: Vec<&str> = whole.split(' ').filter(|word| !is_station(word) && !is_filler(word)).collect();
    let is_german = whole.split(' ').any(|word| GERMAN_STATION_WORDS.contains(&word));
    let named =
        |key: &str| atlas().cities(key).find(|city| !is_german || GERMAN_STATION_COUNTRIES.contains(&city.country));
    let name = words.join(" ");
    if let Some(landmark) = atlas().landmark(&name).filter(|_| named(&name).is_none()) {
        return atlas().place_of(landmark);
    }
    named(&name).or_else(|| named(&inhabitants(&words)?)).map(City::place)
}

/// "Kölner Hbf": the city without its German ending.
fn inhabitants(words: &[&str]) -> Option<String> {
    let [word] = words else { return None };
    word.strip_suffix("er").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::distance_km;
    use super::*;

    fn check(name: &str, expected: &str) {
        let found = find(name).map_or_else(|| "none".to_owned(), |place| format!("{} {}", place.name, place.country));
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn names_of_configurations_are_found() {
        check("Hackensack, NJ", "Hackensack US");
        check("Hackensack NJ", "Hackensack US");
        check("Newark, New Jersey", "Newark US");
        check("Zürich", "Zürich CH");
        check("zuerich", "Zürich CH");
        check("Zurich", "Zürich CH");
        check("Bern, Schweiz", "Bern CH");
        check("Berne, Switzerland", "Bern CH");
        check("München", "Munich DE");
        check("Muenchen", "Munich DE");
        check("Monaco di Baviera", "Munich DE");
        check("Cologne", "Köln DE");
        check("Koeln", "Köln DE");
        check("Vienna, VA", "Vienna US");
        check("Wien", "Vienna AT");
        check("Genf", "Geneva CH");
        check("Limburg", "Limburg an der Lahn DE");
        check("Frankfurt", "Frankfurt am Main DE");
        check("New York, NY", "New York City US");
        check("NYC", "New York City US");
        check("Paris, France", "Paris FR");
        check("Toronto, ON", "Toronto CA");
        check("Nowhere at all", "none");
        check("", "none");
        check(",", "none");
    }

    #[test]
    fn airports_and_stations_are_found() {
        check("EWR", "Newark Liberty International Airport US");
        check("Newark airport", "Newark Liberty International Airport US");
        check("Newark Liberty International Airport", "Newark Liberty International Airport US");
        check("Flughafen München", "Munich Airport DE");
        check("Flughafen Zürich", "Zürich Airport CH");
        check("aeropuerto de Barcelona", "Josep Tarradellas Barcelona-El Prat Airport ES");
        check("JFK", "John F Kennedy International Airport US");
        check("Midway Airport", "Chicago Midway International Airport US");
        check("Heathrow", "London Heathrow Airport GB");
        check("O'Hare", "Chicago O'Hare International Airport US");
        check("Zürich HB", "Zürich CH");
        check("Köln Hbf", "Köln DE");
        check("Kölner Hbf", "Köln DE");
        check("Penn Station", "New York City US");
    }

    #[test]
    fn hackensack_is_nearer_to_newark_airport_than_atlantic_city() {
        let airport = find("EWR").expect("an airport");
        let km = |name: &str| distance_km(airport.at, find(name).expect("a city").at).round() as i64;
        assert_eq!((km("Hackensack, NJ"), km("New York, NY"), km("Atlantic City, NJ")), (24, 14, 149));
    }
}
