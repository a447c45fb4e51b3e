//! The queries of brands: which brands that have no name an item may be about, found by the words of their queries.
//!
//! In: an item. Out: the brands whose query may hold, in one pass over the text for all of them. Whether it holds is
//! asked in `relevance`, once the language is known. Where no brand goes by its query alone this costs nothing.

use crate::model::{Brand, Item};
use crate::query::Query;
use crate::text::{long_spelling, plain_spelling};
use aho_corasick::AhoCorasick;

/// The queries of some brands.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// For each brand.
    queries: Vec<Option<Query>>,
    /// Words of which an item must have one, in the spellings of [`Query`]; for each, whose query it is of.
    words: Option<AhoCorasick>,
    brand_of_word: Vec<usize>,
    /// Brands whose query may mean items that hold none of its words.
    always: Vec<usize>,
}

impl Wanted {
    /// Prepares the queries of `brands`. One that cannot be understood means nothing: `config` lets none pass.
    pub(super) fn new(brands: &[Brand]) -> Self {
        let query = |brand: &Brand| brand.query.as_deref().and_then(|text| Query::parse_for_brand(text).ok());
        let queries: Vec<Option<Query>> = brands.iter().map(query).collect();
        let (mut words, mut brand_of_word, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (brand, query)) in brands.iter().zip(&queries).enumerate() {
            let Some(query) = query.as_ref().filter(|_| brand.query_alone) else { continue };
            match query.one_of() {
                Some(needed) => {
                    brand_of_word.extend(needed.iter().map(|_| index));
                    words.extend(needed);
                }
                None => always.push(index),
            }
        }
        let automaton = AhoCorasick::new(&words).ok().filter(|_| !words.is_empty());
        // Without an automaton each item is looked at: that errs toward yes.
        if automaton.is_none() {
            always.append(&mut brand_of_word);
        }
        always.sort_unstable();
        always.dedup();
        Self { queries, words: automaton, brand_of_word, always }
    }

    /// The query of the brand at `index`.
    pub(super) fn query(&self, index: usize) -> Option<&Query> {
        self.queries.get(index).and_then(Option::as_ref)
    }

    /// Whether `item`, of which `text` is what a person would read, may be about a brand that its query alone describes.
    pub(super) fn may_be_in(&self, item: &Item, text: &str) -> bool {
        self.is_any() && !self.of(item, text).is_empty()
    }

    /// The brands that go by their query alone and that `item` may be about, ascending.
    pub(super) fn of(&self, item: &Item, text: &str) -> Vec<usize> {
        let mut found = self.always.clone();
        let author = [&item.author.name, &item.author.handle].into_iter().flatten().map(String::as_str);
        for part in [text].into_iter().chain(author).filter(|_| self.words.is_some()) {
            let plain = plain_spelling(part);
            let long = long_spelling(part);
            self.add_from(&plain, &mut found);
            if long != plain {
                self.add_from(&long, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_any(&self) -> bool {
        self.words.is_some() || !self.always.is_empty()
    }

    fn add_from(&self, spelled: &str, found: &mut Vec<usize>) {
        let Some(words) = &self.words else { return };
        for hit in words.find_overlapping_iter(spelled) {
            let brand = self.brand_of_word.get(hit.pattern().as_usize()).copied();
            // A word may stand there ten thousand times.
            found.extend(brand.filter(|brand| found.last() != Some(brand)));
            if found.len() > 4 * self.queries.len() + 64 {
                found.sort_unstable();
                found.dedup();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::analyze::{BrandIndex, analyze, doubts, may_name_a_brand, sightings};
    use crate::model::{Brand, Item, ItemKey, SourceName};
    use crate::query::{Query, Subject};
    use crate::text::Tokens;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// A brand as `config` makes it of a table.
    fn brand_of(mut table: Value) -> Brand {
        let fields = table.as_object_mut().expect("a table");
        fields.insert("query_alone".to_owned(), json!(!fields.contains_key("name")));
        fields.entry("name").or_insert(json!("shown"));
        serde_json::from_value(table).expect("a brand")
    }

    fn item(text: &str) -> Item {
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        text.clone_into(&mut item.text);
        item
    }

    /// Whether `brand` is meant in `text`, and the rules that say so or do not.
    fn judged(brand: Value, item: &Item) -> (bool, Vec<String>) {
        let index = BrandIndex::new(vec![brand_of(brand)]);
        let found = sightings(&index, item, &item.text);
        assert!(found.is_empty() || may_name_a_brand(&index, item), "{}", item.text);
        let tokens = Tokens::new(&item.text);
        let analysis = analyze(&index, item, &tokens, &found);
        let doubts = doubts(&index, item, &tokens, &found, analysis.lang.as_deref());
        let reasons = analysis.mentions.iter().flat_map(|mention| &mention.reasons);
        let rules = reasons.chain(doubts.iter().flat_map(|doubt| &doubt.reasons)).map(|reason| reason.rule.clone());
        (!analysis.mentions.is_empty(), rules.collect())
    }

    #[test]
    fn a_query_alone_says_what_is_about_a_brand() {
        let brand = || json!({ "id": "grill", "query": "(Grüße OR steak*) AND newark NOT salt" });
        let is_meant = |text: &str| judged(brand(), &item(text)).0;
        assert!(is_meant("Steaks at Newark") && is_meant("Gruesse aus Newark") && is_meant("grusse, newark"));
        assert!(
            !is_meant("Steaks with salt at Newark") && !is_meant("Steaks in Boston") && !is_meant("grill in Boston")
        );
        assert_eq!(judged(brand(), &item("Steaks at Newark")).1, ["relevance.query"]);
        assert_eq!(judged(brand(), &item("Newark steaks, salt")).1, ["relevance.query_fails"]);
    }

    #[test]
    fn beside_a_name_a_query_must_hold_as_well() {
        let brand =
            || json!({ "id": "m", "name": "Mortons", "query": "steak* OR dinner", "own_accounts": ["@Mortons"] });
        assert!(judged(brand(), &item("Dinner at Mortons")).0);
        assert!(!judged(brand(), &item("Dinner at home")).0);
        let (is_meant, rules) = judged(brand(), &item("Mortons is closed"));
        assert!(!is_meant && rules == ["relevance.query_fails"], "{rules:?}");
        let mut own = item("We open at six");
        own.author.handle = Some("@Mortons".to_owned());
        assert!(judged(brand(), &own).0, "what a brand says itself is its own");
    }

    #[test]
    fn an_author_and_a_site_can_be_asked_for() {
        let mut post = item("anything");
        post.author.name = Some("Ann Müller".to_owned());
        post.url = Some("https://food.example/1".to_owned());
        assert!(judged(json!({ "id": "b", "query": "author:mueller" }), &post).0);
        assert!(judged(json!({ "id": "b", "query": "site:food.example lang:en OR ann" }), &post).0);
        assert!(!judged(json!({ "id": "b", "query": "site:other.example" }), &post).0);
    }

    proptest! {
        #[test]
        fn no_item_that_a_query_means_is_passed_over(
            query in "(NOT )?[a-cäßüß]{1,3}( (AND|OR|NEAR/2|NOT) [a-cäöß*]{1,3}){0,3}",
            text in "([a-cäöüßÄ]{1,3}[ ,-]){0,8}",
        ) {
            let Ok(read) = Query::parse_for_brand(&query) else { return Ok(()) };
            let post = item(&text);
            let holds = read.matches(&Subject::new(&post));
            let index = BrandIndex::new(vec![brand_of(json!({ "id": "b", "query": query }))]);
            let is_seen = !sightings(&index, &post, &text).is_empty();
            prop_assert!(is_seen || !holds);
            prop_assert!(may_name_a_brand(&index, &post) || !is_seen);
        }
    }
}
