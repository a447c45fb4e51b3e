//! The pieces of one comment: what names, what dates, what is said.

use super::author::is_name_like;
use super::date::is_date_like;
use super::parts::{AUTHORS, DATES, NOISE};
use crate::source::page::node::{Nodes, Step, has_prop, is_named, is_silent, walk, words};
use crate::text::fold_blanks;
use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

/// What a part of the page has of a comment.
#[derive(Debug, Default, Clone, Copy)]
pub struct Evidence {
    /// It names somebody.
    pub has_author: bool,
    /// It shows a time.
    pub has_date: bool,
    /// Bytes of text beside both.
    pub n_bytes: usize,
}

impl Evidence {
    /// Whether that is enough for a comment.
    #[must_use]
    pub fn is_comment(self) -> bool {
        (self.has_author || self.has_date) && self.n_bytes > 0
    }
}

/// The longest text that is looked at as a name or a time.
const SHORT_BYTES: usize = 80;

/// What `node` has of a comment, without what is in `cut`.
#[must_use]
pub fn evidence(node: NodeRef<'_, Node>, cut: &Nodes) -> Evidence {
    let mut found = Evidence::default();
    walk(
        node,
        |inner| {
            if inner != node && cut.contains(&inner.id()) {
                return Step::Over;
            }
            match inner.value() {
                Node::Element(element) if inner != node => look(inner, element, cut, &mut found),
                Node::Text(text) => {
                    let text = text.trim();
                    let is_date = text.len() <= SHORT_BYTES && is_date_like(text);
                    found.has_date |= is_date;
                    found.n_bytes += if is_date { 0 } else { text.len() };
                    Step::In
                }
                _ => Step::In,
            }
        },
        |_| {},
    );
    found
}

fn look(node: NodeRef<'_, Node>, element: &Element, cut: &Nodes, found: &mut Evidence) -> Step {
    if is_silent(element.name()) || is_noise(element) {
        return Step::Over;
    }
    let is_author = is_author(element) && !holds_paragraph(node);
    let is_date = is_date(element) && !holds_paragraph(node);
    if is_author || is_date {
        let text = own_text(node, cut, SHORT_BYTES * 2);
        found.has_author |= is_author && !text.is_empty();
        found.has_date |= element.name() == "time" || is_date_like(&text);
        return if text.len() <= SHORT_BYTES * 2 { Step::Over } else { Step::In };
    }
    let is_weak = matches!(element.name(), "b" | "strong" | "h3" | "h4" | "h5" | "h6" | "a");
    if is_weak && !found.has_author && found.n_bytes < SHORT_BYTES && is_name_like(&own_text(node, cut, SHORT_BYTES)) {
        found.has_author = true;
        return Step::Over;
    }
    Step::In
}

/// Whether `element` is a name, or holds one.
#[must_use]
pub fn is_author(element: &Element) -> bool {
    element.name() == "cite" || has_prop(element, &["author", "creator"]) || is_named(element, AUTHORS)
}

/// Whether `element` is a time, or holds one.
#[must_use]
pub fn is_date(element: &Element) -> bool {
    element.name() == "time"
        || has_prop(element, &["dateCreated", "datePublished", "commentTime", "uploadDate"])
        || is_named(element, DATES)
}

/// Whether `element` belongs to the page and not to what was said.
#[must_use]
pub fn is_noise(element: &Element) -> bool {
    let name = element.name();
    matches!(name, "button" | "form" | "input" | "label" | "nav")
        || words(element).any(|word| NOISE.iter().any(|noise| word.eq_ignore_ascii_case(noise)))
        || (name == "a"
            && element.attr("href").is_some_and(|href| href.contains("replytocom=") || href.contains("#respond")))
        || (name == "img" && element.attr("src").is_some_and(|src| src.contains("gravatar.com/")))
        || element.attr("aria-hidden") == Some("true")
}

/// Whether somebody wrote a paragraph in it: a name or a time holds none of some length.
#[must_use]
pub fn holds_paragraph(node: NodeRef<'_, Node>) -> bool {
    let mut paragraphs =
        node.descendants().filter(|inner| inner.value().as_element().is_some_and(|element| element.name() == "p"));
    paragraphs.any(|paragraph| {
        let text = own_text(paragraph, &Nodes::default(), SHORT_BYTES * 2);
        text.len() > SHORT_BYTES && !is_date_like(&text)
    })
}

/// The text of `node` up to about `limit` bytes.
#[must_use]
pub fn own_text(node: NodeRef<'_, Node>, cut: &Nodes, limit: usize) -> String {
    let mut text = String::new();
    walk(
        node,
        |inner| {
            let is_hidden = inner.value().as_element().is_some_and(|element| is_silent(element.name()));
            if text.len() > limit || is_hidden || cut.contains(&inner.id()) {
                return Step::Over;
            }
            if let Node::Text(piece) = inner.value() {
                text.push_str(piece);
            } else {
                text.push(' ');
            }
            Step::In
        },
        |_| {},
    );
    fold_blanks(&text)
}
