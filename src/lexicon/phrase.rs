//! Finds phrases of a lexicon in a text that was cut into tokens.
//!
//! A pattern is a row of elements parted by blanks, compared with folded tokens:
//!
//! | element | meaning |
//! | --- | --- |
//! | `word` | that word, handle, tag, emoji or mark |
//! | `word*` | a word that begins so |
//! | `a|b*|#|%` | one of these |
//! | `element?` | may be missing |
//! | `*` | any one token that does not end a sentence |
//! | `!a|b*` | here stands none of these; takes no token |
//! | `..` | nothing, or up to [`GAP_TOKENS`] tokens that do not end a sentence |
//! | `...` | the same, up to [`LONG_GAP_TOKENS`] |
//! | `#` | a number |
//! | `@` | a handle |
//! | `%` | the brand, as the caller says where it is named |
//! | `^` | the start of a sentence, handles and marks passed over (first element only) |
//!
//! The first element that is not `^` must be a word, a beginning of at least two letters, `#`, `@`, `%`,
//! or a choice of these. Finding costs a look into one table per token, and more only where a first word is met.

use crate::text::{TokenKind, Tokens, WordMap, fold_to_string};
use std::ops::Range;

/// How many tokens `..` may pass over.
pub const GAP_TOKENS: usize = 4;

/// How many tokens `...` may pass over.
pub const LONG_GAP_TOKENS: usize = 12;

/// How many letters of a beginning (`word*`) are looked up at once.
const STEM_LETTERS: usize = 2;

/// A set of phrases, each with a value of the caller's.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    patterns: Vec<(Pattern, T)>,
    by_word: WordMap<Box<str>, Vec<u32>>,
    by_stem: WordMap<Box<str>, Vec<(Box<str>, u32)>>,
    by_number: Vec<u32>,
    by_handle: Vec<u32>,
    by_brand: Vec<u32>,
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
    #[error("`{0}` begins with an element that fits anything; begin with a word, or with at least two letters and `*`")]
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
    OneOf(Choice),
    NoneOf(Choice),
    Any,
    /// Nothing, or up to so many tokens.
    Gap(usize),
}

/// Words of which one is enough.
#[derive(Debug, Clone)]
struct Choice {
    words: Vec<Word>,
    /// A bit for each first letter that a token may have; most tokens are told apart by it alone.
    first_letters: u64,
}

/// A text with the places where the brand stands in it.
struct Reading<'r, 't> {
    tokens: &'r Tokens<'t>,
    brand_at: &'r [Range<usize>],
}

#[derive(Debug, Clone)]
enum Word {
    Whole(Box<str>),
    Beginning(Box<str>),
    Number,
    Handle,
    Brand,
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
        let mut phrases = Phrases {
            patterns: self.patterns,
            by_word: WordMap::default(),
            by_stem: WordMap::default(),
            by_number: Vec::new(),
            by_handle: Vec::new(),
            by_brand: Vec::new(),
        };
        for (index, (pattern, _)) in (0_u32..).zip(&phrases.patterns) {
            for word in pattern.first_words() {
                let list = match word {
                    Word::Whole(word) => phrases.by_word.entry(word.clone()).or_default(),
                    Word::Beginning(stem) => {
                        phrases.by_stem.entry(stem_of(stem).into()).or_default().push((stem.clone(), index));
                        continue;
                    }
                    Word::Number => &mut phrases.by_number,
                    Word::Handle => &mut phrases.by_handle,
                    Word::Brand => &mut phrases.by_brand,
                };
                list.push(index);
            }
        }
        phrases
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

    /// Every phrase that begins at a token, in text order; of one value at one token the first pattern that fits.
    ///
    /// `%` fits nowhere: see [`Phrases::find_around`].
    pub fn find<'p>(&'p self, tokens: &Tokens<'_>) -> Vec<Found<'p, T>> {
        self.find_around(tokens, &[])
    }

    /// The same, with `brand_at`: the tokens at which the brand is named, in text order, which `%` fits.
    pub fn find_around<'p>(&'p self, tokens: &Tokens<'_>, brand_at: &[Range<usize>]) -> Vec<Found<'p, T>> {
        let reading = Reading { tokens, brand_at };
        let mut found: Vec<Found<'p, T>> = Vec::new();
        for start in 0..tokens.len() {
            for index in self.candidates(&reading, start) {
                let Some((pattern, value)) = self.patterns.get(index as usize) else { continue };
                let Some(end) = pattern.end_of_match(&reading, start) else { continue };
                let mut here = found.iter().rev().take_while(|f| f.tokens.start == start);
                if !here.any(|f| std::ptr::eq(f.value, value)) {
                    found.push(Found { value, tokens: start..end });
                }
            }
        }
        found
    }

    /// The patterns whose first element may stand at `start`.
    fn candidates(&self, reading: &Reading<'_, '_>, start: usize) -> impl Iterator<Item = u32> {
        let word = reading.tokens.folded(start);
        let whole = self.by_word.get(word).into_iter().flatten();
        let stems = self.by_stem.get(stem_of(word)).into_iter().flatten();
        let stems = stems.filter(move |(stem, _)| word.starts_with(&**stem)).map(|(_, index)| index);
        let by_kind = match reading.tokens.kind(start) {
            Some(TokenKind::Number) => self.by_number.as_slice(),
            Some(TokenKind::Handle) => self.by_handle.as_slice(),
            _ => &[],
        };
        let by_brand = if reading.brand_end(start).is_some() { self.by_brand.as_slice() } else { &[] };
        whole.chain(stems).chain(by_kind).chain(by_brand).copied()
    }
}

impl Reading<'_, '_> {
    /// The token after the brand's name that starts at `start`.
    fn brand_end(&self, start: usize) -> Option<usize> {
        let from = self.brand_at.partition_point(|range| range.start < start);
        let here = self.brand_at.iter().skip(from).take_while(|range| range.start == start);
        here.map(|range| range.end).max()
    }

    /// Whether nothing but handles, faces and marks stands between `start` and the sentence's beginning.
    fn starts_sentence(&self, start: usize) -> bool {
        let before = (0..start).rev().take_while(|at| !self.tokens.ends_sentence(*at));
        before.into_iter().all(|at| !matches!(self.tokens.kind(at), Some(TokenKind::Word | TokenKind::Number)))
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
                Word::Whole(_) | Word::Number | Word::Handle | Word::Brand => true,
                Word::Beginning(stem) => stem.chars().count() >= STEM_LETTERS,
            });
        if pattern.first_words().is_empty() || !closed {
            return Err(PatternError::OpenStart(text.to_owned()));
        }
        Ok(pattern)
    }

    fn first_words(&self) -> &[Word] {
        match self.elements.first().map(|element| &element.shape) {
            Some(Shape::OneOf(choice)) => &choice.words,
            _ => &[],
        }
    }

    /// The token after the longest match that begins at `start`.
    fn end_of_match(&self, reading: &Reading<'_, '_>, start: usize) -> Option<usize> {
        if self.at_sentence_start && !reading.starts_sentence(start) {
            return None;
        }
        longest(&self.elements, reading, start).filter(|end| *end > start)
    }
}

fn longest(elements: &[Element], reading: &Reading<'_, '_>, at: usize) -> Option<usize> {
    let Some((element, rest)) = elements.split_first() else { return Some(at) };
    if let Shape::Gap(tokens) = element.shape {
        return longest_after_gap(rest, reading, at, tokens);
    }
    let taken = element.end(reading, at).and_then(|end| longest(rest, reading, end));
    let skipped = if element.is_optional { longest(rest, reading, at) } else { None };
    taken.max(skipped)
}

/// Tries the shortest gap first, so that the phrase stays together.
fn longest_after_gap(rest: &[Element], reading: &Reading<'_, '_>, at: usize, gap: usize) -> Option<usize> {
    for passed in 0..=gap {
        if let Some(end) = longest(rest, reading, at + passed) {
            return Some(end);
        }
        if at + passed >= reading.tokens.len() || reading.tokens.ends_sentence(at + passed) {
            return None;
        }
    }
    None
}

impl Element {
    fn parse(text: &str) -> Self {
        // A lone `?`, or one that ends a choice (`a|?`), is the mark itself.
        let (core, is_optional) = match text.strip_suffix('?') {
            Some(core) if !core.is_empty() && !core.ends_with('|') => (core, true),
            _ => (text, false),
        };
        let words = |list: &str| Choice::of(list.split('|').filter(|word| !word.is_empty()).map(Word::parse).collect());
        let shape = match core {
            "*" => Shape::Any,
            ".." => Shape::Gap(GAP_TOKENS),
            "..." => Shape::Gap(LONG_GAP_TOKENS),
            // A lone `!` is the mark itself.
            _ => match core.strip_prefix('!') {
                Some(list) if !list.is_empty() => Shape::NoneOf(words(list)),
                _ => Shape::OneOf(words(core)),
            },
        };
        Self { is_optional, shape }
    }

    /// The token after this element, if it stands at `at`.
    fn end(&self, reading: &Reading<'_, '_>, at: usize) -> Option<usize> {
        match &self.shape {
            Shape::OneOf(choice) => choice.end(reading, at),
            Shape::NoneOf(choice) => choice.end(reading, at).is_none().then_some(at),
            Shape::Any | Shape::Gap(_) => {
                (at < reading.tokens.len() && !reading.tokens.ends_sentence(at)).then_some(at + 1)
            }
        }
    }
}

impl Word {
    fn parse(text: &str) -> Self {
        match (text, text.strip_suffix('*')) {
            ("#", _) => Self::Number,
            ("@", _) => Self::Handle,
            ("%", _) => Self::Brand,
            (_, Some(stem)) if !stem.is_empty() => Self::Beginning(stem.into()),
            _ => Self::Whole(text.into()),
        }
    }

    /// The bits of the first letters that a token has where it is this word.
    fn first_letters(&self) -> u64 {
        match self {
            Self::Whole(word) | Self::Beginning(word) => first_letter(word),
            Self::Number | Self::Handle | Self::Brand => u64::MAX,
        }
    }

    /// Whether this word is a token of that kind and folded form. Where the brand stands is not asked here.
    fn is(&self, kind: TokenKind, folded: &str) -> bool {
        match self {
            // Runs of one mark are one token: `!!!` is met by `!`.
            Self::Whole(word) => &**word == folded || (word.len() == 1 && is_run_of(folded, word)),
            Self::Beginning(stem) => folded.starts_with(&**stem),
            Self::Number => kind == TokenKind::Number,
            Self::Handle => kind == TokenKind::Handle,
            Self::Brand => false,
        }
    }
}

impl Choice {
    fn of(words: Vec<Word>) -> Self {
        let first_letters = words.iter().fold(0, |letters, word| letters | word.first_letters());
        Self { words, first_letters }
    }

    /// The token after the longest of these words that stands at `at`.
    fn end(&self, reading: &Reading<'_, '_>, at: usize) -> Option<usize> {
        let (kind, folded) = (reading.tokens.kind(at)?, reading.tokens.folded(at));
        if self.first_letters & first_letter(folded) == 0 {
            return None;
        }
        let brand_end = reading.brand_end(at).filter(|_| self.words.iter().any(|word| matches!(word, Word::Brand)));
        brand_end.or_else(|| self.words.iter().any(|word| word.is(kind, folded)).then_some(at + 1))
    }
}

/// The bit of a word's first byte; several bytes share one.
fn first_letter(word: &str) -> u64 {
    word.bytes().next().map_or(0, |byte| 1 << (byte % 64))
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
        check("# days|hours", "after 3 days", Some("3 days"));
        check("dear @|%", "dear @acme", Some("dear @acme"));
        check("turns #", "She turns 80 today", Some("turns 80"));
        check("thanks @", "thanks @mortons", Some("thanks @mortons"));
    }

    #[test]
    fn marks_and_sentence_starts() {
        check("where .. ?", "Where are you??", Some("Where are you??"));
        check("really ..|?", "Really???", Some("Really???"));
        check("^ never again", "So: never again", None);
        check("^ never again", "Bad. Never again!", Some("Never again"));
    }

    #[test]
    fn a_sentence_starts_after_handles_and_marks() {
        check("^ does it", "@mortons - does it run?", Some("does it"));
        check("^ does it", "Well, does it run?", None);
    }

    #[test]
    fn what_must_not_follow_and_long_gaps() {
        check("can you !believe", "Can you believe it", None);
        check("can you !believe", "Can you come", Some("Can you"));
        check(
            "if ... then",
            "if one two three four five six seven then",
            Some("if one two three four five six seven then"),
        );
    }

    #[test]
    fn the_brand_stands_where_the_caller_says() {
        let mut builder = PhrasesBuilder::default();
        builder.add("% is great", ()).expect("usable");
        builder.add("dear %", ()).expect("usable");
        let phrases = builder.build();
        let tokens = Tokens::new("Dear Acme Air, Acme Air is great");
        let brand_at = [1..3, 4..6];
        let found = phrases.find_around(&tokens, &brand_at);
        let words: Vec<_> = found.iter().map(|f| tokens.words(f.tokens.clone())).collect();
        assert_eq!(words, ["Dear Acme Air", "Acme Air is great"]);
        assert!(phrases.find(&tokens).is_empty());
    }

    #[test]
    fn a_pattern_must_not_begin_anywhere() {
        for pattern in ["* you", ".. you", "a*", "you? are", "!you are"] {
            assert!(matches!(PhrasesBuilder::default().add(pattern, ()), Err(PatternError::OpenStart(_))), "{pattern}");
        }
        assert_eq!(PhrasesBuilder::default().add("^", ()), Err(PatternError::Empty));
    }
}
