//! The body of an article: what readability takes for it, or what the page marks as it.

use super::cut::is_body;
use super::size::{Size, sizes};
use crate::source::page::markup::{article_markup, whole_markup};
use crate::source::page::node::{Nodes, Step, walk};
use crate::source::page::tree::tree;
use dom_smoothie::{Config, Readability};
use ego_tree::NodeRef;
use scraper::{Html, Node};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// More elements make no article; readability would take long.
const ELEMENTS_LIMIT: usize = 60_000;

/// The least text of a body, in bytes.
const SHORTEST_BYTES: usize = 25;

/// The body of `page` as plain markup.
#[must_use]
pub fn body(page: &Html, cut: &Nodes, url: &str) -> Option<String> {
    let read = readable(page, cut, url);
    let read_size = read.as_ref().map(|read| total(read.tree.root(), &Nodes::default())).unwrap_or_default();
    let marked = marked(page, cut);
    let html = match (read, marked) {
        (Some(_), Some((node, size))) if is_better(size, read_size) => article_markup(node, cut),
        (Some(read), _) => article_markup(read.tree.root(), &Nodes::default()),
        (None, Some((node, _))) => article_markup(node, cut),
        (None, None) => return None,
    };
    (read_size.n_bytes >= SHORTEST_BYTES || marked.is_some()).then_some(html)
}

/// Whether the marked body holds what readability lost, or leaves out what it took too much of.
fn is_better(marked: Size, read: Size) -> bool {
    let ratio = marked.n_bytes as f64 / read.n_bytes.max(1) as f64;
    marked.link_density() < 0.5 && (ratio > 1.5 || (0.4..0.8).contains(&ratio))
}

fn total(root: NodeRef<'_, Node>, cut: &Nodes) -> Size {
    sizes(root, cut).values().copied().max_by_key(|size| size.n_bytes).unwrap_or_default()
}

/// What readability takes for the body.
fn readable(page: &Html, cut: &Nodes, url: &str) -> Option<Html> {
    let markup = whole_markup(page.tree.root(), cut);
    let config = Config { max_elements_to_parse: ELEMENTS_LIMIT, disable_json_ld: true, ..Config::default() };
    let url = Some(url).filter(|url| url.starts_with("http"));
    // It is foreign code that reads foreign bytes.
    let read =
        catch_unwind(AssertUnwindSafe(|| Readability::new(markup, url, Some(config)).ok()?.parse().ok())).ok()??;
    Some(tree(&read.content))
}

/// The largest part of `page` that is marked as a body and lies in no other.
fn marked<'t>(page: &'t Html, cut: &Nodes) -> Option<(NodeRef<'t, Node>, Size)> {
    let sizes = sizes(page.tree.root(), cut);
    let mut best: Option<(NodeRef<'t, Node>, Size)> = None;
    walk(
        page.tree.root(),
        |node| {
            if cut.contains(&node.id()) {
                return Step::Over;
            }
            let Some(element) = node.value().as_element().filter(|element| is_body(element)) else { return Step::In };
            let size = sizes.get(&node.id()).copied().unwrap_or_default();
            if element.name() != "body"
                && size.n_bytes >= SHORTEST_BYTES
                && best.is_none_or(|(_, best)| size.n_bytes > best.n_bytes)
            {
                best = Some((node, size));
            }
            Step::In
        },
        |_| {},
    );
    best
}
