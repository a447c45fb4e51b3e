//! What leaves its origin leaves here: no word stays, nothing that waits goes out, no copy comes back.

use super::*;
use crate::model::{Delivered, Exit, Glance, ItemState, Look, NoticeKind, Proof, Stats, Turn, Verdict, VerdictReason};

const TEXT: &str = "Zwetschgenknödel";
const AUTHOR: &str = "Quirinius";

/// An opportunity that can be told from all else by its words.
fn wish(id: &str) -> KeptItem {
    let mut wish = with_deadline(opportunity(id, "mortons", minute(0), Kind::Wish, 0.75), minute(120));
    wish.item.title = format!("{TEXT} {id}");
    wish.item.text = format!("Wer bringt mir {TEXT} {id}?");
    wish.item.author.name = Some(AUTHOR.to_owned());
    wish.item.author.handle = Some(format!("@{AUTHOR}"));
    wish.item.url = Some(format!("https://forum.example/{id}"));
    wish.item.tags = vec![TEXT.to_owned()];
    wish.item.links = vec![format!("https://{TEXT}.example/")];
    if let Some(Some(found)) = wish.opportunities.first_mut() {
        found.judgement.slots.wish = Some(TEXT.to_owned());
    }
    wish.content_hash = crate::text::hash64(&[&wish.item.text]);
    wish.story_keys = vec![7, 8];
    wish
}

fn edited(id: &str, text: &str, hash: u64) -> KeptItem {
    let mut edited = wish(id);
    text.clone_into(&mut edited.item.text);
    edited.content_hash = hash;
    edited
}

async fn keep(room: &Room, at: i64, items: Vec<KeptItem>) {
    room.store.commit(reading(minute(at), items)).await.expect("committed");
}

async fn leave(room: &Room, at: i64, id: &str, to: Exit) {
    let departures = vec![Departure::new(key(id), to)];
    room.store.commit(Reading { departures, ..reading(minute(at), Vec::new()) }).await.expect("committed");
}

const DELETED: Exit = Exit::Deleted(Proof::Told);

/// Routes what is pending into alerts that say what the cards say, each notice by itself or all in one.
async fn route(room: &Room, at: i64, in_one: bool) -> Vec<NoticeId> {
    let pending = room.store.pending_notices(50).await.expect("readable");
    let ids: Vec<NoticeId> = pending.iter().map(|pending| pending.id).collect();
    let words = |pending: &crate::model::PendingNotice| {
        pending.card.as_ref().map(|card| card.item.text.clone()).unwrap_or_default()
    };
    let with_words = |mut alert: Alert, text: String| {
        alert.body.text.clone_from(&text);
        alert.body.html = format!("<p>{text}</p>");
        alert.body.json = serde_json::json!({ "text": text });
        alert
    };
    let alerts: Vec<Alert> = if in_one {
        let all = pending.iter().map(words).collect::<Vec<_>>().join("\n");
        vec![with_words(alert("group", &ids, minute(at)), all)]
    } else {
        let each =
            pending.iter().map(|one| with_words(alert(&format!("k{}", one.id.0), &[one.id], minute(at)), words(one)));
        each.collect()
    };
    let send = |id: &NoticeId| (*id, RouteName("all".to_owned()), Verdict::Send(VerdictReason::NewOpportunity));
    room.store.route(ids.iter().map(send).collect(), alerts, minute(at)).await.expect("routed");
    ids
}

/// Every table and column in which `word` stands, in any writing.
fn places_of(room: &Room, word: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    let mut tables = connection
        .prepare("SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'")
        .expect("tables");
    let columns: Vec<(String, String)> = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("columns")
        .collect::<Result<_, _>>()
        .expect("names");
    let is_in = |(table, column): &(String, String)| {
        let sql = format!("SELECT count(*) FROM \"{table}\" WHERE instr(lower(CAST(\"{column}\" AS TEXT)), ?1)");
        connection.query_row(&sql, [word.to_lowercase()], |row| row.get::<_, i64>(0)).is_ok_and(|n| n > 0)
    };
    columns.iter().filter(|place| is_in(place)).map(|(table, column)| format!("{table}.{column}")).collect()
}

async fn state_of(room: &Room, key: &str) -> String {
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    let state =
        connection
            .query_row("SELECT state FROM outbox WHERE key LIKE ?1 || '%' ORDER BY id DESC", [key], |row| row.get(0));
    state.unwrap_or_else(|_| "none".to_owned())
}

#[tokio::test]
async fn no_word_of_what_was_deleted_stays_anywhere() {
    for to in [DELETED, Exit::Hidden(Proof::AccountClosed)] {
        let room = room();
        keep(&room, 1, vec![wish("1")]).await;
        keep(&room, 2, vec![edited("1", &format!("Anders: {TEXT}"), 9)]).await;
        route(&room, 3, false).await;
        assert!(places_of(&room, TEXT).len() > 4, "{:?}", places_of(&room, TEXT));
        leave(&room, 4, "1", to).await;
        // The index of words finds nothing at once, and holds nothing after the next cleaning.
        room.store.forget_expired(minute(days(1))).await.expect("forgotten");
        assert_eq!((places_of(&room, TEXT), places_of(&room, AUTHOR)), (Vec::new(), Vec::new()));
        let found = room.store.search(crate::query::Query::parse(TEXT).expect("a word"), Look::newest(5)).await;
        assert_eq!(found.expect("readable").cards, []);
        assert_eq!(room.store.check().await.expect("readable"), []);
        let stats = Stats { database_bytes: 0, ..room.store.stats().await.expect("readable") };
        assert_eq!(stats, Stats { sources: 1, items_seen: 1, ..Stats::default() });
    }
}

#[tokio::test]
async fn a_copy_that_is_read_later_does_not_come_back() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    leave(&room, 2, "1", DELETED).await;
    keep(&room, 3, vec![edited("1", "Ein anderer Stand", 3), wish("1")]).await;
    let mut passing = reading(minute(4), Vec::new());
    passing.passed = vec![passed("1", 4)];
    room.store.commit(passing).await.expect("committed");
    let hashes = crate::store::ItemHashes { key_hash: key_hash(&key("1")), content_hash: 99 };
    let known = room.store.known(vec![hashes], minute(5)).await.expect("readable");
    assert_eq!(known, [crate::store::Known::Same], "nobody looks at it again");
    let stats = room.store.stats().await.expect("readable");
    assert_eq!((stats.items_kept, stats.items_seen, stats.mentions), (0, 1, 0));
    leave(&room, 6, "1", Exit::Hidden(Proof::Marked)).await;
    keep(&room, 7, vec![wish("1")]).await;
    assert_eq!(room.store.stats().await.expect("readable").items_kept, 0, "what was deleted is not merely hidden");
    assert_eq!(room.store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn what_was_hidden_comes_back_under_its_row_and_is_told_once() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    let row = room.store.opportunities(1).await.expect("readable")[0].item_id;
    route(&room, 2, false).await;
    leave(&room, 3, "1", Exit::Hidden(Proof::AccountClosed)).await;
    keep(&room, 4, vec![wish("1")]).await;
    let cards = room.store.opportunities(5).await.expect("readable");
    assert_eq!(cards.iter().map(|card| card.item_id).collect::<Vec<_>>(), [row]);
    assert!(room.store.pending_notices(5).await.expect("readable").is_empty(), "it was told before");
    assert_eq!(room.store.closed_cards(Vec::new(), minute(0), 5).await.expect("readable"), []);
    let stats = room.store.stats().await.expect("readable");
    assert_eq!((stats.items_kept, stats.items_seen), (1, 1));
    assert_eq!(room.store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn a_card_is_closed_without_its_content_and_says_whether_a_team_was_told() {
    let room = room();
    keep(&room, 1, vec![wish("1"), wish("2"), kept("3", "mortons", minute(0))]).await;
    let told = route(&room, 2, false).await;
    room.store
        .record_delivery(AlertKey::new(format!("k{}", told[0].0)), Delivered::Acknowledged, None, minute(3))
        .await
        .expect("recorded");
    for id in ["1", "2", "3"] {
        leave(&room, 4, id, DELETED).await;
    }
    let mut closed = room.store.closed_cards(vec![BrandId::new("mortons")], minute(0), 9).await.expect("readable");
    closed.sort_by_key(|card| card.item_id.0);
    let words: Vec<_> = closed.iter().map(|card| (card.state, card.was_open, card.told_at)).collect();
    let deleted = ItemState::Deleted;
    assert_eq!(words, [(deleted, true, Some(minute(3))), (deleted, true, None), (deleted, false, None)]);
    let brands = [brand("mortons", false)];
    let facts = room.store.digest_facts(minute(0), minute(9), minute(9), &brands).await.expect("readable");
    assert_eq!((facts.n_deleted, facts.open.len(), facts.n_mentions), (1, 0, 0), "only what people were told of");
    let facts = room.store.digest_facts(minute(9), minute(20), minute(20), &brands).await.expect("readable");
    assert_eq!(facts.n_deleted, 0, "told once");
}

#[tokio::test]
async fn an_alert_that_waits_is_withdrawn_in_every_state() {
    for (name, tried, parked) in [("waits", false, false), ("is tried again", true, false), ("given up", true, true)] {
        let room = room();
        keep(&room, 1, vec![wish("1")]).await;
        let id = route(&room, 2, false).await[0];
        let alert_key = AlertKey::new(format!("k{}", id.0));
        if tried {
            let next = (!parked).then(|| minute(30));
            let retry = Delivered::Retry("busy".to_owned());
            room.store.record_delivery(alert_key.clone(), retry, next, minute(3)).await.expect("recorded");
        }
        leave(&room, 4, "1", DELETED).await;
        assert_eq!(state_of(&room, "k").await, "withdrawn", "{name}");
        assert!(room.store.due_alerts(minute(days(9)), 9).await.expect("readable").is_empty(), "{name}");
        assert!(room.store.parked().await.expect("readable").is_empty(), "{name}");
        assert!(!room.store.still_waits(alert_key.clone()).await.expect("readable"), "{name}");
        assert_eq!(room.store.stats().await.expect("readable").outbox_pending, 0);
        // An answer of an attempt that was under way: it is not tried again, but where it arrived, that is told.
        let retry = Delivered::Retry("busy".to_owned());
        room.store
            .record_delivery(alert_key.clone(), retry.clone(), Some(minute(9)), minute(5))
            .await
            .expect("recorded");
        room.store.record_delivery(alert_key.clone(), retry, None, minute(5)).await.expect("recorded");
        assert_eq!(state_of(&room, "k").await, "withdrawn", "{name}");
        room.store.record_delivery(alert_key, Delivered::Acknowledged, None, minute(6)).await.expect("recorded");
        assert_eq!(state_of(&room, "k").await, "delivered", "{name}");
    }
}

#[tokio::test]
async fn others_of_a_group_are_told_without_what_was_deleted() {
    let room = room();
    keep(&room, 1, vec![wish("1"), wish("2")]).await;
    let ids = route(&room, 2, true).await;
    leave(&room, 3, "1", DELETED).await;
    assert_eq!(state_of(&room, "group withdrawn").await, "withdrawn");
    let pending = room.store.pending_notices(9).await.expect("readable");
    assert_eq!(pending.iter().map(|pending| pending.id).collect::<Vec<_>>(), ids[1..], "routed anew");
    route(&room, 4, true).await;
    let due = room.store.due_alerts(minute(9), 9).await.expect("readable");
    let [entry] = due.as_slice() else { panic!("one alert, not {}", due.len()) };
    assert_eq!(
        (entry.alert.key.to_string().as_str(), entry.alert.body.text.as_str()),
        ("group", "Wer bringt mir Zwetschgenknödel 2?")
    );
}

#[tokio::test]
async fn a_digest_that_waits_is_made_anew_without_what_was_deleted() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    let item = room.store.opportunities(1).await.expect("readable")[0].item_id;
    let digest = |name: &str, items: &[i64], day: &str| {
        let mut digest = alert(name, &[], minute(2));
        digest.body.text = format!("Heute: {TEXT}");
        digest.body.json = serde_json::json!({ "data": { "date": day, "items": items, "text": TEXT } });
        digest
    };
    let (first, second) = ("2026-05-03".parse().expect("a day"), "2026-05-04".parse().expect("a day"));
    room.store.enqueue_digest(digest("d1", &[99], "2026-05-03"), first, minute(-days(1))).await.expect("queued");
    room.store.enqueue_digest(digest("d2", &[item.0], "2026-05-04"), second, minute(2)).await.expect("queued");
    room.store.record_delivery(AlertKey::new("d1"), Delivered::Acknowledged, None, minute(3)).await.expect("recorded");
    leave(&room, 4, "1", DELETED).await;
    assert_eq!((state_of(&room, "d1").await.as_str(), state_of(&room, "d2").await.as_str()), ("delivered", "none"));
    assert_eq!(room.store.last_digest("team@example.com").await.expect("readable"), Some(first));
    assert_eq!(room.store.last_digest_end("team@example.com").await.expect("readable"), Some(minute(-days(1))));
    assert_eq!(places_of(&room, TEXT), Vec::<String>::new(), "nor in the one that was delivered");
}

#[tokio::test]
async fn an_edit_keeps_what_stood_there_before_within_bounds() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    let card = || async { room.store.opportunities(1).await.expect("readable").remove(0) };
    assert_eq!((card().await.edited_at, card().await.revisions), (None, 0));
    for n in 1..=15 {
        keep(&room, 1 + n, vec![edited("1", &format!("Stand {n}"), n.unsigned_abs())]).await;
    }
    let now = card().await;
    assert_eq!((now.item.text.as_str(), now.edited_at, now.revisions), ("Stand 15", Some(minute(16)), 15));
    let before = room.store.revisions(now.item_id).await.expect("readable");
    let texts: Vec<&str> = before.iter().map(|revision| revision.text.as_str()).collect();
    assert_eq!((texts.len(), texts[0], texts[9]), (10, "Stand 14", "Stand 5"));
    assert_eq!((before[0].since, before[0].until), (minute(15), minute(16)));
    // Only the markup changed: nobody reads anything else.
    keep(&room, 30, vec![edited("1", "Stand 15", 77)]).await;
    assert_eq!(card().await.revisions, 15);
}

#[tokio::test]
async fn an_older_copy_is_no_edit() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    let text = || async { room.store.opportunities(1).await.expect("readable").remove(0).item.text };
    let look = Reading { glance: Glance::Look, ..reading(minute(2), vec![edited("1", "Geändert", 2)]) };
    room.store.commit(look).await.expect("committed");
    // The list lags behind what the service said of the item itself.
    keep(&room, 3, vec![wish("1")]).await;
    assert_eq!(text().await, "Geändert");
    let dated = |minutes: i64, text: &str, hash: u64| {
        let mut item = edited("1", text, hash);
        item.item.updated = Some(PostedAt::utc(minute(minutes)));
        item
    };
    keep(&room, 9, vec![dated(8, "Um acht", 8)]).await;
    keep(&room, 10, vec![dated(7, "Um sieben", 7)]).await;
    assert_eq!(text().await, "Um acht");
    keep(&room, 11, vec![dated(9, "Um neun", 9)]).await;
    assert_eq!(text().await, "Um neun");
    // Its own list may take an edit back.
    keep(&room, 12, vec![dated(10, "Um acht", 8)]).await;
    assert_eq!(text().await, "Um acht");
}

#[tokio::test]
async fn after_an_edit_people_hear_only_of_what_turned_and_only_who_was_told() {
    async fn after(change: impl FnOnce(&mut KeptItem), is_delivered: bool) -> Vec<String> {
        let room = room();
        keep(&room, 1, vec![wish("1")]).await;
        let id = route(&room, 2, false).await[0];
        if is_delivered {
            let key = AlertKey::new(format!("k{}", id.0));
            room.store.record_delivery(key, Delivered::Acknowledged, None, minute(3)).await.expect("recorded");
        }
        let mut edit = edited("1", "Ganz anders", 2);
        change(&mut edit);
        keep(&room, 4, vec![edit]).await;
        let pending = room.store.pending_notices(9).await.expect("readable");
        let word = |pending: &crate::model::PendingNotice| match &pending.notice.kind {
            NoticeKind::OpportunityTurned { turn, .. } => format!("{} to {}", turn.words(), pending.told_by.len()),
            kind => kind.as_str().to_owned(),
        };
        pending.iter().map(word).collect()
    }
    assert_eq!(after(|_| {}, true).await, Vec::<String>::new(), "quiet");
    let later = |item: &mut KeptItem| *item = with_deadline(item.clone(), minute(300));
    assert_eq!(after(later, true).await, ["deadline to 1"]);
    let elsewhere = |item: &mut KeptItem| {
        let found = item.opportunities[0].as_mut().expect("one");
        found.judgement.slots.place = Some("Boston".to_owned());
        found.judgement.kinds = vec![Kind::Question];
    };
    assert_eq!(after(elsewhere, true).await, ["place kinds to 1"]);
    let vanished = |item: &mut KeptItem| item.opportunities = vec![None];
    assert_eq!(after(vanished, true).await, ["vanished to 1"]);
    // What waits is made anew from what stands there now.
    assert_eq!(after(|_| {}, false).await, ["opportunity"]);
    assert_eq!(after(later, false).await, ["opportunity"]);
}

#[tokio::test]
async fn an_edit_that_names_no_brand_any_more_is_told_and_may_be_taken_back() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    let id = route(&room, 2, false).await[0];
    let key = AlertKey::new(format!("k{}", id.0));
    room.store.record_delivery(key, Delivered::Acknowledged, None, minute(3)).await.expect("recorded");
    leave(&room, 4, "1", Exit::Unsaid).await;
    let pending = room.store.pending_notices(9).await.expect("readable");
    let vanished = Turn { vanished: true, ..Turn::default() };
    assert!(matches!(&pending[0].notice.kind, NoticeKind::OpportunityTurned { turn, .. } if *turn == vanished));
    assert!(pending[0].card.is_none());
    assert_eq!(places_of(&room, TEXT), Vec::<String>::new());
    keep(&room, 5, vec![wish("1")]).await;
    assert_eq!(room.store.stats().await.expect("readable").items_kept, 1);
}

#[tokio::test]
async fn looks_are_due_as_they_were_noted() {
    let room = room();
    let look =
        |id: &str, next: Option<i64>| crate::model::Looked { key: key(id), next_at: next.map(minute), missed_at: None };
    let mut first =
        reading(minute(1), vec![wish("1"), kept("2", "mortons", minute(0)), kept("3", "mortons", minute(0))]);
    first.looks = vec![look("1", Some(30)), look("2", Some(60)), look("3", None)];
    room.store.commit(first).await.expect("committed");
    let due = |at: i64| {
        let store = room.store.clone();
        async move {
            let due = store.due_looks(source(), minute(at), 9, 2).await.expect("readable");
            due.into_iter().map(|look| (look.item.key.id, look.is_due, look.is_open)).collect::<Vec<_>>()
        }
    };
    assert_eq!(due(10).await, []);
    assert_eq!(due(40).await, [("1".to_owned(), true, true), ("2".to_owned(), false, false)]);
    assert_eq!(due(130).await.iter().map(|look| look.2).collect::<Vec<_>>(), [false, false], "its deadline passed");
}

#[tokio::test]
async fn why_says_what_became_of_it() {
    let room = room();
    keep(&room, 1, vec![wish("1")]).await;
    leave(&room, 4, "1", Exit::Deleted(Proof::MissingTwice)).await;
    let traces = room.store.trace("http://www.forum.example/1/".to_owned()).await.expect("readable");
    let [gone] = traces.gone.as_slice() else { panic!("one, not {}", traces.gone.len()) };
    assert_eq!((gone.state, gone.proof, gone.gone_at), (ItemState::Deleted, Proof::MissingTwice, minute(4)));
    assert_eq!(gone.source, source());
}

#[tokio::test]
async fn what_waits_about_an_item_is_found_without_looking_at_others() {
    let room = room();
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    let explained = format!("EXPLAIN QUERY PLAN {}", crate::store::withdraw::ABOUT_ITEM);
    let mut statement = connection.prepare(&explained).expect("sound");
    let steps = statement.query_map([1], |row| row.get::<_, String>("detail")).expect("explained");
    let steps: Vec<String> = steps.map(|step| step.expect("text")).collect();
    assert!(steps.len() > 2 && !steps.iter().any(|step| step.starts_with("SCAN")), "{steps:?}");
}
