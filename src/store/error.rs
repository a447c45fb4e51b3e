//! What can go wrong when the data folder is opened, and while the store is used.

use rusqlite::{ErrorCode, ffi};
use std::path::PathBuf;
use std::sync::Arc;

/// Why a data folder or its database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder does not exist and could not be made.
    #[error("data folder `{}` cannot be created; create it for this user or name another with --data", path.display())]
    Create {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The folder or a file in it cannot be written.
    #[error("`{}` cannot be written; give this user the right to, or name another data folder with --data", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Another process holds the folder.
    #[error("data folder `{}` is in use by {holder}; stop that one, or name another folder with --data", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
        /// Who holds it, as far as it said so.
        holder: String,
    },
    /// There is no database to read.
    #[error("no database at `{}`; `porterhouse run` or `porterhouse crawl` makes one, or name another folder with --data", path.display())]
    Missing {
        /// Where it was expected.
        path: PathBuf,
    },
    /// A newer porterhouse wrote the database.
    #[error("database `{}` has schema {found}, this porterhouse knows {known} at most; use the newer one", path.display())]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: usize,
        /// The newest schema of this binary.
        known: usize,
    },
    /// An older porterhouse wrote the database, and a reader may not change it.
    #[error("database `{}` has the old schema {found}, expected {known}; start `porterhouse run` or `crawl` once to bring it up to date", path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: usize,
        /// The schema that this binary reads.
        known: usize,
    },
    /// A migration failed; the database is as it was before it.
    #[error("database `{}` could not be brought to schema {number}; it is unchanged", path.display())]
    Migrate {
        /// The database.
        path: PathBuf,
        /// The migration.
        number: usize,
        /// What went wrong.
        #[source]
        source: Box<StoreError>,
    },
    /// SQLite refuses the file.
    #[error("database `{}` cannot be opened; if it is damaged, restore it from a backup or move it away to begin anew", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// No thread could be started for writing.
    #[error("the thread that writes the database could not be started")]
    Thread(#[source] std::io::Error),
}

/// Why the store could not do what it was asked to. Nothing of the asked change is kept then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused a statement.
    #[error("the database refused a statement")]
    Sqlite(#[source] Arc<rusqlite::Error>),
    /// The database's pages do not hold together.
    #[error("the database is damaged; stop porterhouse and restore a backup, or move the database away to begin anew")]
    Damaged(#[source] Arc<rusqlite::Error>),
    /// The disk did not read or write.
    #[error("the disk refused the database; look for a full disk, a limit or missing rights, then start again")]
    Disk(#[source] Arc<rusqlite::Error>),
    /// Somebody removed the log that holds the newest changes. They were moved into the database; nothing is lost.
    #[error("the log of the database was removed while it was in use; its changes are saved, start porterhouse anew")]
    LogGone,
    /// The transaction that held this change could not be committed.
    #[error("the database could not commit; nothing of this change is kept")]
    Commit(#[source] Arc<rusqlite::Error>),
    /// A stored value is not what this binary expects.
    #[error("column `{column}` holds a value that cannot be read; if the database is damaged, restore a backup")]
    Stored {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A value could not be written as JSON.
    #[error("column `{column}` cannot be written as JSON")]
    Unwritable {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The store was opened for reading only.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// The store was closed, or its writing thread died.
    #[error("the store is closed")]
    Closed,
    /// The blocking task of a reader was cancelled or died.
    #[error("a reader of the database did not finish")]
    Reader(#[source] tokio::task::JoinError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let error = Arc::new(error);
        Self::of_cause(&error).unwrap_or(Self::Sqlite(error))
    }
}

impl StoreError {
    /// Why a transaction could not be committed.
    pub(super) fn of_commit(error: &Arc<rusqlite::Error>) -> Self {
        Self::of_cause(error).unwrap_or_else(|| Self::Commit(Arc::clone(error)))
    }

    /// The causes that a person can mend.
    fn of_cause(error: &Arc<rusqlite::Error>) -> Option<Self> {
        // What we bind has the type of its column: where it has not, a damaged page gave it to us.
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if extended == Some(ffi::SQLITE_CONSTRAINT_DATATYPE) {
            return Some(Self::Damaged(Arc::clone(error)));
        }
        // So has what we read: the tables are STRICT.
        if let rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..) = **error {
            return Some(Self::Damaged(Arc::clone(error)));
        }
        match error.sqlite_error_code()? {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Self::Damaged(Arc::clone(error))),
            ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen => {
                Some(Self::Disk(Arc::clone(error)))
            }
            _ => None,
        }
    }
}
