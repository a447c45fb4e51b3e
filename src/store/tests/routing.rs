//! Notices become alerts once.

use super::*;
use crate::model::{Cause, ItemId, Notice, NoticeKind, Verdict, VerdictReason};

#[tokio::test]
async fn pending_notices_come_oldest_first_with_their_cards() {
    let room = room();
    let store = &room.store;
    let mut old = opportunity("1", "mortons", minute(0), Kind::Wish, 0.5);
    old.backlog = true;
    let trouble = NoticeKind::SourceTrouble {
        source: source(),
        cause: Some(Cause::NotAFeed),
        message: "answers with an image".to_owned(),
    };
    let trouble = Notice { kind: trouble, at: minute(1), backlog: false };
    let mut reading = reading(minute(1), vec![old, opportunity("2", "nokia", minute(0), Kind::Churn, 0.5)]);
    reading.notices = vec![trouble.clone()];
    store.commit(reading).await.expect("committed");

    let pending = store.pending_notices(10).await.expect("readable");
    let [first, second, third] = pending.as_slice() else { panic!("three notices, not {}", pending.len()) };
    assert!(first.id < second.id && second.id < third.id);
    assert!(first.notice.backlog && !second.notice.backlog);
    assert_eq!(first.notice.at, minute(1));
    let card = second.card.as_ref().expect("a card");
    assert_eq!(second.notice.kind, NoticeKind::Opportunity { item: card.item_id, brand: BrandId::new("nokia") });
    assert_eq!(card.item.key, key("2"));
    assert_eq!((&third.notice, &third.card), (&trouble, &None));
    assert_eq!(store.pending_notices(2).await.expect("readable").len(), 2);
}

#[tokio::test]
async fn routing_twice_makes_one_alert() {
    let room = room();
    let store = &room.store;
    let items = ["1", "2"].map(|id| opportunity(id, "mortons", minute(0), Kind::Wish, 0.5)).to_vec();
    store.commit(reading(minute(1), items)).await.expect("committed");
    let pending = store.pending_notices(10).await.expect("readable");
    let first = pending.first().expect("a notice").id;
    let send = vec![(first, RouteName("all".to_owned()), Verdict::Send(VerdictReason::NewOpportunity))];
    for _ in 0..2 {
        store.route(send.clone(), vec![alert("k1", &[first], minute(2))], minute(2)).await.expect("routed");
    }
    assert_eq!(store.due_alerts(minute(2), 10).await.expect("readable").len(), 1);
    assert_eq!(store.stats().await.expect("readable").outbox_pending, 1);
    let left = store.pending_notices(10).await.expect("readable");
    assert_eq!(left.iter().map(|notice| notice.id).collect::<Vec<_>>(), [NoticeId(first.0 + 1)]);
}

#[tokio::test]
async fn a_notice_that_is_held_is_routed_without_an_alert() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let id = store.pending_notices(1).await.expect("readable").first().expect("a notice").id;
    let hold = vec![(id, RouteName("all".to_owned()), Verdict::Hold(VerdictReason::Backlog))];
    store.route(hold, Vec::new(), minute(2)).await.expect("routed");
    assert!(store.pending_notices(10).await.expect("readable").is_empty());
    assert!(store.due_alerts(minute(9), 10).await.expect("readable").is_empty());
}

#[tokio::test]
async fn routing_is_written_wholly_or_not_at_all() {
    let room = room();
    let store = &room.store;
    store
        .commit(reading(minute(1), vec![opportunity("1", "mortons", minute(0), Kind::Wish, 0.5)]))
        .await
        .expect("committed");
    let id = store.pending_notices(1).await.expect("readable").first().expect("a notice").id;
    let send = |id| (id, RouteName("all".to_owned()), Verdict::Send(VerdictReason::NewOpportunity));
    let unknown = NoticeId(id.0 + 99);
    let outcome = store.route(vec![send(id), send(unknown)], vec![alert("k1", &[id], minute(2))], minute(2)).await;
    assert!(outcome.is_err(), "there is no such notice");
    assert_eq!(store.pending_notices(10).await.expect("readable").len(), 1);
    assert!(store.due_alerts(minute(9), 10).await.expect("readable").is_empty());
}

#[tokio::test]
async fn a_row_is_never_used_twice() {
    let room = room();
    let store = &room.store;
    let mut rows = Vec::new();
    for id in ["1", "2"] {
        store
            .commit(reading(minute(1), vec![opportunity(id, "mortons", minute(0), Kind::Wish, 0.5)]))
            .await
            .expect("committed");
        rows.push(store.opportunities(1).await.expect("readable").first().map_or(ItemId(0), |card| card.item_id));
        let mut reading = reading(minute(2), Vec::new());
        reading.departures = told(&[key(id)]);
        store.commit(reading).await.expect("committed");
    }
    rows.dedup();
    assert_eq!(rows.len(), 2);
}
