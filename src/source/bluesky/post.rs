//! One post, from its record: what was said, when, in which thread, with which links.
//!
//! In: the author's DID, the record's key, the record, when it was witnessed. Out: an [`Item`].
//! Offsets of facets count bytes and may lie; times are the client's own and may lie as well.

use super::lax::Text;
use super::uri::AtUri;
use crate::model::{Item, ItemKey, ItemKind, PostedAt, SourceName};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Items of every source of this engine share it: the same post through two hosts is one.
pub(super) const NAMESPACE: &str = "bluesky";

/// A clock may be ahead so far.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// The protocol allows 3,000 bytes of a text; what is far above that is no post of a person.
const TEXT_BYTES: usize = 16 << 10;

/// Tags and links that one post may bring.
const EACH_MOST: usize = 64;

/// What decides whether a post matters: its words, borrowed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Words<'m> {
    #[serde(borrow)]
    text: Text<'m>,
    #[serde(borrow)]
    embed: Option<&'m RawValue>,
}

impl Words<'_> {
    /// What a person reads of it, appended to `said`: the post, what its pictures show, what it links to.
    pub(super) fn read_into(&self, said: &mut String) {
        said.push_str(bounded(&self.text));
        // Most embeds hold no words; a tree is made of those that may.
        if let Some(embed) = self.embed.map(RawValue::get).filter(|embed| has_words(embed)) {
            let embed = serde_json::from_str(embed).unwrap_or(Value::Null);
            push_words(said, &embed);
        }
    }
}

fn has_words(embed: &str) -> bool {
    embed.contains("\"external\"")
        || embed.match_indices("\"alt\"").any(|(at, key)| {
            let rest = embed.get(at + key.len()..).unwrap_or_default();
            !rest.trim_start_matches([':', ' ']).starts_with("\"\"")
        })
}

/// The words of an embed, a line each: descriptions of pictures and videos, the title of what is linked to.
fn push_words(said: &mut String, embed: &Value) {
    let media = embed.get("media").unwrap_or(embed);
    let images = media.get("images").and_then(Value::as_array).into_iter().flatten();
    let alts = images.chain([media]).filter_map(|image| image.get("alt"));
    let title = media.get("external").and_then(|external| external.get("title"));
    for words in alts.chain(title).filter_map(Value::as_str).map(|words| bounded(words).trim()).take(EACH_MOST) {
        if !words.is_empty() && !said.contains(words) {
            if !said.is_empty() {
                said.push_str("\n\n");
            }
            said.push_str(words);
        }
    }
}

/// The beginning of `text` that is read.
fn bounded(text: &str) -> &str {
    let end = (0..=TEXT_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The item that `record` at `uri` is. `seen`: when it was witnessed, in place of a time that cannot be right.
pub(super) fn item(source: &SourceName, uri: &AtUri<'_>, record: &Value, seen: Timestamp) -> Item {
    let key = ItemKey { namespace: NAMESPACE.to_owned(), id: uri.to_string() };
    let mut item = Item::new(source.clone(), key);
    item.url = uri.link();
    item.author.url = Some(uri.profile());
    let text = record.get("text").and_then(Value::as_str).unwrap_or_default();
    item.text = bounded(text).to_owned();
    if let Some(embed) = record.get("embed") {
        push_words(&mut item.text, embed);
        embedded_links(&mut item.links, embed);
    }
    let langs = record.get("langs");
    item.lang = langs.and_then(|langs| langs.get(0).unwrap_or(langs).as_str()).and_then(language);
    item.published = Some(published(record.get("createdAt").and_then(Value::as_str), seen));
    let reply = |which: &str| Some(record.get("reply")?.get(which)?.get("uri")?.as_str()?.to_owned());
    (item.parent, item.thread) = (reply("parent"), reply("root"));
    if item.parent.is_some() {
        item.kind = ItemKind::Reply;
    }
    facets(&mut item, text, record);
    let tags = record.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    tags.for_each(|tag| put(&mut item.tags, tag));
    item
}

/// When it was published: as its client says, unless that is after it was witnessed or no time.
pub(super) fn published(created: Option<&str>, seen: Timestamp) -> PostedAt {
    let latest = seen.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    let created = created.and_then(time).filter(|created| created.at <= latest && created.at > Timestamp::UNIX_EPOCH);
    match created {
        Some(created) if created.at > seen => PostedAt { at: seen, ..created },
        Some(created) => created,
        None => PostedAt::utc(seen),
    }
}

/// A time as clients write it; one without a zone is taken as UTC.
fn time(text: &str) -> Option<PostedAt> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(PostedAt::utc(local.to_zoned(TimeZone::UTC).ok()?.timestamp()))
    })
}

/// A language tag, where it looks like one.
fn language(tag: &str) -> Option<String> {
    let is_tag = (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_tag.then(|| tag.to_owned())
}

/// Links and tags of the facets. One whose bytes are none of the text, or were used by one before it, is shown by no
/// client and counts for nothing.
fn facets(item: &mut Item, text: &str, record: &Value) {
    let list = record.get("facets").and_then(Value::as_array).into_iter().flatten();
    let mut ranges: Vec<(usize, usize, &Value)> = list.filter_map(|facet| range(facet, text)).collect();
    ranges.sort_by_key(|(start, ..)| *start);
    let mut used = 0;
    for (start, end, facet) in ranges {
        if start < used {
            continue;
        }
        used = end;
        for feature in facet.get("features").and_then(Value::as_array).into_iter().flatten() {
            if let Some(uri) = feature.get("uri").and_then(Value::as_str) {
                put_link(&mut item.links, uri);
            }
            if let Some(tag) = feature.get("tag").and_then(Value::as_str) {
                put(&mut item.tags, tag);
            }
        }
    }
}

/// Where in `text` a facet stands, in bytes; `None` where that is nowhere.
fn range<'r>(facet: &'r Value, text: &str) -> Option<(usize, usize, &'r Value)> {
    let index = facet.get("index")?;
    let at = |key: &str| index.get(key)?.as_u64().and_then(|at| usize::try_from(at).ok());
    let (start, end) = (at("byteStart")?, at("byteEnd")?);
    (start < end && text.get(start..end).is_some()).then_some((start, end, facet))
}

/// What an embed leads to: a page, a quoted post.
fn embedded_links(links: &mut Vec<String>, embed: &Value) {
    let media = embed.get("media").unwrap_or(embed);
    if let Some(uri) = media.get("external").and_then(|external| external.get("uri")).and_then(Value::as_str) {
        put_link(links, uri);
    }
    let quoted = embed.get("record").map(|record| record.get("record").unwrap_or(record));
    let quoted = quoted.and_then(|record| record.get("uri")).and_then(Value::as_str);
    if let Some(link) = quoted.and_then(AtUri::parse).and_then(|uri| uri.link()) {
        put(links, &link);
    }
}

fn put_link(links: &mut Vec<String>, uri: &str) {
    if uri.starts_with("https://") || uri.starts_with("http://") {
        put(links, uri);
    }
}

fn put(list: &mut Vec<String>, entry: &str) {
    let entry = entry.trim();
    if !entry.is_empty() && list.len() < EACH_MOST && !list.iter().any(|known| known == entry) {
        list.push(entry.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn seen() -> Timestamp {
        "2026-05-25T14:23:29Z".parse().expect("a time")
    }

    fn read(record: &Value) -> Item {
        let uri = AtUri::parse("at://did:plc:abc/app.bsky.feed.post/3k").expect("an address");
        item(&SourceName::new("sky"), &uri, record, seen())
    }

    #[test]
    fn facets_whose_bytes_lie_count_for_nothing() {
        let facet = |start: i64, end: i64, uri: &str| json!({ "index": { "byteStart": start, "byteEnd": end }, "features": [{ "uri": uri, "tag": uri.len() }] });
        let item = read(&json!({ "text": "Grüße an alle", "facets": [
            facet(0, 3, "https://mid-character.example/"), facet(3, 40, "https://beyond.example/"),
            facet(5, 5, "https://empty.example/"), facet(9, 2, "https://backwards.example/"),
            facet(-1, 4, "https://negative.example/"), facet(0, 4, "https://good.example/"),
            facet(2, 6, "https://overlaps.example/"), facet(8, 10, "javascript:alert(1)"), "no facet", null,
        ]}));
        assert_eq!(item.links, ["https://good.example/"]);
        assert!(item.tags.is_empty());
    }

    #[test]
    fn times_that_cannot_be_right_become_those_of_the_stream() {
        for (created, expected) in [
            ("2026-05-25T14:20:00Z", "2026-05-25T14:20:00+00:00"),
            ("2026-05-25T16:20:00+02:00", "2026-05-25T16:20:00+02:00"),
            ("2026-05-25T14:20:00", "2026-05-25T14:20:00+00:00"),
            ("2026-05-25T14:24:00Z", "2026-05-25T14:23:29+00:00"),
            ("2099-01-01T00:00:00Z", "2026-05-25T14:23:29+00:00"),
            ("1969-12-31T23:59:59Z", "2026-05-25T14:23:29+00:00"),
            ("2015-02-03T00:00:00Z", "2015-02-03T00:00:00+00:00"),
            ("gestern", "2026-05-25T14:23:29+00:00"),
            ("", "2026-05-25T14:23:29+00:00"),
        ] {
            assert_eq!(published(Some(created), seen()).to_string(), expected, "{created}");
        }
    }

    #[test]
    fn words_of_pictures_and_pages_are_read_and_what_is_quoted_is_linked() {
        let record = json!({
            "text": "Look!", "langs": ["de", "en"], "tags": ["food"],
            "reply": { "root": { "uri": "at://did:plc:r/app.bsky.feed.post/1" }, "parent": { "uri": "at://did:plc:p/app.bsky.feed.post/2" } },
            "embed": {
                "media": { "images": [{ "alt": "A steak" }, { "alt": "" }], "external": { "uri": "https://e.example/", "title": "E" } },
                "record": { "record": { "uri": "at://did:plc:q/app.bsky.feed.post/3" } },
            },
        });
        let item = read(&record);
        assert_eq!(item.text, "Look!\n\nA steak\n\nE");
        assert_eq!(item.links, ["https://e.example/", "https://bsky.app/profile/did:plc:q/post/3"]);
        assert_eq!((item.kind, item.lang.as_deref()), (ItemKind::Reply, Some("de")));
        assert_eq!(item.thread.as_deref(), Some("at://did:plc:r/app.bsky.feed.post/1"));
        assert_eq!(item.parent.as_deref(), Some("at://did:plc:p/app.bsky.feed.post/2"));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-3_i64..40).prop_map(Value::from),
            prop::sample::select(&["", "Bär", "https://x.example/", "at://did:plc:q/app.bsky.feed.post/3"][..])
                .prop_map(Value::from),
        ];
        let keys = prop::sample::select(
            &[
                "index",
                "byteStart",
                "byteEnd",
                "features",
                "uri",
                "tag",
                "media",
                "images",
                "alt",
                "external",
                "title",
                "record",
            ][..],
        );
        leaf.prop_recursive(5, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((keys.clone(), inner), 0..6).prop_map(|map| Value::Object(
                    map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_record_is_read_and_a_glance_reads_the_same_words(
            text in "[a-zäß\"\\\\ 👍]{0,12}", embed in value(), facets in value(), created in "[0-9T:Z+-]{0,24}",
        ) {
            let record = json!({ "text": text, "embed": embed, "facets": facets, "createdAt": created, "langs": facets });
            let item = read(&record);
            let written = record.to_string();
            let words: Words<'_> = serde_json::from_str(&written).expect("JSON");
            let mut said = String::new();
            words.read_into(&mut said);
            prop_assert_eq!(said, item.text);
        }
    }
}
