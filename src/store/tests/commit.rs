//! The commit rule: all of a reading or nothing, and twice is harmless.

use super::*;
use crate::model::{Committed, Notice, NoticeKind, Reason, Stats};
use proptest::prelude::*;

async fn figures(store: &Store) -> Stats {
    Stats { database_bytes: 0, ..store.stats().await.expect("readable") }
}

#[tokio::test]
async fn a_commit_keeps_items_opportunities_notices_state_and_cursor() {
    let room = room();
    let store = &room.store;
    let wish = with_deadline(opportunity("1", "mortons", minute(0), Kind::Wish, 0.75), minute(120));
    let mut reading = reading(minute(1), vec![wish.clone(), kept("2", "mortons", minute(0))]);
    reading.passed = vec![passed("3", 7), passed("4", u64::MAX)];
    let cursor = reading.cursor.clone();

    let committed = store.commit(reading).await.expect("committed");
    assert_eq!(committed, Committed { new_items: 4, new_kept: 2, new_opportunities: 1, new_notices: 1 });
    let stats = Stats { sources: 1, items_seen: 4, items_kept: 2, mentions: 2, opportunities: 1, ..Stats::default() };
    assert_eq!(figures(store).await, stats);
    assert!(store.stats().await.expect("readable").database_bytes > 0);

    let cards = store.opportunities(10).await.expect("readable");
    let [card] = cards.as_slice() else { panic!("one opportunity, not {}", cards.len()) };
    assert_eq!(card.item, wish.item);
    assert_eq!(Some(&card.mention), wish.analysis.mentions.first());
    assert_eq!(Some(&card.opportunity), wish.opportunities.first());
    assert_eq!(card.seen_at, minute(1));

    let states = store.source_states().await.expect("readable");
    assert_eq!(states, [SourceState { cursor, ..state(minute(1)) }]);
}

#[tokio::test]
async fn the_same_reading_twice_changes_nothing() {
    let room = room();
    let store = &room.store;
    let mut reading = reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.75)]);
    reading.passed = vec![passed("2", 7)];
    reading.notices =
        vec![Notice { kind: NoticeKind::SourceRecovered { source: source() }, at: minute(1), backlog: false }];
    store.commit(reading.clone()).await.expect("committed");
    let before = (figures(store).await, store.pending_notices(10).await.expect("readable"));

    let again = store.commit(reading).await.expect("committed");
    assert_eq!(again, Committed::default());
    assert_eq!((figures(store).await, store.pending_notices(10).await.expect("readable")), before);
    assert_eq!(before.1.len(), 2);
}

#[tokio::test]
async fn an_edited_item_is_updated_and_makes_no_second_notice() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let mut edited = opportunity("1", "mortons", minute(0), Kind::Wish, 0.75);
    edited.item.text = "Oder zwei?".to_owned();
    edited.content_hash = 1;
    let committed = store.commit(reading(minute(2), vec![edited])).await.expect("committed");

    assert_eq!(committed, Committed::default());
    assert_eq!(store.pending_notices(10).await.expect("readable").len(), 1);
    let cards = store.opportunities(10).await.expect("readable");
    assert_eq!(cards.iter().map(|card| card.item.text.as_str()).collect::<Vec<_>>(), ["Oder zwei?"]);
    assert_eq!(cards.first().map(|card| card.seen_at), Some(minute(1)), "first read then");
}

#[tokio::test]
async fn an_edit_that_first_makes_an_opportunity_makes_a_notice() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(1), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    let mut edited = opportunity("1", "mortons", minute(0), Kind::Wish, 0.5);
    edited.content_hash = 1;
    let committed = store.commit(reading(minute(2), vec![edited])).await.expect("committed");
    assert_eq!(committed, Committed { new_opportunities: 1, new_notices: 1, ..Committed::default() });
}

#[tokio::test]
async fn an_edit_that_changes_the_brand_moves_the_mention() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let mut edited = kept("1", "nokia", minute(0));
    edited.content_hash = 1;
    store.commit(reading(minute(2), vec![edited])).await.expect("committed");
    let stats = figures(store).await;
    assert_eq!((stats.items_kept, stats.mentions, stats.opportunities), (1, 1, 0));
}

#[tokio::test]
async fn an_edit_that_drops_every_brand_leaves_a_fingerprint_only() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let mut reading = reading(minute(2), Vec::new());
    reading.passed = vec![passed("1", 1)];
    let committed = store.commit(reading).await.expect("committed");
    assert_eq!(committed, Committed::default());
    assert_eq!(figures(store).await, Stats { sources: 1, items_seen: 1, ..Stats::default() });
}

#[tokio::test]
async fn an_item_that_comes_to_name_a_brand_is_kept_and_seen_once() {
    let room = room();
    let store = &room.store;
    let mut first = reading(minute(1), Vec::new());
    first.passed = vec![passed("1", 1)];
    store.commit(first).await.expect("committed");
    let committed = store.commit(reading(minute(2), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    assert_eq!(committed, Committed { new_kept: 1, ..Committed::default() });
    assert_eq!(figures(store).await.items_seen, 1);
}

#[tokio::test]
async fn what_was_deleted_at_its_origin_is_deleted_here() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let mut reading = reading(minute(2), Vec::new());
    reading.departures = told(&[key("1"), key("never seen")]);
    store.commit(reading).await.expect("committed");

    assert_eq!(figures(store).await, Stats { sources: 1, items_seen: 1, ..Stats::default() });
    let pending = store.pending_notices(10).await.expect("readable");
    assert_eq!(pending.iter().map(|notice| notice.card.is_none()).collect::<Vec<_>>(), [true]);
}

#[tokio::test]
async fn the_markup_is_not_kept() {
    let room = room();
    let store = &room.store;
    let mut wish = opportunity("1", "mortons", minute(0), Kind::Wish, 0.5);
    wish.item.html = "<p>markup</p>".to_owned();
    store.commit(reading(minute(1), vec![wish])).await.expect("committed");
    let cards = store.opportunities(1).await.expect("readable");
    assert_eq!(cards.first().map(|card| card.item.html.as_str()), Some(""));
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_kill() {
    let Room { store, folder, place } = room();
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    // What a kill leaves: the files as they lie there while the store is open.
    let image = DataFolder::open(place.path().join("image")).expect("a data folder");
    for name in ["porterhouse.db", "porterhouse.db-wal"] {
        std::fs::copy(folder.path().join(name), image.path().join(name)).expect("copied");
    }
    let beside = Store::open_read_only(image.path()).expect("readable before anybody repaired it");
    assert_eq!(figures(&beside).await, figures(&store).await);
    let reopened = Store::open(&image).expect("a store");
    assert_eq!(reopened.pending_notices(10).await.expect("readable").len(), 1);
}

#[tokio::test]
async fn a_store_that_was_dropped_or_closed_opens_again() {
    let Room { store, folder, place: _place } = room();
    store.commit(reading(minute(1), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    drop(store);
    let store = Store::open(&folder).expect("a store");
    assert_eq!(figures(&store).await.items_kept, 1);
    let clone = store.clone();
    store.close().await;
    assert!(clone.commit(reading(minute(2), Vec::new())).await.is_err());
    assert!(clone.stats().await.is_err());
    // The store that was dropped above ends on a thread of its own, maybe after the one that was closed.
    let log = folder.path().join("porterhouse.db-wal");
    for _ in 0..5_000 {
        if !log.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!log.exists(), "the log is moved into the database");
    let store = Store::open(&folder).expect("a store");
    assert_eq!(figures(&store).await.items_kept, 1);
}

#[tokio::test]
async fn a_reader_works_beside_a_busy_writer() {
    let Room { store, folder, place: _place } = room();
    let writing = tokio::spawn(async move {
        for n in 0..40 {
            let items = (0..5).map(|m| kept(&format!("{n}-{m}"), "mortons", minute(0))).collect();
            store.commit(reading(minute(n), items)).await.expect("committed");
        }
        store
    });
    let beside = Store::open_read_only(folder.path()).expect("a store");
    let mut last = 0;
    while last < 200 {
        let stats = figures(&beside).await;
        assert!(stats.items_kept >= last && stats.items_kept.is_multiple_of(5), "whole readings only");
        last = stats.items_kept;
        assert!(beside.opportunities(5).await.is_ok());
    }
    let refused = beside.commit(reading(minute(1), Vec::new())).await;
    assert!(matches!(refused, Err(super::super::StoreError::ReadOnly)));
    writing.await.expect("finished");
}

#[tokio::test]
async fn many_commits_at_once_are_all_kept() {
    let room = room();
    let store = &room.store;
    let commits = (0..100).map(|n| {
        let store = store.clone();
        tokio::spawn(
            async move { store.commit(reading(minute(1), vec![kept(&n.to_string(), "mortons", minute(0))])).await },
        )
    });
    for commit in commits.collect::<Vec<_>>() {
        assert_eq!(commit.await.expect("finished").expect("committed").new_kept, 1);
    }
    assert_eq!(figures(store).await.items_kept, 100);
}

#[tokio::test]
async fn numbers_that_are_none_are_stored_as_nothing_and_read_back() {
    let room = room();
    let store = &room.store;
    let mut odd = opportunity("1", "mortons", minute(0), Kind::Wish, f32::NAN);
    odd.item.rating = Some(f32::NAN);
    odd.analysis.spam.score = f32::INFINITY;
    for mention in &mut odd.analysis.mentions {
        mention.relevance = f32::NEG_INFINITY;
        mention.reasons.push(Reason::rule("odd", f32::NAN));
    }
    for outlet in odd.opportunities.iter_mut().flatten().filter_map(|found| found.nearest.as_mut()) {
        outlet.distance_km = f64::NAN;
    }
    store.commit(reading(minute(1), vec![odd])).await.expect("committed");
    let cards = store.opportunities(1).await.expect("readable");
    let card = cards.first().expect("a card");
    let opportunity = card.opportunity.as_ref().expect("an opportunity");
    assert_eq!((opportunity.judgement.score, card.mention.relevance), (0.0, 0.0));
    assert!(opportunity.nearest.is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_text_comes_back_as_it_was(id in any::<String>(), title in any::<String>(), text in any::<String>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let room = room();
let store = &room.store;
            let mut wish = opportunity(&id, "mortons", minute(0), Kind::Wish, 0.5);
            wish.item.title = title;
            wish.item.text = text;
            let item = wish.item.clone();
            store.commit(reading(minute(1), vec![wish])).await.expect("committed");
            let cards = store.opportunities(1).await.expect("readable");
            assert_eq!(cards.first().map(|card| &card.item), Some(&item));
        });
    }
}
