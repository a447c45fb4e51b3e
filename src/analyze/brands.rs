//! Finds where brands are named: one automaton over the folded text, for any number of brands.
//!
//! In: a folded text. Out: sightings with word borders checked, overlaps resolved (the longest wins).
//! Whether the brand is really meant is decided in `relevance`.

use super::border::View;
use super::direct::Accounts;
use super::names::{Term, terms_of};
use super::relevance::Notes;
use super::wanted::Wanted;
use crate::model::{Brand, EvidenceKind};
use crate::text::Folded;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Up to this many bytes of names the automaton may be dense: a few megabytes.
const DENSE_BYTES: usize = 32_000;

/// All brands' names, ready to be looked for.
#[derive(Debug, Clone)]
pub struct BrandIndex {
    brands: Vec<Brand>,
    notes: Vec<Notes>,
    accounts: Accounts,
    wanted: Wanted,
    terms: Vec<Term>,
    automaton: Option<AhoCorasick>,
    /// Some name goes over several lines.
    spans_lines: bool,
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
    /// Whether it is written with a slip of the keyboard.
    pub is_misspelled: bool,
}

impl BrandIndex {
    /// Prepares `brands`; building costs time with the number of names, looking does not.
    #[must_use]
    pub fn new(brands: Vec<Brand>) -> Self {
        let of_all = brands.iter().enumerate().flat_map(|(index, brand)| terms_of(index, brand));
        let (patterns, terms): (Vec<String>, Vec<Term>) = of_all.unzip();
        // A table of all transitions is the fastest, but takes a kilobyte a letter.
        let is_small = patterns.iter().map(String::len).sum::<usize>() <= DENSE_BYTES;
        let kind = if is_small { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).kind(Some(kind)).build(&patterns);
        let spans_lines = patterns.iter().any(|pattern| pattern.contains(char::is_control));
        Self {
            notes: brands.iter().map(Notes::new).collect(),
            accounts: Accounts::new(&brands),
            wanted: Wanted::new(&brands),
            automaton: automaton.ok().filter(|_| !patterns.is_empty()),
            brands,
            terms,
            spans_lines,
        }
    }

    /// How much memory the automaton takes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.automaton.as_ref().map_or(0, AhoCorasick::memory_usage)
    }

    /// Whether a text may name a brand that folds to `folded`, or does so but for line breaks, which are blanks here.
    pub(super) fn may_be_named_in(&self, folded: &str) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let view = View { folded, original: None };
        let is_word = |hit: aho_corasick::Match| {
            let term = self.terms.get(hit.pattern().as_usize());
            term.is_some_and(|term| view.named(term, hit.start()..hit.end()).is_some())
        };
        self.spans_lines || automaton.find_overlapping_iter(folded).any(is_word)
    }

    /// The brands, in the order given.
    #[must_use]
    pub fn brands(&self) -> &[Brand] {
        &self.brands
    }

    /// What relevance wants to know of a brand, prepared once.
    pub(super) fn notes(&self, brand: usize) -> Option<&Notes> {
        self.notes.get(brand)
    }

    /// Whose accounts and pages are whose.
    pub(super) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// What the brands' queries ask for.
    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Where brands are named in `text`, in text order; `folded` is `text::fold(text)`.
    #[must_use]
    pub fn sightings(&self, text: &str, folded: &Folded) -> Vec<Sighting> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let view = View { folded: &folded.text, original: Some((text, folded)) };
        let mut found: Vec<(usize, Range<usize>)> = automaton
            .find_overlapping_iter(&folded.text)
            .filter_map(|hit| {
                let index = hit.pattern().as_usize();
                let span = view.named(self.terms.get(index)?, hit.start()..hit.end())?;
                Some((index, folded.original(span)))
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
        let sighting = |(term, span): (usize, Range<usize>)| {
            let term = self.terms.get(term)?;
            Some(Sighting { brand: term.brand, kind: term.kind, span, is_misspelled: term.slip.is_some() })
        };
        kept.into_iter().filter_map(sighting).collect()
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
    fn names_are_found_in_tags_links_and_disguises() {
        check("#DankeDeutscheBahn #MortonsFan #mortonsteak", &["DeutscheBahn", "Mortons"]);
        check(
            "Mоrtons (with a Cyrillic letter), M\u{336}o\u{336}rtons, Ｍortons, Mor\u{200b}tons",
            &["Mоrtons", "M\u{336}o\u{336}rtons", "Ｍortons", "Mor\u{200b}tons"],
        );
        check("Mortons' steak, MORTON'S, Morton`s", &["Mortons", "MORTON'S", "Morton`s"]);
    }

    fn one(name: &str, more: &serde_json::Value, text: &str) -> Vec<String> {
        let mut brand = serde_json::json!({ "id": "b", "name": name });
        brand.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let sightings = index.sightings(text, &fold(text)).into_iter();
        sightings.map(|sighting| text.get(sighting.span).expect("a span").to_owned()).collect()
    }

    #[test]
    fn compounds_and_slips_are_names_where_the_brand_asks() {
        let (none, no_names) = (serde_json::json!({}), Vec::<String>::new());
        assert_eq!(one("Migros", &none, "die Migrosfiliale"), no_names);
        assert_eq!(
            one("Migros", &serde_json::json!({ "compounds": true }), "die Migrosfiliale, Supermigros"),
            ["Migros"]
        );
        let slips = serde_json::json!({ "misspellings": true });
        assert_eq!(one("Swisscom", &none, "Swiscom"), no_names);
        let written = ["Swiscom", "Swisscomm", "Swisccom", "Wisscom", "Swizscom", "Swissocm", "Xswisscom"];
        for text in written {
            assert_eq!(one("Swisscom", &slips, &format!("bei {text} heute")), [text]);
        }
        assert_eq!(one("Swisscom", &slips, "Swiscon, Miss Com, Swisscoms"), ["Swisscoms"]);
        assert_eq!(one("Deutsche Bahn", &slips, "die Deutshe Bahn"), ["Deutshe Bahn"]);
    }

    #[test]
    fn exact_names_count_only_as_written() {
        assert_eq!(one("Kaufhaus", &serde_json::json!({ "exact": ["Kult"] }), "kult, KULT, Kult"), ["Kult"]);
        assert_eq!(one("Kaufhaus", &serde_json::json!({ "aliases": ["=\"Kult\""] }), "kult, Kult"), ["Kult"]);
        assert_eq!(one("BMW", &serde_json::json!({}), "mein bmw, BMW"), ["bmw", "BMW"]);
    }

    #[test]
    fn domains_are_hosts_and_not_pieces_of_others() {
        let domain = serde_json::json!({ "domains": ["mortons.com"] });
        assert_eq!(one("X1", &domain, "https://www.mortons.com/menu info@mortons.com").len(), 2);
        assert!(
            one("X1", &domain, "https://mortons.com.evil.example/ https://e.example/mortons.com notmortons.com")
                .is_empty()
        );
    }

    #[test]
    fn handles_are_addressed_on_any_server_that_is_named() {
        let handles = serde_json::json!({ "handles": ["Mortons", "@mortons@food.example", "mortons.bsky.social"] });
        let text =
            "mortons @Mortons @mortons@food.example @mortons@other.example mortons.bsky.social @mortons.bsky.social";
        assert_eq!(
            one("X1", &handles, text),
            ["@Mortons", "@mortons@food.example", "mortons.bsky.social", "mortons.bsky.social"]
        );
    }

    #[test]
    fn odd_brands_and_hostile_texts_end_soon() {
        let aliases: Vec<String> =
            (0..5_000).map(|n| format!("Alias{n}")).chain(["x".into(), String::new(), " ".into()]).collect();
        let many = serde_json::json!({ "aliases": aliases, "misspellings": true, "compounds": true });
        assert_eq!(one("Muster", &many, "Alias4999 and x"), ["Alias4999", "x"]);
        for piece in ["a", "#a", "😀", "\u{202e}x", "e\u{301}\u{302}\u{303}\u{304}", "alias1", "#Alias", "о", "@"] {
            let text = piece.repeat(1_000_000 / piece.len());
            one("Muster", &many, &text);
        }
    }

    #[test]
    fn twenty_thousand_names_take_less_than_twenty_megabytes() {
        let syllables = ["ba", "ster", "vol", "kin", "mora", "dex", "lu", "fan", "tri", "gol", "pen", "za"];
        let name = |n: usize| [n, n / 12, n / 144, n / 1_728, n / 7].map(|n| syllables[n % 12]).concat();
        let index = BrandIndex::new((0..20_000).map(|n| brand(&format!("b{n}"), &name(n), &[], &[])).collect());
        assert!(index.heap_bytes() <= 20_000_000, "{} bytes", index.heap_bytes());
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
