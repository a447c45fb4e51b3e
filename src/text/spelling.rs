//! Spellings for search: what a person may type for a word becomes the same letters as the word itself.
//!
//! Two spellings of every text: the plain one drops umlauts and accents (`Mühle` is `muhle`), the long one spells
//! umlauts out (`muehle`). `ß` is `ss` in both. Whoever looks for either finds it.

use super::fold_to_string;
use unicode_normalization::UnicodeNormalization;

/// The text folded, without umlauts and accents: `Grüße aus Århus` is `grusse aus arhus`.
#[must_use]
pub fn plain_spelling(text: &str) -> String {
    let folded = fold_to_string(text);
    // Folded once more: without its accent a letter of another script may look like one of ours.
    if folded.is_ascii() { folded } else { fold_to_string(&without_accents(&folded)) }
}

/// The text folded, umlauts spelled out, other accents dropped: `gruesse aus aarhus`.
#[must_use]
pub fn long_spelling(text: &str) -> String {
    let folded = fold_to_string(text);
    if folded.is_ascii() {
        return folded;
    }
    // Umlauts may come as a letter and a mark of its own.
    let composed: String = folded.nfc().collect();
    let mut spelled = String::with_capacity(composed.len() + 8);
    for character in composed.chars() {
        match character {
            'ä' | 'æ' => spelled.push_str("ae"),
            'ö' | 'ø' | 'œ' => spelled.push_str("oe"),
            'ü' => spelled.push_str("ue"),
            'å' => spelled.push_str("aa"),
            other => spelled.push(other),
        }
    }
    if spelled.is_ascii() { spelled } else { fold_to_string(&without_accents(&spelled)) }
}

fn without_accents(folded: &str) -> String {
    let mut plain = String::with_capacity(folded.len());
    for character in folded.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match character {
            'ø' => plain.push('o'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn umlauts_are_dropped_or_spelled_out() {
        for (text, plain, long) in [
            ("Straße in MÜNCHEN", "strasse in munchen", "strasse in muenchen"),
            ("Mu\u{308}hle", "muhle", "muehle"),
            ("Søren, Århus", "soren, arhus", "soeren, aarhus"),
            ("Café Łódź", "cafe lodz", "cafe lodz"),
            ("Reise nach Ελλάδα", "reise nach ελλαδα", "reise nach ελλαδα"),
        ] {
            assert_eq!((plain_spelling(text).as_str(), long_spelling(text).as_str()), (plain, long));
        }
    }

    proptest! {
        #[test]
        fn a_spelling_is_its_own_spelling(text in "\\PC{0,60}") {
            let plain = plain_spelling(&text);
            prop_assert!(plain.len() <= 24 * (text.len() + 1));
            prop_assert_eq!(plain_spelling(&plain), plain);
        }
    }
}
