//! The concepts of a post: families of cues that say something for or against a gesture.
//!
//! In: the cues of a post. Out: how plainly each family is there, and the cue that says it best.
//! What a concept is worth is not decided here: `learned` weighs it.

use super::cues::{Hit, Hits};

/// The families of cues that are concepts.
const FAMILIES: [&str; 49] = [
    "wish",
    "moment",
    "love",
    "advocate",
    "churn",
    "purchase",
    "newcomer",
    "gripe",
    "question",
    "request",
    "care",
    "detail",
    "anchor",
    "loyal",
    "warm",
    "wit",
    "gesture",
    "large",
    "angry",
    "threat",
    "owed",
    "beg",
    "house",
    "headline",
    "politics",
    "near",
    "treat",
    "feast",
    "trip",
    "ritual",
    "glow",
    "crave",
    "rueful",
    "play",
    "feel",
    "first",
    "token",
    "kindness",
    "process",
    "harsh",
    "crowd",
    "voice",
    "presales",
    "sales",
    "use",
    "aftersales",
    "none",
    "minor",
    "hate",
];

/// A concept that a post has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Concept<'h, 't> {
    /// The family of cues.
    pub(super) name: &'static str,
    /// How much its cues say, -1..=1; below 0 they speak against it.
    pub(super) said: f32,
    /// The cue that says it best, where one speaks for it.
    pub(super) best: Option<&'h Hit<'t>>,
}

/// The concepts of a post, in one order for every post.
pub(super) fn of<'h, 't>(hits: &'h Hits<'t>) -> impl Iterator<Item = Concept<'h, 't>> {
    FAMILIES
        .iter()
        .filter(|name| hits.has_family(name))
        .map(|name| Concept { name, said: hits.sum(name).clamp(-1.0, 1.0), best: hits.best(name) })
        .filter(|concept| concept.said != 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Tokens;

    fn named(text: &str) -> Vec<&'static str> {
        let tokens = Tokens::new(text);
        of(&Hits::find(&tokens, Some("en"), &[])).map(|concept| concept.name).collect()
    }

    #[test]
    fn a_post_has_the_concepts_of_its_words() {
        let names = named("my grandma knitted socks for the driver");
        assert!(names.contains(&"near") && names.contains(&"treat") && names.contains(&"kindness"), "{names:?}");
        assert!(named("qwrt zxcv").is_empty());
    }

    #[test]
    fn every_family_of_the_traits_is_a_concept() {
        for language in crate::lexicon::CUE_LANGUAGES {
            let text = crate::lexicon::built_in(language, "traits").expect("registered");
            for row in crate::lexicon::rows(text) {
                let family = row.cell(0).split('.').next().unwrap_or("");
                assert!(FAMILIES.contains(&family), "{language}/traits.tsv:{}: {family}", row.line);
            }
        }
    }
}
