//! What was said in a comment, without name, time, buttons and pictures of faces.

use super::date::is_date_like;
use super::find::Found;
use super::parts::{BODIES, HEADS};
use super::piece::{holds_paragraph, is_noise, own_text};
use super::words::BUTTONS;
use crate::source::page::markup::plain_markup;
use crate::source::page::node::{Nodes, Step, has_prop, is_named, is_silent, walk};
use ego_tree::{NodeId, NodeRef};
use scraper::Node;

/// The most bytes of loose words before a name or behind a time: "Kommentar von", "am".
const LOOSE_BYTES: usize = 60;

/// The share of a comment's words that a marked body has to hold.
const BODY_SHARE: f64 = 0.6;

/// A piece of text of a comment.
struct Piece {
    id: NodeId,
    n_bytes: usize,
    /// Whether it is a name, a time, or of a head.
    is_head: bool,
}

/// The body of `found` as plain markup; `author` and `date` are the elements in which those were read.
#[must_use]
pub fn body(found: &Found<'_>, author: Option<NodeId>, date: Option<NodeId>) -> String {
    let mut cut = found.inner.clone();
    let mut pieces = Vec::new();
    let mut marked: Vec<(NodeRef<'_, Node>, bool)> = Vec::new();
    for root in &found.roots {
        gather(*root, &mut cut, &mut pieces, &mut marked, [author, date]);
    }
    cut_head(&pieces, &mut cut);
    let n_bytes = |root: NodeRef<'_, Node>, cut: &Nodes| own_text(root, cut, usize::MAX / 2).len();
    let total: usize = found.roots.iter().map(|root| n_bytes(*root, &cut)).sum();
    let holds = |root: NodeRef<'_, Node>| {
        let is_in = |id: Option<NodeId>| {
            id.and_then(|id| root.tree().get(id)).is_some_and(|node| node.ancestors().any(|above| above == root))
        };
        is_in(author) || is_in(date)
    };
    let best =
        marked.iter().filter(|(node, _)| !holds(*node)).map(|(node, is_sure)| (*node, *is_sure, n_bytes(*node, &cut)));
    let best = best.max_by_key(|(_, is_sure, n_bytes)| (*is_sure, *n_bytes));
    match best {
        Some((node, is_sure, n_bytes)) if n_bytes > 0 && (is_sure || n_bytes as f64 >= BODY_SHARE * total as f64) => {
            plain_markup(node, &cut)
        }
        _ => found.roots.iter().map(|root| plain_markup(*root, &cut)).collect(),
    }
}

fn gather<'t>(
    root: NodeRef<'t, Node>,
    cut: &mut Nodes,
    pieces: &mut Vec<Piece>,
    marked: &mut Vec<(NodeRef<'t, Node>, bool)>,
    heads: [Option<NodeId>; 2],
) {
    let mut in_head: Vec<NodeId> = Vec::new();
    let in_head = std::cell::RefCell::new(&mut in_head);
    let n_marked_limit = 50;
    walk(
        root,
        |node| {
            if cut.contains(&node.id()) {
                return Step::Over;
            }
            match node.value() {
                Node::Element(element) => {
                    if is_silent(element.name())
                        || (node != root && (is_noise(element) && !holds_paragraph(node) || is_button(node, element)))
                    {
                        cut.insert(node.id());
                        return Step::Over;
                    }
                    let is_head = heads.contains(&Some(node.id()))
                        || (node != root
                            && is_named(element, HEADS)
                            && !holds_paragraph(node)
                            && !is_named(element, BODIES));
                    if is_head {
                        in_head.borrow_mut().push(node.id());
                    }
                    let is_sure =
                        has_prop(element, &["text", "commentText", "description", "articleBody", "reviewBody"]);
                    if (is_sure || (node != root && is_named(element, BODIES))) && marked.len() < n_marked_limit {
                        marked.push((node, is_sure));
                    }
                }
                Node::Text(text) if !text.trim().is_empty() => {
                    let is_head = !in_head.borrow().is_empty();
                    pieces.push(Piece {
                        id: node.id(),
                        n_bytes: text.trim().len(),
                        is_head: is_head || is_date_like(text.trim()) && pieces.len() < 8,
                    });
                }
                _ => {}
            }
            Step::In
        },
        |node| {
            if in_head.borrow().last() == Some(&node.id()) {
                in_head.borrow_mut().pop();
            }
        },
    );
}

/// Whether `node` is a link or the like that says what a reader may do.
fn is_button(node: NodeRef<'_, Node>, element: &scraper::node::Element) -> bool {
    if !matches!(element.name(), "a" | "span" | "li" | "p" | "small" | "div") {
        return false;
    }
    let text = own_text(node, &Nodes::default(), LOOSE_BYTES).to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    BUTTONS.contains(&text)
}

/// Cuts name and time and the loose words before them, or behind them where they follow the body.
fn cut_head(pieces: &[Piece], cut: &mut Nodes) {
    let mut n_loose = 0;
    let mut head_end = 0;
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_head {
            head_end = at + 1;
        } else {
            n_loose += piece.n_bytes;
        }
        if n_loose > LOOSE_BYTES {
            break;
        }
    }
    let has_body_behind = pieces.iter().skip(head_end).any(|piece| !piece.is_head);
    if has_body_behind {
        cut.extend(pieces.iter().take(head_end).map(|piece| piece.id));
    }
    cut.extend(pieces.iter().filter(|piece| piece.is_head).map(|piece| piece.id));
}
