//! From what a query needs to the words that FTS5 is asked for.
//!
//! Every term stands between quotation marks and holds letters and digits only, so that nothing typed is ever read as
//! syntax.

use crate::model::BrandId;
use crate::query::Needle;
use crate::text::{hash_hex, plain_spelling};

/// What FTS5 is asked: the words of `needle`, in an item about `brand`.
pub(super) fn expression(needle: &Needle, brand: Option<&BrandId>) -> String {
    let words = format!("{{plain spelled}} : ({})", words_of(needle));
    match brand {
        Some(brand) => format!("({words}) AND (brands : \"{}\")", brand_word(brand)),
        None => words,
    }
}

/// The word by which items about `brand` are found.
pub(super) fn brand_word(brand: &BrandId) -> String {
    format!("b{}", hash_hex(&["brand", brand.as_str()]))
}

/// What FTS5 is asked for items about `brand` in which somebody called `name` may have written; `None` without letters.
pub(super) fn author_expression(name: &str, brand: &BrandId) -> Option<String> {
    let plain = plain_spelling(name);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let phrase = words.join(" ");
    (!words.is_empty()).then(|| format!("(plain : \"{phrase}\") AND (brands : \"{}\")", brand_word(brand)))
}

fn words_of(needle: &Needle) -> String {
    let join = |needles: &[Needle], word: &str| {
        let parts: Vec<String> = needles.iter().map(|needle| format!("({})", words_of(needle))).collect();
        parts.join(word)
    };
    match needle {
        Needle::All(needles) => join(needles, " AND "),
        Needle::Any(needles) => join(needles, " OR "),
        Needle::Words { words, is_prefix } => {
            let plain: Vec<String> =
                words.iter().map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect()).collect();
            format!("\"{}\"{}", plain.join(" "), if *is_prefix { " *" } else { "" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use proptest::prelude::*;

    fn asked(typed: &str) -> Option<String> {
        Query::parse(typed).ok()?.needle().map(|needle| words_of(&needle))
    }

    #[test]
    fn words_are_asked_for_in_both_spellings() {
        assert_eq!(asked("steak newark*").as_deref(), Some(r#"("steak") AND ("newark" *)"#));
        assert_eq!(asked("\"meet me\" OR Grüße").as_deref(), Some(r#"("meet me") OR (("grusse") OR ("gruesse"))"#));
        assert_eq!(asked("Morton’s").as_deref(), Some(r#""morton s""#));
        assert_eq!(asked("plain:x"), None);
    }

    proptest! {
        #[test]
        fn only_letters_digits_and_our_own_syntax_reach_fts5(typed in "[\\PC\\x00-\\x1f\"*():^+-]{0,80}") {
            for (n, part) in asked(&typed).unwrap_or_default().split('"').enumerate() {
                let is_term = n % 2 == 1;
                if is_term {
                    prop_assert!(part.chars().all(|c| c == ' ' || c.is_alphanumeric()) && !part.trim().is_empty());
                } else {
                    prop_assert!(part.chars().all(|c| " *()ANDOR".contains(c)), "{part}");
                }
            }
        }
    }
}
