//! From the words that somebody typed to the words that FTS5 is asked for.
//!
//! In: any text. Out: an expression in which every term stands between quotation marks and holds letters and digits
//! only, so that nothing typed is ever read as syntax. Deliberately absent: OR, NOT, NEAR; `query` will bring them.

use crate::model::BrandId;
use crate::text::{hash_hex, long_spelling, plain_spelling};

/// More words are not looked for at once: the expression's depth is bounded in SQLite.
const WORDS_LIMIT: usize = 64;

/// Why there is nothing to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// No letter and no digit.
    #[error("there is no word to look for; write at least one letter or digit")]
    NoWord,
    /// Too much at once.
    #[error("there are more than {WORDS_LIMIT} words and phrases to look for; leave some out")]
    TooManyWords,
}

/// The words of a search, ready to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: String,
}

/// One word or phrase as it was typed.
#[derive(Debug, Default)]
struct Term {
    text: String,
    is_prefix: bool,
}

impl Query {
    /// Reads words, which must all occur, in any order; `"phrases"` occur as they stand; `pref*` begins a word.
    ///
    /// # Errors
    /// [`QueryError`] where there is no word or there are too many.
    pub fn parse(typed: &str) -> Result<Self, QueryError> {
        let terms: Vec<String> = terms(typed).iter().filter_map(expression).collect();
        match terms.len() {
            0 => Err(QueryError::NoWord),
            1..=WORDS_LIMIT => Ok(Self { words: terms.join(" AND ") }),
            _ => Err(QueryError::TooManyWords),
        }
    }

    /// What FTS5 is asked: the words, in an item about `brand`.
    pub(super) fn expression(&self, brand: Option<&BrandId>) -> String {
        let words = format!("{{plain spelled}} : ({})", self.words);
        match brand {
            Some(brand) => format!("({words}) AND (brands : \"{}\")", brand_word(brand)),
            None => words,
        }
    }
}

/// The word by which items about `brand` are found.
pub(super) fn brand_word(brand: &BrandId) -> String {
    format!("b{}", hash_hex(&["brand", brand.as_str()]))
}

fn terms(typed: &str) -> Vec<Term> {
    let mut terms = vec![Term::default()];
    let mut in_phrase = false;
    for character in typed.chars() {
        let is_quote = matches!(character, '"' | '“' | '”' | '„' | '«' | '»');
        match terms.last_mut() {
            Some(term) if !is_quote && (in_phrase || !character.is_whitespace()) => term.push(character),
            _ => terms.push(Term::default()),
        }
        in_phrase ^= is_quote;
    }
    terms
}

impl Term {
    fn push(&mut self, character: char) {
        // The star belongs to the word only where it is its end.
        self.is_prefix = character == '*';
        self.text.push(character);
    }
}

/// One term in every spelling, in quotation marks; `None` where it holds no letter and no digit.
fn expression(term: &Term) -> Option<String> {
    let (plain, long) = (words_only(&plain_spelling(&term.text)), words_only(&long_spelling(&term.text)));
    let star = if term.is_prefix { " *" } else { "" };
    match (plain.is_empty(), plain == long) {
        (true, _) => None,
        (false, true) => Some(format!("\"{plain}\"{star}")),
        (false, false) => Some(format!("(\"{plain}\"{star} OR \"{long}\"{star})")),
    }
}

fn words_only(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(typed: &str, expected: &str) {
        assert_eq!(Query::parse(typed).expect("words").words, expected, "{typed}");
    }

    #[test]
    fn words_are_all_asked_for_and_phrases_as_they_stand() {
        check("steak newark", r#""steak" AND "newark""#);
        check("\"meet me\" Newark", r#""meet me" AND "newark""#);
        check("„zum Flughafen“ bitte", r#""zum flughafen" AND "bitte""#);
        check("an open \"phrase to the end", r#""an" AND "open" AND "phrase to the end""#);
        check("Morton’s", r#""morton s""#);
    }

    #[test]
    fn a_star_at_the_end_begins_words() {
        check("steak*", r#""steak" *"#);
        check("\"a steak*\"", r#""a steak" *"#);
        check("st*ak", r#""st ak""#);
    }

    #[test]
    fn umlauts_are_asked_for_in_both_spellings() {
        check("Grüße", r#"("grusse" OR "gruesse")"#);
        check("Gruesse", r#""gruesse""#);
    }

    #[test]
    fn what_fts5_would_read_as_syntax_is_a_word() {
        check("NOT a OR b", r#""not" AND "a" AND "or" AND "b""#);
        check("plain:x AND (y", r#""plain x" AND "and" AND "y""#);
        check("NEAR(a b, 3)", r#""near a" AND "b" AND "3""#);
    }

    #[test]
    fn nothing_and_too_much_are_said() {
        assert_eq!(Query::parse(" \"\" *** !?"), Err(QueryError::NoWord));
        assert_eq!(Query::parse(&"a ".repeat(65)), Err(QueryError::TooManyWords));
    }

    proptest! {
        #[test]
        fn only_letters_digits_and_our_own_syntax_reach_fts5(typed in "[\\PC\\x00-\\x1f\"*():^+-]{0,80}") {
            if let Ok(query) = Query::parse(&typed) {
                for (n, part) in query.words.split('"').enumerate() {
                    let is_term = n % 2 == 1;
                    if is_term {
                        prop_assert!(part.chars().all(|c| c == ' ' || c.is_alphanumeric()) && !part.trim().is_empty());
                    } else {
                        prop_assert!(part.chars().all(|c| " *()ANDOR".contains(c)), "{}", query.words);
                    }
                }
            }
        }
    }
}
