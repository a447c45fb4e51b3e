//! What is no article: comments, navigation, boxes, forms, what nobody sees.

use super::names::{BODIES, CUT, CUT_WORDS, ENDS, ROLES};
use super::size::{Size, sizes};
use crate::source::page::comments::comment_nodes;
use crate::source::page::node::{ByNode, Nodes, Step, has_prop, is_named, text, walk, words};
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};

/// A part with a larger share of the page's text is not cut for its name: a name can lie.
const LARGEST_SHARE: f64 = 0.4;

/// A box whose name only holds a word of such parts has at most this share of the page's text.
const LARGEST_BOX: f64 = 0.1;

/// The longest heading that is looked at, in bytes, and how much may stand below it.
const LONGEST_HEADING: usize = 80;
const LARGEST_SECTION: f64 = 0.15;
const SECTION_LIMIT: usize = 50;

/// Elements within a sentence: whatever they are called, their words belong to it.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "q", "small", "strong", "sub", "sup", "u", "td", "tr",
    "tbody",
];

/// The nodes of `page` that hold no words of the article.
#[must_use]
pub fn cut(page: &Html) -> Nodes {
    let mut cut = comment_nodes(page);
    let sizes = sizes(page.tree.root(), &cut);
    let total = sizes.get(&page.root_element().id()).copied().unwrap_or_default().n_bytes;
    let mut further = Vec::new();
    walk(
        page.tree.root(),
        |node| {
            if cut.contains(&node.id()) {
                return Step::Over;
            }
            let Some(element) = node.value().as_element() else { return Step::In };
            if is_end_heading(node, element) {
                further.extend(section(node, &sizes, total));
            }
            if is_cut(node, element, &sizes, total) {
                further.push(node.id());
                return Step::Over;
            }
            Step::In
        },
        |_| {},
    );
    cut.extend(further);
    cut
}

/// Whether `node` is a heading of what follows an article.
fn is_end_heading(node: NodeRef<'_, Node>, element: &Element) -> bool {
    if !matches!(element.name(), "h2" | "h3" | "h4" | "h5" | "h6") {
        return false;
    }
    let heading = text(node, &Nodes::default()).to_lowercase();
    heading.len() <= LONGEST_HEADING && ENDS.iter().any(|end| heading.starts_with(end))
}

/// A heading and what stands below it up to the next one; nothing where that is a large part of the page.
fn section(heading: NodeRef<'_, Node>, sizes: &ByNode<Size>, total: usize) -> Vec<NodeId> {
    let is_heading = |node: &NodeRef<'_, Node>| {
        node.value()
            .as_element()
            .is_some_and(|element| matches!(element.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
    };
    let below: Vec<_> = heading.next_siblings().take(SECTION_LIMIT).take_while(|node| !is_heading(node)).collect();
    let n_bytes: usize = below.iter().filter_map(|node| sizes.get(&node.id())).map(|size| size.n_bytes).sum();
    let is_small = n_bytes as f64 <= LARGEST_SECTION * total as f64 && !below.iter().any(|node| holds_body(*node));
    let below = below.iter().filter(|_| is_small).map(NodeRef::id);
    std::iter::once(heading.id()).chain(below).collect()
}

fn is_cut(node: NodeRef<'_, Node>, element: &Element, sizes: &ByNode<Size>, total: usize) -> bool {
    if matches!(element.name(), "html" | "body" | "head" | "main" | "script" | "style" | "meta" | "link" | "title") {
        return false;
    }
    if is_hidden(element) {
        return true;
    }
    let is_other = matches!(element.name(), "nav" | "dialog")
        || (!INLINE.contains(&element.name()) && is_named(element, CUT))
        || element.attr("role").is_some_and(|role| ROLES.iter().any(|name| role.eq_ignore_ascii_case(name)));
    let is_box = || !INLINE.contains(&element.name()) && words(element).any(is_box_name);
    let share = sizes.get(&node.id()).copied().unwrap_or_default().n_bytes as f64 / total.max(1) as f64;
    let is_cut = (is_other && share <= LARGEST_SHARE) || (share <= LARGEST_BOX && is_box());
    is_cut && !holds_body(node)
}

/// Whether a word of a box is in `name`, parted from others by a mark or a capital.
fn is_box_name(name: &str) -> bool {
    let is_mark = |c: char| matches!(c, '-' | '_');
    name.split(is_mark).any(|part| {
        let camel = part.find(|c: char| c.is_ascii_uppercase()).filter(|at| *at > 0);
        let head = camel.and_then(|at| part.get(..at)).unwrap_or(part);
        CUT_WORDS.iter().any(|word| head.eq_ignore_ascii_case(word) || part.eq_ignore_ascii_case(word))
    })
}

/// Whether nobody sees `element`.
#[must_use]
pub fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or("");
    let is_unseen = || {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    element.attr("hidden").is_some() || (!style.is_empty() && is_unseen())
}

fn holds_body(node: NodeRef<'_, Node>) -> bool {
    node.descendants().filter_map(|inner| inner.value().as_element()).any(is_body)
}

/// Whether `element` says that it is the body of an article.
#[must_use]
pub fn is_body(element: &Element) -> bool {
    has_prop(element, &["articleBody"]) || is_named(element, BODIES)
}
