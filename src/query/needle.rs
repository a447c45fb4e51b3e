//! What an index of words can be asked before a query is looked at closely.

use super::ast::Node;
use super::pattern::Phrase;

/// Words of which an item must have some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needle {
    /// All of them.
    All(Vec<Needle>),
    /// At least one.
    Any(Vec<Needle>),
    /// These words one behind the other, letters and digits only.
    Words {
        /// The words, folded.
        words: Vec<String>,
        /// The last of them may go on.
        is_prefix: bool,
    },
}

/// The needle of `node`; `None` where it may hold for items that have none of its words.
pub fn of(node: &Node) -> Option<Needle> {
    match node {
        Node::All(nodes) => {
            let needles: Vec<Needle> = nodes.iter().filter_map(of).collect();
            (!needles.is_empty()).then_some(Needle::All(needles))
        }
        Node::Any(nodes) => nodes.iter().map(of).collect::<Option<Vec<_>>>().map(Needle::Any),
        Node::Near(left, right, _) => match (of(left), of(right)) {
            (Some(left), Some(right)) => Some(Needle::All(vec![left, right])),
            (one, other) => one.or(other),
        },
        Node::Phrase(phrase) => of_phrase(phrase),
        Node::Exact(exact) => Phrase::of(&exact.0.replace(['*', '?'], " ")).as_ref().and_then(of_phrase),
        Node::Not(_) | Node::Field(_) => None,
    }
}

/// Words of which whoever has what `needle` asks for has at least one: those that are longest, and so seldom.
pub fn one_of(needle: &Needle) -> Vec<String> {
    let shortest = |words: &Vec<String>| words.iter().map(String::len).min().unwrap_or(0);
    match needle {
        Needle::All(needles) => needles.iter().map(one_of).max_by_key(shortest).unwrap_or_default(),
        Needle::Any(needles) => needles.iter().flat_map(one_of).collect(),
        Needle::Words { words, .. } => words.iter().max_by_key(|word| word.len()).cloned().into_iter().collect(),
    }
}

fn of_phrase(phrase: &Phrase) -> Option<Needle> {
    let mut spellings: Vec<Needle> = Vec::new();
    for words in phrase.spellings() {
        spellings.push(of_words(words)?);
    }
    if spellings.len() == 1 { spellings.pop() } else { Some(Needle::Any(spellings)) }
}

/// The words up to the first wildcard; a word that begins with one says nothing.
fn of_words(words: &[String]) -> Option<Needle> {
    let mut kept = Vec::new();
    for word in words {
        match word.find(['*', '?']) {
            None => kept.push(word.clone()),
            Some(0) => break,
            Some(at) => {
                kept.push(word.get(..at)?.to_owned());
                return Some(Needle::Words { words: kept, is_prefix: true });
            }
        }
    }
    (!kept.is_empty()).then_some(Needle::Words { words: kept, is_prefix: false })
}
