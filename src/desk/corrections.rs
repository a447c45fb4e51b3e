//! What people said is otherwise, as labelled posts that `evaluate` reads.
//!
//! In: corrections with their items, oldest first. Out: one JSON object for each item and brand, with every field that
//! was corrected as it is now, and what stood there before the first time. The brand goes by its id, so that it is
//! looked for as it is configured when the posts are evaluated.

use crate::model::{Brand, BrandId, Change, Correction, Item, ItemId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The labelled posts of `corrected`, by item and brand.
#[must_use]
pub fn labelled_posts(corrected: &[(Correction, Item)], brands: &[Brand]) -> Vec<Value> {
    let mut posts: BTreeMap<(i64, Option<&BrandId>), Map<String, Value>> = BTreeMap::new();
    for (correction, item) in corrected.iter().filter(|(correction, _)| !matches!(correction.change, Change::Done(_))) {
        let Correction { item: id, brand, change, before, .. } = correction;
        let key = (id.0, brand.as_ref());
        let post = posts.entry(key).or_insert_with(|| post(*id, brand.as_ref(), item, brands));
        for (name, value) in fields(change) {
            post.insert(name.to_owned(), value);
        }
        if let Some(Value::Object(known)) = post.get_mut("before") {
            // Only the first correction of a field knows what the program said.
            fields(before).into_iter().for_each(|(name, value)| {
                known.entry(name).or_insert(value);
            });
        }
    }
    posts.into_values().map(Value::Object).collect()
}

fn post(id: ItemId, brand: Option<&BrandId>, item: &Item, brands: &[Brand]) -> Map<String, Value> {
    let name = brand.map(|id| brands.iter().find(|brand| brand.id == *id).map_or(id.as_str(), |brand| &brand.name));
    let whole = json!({
        "id": brand.map_or_else(|| id.0.to_string(), |brand| format!("{}/{brand}", id.0)),
        "lang": item.lang,
        "title": item.title,
        "text": item.text,
        "brand": brand,
        "target": name,
        "source": item.medium.as_str(),
        "url": item.url,
        "posted_at": item.published,
        "author": item.author,
        "in_reply_to": item.in_reply_to.as_ref().map(|handle| json!({ "handle": handle })),
        "on_page": item.on_page,
        "before": {},
    });
    let Value::Object(fields) = whole else { return Map::new() };
    fields.into_iter().filter(|(_, value)| !value.is_null() && *value != json!("")).collect()
}

/// A change as the fields in which `evaluate` looks for it.
fn fields(change: &Change) -> Vec<(&'static str, Value)> {
    match change {
        Change::Sentiment(label) => vec![("label", json!(label)), ("sentiment", json!(label))],
        Change::Relevant(is_relevant) => vec![("relevant", json!(is_relevant))],
        Change::Spam(is_spam) => vec![("spam", json!(is_spam))],
        Change::Kinds(kinds) => vec![("kinds", json!(kinds))],
        Change::Phase(phase) => vec![("phase", json!(phase))],
        // What became of it is no label.
        Change::Done(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, Phase, Sentiment, SourceName};
    use jiff::Timestamp;

    #[test]
    fn the_last_word_counts_and_the_first_verdict_is_kept() {
        let mut item = Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: "1".to_owned() });
        item.text = "Acme, well".to_owned();
        let said = |brand: Option<&str>, change, before| {
            let brand = brand.map(BrandId::new);
            let at = Timestamp::UNIX_EPOCH;
            (Correction { item: ItemId(7), brand, change, before, at, who: "petra".to_owned() }, item.clone())
        };
        let feels = Change::Sentiment;
        let posts = labelled_posts(
            &[
                said(Some("acme"), feels(Sentiment::Negative), feels(Sentiment::Neutral)),
                said(Some("acme"), feels(Sentiment::Mixed), feels(Sentiment::Negative)),
                said(Some("acme"), Change::Phase(Phase::Use), Change::Phase(Phase::None)),
                said(None, Change::Spam(true), Change::Spam(false)),
            ],
            &[],
        );
        assert_eq!(posts.len(), 2);
        assert_eq!((&posts[0]["id"], &posts[0]["spam"]), (&json!("7"), &json!(true)));
        let acme = &posts[1];
        assert_eq!((&acme["id"], &acme["brand"], &acme["label"]), (&json!("7/acme"), &json!("acme"), &json!("mixed")));
        assert_eq!(acme["before"], json!({ "label": "neutral", "sentiment": "neutral", "phase": "none" }));
        assert!(acme.get("url").is_none() && acme.get("spam").is_none());
    }
}
