//! Puts a backup in the place of the database, and keeps the old one beside it.
//!
//! At every moment there is either the old database or the restored one under its name, whatever kills the process.

use super::backup::{beside, copy, look_at, put_in_place};
use super::{BackupError, DataFolder, FolderLock, schema};
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};

/// Puts the backup `source` in the place of the database of `folder`; where the old database is kept now, if there
/// was one. The caller holds the folder, which `_lock` shows.
///
/// An older schema is taken: the next opening migrates it. `on_progress` is told of the pages copied.
///
/// # Errors
/// [`BackupError`]: `source` is damaged, foreign or of a newer porterhouse, or a file cannot be written. Then the
/// database is as it was.
pub fn restore(
    folder: &DataFolder,
    _lock: &FolderLock,
    source: &Path,
    now: Timestamp,
    on_progress: &mut dyn FnMut(u64, u64),
) -> Result<Option<PathBuf>, BackupError> {
    let database = folder.database();
    let partial = beside(&database, ".restoring");
    let restored = copy_whole(source, &partial, on_progress).and_then(|()| {
        let aside = set_aside(&database, now)?;
        put_in_place(&partial, &database)?;
        Ok(aside)
    });
    if restored.is_err() {
        drop(fs::remove_file(&partial));
    }
    restored
}

/// Copies through SQLite, so that a log beside the source counts too, and looks at both.
fn copy_whole(source: &Path, partial: &Path, on_progress: &mut dyn FnMut(u64, u64)) -> Result<(), BackupError> {
    fs::metadata(source).map_err(|error| BackupError::File { path: source.to_owned(), source: error })?;
    look_at(source)?;
    let connection = schema::open_reader_unchecked(source).map_err(|error| schema::refused(source, error))?;
    copy(&connection, partial, on_progress)?;
    look_at(partial).map(|_| ())
}

/// Gives the old database a second name; where that is. Its log goes with it where it cannot be emptied.
fn set_aside(database: &Path, now: Timestamp) -> Result<Option<PathBuf>, BackupError> {
    let failed = |source| BackupError::File { path: database.to_owned(), source };
    // An empty file is only the mark that the folder can be written.
    if fs::metadata(database).map_or(0, |file| file.len()) == 0 {
        return Ok(None);
    }
    // A database that is damaged may not let its log be emptied; then both are kept as they are.
    drop(schema::empty_log(database));
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let aside = beside(database, &format!(".before-{stamp}"));
    for ending in ["", "-wal"] {
        let (old, kept) = (beside(database, ending), beside(&aside, ending));
        if old.exists() {
            fs::hard_link(&old, &kept).or_else(|_| fs::copy(&old, &kept).map(|_| ())).map_err(failed)?;
        }
    }
    for ending in ["-wal", "-shm"] {
        match fs::remove_file(beside(database, ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    Ok(Some(aside))
}
