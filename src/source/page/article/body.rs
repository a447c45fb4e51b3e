//! The body of an article: what readability takes for it, or what the page marks as it.

use super::cut::is_body;
use super::size::{Size, sizes};
use crate::source::page::markup::{article_markup, whole_markup};
use crate::source::page::node::{Nodes, Step, walk};
use crate::source::page::tree::tree;
use dom_smoothie::{Config, Readability};
use ego_tree::NodeRef;
use markup5ever::interface::QuirksMode;
use scraper::{Html, Node};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// More elements make no article; readability would take long.
const ELEMENTS_LIMIT: usize = 60_000;

/// The least text of a body, in bytes.
const SHORTEST_BYTES: usize = 1;

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

/// Whether the marked body holds paragraphs that readability lost, or leaves out what it took too much of and what is
/// no paragraph.
fn is_better(marked: Size, read: Size) -> bool {
    let share = |marked: usize, read: usize| marked as f64 / read.max(1) as f64;
    let all = share(marked.n_bytes, read.n_bytes);
    let in_paragraphs = share(marked.n_in_paragraphs, read.n_in_paragraphs);
    let holds_lost = all > LOST && in_paragraphs > LOST && all < UNLIKELY;
    let leaves_out = all < TOO_MUCH && in_paragraphs >= KEEPS;
    marked.link_density() < DENSE && (holds_lost || leaves_out)
}

/// So many times the text of readability a marked body has where that lost some.
const LOST: f64 = 1.3;

/// Readability does not lose that much: such a body holds other things.
const UNLIKELY: f64 = 4.0;

/// At most such a share of it where that took too much.
const TOO_MUCH: f64 = 0.85;

/// At least such a share of its paragraphs all the same.
const KEEPS: f64 = 0.9;

/// The link density of what is no body.
const DENSE: f64 = 0.4;

fn total(root: NodeRef<'_, Node>, cut: &Nodes) -> Size {
    sizes(root, cut).values().copied().max_by_key(|size| size.n_bytes).unwrap_or_default()
}

/// What readability takes for the body.
fn readable(page: &Html, cut: &Nodes, url: &str) -> Option<Html> {
    // Without a doctype a table does not end a paragraph.
    let doctype = if page.quirks_mode == QuirksMode::Quirks { "" } else { "<!DOCTYPE html>" };
    let markup = format!("{doctype}{}", whole_markup(page.tree.root(), cut));
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
