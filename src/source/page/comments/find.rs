//! Finds which parts of a page are comments, and which lies in which.

use super::COMMENTS_LIMIT;
use super::key::{key_in, key_of};
use super::names::{FORMS, ITEMS, REPLIES};
use super::piece::evidence;
use super::repeated::repeated;
use crate::source::page::node::{Nodes, Step, has_prop, is_named, is_thing, walk, words};
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};

/// A part of the page that is a comment.
#[derive(Debug)]
pub struct Found<'t> {
    /// The nodes that it is made of: one, or a run of neighbors.
    pub roots: Vec<NodeRef<'t, Node>>,
    /// The page's number for it.
    pub key: Option<String>,
    /// Which of the found ones it answers.
    pub parent: Option<usize>,
    /// Comments that lie in it and are none of it.
    pub inner: Nodes,
}

/// Elements that can hold a comment.
const HOLDERS: &[&str] = &[
    "li",
    "div",
    "article",
    "section",
    "dl",
    "dt",
    "tr",
    "td",
    "table",
    "blockquote",
    "aside",
    "figure",
    "p",
    "details",
    "main",
];

/// A sign of a comment, before it is known whether it is one of its own.
struct Sign<'t> {
    node: NodeRef<'t, Node>,
    key: Option<String>,
    /// The sign around it.
    outer: Option<usize>,
    /// Whether it lies among the answers to that.
    is_reply: bool,
    /// Whether another sign stands for the same comment.
    is_merged: bool,
    depth: Option<usize>,
}

/// All comments of `page` in its order, at most [`COMMENTS_LIMIT`].
#[must_use]
pub fn find(page: &Html) -> Vec<Found<'_>> {
    let signs = resolved(signs(page));
    if signs.iter().all(|sign| sign.is_merged) {
        return repeated(page);
    }
    found(&signs)
}

fn signs(page: &Html) -> Vec<Sign<'_>> {
    let state = std::cell::RefCell::new((
        Vec::<Sign<'_>>::new(),
        Vec::<(NodeId, usize)>::new(),
        Vec::<NodeId>::new(),
        None::<String>,
    ));
    walk(
        page.tree.root(),
        |node| {
            let Some(element) = node.value().as_element() else { return Step::In };
            if element.name() == "form" && !holds_comments(node) || is_named(element, FORMS) && !holds_comments(node) {
                return Step::Over;
            }
            if matches!(element.name(), "script" | "style" | "head" | "template" | "select" | "textarea") {
                return Step::Over;
            }
            let mut state = state.borrow_mut();
            let (signs, open, replies, anchor) = &mut *state;
            if is_named(element, REPLIES) {
                replies.push(node.id());
            }
            if matches!(element.name(), "a" | "span")
                && let Some(key) = key_of(element)
            {
                remember(key, node, signs, open, anchor);
            }
            if signs.len() < COMMENTS_LIMIT && is_item(node, element) {
                let own = key_of(element).map(str::to_owned);
                let outer = open.last().map(|(_, at)| *at);
                let outer_node = outer.and_then(|at| signs.get(at)).map(|sign| sign.node.id());
                let is_same = outer.and_then(|at| signs.get(at)).is_some_and(|sign| own.is_some() && sign.key == own);
                if !is_same {
                    let is_reply =
                        outer_node.is_some_and(|outer| replies.last().is_some_and(|list| is_below(page, *list, outer)));
                    let key = own.or_else(|| anchor.take());
                    open.push((node.id(), signs.len()));
                    signs.push(Sign { node, key, outer, is_reply, is_merged: false, depth: depth_of(element) });
                }
                *anchor = None;
            }
            Step::In
        },
        |node| {
            let mut state = state.borrow_mut();
            let (_, open, replies, _) = &mut *state;
            if open.last().is_some_and(|(id, _)| *id == node.id()) {
                open.pop();
            }
            if replies.last() == Some(&node.id()) {
                replies.pop();
            }
        },
    );
    state.into_inner().0
}

/// Keeps the number of an empty anchor: for the comment that it lies in, else for the next one.
fn remember(
    key: &str,
    node: NodeRef<'_, Node>,
    signs: &mut [Sign<'_>],
    open: &[(NodeId, usize)],
    anchor: &mut Option<String>,
) {
    let around = open.last().and_then(|(_, at)| signs.get_mut(*at));
    match around {
        Some(sign) if sign.key.is_none() => sign.key = Some(key.to_owned()),
        Some(_) => {}
        None => {
            let is_empty = node
                .first_child()
                .is_none_or(|child| child.value().as_text().is_some_and(|text| text.trim().is_empty()));
            if is_empty {
                *anchor = Some(key.to_owned());
            }
        }
    }
}

/// Whether the list of answers lies below the comment, and not around it.
fn is_below(page: &Html, list: NodeId, comment: NodeId) -> bool {
    let list = page.tree.get(list);
    list.is_some_and(|list| list.ancestors().any(|node| node.id() == comment))
}

fn holds_comments(node: NodeRef<'_, Node>) -> bool {
    // A page that is one big form (ASP.NET) holds everything; a form for writing holds no second comment's number.
    let mut n_keys = 0;
    for inner in node.descendants().skip(1) {
        if let Some(element) = inner.value().as_element() {
            let is_numbered = element.attr("id").is_some_and(|id| key_in(id).is_some());
            n_keys += usize::from(is_numbered || is_named(element, &["comment", "commentlist", "comment-list"]));
            if n_keys >= 1 {
                return true;
            }
        }
    }
    false
}

fn is_item(node: NodeRef<'_, Node>, element: &Element) -> bool {
    if !HOLDERS.contains(&element.name()) {
        return false;
    }
    if has_prop(element, &["comment"]) || is_thing(element, &["Comment", "UserComments"]) {
        return true;
    }
    let is_numbered = element.attr("id").is_some_and(|id| key_in(id).is_some());
    let is_numbered = is_numbered && !(element.name() == "p" && node.parent().is_none());
    is_numbered || words(element).any(|word| ITEMS.iter().any(|item| word.eq_ignore_ascii_case(item)))
}

/// The level that a flat list writes on its comments: `depth-2`.
fn depth_of(element: &Element) -> Option<usize> {
    const PREFIXES: &[&str] =
        &["depth-", "level-", "comment-level-", "comment-depth-", "indent-", "lvl-", "wc-reply-level-"];
    let attribute = ["data-depth", "data-level"].into_iter().find_map(|name| element.attr(name)?.trim().parse().ok());
    attribute.or_else(|| {
        words(element).find_map(|word| PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)?.parse().ok()))
    })
}

/// Sorts out what is a comment, what a part of one, and what only holds some.
fn resolved(mut signs: Vec<Sign<'_>>) -> Vec<Sign<'_>> {
    let mut inner: Vec<Vec<usize>> = vec![Vec::new(); signs.len()];
    for (at, sign) in signs.iter().enumerate() {
        if let Some(list) = sign.outer.and_then(|outer| inner.get_mut(outer)) {
            list.push(at);
        }
    }
    // From the inmost: what has nothing of its own gives its place to what it holds.
    for at in (0..signs.len()).rev() {
        let held = inner.get(at).cloned().unwrap_or_default();
        settle(&mut signs, at, &held, &mut inner);
    }
    signs
}

fn settle(signs: &mut [Sign<'_>], at: usize, held: &[usize], inner: &mut [Vec<usize>]) {
    let Some(sign) = signs.get(at) else { return };
    let held: Vec<usize> =
        held.iter().copied().filter(|held| signs.get(*held).is_some_and(|held| !held.is_merged)).collect();
    let cut: Nodes = held.iter().filter_map(|held| signs.get(*held)).map(|held| held.node.id()).collect();
    let own = evidence(sign.node, &cut);
    let parts: Vec<usize> =
        held.iter().copied().filter(|held| signs.get(*held).is_some_and(|part| !part.is_reply)).collect();
    // What bears no number and holds others needs more than a heading for a name.
    let is_own = sign.key.is_some() || parts.is_empty() || (own.has_author && own.has_date);
    if (own.is_comment() && is_own) || (sign.key.is_some() && own.n_bytes > 0 && held.is_empty()) {
        return;
    }
    if let ([part], true) = (parts.as_slice(), own.has_author || own.has_date) {
        // The head of a comment around its body.
        let part_key = signs.get_mut(*part).and_then(|part| {
            part.is_merged = true;
            part.key.clone()
        });
        if let Some(sign) = signs.get_mut(at) {
            sign.key = sign.key.take().or(part_key);
        }
        return;
    }
    let key = sign.key.clone();
    let (outer, is_reply) = (sign.outer, sign.is_reply);
    let heir = parts.first().copied();
    for held in &held {
        let Some(child) = signs.get_mut(*held) else { continue };
        if Some(*held) == heir || !child.is_reply || heir.is_none() {
            (child.outer, child.is_reply) = (outer, is_reply);
            if Some(*held) == heir && child.key.is_none() {
                child.key.clone_from(&key);
            }
            if let Some(list) = outer.and_then(|outer| inner.get_mut(outer)) {
                list.push(*held);
            }
        } else {
            child.outer = heir;
        }
    }
    if let Some(sign) = signs.get_mut(at) {
        sign.is_merged = true;
    }
}

fn found<'t>(signs: &[Sign<'t>]) -> Vec<Found<'t>> {
    let mut places = vec![None; signs.len()];
    let mut found: Vec<Found<'t>> = Vec::new();
    let mut levels: Vec<(usize, usize)> = Vec::new();
    for (at, sign) in signs.iter().enumerate().filter(|(_, sign)| !sign.is_merged) {
        let mut outer = sign.outer;
        while let Some(merged) = outer.and_then(|outer| signs.get(outer)).filter(|outer| outer.is_merged) {
            outer = merged.outer.filter(|next| Some(*next) != outer);
        }
        let mut parent: Option<usize> = outer.and_then(|outer| places.get(outer).copied().flatten());
        if let Some(place) = places.get_mut(at) {
            *place = Some(found.len());
        }
        if let Some(depth) = sign.depth {
            levels.retain(|(level, _)| *level < depth);
            parent = parent.or_else(|| levels.last().map(|(_, place)| *place));
            levels.push((depth, found.len()));
        }
        if let Some(outer) = parent.and_then(|parent| found.get_mut(parent)) {
            outer.inner.insert(sign.node.id());
        }
        found.push(Found { roots: run(sign.node), key: sign.key.clone(), parent, inner: Nodes::default() });
    }
    found
}

/// A `dt` and the `dd` behind it are one comment.
fn run(node: NodeRef<'_, Node>) -> Vec<NodeRef<'_, Node>> {
    let mut roots = vec![node];
    if node.value().as_element().is_some_and(|element| element.name() == "dt") {
        let behind = node
            .next_siblings()
            .take_while(|next| next.value().as_element().is_none_or(|element| element.name() == "dd"));
        roots.extend(behind.filter(|next| next.value().is_element()));
    }
    roots
}
