//! The tables of cities and airports in memory: rows that borrow from the program, and sorted hashes of their names.

use super::distance::distance_km;
use super::key::{key, key_without_umlauts};
use crate::lexicon;
use crate::model::{Coordinates, Place};
use crate::text::content_hash64;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A city of the table.
#[derive(Debug)]
pub(super) struct City {
    pub name: &'static str,
    pub country: &'static str,
    /// State, province or canton; empty where the country's codes are numbers.
    pub admin: &'static str,
    pub at: Coordinates,
    pub people: u32,
    pub zone: &'static str,
}

/// An airport of the table.
#[derive(Debug)]
pub(super) struct Airport {
    name: &'static str,
    country: &'static str,
    pub at: Coordinates,
    zone: &'static str,
    pub is_large: bool,
}

/// Cities and airports by the keys of their names.
#[derive(Debug)]
pub(super) struct Atlas {
    cities: Vec<City>,
    airports: Vec<Airport>,
    city_keys: Keys,
    airport_keys: Keys,
    /// Names that mean an airport without saying so ("Heathrow").
    nickname_keys: Keys,
    landmarks: Vec<Landmark>,
    landmark_keys: Keys,
    codes: HashMap<&'static str, u32>,
}

/// A station, quarter, venue or short name that does not name its city.
#[derive(Debug)]
pub(super) struct Landmark {
    pub kind: LandmarkKind,
    name: &'static str,
    /// The row of its city.
    city: usize,
    /// Where it is itself, where its city would mislead.
    at: Option<Coordinates>,
}

/// What a landmark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LandmarkKind {
    Station,
    Quarter,
    Venue,
    Airport,
    /// Capitals that stand for a city: "NYC".
    Short,
}

/// Hashes of names, sorted, with the rows that they name.
#[derive(Debug, Default)]
struct Keys {
    sorted: Vec<(u64, u32)>,
    /// For every value of a hash's highest bits: where such hashes begin. Spares most of the search.
    starts: Vec<u32>,
}

/// How many of the highest bits of a hash are looked up at once.
const START_BITS: u32 = 14;

static ATLAS: LazyLock<Atlas> = LazyLock::new(Atlas::load);

/// The atlas; read on first use.
pub(super) fn atlas() -> &'static Atlas {
    &ATLAS
}

/// Words of an airport's official name that nobody says.
const AIRPORT_WORDS: &[&str] = &[
    "airport",
    "international",
    "intl",
    "regional",
    "municipal",
    "aeroporto",
    "aeropuerto",
    "flughafen",
    "metropolitan",
    "county",
    "internacional",
    "aeroport",
];

/// How far an airport may lie from the city that it is named by.
const AIRPORT_REACH_KM: f64 = 70.0;

impl Atlas {
    fn load() -> Self {
        let mut atlas = Self {
            cities: Vec::with_capacity(42_000),
            airports: Vec::with_capacity(3_500),
            city_keys: Keys::default(),
            airport_keys: Keys::default(),
            nickname_keys: Keys::default(),
            landmarks: Vec::new(),
            landmark_keys: Keys::default(),
            codes: HashMap::new(),
        };
        lexicon::rows(lexicon::built_in("all", "places").unwrap_or("")).for_each(|row| atlas.add_city(&row));
        lexicon::rows(lexicon::built_in("all", "airports").unwrap_or("")).for_each(|row| atlas.add_airport(&row));
        for keys in [&mut atlas.city_keys, &mut atlas.airport_keys, &mut atlas.nickname_keys] {
            keys.finish();
        }
        lexicon::rows(lexicon::built_in("all", "landmarks").unwrap_or("")).for_each(|row| atlas.add_landmark(&row));
        atlas.landmark_keys.finish();
        atlas
    }

    fn add_city(&mut self, row: &lexicon::Row<'static>) {
        let Some(at) = coordinates(row, 3, 4) else { return };
        let index = u32::try_from(self.cities.len()).unwrap_or(u32::MAX);
        let name = row.cell(0);
        // "Zürich (Kreis 11) / Oerlikon" is called Oerlikon.
        let district = name.split_once(" / ").map(|(_, district)| district);
        let short = short_name(name, row.cell(1));
        for name in row.cell(7).split(';').chain([name]).chain(district).chain(short).filter(|name| !name.is_empty()) {
            self.city_keys.add(&key(name), index);
            key_without_umlauts(name).iter().for_each(|key| self.city_keys.add(key, index));
        }
        let people = row.cell(5).parse().unwrap_or(0);
        self.cities.push(City { name, country: row.cell(1), admin: row.cell(2), at, people, zone: row.cell(6) });
    }

    fn add_airport(&mut self, row: &lexicon::Row<'static>) {
        let Some(at) = coordinates(row, 4, 5) else { return };
        let index = u32::try_from(self.airports.len()).unwrap_or(u32::MAX);
        let name_key = key(row.cell(1));
        let words: Vec<&str> = name_key.split(' ').filter(|word| !AIRPORT_WORDS.contains(word)).collect();
        for n_words in 1..=words.len() {
            let beginning = words.get(..n_words).unwrap_or(&[]).join(" ");
            self.airport_keys.add(&beginning, index);
        }
        self.airport_keys.add(&key(row.cell(2)), index);
        key_without_umlauts(row.cell(2)).iter().for_each(|key| self.airport_keys.add(key, index));
        for name in row.cell(8).split(';').filter(|name| !name.is_empty()) {
            self.nickname_keys.add(&key(name), index);
        }
        self.codes.insert(row.cell(0), index);
        self.airports.push(Airport {
            name: row.cell(1),
            country: row.cell(3),
            at,
            zone: row.cell(6),
            is_large: row.cell(7) == "L",
        });
    }

    fn add_landmark(&mut self, row: &lexicon::Row<'static>) {
        let kind = match row.cell(0) {
            "station" => LandmarkKind::Station,
            "quarter" => LandmarkKind::Quarter,
            "venue" => LandmarkKind::Venue,
            "airport" => LandmarkKind::Airport,
            _ => LandmarkKind::Short,
        };
        let (city, country) = row.cell(2).rsplit_once(", ").unwrap_or((row.cell(2), ""));
        let is_there = |index: &usize| self.cities.get(*index).is_some_and(|city| city.country == country);
        let Some(city) = self.city_keys.of(&key(city)).find(is_there) else { return };
        let at = coordinates(row, 3, 4);
        for name in row.cell(1).split(';') {
            let index = u32::try_from(self.landmarks.len()).unwrap_or(u32::MAX);
            self.landmark_keys.add(&key(name), index);
            key_without_umlauts(name).iter().for_each(|key| self.landmark_keys.add(key, index));
            self.landmarks.push(Landmark { kind, name, city, at });
        }
    }

    /// The landmark of that key.
    pub(super) fn landmark(&self, key: &str) -> Option<&Landmark> {
        self.landmark_keys.of(key).find_map(|index| self.landmarks.get(index))
    }

    /// Where a landmark is on the map: under its own name where it has a spot of its own, else its city.
    pub(super) fn place_of(&self, landmark: &Landmark) -> Option<Place> {
        let city = self.cities.get(landmark.city)?;
        let name = if landmark.at.is_some() { landmark.name } else { city.name };
        Some(place(name, city.country, city.admin, landmark.at.unwrap_or(city.at), city.zone))
    }

    /// The cities of that key, largest first.
    pub(super) fn cities(&self, key: &str) -> impl Iterator<Item = &City> {
        self.city_keys.of(key).filter_map(|index| self.cities.get(index))
    }

    /// The city next to `at`, `within_km` kilometers at most. Looks at every city.
    pub(super) fn city_near(&self, at: Coordinates, within_km: f64) -> Option<&City> {
        let near = self.cities.iter().map(|city| (distance_km(city.at, at), city));
        near.filter(|(km, _)| *km <= within_km).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, city)| city)
    }

    /// The airport of that code, in capitals.
    pub(super) fn airport_of_code(&self, code: &str) -> Option<&Airport> {
        self.codes.get(code).and_then(|index| self.airports.get(*index as usize))
    }

    /// The airport that a nickname means.
    pub(super) fn airport_of_nickname(&self, key: &str) -> Option<&Airport> {
        self.nickname_keys.of(key).find_map(|index| self.airports.get(index))
    }

    /// The airport that somebody means who says `key` and "airport": by name, or the one of a city of that name.
    pub(super) fn airport_of_words(&self, key: &str) -> Option<&Airport> {
        let nickname = self.airport_of_nickname(key).or_else(|| self.airport_of_nickname(&format!("{key} airport")));
        if let Some(airport) = nickname {
            return Some(airport);
        }
        let city = self.cities(key).next();
        let distance = |airport: &&Airport| city.map_or(0.0, |city| distance_km(city.at, airport.at));
        let named = self.airport_keys.of(key).filter_map(|index| self.airports.get(index));
        let order = |a: &&Airport, b: &&Airport| b.is_large.cmp(&a.is_large).then(distance(a).total_cmp(&distance(b)));
        if let Some(airport) = named.min_by(order) {
            return Some(airport);
        }
        city?;
        self.airports.iter().filter(|airport| distance(airport) < AIRPORT_REACH_KM).min_by(order)
    }
}

impl City {
    /// The city as a place on the map.
    pub(super) fn place(&self) -> Place {
        place(self.name, self.country, self.admin, self.at, self.zone)
    }
}

impl Airport {
    /// The airport as a place on the map.
    pub(super) fn place(&self) -> Place {
        place(self.name, self.country, "", self.at, self.zone)
    }
}

/// What people call a city of German-speaking lands whose name says where it lies: "Freiburg im Breisgau".
fn short_name(name: &'static str, country: &str) -> Option<&'static str> {
    const BREAKS: [&str; 7] = [" am ", " an ", " im ", " in ", " ob ", " bei ", " ("];
    let is_german = matches!(country, "DE" | "AT" | "CH") && !name.contains("(Kreis");
    BREAKS.iter().filter(|_| is_german).find_map(|at| name.split_once(at)).map(|(short, _)| short)
}

fn place(name: &str, country: &str, region: &str, at: Coordinates, zone: &str) -> Place {
    let zone = (!zone.is_empty()).then(|| zone.to_owned());
    Place { name: name.to_owned(), country: country.to_owned(), region: region.to_owned(), at, zone }
}

fn coordinates(row: &lexicon::Row<'_>, lat: usize, lon: usize) -> Option<Coordinates> {
    Some(Coordinates { lat: row.cell(lat).parse().ok()?, lon: row.cell(lon).parse().ok()? })
}

/// Names are compared by 64 bits of hash: among 50,000 names and a few million lookups a wrong hit is not to be met.
fn hash(key: &str) -> u64 {
    content_hash64(&[key])
}

impl Keys {
    fn add(&mut self, key: &str, index: u32) {
        self.sorted.push((hash(key), index));
    }

    /// To be called once, before anything is looked up.
    fn finish(&mut self) {
        self.sorted.sort_unstable();
        self.sorted.dedup();
        self.sorted.shrink_to_fit();
        let start = |high: u64| self.sorted.partition_point(|(hash, _)| hash >> (u64::BITS - START_BITS) < high);
        self.starts = (0..=1 << START_BITS).map(|high| u32::try_from(start(high)).unwrap_or(u32::MAX)).collect();
    }

    /// The rows that `key` names, in their order.
    fn of(&self, key: &str) -> impl Iterator<Item = usize> + use<'_> {
        let wanted = hash(key);
        let high = usize::try_from(wanted >> (u64::BITS - START_BITS)).unwrap_or(usize::MAX);
        let near = self.starts.get(high).zip(self.starts.get(high + 1));
        let near = near.and_then(|(from, to)| self.sorted.get(*from as usize..*to as usize)).unwrap_or(&[]);
        let (wanted_here, index) =
            (move |entry: &&(u64, u32)| entry.0 == wanted, |entry: &(u64, u32)| entry.1 as usize);
        near.iter().filter(wanted_here).map(index)
    }
}
