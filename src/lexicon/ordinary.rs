//! Words that say nothing as a name: ordinary words of our languages, common given and family names.
//!
//! Read once, on first use, from `lexicons/*/ordinary.tsv` and `lexicons/all/names.tsv`. All words are folded.

use super::{CUE_LANGUAGES, all_rows, built_in, rows};
use crate::text::fold_to_string;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Ordinary words with what stands beside them when they are used as such.
static WORDS: LazyLock<HashMap<&'static str, Neighbors>> =
    LazyLock::new(|| CUE_LANGUAGES.iter().map(|language| (*language, neighbors_in(language, "ordinary"))).collect());

/// Names that mean something else as well, such as a god, with what then stands beside them.
static SENSES: LazyLock<Neighbors> = LazyLock::new(|| neighbors_in("all", "senses"));

/// Given and family names.
static NAMES: LazyLock<(HashSet<String>, HashSet<String>)> = LazyLock::new(|| {
    let names = || built_in("all", "names").into_iter().flat_map(rows);
    let of = |kind: &str| names().filter(|row| row.cell(1) == kind).map(|row| fold_to_string(row.cell(0))).collect();
    (of("given"), of("family"))
});

/// Words, each with those beside it.
type Neighbors = HashMap<String, Vec<String>>;

fn neighbors_in(language: &str, purpose: &str) -> Neighbors {
    let words = all_rows(language, purpose);
    let neighbors = |cell: &str| cell.split(' ').filter(|word| !word.is_empty()).map(fold_to_string).collect();
    words.map(|row| (fold_to_string(row.cell(0)), neighbors(row.cell(1)))).collect()
}

/// Whether `folded` is an ordinary word in the language `lang`, or in any of ours where that is not known.
#[must_use]
pub fn is_word(folded: &str, lang: Option<&str>) -> bool {
    match lang.and_then(|lang| WORDS.get(lang)) {
        Some(words) => words.contains_key(folded),
        None => WORDS.values().any(|words| words.contains_key(folded)),
    }
}

/// Words that stand beside `folded` where it is an ordinary word: "juice" beside "orange"; of all our languages.
pub fn neighbors(folded: &str) -> impl Iterator<Item = &'static str> {
    let lists = CUE_LANGUAGES.iter().filter_map(|language| WORDS.get(language)).chain([&*SENSES]);
    let found: Vec<&Vec<String>> = lists.filter_map(|words| words.get(folded)).collect();
    found.into_iter().flatten().map(String::as_str)
}

/// Whether `folded` is a common given name.
#[must_use]
pub fn is_given_name(folded: &str) -> bool {
    NAMES.0.contains(folded)
}

/// Whether `folded` is a common family name.
#[must_use]
pub fn is_family_name(folded: &str) -> bool {
    NAMES.1.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_are_known() {
        assert!(is_word("orange", None) && is_word("bahn", Some("de")) && !is_word("swisscom", None));
        assert!(neighbors("orange").any(|word| word == "juice"));
        assert!(is_given_name("otto") && is_family_name("müller"));
    }
}
