//! How much speaks for a place of the map being where the author is or will be.

use super::{CUES, Candidate, Scene};
use crate::gazetteer::{FoundPlace, PlaceKind};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// How much of the certainty that the words mean a place counts.
const CERTAINTY_WEIGHT: f32 = 0.5;

/// How far before a place the verb may stand that says how somebody comes to be there.
const REACH_TOKENS: usize = 6;

/// How far around a place its own sentence is looked at.
const SENTENCE_TOKENS: usize = 12;

/// A place that is past, or where somebody is from, is left out: nothing outweighs it.
const PAST: f32 = 1.0;

/// What the whole post says its author does.
#[derive(Debug, Clone, Copy)]
struct Doing {
    arrives: bool,
    departs: bool,
    stays: bool,
    /// Something lies ahead: today, tomorrow.
    plans: bool,
}

/// The places of the map, each with what speaks for it.
pub(super) fn weighed<'a>(scene: &'a Scene<'a>, found: &'a [FoundPlace]) -> impl Iterator<Item = Candidate> + 'a {
    let does = |class: &str| !found.is_empty() && has(scene, 0..scene.tokens.len(), class);
    let doing = Doing { arrives: does("arrival"), departs: does("depart"), stays: does("stay"), plans: does("ahead") };
    found.iter().enumerate().map(move |(index, place)| Candidate {
        tokens: place.tokens.clone(),
        found: Some(place.place.clone()),
        candidates: place.rivals.clone(),
        weight: weight(scene, doing, found, index),
    })
}

fn weight(scene: &Scene<'_>, doing: Doing, found: &[FoundPlace], index: usize) -> f32 {
    let Some(place) = found.get(index) else { return 0.0 };
    let tokens = scene.tokens;
    let before = place.tokens.start.saturating_sub(1)..place.tokens.start;
    let behind = place.tokens.end..place.tokens.end + 1;
    let lead = place.tokens.start.saturating_sub(REACH_TOKENS)..place.tokens.start;
    let last = index.checked_sub(1).and_then(|last| found.get(last));
    let next = found.get(index + 1);
    // "from Sacramento to KC": a way even where we do not know its other end.
    let starts_route = next.is_some_and(|next| is_route(scene, place, next))
        || (has(scene, before.clone(), "from") && has(scene, behind.clone(), "way"));
    let ends_route = last.is_some_and(|last| is_route(scene, last, place));
    let arrives = has(scene, lead, "arrival") || (ends_route && doing.arrives);
    let is_question = || {
        let end = sentence(tokens, &place.tokens).end;
        tokens.folded(end).contains('?')
    };
    let departs = starts_route && !arrives && (doing.departs || doing.plans && !is_question());
    let is_there = has(scene, before.clone(), "there");
    let leaves = has(scene, before.clone(), "from")
        && !starts_route
        && ["stay", "service", "depart"].into_iter().any(|class| has(scene, sentence(tokens, &place.tokens), class));
    let is_listed = |other: Option<&FoundPlace>| {
        other.is_some_and(|other| {
            let gap = other.tokens.end.min(place.tokens.end)..other.tokens.start.max(place.tokens.start);
            gap.len() == 1 && tokens.folded(gap.start) == ","
        })
    };
    let is_tag = matches!(tokens.kind(place.tokens.start), Some(TokenKind::Hashtag | TokenKind::Handle));
    place.certainty * CERTAINTY_WEIGHT
        + if place.kind == PlaceKind::City { 0.0 } else { 0.1 }
        + if is_there { 0.2 } else { 0.0 }
        + if is_there && doing.stays { 0.15 } else { 0.0 }
        + if is_tag && doing.stays { 0.2 } else { 0.0 }
        + if arrives || departs { 0.35 } else { 0.0 }
        + if has(scene, before, "toward") { 0.1 } else { 0.0 }
        + if has(scene, behind, "outlet") { 0.2 } else { 0.0 }
        + if leaves { 0.2 } else { 0.0 }
        - if is_listed(last) || is_listed(next) { 0.3 } else { 0.0 }
        + if is_alone(tokens, &place.tokens) { 0.15 } else { 0.0 }
        - if starts_route || ends_route { 0.3 } else { 0.0 }
        - if is_of_others(scene, &place.tokens) { 0.35 } else { 0.0 }
        - if is_past(scene, &place.tokens) { PAST } else { 0.0 }
}

/// Whether somebody else is there: "my sister in Gera", "she's in Tulsa".
pub(super) fn is_of_others(scene: &Scene<'_>, range: &Range<usize>) -> bool {
    let Some(end) = range.start.checked_sub(1) else { return false };
    let before = end.saturating_sub(2)..end;
    // "I wait for my mother in Gera" is somebody who is there.
    let waits = || has(scene, end.saturating_sub(REACH_TOKENS)..end, "stay");
    (has(scene, before, "kin") && !waits()) || has(scene, end.saturating_sub(1)..end, "others")
}

/// Whether two places are the ends of one way: "IAD to LAX", "Hannover - Berlin", "von Köln nach Bonn".
fn is_route(scene: &Scene<'_>, from: &FoundPlace, to: &FoundPlace) -> bool {
    let gap = from.tokens.end..to.tokens.start;
    gap.len() <= 2 && has(scene, gap, "way")
}

/// Whether one of the tokens of `among` is a cue of `class`.
pub(super) fn has(scene: &Scene<'_>, among: Range<usize>, class: &str) -> bool {
    CUES.any_in(scene.tokens, among, scene.lang, class)
}

/// Nothing stands before and behind it but the ends of its clause: "..., Tampa Florida", "16:47 Celle."
fn is_alone(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let is_end = |at: usize| tokens.kind(at).is_none_or(|kind| kind != TokenKind::Word) && tokens.folded(at) != "!";
    range.start.checked_sub(1).is_none_or(is_end) && is_end(range.end)
}

/// The tokens of the sentence around `range`, as far as it is looked at.
pub(super) fn sentence(tokens: &Tokens<'_>, range: &Range<usize>) -> Range<usize> {
    let ends = |at: &usize| tokens.ends_sentence(*at);
    let first = range.start.saturating_sub(SENTENCE_TOKENS);
    let start = (first..range.start).rev().find(ends).map_or(first, |end| end + 1);
    let last = (range.end + SENTENCE_TOKENS).min(tokens.len());
    start..(range.end..last).find(ends).unwrap_or(last)
}

/// Whether the place is told as past, or as where somebody is from: "last year in Rome", "born in Hamburg".
pub(super) fn is_past(scene: &Scene<'_>, range: &Range<usize>) -> bool {
    let clause = clause(scene.tokens, range);
    let is_span = |at: usize| has(scene, at..at + 1, "span");
    let is_last =
        |at: usize| has(scene, at..at + 1, "last") && (is_span(at + 1) || at.checked_sub(1).is_some_and(is_span));
    let year = scene.posted.map_or(i16::MAX, |posted| posted.offset.to_datetime(posted.at).year());
    let is_old_year = |at: usize| {
        let is_year = scene.tokens.kind(at) == Some(TokenKind::Number) && scene.tokens.folded(at).len() == 4;
        is_year && scene.tokens.folded(at).parse().is_ok_and(|told: i16| (1900..year.min(2100)).contains(&told))
    };
    clause.clone().any(|at| is_last(at) || is_old_year(at)) || has(scene, clause, "past")
}

/// The clause around `range`: a sentence, cut at commas.
fn clause(tokens: &Tokens<'_>, range: &Range<usize>) -> Range<usize> {
    let sentence = sentence(tokens, range);
    let ends = |at: &usize| matches!(tokens.folded(*at), "," | ":" | "–");
    let start = (sentence.start..range.start).rev().find(ends).map_or(sentence.start, |end| end + 1);
    start..(range.end..sentence.end).find(ends).unwrap_or(sentence.end)
}
