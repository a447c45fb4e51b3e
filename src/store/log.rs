//! Watches over the write-ahead log, which holds the newest changes until they are moved into the database.
//!
//! SQLite goes on writing into a log that was removed from its folder, and everything in it would die with the
//! process. Here that is noticed before a change is answered for, and the log is moved into the database at once.

use rusqlite::{Connection, ffi};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The log of one open database; none for a database in memory.
pub(super) struct Log {
    path: Option<PathBuf>,
    identity: Option<u64>,
    saved: AtomicBool,
}

impl Log {
    /// The log that `connection` has open; something must have been read through it before.
    pub(super) fn of(connection: &Connection) -> Self {
        let path = connection.path().filter(|path| !path.is_empty()).map(|path| path_of(Path::new(path)));
        let identity = path.as_deref().and_then(identity);
        Self { path, identity, saved: AtomicBool::new(false) }
    }

    /// Whether the file that was opened still has its name.
    pub(super) fn is_in_place(&self) -> bool {
        self.identity.is_none() || self.path.as_deref().and_then(identity) == self.identity
    }

    /// Whether it had gone and was moved into the database: then this connection must not go on.
    pub(super) fn was_saved(&self) -> bool {
        self.saved.load(Ordering::Acquire)
    }

    /// Moves a log that has gone into the database.
    pub(super) fn save_if_gone(&self, connection: &Connection) -> rusqlite::Result<()> {
        if self.is_in_place() {
            return Ok(());
        }
        let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy {
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None));
        }
        self.saved.store(true, Ordering::Release);
        Ok(())
    }
}

/// Where the log of `database` lies.
pub(super) fn path_of(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push("-wal");
    PathBuf::from(path)
}

/// Whether the log of `database` has gone without its index, which SQLite removes together with it.
pub(super) fn is_missing(database: &Path) -> bool {
    let mut index = database.as_os_str().to_owned();
    index.push("-shm");
    Path::new(&index).exists() && !path_of(database).exists()
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|found| std::os::unix::fs::MetadataExt::ino(&found))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|_| 0)
}
