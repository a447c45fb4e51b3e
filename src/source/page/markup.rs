//! Writes a part of a page as markup again, without what was cut.

use super::node::{Nodes, Step, is_silent, walk};
use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;
use std::cell::RefCell;

/// Elements that carry meaning for a reader; of others only the contents are written.
const KEPT: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Attributes that say something to a reader.
const KEPT_ATTRIBUTES: &[&str] = &["href", "src", "alt", "datetime", "title", "colspan", "rowspan"];

const EMPTY: &[&str] = &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// Writes `root` for reading: plain elements, no scripts, no styles, no forms, nothing that is in `cut`.
#[must_use]
pub fn plain_markup(root: NodeRef<'_, Node>, cut: &Nodes) -> String {
    write(root, cut, Form::Plain)
}

/// Writes `root` for reading as an article, whose quotations belong to it: they are written as plain blocks, since
/// the reader of texts leaves a writer's quotations of others out.
#[must_use]
pub fn article_markup(root: NodeRef<'_, Node>, cut: &Nodes) -> String {
    write(root, cut, Form::Article)
}

/// Writes `root` as it was, without what is in `cut`: for a second reader.
#[must_use]
pub fn whole_markup(root: NodeRef<'_, Node>, cut: &Nodes) -> String {
    write(root, cut, Form::Whole)
}

/// How a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Article,
    Whole,
}

fn write(root: NodeRef<'_, Node>, cut: &Nodes, form: Form) -> String {
    let is_whole = form == Form::Whole;
    let out = RefCell::new(String::new());
    let is_written = |element: &Element| is_whole || KEPT.contains(&element.name());
    walk(
        root,
        |node| {
            if cut.contains(&node.id()) {
                // Words on both sides of what was cut stay apart.
                out.borrow_mut().push(' ');
                return Step::Over;
            }
            match node.value() {
                Node::Text(text) => {
                    let is_raw = is_whole && node.parent().is_some_and(|parent| is_raw(parent.value()));
                    if is_raw { out.borrow_mut().push_str(text) } else { escape(text, &mut out.borrow_mut()) }
                }
                Node::Element(element) if !is_whole && is_silent(element.name()) => return Step::Over,
                Node::Element(element) if is_written(element) => open(element, form, &mut out.borrow_mut()),
                _ => {}
            }
            Step::In
        },
        |node| {
            if let Some(element) = node.value().as_element().filter(|element| is_written(element))
                && !EMPTY.contains(&element.name())
            {
                let mut out = out.borrow_mut();
                out.push_str("</");
                out.push_str(written_name(element, form));
                out.push('>');
            }
        },
    );
    out.into_inner()
}

fn is_raw(node: &Node) -> bool {
    node.as_element().is_some_and(|element| matches!(element.name(), "script" | "style" | "noscript" | "iframe"))
}

/// The name under which `element` is written.
fn written_name(element: &Element, form: Form) -> &str {
    match (form, element.name()) {
        (Form::Article, "blockquote") => "div",
        (_, name) => name,
    }
}

fn open(element: &Element, form: Form, out: &mut String) {
    let is_whole = form == Form::Whole;
    out.push('<');
    out.push_str(written_name(element, form));
    for (name, value) in element.attrs().filter(|(name, _)| is_whole || KEPT_ATTRIBUTES.contains(name)) {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, out);
        out.push('"');
    }
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
