//! Folding: what a person reads as the same word becomes the same bytes.

use icu_casemap::CaseMapper;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A folded text that knows where each of its bytes came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Case folded (`ß` becomes `ss`), compatibility forms resolved (full-width letters become plain ones),
    /// curly apostrophes straight, soft hyphens and zero-width characters gone. Umlauts and accents stay.
    pub text: String,
    /// For each byte of `text`: where its character starts in the original. `None` where the two are the same.
    starts: Option<Vec<u32>>,
    original_len: usize,
}

impl Folded {
    /// The bytes of the original that `range` of the folded text came from.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(starts) = &self.starts else { return range };
        let at = |index: usize| starts.get(index).map_or(self.original_len, |start| *start as usize);
        at(range.start)..at(range.end)
    }
}

/// Folds `text` and remembers where each byte came from.
#[must_use]
pub fn fold(text: &str) -> Folded {
    if text.is_ascii() {
        return Folded { text: text.to_ascii_lowercase(), starts: None, original_len: text.len() };
    }
    let mut folded = String::with_capacity(text.len() + 8);
    let mut starts = Vec::with_capacity(text.len() + 8);
    for (start, character) in text.char_indices() {
        push_folded(&mut folded, character);
        starts.resize(folded.len(), u32::try_from(start).unwrap_or(u32::MAX));
    }
    Folded { text: folded, starts: Some(starts), original_len: text.len() }
}

/// Folds `text` where nobody asks for the offsets.
#[must_use]
pub fn fold_to_string(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len() + 8);
    text.chars().for_each(|character| push_folded(&mut folded, character));
    folded
}

/// Appends what `character` folds to, as in [`fold`].
pub fn push_folded(folded: &mut String, character: char) {
    match character {
        _ if character.is_ascii() => folded.push(character.to_ascii_lowercase()),
        // Invisible inside words: soft hyphen, zero-width space and joiners, word joiner, byte order mark.
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{00b4}' => folded.push('\''),
        'ß' | 'ẞ' => folded.push_str("ss"),
        // The common letters of our five languages need no table.
        'À'..='Þ' if character != '×' => folded.extend(character.to_lowercase()),
        'à'..='ÿ' => folded.push(character),
        _ => {
            let mut buffer = [0_u8; 4];
            let compatible: String = character.encode_utf8(&mut buffer).nfkc().collect();
            folded.push_str(&CaseMapper::new().fold_string(&compatible));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_alike_folds_alike() {
        assert_eq!(fold_to_string("STRASSE"), fold_to_string("Straße"));
        assert_eq!(fold_to_string("Morton’s"), "morton's");
        assert_eq!(fold_to_string("Ｍorton\u{ad}s"), "mortons");
        assert_eq!(fold_to_string("ZÜRICH"), "zürich");
    }

    #[test]
    fn a_folded_span_leads_back_to_the_words() {
        let text = "Die Straße heißt Müh\u{ad}le";
        let folded = fold(text);
        let start = folded.text.find("mühle").expect("folded word");
        let span = folded.original(start..start + "mühle".len());
        assert_eq!(text.get(span), Some("Müh\u{ad}le"));
    }

    proptest! {
        #[test]
        fn spans_stay_on_character_borders(text in "\\PC{0,60}") {
            let folded = fold(&text);
            prop_assert_eq!(&folded.text, &fold_to_string(&text));
            for (start, character) in folded.text.char_indices() {
                let span = folded.original(start..start + character.len_utf8());
                prop_assert!(text.get(span).is_some());
            }
        }
    }
}
