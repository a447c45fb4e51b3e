//! Reads what was found to be a comment.

use super::Comment;
use super::author::{is_name_like, plain_name};
use super::body::body;
use super::date::date_in;
use super::find::Found;
use super::key::{is_plain_number, key_in_link, key_of};
use super::parts::{AUTHORS, DATES, OWNERS};
use super::piece::{holds_paragraph, is_noise, own_text};
use crate::model::PostedAt;
use crate::source::page::node::{Nodes, Step, has_prop, is_named, is_silent, walk, words};
use crate::text::{fold_to_string, hash_hex};
use ego_tree::{NodeId, NodeRef};
use jiff::Timestamp;
use jiff::tz::Offset;
use scraper::Node;
use scraper::node::Element;
use std::collections::HashSet;
use url::Url;

/// What is known of the page.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Its address.
    pub url: &'a str,
    /// When it was fetched.
    pub now: Timestamp,
    /// The clock of its times.
    pub clock: Offset,
    /// Who wrote the article.
    pub owner: Option<&'a str>,
}

/// Names and times are short; a longer text holds neither alone.
const SHORT_BYTES: usize = 160;

/// The most candidates of a kind that are looked at in one comment.
const CANDIDATES_LIMIT: usize = 40;

/// Reads all of `found`; what has no words is left out, and so are doubles of a number.
#[must_use]
pub fn read(found: &[Found<'_>], settings: &Settings<'_>) -> Vec<Comment> {
    let base = Url::parse(settings.url).ok();
    let owner = settings.owner.map(fold_to_string);
    let mut ids: Vec<Option<String>> = Vec::with_capacity(found.len());
    let mut seen = HashSet::new();
    let mut comments = Vec::with_capacity(found.len());
    for one in found {
        let mut comment = comment(one, settings, base.as_ref(), owner.as_deref());
        let is_new = !comment.html.is_empty() && seen.insert(comment.id.clone());
        // An answer to what is left out answers what that one answers.
        let above = one.parent.and_then(|parent| ids.get(parent).cloned().flatten());
        ids.push(if is_new { Some(comment.id.clone()) } else { above.clone() });
        if is_new {
            comment.parent = comment.parent.take().or(above).filter(|parent| *parent != comment.id);
            comments.push(comment);
        }
    }
    // What answers a comment that the page does not show is answered nowhere.
    comments.iter_mut().for_each(|comment: &mut Comment| {
        comment.parent = comment.parent.take().filter(|parent| seen.contains(parent));
    });
    comments
}

/// What may be the name, the time or the address of a comment.
#[derive(Default)]
struct Candidates<'t> {
    authors: Vec<(usize, NodeRef<'t, Node>)>,
    dates: Vec<(usize, NodeRef<'t, Node>)>,
    key: Option<&'t str>,
    permalink: Option<&'t str>,
    parent: Option<&'t str>,
    is_owner: bool,
}

fn comment(found: &Found<'_>, settings: &Settings<'_>, base: Option<&Url>, owner: Option<&str>) -> Comment {
    let candidates = candidates(found);
    let is_pingback = is_pingback(found);
    let author = if is_pingback { None } else { author(&candidates, &found.inner) };
    let date = date(&candidates, found, settings);
    let html = body(found, author.as_ref().map(|(_, node)| node.id()), date.map(|(_, id)| id));
    let html = if has_words(&html) { html } else { String::new() };
    let published = date.map(|(date, _)| date);
    let author_url = author
        .as_ref()
        .and_then(|(_, node)| link_of(*node))
        .filter(|_| !is_pingback)
        .and_then(|href| absolute(href, base));
    let name = author.map(|(name, _)| name);
    let key = found.key.as_deref().or(candidates.key);
    let is_owner = candidates.is_owner
        || owner.is_some_and(|owner| name.as_deref().is_some_and(|name| fold_to_string(name) == owner));
    let id = key.map_or_else(|| own_id(name.as_deref(), published, &html), str::to_owned);
    let url = candidates.permalink.and_then(|href| absolute(href, base));
    let url = url.or_else(|| found.key.as_ref().and_then(|_| fragment(found, base)));
    let parent = candidates.parent.map(str::to_owned);
    Comment { id, parent, author: name, author_url, published, html, is_owner, is_pingback, url }
}

fn has_words(html: &str) -> bool {
    let mut in_tag = false;
    html.contains("<img")
        || html.chars().any(|c| {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                _ => return !in_tag && !c.is_whitespace(),
            }
            false
        })
}

fn own_id(name: Option<&str>, published: Option<PostedAt>, html: &str) -> String {
    let when = published.map(|date| date.to_string()).unwrap_or_default();
    hash_hex(&[name.unwrap_or(""), &when, html])
}

/// The address of the comment by the id of its element.
fn fragment(found: &Found<'_>, base: Option<&Url>) -> Option<String> {
    let id = found.roots.first()?.value().as_element()?.attr("id")?;
    absolute(&format!("#{id}"), base)
}

fn absolute(href: &str, base: Option<&Url>) -> Option<String> {
    let href = href.trim();
    let url = match base {
        Some(base) => base.join(href).ok()?,
        None => Url::parse(href).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

fn is_pingback(found: &Found<'_>) -> bool {
    let root = found.roots.first();
    let element = root.and_then(|root| root.value().as_element());
    if element.is_some_and(|element| is_named(element, &["pingback", "trackback"])) {
        return true;
    }
    let text = root.map(|root| own_text(*root, &found.inner, 40)).unwrap_or_default().to_lowercase();
    ["pingback:", "trackback:", "pingback von", "trackback von", "pingback from", "trackback from"]
        .iter()
        .any(|mark| text.starts_with(mark))
}

fn candidates<'t>(found: &Found<'t>) -> Candidates<'t> {
    let mut candidates = Candidates::default();
    for root in &found.roots {
        walk(
            *root,
            |node| {
                if found.inner.contains(&node.id()) {
                    return Step::Over;
                }
                let Some(element) = node.value().as_element() else { return Step::In };
                if is_silent(element.name()) || matches!(element.name(), "form" | "button") {
                    return Step::Over;
                }
                look(node, element, node == *root && found.roots.len() == 1, &mut candidates);
                Step::In
            },
            |_| {},
        );
    }
    candidates
}

fn look<'t>(node: NodeRef<'t, Node>, element: &'t Element, is_root: bool, candidates: &mut Candidates<'t>) {
    candidates.is_owner |= is_named(element, OWNERS) && (is_root || !is_named(element, &["post-author"]));
    let told = [
        "data-parent",
        "data-parent-id",
        "data-comment-parent",
        "data-in-reply-to",
        "data-parentid",
        "data-parent-comment-id",
    ];
    let told =
        told.into_iter().find_map(|name| element.attr(name)).filter(|value| is_plain_number(value) && *value != "0");
    candidates.parent = candidates.parent.or(told);
    if let Some(href) = element.attr("href").filter(|_| element.name() == "a") {
        look_at_link(node, element, href, candidates);
    }
    candidates.key = candidates.key.or_else(|| key_of(element));
    if let Some(rank) = author_rank(element).filter(|_| !is_root && candidates.authors.len() < CANDIDATES_LIMIT) {
        candidates.authors.push((rank, node));
    }
    if let Some(rank) = date_rank(element).filter(|_| !is_root && candidates.dates.len() < CANDIDATES_LIMIT) {
        candidates.dates.push((rank, node));
    }
}

fn look_at_link<'t>(node: NodeRef<'t, Node>, element: &'t Element, href: &'t str, candidates: &mut Candidates<'t>) {
    let Some(key) = key_in_link(href) else { return };
    let is_answer_link = href.contains("replytocom=");
    let text = own_text(node, &Nodes::default(), 60).to_lowercase();
    let around = node.parent().map(|above| own_text(above, &Nodes::default(), 60).to_lowercase());
    let says = |text: &str| {
        ["in reply to", "antwort auf", "als antwort", "replying to", "in antwort"]
            .iter()
            .any(|mark| text.starts_with(mark))
    };
    let says_parent = says(&text)
        || around.is_some_and(|around| says(&around))
        || is_named(element, &["comment-parent", "parent-link", "in-reply-to", "comment-parent-link"]);
    if says_parent && !is_answer_link {
        candidates.parent = candidates.parent.or(Some(key));
        return;
    }
    candidates.key = candidates.key.or(Some(key));
    if !is_answer_link {
        candidates.permalink = candidates.permalink.or(Some(href));
    }
}

/// How well `element` may name the writer, 0 best.
fn author_rank(element: &Element) -> Option<usize> {
    if has_prop(element, &["author", "creator"]) {
        return Some(1);
    }
    if has_prop(element, &["name"]) {
        return Some(0);
    }
    let named = words(element).filter_map(|word| AUTHORS.iter().position(|name| word.eq_ignore_ascii_case(name))).min();
    if let Some(rank) = named {
        return Some(2 + rank);
    }
    let is_outward = element.attr("rel").is_some_and(|rel| rel.contains("external") || rel.contains("nofollow"));
    match element.name() {
        "cite" => Some(80),
        "a" if is_named(element, &["url"]) || (is_outward && !is_noise(element)) => Some(81),
        "h3" | "h4" | "h5" | "h6" => Some(82),
        "b" | "strong" => Some(83),
        "a" => Some(84),
        _ => None,
    }
}

fn author<'t>(candidates: &Candidates<'t>, inner: &Nodes) -> Option<(String, NodeRef<'t, Node>)> {
    let mut ranked = candidates.authors.clone();
    ranked.sort_by_key(|(rank, _)| *rank);
    for (rank, node) in ranked {
        if holds_paragraph(node) {
            continue;
        }
        let content =
            node.value().as_element().filter(|element| element.name() == "meta").and_then(|meta| meta.attr("content"));
        if let Some(name) = content.and_then(plain_name) {
            return Some((name, node));
        }
        let text = name_text(node, inner);
        let is_fit = |name: &String| rank < 80 || (is_name_like(name) && !super::date::is_date_like(name));
        if let Some(name) = plain_name(&text).filter(is_fit) {
            return Some((name, node));
        }
    }
    None
}

/// The text of a name's element without the times, buttons and links to the comment in it.
fn name_text(node: NodeRef<'_, Node>, inner: &Nodes) -> String {
    let mut cut = inner.clone();
    for below in node.descendants().skip(1) {
        let Some(element) = below.value().as_element() else { continue };
        let is_permalink = element.attr("href").is_some_and(|href| key_in_link(href).is_some());
        let is_other = is_noise(element)
            || super::piece::is_date(element)
            || is_permalink
            || is_named(element, &["says", "comment-meta"]);
        if is_other {
            cut.insert(below.id());
        }
    }
    own_text(node, &cut, SHORT_BYTES)
}

/// The link of a name: around it, in it, or itself.
fn link_of<'t>(node: NodeRef<'t, Node>) -> Option<&'t str> {
    let href = |node: NodeRef<'t, Node>| {
        let element = node.value().as_element().filter(|element| element.name() == "a")?;
        element.attr("href").filter(|href| key_in_link(href).is_none() && !href.starts_with('#'))
    };
    let inside = node.descendants().take(CANDIDATES_LIMIT).find_map(href);
    inside.or_else(|| node.ancestors().take(2).find_map(href))
}

/// How well `element` may date the comment, 0 best.
fn date_rank(element: &Element) -> Option<usize> {
    if has_prop(element, &["dateCreated", "datePublished", "commentTime"])
        || (element.name() == "time" && element.attr("datetime").is_some())
    {
        return Some(0);
    }
    if element.name() == "time" || element.attr("data-time").is_some() || element.attr("data-timestamp").is_some() {
        return Some(1);
    }
    let named = words(element).filter_map(|word| DATES.iter().position(|name| word.eq_ignore_ascii_case(name))).min();
    if let Some(rank) = named {
        return Some(2 + rank);
    }
    let is_permalink = element.name() == "a" && element.attr("href").is_some_and(|href| key_in_link(href).is_some());
    is_permalink.then_some(70)
}

fn date(candidates: &Candidates<'_>, found: &Found<'_>, settings: &Settings<'_>) -> Option<(PostedAt, NodeId)> {
    let mut ranked = candidates.dates.clone();
    ranked.sort_by_key(|(rank, _)| *rank);
    for (_, node) in ranked {
        let Some(element) = node.value().as_element() else { continue };
        let told = ["datetime", "content", "data-time", "data-timestamp", "data-date", "title"];
        let told = told.into_iter().filter_map(|name| element.attr(name));
        if let Some(date) = told.filter_map(|text| date_in(text, settings.now, settings.clock)).next() {
            return Some((date, node.id()));
        }
        if holds_paragraph(node) {
            continue;
        }
        if let Some(date) = date_in(&own_text(node, &found.inner, SHORT_BYTES), settings.now, settings.clock) {
            return Some((date, node.id()));
        }
    }
    found.roots.iter().find_map(|root| loose_date(*root, &found.inner, settings))
}

/// A time among the first short texts of a comment, in no element of its own.
fn loose_date(root: NodeRef<'_, Node>, inner: &Nodes, settings: &Settings<'_>) -> Option<(PostedAt, NodeId)> {
    let mut read = None;
    let mut n_looked = 0;
    walk(
        root,
        |node| {
            if read.is_some() || n_looked > 12 || inner.contains(&node.id()) {
                return Step::Over;
            }
            if let Node::Text(text) = node.value() {
                let text = text.trim();
                n_looked += usize::from(!text.is_empty());
                if text.len() <= SHORT_BYTES && super::date::is_date_like(text) {
                    read = date_in(text, settings.now, settings.clock).map(|date| (date, node.id()));
                }
            }
            Step::In
        },
        |_| {},
    );
    read
}
