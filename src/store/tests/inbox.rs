//! The inbox: durable before it is acknowledged, worked on once, bounded; and who left a list.

use super::*;
use crate::model::{Change, ItemId};
use crate::store::{Acted, Posted, TakenIn};
use std::time::Duration;

fn posted(body: &str, keys: &[(&str, u64)], at: Timestamp) -> Posted {
    let keys = keys.iter().map(|(key, minutes)| ((*key).to_owned(), Duration::from_secs(minutes * 60))).collect();
    Posted { source: SourceName::new("shop"), at, body: body.as_bytes().to_vec(), pushed: None, keys }
}

#[tokio::test]
async fn what_is_known_by_one_of_its_keys_is_taken_in_once_while_that_is_remembered() {
    let Room { store, .. } = &room();
    for (at, keys, wanted) in [
        (0, [("a", 60), ("x", 10)], TakenIn::New),
        (1, [("a", 60), ("y", 10)], TakenIn::Known),
        (1, [("b", 60), ("x", 10)], TakenIn::Known),
        (10, [("c", 60), ("x", 10)], TakenIn::New),
        (59, [("a", 60), ("z", 10)], TakenIn::Known),
        (60, [("a", 60), ("z", 10)], TakenIn::New),
    ] {
        assert_eq!(store.take_in(posted("{}", &keys, minute(at))).await.expect("written"), wanted, "{at} {keys:?}");
    }
    assert_eq!(store.inbox_state().await.expect("readable").n_waiting, 3);
}

#[tokio::test]
async fn a_row_goes_with_what_it_gave_and_gives_it_once() {
    let Room { store, .. } = &room();
    store.take_in(posted("{}", &[("a", 1)], minute(0))).await.expect("written");
    let row = store.inbox(9).await.expect("readable").remove(0);
    let given = || reading(minute(1), vec![kept("item", "mortons", minute(0))]);
    assert_eq!(store.commit_inbox(row.id, given()).await.expect("written").new_kept, 1);
    assert_eq!(store.commit_inbox(row.id, given()).await.expect("nothing").new_kept, 0);
    assert_eq!(store.inbox(9).await.expect("readable"), []);
    assert_eq!(store.stats().await.expect("readable").items_kept, 1);
}

#[tokio::test]
async fn what_is_refused_stays_a_week_cut_short_and_with_its_reason() {
    let Room { store, .. } = &room();
    for n in 0..3 {
        let body = format!("{n}{}", "x".repeat(20_000));
        store.take_in(posted(&body, &[(&format!("k{n}"), 1)], minute(0))).await.expect("written");
    }
    let rows = store.inbox(9).await.expect("readable");
    for (row, at) in rows.iter().zip([0, 1, 7 * 24 * 60 + 1]) {
        store.refuse(row.id, "no JSON".to_owned(), minute(at)).await.expect("written");
    }
    let refused = store.refused(9).await.expect("readable");
    assert_eq!(refused.len(), 2, "the first was refused more than a week ago");
    assert!(refused.iter().all(|row| row.body.len() == 16 << 10 && row.trouble == "no JSON"));
    assert_eq!(store.inbox(9).await.expect("readable"), []);
}

#[tokio::test]
async fn an_act_is_done_once_and_of_nothing_that_is_gone() {
    let Room { store, .. } = &room();
    store.commit(reading(minute(1), vec![kept("item", "mortons", minute(0))])).await.expect("written");
    let item = store.mentions(crate::model::Look::newest(1)).await.expect("readable").remove(0).item_id;
    let act = |item, brand: &str, change| store.act(item, BrandId::new(brand), change, "link".to_owned(), minute(2));
    let done = Change::Done(true);
    assert_eq!(store.is_so(item, BrandId::new("mortons"), done.clone()).await.expect("readable"), Some(false));
    assert_eq!(act(item, "mortons", done.clone()).await.expect("written"), Acted::Done);
    assert_eq!(act(item, "mortons", done.clone()).await.expect("written"), Acted::Already);
    assert_eq!(act(item, "other", done.clone()).await.expect("written"), Acted::Gone);
    assert_eq!(act(ItemId(99), "mortons", done).await.expect("written"), Acted::Gone);
    let nobody = || Change::Kinds(Vec::new());
    assert_ne!(act(item, "mortons", nobody()).await.expect("written"), Acted::Gone);
    assert_eq!(act(item, "mortons", nobody()).await.expect("written"), Acted::Already);
    assert_eq!(act(item, "mortons", Change::Relevant(false)).await.expect("written"), Acted::Done);
    assert_eq!(act(item, "mortons", Change::Relevant(false)).await.expect("written"), Acted::Already);
}

#[tokio::test]
async fn who_left_comes_back_by_name() {
    let Room { store, .. } = &room();
    assert!(store.leave("digest", "a@example.com", minute(0)).await.expect("written"));
    assert!(!store.leave("digest", "a@example.com", minute(1)).await.expect("written"));
    let left = store.left_lists().await.expect("readable");
    assert_eq!((left.len(), left[0].at), (1, minute(0)));
    assert!(store.come_back("digest", "a@example.com").await.expect("written"));
    assert!(!store.come_back("digest", "a@example.com").await.expect("written"));
}

#[test]
fn the_key_of_the_seals_stays_and_is_ours_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = tempfile::tempdir().expect("a folder");
    let folder = DataFolder::open(room.path()).expect("a folder");
    let key = folder.seal_key().expect("made");
    assert_eq!(folder.seal_key().expect("read"), key);
    let file = room.path().join("porterhouse.key");
    assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    std::fs::write(&file, "short").expect("written");
    assert!(folder.seal_key().is_err());
    let other = tempfile::tempdir().expect("a folder");
    assert_ne!(DataFolder::open(other.path()).expect("a folder").seal_key().expect("made"), key);
}
