//! What two spellings of one name have in common.

use crate::text::fold_to_string;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The key of a name: folded, without accents and marks, words parted by one blank.
///
/// "Saint-Étienne", "saint etienne" and "SAINT ETIENNE" share one.
#[must_use]
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    if name.is_ascii() {
        name.chars().for_each(|character| push(&mut key, character.to_ascii_lowercase()));
    } else {
        fold_to_string(name).nfkd().for_each(|character| push(&mut key, character));
    }
    key.truncate(key.trim_end().len());
    key
}

fn push(key: &mut String, character: char) {
    match character {
        'ø' => key.push('o'),
        'ł' => key.push('l'),
        'đ' => key.push('d'),
        'ı' => key.push('i'),
        'æ' => key.push_str("ae"),
        'œ' => key.push_str("oe"),
        '\'' | '`' => {}
        _ if is_combining_mark(character) => {}
        _ if character.is_alphanumeric() => key.push(character),
        _ if key.is_empty() || key.ends_with(' ') => {}
        _ => key.push(' '),
    }
}

/// The key of the spelling without umlauts ("Zuerich"), where there is one.
pub(super) fn key_without_umlauts(name: &str) -> Option<String> {
    let folded = fold_to_string(name);
    let has_umlaut = folded.contains(['ä', 'ö', 'ü']);
    has_umlaut.then(|| key(&folded.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        assert_eq!(key("Saint-Étienne"), key("SAINT ETIENNE"));
        assert_eq!(key("St. Gallen"), "st gallen");
        assert_eq!(key("O’Hare"), "ohare");
        assert_eq!(key("Łódź"), "lodz");
        assert_eq!(key(" (Aller) "), "aller");
        assert_eq!(key_without_umlauts("Köln").as_deref(), Some("koeln"));
    }
}
