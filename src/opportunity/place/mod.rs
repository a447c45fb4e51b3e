//! Chooses, of all places that a post names, the one where one could meet its author.
//!
//! In: the tokens of a post, its language, the brand and what is known of its author. Out: the words and, where we know
//! it, the place on the map. A route names no meeting place unless one of its ends is meant; a place that is told as
//! past, or as where somebody is from, is none; the brand's own name is one only where people go to it.

mod name;
mod outlet;
mod spot;
#[cfg(test)]
mod tests;
mod weigh;

use super::cue::Cues;
use crate::gazetteer::{self, FoundPlace, Hints};
use crate::model::{Author, Brand, Coordinates, Place, PostedAt};
use crate::text::Tokens;
use std::ops::Range;
use std::sync::LazyLock;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::built_in("meeting"));

/// A place below this is not where somebody can be met.
const LEAST_WEIGHT: f32 = 0.45;

/// Of the places of a post so many are weighed; who names more names a list.
const PLACES_MOST: usize = 32;

/// A post, and who speaks of whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The post.
    pub(super) tokens: &'a Tokens<'a>,
    /// Its language (ISO 639-1), where decided.
    pub(super) lang: Option<&'a str>,
    /// The brand that is spoken of.
    pub(super) brand: &'a Brand,
    /// Who wrote it, where known: what they say of themselves decides between places of one name.
    pub(super) author: Option<&'a Author>,
    /// When it was posted, on the author's clock.
    pub(super) posted: Option<PostedAt>,
}

/// Where one could meet the author.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Meeting {
    /// In the words of the post: "newark airport", "room 512".
    pub(super) words: String,
    /// On the map, where it is known and clear.
    pub(super) found: Option<Place>,
    /// Where several of that name are as likely: two or three of them.
    pub(super) candidates: Vec<Place>,
}

/// A place that may be the one.
#[derive(Debug, Clone)]
struct Candidate {
    tokens: Range<usize>,
    found: Option<Place>,
    candidates: Vec<Place>,
    weight: f32,
}

/// The place where one could meet the author.
///
/// "newark airport" is on the map, "room 512" is not. Linear in the length of the text.
#[must_use]
pub(super) fn place(scene: &Scene<'_>) -> Option<Meeting> {
    let outlets = outlet::outlets(scene);
    let mapped = on_the_map(scene);
    let named = weigh::weighed(scene, &mapped).chain(outlets).filter(|option| option.weight >= LEAST_WEIGHT);
    // Of two that weigh as much the first: what comes later mostly adds to it.
    let heaviest = named.reduce(|best, next| if next.weight > best.weight + f32::EPSILON { next } else { best });
    let chosen =
        heaviest.or_else(|| name::unmapped(scene, &mapped)).or_else(|| outlet::brand_itself(scene)).or_else(|| {
            spot::street(scene).or_else(|| spot::spot(scene.tokens, 0..scene.tokens.len())).map(Candidate::bare)
        })?;
    let tokens = spot::with_spot(scene.tokens, chosen.tokens.clone());
    let words = without_article(scene.tokens.words(tokens)).to_owned();
    let is_open = chosen.candidates.len() > 1;
    Some(Meeting { words, found: chosen.found.filter(|_| !is_open), candidates: chosen.candidates })
}

/// "l'Acme de Dijon", "all'aeroporto": the words without what stands before them.
fn without_article(words: &str) -> &str {
    const ARTICLES: [&str; 6] = ["l", "d", "all", "dall", "dell", "nell"];
    match words.split_once(['\'', '’']) {
        Some((article, rest)) if ARTICLES.iter().any(|known| article.eq_ignore_ascii_case(known)) => rest,
        _ => words,
    }
}

/// The places that the gazetteer knows, without the brand's names.
fn on_the_map(scene: &Scene<'_>) -> Vec<FoundPlace> {
    let mut near: Vec<Coordinates> = scene.brand.locations.iter().filter_map(|l| Some(l.place.as_ref()?.at)).collect();
    // An offset of zero mostly means that the author's clock is not known.
    let clock = scene.posted.filter(|posted| posted.offset != jiff::tz::Offset::UTC);
    let mut found = gazetteer::search(scene.tokens, scene.lang, Hints { near: &near, clock });
    if found.iter().any(|found| !found.rivals.is_empty()) {
        let n_own = near.len();
        near.extend(places_of_author(scene));
        if near.len() > n_own {
            found = gazetteer::search(scene.tokens, scene.lang, Hints { near: &near, clock });
        }
    }
    found.retain(|found| !is_brand_name(scene.tokens, &found.tokens, scene.brand));
    found.truncate(PLACES_MOST);
    found
}

/// The places that the author names of themself.
fn places_of_author(scene: &Scene<'_>) -> Vec<Coordinates> {
    let Some(bio) = scene.author.and_then(|author| author.bio.as_deref()) else { return Vec::new() };
    let tokens = Tokens::new(bio);
    let found = gazetteer::search(&tokens, scene.lang, Hints::default());
    found.into_iter().filter(|found| found.rivals.is_empty()).map(|found| found.place.at).collect()
}

/// Whether the words are a part of one of the brand's names.
fn is_brand_name(tokens: &Tokens<'_>, range: &Range<usize>, brand: &Brand) -> bool {
    let words = gazetteer::key(tokens.words(range.clone()));
    let names = brand.aliases.iter().chain([&brand.name]).chain(&brand.products).chain(&brand.handles);
    names.map(|name| gazetteer::key(name)).any(|name| name == words || name.split(' ').any(|word| word == words))
}

impl Candidate {
    /// Words that stand on no map.
    fn bare(tokens: Range<usize>) -> Self {
        Self { tokens, found: None, candidates: Vec::new(), weight: LEAST_WEIGHT }
    }
}
