//! The delivery rule: at least once, and never again what was acknowledged.

use super::*;
use crate::model::Delivered;

async fn due(store: &Store, now: Timestamp) -> Vec<(String, u32)> {
    let due = store.due_alerts(now, 10).await.expect("readable");
    due.iter().map(|entry| (entry.alert.key.to_string(), entry.attempts)).collect()
}

async fn record(store: &Store, delivered: Delivered, next: Option<Timestamp>, now: Timestamp) {
    store.record_delivery(AlertKey::new("k1"), delivered, next, now).await.expect("recorded");
}

fn retry() -> Delivered {
    Delivered::Retry("the relay is busy".to_owned())
}

#[tokio::test]
async fn the_outbox_takes_a_key_once_and_gives_the_alert_back_as_it_was() {
    let room = room();
    let store = &room.store;
    let digest = alert("k1", &[NoticeId(1)], minute(0));
    assert!(store.enqueue(digest.clone()).await.expect("queued"));
    assert!(!store.enqueue(alert("k1", &[], minute(9))).await.expect("queued"));
    let due = store.due_alerts(minute(0), 10).await.expect("readable");
    assert_eq!(due.iter().map(|entry| &entry.alert).collect::<Vec<_>>(), [&digest]);
    assert!(store.due_alerts(minute(-1), 10).await.expect("readable").is_empty(), "not due yet");
}

#[tokio::test]
async fn what_was_acknowledged_is_never_due_again() {
    let Room { store, folder, place: _place } = room();
    store.enqueue(alert("k1", &[], minute(0))).await.expect("queued");
    record(&store, Delivered::Acknowledged, None, minute(1)).await;
    // Answers of an earlier attempt that come late, and the same alert once more.
    record(&store, retry(), Some(minute(2)), minute(2)).await;
    record(&store, Delivered::Refused("no such user".to_owned()), None, minute(2)).await;
    assert!(!store.enqueue(alert("k1", &[], minute(3))).await.expect("queued"));
    store.close().await;
    let store = Store::open(&folder).expect("a store");
    assert!(due(&store, minute(days(9))).await.is_empty());
    assert!(store.parked().await.expect("readable").is_empty());
    assert_eq!(store.stats().await.expect("readable").outbox_pending, 0);
}

#[tokio::test]
async fn a_retry_waits_until_its_time_and_is_counted() {
    let room = room();
    let store = &room.store;
    store.enqueue(alert("k1", &[], minute(0))).await.expect("queued");
    record(store, retry(), Some(minute(5)), minute(1)).await;
    assert!(due(store, minute(4)).await.is_empty());
    assert_eq!(due(store, minute(5)).await, [("k1".to_owned(), 1)]);
    let entries = store.due_alerts(minute(5), 1).await.expect("readable");
    assert_eq!(entries.first().map(|entry| entry.trouble.as_str()), Some("the relay is busy"));
}

#[tokio::test]
async fn what_is_refused_or_was_tried_often_enough_is_parked_and_shown() {
    for delivered in [Delivered::Refused("the relay is busy".to_owned()), retry()] {
        let room = room();
        let store = &room.store;
        store.enqueue(alert("k1", &[], minute(0))).await.expect("queued");
        record(store, delivered, None, minute(1)).await;
        assert!(due(store, minute(days(9))).await.is_empty());
        let parked = store.parked().await.expect("readable");
        let [entry] = parked.as_slice() else { panic!("one parked alert, not {}", parked.len()) };
        assert_eq!(
            (entry.attempts, entry.trouble.as_str(), entry.parked_at),
            (1, "the relay is busy", Some(minute(1)))
        );
        assert_eq!(store.stats().await.expect("readable").outbox_pending, 0);
    }
}

#[tokio::test]
async fn the_longest_due_come_first() {
    let room = room();
    let store = &room.store;
    for (key, at) in [("late", 3), ("early", 1), ("middle", 2)] {
        store.enqueue(alert(key, &[], minute(at))).await.expect("queued");
    }
    let due: Vec<_> = due(store, minute(9)).await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(due, ["early", "middle", "late"]);
}

#[tokio::test]
async fn what_waits_for_somebody_who_leaves_a_list_is_taken_back() {
    let room = room();
    let store = &room.store;
    let link = |alert: Alert| Alert { unsubscribe: Some("https://l.example/leave".to_owned()), ..alert };
    let others = Alert { recipient: "boss@example.com".to_owned(), ..link(alert("boss", &[NoticeId(2)], minute(0))) };
    let posts = link(alert("post", &[NoticeId(1)], minute(0)));
    for waiting in [posts, link(alert("digest", &[], minute(0))), others, alert("house", &[NoticeId(3)], minute(0))] {
        store.enqueue(waiting).await.expect("queued");
    }
    let left = |list| store.leave(list, "team@example.com", minute(1));
    assert!(left("alerts").await.expect("left"));
    let keys = |due: Vec<(String, u32)>| due.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(keys(due(store, minute(2)).await), ["digest", "boss", "house"]);
    assert!(left("digest").await.expect("left"));
    assert_eq!(keys(due(store, minute(2)).await), ["boss", "house"]);
}
