//! Microdata: `itemscope`, `itemtype`, `itemprop` (HTML, 5). `itemref` is not followed.

use super::thing::{Thing, Value, short_name};
use crate::source::page::pick::squeezed;
use scraper::{ElementRef, Html, Selector};

/// The most things of a page.
const THINGS_MOST: usize = 5_000;

/// The most bytes of one value.
const VALUE_LIMIT_BYTES: usize = 64 * 1024;

/// Values that are texts with markup.
const BODIES: &[&str] = &["articleBody", "reviewBody", "text", "commentText", "description"];

/// The outermost things of the page.
pub fn read(page: &Html) -> Vec<Thing> {
    let Ok(scopes) = Selector::parse("[itemscope][itemtype]:not([itemprop])") else { return Vec::new() };
    let mut n_left = THINGS_MOST;
    page.select(&scopes).map_while(|scope| thing(scope, &mut n_left)).collect()
}

fn thing(scope: ElementRef<'_>, n_left: &mut usize) -> Option<Thing> {
    *n_left = n_left.checked_sub(1)?;
    let types = scope.attr("itemtype").unwrap_or_default().split_ascii_whitespace();
    let mut thing = Thing {
        types: types.map(|name| short_name(name).to_owned()).collect(),
        id: scope.attr("itemid").or(scope.attr("id")).map(str::to_owned),
        properties: Vec::new(),
    };
    gather(scope, &mut thing, n_left);
    Some(thing)
}

/// Looks for the properties of `thing` below `element`; what lies in another thing belongs to that.
fn gather(element: ElementRef<'_>, thing: &mut Thing, n_left: &mut usize) {
    for child in element.child_elements() {
        let is_thing = child.attr("itemscope").is_some();
        if let Some(names) = child.attr("itemprop") {
            for name in names.split_ascii_whitespace().take(4) {
                let value = if is_thing {
                    self::thing(child, n_left).map(Value::Thing)
                } else {
                    Some(Value::Text(value(child, name)))
                };
                thing.properties.extend(value.map(|value| (name.to_owned(), value)));
            }
        }
        if !is_thing {
            gather(child, thing, n_left);
        }
    }
}

fn value(element: ElementRef<'_>, name: &str) -> String {
    let attribute = match element.value().name() {
        "meta" => "content",
        "a" | "link" | "area" => "href",
        "img" | "audio" | "video" | "source" | "iframe" | "embed" => "src",
        "time" => "datetime",
        "data" | "meter" => "value",
        _ => "content",
    };
    let is_name = matches!(name, "name" | "author" | "headline") && element.value().name() == "a";
    if let Some(value) = element.attr(attribute).filter(|_| !is_name) {
        return value.trim().to_owned();
    }
    let mut text = if BODIES.contains(&name) { element.inner_html() } else { squeezed(element) };
    let mut end = text.len().min(VALUE_LIMIT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::page::tree::tree;

    #[test]
    fn things_hold_their_own_and_not_what_lies_deeper() {
        let page = tree(
            "<div itemscope itemtype='https://schema.org/Product'><h1 itemprop=name>Grill</h1>\
             <div itemprop=review itemscope itemtype='http://schema.org/Review'><b itemprop=name>Top</b>\
             <span itemprop=author itemscope itemtype='https://schema.org/Person'><i itemprop=name>Ann</i></span>\
             <meta itemprop=datePublished content=2026-01-02><p itemprop=reviewBody>Gut &amp; <b>günstig</b></p></div></div>",
        );
        let things = read(&page);
        assert_eq!(things.len(), 1);
        assert_eq!((things[0].text("name"), things[0].properties.len()), (Some("Grill"), 2));
        let review = things[0].things("review").next().expect("a review");
        assert_eq!((review.text("name"), review.text("author")), (Some("Top"), Some("Ann")));
        assert_eq!(review.text("reviewBody"), Some("Gut &amp; <b>günstig</b>"));
        assert_eq!(review.text("datePublished"), Some("2026-01-02"));
    }

    #[test]
    fn a_page_of_nothing_but_things_ends() {
        let page = "<div itemscope itemtype=A><i itemprop='a b c d e f' itemscope itemtype=B>".repeat(20_000);
        assert!(read(&tree(&page)).len() <= THINGS_MOST);
    }
}
