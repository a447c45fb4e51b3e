//! Backups, putting them back, and looking whether the database is whole.

use super::super::{BackupError, OpenError, restore};
use super::*;
use std::path::{Path, PathBuf};

async fn with_items(n: i64) -> Room {
    let room = room();
    let items = (0..n).map(|id| opportunity(&id.to_string(), "mortons", minute(0), Kind::Wish, 0.5)).collect();
    room.store.commit(reading(minute(1), items)).await.expect("committed");
    room
}

async fn backup(store: &Store, target: &Path) -> Result<u64, BackupError> {
    store.backup(target.to_owned(), |_, _| {}).await
}

fn put_back(room: &Room, source: &Path) -> Result<Option<PathBuf>, BackupError> {
    let lock = room.folder.lock().expect("free");
    restore(&room.folder, &lock, source, minute(9), &mut |_, _| {})
}

async fn n_items(store: &Store) -> u64 {
    store.stats().await.expect("readable").items_kept
}

#[tokio::test]
async fn a_backup_made_while_commits_run_is_one_moment_and_can_be_put_back() {
    let room = with_items(300).await;
    let target = room.place.path().join("copy.db");
    let writer = room.store.clone();
    let commits = tokio::spawn(async move {
        for n in 1000..1200 {
            let item = kept(&n.to_string(), "mortons", minute(0));
            writer.commit(reading(minute(2), vec![item])).await.expect("committed");
        }
    });
    let beside = Store::open_read_only(room.folder.path()).expect("readable");
    let n_bytes = backup(&beside, &target).await.expect("copied");
    commits.await.expect("committed");
    assert_eq!(std::fs::metadata(&target).expect("there").len(), n_bytes);
    assert!(!target.with_extension("db-wal").exists() && !target.with_extension("db-shm").exists(), "one file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&target).expect("there").permissions().mode() & 0o777, 0o600);
    }
    assert!(matches!(backup(&beside, &target).await, Err(BackupError::InTheWay { .. })));
    beside.close().await;
    room.store.close().await;

    let aside = put_back(&room, &target).expect("restored").expect("the old one is kept");
    let restored = Store::open(&room.folder).expect("a store");
    let n_then = n_items(&restored).await;
    assert!((300..=500).contains(&n_then), "{n_then}");
    assert_eq!(restored.check().await.expect("readable"), []);
    restored.close().await;
    let old = rusqlite::Connection::open(&aside).expect("a database");
    let n_old: i64 = old.query_row("SELECT count(*) FROM items", [], |row| row.get(0)).expect("readable");
    assert_eq!(n_old, 500);
}

#[tokio::test]
async fn what_is_no_good_backup_is_refused_and_nothing_changes() {
    let room = with_items(3).await;
    let target = room.place.path().join("copy.db");
    backup(&room.store, &target).await.expect("copied");
    room.store.close().await;
    let bytes = std::fs::read(&target).expect("read");
    let put = |name: &str, bytes: &[u8]| {
        let path = room.place.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let mut flipped = bytes.clone();
    flipped.iter_mut().skip(8_192).step_by(97).for_each(|byte| *byte ^= 0x5a);
    let newer = put("newer.db", &bytes);
    rusqlite::Connection::open(&newer).expect("a database").pragma_update(None, "user_version", 99).expect("written");
    let foreign = room.place.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).expect("a database").execute_batch("CREATE TABLE a (b)").expect("written");

    assert!(matches!(put_back(&room, &newer), Err(BackupError::Open(OpenError::NewerSchema { found: 99, .. }))));
    assert!(matches!(put_back(&room, &foreign), Err(BackupError::Foreign { .. })));
    assert!(matches!(put_back(&room, &put("text.db", &b"no database ".repeat(900))), Err(BackupError::Foreign { .. })));
    assert!(matches!(put_back(&room, &put("cut.db", &bytes[..bytes.len() / 2])), Err(BackupError::Damaged { .. })));
    assert!(matches!(put_back(&room, &put("flipped.db", &flipped)), Err(BackupError::Damaged { .. })));
    assert!(matches!(put_back(&room, Path::new("/nowhere/at/all")), Err(BackupError::File { .. })));

    let names: Vec<_> =
        std::fs::read_dir(room.folder.path()).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("before")), "{names:?}");
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("restoring")), "{names:?}");
    assert_eq!(n_items(&Store::open(&room.folder).expect("a store")).await, 3);
}

#[tokio::test]
async fn a_damaged_database_is_kept_when_a_backup_takes_its_place() {
    let room = with_items(3).await;
    let target = room.place.path().join("copy.db");
    backup(&room.store, &target).await.expect("copied");
    room.store.close().await;
    std::fs::write(room.folder.database(), "ruined ".repeat(4_000)).expect("written");
    let aside = put_back(&room, &target).expect("restored").expect("kept");
    assert!(std::fs::read_to_string(aside).expect("text").starts_with("ruined"));
    assert_eq!(n_items(&Store::open(&room.folder).expect("a store")).await, 3);
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_leaves_nothing() {
    let room = with_items(3).await;
    let target = room.place.path().join("no such folder").join("copy.db");
    assert!(matches!(backup(&room.store, &target).await, Err(BackupError::File { .. })));
    assert!(!target.exists());
}

#[tokio::test]
async fn what_is_wrong_is_said_part_by_part() {
    let room = with_items(3).await;
    assert_eq!(room.store.check().await.expect("readable"), []);
    let connection = rusqlite::Connection::open(room.folder.database()).expect("a database");
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             UPDATE counters SET value = 7 WHERE name = 'mentions';
             DELETE FROM search WHERE rowid = (SELECT min(id) FROM items);
             INSERT INTO search (rowid, plain, spelled, brands) VALUES (99, 'a', '', '');
             UPDATE items SET source_id = 77 WHERE id = (SELECT max(id) FROM items);",
        )
        .expect("damaged");
    let flaws = room.store.check().await.expect("readable");
    let said: Vec<String> = flaws.iter().map(|flaw| format!("{}: {}", flaw.part, flaw.message)).collect();
    let expected = [
        "references: row 3 of `items` refers to a row of `sources` that is not there",
        "search: 1 items cannot be found by their words",
        "search: 1 items that are gone can still be found by their words",
        "counters: the counter `mentions` says 7, but there are 3 mentions",
    ];
    assert_eq!(said, expected);
}
