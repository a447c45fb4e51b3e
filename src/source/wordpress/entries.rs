//! Posts and comments from the JSON of a WordPress interface.
//!
//! In: the bytes of an answer. Out: its entries as items, what was wrong with them as problems; or what it is instead.
//! Where the parts of an item stand is said by the preset. What data cannot say is worked out here and laid into the
//! entry before: the date on the site's clock, an id that stands only in a link, the page of a comment. Numbers may be
//! texts, titles may be objects or texts, dates may be missing: plugins change all of that.

use super::address::page_of_comment;
use super::state::List;
use crate::model::{Item, PostedAt, Preset, Problem, SourceName};
use crate::source::json;
use crate::source::likely::{CLOCK_TOLERANCE, EARLIEST_SECONDS};
use crate::when::read_date;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Map, Value};

/// Offsets of clocks are multiples of this.
const QUARTER_SECONDS: i32 = 900;

/// An object of JSON.
type Entry = Map<String, Value>;

/// What an answer is.
#[derive(Debug)]
pub(super) enum Answer {
    /// Entries, and how many bytes stood before them.
    List(Vec<Value>, usize),
    /// The front page of the interface.
    Index,
    /// The interface says why it does not answer.
    Refusal(String),
    /// No JSON.
    Other,
    /// JSON that breaks off or is wrong: what its reader says.
    Broken(String),
}

/// What all items of one answer share.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub preset: &'a Preset,
    pub source: &'a SourceName,
    /// The address that answered.
    pub url: &'a str,
    pub now: Timestamp,
}

/// Reads an answer.
pub(super) fn read(body: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    // Warnings of a server's scripts stand before what they were to make.
    let begin = if text.starts_with(['[', '{']) { Some(0) } else { text.find("[{\"") };
    let Some(json) = begin.and_then(|begin| text.get(begin..)) else { return Answer::Other };
    let mut documents = serde_json::Deserializer::from_str(json).into_iter::<Value>();
    match documents.next() {
        Some(Ok(Value::Array(entries))) => Answer::List(entries, begin.unwrap_or(0)),
        Some(Ok(Value::Object(object))) => read_object(object),
        Some(Err(error)) => Answer::Broken(error.to_string()),
        _ => Answer::Other,
    }
}

fn read_object(object: Entry) -> Answer {
    if let Some(code) = object.get("code").and_then(Value::as_str) {
        return Answer::Refusal(code.to_owned());
    }
    if object.contains_key("namespaces") || object.contains_key("routes") {
        return Answer::Index;
    }
    if object.contains_key("id") && (object.contains_key("content") || object.contains_key("date_gmt")) {
        return Answer::List(vec![Value::Object(object)], 0);
    }
    // PHP writes a list with gaps as an object: {"0": .., "2": ..}.
    let is_list = object.iter().all(|(key, value)| key.parse::<u32>().is_ok() && value.is_object());
    if is_list { Answer::List(object.into_iter().map(|(_, value)| value).collect(), 0) } else { Answer::Other }
}

/// What the entries are, by their fields; `None` where they do not say.
pub(super) fn list_of(entries: &[Value]) -> Option<List> {
    let first = entries.iter().find_map(Value::as_object)?;
    if first.contains_key("post") || first.contains_key("author_name") {
        return Some(List::Comments);
    }
    first.contains_key("title").then_some(List::Posts)
}

/// The items of a list, in its order.
pub(super) fn items(mut entries: Vec<Value>, list: List, setting: &Setting<'_>) -> (Vec<Item>, Vec<Problem>) {
    let clock = common_offset(&entries);
    entries.iter_mut().filter_map(Value::as_object_mut).for_each(|entry| work_out(entry, clock, setting.now));
    let place = match list {
        List::Posts => "posts",
        List::Comments => "comments",
    };
    let answer = Value::Object(Map::from_iter([(place.to_owned(), Value::Array(entries))]));
    json::items(&answer, setting.preset, setting.source, setting.url, setting.now)
}

/// Lays into an entry what has to be worked out: `number`, `published`, `edited`, `page`.
fn work_out(entry: &mut Entry, clock: Option<Offset>, now: Timestamp) {
    let dated = published(entry, clock, now);
    let edited = entry.get("modified_gmt").and_then(utc);
    let edited = edited.map(|at| PostedAt { at, offset: dated.map_or(Offset::UTC, |dated| dated.offset) });
    let page = entry.get("link").and_then(Value::as_str).map(page_of_comment);
    // A date that is missing is told like one that cannot be right.
    let dated = dated.map_or_else(|| "none".to_owned(), |dated| dated.to_string());
    let parts = [
        ("number", id(entry)),
        ("published", Some(dated)),
        ("edited", edited.map(|edited| edited.to_string())),
        ("page", page),
    ];
    for (name, value) in parts {
        entry.insert(name.to_owned(), value.map_or(Value::Null, Value::String));
    }
}

/// The oldest and the newest date among entries, as far as they say.
pub(super) fn span(entries: &[Value]) -> Option<(Timestamp, Timestamp)> {
    let clock = common_offset(entries);
    let dates = || entries.iter().filter_map(|entry| at(entry.as_object()?, clock)).map(|posted| posted.at);
    dates().min().zip(dates().max())
}

/// The id, as a number or as a text; of a comment also the one in its link.
fn id(entry: &Entry) -> Option<String> {
    let by_link = || {
        let (_, id) = entry.get("link")?.as_str()?.rsplit_once("#comment-")?;
        (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
    };
    entry.get("id").or_else(|| entry.get("ID")).and_then(number).filter(|id| id != "0").or_else(by_link)
}

/// A whole number, written as one or as a text.
fn number(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        Value::String(text) => text.trim().parse::<u64>().ok().map(|number| number.to_string()),
        _ => None,
    }
}

/// The instant that a date in UTC names; zeros are none.
fn utc(value: &Value) -> Option<Timestamp> {
    read_date(value.as_str()?).map(|read| read.at).filter(|at| at.as_second() >= EARLIEST_SECONDS)
}

/// When it was published, on the site's clock: what its two dates are apart is the clock's offset.
fn at(entry: &Entry, common: Option<Offset>) -> Option<PostedAt> {
    let local = entry.get("date").and_then(utc);
    match (entry.get("date_gmt").and_then(utc), local) {
        (Some(at), local) => {
            let offset = local.and_then(|local| offset_between(at, local)).or(common).unwrap_or(Offset::UTC);
            Some(PostedAt { at, offset })
        }
        (None, Some(local)) => {
            let written = entry.get("date").and_then(Value::as_str).and_then(read_date)?;
            // A date with a zone of its own needs no other.
            if written.offset != Offset::UTC {
                return Some(written);
            }
            let offset = common.unwrap_or(Offset::UTC);
            offset.to_timestamp(Offset::UTC.to_datetime(local)).ok().map(|at| PostedAt { at, offset })
        }
        (None, None) => None,
    }
}

fn published(entry: &Entry, common: Option<Offset>, now: Timestamp) -> Option<PostedAt> {
    at(entry, common).filter(|posted| posted.at <= latest(now))
}

/// The latest date that can be right.
fn latest(now: Timestamp) -> Timestamp {
    now.checked_add(CLOCK_TOLERANCE).unwrap_or(Timestamp::MAX)
}

fn offset_between(at: Timestamp, local: Timestamp) -> Option<Offset> {
    let seconds = i32::try_from(local.duration_since(at).as_secs()).ok()?;
    let is_offset = seconds % QUARTER_SECONDS == 0 && seconds.abs() <= 14 * 3600;
    is_offset.then(|| Offset::from_seconds(seconds).ok()).flatten()
}

/// The offset that the first entry with both dates shows.
fn common_offset(entries: &[Value]) -> Option<Offset> {
    entries.iter().find_map(|entry| {
        let date = |key: &str| entry.get(key).and_then(utc);
        offset_between(date("date_gmt")?, date("date")?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKind, Medium};
    use proptest::prelude::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-03-06T17:00:00Z".parse().expect("a time")
    }

    fn read_list(body: &str, list: List) -> (Vec<Item>, Vec<String>) {
        let Answer::List(entries, _) = read(body.as_bytes()) else { panic!("no list: {body}") };
        let source = SourceName::new("blog");
        let setting = Setting {
            preset: super::super::own_preset().expect("it is built in"),
            source: &source,
            url: "https://b.example/wp-json/wp/v2/posts",
            now: now(),
        };
        let (items, problems) = items(entries, list, &setting);
        (items, problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn a_post_becomes_an_article_on_the_sites_clock() {
        let body = json!([{
            "id": 560, "date": "2026-03-01T11:00:00", "date_gmt": "2026-03-01T10:00:00",
            "modified_gmt": "2026-03-02T10:00:00", "link": "https://b.example/steak/", "status": "publish",
            "title": { "rendered": "Rib &#038; Eye &#8211; <em>rare</em>" },
            "content": { "rendered": "<p>So good.</p>", "protected": false },
            "_embedded": { "author": [{ "name": "Uwe &amp; Ina", "link": "https://b.example/author/uwe/" }] },
        }]);
        let (items, problems) = read_list(&body.to_string(), List::Posts);
        let [item] = items.as_slice() else { panic!("one item") };
        assert!(problems.is_empty());
        assert_eq!((item.key.id.as_str(), item.kind, item.medium), ("post-560", ItemKind::Article, Medium::Blog));
        assert_eq!((item.title.as_str(), item.html.as_str()), ("Rib & Eye – rare", "<p>So good.</p>"));
        assert_eq!(item.published.map(|at| at.to_string()).as_deref(), Some("2026-03-01T11:00:00+01:00"));
        assert_eq!(item.updated.map(|at| at.to_string()).as_deref(), Some("2026-03-02T11:00:00+01:00"));
        assert_eq!(item.author.name.as_deref(), Some("Uwe & Ina"));
        assert_eq!(item.url.as_deref(), Some("https://b.example/steak/"));
    }

    #[test]
    fn a_comment_names_what_it_answers_and_where_it_stands() {
        let body = json!([
            { "id": 101, "post": 560, "parent": 0, "author_name": "Ines", "author_url": "", "type": "comment",
              "date": "2026-03-01T11:00:00", "date_gmt": "2026-03-01T10:00:00",
              "content": { "rendered": "<p>Yes</p>" }, "link": "https://b.example/steak/comment-page-1/#comment-101" },
            { "id": "102", "post": "560", "parent": "101", "author_name": "Other blog", "type": "pingback",
              "author_url": "https://other.example/", "date_gmt": "2026-03-01T10:00:01",
              "content": "[...] as they say [...]", "link": "https://b.example/steak/#comment-102" },
        ]);
        let (items, problems) = read_list(&body.to_string(), List::Comments);
        let [first, second] = items.as_slice() else { panic!("two items") };
        assert!(problems.is_empty());
        assert_eq!((first.key.id.as_str(), first.parent.as_deref()), ("comment-101", Some("post-560")));
        assert_eq!((first.target.as_deref(), &first.thread), (Some("https://b.example/steak/"), &first.target));
        assert_eq!((first.kind, first.medium), (ItemKind::Comment, Medium::Comment));
        assert_eq!((first.author.name.as_deref(), first.author.url.as_deref()), (Some("Ines"), None));
        assert_eq!((second.key.id.as_str(), second.parent.as_deref()), ("comment-102", Some("comment-101")));
        assert_eq!(
            (second.tags.as_slice(), second.html.as_str()),
            (["pingback".to_owned()].as_slice(), "[...] as they say [...]")
        );
        let date = second.published.map(|at| at.to_string());
        assert_eq!(date.as_deref(), Some("2026-03-01T11:00:01+01:00"), "on the clock of the others");
    }

    #[test]
    fn broken_entries_are_told_and_the_others_kept() {
        let body = r#"[7, {"id": null, "title": "x"}, {"id": 3, "title": "Plain", "date_gmt": "0000-00-00T00:00:00"},
            {"id": 4, "date": "2026-03-01 11:00:00", "title": {"rendered": null}}, {"id": 5, "status": "draft"}]"#;
        let (items, problems) = read_list(body, List::Posts);
        let ids: Vec<&str> = items.iter().map(|item| item.key.id.as_str()).collect();
        assert_eq!(ids, ["post-3", "post-4"]);
        assert_eq!((items[0].title.as_str(), items[0].published), ("Plain", None));
        assert_eq!(items[1].published.map(|at| at.to_string()).as_deref(), Some("2026-03-01T11:00:00+00:00"));
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert_eq!(problems[0], "entry 1 is no object");
    }

    #[test]
    fn answers_of_other_shapes_are_told_apart() {
        let is = |body: &str| match read(body.as_bytes()) {
            Answer::List(entries, n_before) => format!("{} entries behind {n_before}", entries.len()),
            Answer::Index => "index".to_owned(),
            Answer::Refusal(code) => code,
            Answer::Other => "other".to_owned(),
            Answer::Broken(_) => "broken".to_owned(),
        };
        assert_eq!(is("\u{feff} [{\"id\":1}]"), "1 entries behind 0");
        assert_eq!(is(r#"{"0":{"id":1},"2":{"id":3}}"#), "2 entries behind 0");
        assert_eq!(is(r#"{"id":1,"content":{"rendered":"x"}}"#), "1 entries behind 0");
        assert_eq!(is("<br />Warning: x in y.php on line 3<br />[{\"id\":1}]"), "1 entries behind 41");
        assert_eq!(is(r#"{"code":"rest_disabled","message":"x","data":{"status":401}}"#), "rest_disabled");
        assert_eq!(is(r#"{"name":"B","namespaces":["wp/v2"],"routes":{}}"#), "index");
        assert_eq!(is("<!doctype html><title>Hello</title>"), "other");
        assert_eq!(is("\"x\""), "other");
        assert_eq!(is("[{\"id\":1},{\"id"), "broken");
        assert_eq!(is(&"[".repeat(100_000)), "broken");
    }

    proptest! {
        #[test]
        fn any_json_is_read_without_panic_into_no_more_items_than_entries(
            entries in prop::collection::vec(any_entry(), 0..6),
        ) {
            let source = SourceName::new("blog");
            let setting = Setting { preset: super::super::own_preset().expect("it is built in"), source: &source, url: "https://b.example/", now: now() };
            let _ = span(&entries);
            for list in [List::Posts, List::Comments] {
                prop_assert!(items(entries.clone(), list, &setting).0.len() <= entries.len());
            }
        }

        #[test]
        fn any_bytes_are_read_without_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body);
        }
    }

    fn any_entry() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            Just(json!("2026-03-01T11:00:00")),
            Just(json!({ "rendered": "x" })),
        ];
        let key =
            prop::sample::select(vec!["id", "post", "parent", "date", "date_gmt", "link", "title", "content", "type"]);
        prop::collection::hash_map(key, leaf, 0..9)
            .prop_map(|fields| Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    }
}
