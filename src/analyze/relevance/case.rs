//! How a text uses capitals: whether a capital letter says that a word is a name.

use crate::text::{TokenKind, Tokens};

/// Only so many words are looked at.
const WORDS_MOST: usize = 300;

/// How a text uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// As one should: a capital says something.
    Proper,
    /// No capital at all: the author does not care.
    Small,
    /// Nearly every word has one: a headline, or shouting.
    Capitals,
}

impl Letters {
    pub(super) fn of(tokens: &Tokens<'_>) -> Self {
        let words = tokens.list().iter().filter(|token| token.kind == TokenKind::Word).take(WORDS_MOST);
        let long = words.clone().filter(|token| token.span.len() > 3);
        let (n_words, n_capitals) = (long.clone().count(), long.filter(|token| token.is_capitalized).count());
        if words.clone().all(|token| !token.is_capitalized) {
            Self::Small
        } else if n_words >= 4 && n_capitals * 4 >= n_words * 3 {
            Self::Capitals
        } else {
            Self::Proper
        }
    }
}
