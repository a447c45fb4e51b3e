//! Streams, end to end: whatever a connection does, what is kept is what was said, each once.

use super::support::{BEGIN_US, Jet, TestHouse, Visit, change, jet_text};
use porterhouse::model::{Dictionary, Filling, SourceName, SourceSpec, SourceState, StreamSpec};
use porterhouse::pipeline::{Rhythm, keep_listening};
use porterhouse::store::Store;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// Hurries: a test waits for commits and for nothing else.
const RHYTHM: Rhythm = Rhythm {
    pause: Duration::from_millis(1),
    commit: Duration::from_millis(5),
    cursor: Duration::ZERO,
    idle: Duration::from_millis(150),
};

const SECOND: u64 = 1_000_000;

fn spec(hosts: &[&Jet]) -> SourceSpec {
    let url = hosts[0].url.replacen("ws", "http", 1);
    let mut spec = SourceSpec::new(SourceName::new("sky"), "bluesky", url.clone());
    let hosts = hosts.iter().map(|jet| jet.url.clone()).collect();
    spec.stream = StreamSpec { hosts, profiles: Some(url), ..StreamSpec::default() };
    spec
}

/// Listens until a commit's state satisfies `is_done`, and cuts it off there.
async fn listen(house: &TestHouse, spec: &SourceSpec, is_done: impl Fn(&SourceState) -> bool) -> SourceState {
    let house = house.open();
    let (told, mut telling) = mpsc::unbounded_channel();
    let tell = move |state: &SourceState, _| drop(told.send(state.clone()));
    let state = tokio::select! {
        ended = keep_listening(&house.parts, spec, &RHYTHM, &tell) => panic!("ended: {ended:?}"),
        state = async {
            loop {
                let state = telling.recv().await.expect("told");
                if is_done(&state) {
                    break state;
                }
            }
        } => state,
    };
    house.parts.store.close().await;
    state
}

/// Whether everything up to `time_us` was heard and kept.
fn heard_to(state: &SourceState, time_us: u64) -> bool {
    state.health.is_good() && state.cursor.0["time_us"].as_u64() >= Some(time_us)
}

/// What is kept: the last part of each id, and the text.
async fn kept(house: &TestHouse) -> BTreeMap<String, String> {
    let store = Store::open_read_only(&house.data_folder()).expect("opened");
    let keys = store.kept_below("bluesky".to_owned(), "at://".to_owned()).await.expect("read");
    let mut kept = BTreeMap::new();
    for key in keys {
        let (did, rkey) = (key.id.split('/').nth(2).unwrap_or_default(), key.id.rsplit('/').next().unwrap_or_default());
        let url = format!("https://bsky.app/profile/{did}/post/{rkey}");
        let traces = store.trace(url).await.expect("read").kept;
        assert_eq!(traces.len(), 1, "{}", key.id);
        assert!(kept.insert(rkey.to_owned(), traces[0].text.clone()).is_none());
    }
    kept
}

async fn fingerprints(house: &TestHouse) -> u64 {
    let store = Store::open_read_only(&house.data_folder()).expect("opened");
    store.trace("https://bsky.app/profile/did:plc:ann/post/other1".to_owned()).await.expect("read").passed.len() as u64
}

fn posts(n: u64) -> Vec<(u64, Message)> {
    let post = |n: u64| {
        let at = BEGIN_US + n * SECOND;
        let (rkey, text) = if n.is_multiple_of(3) {
            (format!("steak{n}"), format!("Dinner number {n} at Morton's The Steakhouse was great"))
        } else {
            (format!("other{n}"), format!("Nothing of interest, number {n}"))
        };
        (at, jet_text(&change(at, "create", ("did:plc:ann", &rkey, n), &text)))
    };
    (0..n).map(post).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_kept_once_however_often_the_line_breaks() {
    let house = TestHouse::new().await;
    let cuts = [5, 9, 12, 40, 7, 30].map(Visit::Cut);
    let mut visits: Vec<Visit> = cuts.to_vec();
    visits.extend([Visit::Close(20), Visit::Stall(25), Visit::Close(0)]);
    visits.push(Visit::Say("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>".to_owned()));
    visits.push(Visit::Say("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n".to_owned()));
    visits.push(Visit::Say("no HTTP at all".to_owned()));
    let jet = Jet::start(posts(120), visits).await;
    listen(&house, &spec(&[&jet]), |state| heard_to(state, BEGIN_US + 119 * SECOND)).await;
    let kept = kept(&house).await;
    assert_eq!(kept.len(), 40);
    assert_eq!(fingerprints(&house).await, 0, "of what names no brand no trace stays");
    let asked = jet.asked();
    assert!(asked[0].starts_with("/xrpc/"), "the newer wire is tried first");
    assert_eq!(asked.iter().filter(|path| path.contains("subscribeEvents")).count(), 1, "and not again: {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_wire_goes_on_by_number_and_names_authors() {
    let house = TestHouse::new().await;
    let post = |seq: u64| {
        let text = format!("Dinner number {seq} at Morton's The Steakhouse");
        let payload = json!({
            "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": seq, "did": "did:plc:ann",
            "time": format!("2026-03-06T17:00:{seq:02}.000001Z"), "rev": format!("{seq:013}"), "operation": "create",
            "collection": "app.bsky.feed.post", "rkey": format!("k{seq}"), "record": { "text": text },
        });
        (seq, jet_text(&json!({ "$type": "message", "payload": payload })))
    };
    let jet = Jet::start((1..30).map(post).collect(), vec![Visit::Cut(7), Visit::Cut(3)]).await;
    let profile = json!({ "profiles": [{ "did": "did:plc:ann", "handle": "ann.example", "followersCount": 12 }] });
    jet.speak_newer(profile.to_string());
    listen(&house, &spec(&[&jet]), |state| state.cursor.0["seq"] == 30).await;
    assert_eq!(kept(&house).await.len(), 29);
    let asked = jet.asked();
    assert!(asked.iter().any(|path| path.ends_with("cursor=8")), "{asked:?}");
    assert_eq!(asked.iter().filter(|path| path.contains("getProfiles")).count(), 1, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_there_is_deleted_here() {
    let house = TestHouse::new().await;
    let ann = |rkey: &'static str, rev| ("did:plc:ann", rkey, rev);
    let (ben, morton) = ("did:plc:ben", "I love Morton's The Steakhouse");
    let at = |n: u64| BEGIN_US + n * SECOND;
    let mut messages = vec![
        (at(0), jet_text(&change(at(0), "create", ann("stays", 1), morton))),
        (at(1), jet_text(&change(at(1), "create", ann("goes", 2), morton))),
        (at(2), jet_text(&change(at(2), "create", (ben, "banned", 3), morton))),
        (at(3), jet_text(&change(at(3), "create", ann("edited", 4), morton))),
        (at(4), jet_text(&change(at(4), "create", ann("emptied", 5), morton))),
    ];
    let first = Jet::start(messages.clone(), Vec::new()).await;
    let mut source = spec(&[&first]);
    listen(&house, &source, |state| heard_to(state, at(4))).await;
    assert_eq!(kept(&house).await.len(), 5);
    messages.extend([
        (at(5), jet_text(&change(at(5), "delete", ann("goes", 6), ""))),
        (at(5), jet_text(&change(at(5), "delete", ann("unknown", 6), ""))),
        (at(6), jet_text(&json!({ "did": ben, "time_us": at(6), "kind": "account", "account": { "active": false, "status": "deleted" } }))),
        (at(7), jet_text(&change(at(7), "update", ann("edited", 7), "I no longer love Morton's The Steakhouse"))),
        (at(8), jet_text(&change(at(8), "update", ann("emptied", 8), "Nothing"))),
        // Before what it deletes, and a repeat of what was deleted.
        (at(9), jet_text(&change(at(9), "delete", ann("overtaken", 10), ""))),
        (at(9), jet_text(&change(at(9), "create", ann("overtaken", 9), morton))),
        (at(10), jet_text(&change(at(10), "create", ann("goes", 2), morton))),
        (at(11), jet_text(&json!({ "did": ben, "time_us": at(11), "kind": "of tomorrow" }))),
    ]);
    let second = Jet::start(messages, Vec::new()).await;
    source.stream.hosts = vec![second.url.clone()];
    listen(&house, &source, |state| heard_to(state, at(11))).await;
    let kept = kept(&house).await;
    let told: Vec<(&str, &str)> = kept.iter().map(|(rkey, text)| (rkey.as_str(), text.as_str())).collect();
    assert_eq!(told, [("edited", "I no longer love Morton's The Steakhouse"), ("stays", morton)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stall_and_a_gap_are_named_and_another_host_goes_on() {
    let house = TestHouse::new().await;
    let first = Jet::start(posts(10), vec![Visit::Stall(10)]).await;
    let mut later = posts(10);
    let far = BEGIN_US + 7_200 * SECOND;
    later.clear();
    later
        .push((far, jet_text(&change(far, "create", ("did:plc:ann", "late", 99), "At Morton's The Steakhouse again"))));
    let second = Jet::start(later, Vec::new()).await;
    let source = spec(&[&first, &second]);
    let stalled = listen(&house, &source, |state| !state.health.is_good()).await;
    assert_eq!(stalled.cause.map(porterhouse::model::Cause::as_str), Some("stalled"));
    // A new process knows of no failure: it is told where the first host now is.
    let source = SourceSpec { stream: StreamSpec { hosts: vec![second.url.clone()], ..source.stream }, ..source };
    let state = listen(&house, &source, |state| heard_to(state, far)).await;
    assert_eq!(state.memory.gaps.len(), 1);
    assert!(state.message.contains("2026-03-06T17:00:09Z to 2026-03-06T19:00:00Z is missing"), "{}", state.message);
    assert!(
        second.asked().iter().any(|path| path.contains(&format!("cursor={}", BEGIN_US + 9 * SECOND - 180 * SECOND)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_messages_harm_nobody() {
    let house = TestHouse::new().await;
    let at = BEGIN_US + SECOND;
    let huge = format!("Morton's The Steakhouse {}", "very ".repeat(2_000_000));
    let good = change(at + 1, "create", ("did:plc:ann", "good", 7), "Morton's The Steakhouse, please");
    let odd: Vec<(u64, Message)> = [
        json!(null),
        json!([[[]]]),
        json!("text"),
        json!({}),
        json!({ "time_us": "soon", "kind": 7 }),
        json!({ "did": 7, "time_us": at, "kind": "commit", "commit": [] }),
        json!({ "did": "../..", "time_us": at, "kind": "commit", "commit": { "operation": "create",
            "collection": "app.bsky.feed.post", "rkey": "a/b", "record": { "text": "Morton's The Steakhouse" } } }),
        json!({ "did": "did:plc:ann", "time_us": at, "kind": "commit", "commit": { "operation": "create",
            "collection": "app.bsky.feed.post", "rkey": "norecord" } }),
        change(at, "create", ("did:plc:ann", "huge", 3), &huge),
    ]
    .iter()
    .map(|value| (at, jet_text(value)))
    .collect();
    let mut messages = odd;
    messages.push((at, Message::text("{ \"time_us\": 1, <html>")));
    messages.push((at, Message::binary(vec![0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3])));
    messages.push((at + 1, jet_text(&good)));
    let jet = Jet::start(messages, Vec::new()).await;
    let state = listen(&house, &spec(&[&jet]), |state| heard_to(state, at + 1)).await;
    let kept = kept(&house).await;
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["good", "huge"]);
    assert!(state.message.contains("messages could not be read"), "{}", state.message);
}

/// What simulated authors do, step by step: who with which post, and what.
fn story() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec((0_u8..12, 0_u8..6), 1..60)
}

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let visit = prop_oneof![
        8 => (0_usize..40).prop_map(Visit::Cut),
        4 => (0_usize..40).prop_map(Visit::Close),
        1 => (0_usize..40).prop_map(Visit::Stall),
        1 => Just(Visit::Say("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n".to_owned())),
        1 => Just(Visit::Say("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".to_owned())),
    ];
    prop::collection::vec(visit, 0..8)
}

/// What was said, in order, and the posts that exist at the end.
fn told(story: &[(u8, u8)]) -> (Vec<(u64, Value)>, BTreeMap<String, String>) {
    let (mut messages, mut exist): (Vec<(u64, Value)>, BTreeMap<String, String>) = Default::default();
    let mut said = BTreeSet::new();
    for (step, (who, act)) in (0_u64..).zip(story) {
        let at = BEGIN_US + step * SECOND / 4;
        let (did, rkey) = (if *who < 8 { "did:plc:ann" } else { "did:plc:ben" }, format!("k{who:02}"));
        let text = match act {
            0 | 1 => format!("Version {step} of my words on Morton's The Steakhouse"),
            2 => format!("Version {step} says nothing"),
            _ => String::new(),
        };
        let operation = match act {
            3 => "delete",
            4 if did == "did:plc:ben" => {
                exist.retain(|rkey, _| rkey.as_str() < "k08");
                for (active, status) in [(false, "deactivated"), (true, "")] {
                    let account = json!({ "active": active, "status": status });
                    messages.push((at, json!({ "did": did, "time_us": at, "kind": "account", "account": account })));
                }
                continue;
            }
            4 | 5 => {
                messages.push((at, json!({ "did": did, "time_us": at, "kind": "of tomorrow", "commit": act })));
                continue;
            }
            _ if said.contains(&rkey) => "update",
            _ => "create",
        };
        if *act == 3 {
            said.remove(&rkey)
        } else {
            said.insert(rkey.clone())
        };
        if *act < 2 {
            exist.insert(rkey.clone(), text.clone())
        } else {
            exist.remove(&rkey)
        };
        messages.push((at, change(at, operation, (did, &rkey, step), &text)));
    }
    (messages, exist)
}

/// How a stream sends its messages.
#[derive(Debug, Clone, Copy)]
enum Packing {
    Plain,
    /// Each a frame of zstd with the dictionary.
    Packed,
    /// Each in several frames.
    Pieces,
}

impl Packing {
    fn message(self, value: &Value, dictionary: &[u8]) -> Message {
        let pack = |text: &str| {
            let packer = zstd::bulk::Compressor::with_dictionary(3, dictionary);
            packer.expect("a packer").compress(text.as_bytes()).expect("packed")
        };
        let text = value.to_string();
        let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        match self {
            Self::Plain => jet_text(value),
            Self::Packed => Message::binary(pack(&text)),
            Self::Pieces => Message::binary([pack(&text[..middle]), pack(&text[middle..])].concat()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn after_any_schedule_of_faults_the_kept_equal_those_that_exist(
        story in story(),
        (first, second) in (visits(), visits()),
        swaps in prop::collection::vec(0_usize..60, 0..6),
        packing in prop::sample::select(&[Packing::Plain, Packing::Plain, Packing::Packed, Packing::Pieces][..]),
        is_large in prop::bool::weighted(0.1),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (mut messages, mut exist) = told(&story);
            // Neighbors swap places, and some are sent twice; what is told of an account keeps its place.
            let is_account = |value: &Value| value["kind"] == "account";
            for at in swaps {
                if at + 1 < messages.len() && !messages[at..=at + 1].iter().any(|(_, value)| is_account(value)) {
                    messages.swap(at, at + 1);
                    let again = messages[at].clone();
                    messages.insert(at + 1, again);
                }
            }
            if is_large {
                let at = messages[messages.len() / 2].0;
                let large = change(at, "create", ("did:plc:cat", "large", 4_000), &"meow ".repeat(2_000_000));
                messages.insert(messages.len() / 2, (at, large));
            }
            let last = BEGIN_US + 1_000 * SECOND;
            messages.push((last, change(last, "create", ("did:plc:ann", "last", 5_000), "At Morton's The Steakhouse")));
            exist.insert("last".to_owned(), "At Morton's The Steakhouse".to_owned());
            let house = TestHouse::new().await;
            let dictionary = change(BEGIN_US, "create", ("did:plc:ann", "k00", 1), "of my words").to_string().repeat(4);
            let messages: Vec<(u64, Message)> =
                messages.iter().map(|(at, value)| (*at, packing.message(value, dictionary.as_bytes()))).collect();
            let hosts = [Jet::start(messages.clone(), first).await, Jet::start(messages, second).await];
            let mut spec = spec(&[&hosts[0], &hosts[1]]);
            if !matches!(packing, Packing::Plain) {
                spec.stream.dictionary = Some(Dictionary(dictionary.into_bytes().into()));
            }
            listen(&house, &spec, |state| heard_to(state, last)).await;
            assert_eq!(kept(&house).await, exist);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_hidden_until_it_speaks_again_and_what_was_deleted_stays_away() {
    let house = TestHouse::new().await;
    let at = |n: u64| BEGIN_US + n * SECOND;
    let say = |n: u64, operation: &str, rkey: &str| {
        let text = format!("Dinner {rkey} at Morton's The Steakhouse was great");
        (at(n), jet_text(&change(at(n), operation, ("did:plc:ann", rkey, n), &text)))
    };
    let account = |n: u64, active: bool, status: &str| {
        let account = json!({ "active": active, "status": status });
        (at(n), jet_text(&json!({ "did": "did:plc:ann", "time_us": at(n), "kind": "account", "account": account })))
    };
    let jet = Jet::start(vec![say(0, "create", "a"), say(1, "create", "b")], Vec::new()).await;
    listen(&house, &spec(&[&jet]), |state| heard_to(state, at(1))).await;
    assert_eq!(kept(&house).await.len(), 2);
    let jet = Jet::start(vec![say(2, "delete", "b"), account(3, false, "deactivated")], Vec::new()).await;
    listen(&house, &spec(&[&jet]), |state| heard_to(state, at(3))).await;
    assert_eq!(kept(&house).await, BTreeMap::new());
    // The account is open again, and a server replays old copies of both.
    let old_copy = change(at(6), "create", ("did:plc:ann", "b", 1), "Dinner b at Morton's The Steakhouse was great");
    let again = vec![account(4, true, ""), say(5, "update", "a"), (at(6), jet_text(&old_copy))];
    let jet = Jet::start(again, Vec::new()).await;
    listen(&house, &spec(&[&jet]), |state| heard_to(state, at(6))).await;
    assert_eq!(kept(&house).await.into_keys().collect::<Vec<_>>(), ["a"]);
    let gone = vec![account(7, false, "deleted"), say(8, "update", "a")];
    let jet = Jet::start(gone, Vec::new()).await;
    listen(&house, &spec(&[&jet]), |state| heard_to(state, at(8))).await;
    assert_eq!(kept(&house).await, BTreeMap::new(), "deleted for good");
}

/// A gap of two hours behind ten posts, and what is said in it.
struct Missing {
    house: TestHouse,
    jet: Jet,
    spec: SourceSpec,
}

impl Missing {
    async fn new(plan: &[&str]) -> Self {
        let house = TestHouse::new().await;
        let first = Jet::start(posts(10), Vec::new()).await;
        listen(&house, &spec(&[&first]), |state| heard_to(state, BEGIN_US + 9 * SECOND)).await;
        let far = BEGIN_US + 7_200 * SECOND;
        let late = change(far, "create", ("did:plc:ann", "late", 99), "At Morton's The Steakhouse again");
        let jet = Jet::start(vec![(far, jet_text(&late))], Vec::new()).await;
        let view = |n: u64| {
            let text = if n.is_multiple_of(4) {
                "The fair of Mortonsville"
            } else {
                "Dinner at Morton's The Steakhouse was great"
            };
            let at = format!("2026-03-06T17:{n:02}:30Z");
            json!({ "uri": format!("at://did:plc:ben/app.bsky.feed.post/lost{n:02}"), "indexedAt": at,
                "author": { "did": "did:plc:ben", "handle": "ben.example" },
                "record": { "text": format!("{text} {n}"), "createdAt": at } })
        };
        jet.know_posts((1..12).map(view).collect(), plan);
        let url = jet.url.replacen("ws", "http", 1);
        house.write("bsky.key", "abcd-efgh");
        house.append(
            "sources.toml",
            &format!(
                "\n[[source]]\nid = \"sky\"\nengine = \"bluesky\"\nhosts = [\"{}\"]\nprofiles = \"{url}\"\n\
             search = {{ login = \"us.example\", key = {{ file = \"bsky.key\" }}, service = \"{url}\" }}\n",
                jet.url
            ),
        );
        let config = porterhouse::config::load(house.path()).expect("a configuration");
        let configured = config.watch.sources.into_iter().find(|spec| spec.name.as_str() == "sky").expect("a stream");
        // The same source as before, so that it goes on where it was.
        let spec = SourceSpec { stream: configured.stream, ..spec(&[&first]) };
        Self { house, jet, spec }
    }

    /// Listens until the gap is no longer open; how it then is, and what is told of it.
    async fn fill(&self) -> (Filling, String) {
        let is_filled = |state: &SourceState| state.memory.gaps.iter().any(|gap| gap.filling != Filling::Open);
        let state = listen(&self.house, &self.spec, is_filled).await;
        (state.memory.gaps[0].filling, state.message)
    }

    async fn found(&self) -> usize {
        kept(&self.house).await.keys().filter(|rkey| rkey.starts_with("lost")).count()
    }

    fn asked(&self, method: &str) -> usize {
        self.jet.asked().iter().filter(|path| path.contains(method)).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_filled_by_search_and_nothing_comes_twice() {
    let missing = Missing::new(&[]).await;
    let (filling, told) = missing.fill().await;
    assert_eq!(filling, Filling::Whole { n_items: 9 }, "{told}");
    assert!(told.contains("was missing in the stream, and is filled by search (9 items)"), "{told}");
    assert_eq!(missing.found().await, 9);
    assert_eq!(kept(&missing.house).await.len(), 4 + 1 + 9);
    let asked = missing.jet.asked();
    let searched = |words: &str| asked.iter().filter(|path| path.contains(&format!("?q={words}&"))).count();
    assert_eq!((searched("mortons"), searched("morton%27s")), (1, 3), "{asked:?}");
    assert_eq!(missing.asked("createSession"), 1);
    // Once is enough: nothing is asked when it is heard again.
    let n_asked = missing.asked("searchPosts");
    listen(&missing.house, &missing.spec, |state| state.health.is_good()).await;
    assert_eq!((missing.asked("searchPosts"), missing.found().await), (n_asked, 9));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_nothing_is_searched() {
    let mut missing = Missing::new(&[]).await;
    missing.spec.stream.search = None;
    let state = listen(&missing.house, &missing.spec, |state| !state.memory.gaps.is_empty()).await;
    assert_eq!(state.memory.gaps[0].filling, Filling::Open);
    assert_eq!((missing.asked("searchPosts"), missing.asked("Session")), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_search_is_told_and_a_refused_cursor_is_gone_around() {
    let page = "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 31\r\n\r\n<!doctype html><title>no</title>";
    let missing = Missing::new(&[page]).await;
    let (filling, told) = missing.fill().await;
    assert_eq!(filling, Filling::Refused { status: 403, n_items: 0 }, "{told}");
    assert!(told.contains("is missing") && told.contains("refused (403)"), "{told}");
    let missing = Missing::new(&[]).await;
    missing.jet.refuse_cursors();
    assert_eq!(missing.fill().await.0, Filling::Whole { n_items: 9 });
    assert_eq!(missing.found().await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_is_renewed_once() {
    let ended = "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: 24\r\n\r\n{\"error\":\"ExpiredToken\"}";
    let missing = Missing::new(&[ended]).await;
    assert_eq!(missing.fill().await.0, Filling::Whole { n_items: 9 });
    assert_eq!((missing.asked("createSession"), missing.asked("refreshSession")), (1, 1));
    let missing = Missing::new(&[ended, ended]).await;
    assert_eq!(missing.fill().await.0, Filling::Refused { status: 401, n_items: 0 });
    assert_eq!((missing.asked("createSession"), missing.asked("refreshSession")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_killed_in_the_middle_begins_anew() {
    let missing = Missing::new(&[]).await;
    for n_searches in 1..4 {
        let is_in_the_middle = |_: &SourceState| missing.asked("searchPosts") >= n_searches;
        let state = listen(&missing.house, &missing.spec, is_in_the_middle).await;
        assert_eq!(state.memory.gaps.len(), 1);
    }
    if listen(&missing.house, &missing.spec, |_| true).await.memory.gaps[0].filling == Filling::Open {
        missing.fill().await;
    }
    assert_eq!(missing.found().await, 9);
    assert_eq!(kept(&missing.house).await.len(), 4 + 1 + 9);
}
