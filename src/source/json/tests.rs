//! Answers of each service in memory, in the shapes that it documents, and in the shapes that it should not send.

use super::*;
use crate::model::{Item, ItemKind, SourceName};
use crate::source;
use proptest::prelude::*;
use serde_json::json;

fn now() -> Timestamp {
    "2026-03-06T17:00:00Z".parse().expect("a time")
}

fn spec(preset: &str) -> SourceSpec {
    let preset = source::preset(preset).expect("a preset");
    with_examples(preset, SourceSpec::new(SourceName::new("s"), "json", "https://s.example/"))
}

fn read_bytes(preset: &str, body: Vec<u8>) -> Result<Batch, ReadError> {
    let spec = spec(preset);
    let source = open(&spec);
    let request = source.start(&Cursor::default(), now()).remove(0);
    let response = Response { status: 200, url: request.url.clone(), headers: Vec::new(), body: body.into() };
    source.read(&Cursor::default(), &request, &response, now())
}

fn read(preset: &str, answer: &Value) -> Vec<Item> {
    let batch = read_bytes(preset, answer.to_string().into_bytes()).expect("an answer");
    assert_eq!(batch.problems, Vec::new(), "{answer}");
    batch.items
}

fn asked(preset: &str) -> String {
    open(&spec(preset)).start(&Cursor::default(), now()).remove(0).url
}

#[test]
fn each_service_is_asked_as_it_documents() {
    let days_ago = now().as_second() - 7 * 86_400 - 1;
    let tomorrow = now().as_second() + 86_400 + 1;
    for (preset, url) in [
        (
            "hackernews",
            format!(
                "https://hn.algolia.com/api/v1/search_by_date?query=%22porterhouse%22&tags=%28story%2Ccomment%29&numericFilters=created_at_i%3E{days_ago}%2Ccreated_at_i%3C%3D{tomorrow}&hitsPerPage=100&page=0&typoTolerance=false"
            ),
        ),
        (
            "appstore",
            "https://itunes.apple.com/de/rss/customerreviews/page=1/id=284882215/sortby=mostrecent/json".to_owned(),
        ),
        (
            "discourse",
            "https://meta.discourse.org/search.json?q=porterhouse%20order%3Alatest%20after%3A2026-02-03&page=1"
                .to_owned(),
        ),
        ("discourse-latest", "https://meta.discourse.org/posts.json".to_owned()),
        (
            "lemmy",
            "https://feddit.org/api/v4/search?search_term=porterhouse&type_=all&time_range_seconds=604801&limit=50"
                .to_owned(),
        ),
        (
            "stackexchange",
            format!(
                "https://api.stackexchange.com/2.3/search/advanced?q=porterhouse&site=stackoverflow.com&fromdate={days_ago}&sort=creation&order=asc&pagesize=100&page=1&filter=withbody"
            ),
        ),
    ] {
        assert_eq!(asked(preset), url);
    }
}

#[test]
fn a_server_of_the_older_line_is_asked_the_older_way_for_a_week() {
    let spec = spec("lemmy");
    let source = open(&spec);
    let mut cursor = Cursor::default();
    let first = source.start(&cursor, now()).remove(0);
    let batch = source.refused(&cursor, &first, Some(404), now()).expect("another way");
    assert!(batch.next[0].url.contains("/api/v3/search?q=porterhouse&type_=All&sort=New"), "{}", batch.next[0].url);
    cursor = batch.cursor;
    assert!(source.refused(&cursor, &batch.next[0], Some(404), now()).is_none(), "both are closed");
    let later = |days: i64| now() + jiff::SignedDuration::from_hours(24 * days);
    assert!(source.start(&cursor, later(6))[0].url.contains("/api/v3/"));
    assert!(source.start(&cursor, later(8))[0].url.contains("/api/v4/"));
    assert!(source.refused(&cursor, &first, Some(403), now()).is_none());
}

#[test]
fn both_lines_of_lemmy_give_the_same_items() {
    let person = json!({ "name": "ann", "display_name": "Ann", "actor_id": "https://a.example/u/ann" });
    let old = json!({
        "posts": [{ "post": { "id": 1, "name": "Porter", "body": "see **it** now", "ap_id": "https://a.example/post/1",
            "published": "2026-03-01T12:00:00", "language_id": 32, "url": "https://p.example/" },
            "creator": person, "counts": { "comments": 3, "upvotes": 5 }, "community": { "name": "tech" } }],
        "comments": [
            { "comment": { "id": 7, "content": "yes", "path": "0.7", "ap_id": "https://b.example/comment/9",
                "published": "2026-03-01T13:00:00.123456Z", "post_id": 1 },
              "post": { "name": "Porter", "ap_id": "https://a.example/post/1" }, "creator": person, "counts": { "child_count": 1 } },
            { "comment": { "id": 8, "content": "no", "path": "0.7.8", "ap_id": "https://b.example/comment/10", "deleted": true,
                "published": "2026-03-01T13:01:00Z" }, "post": { "ap_id": "https://a.example/post/1" }, "creator": null },
        ],
    });
    let person = json!({ "name": "ann", "display_name": "Ann", "ap_id": "https://a.example/u/ann" });
    let new = json!({
        "posts": [{ "post": { "id": 1, "name": "Porter", "body": "see **it** now", "ap_id": "https://a.example/post/1",
            "published_at": "2026-03-01T12:00:00Z", "language_id": 32, "url": "https://p.example/", "comments": 3, "upvotes": 5 },
            "creator": person, "community": { "name": "tech" } }],
        "comments": [
            { "comment": { "id": 7, "content": "yes", "path": "0.7", "ap_id": "https://b.example/comment/9", "child_count": 1,
                "published_at": "2026-03-01T13:00:00.123456Z", "post_id": 1 },
              "post": { "name": "Porter", "ap_id": "https://a.example/post/1" }, "creator": person },
        ],
        "persons": [], "next_page": "abc",
    });
    let items = read("lemmy", &new);
    assert_eq!(read("lemmy", &old), items);
    let [post, comment] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(
        (post.html.as_str(), post.lang.as_deref(), post.counts.likes),
        ("<p>see it now</p>", Some("de"), Some(5))
    );
    assert_eq!((comment.parent.as_deref(), comment.kind), (Some("https://a.example/post/1"), ItemKind::Comment));
    assert_eq!(comment.author.url.as_deref(), Some("https://a.example/u/ann"));
}

#[test]
fn one_review_comes_as_an_object_and_none_as_no_key() {
    let label = |text: &str| json!({ "label": text });
    let review = json!({ "id": label("12345678901234567"), "author": { "name": label("Ann"), "uri": label("https://i.example/1") },
        "im:rating": label("4"), "title": label("Fine"), "content": label("a < b"), "im:voteSum": label("2"),
        "updated": label("2026-03-01T08:00:00-07:00"), "link": { "attributes": { "href": "https://i.example/r" } } });
    let one = read("appstore", &json!({ "feed": { "entry": review } }));
    assert_eq!(one, read("appstore", &json!({ "feed": { "entry": [review] } })));
    let item = one.first().expect("a review");
    assert_eq!((item.key.id.as_str(), item.rating, item.text.as_str()), ("12345678901234567", Some(4.0), "a < b"));
    assert_eq!(item.published.map(|at| at.to_string()).as_deref(), Some("2026-03-01T08:00:00-07:00"));
    assert_eq!(read("appstore", &json!({ "feed": {} })), Vec::new());
}

#[test]
fn a_thread_knows_who_answers_whom_and_a_search_whose_thread_it_is() {
    let post = |id: u64, number: u64, answers: Option<u64>| {
        json!({ "id": id, "topic_id": 5, "topic_slug": "hello", "post_number": number, "username": "ann", "name": "",
            "created_at": "2026-03-01T08:00:00.000Z", "cooked": "<p>x</p>", "reply_to_post_number": answers })
    };
    let thread =
        json!({ "id": 5, "title": "Hello", "post_stream": { "posts": [post(90, 1, None), post(91, 2, Some(1))] } });
    let items = read("discourse", &thread);
    let answer = items.last().expect("two posts");
    assert_eq!(
        (answer.parent.as_deref(), answer.in_reply_to.as_deref(), answer.title.as_str()),
        (Some("90"), Some("ann"), "Hello")
    );
    assert_eq!(answer.author.name.as_deref(), Some("ann"));
    let search = json!({ "posts": [{ "id": 90, "topic_id": 5, "post_number": 1, "blurb": "x", "created_at": "2026-03-01T08:00:00Z" }],
        "topics": [{ "id": 5, "title": "Hello", "slug": "hello" }] });
    let items = read("discourse", &search);
    assert_eq!(items[0].url.as_deref(), Some("https://meta.discourse.org/t/hello/5/1"));
    assert_eq!(items[0].author, crate::model::Author::default());
}

#[test]
fn a_service_that_asks_in_its_body_to_be_left_alone_is() {
    let question = json!({ "question_id": 7, "title": "A &amp; B", "link": "https://so.example/q/7", "creation_date": 1_772_700_000 });
    let body = json!({ "items": [question], "has_more": true, "backoff": 10.5 });
    let batch = read_bytes("stackexchange", body.to_string().into_bytes()).expect("an answer");
    assert_eq!((batch.pace.at_least_s, batch.next.len(), batch.items[0].title.as_str()), (13, 0, "A & B"));
    let open = &batch.cursor.0["open"]["step"]["since"];
    assert_eq!(open, &json!(1_772_700_000_000_000_i64), "the walk waits");
}

#[test]
fn what_stands_in_place_of_an_answer_is_named() {
    let told =
        |preset: &str, body: &str| read_bytes(preset, body.as_bytes().to_vec()).expect_err("no answer").to_string();
    assert!(told("hackernews", "<!DOCTYPE html><html>").starts_with("the answer is an HTML page, JSON was expected"));
    assert!(told("hackernews", " \n").starts_with("the answer is empty"));
    assert!(told("hackernews", "{\"hits\": [").starts_with("the answer is broken JSON"));
    assert!(told("hackernews", "Too busy").starts_with("the answer is a text that begins \"Too busy\""));
    assert_eq!(told("lemmy", "{\"error\":\"rate_limit\"}"), "the service answers: rate_limit");
    assert_eq!(
        told("stackexchange", "{\"error_id\":502,\"error_message\":\"too many\"}"),
        "the service answers: too many"
    );
    assert!(told("lemmy", &"[".repeat(100_000)).starts_with("the answer is broken JSON"));
    let bare = SourceSpec::new(SourceName::new("s"), "json", "https://s.example/");
    let response = Response { status: 200, url: bare.url.clone(), headers: Vec::new(), body: "{}".into() };
    let source = open(&bare);
    let request = source.start(&Cursor::default(), now()).remove(0);
    assert_eq!(source.read(&Cursor::default(), &request, &response, now()), Err(ReadError::NoPreset));
}

#[test]
fn broken_entries_are_told_and_the_others_kept() {
    let hit = |id: Value, at: Value| json!({ "objectID": id, "created_at_i": at, "comment_text": "x" });
    let body = json!({ "hits": [hit(json!(9_007_199_254_740_993_u64), json!("1772700000")), hit(json!(null), json!(1)), "x", hit(json!("3"), json!(99_999_999_999_i64))] });
    let batch = read_bytes("hackernews", body.to_string().into_bytes()).expect("an answer");
    let ids: Vec<&str> = batch.items.iter().map(|item| item.key.id.as_str()).collect();
    assert_eq!(ids, ["9007199254740993", "3"]);
    let told: Vec<&str> = batch.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        told,
        ["entry 3 is no object", "entry 2 has no id", "entry 4 has no date that can be right; it was kept without"]
    );
}

#[test]
fn pages_lead_to_no_other_host() {
    assert_eq!(same_host("https://a.example/x", "/y?page=2").as_deref(), Some("https://a.example/y?page=2"));
    assert_eq!(same_host("https://a.example/x", "https://b.example/y"), None);
    assert_eq!(same_host("https://a.example/x", "http://a.example/y"), None);
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "hits",
        "objectID",
        "created_at_i",
        "posts",
        "comments",
        "post",
        "comment",
        "id",
        "ap_id",
        "published",
        "feed",
        "entry",
        "label",
        "items",
        "question_id",
        "topics",
        "topic_id",
        "latest_posts",
        "backoff",
        "has_more",
        "path",
        "body",
        "type",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-03-01T12:00:00Z")),
        Just(json!("0.12.57")),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_read_without_panic(answer in any_json(), cursor in any_json()) {
        for preset in ["hackernews", "lemmy", "discourse", "discourse-latest", "appstore", "stackexchange"] {
            let spec = spec(preset);
            let source = open(&spec);
            let cursor = Cursor(cursor.clone());
            let request = source.start(&cursor, now()).remove(0);
            let response = Response { status: 200, url: request.url.clone(), headers: Vec::new(), body: answer.to_string().into() };
            if let Ok(batch) = source.read(&cursor, &request, &response, now()) {
                prop_assert!(batch.items.len() <= answer.to_string().len());
                prop_assert!(batch.next.len() <= 1);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_bytes("hackernews", body);
    }
}
