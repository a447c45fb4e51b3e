//! What could have been done and was not. The outlet of these opportunities needs 80 minutes.

use super::*;
use crate::model::{BrandId, Change, Missed};

fn mortons() -> Vec<BrandId> {
    vec![BrandId::new("mortons")]
}

/// Which were missed from the beginning until `now`, and how many; both ways of counting agree.
async fn missed(store: &Store, now: Timestamp) -> (Vec<String>, u64) {
    let (cards, n_missed) = store.missed(mortons(), minute(-days(99)), now, 20).await.expect("readable");
    assert_eq!(store.n_missed(mortons(), now).await.expect("readable"), n_missed);
    (cards.iter().map(|card| card.item.key.id.clone()).collect(), n_missed)
}

fn wish(id: &str, deadline: i64) -> KeptItem {
    with_deadline(opportunity(id, "mortons", minute(0), Kind::Wish, 0.5), minute(deadline))
}

#[tokio::test]
async fn what_nobody_did_is_missed_from_the_last_moment_on() {
    let room = room();
    let store = &room.store;
    let mut care = wish("care", 100);
    if let Some(Some(opportunity)) = care.opportunities.first_mut() {
        opportunity.judgement.care = true;
    }
    let items = vec![
        wish("in time", 120),
        wish("too late when read", 60),
        opportunity("no deadline", "mortons", minute(0), Kind::Wish, 0.5),
        with_deadline(opportunity("waits all the same", "mortons", minute(0), Kind::Question, 0.5), minute(100)),
        with_deadline(opportunity("of a rival", "rival", minute(0), Kind::Wish, 0.5), minute(100)),
        KeptItem { backlog: true, ..wish("over before we came", -60) },
        KeptItem { backlog: true, ..wish("of a backlog, but ahead", 130) },
        care,
    ];
    store.commit(reading(minute(1), items)).await.expect("committed");
    assert_eq!(missed(store, minute(1)).await, (vec![], 0));
    assert_eq!(missed(store, minute(2)).await, (vec!["too late when read".to_owned()], 1));
    // 120 less 80: until minute 40 somebody could have begun.
    assert_eq!(missed(store, minute(40)).await.1, 1);
    let names = ["of a backlog, but ahead", "in time", "too late when read"].map(str::to_owned).to_vec();
    assert_eq!(missed(store, minute(60)).await, (names, 3));
    let (cards, n_missed) = store.missed(mortons(), minute(0), minute(60), 2).await.expect("readable");
    assert_eq!((cards.len(), n_missed), (2, 3));
    assert_eq!(store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn every_miss_says_why() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(1), vec![wish("idle", 120), wish("late", 60)])).await.expect("committed");
    let (cards, _) = store.missed(mortons(), minute(0), minute(200), 9).await.expect("readable");
    let why: Vec<_> = cards.iter().map(|card| card.why_missed(minute(200)).expect("a reason")).collect();
    assert_eq!(why, [Missed::NobodyActed { until: minute(40) }, Missed::TooLate { seconds: 21 * 60 }]);
    assert_eq!(cards[0].why_missed(minute(20)), None);
}

#[tokio::test]
async fn what_somebody_did_is_neither_open_nor_missed() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(1), vec![wish("done", 120)])).await.expect("committed");
    let (cards, _) = store.missed(mortons(), minute(0), minute(60), 9).await.expect("readable");
    let item = cards[0].item_id;
    let correct = |is_done| store.correct(item, None, vec![Change::Done(is_done)], "Eva".to_owned(), minute(50));
    correct(true).await.expect("written");
    assert_eq!(missed(store, minute(60)).await.1, 0);
    assert!(store.open_opportunities(mortons(), minute(9), 9).await.expect("readable").is_empty());
    // An edit at the origin does not undo what was done.
    let edited = KeptItem { content_hash: 7, ..wish("done", 130) };
    store.commit(reading(minute(55), vec![edited])).await.expect("committed");
    assert_eq!(missed(store, minute(200)).await.1, 0);
    correct(false).await.expect("written");
    assert_eq!(missed(store, minute(200)).await.1, 1);
    assert_eq!(store.check().await.expect("readable"), []);
}

#[tokio::test]
async fn what_is_deleted_at_its_origin_leaves_the_count() {
    let room = room();
    let store = &room.store;
    let item = wish("gone", 120);
    let key = item.item.key.clone();
    store.commit(reading(minute(1), vec![item])).await.expect("committed");
    assert_eq!(missed(store, minute(60)).await.1, 1);
    let mut deletion = reading(minute(70), vec![]);
    deletion.departures = told(&[key]);
    store.commit(deletion).await.expect("committed");
    assert_eq!(missed(store, minute(80)).await.1, 0);
    assert_eq!(store.check().await.expect("readable"), []);
}
