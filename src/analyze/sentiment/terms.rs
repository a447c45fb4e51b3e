//! A table of terms that is walked byte by byte: words, beginnings of words, and turns of several words.
//!
//! One walk over the tokens from a position finds the longest term there, without hashing and without allocating.
//! A hyphen between two words counts as a blank.

use crate::text::{TokenKind, Tokens, fold_to_string};
use std::collections::BTreeMap;

/// The byte between two words of a term.
const BLANK: u8 = b' ';

/// No value hangs here.
const NONE: u32 = u32::MAX;

/// How many bytes of a word an ending (`*word`) must leave before it.
const MIN_BYTES_BEFORE_ENDING: usize = 3;

/// Terms, each with a value.
#[derive(Debug, Clone)]
pub(super) struct Terms<V> {
    nodes: Vec<Node>,
    edges: Vec<(u8, u32)>,
    values: Vec<V>,
    /// Where the walk over endings starts; these are entered back to front.
    endings: u32,
}

/// A term that was found at a token.
#[derive(Debug)]
pub(super) struct Hit<'t, V> {
    /// Its value.
    pub value: &'t V,
    /// The token after it.
    pub end: usize,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    first_edge: u32,
    n_edges: u32,
    /// The value of the term that ends here.
    whole: u32,
    /// The value of the beginning that ends here.
    beginning: u32,
}

/// Collects terms; a term that is entered twice keeps one value, which both rows may fill.
#[derive(Debug, Clone)]
pub(super) struct TermsBuilder<V> {
    nodes: Vec<(BTreeMap<u8, u32>, u32, u32)>,
    values: Vec<V>,
}

impl<V: Default + Clone> TermsBuilder<V> {
    /// An empty table.
    pub fn new() -> Self {
        let node = || (BTreeMap::new(), NONE, NONE);
        // Node 0 begins the walk forward, node 1 the walk over endings.
        Self { nodes: vec![node(), node()], values: Vec::new() }
    }

    /// The value of `term`, made where it is new.
    pub fn entry(&mut self, term: &str) -> &mut V {
        match (term.strip_prefix('*'), term.strip_suffix('*')) {
            (Some(core), None) => {
                let backward = normal_form(core).into_bytes().into_iter().rev().collect();
                self.value_at(1, backward, false)
            }
            (None, Some(core)) if !core.is_empty() => self.value_at(0, normal_form(core).into_bytes(), false),
            _ => self.value_at(0, normal_form(term).into_bytes(), true),
        }
    }

    /// The value of an emoji or emoticon, whose marks are not to be read as anything else; modifiers may follow it.
    pub fn picture(&mut self, picture: &str) -> &mut V {
        self.value_at(0, fold_to_string(picture).into_bytes(), picture.is_ascii())
    }

    fn value_at(&mut self, from: usize, path: Vec<u8>, is_whole: bool) -> &mut V {
        let at = path.into_iter().fold(from, |at, byte| self.step(at, byte));
        let n_values = u32::try_from(self.values.len()).unwrap_or(NONE);
        let mut index = n_values;
        if let Some((_, whole, beginning)) = self.nodes.get_mut(at) {
            let slot = if is_whole { whole } else { beginning };
            if *slot == NONE {
                *slot = n_values;
            }
            index = *slot;
        }
        if index == n_values {
            self.values.push(V::default());
        }
        self.values.get_mut(index as usize).expect("the slot holds the index of a value that was pushed")
    }

    fn step(&mut self, at: usize, byte: u8) -> usize {
        if let Some(next) = self.nodes.get(at).and_then(|(edges, ..)| edges.get(&byte)) {
            return *next as usize;
        }
        let new = self.nodes.len();
        self.nodes.push((BTreeMap::new(), NONE, NONE));
        if let Some((edges, ..)) = self.nodes.get_mut(at) {
            edges.insert(byte, u32::try_from(new).unwrap_or(NONE));
        }
        new
    }

    /// The finished table.
    pub fn build(self) -> Terms<V> {
        let mut nodes = Vec::with_capacity(self.nodes.len());
        let mut edges = Vec::with_capacity(self.nodes.len());
        for (out, whole, beginning) in self.nodes {
            let first_edge = u32::try_from(edges.len()).unwrap_or(NONE);
            edges.extend(out);
            let n_edges = u32::try_from(edges.len()).unwrap_or(NONE) - first_edge;
            nodes.push(Node { first_edge, n_edges, whole, beginning });
        }
        Terms { nodes, edges, values: self.values, endings: 1 }
    }
}

/// The folded words of a term, parted by one blank each, as the walk over tokens meets them.
fn normal_form(term: &str) -> String {
    let tokens = Tokens::new(term);
    let words: Vec<&str> =
        (0..tokens.len()).filter(|at| !is_hyphen(&tokens, *at)).map(|at| folded_mark(&tokens, at)).collect();
    if words.is_empty() { fold_to_string(term) } else { words.join(" ") }
}

fn is_hyphen(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.kind(at) == Some(TokenKind::Punctuation) && tokens.folded(at) == "-"
}

/// The folded token; of a run of one mark (`!!!`) only the first.
fn folded_mark<'a>(tokens: &'a Tokens<'_>, at: usize) -> &'a str {
    let folded = tokens.folded(at);
    match tokens.kind(at) {
        Some(TokenKind::Punctuation) => {
            let end = folded.chars().next().map_or(0, char::len_utf8);
            folded.get(..end).unwrap_or(folded)
        }
        _ => folded,
    }
}

impl<V> Terms<V> {
    /// The longest term that begins at the token `start`.
    pub fn at(&self, tokens: &Tokens<'_>, start: usize) -> Option<Hit<'_, V>> {
        self.at_reading(tokens, start, folded_mark(tokens, start))
    }

    /// The longest term that begins at the token `start`, of which only `first` is read.
    pub fn at_reading(&self, tokens: &Tokens<'_>, start: usize, first: &str) -> Option<Hit<'_, V>> {
        let mut best = None;
        let mut node = 0;
        let mut at = start;
        loop {
            let (reached, beginning) = self.walk(node, if at == start { first } else { folded_mark(tokens, at) });
            let whole = reached.map_or(NONE, |node| node.whole);
            if let Some(value) = self.value(if whole == NONE { beginning } else { whole }) {
                best = Some(Hit { value, end: at + 1 });
            }
            let Some(next) = reached.and_then(|reached| self.edge(reached, BLANK)) else { break };
            node = next;
            at += 1;
            if is_hyphen(tokens, at) {
                at += 1;
            }
            if at >= tokens.len() {
                break;
            }
        }
        best
    }

    /// The longest term that is `word`, or that `word` begins with where the term allows it.
    pub fn word(&self, word: &str) -> Option<&V> {
        let (reached, beginning) = self.walk(0, word);
        let whole = reached.map_or(NONE, |node| node.whole);
        self.value(if whole == NONE { beginning } else { whole })
    }

    /// The term that is `word` itself.
    pub fn exactly(&self, word: &str) -> Option<&V> {
        self.value(self.walk(0, word).0?.whole)
    }

    /// The longest ending that `word` has.
    pub fn ending(&self, word: &str) -> Option<&V> {
        let mut at = *self.nodes.get(self.endings as usize)?;
        let mut best = NONE;
        for byte in word.bytes().rev().take(word.len().saturating_sub(MIN_BYTES_BEFORE_ENDING)) {
            let Some(next) = self.edge(at, byte).and_then(|next| self.nodes.get(next as usize)) else { break };
            at = *next;
            if at.beginning != NONE {
                best = at.beginning;
            }
        }
        self.value(best)
    }

    /// Walks `word` from `node`: the node at its end, if the table goes so far, and the longest beginning on the way.
    fn walk(&self, node: u32, word: &str) -> (Option<Node>, u32) {
        let mut beginning = NONE;
        let Some(mut at) = self.nodes.get(node as usize).copied() else { return (None, NONE) };
        for byte in word.bytes() {
            let Some(next) = self.edge(at, byte).and_then(|next| self.nodes.get(next as usize)) else {
                return (None, beginning);
            };
            at = *next;
            if at.beginning != NONE {
                beginning = at.beginning;
            }
        }
        (Some(at), beginning)
    }

    fn edge(&self, node: Node, byte: u8) -> Option<u32> {
        let first = node.first_edge as usize;
        let edges = self.edges.get(first..first + node.n_edges as usize)?;
        match edges {
            [(only, next)] => (*only == byte).then_some(*next),
            _ => edges.binary_search_by_key(&byte, |(byte, _)| *byte).ok().and_then(|at| edges.get(at)).map(|e| e.1),
        }
    }

    fn value(&self, index: u32) -> Option<&V> {
        self.values.get(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(terms: &[&str]) -> Terms<String> {
        let mut builder = TermsBuilder::new();
        for term in terms {
            *builder.entry(term) = (*term).to_owned();
        }
        builder.build()
    }

    fn check(terms: &[&str], text: &str, expected: Option<(&str, usize)>) {
        let table = table(terms);
        let tokens = Tokens::new(text);
        let found = table.at(&tokens, 0).map(|hit| (hit.value.as_str(), hit.end));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_longest_term_is_found() {
        let terms = ["look", "look*", "looking forward", "looking forward to"];
        check(&terms, "look at", Some(("look", 1)));
        check(&terms, "looked", Some(("look*", 1)));
        check(&terms, "Looking forward in", Some(("looking forward", 2)));
        check(&terms, "looking forward to it", Some(("looking forward to", 3)));
        check(&terms, "lo", None);
    }

    #[test]
    fn hyphens_count_as_blanks_and_runs_of_marks_as_one() {
        check(&["mind-blowing"], "mind blowing", Some(("mind-blowing", 2)));
        check(&["mind blowing"], "Mind-blowing!", Some(("mind blowing", 3)));
        check(&["really?"], "Really???", Some(("really?", 2)));
    }

    #[test]
    fn endings_are_met_in_compounds_only() {
        let table = table(&["*chaos", "chaos"]);
        assert_eq!(table.ending("bahnchaos").map(String::as_str), Some("*chaos"));
        assert_eq!(table.ending("chaos"), None);
        assert_eq!(table.exactly("chaos").map(String::as_str), Some("chaos"));
    }
}
