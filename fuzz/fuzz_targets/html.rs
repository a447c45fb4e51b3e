//! Markup to text: within its bounds, the same twice, no blanks at the ends.
//!
//! Input: the address of the page, a line break, the markup.

#![no_main]

use libfuzzer_sys::fuzz_target;
use porterhouse::extract::{self, LINKS_LIMIT, TEXT_LIMIT_BYTES};
use porterhouse::model::{Item, ItemKey, SourceName};

fuzz_target!(|input: &str| {
    let (url, html) = input.split_once('\n').unwrap_or(("", input));
    let text = extract::plain(html);
    assert_eq!(text, extract::plain(html), "the same markup reads the same");
    // One character grows to at most three times its bytes in NFC.
    assert!(text.len() <= 3 * html.len() && text.len() <= TEXT_LIMIT_BYTES, "{} bytes", text.len());
    assert_eq!(text, text.trim(), "no blanks around it");

    let key = ItemKey { namespace: "fuzz".to_owned(), id: "1".to_owned() };
    let mut item = Item::new(SourceName::new("fuzz"), key);
    item.url = Some(url.to_owned());
    item.html = html.to_owned();
    extract::fill(&mut item);
    assert!(item.links.len() <= LINKS_LIMIT);
    // Each link comes from its own `href`, which escaping makes at most three times as long, and the address.
    let bound = 4 * html.len() + item.links.len() * (3 * url.len() + 16);
    assert!(item.links.iter().map(String::len).sum::<usize>() <= bound, "links within the input");
});
