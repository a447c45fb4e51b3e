//! Items of a source that is tried, a few lines of each.

use super::super::talk::print;
use crate::model::Item;
use crate::wording::{Reader, one_line};
use jiff::Timestamp;
use serde_json::{Value, json};

/// How many items are shown, and how much of each.
const SHOWN: usize = 3;
const LINE_LIMIT: usize = 100;

/// Shows the newest of `items`.
pub(super) fn first_items(items: &[&Item], reader: &Reader, now: Timestamp) -> std::io::Result<()> {
    let mut newest: Vec<&Item> = items.to_vec();
    newest.sort_by_key(|item| std::cmp::Reverse(item.published.map(|at| at.at)));
    for item in newest.into_iter().take(SHOWN) {
        let when = item.published.map_or_else(|| "without a date".to_owned(), |at| reader.moment(at.at, now));
        let who = item.author.name.as_deref().map(|name| format!(", {name}")).unwrap_or_default();
        print(&format!("    {when}{who}: {}", one_line(&item.reading_text(), LINE_LIMIT)))?;
    }
    Ok(())
}

pub(super) fn item_json(item: &Item) -> Value {
    json!({
        "id": item.key.id, "url": item.url, "title": item.title, "author": item.author.name,
        "published": item.published, "text": one_line(&item.text, LINE_LIMIT), "kind": item.kind,
        "medium": item.medium, "lang": item.lang,
    })
}
