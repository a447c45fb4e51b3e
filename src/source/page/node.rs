//! Looks at the elements of a page: walks them, asks for their words, gathers their text.

use crate::text::{BLOCK_ELEMENTS, fold_blanks};
use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use scraper::node::Element;
use std::collections::{HashMap, HashSet};

/// Nodes of a tree.
pub type Nodes = HashSet<NodeId, foldhash::fast::RandomState>;

/// A number or more for each node of a tree.
pub type ByNode<T> = HashMap<NodeId, T, foldhash::fast::RandomState>;

/// Where a walk goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// With what the node holds.
    In,
    /// Behind the node.
    Over,
}

/// Walks `root` and what it holds in document order, without recursion.
///
/// `open` sees each node and says whether to go in; `close` sees those that were gone into, behind their contents.
pub fn walk<'t>(
    root: NodeRef<'t, Node>,
    mut open: impl FnMut(NodeRef<'t, Node>) -> Step,
    mut close: impl FnMut(NodeRef<'t, Node>),
) {
    let mut node = root;
    loop {
        if open(node) == Step::In {
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            close(node);
        }
        loop {
            if node == root {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return };
            close(parent);
            node = parent;
        }
    }
}

/// The words of the class and the id of `element`, as written.
pub fn words(element: &Element) -> impl Iterator<Item = &str> {
    element.attr("class").unwrap_or("").split_ascii_whitespace().chain(element.attr("id"))
}

/// Whether the class or the id of `element` is one of `names`, in any case.
pub fn is_named(element: &Element, names: &[&str]) -> bool {
    words(element).any(|word| names.iter().any(|name| word.eq_ignore_ascii_case(name)))
}

/// Whether `element` has one of `names` among its `itemprop`.
pub fn has_prop(element: &Element, names: &[&str]) -> bool {
    let props = element.attr("itemprop").unwrap_or("").split_ascii_whitespace();
    props.into_iter().any(|prop| names.iter().any(|name| prop.eq_ignore_ascii_case(name)))
}

/// Whether `element` is a thing of schema.org's `kinds`.
pub fn is_thing(element: &Element, kinds: &[&str]) -> bool {
    let mut types = element.attr("itemtype").unwrap_or("").split_ascii_whitespace();
    types.any(|kind| kinds.iter().any(|name| kind.rsplit('/').next() == Some(name)))
}

/// Whether the element `name` stands on lines of its own; cells of a table count as well.
pub fn is_block(name: &str) -> bool {
    matches!(name, "body" | "td" | "th") || BLOCK_ELEMENTS.contains(&name)
}

/// Whether nobody reads what `element` holds.
pub fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "noscript" | "template" | "head" | "iframe" | "object" | "svg" | "textarea" | "select"
    )
}

/// The text of `root` without what is in `cut`; blanks are folded, blocks are parted by a blank.
pub fn text(root: NodeRef<'_, Node>, cut: &Nodes) -> String {
    let raw = std::cell::RefCell::new(String::new());
    let space = |node: NodeRef<'_, Node>| {
        if node.value().as_element().is_some_and(|element| is_block(element.name())) {
            raw.borrow_mut().push(' ');
        }
    };
    walk(
        root,
        |node| {
            if cut.contains(&node.id()) || node.value().as_element().is_some_and(|element| is_silent(element.name())) {
                return Step::Over;
            }
            if let Node::Text(piece) = node.value() {
                raw.borrow_mut().push_str(piece);
            }
            space(node);
            Step::In
        },
        space,
    );
    fold_blanks(&raw.into_inner())
}
