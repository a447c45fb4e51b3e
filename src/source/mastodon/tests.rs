//! The engine as `pipeline` uses it: requests, answers, refusals.

use super::*;
use crate::model::{MastodonServer, SecretRef};
use proptest::prelude::*;
use serde_json::json;

fn now() -> Timestamp {
    "2026-08-02T12:00:00Z".parse().expect("a time")
}

fn server(url: &str, token: Option<&str>) -> MastodonServer {
    MastodonServer { url: url.to_owned(), token: token.map(|name| SecretRef::Env(name.to_owned())) }
}

fn asked(servers: Vec<MastodonServer>) -> MastodonSpec {
    MastodonSpec {
        servers,
        tags: vec!["steak".to_owned()],
        any: Vec::new(),
        all: Vec::new(),
        none: Vec::new(),
        search: Vec::new(),
        unlisted: false,
        respect: true,
        listen: MastodonListen::Never,
    }
}

fn spec(asked: MastodonSpec) -> SourceSpec {
    let url = asked.servers[0].url.clone();
    SourceSpec { mastodon: Some(asked), ..SourceSpec::new(SourceName::new("fedi"), "mastodon", url) }
}

fn answer(url: &str, body: &Value) -> Response {
    Response { status: 200, url: url.to_owned(), headers: Vec::new(), body: body.to_string().into() }
}

fn status(id: u64, words: &str) -> Value {
    json!({
        "id": id.to_string(), "uri": format!("https://b.example/o/{id}"), "url": format!("https://b.example/@ann/{id}"),
        "content": format!("<p>{words}</p>"), "created_at": "2026-08-02T11:00:00.000Z", "visibility": "public",
        "account": { "acct": "ann@b.example", "display_name": "Ann", "url": "https://b.example/@ann" },
    })
}

fn read_one(status: &Value, wishes: Wishes) -> Result<Item, Not> {
    let source = SourceName::new("fedi");
    status::item(status, &Setting { source: &source, server: Some("https://a.example"), now: now(), wishes })
}

const WISHES: Wishes = Wishes { unlisted: false, respect: true, by_words: false };

const INSTANCE: &str = "/api/v2/instance";

#[test]
fn a_reading_asks_what_the_server_is_and_then_for_its_tags_with_the_token_of_that_server_alone() {
    let mut wish = asked(vec![server("https://a.example", Some("A")), server("https://b.example", None)]);
    wish.search = vec!["Morton's steak".to_owned()];
    (wish.any, wish.none) = (vec!["rib eye".to_owned()], vec!["vegan".to_owned()]);
    let source = open(&spec(wish));
    let first = source.start(&Cursor::default(), now());
    let urls: Vec<&str> = first.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(urls, ["https://a.example/api/v2/instance", "https://b.example/api/v2/instance"]);
    let tokens: Vec<bool> = first.iter().map(|request| request.bearer.is_some()).collect();
    assert_eq!(tokens, [true, false]);
    let batch = source.read(
        &Cursor::default(),
        &first[0],
        &answer(INSTANCE, &json!({ "domain": "a.example", "version": "4.5.0" })),
        now(),
    );
    let next: Vec<String> = batch.expect("read").next.into_iter().map(|request| request.url).collect();
    assert_eq!(
        next,
        [
            "https://a.example/api/v1/timelines/tag/steak?limit=40&any%5B%5D=rib+eye&none%5B%5D=vegan",
            "https://a.example/api/v2/search?limit=40&type=statuses&q=Morton%27s+steak",
        ]
    );
}

#[test]
fn a_server_that_shows_its_tags_to_nobody_is_closed_and_not_quiet() {
    let source = open(&spec(asked(vec![server("https://a.example", None)])));
    let first = source.start(&Cursor::default(), now());
    let feeds = json!({ "local": "authenticated", "remote": "disabled" });
    let instance =
        json!({ "domain": "a.example", "configuration": { "timelines_access": { "hashtag_feeds": feeds } } });
    let error = source.read(&Cursor::default(), &first[0], &answer(INSTANCE, &instance), now()).err();
    assert_eq!(
        error.map(|error| error.to_string()).as_deref(),
        Some("a.example shows hashtags only to its members; set a token of it")
    );
}

#[test]
fn a_server_that_fails_stops_no_other_and_is_told_with_them() {
    let wish = asked(vec![server("https://a.example", None), server("https://b.example", None)]);
    let source = open(&spec(wish));
    let mut requests = source.start(&Cursor::default(), now());
    let of_b = requests.pop().expect("of b");
    let refused = source.refused(&Cursor::default(), &of_b, None, now()).expect("the other goes on");
    let of_a = requests.pop().expect("of a");
    let batch =
        source.read(&refused.cursor, &of_a, &answer(INSTANCE, &json!({ "domain": "a.example" })), now()).expect("read");
    let page = source.read(&batch.cursor, &batch.next[0], &answer("", &json!([status(1, "x")])), now()).expect("read");
    let told: Vec<String> = page.problems.iter().map(|problem| problem.message.clone()).collect();
    assert_eq!(told, ["b.example: gave no answer; its posts may be missing"]);
    assert_eq!(source.refused(&refused.cursor, &of_a, None, now()), None, "all failed");
}

#[test]
fn what_authors_ask_of_programs_is_heeded() {
    let with = |key: &str, value: Value| {
        let mut status = status(1, "x");
        status["account"][key] = value;
        status
    };
    let by_words = Wishes { by_words: true, ..WISHES };
    let rude = Wishes { respect: false, ..WISHES };
    for (status, expected) in [
        (with("noindex", json!(true)), Some(Not::Welcome)),
        (with("noindex", json!(null)), None),
        (with("note", json!("<p>I cook. <a>#<span>NoBot</span></a></p>")), Some(Not::Welcome)),
        (with("note", json!("<p>#nobotany is my hobby</p>")), None),
        (with("fields", json!([{ "name": "x", "value": "#noindex" }])), Some(Not::Welcome)),
        (with("indexable", json!(false)), None),
    ] {
        assert_eq!(read_one(&status, WISHES).err(), expected, "{status}");
        assert_eq!(read_one(&status, rude).err(), None);
    }
    assert_eq!(read_one(&with("indexable", json!(false)), by_words).err(), Some(Not::Welcome));
    let seen = |visibility: &str, wishes: Wishes| {
        let mut status = status(1, "x");
        status["visibility"] = json!(visibility);
        read_one(&status, wishes).err()
    };
    assert_eq!(seen("unlisted", WISHES), Some(Not::Listed));
    assert_eq!(seen("unlisted", Wishes { unlisted: true, ..WISHES }), None);
    assert_eq!(seen("private", Wishes { unlisted: true, ..rude }), Some(Not::Public));
    assert_eq!(seen("direct", rude), Some(Not::Public));
}

#[test]
fn a_status_becomes_an_item_with_all_that_its_author_said() {
    let mut told = status(7, "Best <b>steak</b> at <a href='https://m.example/?a=1&amp;b=2'>m</a>");
    told["spoiler_text"] = json!("Food & more");
    told["media_attachments"] = json!([{ "description": "A plate" }, { "description": null }]);
    told["poll"] = json!({ "options": [{ "title": "Rare" }] });
    told["quote"] = json!({ "state": "accepted", "quoted_status": { "url": "https://c.example/@ben/3" } });
    told["card"] = json!({ "url": "https://m.example/?a=1&b=2" });
    told["tags"] = json!([{ "name": "Steak" }, "food"]);
    (told["replies_count"], told["reblogs_count"], told["favourites_count"]) = (json!("3"), json!(1), json!(-1));
    (told["in_reply_to_id"], told["in_reply_to_account_id"]) = (json!(5), json!("9"));
    told["mentions"] = json!([{ "id": 9, "acct": "ben", "url": "https://a.example/@ben" }]);
    told["edited_at"] = json!("2026-08-02T11:00:00.500Z");
    (told["account"]["bot"], told["account"]["followers_count"]) = (json!(true), json!(12));
    let item = read_one(&told, WISHES).expect("an item");
    assert_eq!(
        item.html,
        "<p>Food &amp; more</p><p>Best steak at <a href=\"https://m.example/?a=1&amp;b=2\">m</a></p><p>Rare</p><p>A plate</p><a href=\"https://c.example/@ben/3\"></a>"
    );
    assert_eq!(
        (item.key.id.as_str(), item.aliases),
        ("https://b.example/o/7", vec!["https://a.example/statuses/7".to_owned()])
    );
    assert_eq!((item.counts.replies, item.counts.reposts, item.counts.likes), (Some(3), Some(1), None));
    assert_eq!(
        (item.parent.as_deref(), item.in_reply_to.as_deref()),
        (Some("https://a.example/statuses/5"), Some("@ben@a.example"))
    );
    assert_eq!(
        (item.author.handle.as_deref(), item.author.followers, item.author.is_bot),
        (Some("ann@b.example"), Some(12), true)
    );
    assert_eq!(item.tags, ["Steak", "food"]);
    assert!(item.updated > item.published);
}

#[test]
fn a_boost_is_the_post_that_is_boosted_and_a_local_author_gets_the_host() {
    let mut own = status(8, "mine");
    own["account"] = json!({ "username": "eve", "acct": "eve", "url": "https://a.example/@eve" });
    own["uri"] = Value::Null;
    let boost =
        json!({ "id": "9", "content": "", "account": { "acct": "ben" }, "visibility": "public", "reblog": own });
    let item = read_one(&boost, WISHES).expect("an item");
    assert_eq!(
        (item.key.id.as_str(), item.author.handle.as_deref()),
        ("https://b.example/@ann/8", Some("eve@a.example"))
    );
    assert_eq!(
        (read_one(&json!({}), WISHES).err(), read_one(&json!(7), WISHES).err()),
        (Some(Not::Status), Some(Not::Status))
    );
    assert_eq!(read_one(&json!({ "content": "x" }), WISHES).err(), Some(Not::Named));
}

#[test]
fn a_server_that_has_not_heard_of_an_edit_does_not_undo_it() {
    let source = open(&spec(asked(vec![server("https://a.example", None)])));
    let request = |cursor: &Cursor| source.start(cursor, now()).remove(0);
    let instance = source
        .read(&Cursor::default(), &request(&Cursor::default()), &answer(INSTANCE, &json!({ "domain": "a" })), now())
        .expect("read");
    let mut edited = status(1, "new words");
    edited["edited_at"] = json!("2026-08-02T11:30:00Z");
    let first = source.read(&instance.cursor, &instance.next[0], &answer("", &json!([edited])), now()).expect("read");
    assert_eq!(first.items.len(), 1);
    let old = answer("", &json!([status(1, "old words"), status(2, "others")]));
    let second = source.read(&first.cursor, &request(&first.cursor), &old, now()).expect("read");
    assert_eq!(second.items.iter().map(|item| item.key.id.as_str()).collect::<Vec<_>>(), ["https://b.example/o/2"]);
}

#[test]
fn the_pages_of_a_link_header_are_known() {
    let links = ["<https://a.example/x?max_id=5&limit=2>; rel=\"next\"", " <https://a.example/x?min_id=9>; rel=prev"];
    assert_eq!(linked(&links, "next", "max_id").as_deref(), Some("5"));
    assert_eq!(linked(&links, "prev", "min_id").as_deref(), Some("9"));
    assert_eq!((linked(&links, "next", "min_id"), linked(&["<x"], "next", "max_id")), (None, None));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(&["", "7", "public", "https://a.example/1", "<p>Bär", "2026-08-02T11:00:00Z"][..])
            .prop_map(Value::from),
    ];
    let keys = prop::sample::select(
        &[
            "id",
            "uri",
            "url",
            "content",
            "account",
            "acct",
            "tags",
            "name",
            "mentions",
            "quote",
            "card",
            "poll",
            "options",
            "media_attachments",
            "description",
            "reblog",
            "statuses",
            "created_at",
            "edited_at",
            "visibility",
            "event",
            "payload",
            "note",
            "fields",
            "configuration",
            "version",
            "error",
            "status",
        ][..],
    );
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..10)
                .prop_map(|map| Value::Object(map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_answer_is_read_without_harm(value in value(), url in prop::sample::select(&["", "mastodon:saved", "https://a.example/api/v1/statuses/7/history"][..])) {
        let name = SourceName::new("fedi");
        let _ = saved::read(&name, &answer(url, &value), now());
        let source = open(&spec(asked(vec![server("https://a.example", None)])));
        for request in source.start(&Cursor::default(), now()) {
            let read = source.read(&Cursor::default(), &request, &answer(url, &value), now());
            for next in read.map(|batch| batch.next).unwrap_or_default() {
                let _ = source.read(&Cursor::default(), &next, &answer(url, &value), now());
            }
        }
        let _ = source.start(&Cursor(value), now());
    }
}
