//! Opening: what is made, what is refused, and with which words.

use super::super::OpenError;
use super::*;

// A second process would prove no more: the lock belongs to the opened file, not to the process.
#[test]
fn a_second_lock_is_refused_and_names_the_first() {
    let room = room();
    let folder = &room.folder;
    let lock = folder.lock().expect("free");
    let refused = folder.lock().expect_err("held").to_string();
    assert!(refused.contains(&format!("another porterhouse (process {})", std::process::id())), "{refused}");
    assert!(refused.contains(&folder.path().display().to_string()), "{refused}");
    drop(lock);
    assert!(folder.lock().is_ok());
}

#[test]
fn readers_and_writers_of_single_changes_need_no_lock() {
    let room = room();
    let folder = &room.folder;
    let _lock = folder.lock().expect("free");
    assert!(Store::open_read_only(folder.path()).is_ok());
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_the_way_out() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let file = place.path().join("file");
    std::fs::write(&file, "").expect("written");
    for path in [file.clone(), file.join("data")] {
        let refused = DataFolder::open(&path).expect_err("a file is in the way").to_string();
        assert!(refused.contains(&path.display().to_string()) && refused.contains("--data"), "{refused}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_rights_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().expect("a temporary folder");
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o500)).expect("changed");
    // The superuser may write anywhere; then there is nothing to refuse.
    let may_write_anyway = std::fs::write(place.path().join("probe"), "").is_ok();
    let outcome = DataFolder::open(place.path());
    assert_eq!(outcome.is_ok(), may_write_anyway);
    if let Err(error) = outcome {
        assert!(matches!(error, OpenError::Write { .. }), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let room = room();
    let folder = &room.folder;
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    for name in ["porterhouse.db", "porterhouse.db-wal", "porterhouse.lock"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
}

#[test]
fn reading_makes_nothing() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let path = place.path().join("data");
    let refused = Store::open_read_only(&path).expect_err("nothing there");
    assert!(matches!(refused, OpenError::Missing { .. }), "{refused}");
    assert!(!path.exists());
    let folder = DataFolder::open(&path).expect("a data folder");
    let refused = Store::open_read_only(folder.path()).expect_err("an empty database");
    assert!(matches!(refused, OpenError::OlderSchema { found: 0, .. }), "{refused}");
}

#[tokio::test]
async fn a_newer_schema_is_refused_by_readers_and_writers() {
    let Room { store, folder, place: _place } = room();
    store.close().await;
    let connection = rusqlite::Connection::open(folder.database()).expect("a database");
    connection.pragma_update(None, "user_version", 99).expect("written");
    for refused in [Store::open(&folder), Store::open_read_only(folder.path())] {
        let refused = refused.expect_err("newer");
        assert!(matches!(refused, OpenError::NewerSchema { found: 99, .. }), "{refused}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(place.path()).expect("a data folder");
    std::fs::write(folder.database(), "no database at all, but long enough to look at: ".repeat(40)).expect("written");
    let refused = Store::open(&folder).expect_err("no database");
    assert!(matches!(refused, OpenError::Database { .. }), "{refused}");
    assert!(Store::open_read_only(folder.path()).is_err());
}
