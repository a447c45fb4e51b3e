//! Names of places that no map of ours has: "Ausfall in Siebnen", "held at Marsh Halt", "à Payerne".
//!
//! A capital behind a preposition is a place, a person, a brand or, in German, any noun; so it needs somebody who waits,
//! arrives or leaves there, and must be no word, name or day that we know.

use super::weigh::{has, is_of_others, is_past, sentence};
use super::{Candidate, LEAST_WEIGHT, Scene, is_brand_name};
use crate::gazetteer::FoundPlace;
use crate::lexicon::LANGUAGES;
use crate::lexicon::ordinary::{is_given_name, is_word};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// The most words of such a name.
const NAME_WORDS: usize = 3;

/// Of the capitals of a post so many are looked at.
const NAMES_MOST: usize = 200;

/// The place of a name that is on no map: the first of those for which most speaks.
///
/// Those of `mapped` were weighed already.
pub(super) fn unmapped(scene: &Scene<'_>, mapped: &[FoundPlace]) -> Option<Candidate> {
    let tokens = scene.tokens;
    let is_mapped = |at: usize| mapped.iter().any(|found| found.tokens.contains(&at));
    let starts = (1..tokens.len()).filter(|at| is_name(scene, *at) && !is_mapped(*at)).take(NAMES_MOST);
    let named = starts.filter_map(|at| {
        let range = run(scene, at);
        let weight = weight(scene, &range);
        let range = with_station(scene, range);
        (weight >= LEAST_WEIGHT).then_some(Candidate { tokens: range, found: None, candidates: Vec::new(), weight })
    });
    named.reduce(|best, next| if next.weight > best.weight + f32::EPSILON { next } else { best })
}

/// "Bf Altona", "gare de Plouaret": with the word that says what it is.
fn with_station(scene: &Scene<'_>, range: Range<usize>) -> Range<usize> {
    let is_station = |at: &usize| has(scene, *at..at + 1, "station");
    let is_link = |at: &usize| matches!(scene.tokens.folded(*at), "de" | "di" | "d" | "du");
    let before = range.start.checked_sub(1);
    let second = before.filter(is_link).and_then(|at| at.checked_sub(1));
    before.filter(is_station).or_else(|| second.filter(is_station)).unwrap_or(range.start)..range.end
}

fn weight(scene: &Scene<'_>, range: &Range<usize>) -> f32 {
    let Some(before) = range.start.checked_sub(1) else { return 0.0 };
    let before = before..range.start;
    let around = sentence(scene.tokens, range);
    let is_station = has(scene, before.clone(), "station") || has(scene, range.end..range.end + 1, "station");
    let comes = ["stay", "arrival", "depart", "service"].into_iter().any(|class| has(scene, around.clone(), class));
    let is_town = looks_like_town(scene.tokens.folded(range.start));
    let is_on_street = is_street(scene.tokens, range.end - 1) && has(scene, before.clone(), "there");
    let base = if is_station || is_on_street {
        0.5
    } else if has(scene, before.clone(), "town") {
        0.25
    } else if has(scene, before.clone(), "toward") || has(scene, before, "from") {
        0.15
    } else {
        return 0.0;
    };
    let leaves = has(scene, range.start - 1..range.start, "from") && comes;
    base + if comes { 0.2 } else { 0.0 }
        + if leaves { 0.1 } else { 0.0 }
        + if is_town { 0.2 } else { 0.0 }
        + if around.clone().any(|at| is_clock(scene.tokens, at)) { 0.1 } else { 0.0 }
        // Any German noun has a capital.
        - if scene.lang == Some("de") && !is_town && !is_station { 0.1 } else { 0.0 }
        - if is_of_others(scene, range) { 0.35 } else { 0.0 }
        - if is_past(scene, range) { 1.0 } else { 0.0 }
}

/// "17:52", "18.30".
fn is_clock(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.kind(at) == Some(TokenKind::Number) && tokens.folded(at).contains([':', '.'])
}

/// The name that begins at `at`, with the capitals behind it.
pub(super) fn run(scene: &Scene<'_>, at: usize) -> Range<usize> {
    let tokens = scene.tokens;
    let mut end = at + 1;
    while end < at + NAME_WORDS {
        let is_joined =
            matches!(tokens.folded(end), "-" | "am" | "de" | "di" | "on" | "sur") && is_capital(tokens, end + 1);
        let is_close = tokens.span(end.saturating_sub(1)..end + 2).is_some();
        if is_joined && is_close {
            end += 2;
        } else if is_name(scene, end) || is_direction(tokens, end) || is_street(tokens, end) {
            end += 1;
        } else {
            break;
        }
    }
    at..end.min(tokens.len())
}

/// "Baker Street"
fn is_street(tokens: &Tokens<'_>, at: usize) -> bool {
    is_capital(tokens, at)
        && matches!(tokens.folded(at), "street" | "road" | "avenue" | "square" | "lane" | "hill" | "park")
}

fn is_direction(tokens: &Tokens<'_>, at: usize) -> bool {
    is_capital(tokens, at)
        && matches!(tokens.folded(at), "west" | "süd" | "nord" | "ost" | "parkway" | "halt" | "central")
}

/// Whether the token at `at` could be a name of a place: a capital, and nothing else that we know.
pub(super) fn is_name(scene: &Scene<'_>, at: usize) -> bool {
    let tokens = scene.tokens;
    let word = tokens.folded(at);
    let lang = LANGUAGES.iter().find(|lang| scene.lang.is_some_and(|own| own.starts_with(**lang))).copied();
    is_capital(tokens, at)
        && word.len() > 2
        && !is_day(word)
        && !is_given_name(word)
        && !is_word(word, lang)
        && !is_brand_name(tokens, &(at..at + 1), scene.brand)
        && (lang != Some("de") || !is_noun(word))
}

pub(super) fn is_capital(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.kind(at) == Some(TokenKind::Word)
        && tokens.get(at).is_some_and(|token| token.is_capitalized && !token.is_caps)
}

/// Whether the word is a day, a month or a feast, or something else that has a capital and is no place.
pub(super) fn is_day(word: &str) -> bool {
    DAYS.contains(&word)
        || DAYS.contains(&word.trim_end_matches('s'))
        || word.ends_with("tag")
        || word.ends_with("tags")
}

/// German nouns that follow a preposition without an article are mostly built so.
fn is_noun(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ung", "heit", "keit", "schaft", "tion", "zeit", "tät", "ment", "nis", "ismus", "chen", "lein", "ungen",
        "heiten", "zug", "bahn", "haus", "tag", "jahr", "jahre", "jahren", "minuten", "stunden", "urlaub", "rente",
        "arbeit", "platz",
    ];
    ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether the name is built as towns are.
fn looks_like_town(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "burg", "berg", "dorf", "heim", "stadt", "stedt", "hausen", "kirchen", "feld", "bach", "ingen", "furt",
        "brück", "hafen", "münde", "wil", "ikon", "iken", "walde", "rode", "leben", "büttel", "büll", "hofen", "bronn",
        "nach", "ow", "itz", "ville", "ton", "bury", "ford", "field", "ham", "borough", "mouth", "port", "more", "ley",
        "wick", "shire", "bridge", "court", "mont", "gny", "ac",
    ];
    word.len() > 5 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Days, months and feasts, which have capitals and follow prepositions.
const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "christmas",
    "easter",
    "halloween",
    "thanksgiving",
    "xmas",
    "ramadan",
    "diwali",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "januar",
    "jänner",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "weihnachten",
    "ostern",
    "pfingsten",
    "silvester",
    "advent",
    "noël",
    "pâques",
    "toussaint",
    "navidad",
    "nochebuena",
    "nochevieja",
    "reyes",
    "pascua",
    "natale",
    "pasqua",
    "ferragosto",
    "capodanno",
    "epifania",
    "english",
    "german",
    "deutsch",
    "twitter",
    "facebook",
    "instagram",
    "tiktok",
    "whatsapp",
    "youtube",
    "google",
    "amazon",
    "ihr",
    "ihrem",
    "ihren",
    "ihre",
    "ihnen",
    "sie",
    "etage",
    "stock",
    "eid",
    "bts",
    "flughafen",
    "bahnhof",
    "hotel",
    "restaurant",
    "zimmer",
    "urlaub",
    "internet",
    "god",
    "allah",
    "gott",
    "dieu",
    "dios",
    "dio",
];
