//! What is new on a page that has no items: a price list, a notice, the opening hours.
//!
//! In: the tree of a page and hashes of the lines that were there before. Out: the lines that were not.

use super::article::is_hidden;
use crate::text::hash64;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashSet;

/// The most lines of a page that are compared.
const LINES_MOST: usize = 3_000;

/// What belongs to the site and not to the page, and what nobody reads.
const AROUND: &[&str] = &[
    "nav", "footer", "header", "form", "script", "style", "noscript", "template", "svg", "iframe", "button", "select",
];

/// Elements that do not end a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// The lines of the page, blanks squeezed, each once, without menus and forms.
pub fn lines(page: &Html) -> Vec<String> {
    let main = Selector::parse("main, [role=main]").ok().and_then(|main| page.select(&main).next());
    let body = || Selector::parse("body").ok().and_then(|body| page.select(&body).next());
    let Some(root) = main.or_else(body) else { return Vec::new() };
    let mut walk = Walk::default();
    walk.walk(root);
    walk.end_line();
    walk.lines
}

/// Their hashes.
pub fn marks(lines: &[String]) -> Vec<u64> {
    lines.iter().map(|line| hash64(&[&line.to_lowercase()])).collect()
}

/// The lines that `before` does not know.
pub fn new_lines(lines: &[String], before: &[u64]) -> Vec<String> {
    let before: HashSet<&u64> = before.iter().collect();
    lines.iter().zip(marks(lines)).filter(|(_, mark)| !before.contains(mark)).map(|(line, _)| line.clone()).collect()
}

#[derive(Default)]
struct Walk {
    line: String,
    lines: Vec<String>,
    seen: HashSet<String>,
}

impl Walk {
    fn walk(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    for word in text.split_whitespace() {
                        if !self.line.is_empty() {
                            self.line.push(' ');
                        }
                        self.line.push_str(word);
                    }
                }
                Node::Element(tag) if AROUND.contains(&tag.name()) || is_hidden(tag) => {}
                Node::Element(tag) => {
                    let is_block = !INLINE.contains(&tag.name());
                    if is_block {
                        self.end_line();
                    }
                    if let Some(child) = ElementRef::wrap(child) {
                        self.walk(child);
                    }
                    if is_block {
                        self.end_line();
                    }
                }
                _ => {}
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let has_words = line.chars().any(char::is_alphabetic);
        if has_words && self.lines.len() < LINES_MOST && self.seen.insert(line.clone()) {
            self.lines.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::page::tree::tree;

    #[test]
    fn only_what_was_not_there_is_new() {
        let before = lines(&tree("<nav>Menü</nav><p>Rib eye <b>24 €</b><p>Filet 30 €<script>x</script>"));
        assert_eq!(before, ["Rib eye 24 €", "Filet 30 €"]);
        let after = lines(&tree("<nav>Neues Menü</nav><p>Rib Eye 24 €<p>Filet 32 €"));
        assert_eq!(new_lines(&after, &marks(&before)), ["Filet 32 €"]);
    }
}
