//! Words around a phrase that say what it is: a lexicon of language, class and words.
//!
//! In: a lexicon of `lexicons/all` with these three columns. Out: whether a word of a class stands among tokens.

use crate::lexicon;
use crate::text::{Tokens, WordMap};
use std::ops::Range;

/// The words of one lexicon, by language and word.
#[derive(Debug)]
pub(super) struct Cues {
    by_language: WordMap<&'static str, WordMap<&'static str, Vec<&'static str>>>,
}

/// Whose words count where the language is unknown.
const USUAL_LANGUAGES: [&str; 2] = ["en", "de"];

impl Cues {
    /// Reads the built-in lexicon for `purpose`.
    pub(super) fn built_in(purpose: &str) -> Self {
        let mut by_language: WordMap<_, WordMap<_, Vec<_>>> = WordMap::default();
        for row in lexicon::rows(lexicon::built_in("all", purpose).unwrap_or("")) {
            let words = by_language.entry(row.cell(0)).or_default();
            row.cell(2).split(' ').for_each(|word| words.entry(word).or_default().push(row.cell(1)));
        }
        Self { by_language }
    }

    /// Whether one of the tokens of the range `among` is a word of `class` in `lang`.
    pub(super) fn any_in(&self, tokens: &Tokens<'_>, among: Range<usize>, lang: Option<&str>, class: &str) -> bool {
        among.into_iter().any(|at| self.any(tokens, &[at], lang, class))
    }

    /// The classes of `word` in `lang`.
    pub(super) fn classes(&self, word: &str, lang: Option<&str>) -> impl Iterator<Item = &'static str> {
        let lang = lang.and_then(|lang| lang.get(..2)).filter(|lang| self.by_language.contains_key(lang));
        let asked = lang.map_or(USUAL_LANGUAGES, |lang| [lang, ""]);
        asked.into_iter().filter_map(|lang| self.by_language.get(lang)?.get(word)).flatten().copied()
    }

    /// Whether one of the tokens `among` is a word of `class` in `lang`.
    pub(super) fn any(&self, tokens: &Tokens<'_>, among: &[usize], lang: Option<&str>, class: &str) -> bool {
        let lang = lang.and_then(|lang| lang.get(..2)).filter(|lang| self.by_language.contains_key(lang));
        let usual = USUAL_LANGUAGES.as_slice();
        let asked = lang.as_ref().map_or(usual, std::slice::from_ref);
        asked.iter().filter_map(|lang| self.by_language.get(lang)).any(|words| {
            let has_class = |word: &str| words.get(word).is_some_and(|classes| classes.contains(&class));
            among.iter().any(|index| has_class(tokens.folded(*index)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_cue_in_its_own_language_only() {
        let cues = Cues::built_in("deadline");
        let tokens = Tokens::new("he hat Geburtstag");
        assert!(!cues.any(&tokens, &[0], Some("en"), "behind"));
        assert!(cues.any(&tokens, &[0], Some("es"), "behind"));
        assert!(cues.any(&tokens, &[2], Some("de-CH"), "occasion"));
        assert!(cues.any(&tokens, &[0, 1, 2], None, "occasion"));
    }
}
