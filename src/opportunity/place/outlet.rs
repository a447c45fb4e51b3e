//! The brand's own places: "the Acme in Dijon", "Acme Riverside", "beim Sternwirt".

use super::name::{is_capital, is_day, is_name, run};
use super::weigh::{has, is_past, sentence};
use super::{Candidate, LEAST_WEIGHT, Scene};
use crate::gazetteer;
use crate::lexicon::ordinary::is_word;
use crate::model::{Brand, Location};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// What a place is worth that is named as one of the brand's.
const OUTLET: f32 = 0.6;

/// Of the brand's names in a post so many are looked at.
const NAMES_MOST: usize = 32;

/// Words in what a brand says it is by which people go to it.
const VENUES: &[&str] = &[
    "hotel",
    "hotels",
    "hostel",
    "hostels",
    "inn",
    "inns",
    "guesthouse",
    "lodge",
    "lodges",
    "restaurant",
    "restaurants",
    "steakhouse",
    "steakhouses",
    "diner",
    "diners",
    "café",
    "cafés",
    "cafe",
    "cafes",
    "coffee",
    "bakery",
    "bakeries",
    "pub",
    "pubs",
    "bar",
    "bars",
    "cinema",
    "cinemas",
    "kino",
    "kinos",
    "museum",
    "theme",
    "park",
    "parks",
    "zoo",
    "gasthof",
    "gasthaus",
    "wirtshaus",
    "pension",
    "bäckerei",
    "bäckereien",
    "freizeitpark",
    "theater",
    "theatre",
    "stadium",
    "stadion",
    "gym",
    "gyms",
    "doughnuts",
    "donuts",
    "ristorante",
    "ristoranti",
    "trattoria",
    "albergo",
    "alberghi",
    "museo",
    "musée",
    "hôtel",
    "hôtels",
    "brasserie",
    "taquería",
    "taquerías",
    "posada",
    "posadas",
    "restaurante",
    "restaurantes",
    "cafetería",
    "cafeterías",
    "fitnessstudio",
    "boulderhalle",
    "buchhandlung",
    "bookshop",
];

/// The places that the post names as the brand's.
pub(super) fn outlets<'a>(scene: &'a Scene<'a>) -> impl Iterator<Item = Candidate> + 'a {
    let names = names(scene).take(NAMES_MOST);
    names.filter_map(|name| tail(scene, &name)).chain(locations(scene)).filter(|c| !is_past(scene, &c.tokens))
}

/// The brand itself, where people go to it: "im Wunderwald", "at the Marlowe".
pub(super) fn brand_itself(scene: &Scene<'_>) -> Option<Candidate> {
    if !is_venue(scene.brand) {
        return None;
    }
    let is_gone_to = |name: &Range<usize>| {
        let before = name.start.saturating_sub(2)..name.start;
        let around = sentence(scene.tokens, name);
        let comes = ["stay", "arrival", "service", "ahead"].into_iter().any(|class| has(scene, around.clone(), class));
        has(scene, before, "venue") && comes && !is_past(scene, name)
    };
    names(scene).take(NAMES_MOST).find(is_gone_to).map(Candidate::bare)
}

fn is_venue(brand: &Brand) -> bool {
    let tokens = Tokens::new(&brand.about);
    (0..tokens.len()).any(|at| VENUES.contains(&tokens.folded(at)))
}

/// Where the brand's name stands in the text: whole, or by a word that is nothing else.
fn names<'a>(scene: &'a Scene<'a>) -> impl Iterator<Item = Range<usize>> + 'a {
    let tokens = scene.tokens;
    let keys: Vec<Vec<String>> = [&scene.brand.name]
        .into_iter()
        .chain(&scene.brand.aliases)
        .map(|name| gazetteer::key(name).split(' ').map(str::to_owned).collect())
        .collect();
    let mut until = 0;
    (0..tokens.len()).filter_map(move |at| {
        if at < until || tokens.kind(at) != Some(TokenKind::Word) {
            return None;
        }
        let range = keys.iter().filter_map(|words| named_at(tokens, at, words)).max_by_key(|range| range.end)?;
        until = range.end;
        Some(range)
    })
}

/// The name of these words at `at`, whole or by its own word.
fn named_at(tokens: &Tokens<'_>, at: usize, words: &[String]) -> Option<Range<usize>> {
    let says = |at: usize, word: &String| {
        tokens.kind(at) == Some(TokenKind::Word) && {
            let said = gazetteer::key(tokens.words(at..at + 1));
            said == *word || ["l", "d", "all", "dell"].iter().any(|article| said.strip_prefix(article) == Some(word))
        }
    };
    if words.iter().enumerate().all(|(index, word)| says(at + index, word)) {
        return Some(at..at + words.len());
    }
    let is_own = |word: &&String| word.len() > 3 && !is_word(word, None);
    words.iter().filter(is_own).any(|word| says(at, word)).then_some(at..at + 1)
}

/// "Acme de Dijon", "Acme am Gürtel", "Acme Hackensack": the name with the place behind it.
fn tail(scene: &Scene<'_>, name: &Range<usize>) -> Option<Candidate> {
    let tokens = scene.tokens;
    let is_link = |at: usize| has(scene, at..at + 1, "of");
    let mut at = name.end;
    while at < name.end + 3 && is_link(at) {
        at += 1;
    }
    let is_linked = at > name.end;
    // Behind "de" and "am" a capital is a name, whatever else it means; but no day.
    let is_named = is_linked && is_venue(scene.brand) && is_capital(tokens, at) && !is_day(tokens.folded(at));
    let range = place_at(scene, at).or_else(|| is_named.then(|| at..run(scene, at).end))?;
    let lang = scene.lang;
    let found = gazetteer::find_in_text(tokens.words(range.clone()), lang);
    // "Sony Vegas", "die Bahn im Fernverkehr": where nobody goes to the brand, only a town behind "in" is a place.
    if !is_venue(scene.brand) && (!is_linked || found.is_none()) {
        return None;
    }
    Some(Candidate { tokens: name.start..range.end, found, candidates: Vec::new(), weight: OUTLET })
}

/// The name of a place at `at`: a street with its word, or capitals.
fn place_at(scene: &Scene<'_>, at: usize) -> Option<Range<usize>> {
    let is_street = has(scene, at..at + 1, "street");
    let start = at + usize::from(is_street);
    let is_town = gazetteer::is_town(scene.tokens.words(start..start + 1)) && is_capital(scene.tokens, start);
    let is_ordinal = scene.tokens.folded(start).ends_with("th")
        && scene.tokens.folded(start).starts_with(|c: char| c.is_ascii_digit());
    (is_town || is_ordinal || is_name(scene, start)).then(|| at..run(scene, start).end)
}

/// The locations of the configuration that the post names, with the brand's name or behind a preposition.
fn locations<'a>(scene: &'a Scene<'a>) -> impl Iterator<Item = Candidate> + 'a {
    scene.brand.locations.iter().filter_map(|location| location_in(scene, location))
}

fn location_in(scene: &Scene<'_>, location: &Location) -> Option<Candidate> {
    let tokens = scene.tokens;
    let key = gazetteer::key(&location.name);
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    let first = words.first()?;
    let is_at = |at: &usize| {
        let range = *at..*at + words.len();
        is_capital(tokens, *at)
            && gazetteer::key(tokens.words(*at..*at + 1)) == **first
            && gazetteer::key(tokens.words(range)) == key
    };
    let start = (0..tokens.len()).find(is_at)?;
    let named = names(scene).find(|name| name.end == start);
    let is_there = has(scene, start.saturating_sub(2)..start, "there");
    if named.is_none() && !is_there {
        return None;
    }
    let range = named.map_or(start, |name| name.start)..start + words.len();
    Some(Candidate { tokens: range, found: location.place.clone(), candidates: Vec::new(), weight: OUTLET + 0.3 })
        .filter(|candidate| candidate.weight >= LEAST_WEIGHT)
}
