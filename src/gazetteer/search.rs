//! Finds the places that a post names.
//!
//! Airports and stations say what they are; a city must show it: by a preposition before it, a state behind it,
//! a capital letter, or its size. Ordinary words that are cities as well need more of that.

mod city;
mod code;

use super::atlas::{City, Landmark, LandmarkKind, atlas};
use super::choose::{Choice, choose};
use super::evidence::{STRONG, is_before_quarter, is_never_in_a_name, speaks_of_travel, strength_before};
use super::find::{AIRPORT_WORDS, STATION_WORDS, airport_named, is_in, station_named};
use super::key::key;
use super::settle::settle;
use crate::lexicon::ordinary::is_given_name;
use crate::model::{Coordinates, Place, PostedAt};
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
    /// A city or a quarter of it.
    City,
    /// A park, a stadium and the like.
    Venue,
}

/// A place that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPlace {
    /// The tokens that name it.
    pub tokens: Range<usize>,
    /// Where it is.
    pub place: Place,
    /// Places of that name that are about as likely, `place` among them, the likeliest first; mostly none.
    pub rivals: Vec<Place>,
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
    /// When the text was written, by the author's clock, where that clock is known.
    pub clock: Option<PostedAt>,
}

/// The most words that a name has ("Frankfurt am Main", "San Pedro Sula").
const NAME_WORDS: usize = 4;

/// Below this certainty a word is not taken for a place.
pub(super) const LEAST_CERTAINTY: f32 = 0.5;

/// How far a quarter lies from its city's middle.
const QUARTER_REACH_KM: f64 = 50.0;

/// Months that are towns as well.
const MONTHS: &[&str] = &["march", "may", "august", "mai", "mars", "marzo", "avril", "april", "juni", "juli"];

/// Words behind a city that name a part of it or one of its stations.
const DIRECTIONS: &[&str] = &[
    "süd",
    "nord",
    "ost",
    "west",
    "mitte",
    "zentrum",
    "südbahnhof",
    "ostbahnhof",
    "westbahnhof",
    "sud",
    "est",
    "ouest",
    "centre",
    "central",
    "centro",
    "centrale",
    "norte",
    "sur",
    "este",
    "oeste",
    "south",
    "north",
    "east",
    "downtown",
];

/// The places that `tokens` name, in text order; none overlaps another.
///
/// `lang` is a language code, where known. Linear in the text length; a text without capitals, prepositions and
/// airport words never touches the tables.
#[must_use]
pub fn search(tokens: &Tokens<'_>, lang: Option<&str>, hints: Hints<'_>) -> Vec<FoundPlace> {
    let is_kind = |word: &str| {
        let word = without_article(word);
        AIRPORT_WORDS.contains(&word) || STATION_WORDS.contains(&word)
    };
    let names_kind = (0..tokens.len()).any(|index| is_kind(tokens.folded(index)));
    let text = Text {
        tokens,
        lang: lang.and_then(|lang| lang.get(..2)).unwrap_or(""),
        hints,
        shouts: shouts(tokens),
        whispers: whispers(tokens),
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
    settle(tokens, &mut found);
    found
}

pub(super) struct Text<'t> {
    pub(super) tokens: &'t Tokens<'t>,
    pub(super) lang: &'t str,
    hints: Hints<'t>,
    /// Most words are in capitals, which then say nothing.
    shouts: bool,
    /// Next to no word has a capital, which then says nothing either.
    whispers: bool,
    /// A word for an airport or a station stands somewhere.
    names_kind: bool,
    /// Whether the text speaks of flying; looked for once, when a code asks.
    travels: OnceCell<bool>,
}

/// "l'aéroport", "all'aeroporto": the word without its article.
fn without_article(word: &str) -> &str {
    word.split_once(['\'', '’']).map_or(word, |(_, word)| word)
}

fn whispers(tokens: &Tokens<'_>) -> bool {
    let words = tokens.list().iter().filter(|token| token.kind == TokenKind::Word);
    let (n_capitals, n_words) =
        words.fold((0, 0), |(capitals, all), token| (capitals + usize::from(token.is_capitalized), all + 1));
    n_words > 3 && n_capitals * 12 <= n_words
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
            TokenKind::Handle => return self.handle(at),
            _ => return None,
        }
        // The longest name counts: "Newark airport" before "Newark".
        self.spelled(at).or_else(|| self.landmark(at)).or_else(|| self.code(at)).or_else(|| self.city(at))
    }

    /// An airport or station that is named with its kind, or by a name that everybody knows.
    fn spelled(&self, at: usize) -> Option<FoundPlace> {
        let longest = (2..=NAME_WORDS + 1).rev().filter(|_| self.names_kind);
        longest
            .filter_map(|n_words| self.window(at, n_words))
            .find_map(|range| {
                let is_kind =
                    |kinds: &[&str], index: usize| kinds.contains(&without_article(self.tokens.folded(index)));
                let has_kind = |kinds: &[&str]| range.clone().any(|index| is_kind(kinds, index));
                let is_edge = |kinds: &[&str]| is_kind(kinds, at) || is_kind(kinds, range.end - 1);
                if has_kind(AIRPORT_WORDS) && is_edge(AIRPORT_WORDS) && self.is_name(&range, AIRPORT_WORDS) {
                    let place = airport_named(&key(self.tokens.words(range.clone())))?;
                    return Some(FoundPlace {
                        tokens: range,
                        place,
                        rivals: Vec::new(),
                        kind: PlaceKind::Airport,
                        certainty: 0.95,
                    });
                }
                if has_kind(STATION_WORDS) && is_edge(STATION_WORDS) && self.is_name(&range, STATION_WORDS) {
                    let place = station_named(&key(self.tokens.words(range.clone())))?;
                    return Some(FoundPlace {
                        tokens: range,
                        place,
                        rivals: Vec::new(),
                        kind: PlaceKind::Station,
                        certainty: 0.9,
                    });
                }
                None
            })
            .or_else(|| self.nickname(at))
    }

    /// Whether every word of a name but its kind could be part of one: "at the airport" has no name.
    fn is_name(&self, range: &Range<usize>, kinds: &[&str]) -> bool {
        let words: Vec<usize> =
            range.clone().filter(|index| self.tokens.kind(*index) == Some(TokenKind::Word)).collect();
        let is_kind = |index: &usize| kinds.contains(&without_article(self.tokens.folded(*index)));
        let names: Vec<&usize> = words.iter().filter(|index| !is_kind(index)).collect();
        let has_article = names.iter().any(|index| is_never_in_a_name(self.tokens.folded(**index)));
        // "Newark airport" is written in small letters as well; a station wants capitals, for "bath station" may be one.
        let is_capital = |index: usize| self.tokens.get(index).is_some_and(|token| token.is_capitalized);
        let is_filler = |index: usize| matches!(self.tokens.folded(index), "de" | "di" | "du" | "d" | "del");
        let (first, has_capitals) =
            (names.first(), names.iter().all(|index| is_capital(**index) || is_filler(**index)));
        let is_cut = first.is_some_and(|first| is_filler(**first) && **first == range.start);
        first.is_some() && !has_article && !is_cut && (kinds == AIRPORT_WORDS || has_capitals)
    }

    /// "Heathrow", "O'Hare", "Penn Station".
    fn nickname(&self, at: usize) -> Option<FoundPlace> {
        if !self.is_capital(at) {
            return None;
        }
        (1..=3).rev().filter_map(|n_words| self.window(at, n_words)).find_map(|range| {
            let airport = atlas().airport_of_nickname(&key(self.tokens.words(range.clone())))?;
            Some(FoundPlace {
                tokens: range,
                place: airport.place(),
                rivals: Vec::new(),
                kind: PlaceKind::Airport,
                certainty: 0.85,
            })
        })
    }

    /// A station, quarter, venue or short name that does not name its city.
    fn landmark(&self, at: usize) -> Option<FoundPlace> {
        let is_certain = |range: &Range<usize>, landmark: &Landmark| {
            let word = self.tokens.folded(at);
            let stands = is_before_quarter(self.tokens, at);
            let strength = if stands { STRONG } else { strength_before(self.tokens, self.lang, at) };
            match landmark.kind {
                LandmarkKind::Short => {
                    let is_caps = self.tokens.get(at).is_some_and(|token| token.is_caps);
                    let is_quiet = !self.shouts || strength > 0.0;
                    let is_said = strength > 0.0 || self.is_direction(range.end);
                    if is_caps && is_quiet && is_said { 0.75 } else { 0.0 }
                }
                LandmarkKind::Quarter => 0.3 + strength + if range.len() > 1 { 0.2 } else { 0.0 },
                _ if range.len() == 1 && is_given_name(word) => 0.3 + strength,
                _ => 0.6 + strength,
            }
        };
        if !self.is_capital(at) {
            return None;
        }
        (1..=NAME_WORDS).rev().filter_map(|n_words| self.window(at, n_words)).find_map(|range| {
            let landmark = atlas().landmark(&key(self.tokens.words(range.clone())))?;
            let certainty = f32::min(is_certain(&range, landmark), 0.95);
            let kind = match landmark.kind {
                LandmarkKind::Station => PlaceKind::Station,
                LandmarkKind::Airport => PlaceKind::Airport,
                LandmarkKind::Venue => PlaceKind::Venue,
                LandmarkKind::Quarter | LandmarkKind::Short => PlaceKind::City,
            };
            let end = range.end + usize::from(self.is_direction(range.end));
            let place = atlas().place_of(landmark).filter(|_| certainty >= LEAST_CERTAINTY)?;
            Some(FoundPlace { tokens: range.start..end, place, rivals: Vec::new(), kind, certainty })
        })
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

    fn choose(&self, key: &str, range: &Range<usize>) -> Option<Choice> {
        choose(key, self.tokens.words(range.clone()), self.lang, &self.hints)
    }

    pub(super) fn speaks_of_travel(&self) -> bool {
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
                // "Frankfurt (Main) Hbf"
                TokenKind::Punctuation if n_seen > 0 && n_seen < n_words && self.is_bracketed(end) => {
                    n_seen += 1;
                    end += 2;
                }
                _ => return None,
            }
            end += 1;
        }
        Some(at..end)
    }

    fn is_bracketed(&self, at: usize) -> bool {
        self.tokens.folded(at) == "("
            && self.tokens.kind(at + 1) == Some(TokenKind::Word)
            && self.tokens.folded(at + 2) == ")"
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
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
mod tests;
