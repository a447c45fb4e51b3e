//! The title of an article, without the site's name.

use crate::source::page::node::{Nodes, fold, has_prop, text};
use scraper::Html;

/// What parts a title from the site's name.
const MARKS: &[&str] = &[" | ", " – ", " — ", " - ", " » ", " « ", " :: ", " · ", " • ", " / "];

/// The longest title in bytes.
const LONGEST: usize = 500;

/// The title of the article of `page`; `told` is what its meta data say, `site` the name of the site.
#[must_use]
pub fn title(page: &Html, told: Option<String>, site: Option<&str>) -> String {
    let whole = told.or_else(|| element_text(page, |element| element.name() == "title"));
    let headline = element_text(page, |element| has_prop(element, &["headline"]) && element.name() != "meta");
    let heading = headline.or_else(|| element_text(page, |element| element.name() == "h1"));
    let Some(whole) = whole else { return heading.unwrap_or_default() };
    // A heading that the page's title begins with is the title; what follows it there is the site.
    if let Some(heading) = heading.filter(|heading| heading.len() >= 4 && whole.starts_with(heading.as_str())) {
        return heading;
    }
    without_site(&whole, site).to_owned()
}

fn element_text(page: &Html, is_wanted: impl Fn(&scraper::node::Element) -> bool) -> Option<String> {
    let found = page.tree.root().descendants().find(|node| node.value().as_element().is_some_and(&is_wanted))?;
    // A title of svg is none, and `text` skips the head's elements only as a whole.
    let text = fold(&text(found, &Nodes::default()));
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
