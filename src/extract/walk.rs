//! Walks markup tag by tag.

use super::region::{Region, Treatment};
use super::sink::Sink;
use super::tag::{Cutter, Tag};
use super::{LINKS_LIMIT, TEXT_LIMIT_BYTES};
use crate::text::{BLOCK_ELEMENTS, push_unescaped};
use url::Url;

/// The longest address of an item that relative links are resolved against: each of them grows to its length.
const BASE_LIMIT_BYTES: usize = 8 * 1024;

/// Elements that part words without breaking the line.
const SPACED: &[&str] = &["td", "th", "img", "option", "script", "style"];

/// What was read of a piece of markup.
#[derive(Debug, Default)]
pub struct Readout {
    /// The text, one line per block.
    pub text: String,
    /// The links, absolute where `base` or the link is.
    pub links: Vec<String>,
}

/// Reads `html`; relative links refer to `base`.
#[must_use]
pub fn read(html: &str, base: Option<&str>) -> Readout {
    let mut walk = Walk { base, ..Walk::default() };
    if !html.contains('<') {
        walk.own.push(html, true);
        return walk.finish();
    }
    let mut cutter = Cutter::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        walk.text(before);
        rest = match hidden_length(from) {
            Some(length) => from.get(length..).unwrap_or(""),
            None => match cutter.cut(from) {
                Some(tag) => {
                    walk.tag(&tag);
                    after_raw_text(&tag, from.get(tag.length..).unwrap_or(""))
                }
                None => {
                    walk.text("<");
                    from.get(1..).unwrap_or("")
                }
            },
        };
    }
    walk.text(rest);
    walk.finish()
}

/// The length of a comment, declaration or processing instruction that `from` begins with.
fn hidden_length(from: &str) -> Option<usize> {
    let past = |end: &str| from.find(end).map_or(from.len(), |at| at + end.len());
    match from {
        _ if from.starts_with("<!--") => Some(past("-->")),
        _ if from.starts_with("<![CDATA[") => Some("<![CDATA[".len()),
        _ if from.starts_with("<!") || from.starts_with("<?") => Some(past(">")),
        _ => None,
    }
}

/// What follows the content of a script or style, which is no markup.
fn after_raw_text<'h>(tag: &Tag<'_>, rest: &'h str) -> &'h str {
    if tag.is_end || tag.is_empty() {
        return rest;
    }
    let end = ["script", "style"].into_iter().find(|name| tag.is(name));
    let Some(end) = end else { return rest };
    let mut ends = rest.match_indices("</").filter_map(|(at, _)| rest.get(at..));
    let is_end = |from: &&str| from.get(2..2 + end.len()).is_some_and(|name| name.eq_ignore_ascii_case(end));
    ends.find(is_end).unwrap_or("")
}

#[derive(Default)]
struct Walk<'h> {
    base: Option<&'h str>,
    parsed_base: Option<Url>,
    own: Sink,
    quoted: Sink,
    region: Option<Region>,
    n_preformatted: usize,
    links: Vec<String>,
}

impl Walk<'_> {
    fn text(&mut self, piece: &str) {
        let is_preformatted = self.n_preformatted > 0;
        match self.region.as_ref().map(|region| region.treatment) {
            None => self.own.push(piece, is_preformatted),
            Some(Treatment::Quote) => self.quoted.push(piece, is_preformatted),
            Some(Treatment::Skip) => {}
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if tag.is("pre") {
            self.n_preformatted =
                if tag.is_end { self.n_preformatted.saturating_sub(1) } else { self.n_preformatted + 1 };
        }
        let is_in = |names: &[&str]| names.iter().any(|name| tag.is(name));
        if is_in(BLOCK_ELEMENTS) {
            self.own.line();
            self.quoted.line();
        } else if is_in(SPACED) {
            self.own.space();
            self.quoted.space();
        }
        match &mut self.region {
            Some(region) => {
                if region.ends_with(tag) {
                    self.region = None;
                }
            }
            None => {
                self.region = Region::opened_by(tag);
                if tag.is("a") && !tag.is_end {
                    self.link(tag);
                }
            }
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let Some(href) = tag.attribute("href").filter(|_| self.links.len() < LINKS_LIMIT) else { return };
        let mut address = String::with_capacity(href.len());
        push_unescaped(&mut address, href.trim());
        let is_absolute = address.starts_with("https://") || address.starts_with("http://");
        let link = if is_absolute { Some(address) } else { self.joined(&address) };
        self.links.extend(link.filter(|link| link.starts_with("http") && !self.links.contains(link)));
    }

    fn joined(&mut self, address: &str) -> Option<String> {
        if self.parsed_base.is_none() {
            let base = self.base.filter(|base| base.len() <= BASE_LIMIT_BYTES);
            self.parsed_base = base.and_then(|base| Url::parse(base).ok());
        }
        self.parsed_base.as_ref()?.join(address).ok().map(String::from)
    }

    fn finish(self) -> Readout {
        let own = self.own.into_text();
        let text = if own.is_empty() { self.quoted.into_text() } else { own };
        debug_assert!(text.len() <= TEXT_LIMIT_BYTES + 1);
        Readout { text, links: self.links }
    }
}
