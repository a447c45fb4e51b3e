//! Comments of pages that name nothing as a comment: blocks that repeat in a list of comments.

use super::COMMENTS_LIMIT;
use super::find::Found;
use super::names::{FORMS, LISTS};
use super::piece::evidence;
use crate::source::page::node::{Nodes, Step, is_named, walk};
use ego_tree::NodeRef;
use scraper::{Html, Node};

/// How many lists of comments are looked into.
const LISTS_LIMIT: usize = 20;

/// How deep below a list its blocks may lie.
const DEPTH: usize = 6;

/// The blocks that repeat in a list of comments, each with a name or a time and words.
#[must_use]
pub fn repeated(page: &Html) -> Vec<Found<'_>> {
    let mut lists = Vec::new();
    walk(
        page.tree.root(),
        |node| {
            let is_list = node.value().as_element().is_some_and(|element| {
                is_named(element, LISTS)
                    && !is_named(element, FORMS)
                    && !matches!(element.name(), "body" | "html" | "a" | "span")
            });
            if is_list && lists.len() < LISTS_LIMIT {
                lists.push(node);
                return Step::Over;
            }
            Step::In
        },
        |_| {},
    );
    lists.into_iter().map(|list| blocks(list, DEPTH)).find(|found| !found.is_empty()).unwrap_or_default()
}

fn blocks(list: NodeRef<'_, Node>, depth: usize) -> Vec<Found<'_>> {
    let children: Vec<_> = list.children().filter(|node| node.value().is_element()).collect();
    let none = Nodes::default();
    let mut kinds: Vec<(String, Vec<NodeRef<'_, Node>>)> = Vec::new();
    for child in children.iter().take(COMMENTS_LIMIT) {
        let kind = kind(*child);
        match kinds.iter_mut().take(50).find(|(name, _)| *name == kind) {
            Some((_, alike)) => alike.push(*child),
            None => kinds.push((kind, vec![*child])),
        }
    }
    let is_comment = |node: &NodeRef<'_, Node>| {
        let found = evidence(*node, &none);
        found.is_comment() && found.has_date
    };
    let best = kinds
        .into_iter()
        .map(|(_, alike)| alike.into_iter().filter(is_comment).collect::<Vec<_>>())
        .max_by_key(Vec::len);
    let best = best.unwrap_or_default();
    if best.len() >= 2 {
        return best
            .into_iter()
            .map(|node| Found { roots: vec![node], key: None, parent: None, inner: Nodes::default() })
            .collect();
    }
    if depth == 0 {
        return Vec::new();
    }
    children
        .into_iter()
        .take(50)
        .map(|child| blocks(child, depth - 1))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// What blocks of one kind have in common: the element's name and its first class.
fn kind(node: NodeRef<'_, Node>) -> String {
    let Some(element) = node.value().as_element() else { return String::new() };
    let class = element.attr("class").unwrap_or("").split_ascii_whitespace().next().unwrap_or("");
    format!("{}.{class}", element.name())
}
