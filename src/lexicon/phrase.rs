//! Finds phrases of a lexicon in a text that was cut into tokens.
//!
//! A pattern is a row of elements parted by blanks, compared with folded tokens:
//!
//! | element | meaning |
//! | --- | --- |
//! | `word` | that word, handle, tag, emoji or mark |
//! | `word*` | a word that begins so |
//! | `a|b*|c` | one of these |
//! | `element?` | may be missing |
//! | `*` | any one token that does not end a sentence |
//! | `..` | nothing, or up to [`GAP_TOKENS`] tokens that do not end a sentence |
//! | `#` | a number |
//! | `@` | a handle |
//! | `^` | the start of a sentence (first element only) |
//!
//! The first element that is not `^` must be a word, a beginning of at least two letters, or a choice of these.
//! Finding costs a look into one table per token, and more only where a first word is met.

use crate::text::{TokenKind, Tokens, fold_to_string};
use std::collections::HashMap;
use std::ops::Range;

/// How many tokens `..` may pass over.
pub const GAP_TOKENS: usize = 4;

/// How many letters of a beginning (`word*`) are looked up at once.
const STEM_LETTERS: usize = 2;

/// A set of phrases, each with a value of the caller's.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    patterns: Vec<(Pattern, T)>,
    by_word: HashMap<Box<str>, Vec<u32>>,
    by_stem: HashMap<Box<str>, Vec<u32>>,
}

/// Collects phrases.
#[derive(Debug, Clone)]
pub struct PhrasesBuilder<T> {
    patterns: Vec<(Pattern, T)>,
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'p, T> {
    /// The caller's value.
    pub value: &'p T,
    /// The tokens that it stands on.
    pub tokens: Range<usize>,
}

/// A pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It has no element.
    #[error("the pattern is empty; write at least one word")]
    Empty,
    /// Its first element could begin anywhere.
    #[error("`{0}` begins with an element that fits anything; begin with a word or with at least two letters and `*`")]
    OpenStart(String),
}

#[derive(Debug, Clone)]
struct Pattern {
    at_sentence_start: bool,
    elements: Vec<Element>,
}

#[derive(Debug, Clone)]
struct Element {
    is_optional: bool,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    OneOf(Vec<Word>),
    Any,
    Gap,
    Number,
    Handle,
}

#[derive(Debug, Clone)]
enum Word {
    Whole(Box<str>),
    Beginning(Box<str>),
}

impl<T> Default for PhrasesBuilder<T> {
    fn default() -> Self {
        Self { patterns: Vec::new() }
    }
}

impl<T> PhrasesBuilder<T> {
    /// Adds a pattern.
    ///
    /// # Errors
    /// [`PatternError`] where it cannot be used.
    pub fn add(&mut self, pattern: &str, value: T) -> Result<(), PatternError> {
        self.patterns.push((Pattern::parse(pattern)?, value));
        Ok(())
    }

    /// The finished set.
    #[must_use]
    pub fn build(self) -> Phrases<T> {
        let mut by_word: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut by_stem: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        for (index, (pattern, _)) in (0_u32..).zip(&self.patterns) {
            for word in pattern.first_words() {
                match word {
                    Word::Whole(word) => by_word.entry(word.clone()).or_default().push(index),
                    Word::Beginning(stem) => by_stem.entry(stem_of(stem).into()).or_default().push(index),
                }
            }
        }
        Phrases { patterns: self.patterns, by_word, by_stem }
    }
}

impl<T> Phrases<T> {
    /// How many patterns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Every phrase that begins at a token, in text order; of one pattern at one token the longest.
    pub fn find<'p>(&'p self, tokens: &Tokens<'_>) -> Vec<Found<'p, T>> {
        let mut found = Vec::new();
        for start in 0..tokens.len() {
            let word = tokens.folded(start);
            let whole = self.by_word.get(word);
            let stems = self.by_stem.get(stem_of(word));
            for index in whole.into_iter().chain(stems).flatten() {
                let Some((pattern, value)) = self.patterns.get(*index as usize) else { continue };
                if let Some(end) = pattern.end_of_match(tokens, start) {
                    let again = found
                        .iter()
                        .rev()
                        .take(4)
                        .any(|f: &Found<'_, T>| std::ptr::eq(f.value, value) && f.tokens.start == start);
                    if !again {
                        found.push(Found { value, tokens: start..end });
                    }
                }
            }
        }
        found
    }
}

/// The first letters of a word, by which beginnings are looked up.
fn stem_of(word: &str) -> &str {
    let end = word.char_indices().nth(STEM_LETTERS).map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or(word)
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, PatternError> {
        let folded = fold_to_string(text);
        let mut parts = folded.split_whitespace().peekable();
        let at_sentence_start = parts.next_if_eq(&"^").is_some();
        let elements: Vec<Element> = parts.map(Element::parse).collect();
        let pattern = Self { at_sentence_start, elements };
        let Some(first) = pattern.elements.first() else { return Err(PatternError::Empty) };
        let closed = !first.is_optional
            && pattern.first_words().iter().all(|word| match word {
                Word::Whole(_) => true,
                Word::Beginning(stem) => stem.chars().count() >= STEM_LETTERS,
            });
        if pattern.first_words().is_empty() || !closed {
            return Err(PatternError::OpenStart(text.to_owned()));
        }
        Ok(pattern)
    }

    fn first_words(&self) -> &[Word] {
        match self.elements.first().map(|element| &element.shape) {
            Some(Shape::OneOf(words)) => words,
            _ => &[],
        }
    }

    /// The token after the longest match that begins at `start`.
    fn end_of_match(&self, tokens: &Tokens<'_>, start: usize) -> Option<usize> {
        if self.at_sentence_start && start > 0 && !tokens.ends_sentence(start - 1) {
            return None;
        }
        longest(&self.elements, tokens, start).filter(|end| *end > start)
    }
}

fn longest(elements: &[Element], tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let Some((element, rest)) = elements.split_first() else { return Some(at) };
    let taken = match element.shape {
        Shape::Gap => return longest_after_gap(rest, tokens, at),
        _ if element.fits(tokens, at) => longest(rest, tokens, at + 1),
        _ => None,
    };
    let skipped = if element.is_optional { longest(rest, tokens, at) } else { None };
    taken.max(skipped)
}

/// Tries the shortest gap first, so that the phrase stays together.
fn longest_after_gap(rest: &[Element], tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    for passed in 0..=GAP_TOKENS {
        if let Some(end) = longest(rest, tokens, at + passed) {
            return Some(end);
        }
        if at + passed >= tokens.len() || tokens.ends_sentence(at + passed) {
            return None;
        }
    }
    None
}

impl Element {
    fn parse(text: &str) -> Self {
        // A lone `?` is the mark itself.
        let (core, is_optional) = match text.strip_suffix('?') {
            Some(core) if !core.is_empty() => (core, true),
            _ => (text, false),
        };
        let shape = match core {
            "*" => Shape::Any,
            ".." => Shape::Gap,
            "#" => Shape::Number,
            "@" => Shape::Handle,
            _ => Shape::OneOf(core.split('|').filter(|word| !word.is_empty()).map(Word::parse).collect()),
        };
        Self { is_optional, shape }
    }

    fn fits(&self, tokens: &Tokens<'_>, at: usize) -> bool {
        let Some(kind) = tokens.kind(at) else { return false };
        match &self.shape {
            Shape::Any | Shape::Gap => !tokens.ends_sentence(at),
            Shape::Number => kind == TokenKind::Number,
            Shape::Handle => kind == TokenKind::Handle,
            Shape::OneOf(words) => words.iter().any(|word| word.fits(tokens.folded(at))),
        }
    }
}

impl Word {
    fn parse(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(stem) if !stem.is_empty() => Self::Beginning(stem.into()),
            _ => Self::Whole(text.into()),
        }
    }

    fn fits(&self, folded: &str) -> bool {
        match self {
            // Runs of one mark are one token: `!!!` is met by `!`.
            Self::Whole(word) => &**word == folded || (word.len() == 1 && is_run_of(folded, word)),
            Self::Beginning(stem) => folded.starts_with(&**stem),
        }
    }
}

fn is_run_of(folded: &str, mark: &str) -> bool {
    mark.starts_with(|c: char| c.is_ascii_punctuation())
        && folded.len() > 1
        && folded.trim_start_matches(mark).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let mut builder = PhrasesBuilder::default();
        builder.add(pattern, ()).expect("usable pattern");
        let phrases = builder.build();
        let tokens = Tokens::new(text);
        let found = phrases.find(&tokens);
        assert_eq!(found.first().map(|f| tokens.words(f.tokens.clone())), expected, "{pattern} in {text}");
    }

    #[test]
    fn words_beginnings_and_choices() {
        check("can|could you", "Hey, COULD you come?", Some("COULD you"));
        check("birthday*", "at our birthdayparty", Some("birthdayparty"));
        check("could you", "couldn't you", None);
    }

    #[test]
    fn optional_elements_and_gaps() {
        check("can you please? meet", "can you meet me", Some("can you meet"));
        check("can you please? meet", "can you please meet me", Some("can you please meet"));
        check("would .. love", "I would really so love it", Some("would really so love"));
        check("would .. love", "I would. Love it", None);
        check("turns #", "She turns 80 today", Some("turns 80"));
        check("thanks @", "thanks @mortons", Some("thanks @mortons"));
    }

    #[test]
    fn marks_and_sentence_starts() {
        check("where .. ?", "Where are you??", Some("Where are you??"));
        check("^ never again", "So: never again", None);
        check("^ never again", "Bad. Never again!", Some("Never again"));
    }

    #[test]
    fn a_pattern_must_not_begin_anywhere() {
        for pattern in ["* you", ".. you", "a*", "you? are", "# days"] {
            assert!(matches!(PhrasesBuilder::default().add(pattern, ()), Err(PatternError::OpenStart(_))), "{pattern}");
        }
        assert_eq!(PhrasesBuilder::default().add("^", ()), Err(PatternError::Empty));
    }
}
