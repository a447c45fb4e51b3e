//! The title of an article, without the site's name.

use crate::source::page::node::{Nodes, has_prop, is_named, text};
use crate::text::fold_blanks;
use scraper::Html;

/// What parts a title from the site's name.
const MARKS: &[&str] = &[" | ", " – ", " — ", " - ", " » ", " « ", " :: ", " · ", " • ", " / "];

/// The names of an article's title.
const TITLES: &[&str] = &["entry-title", "post-title", "article-title", "article__title", "entry__title", "p-name"];

/// The longest title in bytes.
const LONGEST: usize = 500;

/// The title of the article of `page`; `told` is what its meta data say, `site` the name of the site.
#[must_use]
pub fn title(page: &Html, told: Option<String>, site: Option<&str>) -> String {
    let whole = told.or_else(|| element_text(page, |element| element.name() == "title"));
    let headings = [
        element_text(page, |element| has_prop(element, &["headline"]) && element.name() != "meta"),
        element_text(page, |element| is_named(element, TITLES)),
        element_text(page, |element| element.name() == "h1"),
    ];
    let Some(whole) = whole else { return headings.into_iter().flatten().next().unwrap_or_default() };
    // A heading that the page's title begins or ends with is the title; the rest of it is the site.
    let is_in = |heading: &String| {
        (whole.starts_with(heading.as_str()) || whole.ends_with(heading.as_str()))
            && heading.len() * 5 >= whole.len() * 2
    };
    if let Some(heading) = headings.into_iter().flatten().find(is_in) {
        return heading;
    }
    without_site(&whole, site).to_owned()
}

fn element_text(page: &Html, is_wanted: impl Fn(&scraper::node::Element) -> bool) -> Option<String> {
    let found = page.tree.root().descendants().find(|node| node.value().as_element().is_some_and(&is_wanted))?;
    // A title of svg is none, and `text` skips the head's elements only as a whole.
    let text = fold_blanks(&text(found, &Nodes::default()));
    (!text.is_empty() && text.len() <= LONGEST).then_some(text)
}

fn without_site<'a>(title: &'a str, site: Option<&str>) -> &'a str {
    let site = site.map(str::to_lowercase);
    for mark in MARKS {
        let Some((head, tail)) = title.rsplit_once(mark) else { continue };
        let tail_lower = tail.trim().to_lowercase();
        if site.as_deref() == Some(tail_lower.as_str()) {
            return head.trim();
        }
        if let Some((first, rest)) = title.split_once(mark)
            && site.as_deref() == Some(first.trim().to_lowercase().as_str())
        {
            return rest.trim();
        }
    }
    title
}
