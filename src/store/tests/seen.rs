//! What was seen before, and how long it is remembered; the states of sources.

use super::super::{ItemHashes, Known};
use super::*;

fn hashes(id: &str, content_hash: u64) -> ItemHashes {
    ItemHashes { key_hash: key_hash(&key(id)), content_hash }
}

async fn known(store: &Store, items: &[ItemHashes], now: Timestamp) -> Vec<Known> {
    store.known(items.to_vec(), now).await.expect("readable")
}

#[tokio::test]
async fn kept_and_passed_items_are_known_again_by_their_content() {
    let room = room();
    let store = &room.store;
    let mut reading = reading(minute(0), vec![kept("1", "mortons", minute(0))]);
    reading.passed = vec![passed("2", 7)];
    store.commit(reading).await.expect("committed");
    let asked =
        [hashes("1", u64::MAX - 1), hashes("1", 5), hashes("2", 7), hashes("2", 8), hashes("3", 7), hashes("2", 7)];
    let expected = [Known::Same, Known::Changed, Known::Same, Known::Changed, Known::New, Known::Same];
    assert_eq!(known(store, &asked, minute(1)).await, expected);
    assert!(known(store, &[], minute(1)).await.is_empty());
}

#[tokio::test]
async fn a_fingerprint_lives_while_its_item_is_seen_and_a_month_longer() {
    let room = room();
    let store = &room.store;
    let mut reading = reading(minute(0), vec![kept("kept", "mortons", minute(0))]);
    reading.passed = vec![passed("seen again", 7), passed("gone", 7)];
    store.commit(reading).await.expect("committed");
    // Seen again after nine days, which refreshes it; the next change waits behind the refreshing one.
    assert_eq!(known(store, &[hashes("seen again", 7)], minute(days(9))).await, [Known::Same]);

    assert_eq!(store.forget_expired(minute(days(30))).await.expect("written"), 0);
    assert_eq!(store.forget_expired(minute(days(31))).await.expect("written"), 1);
    let asked = [hashes("seen again", 7), hashes("gone", 7), hashes("kept", u64::MAX - 1)];
    assert_eq!(known(store, &asked, minute(days(31))).await, [Known::Same, Known::New, Known::Same]);
    assert_eq!(store.forget_expired(minute(days(70))).await.expect("written"), 1);
}

#[tokio::test]
async fn forgetting_goes_on_until_all_that_is_old_is_gone() {
    let room = room();
    let store = &room.store;
    let mut reading = reading(minute(0), Vec::new());
    reading.passed = (0..12_000).map(|n| passed(&n.to_string(), n)).collect();
    store.commit(reading).await.expect("committed");
    assert_eq!(store.forget_expired(minute(days(40))).await.expect("written"), 12_000);
}

#[tokio::test]
async fn an_item_that_another_source_kept_stays_when_this_one_shows_it_without_the_brand() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(0), vec![kept("1", "mortons", minute(0))])).await.expect("committed");
    let mut other = reading(minute(1), Vec::new());
    other.state.source = SourceName::new("elsewhere");
    other.passed = vec![passed("1", 7)];
    store.commit(other).await.expect("committed");
    assert_eq!(store.stats().await.expect("readable").items_kept, 1);
}

#[tokio::test]
async fn states_are_saved_together_and_never_turned_back() {
    let room = room();
    let store = &room.store;
    store.commit(reading(minute(5), Vec::new())).await.expect("committed");
    let committed = store.source_states().await.expect("readable");
    let down = SourceState {
        source: SourceName::new("down"),
        health: SourceHealth::Down,
        message: "no answer within 30 s".to_owned(),
        failures: 3,
        ..state(minute(4))
    };
    // Gathered before the commit, written after it.
    store.save_states(vec![state(minute(4)), down.clone()]).await.expect("saved");
    let mut expected = committed;
    expected.push(down);
    assert_eq!(store.source_states().await.expect("readable"), expected);

    let later = SourceState { failures: 1, ..state(minute(6)) };
    store.save_states(vec![later.clone()]).await.expect("saved");
    assert_eq!(store.source_states().await.expect("readable").first(), Some(&later));
    store.save_states(Vec::new()).await.expect("nothing to do");
}

#[tokio::test]
async fn a_source_that_is_not_listened_to_any_more_is_not_counted() {
    let room = room();
    let store = &room.store;
    store.save_states(vec![state(minute(0))]).await.expect("saved");
    store.watch_only(vec![SourceName::new("another")]).await.expect("saved");
    assert_eq!(store.stats().await.expect("readable").sources, 0);
    assert_eq!(store.source_states().await.expect("readable").len(), 1, "its cursor stays");
    store.watch_only(vec![source()]).await.expect("saved");
    assert_eq!(store.stats().await.expect("readable").sources, 1);
}
