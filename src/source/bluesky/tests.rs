//! The stream as a whole: both wires, refusals, gaps, packed messages, any bytes.

use super::*;
use crate::model::StreamSpec;
use crate::source::{Event, Message, open_stream};
use expect_test::expect;
use proptest::prelude::*;
use serde_json::{Value, json};

const TIME_US: u64 = 1_779_719_009_000_000;

fn now() -> Timestamp {
    "2026-05-25T14:23:29Z".parse().expect("a time")
}

fn stream(dictionary: Option<&[u8]>) -> Box<dyn Stream> {
    let mut spec = SourceSpec::new(SourceName::new("sky"), "bluesky", "");
    let dictionary = dictionary.map(|bytes| Dictionary(bytes::Bytes::copy_from_slice(bytes)));
    let hosts = vec!["ws://a.example".to_owned(), "ws://b.example".to_owned()];
    spec.stream = StreamSpec { hosts, dictionary, ..StreamSpec::default() };
    open_stream(&spec).expect("it is a stream")
}

fn legacy(time_us: u64, operation: &str, text: &str) -> Value {
    json!({ "did": "did:plc:abc", "time_us": time_us, "kind": "commit", "commit": {
        "rev": format!("r{time_us}"), "operation": operation, "collection": "app.bsky.feed.post", "rkey": "3k",
        "record": { "text": text, "createdAt": "2026-05-25T14:23:20Z" },
    }})
}

fn newer(seq: u64, text: &str) -> Value {
    json!({ "$type": "message", "payload": {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": seq, "did": "did:plc:abc",
        "time": "2026-05-25T14:23:29.132431Z", "rev": "r", "operation": "create", "collection": "app.bsky.feed.post",
        "rkey": "3k", "record": { "text": text },
    }})
}

/// What a listener that was begun at `cursor` by `n` failures hears of `messages`, a line each, and its cursor.
fn check(cursor: &Cursor, messages: &[Value], expected: &str) -> Cursor {
    let stream = stream(None);
    let hail = stream.hail(cursor, 0, now());
    let mut listener = stream.listen(cursor, &hail);
    let mut told = String::new();
    for message in messages {
        let heard =
            listener.hear(Message::Text(message.to_string().as_bytes()), &mut |item| item.text.contains("Bahn"));
        told.push_str(&match heard {
            Ok(event) => words(event),
            Err(error) => format!("{error}"),
        });
        told.push('\n');
    }
    assert_eq!(told.trim_end(), expected);
    listener.cursor()
}

fn words(event: Event) -> String {
    match event {
        Event::Nothing => "-".to_owned(),
        Event::Item { item, revision } => format!("{} {revision} {}", item.key.id, item.text),
        Event::Deleted { key, revision } => format!("deleted {} {revision}", key.id),
        Event::AuthorGone { id_prefix, .. } => format!("gone {id_prefix}"),
        Event::Gap { from, to, then } => format!("gap {from} {to}, {}", words(*then)),
        Event::Ending(words) => format!("ending {words}"),
    }
}

#[test]
fn the_legacy_wire_is_understood() {
    let account = |active: Value| json!({ "did": "did:plc:abc", "time_us": TIME_US, "kind": "account", "account": { "active": active } });
    let cursor = check(
        &Place { legacy: [("ws://a.example".to_owned(), now().as_second())].into(), ..Place::default() }.cursor(),
        &[
            legacy(TIME_US, "create", "Die Bahn kommt"),
            legacy(TIME_US + 5, "create", "Es regnet"),
            legacy(TIME_US + 3, "update", "Es regnet"),
            legacy(TIME_US + 4, "delete", ""),
            legacy(TIME_US + 4, "explode", "Bahn"),
            account(json!(true)),
            account(json!(false)),
            account(json!(null)),
            json!({ "did": "x", "time_us": TIME_US.to_string(), "kind": "identity" }),
            json!({ "did": "x", "time_us": TIME_US, "kind": "tomorrow", "commit": null }),
            json!({ "did": "x", "kind": "commit" }),
            json!([]),
        ],
        "at://did:plc:abc/app.bsky.feed.post/3k r1779719009000000 Die Bahn kommt\n\
         -\n\
         at://did:plc:abc/app.bsky.feed.post/3k r1779719009000003 Es regnet\n\
         deleted at://did:plc:abc/app.bsky.feed.post/3k r1779719009000004\n\
         -\n-\n\
         gone at://did:plc:abc/\n\
         -\n-\n-\n\
         a message is no event (it has no time_us); skipped\n\
         a message is no event (it has no time_us); skipped",
    );
    assert_eq!(Place::of(&cursor).time_us, TIME_US + 5);
}

#[test]
fn the_newer_wire_is_understood_and_a_clamped_cursor_is_a_gap() {
    let place = Place { host: "ws://a.example".to_owned(), time_us: TIME_US - 60_000_000, ..Place::default() };
    let info = json!({ "$type": "message", "payload": {
        "$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor", "message": "resumed from seq 7" } });
    let error = json!({ "$type": "error", "error": "ConsumerTooSlow", "message": "reading below the floor rate" });
    let cursor = check(
        &place.cursor(),
        &[info, newer(7, "Bahn"), newer(8, "x"), error],
        "-\n\
         gap 2026-05-25T14:22:29Z 2026-05-25T14:23:29.132431Z, at://did:plc:abc/app.bsky.feed.post/3k r Bahn\n\
         -\n\
         ending ConsumerTooSlow: reading below the floor rate",
    );
    assert_eq!(Place::of(&cursor).seq, Some(9));
}

#[test]
fn a_cursor_that_the_legacy_wire_clamped_silently_is_a_gap() {
    let legacy_host = [("ws://a.example".to_owned(), now().as_second())].into();
    let place = Place { host: "ws://a.example".to_owned(), time_us: TIME_US, legacy: legacy_host, ..Place::default() };
    let late = legacy(TIME_US + 3_600_000_000, "create", "x");
    check(&place.cursor(), &[late.clone(), late], "gap 2026-05-25T14:23:29Z 2026-05-25T15:23:29Z, -\n-");
    check(&place.cursor(), &[legacy(TIME_US + 60_000_000, "create", "x")], "-");
}

#[test]
fn refusals_lead_to_the_older_wire_or_back_in_time() {
    let stream = stream(None);
    let refuse = |cursor: &Cursor, status: u16, answer: &str| {
        let refusal = Refusal { status, answer: answer.to_owned() };
        stream.refused(cursor, &stream.hail(cursor, 0, now()), &refusal, now())
    };
    let place = Place { host: "ws://a.example".to_owned(), seq: Some(5), time_us: TIME_US, ..Place::default() };
    let too_old = refuse(&place.cursor(), 400, r#"{"error":"CursorTooOld","message":"floor 5000"}"#);
    assert!(too_old.at_once);
    assert!(stream.hail(&too_old.cursor, 0, now()).url.ends_with("cursor=1779719004000000"));
    for status in [404, 400, 200, 426] {
        let retry = refuse(&place.cursor(), status, "<html>");
        assert!(retry.at_once, "{status}");
        let hail = stream.hail(&retry.cursor, 0, now());
        assert!(hail.url.starts_with("ws://a.example/subscribe?wantedCollections=app.bsky.feed.post&"), "{}", hail.url);
        assert!(hail.url.ends_with("cursor=1779719004000000"), "{}", hail.url);
        assert!(!refuse(&retry.cursor, status, "<html>").at_once, "both wires failed");
    }
    for status in [429, 500, 503] {
        assert!(!refuse(&place.cursor(), status, "").at_once, "{status}");
    }
}

#[test]
fn packed_messages_are_unpacked_and_a_wrong_dictionary_is_given_up() {
    let samples: Vec<Vec<u8>> =
        (0..400).map(|n| legacy(TIME_US + n, "create", "Die Bahn").to_string().into_bytes()).collect();
    let dictionary = samples.concat();
    let pack = |text: &str| {
        let mut packer = zstd::bulk::Compressor::with_dictionary(3, &dictionary).expect("a packer");
        packer.compress(text.as_bytes()).expect("packed")
    };
    let cursor =
        Place { legacy: [("ws://a.example".to_owned(), now().as_second())].into(), ..Place::default() }.cursor();
    let good = stream(Some(&dictionary));
    let hail = good.hail(&cursor, 0, now());
    assert!(hail.url.contains("compress=true"));
    let mut listener = good.listen(&cursor, &hail);
    let long = "Bahn ".repeat(40_000);
    for text in ["Die Bahn", &long] {
        let packed = pack(&legacy(TIME_US, "create", text).to_string());
        let event = listener.hear(Message::Binary(&packed), &mut |_| true).expect("an event");
        assert!(matches!(event, Event::Item { item, .. } if !item.text.is_empty() && text.starts_with(&item.text)));
    }
    let mut listener = good.listen(&cursor, &hail);
    let event = listener.hear(Message::Binary(b"no frame of zstd"), &mut |_| true).expect("an end");
    assert!(matches!(event, Event::Ending(_)));
    assert!(!good.hail(&listener.cursor(), 0, now()).url.contains("compress"));
}

#[test]
fn saved_answers_are_read() {
    let read = |answer: &Value| answer::read(&SourceName::new("sky"), answer.to_string().as_bytes(), now());
    let view = |rkey: &str| {
        json!({
            "uri": format!("at://did:plc:abc/app.bsky.feed.post/{rkey}"), "indexedAt": "2026-05-25T14:20:00Z",
            "author": { "did": "did:plc:abc", "handle": "ann.example", "displayName": "Ann" },
            "record": { "text": "Hello", "createdAt": "2026-05-25T14:19:00Z" }, "likeCount": 3, "replyCount": 0,
        })
    };
    let batch = read(&json!({ "posts": [view("1"), { "uri": 7 }], "cursor": "1" })).expect("a search");
    let item = &batch.items[0];
    assert_eq!(
        (item.author.handle.as_deref(), item.counts.likes, item.counts.reposts),
        (Some("ann.example"), Some(3), None)
    );
    assert_eq!((batch.items.len(), batch.problems.len()), (1, 1));
    assert_eq!(read(&json!({ "posts": view("1") })).expect("an object for a list").items.len(), 1);
    let thread = json!({ "thread": {
        "post": view("2"), "parent": { "post": view("1") },
        "replies": [{ "post": view("3") }, { "uri": "at://did:plc:abc/app.bsky.feed.post/4", "notFound": true }],
    }});
    let batch = read(&thread).expect("a thread");
    let ids: Vec<&str> = batch.items.iter().filter_map(|item| item.key.id.rsplit('/').next()).collect();
    assert_eq!((ids, batch.deletions.len()), (vec!["1", "2", "3"], 1));
    assert_eq!(read(&json!({ "feed": [{ "post": view("1") }] })).expect("a feed").items.len(), 1);
    let refused = read(&json!({ "error": "AuthMissing", "message": "Authentication Required" }));
    let told = refused.expect_err("an error").to_string();
    assert_eq!(told, "the service answers with an error: AuthMissing: Authentication Required");
    let page = answer::read(&SourceName::new("sky"), b"<!doctype html><title>403</title>", now());
    assert_eq!(page, Err(ReadError::HtmlPage));
}

/// What is read of a fixture, a line each: key, text, handle, likes, time; deletions with a minus, problems with a mark.
fn check_file(file: &str, expected: expect_test::Expect) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bluesky").join(file);
    let body = std::fs::read(path).expect("a fixture");
    let batch = answer::read(&SourceName::new("sky"), &body, now()).expect("an answer");
    let short = |id: &str| id.trim_start_matches("at://").replace("app.bsky.feed.post/", "");
    let item = |item: &crate::model::Item| {
        let likes = item.counts.likes.map(|likes| format!(" +{likes}")).unwrap_or_default();
        let at = item.published.map(|at| at.at.to_string()).unwrap_or_default();
        let handle = item.author.handle.as_deref().unwrap_or("?");
        let parent = item.parent.as_deref().map(|parent| format!(" to {}", short(parent))).unwrap_or_default();
        format!("{} \"{}\" {handle}{likes} {at}{parent}\n", short(&item.key.id), item.text)
    };
    let mut told: String = batch.items.iter().map(item).collect();
    told.extend(batch.deletions.iter().map(|key| format!("-{}\n", short(&key.id))));
    told.extend(batch.problems.iter().map(|problem| format!("! {:?} {}\n", problem.line, problem.message)));
    expected.assert_eq(&told);
}

#[test]
fn a_thread_gives_all_of_its_posts_and_what_is_gone() {
    check_file(
        "thread.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ann.example +12 2026-03-06T17:00:00Z
        did:plc:benexamplesteak222222222/3one "On my way, with shrimp!" ben.example +0 2026-03-06T17:05:00Z to did:plc:annaexamplesteak22222222/3root
        did:plc:annaexamplesteak22222222/3two "You are the best." ann.example +0 2026-03-06T17:06:00Z to did:plc:benexamplesteak222222222/3one
        did:web:cat.example/3three "I want one as well 🥩" ? +0 2026-03-06T16:07:00Z to did:plc:annaexamplesteak22222222/3root
        -did:plc:benexamplesteak222222222/3gone
        -did:web:cat.example/3gone2
    "#]],
    );
    check_file(
        "thread_v2.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ann.example +12 2026-03-06T17:00:00Z
        did:plc:benexamplesteak222222222/3one "On my way, with shrimp!" ben.example +0 2026-03-06T17:05:00Z to did:plc:annaexamplesteak22222222/3root
        -did:plc:benexamplesteak222222222/3gone
    "#]],
    );
}

#[test]
fn lists_of_posts_are_read_whatever_is_missing_in_them() {
    check_file(
        "feed.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3link "Grüße: steak.example is open

        The menu" ann.example +1024 2026-03-06T18:00:00Z
        did:plc:benexamplesteak222222222/3one "On my way, with shrimp!" ben.example +0 2026-03-06T17:05:00Z to did:plc:annaexamplesteak22222222/3root
        did:plc:annaexamplesteak22222222/3two "You are the best." ann.example +0 2026-03-06T17:06:00Z to did:plc:benexamplesteak222222222/3one
        did:web:cat.example/3nobody "Nobody wrote this" ? 2026-03-06T19:00:00Z
        ! None a post has no address; skipped
    "#]],
    );
    check_file(
        "search.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ann.example +12 2026-03-06T17:00:00Z
        did:web:cat.example/3three "I want one as well 🥩" ? +0 2026-03-06T16:07:00Z to did:plc:annaexamplesteak22222222/3root
    "#]],
    );
    check_file(
        "posts.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ann.example +12 2026-03-06T17:00:00Z
        did:plc:benexamplesteak222222222/3one "On my way, with shrimp!" ben.example +0 2026-03-06T17:05:00Z to did:plc:annaexamplesteak22222222/3root
        ! None a post has no record; skipped
    "#]],
    );
}

#[test]
fn records_are_read_alone_and_together() {
    check_file(
        "record.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
    "#]],
    );
    check_file(
        "records.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        did:plc:annaexamplesteak22222222/3two "No time" ? 
    "#]],
    );
}

#[test]
fn saved_messages_are_read_in_lines_and_in_a_list() {
    check_file(
        "legacy.jsonl",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in one hour, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        -did:plc:annaexamplesteak22222222/3root
        -did:plc:benexamplesteak222222222/
    "#]],
    );
    check_file(
        "events.json",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in one hour, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        -did:plc:annaexamplesteak22222222/3root
        -did:plc:benexamplesteak222222222/
    "#]],
    );
    check_file(
        "newer.jsonl",
        expect![[r#"
        did:plc:annaexamplesteak22222222/3root "Landing at Newark in two hours, could somebody bring a porterhouse?" ? 2026-03-06T17:00:00Z
        -did:plc:annaexamplesteak22222222/3two
        -did:plc:annaexamplesteak22222222/
        ! Some(6) the stream ended: ConsumerTooSlow: reading below the floor rate
    "#]],
    );
}

#[test]
fn answers_in_odd_forms_are_read_all_the_same() {
    let read = |body: &str| {
        answer::read(&SourceName::new("sky"), body.as_bytes(), now())
            .map(|batch| (batch.items.len(), batch.problems.len()))
            .map_err(|error| error.to_string())
    };
    let view = r#"{"uri":"at://did:plc:abc/app.bsky.feed.post/1","record":{"text":"Hello","langs":"de"}}"#;
    assert_eq!(read(&format!("\u{feff}{{\"posts\":[{view}]}}")), Ok((1, 0)));
    assert_eq!(read(&format!("{{\"posts\":{{\"0\":{view},\"1\":{view}}}}}")), Ok((1, 0)), "each once");
    assert_eq!(read(&format!("{{\"success\":true,\"data\":{{\"posts\":[{view}]}}}}")), Ok((1, 0)));
    assert_eq!(read(&format!("[{{\"post\":{view}}},{view}]")), Ok((1, 0)));
    assert_eq!(read(&format!("{{\"posts\":[{view}]}}\r\n{view}\r\nno JSON\r\n")), Ok((1, 1)));
    assert_eq!(read(r#"{"posts":[],"hitsTotal":0}"#), Ok((0, 0)));
    assert_eq!(read(r#"{"posts":null}"#), Ok((0, 0)));
    assert_eq!(read(r#"{"cursor":"1"}"#), Ok((0, 0)));
    assert_eq!(read(r#"{"posts":[{"uri":"at://x/y/z"},null,7,[]]}"#), Ok((0, 4)));
    assert!(read("{}").is_err() && read("7").is_err() && read("{\"posts\":[").is_err() && read("a\nb").is_err());
}

#[test]
fn authors_are_asked_for_together() {
    let stream = stream(None);
    let urls = vec!["https://bsky.app/profile/did:plc:abc"; 30];
    let request = stream.ask_authors(&urls).expect("a request");
    assert_eq!(request.url.matches("actors=did:plc:abc").count(), 25);
    assert_eq!(stream.ask_authors(&["https://elsewhere.example/did:plc:abc"]), None);
    let body = json!({ "profiles": [
        { "did": "did:plc:abc", "handle": "ann.example", "displayName": "", "followersCount": 12 }, { "handle": "x" }, 7,
    ]});
    let response = Response { status: 200, url: String::new(), headers: Vec::new(), body: body.to_string().into() };
    let authors = stream.authors(&response);
    assert_eq!(authors.len(), 1);
    assert_eq!((authors[0].handle.as_deref(), authors[0].followers), (Some("ann.example"), Some(12)));
}

proptest! {
    #[test]
    fn any_bytes_are_heard_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..400, is_binary: bool) {
        let stream = stream(Some(b"some dictionary"));
        let cursor = Cursor::default();
        let mut listener = stream.listen(&cursor, &stream.hail(&cursor, 0, now()));
        let message = newer(7, "Bahn").to_string();
        let cut_off = message.as_bytes().get(..cut.min(message.len())).unwrap_or_default();
        for bytes in [bytes.as_slice(), cut_off] {
            let message = if is_binary { Message::Binary(bytes) } else { Message::Text(bytes) };
            drop(listener.hear(message, &mut |_| true));
            drop(answer::read(&SourceName::new("sky"), bytes, now()));
        }
        prop_assert!(Place::of(&listener.cursor()).time_us <= TIME_US + 132_431);
    }
}
