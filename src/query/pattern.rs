//! Words and phrases of a query, and where they stand in a text.
//!
//! Both sides are compared in two spellings, without umlauts and with umlauts spelled out: whoever types either finds
//! both. `*` stands for any letters inside a word, `?` for one.

use crate::text::{long_spelling, plain_spelling};
use std::ops::Range;

/// The words of a text, folded, in two spellings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    plain: Vec<String>,
    /// Empty where it is the same.
    long: Vec<String>,
}

impl Words {
    /// The words of `text`.
    pub fn of(text: &str) -> Self {
        let (plain, long) = (plain_spelling(text), long_spelling(text));
        let long = if long == plain { Vec::new() } else { cut(&long) };
        Self { plain: cut(&plain), long }
    }
}

/// Letters and digits in a row are a word, as the search's index cuts them.
fn cut(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Words one behind the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    plain: Vec<String>,
    /// Empty where it is the same.
    long: Vec<String>,
}

impl Phrase {
    /// Reads a word or phrase; `None` where no letter and no digit is in it.
    pub fn of(typed: &str) -> Option<Self> {
        let (plain, long) = (pattern(&plain_spelling(typed)), pattern(&long_spelling(typed)));
        let has_letters = plain.iter().any(|word| word.chars().any(char::is_alphanumeric));
        has_letters.then(|| Self { long: if long == plain { Vec::new() } else { long }, plain })
    }

    /// Whether it stands in `words`.
    pub fn is_in(&self, words: &Words) -> bool {
        self.lists(words).any(|(phrase, words)| windows(phrase, words).next().is_some())
    }

    /// Where it stands in `words`.
    pub fn places(&self, words: &Words) -> Vec<Range<usize>> {
        // A word has the same number in both spellings.
        let mut places: Vec<_> = self.lists(words).flat_map(|(phrase, words)| windows(phrase, words)).collect();
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup();
        places
    }

    /// The words in each spelling, patterns with their `*` and `?`.
    pub fn spellings(&self) -> impl Iterator<Item = &[String]> {
        [self.plain.as_slice(), self.long.as_slice()].into_iter().filter(|words| !words.is_empty())
    }

    fn lists<'p>(&'p self, words: &'p Words) -> impl Iterator<Item = (&'p [String], &'p [String])> {
        let texts = [words.plain.as_slice(), words.long.as_slice()];
        self.spellings().flat_map(move |phrase| texts.into_iter().map(move |words| (phrase, words)))
    }
}

fn pattern(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '*' | '?')));
    // A question mark behind a word is what people write, not what they mean.
    let words = words.map(|word| if word.ends_with('?') { word.trim_end_matches('?') } else { word });
    words.filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_owned).collect()
}

fn windows<'w>(phrase: &'w [String], words: &'w [String]) -> impl Iterator<Item = Range<usize>> + 'w {
    let length = phrase.len();
    let fits = move |window: &[String]| window.iter().zip(phrase).all(|(word, pattern)| is_like(word, pattern));
    words.windows(length.max(1)).enumerate().filter(move |(_, window)| fits(window)).map(move |(at, _)| at..at + length)
}

/// Whether `word` is what `pattern` describes. Quadratic at worst, in two short words.
fn is_like(word: &str, pattern: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return word == pattern;
    }
    let (word, pattern): (Vec<char>, Vec<char>) = (word.chars().collect(), pattern.chars().collect());
    let (mut at, mut of, mut star, mut retry) = (0, 0, None, 0);
    while at < word.len() {
        match pattern.get(of) {
            Some('*') => {
                (star, retry) = (Some(of), at);
                of += 1;
            }
            Some(c) if *c == '?' || Some(c) == word.get(at) => {
                at += 1;
                of += 1;
            }
            _ => match star {
                Some(last) => {
                    retry += 1;
                    (at, of) = (retry, last + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(of).all(|c| *c == '*')
}

/// Letters as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact(pub String);

impl Exact {
    /// Whether they stand in `text` as words of their own.
    pub fn is_in(&self, text: &str) -> bool {
        text.match_indices(&self.0).any(|(at, found)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let behind = text.get(at + found.len()..).and_then(|behind| behind.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
        })
    }
}
