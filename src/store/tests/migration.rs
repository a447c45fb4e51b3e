//! From the first schema to this one: whole or not at all, whatever kills it.

use super::*;
use crate::model::Look;
use crate::query::Query;
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "PORTERHOUSE_TEST_OLD_FOLDER";

/// A folder with a database of schema 1 that holds `n` items.
async fn old_folder(n: i64) -> Room {
    let room = room();
    let at_address = |id: i64| {
        let mut item = kept(&format!("item {id}"), "mortons", minute(0));
        item.item.url = Some(format!("http://www.forum.example/{id}/"));
        item
    };
    let items: Vec<_> = (0..n).map(at_address).collect();
    for chunk in items.chunks(500) {
        room.store.commit(reading(minute(1), chunk.to_vec())).await.expect("committed");
    }
    room.store.close().await;
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    connection
        .execute_batch(
            "DROP TABLE item_aliases; DROP TABLE host_limits; DROP TABLE spent; DROP TABLE snoozes; DROP TABLE subscriptions; DROP TABLE revisions; DROP TABLE tombstones; DROP TABLE closed_cards; DROP TABLE alert_notices;
             DROP TABLE digest_items; ALTER TABLE digests DROP COLUMN before_day;
             ALTER TABLE digests DROP COLUMN before_until_at; DROP INDEX items_by_look;
             ALTER TABLE items DROP COLUMN n_edits; ALTER TABLE items DROP COLUMN edited_at; ALTER TABLE items DROP COLUMN by_look;
             ALTER TABLE items DROP COLUMN look_at; ALTER TABLE items DROP COLUMN missed_at;
             DROP INDEX notices_once_per_turn; DROP INDEX notices_once_per_opportunity;
             CREATE UNIQUE INDEX notices_once_per_opportunity ON notices (item_id, brand) WHERE item_id IS NOT NULL;
             DROP TABLE inbox; DROP TABLE inbox_keys; DROP TABLE left_lists;
             DROP TRIGGER timed_of_new; DROP TRIGGER timed_of_gone; DROP TRIGGER timed_of_changed; DROP TABLE timed;
             DROP INDEX opportunities_by_miss; ALTER TABLE opportunities DROP COLUMN missed_at;
             ALTER TABLE mentions DROP COLUMN done;
             DROP TRIGGER journey_of_new; DROP TRIGGER journey_of_gone; DROP TRIGGER journey_of_before;
             DROP TRIGGER journey_of_after; DROP TABLE search; DROP TABLE corrections; DROP INDEX mentions_by_brand;
             DROP INDEX opportunities_by_saying; DROP INDEX opportunities_by_any_deadline;
             ALTER TABLE mentions DROP COLUMN dismissed; ALTER TABLE digests DROP COLUMN until_at;
             ALTER TABLE sources DROP COLUMN place_hash;
             ALTER TABLE sources DROP COLUMN cause; ALTER TABLE sources DROP COLUMN memory_json;
             ALTER TABLE notices DROP COLUMN cause; DROP INDEX items_by_content; DROP TABLE troubles;
             DROP TABLE journey; ALTER TABLE mentions DROP COLUMN medium;
             ALTER TABLE mentions DROP COLUMN aspects_json; DROP TABLE story_keys; DROP INDEX items_by_story; ALTER TABLE items DROP COLUMN story;
             ALTER TABLE mentions DROP COLUMN echo; DROP INDEX items_by_url_hash; ALTER TABLE items DROP COLUMN url_hash;
             PRAGMA user_version = 1;",
        )
        .expect("as it was");
    room
}

fn version(room: &Room) -> i64 {
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version")
}

#[tokio::test]
async fn items_of_the_first_schema_are_found_after_the_migration() {
    let room = old_folder(1_203).await;
    let refused = Store::open_read_only(room.folder.path()).expect_err("old").to_string();
    assert!(refused.contains("porterhouse run"), "{refused}");
    assert!(Store::open_beside(room.folder.path()).is_err());
    let mut told = Vec::new();
    let store = Store::open_telling(&room.folder, &mut |n_done, n_all| told.push((n_done, n_all))).expect("migrated");
    assert_eq!(told, [(1_000, 1_203), (1_203, 1_203)]);
    let look = Look { brand: Some(BrandId::new("mortons")), ..Look::newest(5) };
    let found = store.search(Query::parse("könnte steak \"post item 1202\"").expect("words"), look).await;
    assert_eq!(found.expect("readable").cards.len(), 1);
    let traces = store.trace("https://forum.example/1202".to_owned()).await.expect("readable");
    assert_eq!(traces.kept.len(), 1);
    assert_eq!(store.check().await.expect("readable"), []);
}

#[tokio::test]
#[ignore = "runs as the child of the test below"]
async fn child() {
    let Ok(path) = std::env::var(FOLDER) else { return };
    drop(Store::open(&DataFolder::open(path).expect("a folder")).expect("migrated"));
}

#[tokio::test]
async fn a_migration_killed_half_way_leaves_the_old_or_the_new_schema() {
    let room = old_folder(4_000).await;
    let mut versions = Vec::new();
    for attempt in 0_u64..1_000 {
        let mut child = Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", "store::tests::migration::child", "--ignored"])
            .env(FOLDER, room.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        // Killed later every time, until it was not early enough: no moment of the migration is left out for long.
        let killer = std::thread::spawn(move || {
            std::thread::park_timeout(Duration::from_millis(5 + attempt * 25));
            drop(child.kill());
            child.wait().expect("gone")
        });
        killer.join().expect("killed");
        let found = version(&room);
        versions.push(found);
        let store = match found {
            1 => continue,
            _ => Store::open_read_only(room.folder.path()).expect("the new schema"),
        };
        assert_eq!(store.check().await.expect("readable"), [], "after {versions:?}");
        assert_eq!(store.stats().await.expect("readable").items_kept, 4_000);
        break;
    }
    assert!(versions.iter().filter(|version| **version == 1).count() >= 1, "{versions:?}");
}
