//! Keeps items, mentions, opportunities, notices, the outbox and the sources' states in SQLite. Owns every line of SQL.
//!
//! In: what one reading left behind, the router's verdicts, what came of deliveries. Out: the same as values of
//! `model`, and only after it is durable: an answer is given after the COMMIT. One thread writes, a few connections
//! read; nobody waits for a lock. Every change is keyed, so that doing it twice is harmless.
//!
//! Times are UTC instants in microseconds. The markup of an item is not kept: its text is.
//! Work grows with what is new, not with what is stored. Deliberately absent: retention, any decision.

mod again;
mod alias;
mod backup;
mod below;
mod card;
mod check;
mod closed;
mod commit;
mod correction;
mod digest;
mod digest_log;
mod error;
mod fingerprint;
mod folder;
mod inbox;
mod item;
mod journey;
mod lesson;
mod limit;
mod links;
mod log;
mod look;
mod mention;
mod metric;
mod missed;
mod notice;
mod number;
mod outbox;
mod past;
mod query;
mod reader;
mod restore;
mod revision;
mod row;
mod schema;
mod search;
mod snooze;
mod source;
mod spent;
mod stats;
mod story;
mod subscription;
#[cfg(test)]
mod tests;
mod tombstone;
mod trace;
mod trouble;
mod withdraw;
mod writer;
mod writing;

pub use alias::Called;
pub use backup::BackupError;
pub use error::{OpenError, StoreError};
pub use fingerprint::{ItemHashes, Known};
pub use folder::{DataFolder, FolderLock, Hold, held_by};
pub use inbox::{InboxRow, InboxState, Posted, Pushed, TakenIn};
pub use links::{Acted, LeftList};
pub use metric::Metrics;
pub use outbox::OutboxEntry;
pub use restore::restore;
pub use revision::Revision;
pub use row::key_hash;
pub use search::{Found, LOOKED_AT_MOST};
pub use snooze::{Snooze, Snoozed};
pub use spent::Spent;
pub use stats::room_bytes;
pub use subscription::{Pushing, Wanted};
pub use trouble::{FailingAlert, OutboxState};

use reader::Readers;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::{AtClose, Writer};
use writing::Writing;

/// The open store. Clones share one database; it is closed by [`Store::close`], or when the last clone is dropped.
///
/// A future that is dropped before it is ready does not take its change back.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    database: PathBuf,
    readers: Readers,
    writer: Option<Writer>,
}

impl Store {
    /// Opens the database of `folder` for reading and writing; makes or migrates it where needed.
    ///
    /// # Errors
    /// [`OpenError`], with the path and the way out.
    pub fn open(folder: &DataFolder) -> Result<Self, OpenError> {
        Self::open_telling(folder, &mut |_, _| {})
    }

    /// [`Store::open`]; `on_progress` is told how many of how many items a migration has been through.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_telling(folder: &DataFolder, on_progress: &mut dyn FnMut(u64, u64)) -> Result<Self, OpenError> {
        let database = folder.database();
        let writer = schema::open_writer(&database, on_progress)?;
        Self::with_writer(database, writer, AtClose::TidyUp)
    }

    /// Opens the database in the data folder at `path` for single changes, also while the service writes to it.
    ///
    /// Makes nothing. Each change is one short transaction; it waits for the service's and the service for it.
    ///
    /// # Errors
    /// As [`Store::open_read_only`].
    pub fn open_beside(path: &Path) -> Result<Self, OpenError> {
        let database = existing(path)?;
        let writer = schema::open_beside(&database)?;
        Self::with_writer(database, writer, AtClose::Leave)
    }

    fn with_writer(database: PathBuf, writer: Connection, at_close: AtClose) -> Result<Self, OpenError> {
        let readers = Readers::new(database.clone(), schema::open_reader(&database)?);
        let writer = Writer::start(writer, at_close).map_err(OpenError::Thread)?;
        Ok(Self { shared: Arc::new(Shared { database, readers, writer: Some(writer) }) })
    }

    /// Opens the database in the data folder at `path` for reading, also while the service writes to it.
    ///
    /// Makes nothing. Every method that writes answers [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// [`OpenError::Missing`] where there is no database, [`OpenError::OlderSchema`] and [`OpenError::NewerSchema`]
    /// where this binary cannot read it.
    pub fn open_read_only(path: &Path) -> Result<Self, OpenError> {
        let database = existing(path)?;
        let readers = Readers::new(database.clone(), schema::open_reader(&database)?);
        Ok(Self { shared: Arc::new(Shared { database, readers, writer: None }) })
    }

    /// Looks whether the database's log still lies in its folder. To be called every few seconds.
    ///
    /// # Errors
    /// [`StoreError::LogGone`] where somebody removed it: its changes are safe, but the store has to be opened anew.
    pub async fn check_log(&self) -> Result<(), StoreError> {
        match &self.shared.writer {
            Some(writer) => writer.check_log().await,
            None => Ok(()),
        }
    }

    /// What is wrong with the database's pages and with the JSON in them, at most ten lines; empty where it is sound.
    /// Reads all of it before it returns.
    ///
    /// # Errors
    /// [`StoreError`] when not even that can be read.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        let connection = schema::open_reader_unchecked(&self.shared.database)?;
        let found = row::rows(&connection, "PRAGMA integrity_check(10)", [], |row| Ok(row.get::<_, String>(0)?))?;
        let found: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        Ok(if found.is_empty() { unreadable(&connection)? } else { found })
    }

    /// Writes what is queued, moves the log into the database and closes it, for every clone.
    pub async fn close(&self) {
        // Readers first: one that is still open would keep the log from being emptied.
        self.shared.readers.close().await;
        if let Some(writer) = &self.shared.writer {
            writer.close().await;
        }
    }

    async fn read<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.shared.readers.read(act).await
    }

    async fn write<T, F>(&self, n_rows: usize, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Writing) -> Result<T, StoreError> + Send + 'static,
    {
        self.shared.writer.as_ref().ok_or(StoreError::ReadOnly)?.write(n_rows, act).await
    }
}

/// The database of the folder at `path`, which must be there.
fn existing(path: &Path) -> Result<PathBuf, OpenError> {
    let database = folder::database_in(path);
    if database.is_file() { Ok(database) } else { Err(OpenError::Missing { path: database }) }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("database", &self.shared.database).finish_non_exhaustive()
    }
}

/// The columns whose values are not what was written: SQLite itself looks at the order of things, not at words.
fn unreadable(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const WORDS: [(&str, &str); 6] = [
        ("items", "item_json"),
        ("items", "analysis_json"),
        ("mentions", "mention_json"),
        ("opportunities", "opportunity_json"),
        ("outbox", "alert_json"),
        ("sources", "cursor_json"),
    ];
    let mut found = Vec::new();
    for (table, column) in WORDS {
        let sql = format!("SELECT {column} FROM {table}");
        let values = row::rows(connection, &sql, [], |row| {
            let text = row.get_ref(0)?.as_str().ok();
            Ok(text.is_some_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()))
        })?;
        match values.iter().filter(|is_sound| !**is_sound).count() {
            0 => {}
            n => found.push(format!("{n} values of {table}.{column} cannot be read")),
        }
    }
    Ok(found)
}
