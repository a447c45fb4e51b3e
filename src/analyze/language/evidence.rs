//! Gathers what the words of a text say of its language.
//!
//! In: tokens. Out: [`Evidence`], a sum for each language. Handles, links, emoji and marks are passed over;
//! hashtags and names say less than other words, since people borrow them.

use super::model::{LANGUAGES, MODEL, Row, STEPS, WIDTH};
use super::script::Letters;
use crate::text::{TokenKind, Tokens};

/// What we look at of a text: enough to decide, and a bound.
const LOOKED_AT_WORDS: usize = 60;

/// How many tokens we pass over in search of those words.
const LOOKED_AT_TOKENS: usize = 400;

/// How many letters of a word are looked at.
const LOOKED_AT_LETTERS: usize = 24;

/// Words that a site put there: marks of reposts, cut links, broken entities.
const NOT_WORDS: [&str; 10] = ["rt", "via", "http", "https", "www", "amp", "lt", "gt", "quot", "nbsp"];

/// How much a listed word counts. The other weights are parts of it, chosen on posts that were not written by us.
const WORD: i32 = 16;
/// The letters of a word that no list has.
const LETTERS: i32 = 3;
/// The letters of a word that is capitalized within a sentence.
const LETTERS_OF_NAME: i32 = 1;
/// The letters of a listed word.
const LETTERS_OF_LISTED: i32 = 1;
/// A hashtag that is a listed word.
const TAG: i32 = 6;
/// The letters of a hashtag.
const LETTERS_OF_TAG: i32 = 1;

/// Units of the sums in one natural logarithm.
pub const UNITS: f32 = STEPS * WORD as f32;

/// Fewer words than this make no part of a mixed text.
const LEAST_PART_WORDS: usize = 3;

/// The lead (natural logarithms) from which a sentence of a mixed text is surely of its language.
const PART_LEAD: f32 = 7.0;

/// A word, or a hashtag without its mark.
struct Word<'t> {
    word: &'t str,
    is_tag: bool,
    is_name: bool,
    is_listed: bool,
}

/// What a text says of its language.
pub struct Evidence<'t> {
    words: Vec<Word<'t>>,
    /// How many letters it has, of which scripts.
    pub letters: Letters,
    sums: [i32; WIDTH],
    sentence: [i32; WIDTH],
    sentence_words: usize,
    parts: [bool; WIDTH],
}

impl<'t> Evidence<'t> {
    /// What the listed words of a text say; the letters are not looked at.
    pub fn of_words(tokens: &'t Tokens<'_>) -> Self {
        let mut evidence = Self {
            words: Vec::with_capacity(LOOKED_AT_WORDS),
            letters: Letters::default(),
            sums: [0; WIDTH],
            sentence: [0; WIDTH],
            sentence_words: 0,
            parts: [false; WIDTH],
        };
        let mut starts_sentence = true;
        for (index, token) in tokens.list().iter().enumerate().take(LOOKED_AT_TOKENS) {
            let folded = tokens.folded(index);
            match token.kind {
                TokenKind::Word | TokenKind::Hashtag => {
                    let word = folded.trim_start_matches(['#', '＃']);
                    if NOT_WORDS.contains(&word) {
                        continue;
                    }
                    let is_tag = token.kind == TokenKind::Hashtag;
                    evidence.see(word, is_tag, token.is_capitalized && !starts_sentence);
                    if token.is_stretched {
                        evidence.see_short_spelling(word);
                    }
                    starts_sentence &= is_tag;
                }
                TokenKind::Punctuation if folded.starts_with([':', '"', '“', '„', '«']) => starts_sentence = true,
                TokenKind::Punctuation | TokenKind::Break if tokens.ends_sentence(index) => {
                    starts_sentence = true;
                    evidence.end_sentence();
                }
                _ => {}
            }
            if evidence.words.len() >= LOOKED_AT_WORDS {
                break;
            }
        }
        evidence.end_sentence();
        evidence
    }

    fn see(&mut self, word: &'t str, is_tag: bool, is_name: bool) {
        self.letters.see(word);
        let weight = if is_tag { TAG } else { WORD };
        // A letter alone is as often a name's or a list's as a word.
        let in_sentence = !is_tag && word.chars().nth(1).is_some();
        let mut is_listed = false;
        let mut add = |part: &str| {
            let Some(row) = MODEL.word(part) else { return };
            is_listed = true;
            add_row(&mut self.sums, row, weight);
            if in_sentence {
                add_row(&mut self.sentence, row, weight);
            }
        };
        add(word);
        // Elisions and endings: `l'eau`, `dell'anno`, `train's`.
        if let Some((before, behind)) = word.split_once('\'').filter(|_| MODEL.word(word).is_none()) {
            word.get(..=before.len()).into_iter().for_each(&mut add);
            word.get(before.len()..).into_iter().for_each(&mut add);
            add(behind);
        }
        self.sentence_words += usize::from(in_sentence);
        self.words.push(Word { word, is_tag, is_name, is_listed });
    }

    /// Looks at a word whose letters were drawn out (`gooood`, folded `good`) as it is without any letter doubled.
    fn see_short_spelling(&mut self, word: &str) {
        let mut short = String::with_capacity(word.len());
        for letter in word.chars() {
            if !short.ends_with(letter) {
                short.push(letter);
            }
        }
        if let Some(row) = MODEL.word(&short).filter(|_| MODEL.word(word).is_none()) {
            add_row(&mut self.sums, row, WORD);
        }
    }

    fn end_sentence(&mut self) {
        let (best, lead) = leader(&self.sentence);
        if self.sentence_words >= LEAST_PART_WORDS && lead >= PART_LEAD {
            self.parts.get_mut(best).into_iter().for_each(|part| *part = true);
        }
        (self.sentence, self.sentence_words) = ([0; WIDTH], 0);
    }

    /// Adds what the letters of the words say.
    pub fn add_letters(&mut self) {
        for Word { word, is_tag, is_name, is_listed } in &self.words {
            let weight = match (is_tag, is_listed, is_name) {
                (true, ..) => LETTERS_OF_TAG,
                (false, true, _) => LETTERS_OF_LISTED,
                (false, false, true) => LETTERS_OF_NAME,
                (false, false, false) => LETTERS,
            };
            let end = word.char_indices().nth(LOOKED_AT_LETTERS).map_or(word.len(), |(at, _)| at);
            MODEL.letters(word.get(..end).unwrap_or(""), |row| add_row(&mut self.sums, row, weight));
        }
    }

    /// Speaks `logs` natural logarithms for `code`, if the lists know that language.
    pub fn favor(&mut self, code: &str, logs: f32) {
        let cells = LANGUAGES.iter().zip(&mut self.sums);
        cells.filter(|(known, _)| **known == code).for_each(|(_, sum)| *sum += (logs * UNITS) as i32);
    }

    /// The language that leads, and by how many natural logarithms.
    pub fn leader(&self) -> (&'static str, f32) {
        let (best, lead) = leader(&self.sums);
        (LANGUAGES.get(best).copied().unwrap_or("en"), lead)
    }

    /// The two languages of a text whose sentences are surely of different ones.
    pub fn mixed(&self) -> Option<(&'static str, &'static str)> {
        let mut parts = LANGUAGES.into_iter().zip(self.parts).filter(|(_, is_part)| *is_part).map(|(code, _)| code);
        Some((parts.next()?, parts.next()?))
    }

    /// How many words and hashtags were seen.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether a word of the text is in a list.
    pub fn has_listed(&self) -> bool {
        self.words.iter().any(|word| word.is_listed)
    }

    /// The words, parted by blanks, without hashtags where there is something else; at most `letters` characters.
    pub fn text(&self, letters: usize) -> String {
        let only_tags = self.words.iter().all(|word| word.is_tag);
        let mut text = String::with_capacity(letters);
        for Word { word, .. } in self.words.iter().filter(|word| only_tags || !word.is_tag) {
            if text.len() >= letters {
                break;
            }
            text.extend(word.chars().take(LOOKED_AT_LETTERS));
            text.push(' ');
        }
        text
    }
}

fn add_row(sums: &mut [i32; WIDTH], row: &Row, weight: i32) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += i32::from(*value) * weight;
    }
}

/// The place of the highest of `sums`, and its lead over the second (natural logarithms).
fn leader(sums: &[i32; WIDTH]) -> (usize, f32) {
    let (mut best, mut first, mut second) = (0, i32::MIN, i32::MIN);
    for (index, sum) in sums.iter().copied().enumerate().take(LANGUAGES.len()) {
        if sum > first {
            (best, second, first) = (index, first, sum);
        } else {
            second = second.max(sum);
        }
    }
    (best, (first as f32 - second as f32) / UNITS)
}
