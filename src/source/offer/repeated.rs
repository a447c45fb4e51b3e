//! A recipe for a page whose items are blocks that are alike: reviews, notices, posts of a program that nobody knows.
//!
//! A class is that of an item where several elements of one parent have it, and most of them hold a text of their own
//! and a time or a name. The one that covers most text wins.

use crate::model::Recipe;
use crate::source::page::squeezed;
use scraper::{ElementRef, Html, Selector};
use std::collections::HashMap;

/// From so many blocks on they are a list.
const BLOCKS_LEAST: usize = 3;

/// The blocks hold at least one part in so many of the page's letters.
const SHARE_LEAST: usize = 2;

/// The fewest letters of an item, and the most elements that are looked at.
const ITEM_LETTERS: usize = 30;
const ELEMENTS_MOST: usize = 20_000;

/// Where the parts of items often stand, the surest first.
const TIMES: &[&str] = &[
    "time[datetime]@datetime",
    "[itemprop=datePublished]@content",
    ".date",
    ".datum",
    ".time",
    "time",
    "[class*=date]",
    "[class*=datum]",
];
const AUTHORS: &[&str] = &[
    "[itemprop=author]",
    "[rel=author]",
    ".author",
    ".autor",
    ".username",
    ".user",
    ".name",
    "[class*=author]",
    "[class*=autor]",
];
const TITLES: &[&str] = &["h2", "h3", "h4", ".title", ".titel", "[class*=title]", "[class*=headline]"];
const TEXTS: &[&str] = &[
    "[itemprop=reviewBody]",
    ".content",
    ".text",
    ".body",
    ".message",
    ".comment",
    "[class*=content]",
    "[class*=text]",
    "[class*=body]",
];
const RATINGS: &[&str] = &["[itemprop=ratingValue]@content", "[itemprop=ratingValue]", "[data-rating]@data-rating"];

/// The recipe for the blocks that most of `page` consists of; `None` where there are none.
pub fn recipe(page: &Html) -> Option<Recipe> {
    let body = Selector::parse("body *[class]").ok()?;
    let mut groups: HashMap<String, Vec<ElementRef<'_>>> = HashMap::new();
    for element in page.select(&body).take(ELEMENTS_MOST) {
        let Some(class) = element.attr("class").and_then(|classes| classes.split_whitespace().find(|c| is_plain(c)))
        else {
            continue;
        };
        let Some(parent) = element.parent() else { continue };
        let key = format!("{:?} {}.{class}", parent.id(), element.value().name());
        groups.entry(key).or_default().push(element);
    }
    let mut best: Option<(usize, String, ElementRef<'_>)> = None;
    for (key, blocks) in groups.iter().filter(|(_, blocks)| blocks.len() >= BLOCKS_LEAST) {
        let good: Vec<usize> = blocks.iter().filter_map(|block| worth(*block)).collect();
        let total: usize = good.iter().sum();
        let name = key.rsplit(' ').next().unwrap_or(key);
        let is_better = best.as_ref().is_none_or(|(most, known, _)| (total, name) > (*most, known.as_str()));
        if good.len() * 2 > blocks.len() && total > 0 && is_better {
            best = blocks.first().map(|first| (total, name.to_owned(), *first));
        }
    }
    let (total, item, first) = best?;
    let of_page = squeezed(page.root_element()).chars().filter(|c| c.is_alphabetic()).count();
    if total * SHARE_LEAST < of_page {
        return None;
    }
    let part = |choices: &[&str]| choices.iter().find(|choice| gives(first, choice)).map(|choice| (*choice).to_owned());
    let link = part(&["h2 a@href", "h3 a@href", "h4 a@href", "a[rel=bookmark]@href", "a[class*=permalink]@href"]);
    Some(Recipe {
        item,
        id: part(&["@id", "@data-id", "@data-review-id", "@data-post-id"]),
        url: link,
        title: part(TITLES),
        text: part(TEXTS),
        time: part(TIMES),
        author: part(AUTHORS),
        rating: part(RATINGS),
        ..Recipe::default()
    })
}

/// How many letters a block holds, if it is an item: a text, and a time or a name.
fn worth(block: ElementRef<'_>) -> Option<usize> {
    let is_signed = TIMES.iter().chain(AUTHORS).any(|choice| gives(block, choice));
    let letters = squeezed(block).chars().filter(|c| c.is_alphabetic()).count();
    (is_signed && letters >= ITEM_LETTERS).then_some(letters)
}

fn gives(block: ElementRef<'_>, part: &str) -> bool {
    crate::source::page::part_of(block, part).is_some_and(|value| !value.is_empty() && value.chars().count() < 20_000)
}

/// A class that can stand in a selector, and that no program numbered.
fn is_plain(class: &str) -> bool {
    class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && !class.chars().any(|c| c.is_ascii_digit())
}
