//! Finds where brands are named: one automaton over the folded text, for any number of brands.
//!
//! In: a folded text. Out: sightings with word borders checked, overlaps resolved (the longest wins).
//! Whether the brand is really meant is decided in `relevance`.

use crate::model::{Brand, EvidenceKind};
use crate::text::{Folded, fold_to_string};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Names up to this many letters that are written in capitals only (`ICE`, `AA`) or in small letters only (`dm`)
/// count only as written.
const CASE_EXACT_LETTERS: usize = 3;

/// Names with at least this many letters may carry a genitive or plural `s` (`Swisscoms`, `Nikes`).
const SUFFIX_LETTERS: usize = 4;

/// Up to this many names the automaton may be dense: a few megabytes.
const DENSE_NAMES: usize = 1_000;

/// All brands' names, ready to be looked for.
#[derive(Debug, Clone)]
pub struct BrandIndex {
    brands: Vec<Brand>,
    terms: Vec<Term>,
    automaton: Option<AhoCorasick>,
    /// Some name goes over several lines.
    spans_lines: bool,
}

#[derive(Debug, Clone)]
struct Term {
    brand: usize,
    kind: EvidenceKind,
    /// As the brand writes it, where it counts only so.
    exact: Option<String>,
    /// Whether an `s` or `'s` may follow.
    takes_suffix: bool,
}

/// One place in the text that may name a brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which brand of the index.
    pub brand: usize,
    /// How it is named.
    pub kind: EvidenceKind,
    /// Where, in bytes of the original text.
    pub span: Range<usize>,
}

impl BrandIndex {
    /// Prepares `brands`; building costs time with the number of names, looking does not.
    #[must_use]
    pub fn new(brands: Vec<Brand>) -> Self {
        let mut patterns: Vec<String> = Vec::new();
        let mut terms = Vec::new();
        for (index, brand) in brands.iter().enumerate() {
            for (kind, name) in names_of(brand) {
                let folded = fold_to_string(name.trim());
                if !folded.is_empty() {
                    terms.push(Term::new(index, kind, name.trim()));
                    patterns.push(folded);
                }
            }
        }
        // A table of all transitions is the fastest, but grows with the square of what it holds.
        let kind = (patterns.len() <= DENSE_NAMES).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).kind(kind).build(&patterns).ok();
        let spans_lines = patterns.iter().any(|pattern| pattern.contains(char::is_control));
        Self { brands, terms, automaton: automaton.filter(|_| !patterns.is_empty()), spans_lines }
    }

    /// Whether a text may name a brand that folds to `folded`, or does so but for line breaks, which are blanks here.
    pub(super) fn may_be_named_in(&self, folded: &str) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let is_word = |hit: aho_corasick::Match| {
            let term = self.terms.get(hit.pattern().as_usize());
            term.is_some_and(|term| term.end_of_word(folded, hit.start()..hit.end()).is_some())
        };
        self.spans_lines || automaton.find_overlapping_iter(folded).any(is_word)
    }

    /// The brands, in the order given.
    #[must_use]
    pub fn brands(&self) -> &[Brand] {
        &self.brands
    }

    /// Where brands are named in `text`, in text order; `folded` is `text::fold(text)`.
    #[must_use]
    pub fn sightings(&self, text: &str, folded: &Folded) -> Vec<Sighting> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<(usize, Range<usize>)> = automaton
            .find_overlapping_iter(&folded.text)
            .filter_map(|hit| {
                let term_index = hit.pattern().as_usize();
                let term = self.terms.get(term_index)?;
                let end = term.end_of_word(&folded.text, hit.start()..hit.end())?;
                let span = folded.original(hit.start()..end);
                term.is_written_so(text, folded, hit.start()..hit.end()).then_some((term_index, span))
            })
            .collect();
        // The longest first; what overlaps a longer one is inside another's name.
        found.sort_by_key(|(term, span)| (std::cmp::Reverse(span.len()), span.start, *term));
        let mut kept = Kept::default();
        for (term_index, span) in found {
            if let Some(term) = self.terms.get(term_index) {
                kept.add(span, term_index, term.brand);
            }
        }
        let mut kept = kept.into_terms();
        kept.sort_by_key(|(term, span)| (span.start, *term));
        kept.into_iter()
            .filter_map(|(term, span)| {
                self.terms.get(term).map(|term| Sighting { brand: term.brand, kind: term.kind, span })
            })
            .collect()
    }
}

/// Places that are taken, and by which terms of which brands: two are the same or apart.
#[derive(Debug, Default)]
struct Kept {
    by_start: BTreeMap<usize, (usize, Vec<(usize, usize)>)>,
}

impl Kept {
    /// Keeps `span` for `term` of `brand`, unless a longer one or the same brand has it.
    fn add(&mut self, span: Range<usize>, term: usize, brand: usize) {
        // What is taken lies apart, so only the last one that starts before the end of `span` can overlap it.
        match self.by_start.range_mut(..span.end).next_back() {
            Some((start, (end, terms))) if span.start < *end => {
                let is_same_place = *start == span.start && *end == span.end;
                if is_same_place && terms.iter().all(|(_, other)| *other != brand) {
                    terms.push((term, brand));
                }
            }
            // Half a character (the `1` of `½`) is no place of its own.
            _ if span.is_empty() => {}
            _ => {
                self.by_start.insert(span.start, (span.end, vec![(term, brand)]));
            }
        }
    }

    fn into_terms(self) -> Vec<(usize, Range<usize>)> {
        let places = self.by_start.into_iter();
        places.flat_map(|(start, (end, terms))| terms.into_iter().map(move |(term, _)| (term, start..end))).collect()
    }
}

fn names_of(brand: &Brand) -> impl Iterator<Item = (EvidenceKind, &str)> {
    std::iter::once((EvidenceKind::Name, brand.name.as_str()))
        .chain(brand.aliases.iter().map(|name| (EvidenceKind::Alias, name.as_str())))
        .chain(brand.handles.iter().map(|name| (EvidenceKind::Handle, name.as_str())))
        .chain(brand.hashtags.iter().map(|name| (EvidenceKind::Hashtag, name.as_str())))
        .chain(brand.domains.iter().map(|name| (EvidenceKind::Domain, name.as_str())))
        .chain(brand.products.iter().map(|name| (EvidenceKind::Product, name.as_str())))
        .chain(brand.people.iter().map(|name| (EvidenceKind::Person, name.as_str())))
}

impl Term {
    fn new(brand: usize, kind: EvidenceKind, name: &str) -> Self {
        let is_name = matches!(kind, EvidenceKind::Name | EvidenceKind::Alias | EvidenceKind::Product);
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let one_case = name.chars().all(|c| !c.is_lowercase()) || name.chars().all(|c| !c.is_uppercase());
        let exact = (is_name && letters <= CASE_EXACT_LETTERS && one_case).then(|| name.to_owned());
        let ends_in_letter = name.chars().next_back().is_some_and(char::is_alphabetic);
        Self { brand, kind, exact, takes_suffix: is_name && letters >= SUFFIX_LETTERS && ends_in_letter }
    }

    /// Where the word that `hit` stands in ends, if `hit` is a word of its own (perhaps with an `s`).
    fn end_of_word(&self, folded: &str, hit: Range<usize>) -> Option<usize> {
        let before = folded.get(..hit.start)?.chars().next_back();
        let opens = match self.kind {
            // `@name` and `#name` bring their own border; a letter before makes it a mail address or a part.
            EvidenceKind::Domain => before.is_none_or(|c| !is_word(c) || c == '.' || c == '/'),
            _ => before.is_none_or(|c| !is_word(c)) && !is_mail_host(folded, hit.start),
        };
        if !opens {
            return None;
        }
        let after = folded.get(hit.end..)?;
        if self.kind == EvidenceKind::Handle {
            // `@mortons` is not `@mortons.bsky.social` or `@mortons@elsewhere.example`.
            let goes_on = after.strip_prefix(['.', '@', '-']).is_some_and(|rest| rest.starts_with(is_word));
            return (!after.starts_with(is_word) && !goes_on).then_some(hit.end);
        }
        let suffix = ["'s", "s", ""].into_iter().find(|suffix| {
            let fits = suffix.is_empty() || self.takes_suffix;
            fits && after.strip_prefix(suffix).is_some_and(|rest| !rest.starts_with(is_word))
        })?;
        Some(hit.end + suffix.len())
    }

    fn is_written_so(&self, text: &str, folded: &Folded, hit: Range<usize>) -> bool {
        // A tag has no case of its own: `#db` is meant as `#DB`.
        let is_tag = folded.text.get(..hit.start).is_some_and(|before| before.ends_with('#'));
        is_tag || self.exact.as_deref().is_none_or(|exact| text.get(folded.original(hit)) == Some(exact))
    }
}

/// Whether an `@` with a letter before it stands right before `start`: the host of a mail address or full handle.
fn is_mail_host(folded: &str, start: usize) -> bool {
    let before = folded.get(..start).and_then(|text| text.strip_suffix('@'));
    before.is_some_and(|text| text.ends_with(|c: char| is_word(c) || c == '.'))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BrandId;
    use crate::text::fold;

    fn brand(id: &str, name: &str, aliases: &[&str], handles: &[&str]) -> Brand {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let json = serde_json::json!({ "id": BrandId::new(id), "name": name, "aliases": own(aliases), "handles": own(handles) });
        serde_json::from_value(json).expect("a brand")
    }

    fn check(text: &str, expected: &[&str]) {
        let index = BrandIndex::new(vec![
            brand("mortons", "Morton's The Steakhouse", &["Morton's", "Mortons"], &["@Mortons"]),
            brand("bahn", "Deutsche Bahn", &["Bahn", "ICE", "DB"], &["@DB_Bahn"]),
            brand("aa", "American Airlines", &["AA"], &[]),
            brand("america", "America", &[], &[]),
        ]);
        let found: Vec<&str> =
            index.sightings(text, &fold(text)).into_iter().filter_map(|s| text.get(s.span)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_handles_and_curly_apostrophes_are_found() {
        check("Hey @Mortons, Morton’s is great", &["@Mortons", "Morton’s"]);
        check("die Bahn-App der Deutschen Bahn", &["Bahn", "Bahn"]);
        check("at Morton's The Steakhouse again", &["Morton's The Steakhouse"]);
    }

    #[test]
    fn parts_of_words_and_of_longer_names_are_not() {
        check("auf der Autobahn und der Bahnhof", &[]);
        check("@MortonsSalt and mail@mortons.example", &[]);
        check("American Airlines lost my bag", &["American Airlines"]);
    }

    #[test]
    fn short_names_count_only_as_written() {
        check("ice cold in the ICE", &["ICE"]);
        check("aa, AA, #aa", &["AA", "aa"]);
    }

    #[test]
    fn a_genitive_s_belongs_to_the_name() {
        check("Deutsche Bahns Chef und Bahn's app", &["Deutsche Bahns", "Bahn's"]);
    }

    #[test]
    fn a_name_ten_thousand_times_is_found_as_often() {
        let index = BrandIndex::new(vec![brand("m", "Morton's", &["Mortons"], &[]), brand("n", "Mortons", &[], &[])]);
        let text = "Mortons ".repeat(100_000);
        assert_eq!(index.sightings(&text, &fold(&text)).len(), 200_000);
    }

    #[test]
    fn half_a_character_is_no_name() {
        let index = BrandIndex::new(vec![brand("one", "1", &[], &[])]);
        assert_eq!(index.sightings("½", &fold("½")), []);
    }

    #[test]
    fn no_brands_find_nothing() {
        assert!(BrandIndex::new(Vec::new()).sightings("anything", &fold("anything")).is_empty());
    }
}
