//! Where a text's sentences and clauses lie, and which listed terms stand in it.

use super::terms::Hit;
use super::words::{Entry, Manner, Words};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// The longest quotation that is taken for one, in tokens.
const MAX_QUOTE_TOKENS: usize = 40;

/// The shortest word that an ending is looked for in, in bytes.
const MIN_COMPOUND_BYTES: usize = 7;

/// The longest article or pronoun that may stand before an apostrophe, in bytes: `quell'`.
const MAX_ELIDED_BYTES: usize = 5;

/// The shortest word that is looked for inside a hashtag, in bytes.
const MIN_TAG_WORD_BYTES: usize = 4;

/// How many listed terms of one text are read; a text of ten thousand words holds fewer.
const MAX_MARKS: usize = 2_000;

/// Where a token stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The sentence, from 0.
    pub sentence: u32,
    /// The clause, from 0 over the whole text.
    pub clause: u32,
    /// Inside quotation marks.
    pub is_quoted: bool,
}

/// A listed term at its place.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What the lists say.
    pub entry: Entry,
    /// It stands inside a hashtag.
    pub in_tag: bool,
}

/// The place of every token.
pub(super) fn places(tokens: &Tokens<'_>) -> Vec<Place> {
    let mut places = Vec::with_capacity(tokens.len());
    let mut here = Place::default();
    for (at, token) in tokens.list().iter().enumerate() {
        places.push(here);
        if tokens.ends_sentence(at) {
            here.sentence += 1;
            here.clause += 1;
        } else if token.kind == TokenKind::Punctuation && ends_clause(tokens, at) {
            here.clause += 1;
        }
    }
    mark_quotes(tokens, &mut places);
    places
}

/// Whether a clause ends at the punctuation mark at `at`; a hyphen inside a word does not end one.
fn ends_clause(tokens: &Tokens<'_>, at: usize) -> bool {
    match tokens.folded(at).chars().next() {
        Some(',' | ':' | '–' | '—' | '(' | ')' | '|') => true,
        Some('-') => {
            let end_before = at.checked_sub(1).and_then(|before| tokens.get(before)).map_or(0, |t| t.span.end);
            tokens.get(at).is_some_and(|token| token.span.start > end_before)
        }
        _ => false,
    }
}

fn mark_quotes(tokens: &Tokens<'_>, places: &mut [Place]) {
    let mut open: Option<usize> = None;
    for (at, token) in tokens.list().iter().enumerate() {
        if token.kind != TokenKind::Punctuation {
            continue;
        }
        if !tokens.folded(at).starts_with(['"', '“', '”', '„', '«', '»']) {
            continue;
        }
        match open.take() {
            Some(start) if at - start <= MAX_QUOTE_TOKENS && at - start > 2 => {
                places.iter_mut().take(at).skip(start).for_each(|place| place.is_quoted = true);
            }
            _ => open = Some(at),
        }
    }
}

/// Every listed term of the text, in text order, none inside another, at most [`MAX_MARKS`] and one hashtag's more.
pub(super) fn marks(tokens: &Tokens<'_>, words: &Words) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at).filter(|_| marks.len() < MAX_MARKS) {
        let hit = match token.kind {
            TokenKind::Hashtag => {
                tag_marks(tokens, at, words, &mut marks);
                None
            }
            TokenKind::Link | TokenKind::Handle | TokenKind::Break => None,
            TokenKind::Word => {
                let listed = words.terms.at(tokens, at).or_else(|| elided(tokens, at, words));
                listed.or_else(|| inflected(tokens, at, words))
            }
            _ => words.terms.at(tokens, at),
        };
        match hit {
            Some(Hit { value, end }) => {
                marks.push(Mark { tokens: at..end, entry: value.clone(), in_tag: false });
                at = end;
            }
            None => at += 1,
        }
    }
    marks
}

/// A word behind an article or pronoun that has lost its vowel: `l'échec`, `dell'inganno`.
fn elided<'w>(tokens: &Tokens<'_>, at: usize, words: &'w Words) -> Option<Hit<'w, Entry>> {
    let (before, word) = tokens.folded(at).split_once('\'').filter(|_| words.has_elision)?;
    if before.len() > MAX_ELIDED_BYTES { None } else { words.terms.at_reading(tokens, at, word) }
}

/// A word that is not listed as it stands: drawn out, or a compound that ends in a listed word.
fn inflected<'w>(tokens: &Tokens<'_>, at: usize, words: &'w Words) -> Option<Hit<'w, Entry>> {
    let folded = tokens.folded(at);
    let value = if tokens.get(at)?.is_stretched {
        words.terms.word(&single_letters(folded))
    } else if folded.len() >= MIN_COMPOUND_BYTES {
        words.terms.ending(folded)
    } else {
        None
    };
    value.map(|value| Hit { value, end: at + 1 })
}

fn single_letters(word: &str) -> String {
    let mut last = None;
    word.chars().filter(|c| last.replace(*c) != Some(*c)).collect()
}

/// The listed words of a hashtag: whole, by its capitals, or inside it.
fn tag_marks(tokens: &Tokens<'_>, at: usize, words: &Words, marks: &mut Vec<Mark>) {
    let tag = tokens.folded(at).trim_start_matches('#');
    let mark = |entry: &Entry| Mark { tokens: at..at + 1, entry: entry.clone(), in_tag: true };
    if let Some(entry) = words.terms.exactly(tag) {
        marks.push(mark(entry));
        return;
    }
    let raw = tokens.words(at..at + 1).trim_start_matches('#');
    let spaced = by_capitals(raw);
    if spaced.contains(' ') {
        let parts = Tokens::new(&spaced);
        let mut part = 0;
        while part < parts.len() {
            match words.terms.at(&parts, part) {
                Some(hit) => {
                    marks.push(mark(hit.value));
                    part = hit.end;
                }
                None => part += 1,
            }
        }
        return;
    }
    inside_tag(tag, words, |entry| marks.push(mark(entry)));
}

/// `CustomerServiceFail` as `Customer Service Fail`.
fn by_capitals(tag: &str) -> String {
    let mut spaced = String::with_capacity(tag.len() + 4);
    let mut was_lower = false;
    for character in tag.chars() {
        if character == '_' {
            spaced.push(' ');
            was_lower = false;
            continue;
        }
        if character.is_uppercase() && was_lower {
            spaced.push(' ');
        }
        was_lower = character.is_lowercase();
        spaced.push(character);
    }
    spaced
}

/// The listed words that a tag in small letters begins or ends with.
fn inside_tag(tag: &str, words: &Words, mut take: impl FnMut(&Entry)) {
    let borders = || tag.char_indices().map(|(at, _)| at);
    let is_clear = |entry: &&Entry| entry.negator.is_some() || entry.weight.is_some_and(|weight| weight.abs() >= 1.5);
    let first = borders()
        .rev()
        .filter(|end| *end >= MIN_TAG_WORD_BYTES || tag.get(..*end).is_some_and(|word| matches!(word, "not" | "no")))
        .find_map(|end| words.terms.exactly(tag.get(..end)?).filter(is_clear));
    let last = borders()
        .filter(|start| *start > 0 && tag.len() - start >= MIN_TAG_WORD_BYTES)
        .find_map(|start| words.terms.exactly(tag.get(start..)?).filter(is_clear));
    first.into_iter().for_each(&mut take);
    last.into_iter().for_each(take);
}

impl Mark {
    /// Its feeling, if it has one that counts.
    pub fn feeling(&self) -> Option<f32> {
        self.entry.weight.filter(|weight| *weight != 0.0)
    }

    /// It can strengthen what follows it.
    pub fn strengthens(&self) -> Option<f32> {
        self.entry.factor.or((self.entry.manner == Manner::Swear).then_some(1.3))
    }
}
