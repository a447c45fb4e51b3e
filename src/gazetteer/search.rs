//! Finds the places that a post names.
//!
//! Airports and stations say what they are; a city must show it: by a preposition before it, a state behind it,
//! a capital letter, or its size. Ordinary words that are cities as well need more of that.

use super::atlas::{City, atlas};
use super::codes::{is_ordinary_code, is_ordinary_name};
use super::distance::distance_km;
use super::evidence::{
    LARGE_CITY, MEDIUM_CITY, STRONG, is_never_in_a_name, is_outlet, size_bonus, speaks_of_travel, strength_before,
};
use super::find::{AIRPORT_WORDS, STATION_WORDS, airport_named, find, is_in, station_named};
use super::key::key;
use crate::model::{Coordinates, Place};
use crate::text::{TokenKind, Tokens};
use std::cell::OnceCell;
use std::ops::Range;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// An airport.
    Airport,
    /// A railway station; it stands where its city stands.
    Station,
    /// A city.
    City,
}

/// A place that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPlace {
    /// The tokens that name it.
    pub tokens: Range<usize>,
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub kind: PlaceKind,
    /// How certain it is that the words mean it, from 0 to 1.
    pub certainty: f32,
}

/// What is known beside the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Places that speak for what lies near them, such as the brand's own: of two cities of one name the nearer counts.
    pub near: &'a [Coordinates],
}

/// The most words that a name has ("Frankfurt am Main", "San Pedro Sula").
const NAME_WORDS: usize = 4;

/// Below this certainty a word is not taken for a place.
const LEAST_CERTAINTY: f32 = 0.5;

/// A city this near to a hint counts before a larger one farther off.
const HINT_REACH_KM: f64 = 300.0;

/// The places that `tokens` name, in text order; none overlaps another.
///
/// `lang` is a language code, where known. Linear in the text length; a text without capitals, prepositions and
/// airport words never touches the tables.
#[must_use]
pub fn search(tokens: &Tokens<'_>, lang: Option<&str>, hints: Hints<'_>) -> Vec<FoundPlace> {
    let is_kind = |word: &str| AIRPORT_WORDS.contains(&word) || STATION_WORDS.contains(&word);
    let names_kind = (0..tokens.len()).any(|index| is_kind(tokens.folded(index)));
    let text = Text {
        tokens,
        lang: lang.and_then(|lang| lang.get(..2)).unwrap_or(""),
        hints,
        shouts: shouts(tokens),
        names_kind,
        travels: OnceCell::new(),
    };
    let mut found: Vec<FoundPlace> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match text.place_at(at) {
            Some(place) => {
                at = place.tokens.end;
                found.push(place);
            }
            None => at += 1,
        }
    }
    found
}

struct Text<'t> {
    tokens: &'t Tokens<'t>,
    lang: &'t str,
    hints: Hints<'t>,
    /// Most words are in capitals, which then say nothing.
    shouts: bool,
    /// A word for an airport or a station stands somewhere.
    names_kind: bool,
    /// Whether the text speaks of flying; looked for once, when a code asks.
    travels: OnceCell<bool>,
}

fn shouts(tokens: &Tokens<'_>) -> bool {
    let words = tokens.list().iter().filter(|token| token.kind == TokenKind::Word && token.span.len() > 1);
    let (n_caps, n_words) = words.fold((0, 0), |(caps, all), token| (caps + usize::from(token.is_caps), all + 1));
    n_words > 3 && n_caps * 2 > n_words
}

impl Text<'_> {
    fn place_at(&self, at: usize) -> Option<FoundPlace> {
        match self.tokens.kind(at)? {
            TokenKind::Word => {}
            TokenKind::Hashtag => return self.hashtag(at),
            _ => return None,
        }
        // The longest name counts: "Newark airport" before "Newark".
        self.spelled(at).or_else(|| self.code(at)).or_else(|| self.city(at))
    }

    /// An airport or station that is named with its kind, or by a name that everybody knows.
    fn spelled(&self, at: usize) -> Option<FoundPlace> {
        let longest = (2..=NAME_WORDS + 1).rev().filter(|_| self.names_kind);
        longest
            .filter_map(|n_words| self.window(at, n_words))
            .find_map(|range| {
                let has_kind = |kinds: &[&str]| range.clone().any(|index| kinds.contains(&self.tokens.folded(index)));
                let is_edge = |kinds: &[&str]| {
                    kinds.contains(&self.tokens.folded(at)) || kinds.contains(&self.tokens.folded(range.end - 1))
                };
                if has_kind(AIRPORT_WORDS) && is_edge(AIRPORT_WORDS) && self.is_name(&range, AIRPORT_WORDS) {
                    let place = airport_named(&key(self.tokens.words(range.clone())))?;
                    return Some(FoundPlace { tokens: range, place, kind: PlaceKind::Airport, certainty: 0.95 });
                }
                if has_kind(STATION_WORDS) && is_edge(STATION_WORDS) && self.is_name(&range, STATION_WORDS) {
                    let place = station_named(&key(self.tokens.words(range.clone())))?;
                    return Some(FoundPlace { tokens: range, place, kind: PlaceKind::Station, certainty: 0.9 });
                }
                None
            })
            .or_else(|| self.nickname(at))
    }

    /// Whether every word of a name but its kind could be part of one: "at the airport" has no name.
    fn is_name(&self, range: &Range<usize>, kinds: &[&str]) -> bool {
        let words: Vec<usize> =
            range.clone().filter(|index| self.tokens.kind(*index) == Some(TokenKind::Word)).collect();
        let is_kind = |index: &usize| kinds.contains(&self.tokens.folded(*index));
        let names: Vec<&usize> = words.iter().filter(|index| !is_kind(index)).collect();
        let has_article = names.iter().any(|index| is_never_in_a_name(self.tokens.folded(**index)));
        // "Newark airport" is written in small letters as well; a station wants capitals, for "bath station" may be one.
        let is_capital = |index: usize| self.tokens.get(index).is_some_and(|token| token.is_capitalized);
        !names.is_empty() && !has_article && (kinds == AIRPORT_WORDS || names.iter().all(|index| is_capital(**index)))
    }

    /// "Heathrow", "O'Hare", "Penn Station".
    fn nickname(&self, at: usize) -> Option<FoundPlace> {
        if !self.is_capital(at) {
            return None;
        }
        (1..=3).rev().filter_map(|n_words| self.window(at, n_words)).find_map(|range| {
            let airport = atlas().airport_of_nickname(&key(self.tokens.words(range.clone())))?;
            Some(FoundPlace { tokens: range, place: airport.place(), kind: PlaceKind::Airport, certainty: 0.85 })
        })
    }

    /// An airport by its three letters.
    fn code(&self, at: usize) -> Option<FoundPlace> {
        let token = self.tokens.get(at)?;
        let code = self.tokens.words(at..at + 1);
        if !token.is_caps || code.len() != 3 {
            return None;
        }
        let before = at.checked_sub(1).map_or("", |index| self.tokens.folded(index));
        let is_after_place_word = strength_before(self.tokens, self.lang, at) > 0.0;
        let names_airport = AIRPORT_WORDS.contains(&self.tokens.folded(at + 1)) || AIRPORT_WORDS.contains(&before);
        let is_route = (self.is_way(at + 1) && self.is_clear_code(at + 2))
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

    fn hashtag(&self, at: usize) -> Option<FoundPlace> {
        let name = self.tokens.words(at..at + 1).strip_prefix('#')?;
        // "HBF #Essen": the station before it makes a city of the tag.
        let before = at.checked_sub(1).filter(|before| STATION_WORDS.contains(&self.tokens.folded(*before)));
        if let Some((before, place)) = before.zip(station_named(&key(name)).or_else(|| find(name))) {
            return Some(FoundPlace { tokens: before..at + 1, place, kind: PlaceKind::Station, certainty: 0.85 });
        }
        if !name.starts_with(char::is_uppercase) {
            return None;
        }
        let tokens = at..at + 1;
        let airport = atlas().airport_of_code(name).filter(|_| self.speaks_of_travel());
        if let Some(airport) = airport.filter(|_| !is_ordinary_code(name)) {
            return Some(FoundPlace { tokens, place: airport.place(), kind: PlaceKind::Airport, certainty: 0.6 });
        }
        let city = self.best_city(&key(name)).filter(|city| city.people >= LARGE_CITY)?;
        let certainty =
            0.55 + strength_before(self.tokens, self.lang, at) - if is_ordinary_name(&key(name)) { 0.2 } else { 0.0 };
        (certainty >= LEAST_CERTAINTY).then(|| FoundPlace {
            tokens,
            place: city.place(),
            kind: PlaceKind::City,
            certainty: certainty.min(1.0),
        })
    }

    fn city(&self, at: usize) -> Option<FoundPlace> {
        let strength = strength_before(self.tokens, self.lang, at);
        if !self.is_capital(at) && strength < STRONG {
            return None;
        }
        (1..=NAME_WORDS).rev().filter_map(|n_words| self.window(at, n_words).map(|range| (n_words, range))).find_map(
            |(n_words, range)| {
                let name = key(self.tokens.words(range.clone()));
                let city = self.best_city(&name)?;
                // In small letters only what everybody knows: "in köln", but not "in allen" (Texas).
                if !self.is_capital(at) && city.people < LARGE_CITY {
                    return None;
                }
                let (city, end) = self.with_state(&name, range.end).unwrap_or((city, range.end));
                let certainty = self.city_certainty(city, &name, n_words, &range, end > range.end);
                let tokens = range.start..end;
                (certainty >= LEAST_CERTAINTY).then(|| FoundPlace {
                    tokens,
                    place: city.place(),
                    kind: PlaceKind::City,
                    certainty: certainty.min(1.0),
                })
            },
        )
    }

    fn city_certainty(&self, city: &City, name: &str, n_words: usize, range: &Range<usize>, has_state: bool) -> f32 {
        let strength = strength_before(self.tokens, self.lang, range.start);
        let is_capital = self.is_capital(range.start);
        let capital = match (is_capital, self.lang, self.is_sentence_start(range.start)) {
            (true, "de", _) | (true, _, true) => 0.0,
            (true, ..) => 0.1,
            (false, ..) => -0.1,
        };
        let ordinary = match (is_ordinary_name(name), strength >= STRONG && is_capital) {
            (true, true) => -0.2,
            (true, false) => -0.45,
            (false, _) if name.chars().count() < 4 => -0.15,
            _ => 0.0,
        };
        // "Paris Hilton", "Georgia Bulldogs": part of a longer name, or of a person's.
        let in_name = self.is_joined_name(range) && !has_state;
        0.2 + strength
            + size_bonus(city.people)
            + capital
            + ordinary
            + if n_words > 1 { 0.2 } else { 0.0 }
            + if has_state { 0.4 } else { 0.0 }
            + if is_outlet(self.tokens, range.end) { 0.3 } else { 0.0 }
            - if in_name { 0.2 } else { 0.0 }
    }

    /// The city of that name in the state or country behind it: "Newark, NJ", "Przemysl, Polen".
    fn with_state(&self, name: &str, end: usize) -> Option<(&'static City, usize)> {
        let at = if matches!(self.tokens.folded(end), "," | "(") { end + 1 } else { end };
        let words = self.tokens.words(at..at + 1);
        if self.tokens.kind(at) != Some(TokenKind::Word) || !self.is_capital(at) {
            return None;
        }
        let has_second = self.tokens.kind(at + 1) == Some(TokenKind::Word);
        let two = if has_second { self.tokens.words(at..at + 2) } else { "" };
        let is_code = words.len() == 2 && self.tokens.get(at).is_some_and(|token| token.is_caps);
        let fits = |city: &&City, qualifier: &str| (qualifier.len() > 2 || is_code) && is_in(city, qualifier);
        atlas()
            .cities(name)
            .find(|city| fits(city, two))
            .map(|city| (city, at + 2))
            .or_else(|| atlas().cities(name).find(|city| fits(city, words)).map(|city| (city, at + 1)))
    }

    /// Of the cities of that key the largest, or the largest near a hint.
    fn best_city(&self, key: &str) -> Option<&'static City> {
        let is_near = |city: &&City| {
            self.hints.near.iter().any(|hint| distance_km(*hint, city.at) < HINT_REACH_KM) && city.people >= MEDIUM_CITY
        };
        let mut cities = atlas().cities(key);
        let largest = cities.next()?;
        Some(if is_near(&largest) { largest } else { cities.find(is_near).unwrap_or(largest) })
    }

    fn speaks_of_travel(&self) -> bool {
        *self.travels.get_or_init(|| speaks_of_travel(self.tokens))
    }

    /// The tokens of `n_words` words from `at`, with the marks that names have between them.
    fn window(&self, at: usize, n_words: usize) -> Option<Range<usize>> {
        let mut end = at;
        let mut n_seen = 0;
        while n_seen < n_words {
            match self.tokens.kind(end)? {
                TokenKind::Word => n_seen += 1,
                TokenKind::Punctuation if n_seen > 0 && matches!(self.tokens.folded(end), "-" | "." | "/") => {
                    // A dot belongs to a name only behind "St".
                    let is_saint = matches!(self.tokens.folded(end - 1), "st" | "ste" | "d");
                    if self.tokens.folded(end) == "." && !is_saint {
                        return None;
                    }
                }
                _ => return None,
            }
            end += 1;
        }
        Some(at..end)
    }

    fn is_capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_capitalized)
    }

    fn is_sentence_start(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| {
            self.tokens.ends_sentence(before) || self.tokens.kind(before) == Some(TokenKind::Handle)
        })
    }

    /// Whether the name runs on: a capitalized word on either side.
    fn is_joined_name(&self, range: &Range<usize>) -> bool {
        let is_name_word = |index: usize| {
            self.lang != "de"
                && self.tokens.kind(index) == Some(TokenKind::Word)
                && self.tokens.get(index).is_some_and(|token| token.is_capitalized && !token.is_caps)
        };
        is_name_word(range.end)
            || range.start.checked_sub(1).is_some_and(|before| is_name_word(before) && !self.is_sentence_start(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(lang: &str, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let tokens = Tokens::new(text);
            let found = search(&tokens, Some(lang), Hints::default());
            let shown: Vec<String> =
                found.iter().map(|f| format!("{}={}", tokens.words(f.tokens.clone()), f.place.name)).collect();
            assert_eq!(&shown.join("; "), expected, "{text}");
        }
    }

    #[test]
    fn airports_are_found_by_name_and_by_code() {
        check(
            "en",
            &[
                (
                    "can you meet me at newark airport with a porterhouse",
                    "newark airport=Newark Liberty International Airport",
                ),
                ("Landing at LGA at 9", "LGA=La Guardia Airport"),
                ("stuck at Heathrow again", "Heathrow=London Heathrow Airport"),
                ("at the airport with my mother", ""),
                ("THE flight was FUN AND cheap", ""),
                (
                    "flight IAD to LAX today",
                    "IAD=Washington Dulles International Airport; LAX=Los Angeles International Airport",
                ),
                ("Is this LOL or WTF", ""),
                ("need to make it to #JAX for a flight", "#JAX=Jacksonville International Airport"),
            ],
        );
        check(
            "de",
            &[
                ("am Flughafen München", "Flughafen München=Munich Airport"),
                ("von FRA nach Lissabon geflogen", "FRA=Frankfurt Airport; Lissabon=Lisbon"),
            ],
        );
        check(
            "es",
            &[("en el aeropuerto de Barcelona", "aeropuerto de Barcelona=Josep Tarradellas Barcelona-El Prat Airport")],
        );
    }

    #[test]
    fn stations_are_found_by_their_city() {
        check(
            "de",
            &[
                ("Treffpunkt Zürich HB um acht", "Zürich HB=Zürich"),
                ("gestern am Kölner Hbf", "Kölner Hbf=Köln"),
                ("steht am Bahnhof", ""),
            ],
        );
        check("en", &[("waiting at Penn Station", "Penn Station=New York City"), ("at the train station", "")]);
    }

    #[test]
    fn cities_need_evidence() {
        check(
            "en",
            &[
                ("Stuck on the plane in Charlotte.", "Charlotte=Charlotte"),
                ("Nice one, best deal", ""),
                ("such a Nice steak", ""),
                ("a week in Nice", "Nice=Nice"),
                ("I was reading in the bath", ""),
                ("Hackensack, NJ", "Hackensack, NJ=Hackensack"),
                ("from your Basildon branch", "Basildon=Basildon"),
                ("Paris Hilton", ""),
                ("we split the bill", ""),
                ("an Orange phone on the Mobile network", ""),
                ("Back to Seattle to the rain", "Seattle=Seattle"),
            ],
        );
        check(
            "de",
            &[
                ("Das Essen war gut", ""),
                ("der ICE hält in Freiburg", "Freiburg=Freiburg"),
                ("Halle 7 der Messe", ""),
                ("verspätet in allen Zügen", ""),
                ("endlich in köln", "köln=Köln"),
                ("in Przemysl, Polen, gestrandet", "Przemysl, Polen=Przemyśl"),
                ("endlich in Frankfurt am Main", "Frankfurt am Main=Frankfurt am Main"),
            ],
        );
    }

    #[test]
    fn a_hint_decides_between_cities_of_one_name() {
        let tokens = Tokens::new("dinner in Birmingham");
        let alabama = [Coordinates { lat: 33.4, lon: -86.7 }];
        let near = search(&tokens, Some("en"), Hints { near: &alabama });
        assert_eq!(near.first().map(|found| found.place.country.as_str()), Some("US"));
        let anywhere = search(&tokens, Some("en"), Hints::default());
        assert_eq!(anywhere.first().map(|found| found.place.country.as_str()), Some("GB"));
    }

    proptest! {
        #[test]
        fn searching_never_panics(text in "\\PC{0,60}") {
            let tokens = Tokens::new(&text);
            for lang in [None, Some("en"), Some("de"), Some("é")] {
                for found in search(&tokens, lang, Hints::default()) {
                    prop_assert!(found.tokens.end <= tokens.len() && (0.0..=1.0).contains(&found.certainty));
                }
            }
        }

        #[test]
        fn searching_in_rows_of_names_never_panics(words in proptest::collection::vec("in|at|airport|Flughafen|Hbf|Zürich|NJ|,|Newark|St|\\.|-|EWR|to|New|York|#JAX|de", 0..10)) {
            let text = words.join(" ");
            let tokens = Tokens::new(&text);
            let _ = search(&tokens, Some("en"), Hints::default());
            let _ = find(&text);
        }
    }
}
