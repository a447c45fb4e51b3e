//! A copy of the database while it is in use, made by SQLite's own backup and looked at before it is called one.
//!
//! The copy is one moment of the database: a read transaction is held while it is made, so that no commit of the
//! service has it begin anew. It is one plain file without a log beside it.

use super::{OpenError, Store, StoreError, check, schema};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

/// Pages copied between two looks at the progress: 4 MiB.
const PAGES_TOGETHER: i32 = 1_000;

/// Why a backup could not be made or put back. Nothing half made is left under the name that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file of that name.
    #[error("`{}` is there already; name a new file, or move that one away", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written or read.
    #[error("`{}` cannot be written or read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The copy is not what it should be.
    #[error("`{}` is damaged: {}; use another backup", path.display(), flaws.join("; "))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        flaws: Vec<String>,
    },
    /// The file is no database of ours.
    #[error("`{}` is no backup of porterhouse; name a file that `porterhouse backup` made", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database cannot be opened, or a newer porterhouse wrote it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies the database into the new file `target` and looks at the copy; the bytes of it.
    ///
    /// `on_progress` is told how many of how many pages are copied.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no file `target`.
    pub async fn backup(
        &self,
        target: PathBuf,
        mut on_progress: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<u64, BackupError> {
        if target.exists() {
            return Err(BackupError::InTheWay { path: target });
        }
        let partial = beside(&target, ".partial");
        self.read(move |connection| {
            let made = copy_and_look(connection, &partial, &mut on_progress);
            let made = made.and_then(|()| put_in_place(&partial, &target));
            if made.is_err() {
                drop(fs::remove_file(&partial));
            }
            Ok(made)
        })
        .await?
    }
}

/// A name beside `path`: the same with `ending` behind it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn copy_and_look(
    connection: &Connection,
    target: &Path,
    on_progress: &mut dyn FnMut(u64, u64),
) -> Result<(), BackupError> {
    copy(connection, target, on_progress)?;
    look_at(target).map(|_| ())
}

/// Copies everything that `connection` sees into the file `target`, which is made anew for this user alone.
pub(super) fn copy(
    connection: &Connection,
    target: &Path,
    on_progress: &mut dyn FnMut(u64, u64),
) -> Result<(), BackupError> {
    let file = |source| BackupError::File { path: target.to_owned(), source };
    match fs::remove_file(target) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(file(error)),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(target).map_err(file)?);
    copy_pages(connection, target, on_progress).map_err(|error| match disk_trouble(&error) {
        Some(source) => file(source),
        None => StoreError::from(error).into(),
    })
}

fn copy_pages(connection: &Connection, target: &Path, on_progress: &mut dyn FnMut(u64, u64)) -> rusqlite::Result<()> {
    // The first look begins the read transaction: one moment for the whole copy.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(target, flags)?;
    // Nobody reads it before it is whole, and then it is synced at once.
    copy.pragma_update(None, "synchronous", "OFF")?;
    {
        let backup = Backup::new(connection, &mut copy)?;
        loop {
            let step = backup.step(PAGES_TOGETHER)?;
            let progress = backup.progress();
            let (n_all, left) = (count(progress.pagecount), count(progress.remaining));
            on_progress(n_all.saturating_sub(left), n_all);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None)),
            }
        }
    }
    // Without a log the copy is one file.
    copy.pragma_update(None, "journal_mode", "DELETE")
}

fn disk_trouble(error: &rusqlite::Error) -> Option<std::io::Error> {
    let kind = match error.sqlite_error_code()? {
        ErrorCode::DiskFull => std::io::ErrorKind::StorageFull,
        ErrorCode::CannotOpen => std::io::ErrorKind::PermissionDenied,
        ErrorCode::ReadOnly => std::io::ErrorKind::ReadOnlyFilesystem,
        _ => return None,
    };
    Some(std::io::Error::new(kind, error.to_string()))
}

/// Whether the file is a whole database that this porterhouse can use; its schema.
pub(super) fn look_at(path: &Path) -> Result<usize, BackupError> {
    let damaged = |flaws| BackupError::Damaged { path: path.to_owned(), flaws };
    let connection = schema::open_reader_unchecked(path).map_err(|source| schema::refused(path, source))?;
    let found = match schema::version(&connection) {
        Ok(found) => found,
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            return Err(BackupError::Foreign { path: path.to_owned() });
        }
        Err(error) => return Err(damaged(vec![error.to_string()])),
    };
    if found > schema::NEWEST {
        return Err(schema::newer(path, found, schema::NEWEST).into());
    }
    if found == 0 || !has_items(&connection).map_err(|error| damaged(vec![error.to_string()]))? {
        return Err(BackupError::Foreign { path: path.to_owned() });
    }
    match check::pages(&connection) {
        Ok(flaws) if flaws.is_empty() => Ok(found),
        Ok(flaws) => Err(damaged(flaws)),
        Err(error) => Err(damaged(vec![error.to_string()])),
    }
}

fn has_items(connection: &Connection) -> rusqlite::Result<bool> {
    const ITEMS: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('items', 'mentions')";
    connection.query_row(ITEMS, [], |row| row.get::<_, i64>(0)).map(|n| n == 2)
}

/// Makes the copy durable and gives it its name; its bytes.
pub(super) fn put_in_place(partial: &Path, target: &Path) -> Result<u64, BackupError> {
    let put = || {
        let file = File::open(partial)?;
        file.sync_all()?;
        let n_bytes = file.metadata()?.len();
        fs::rename(partial, target)?;
        // A new name lasts once its folder is synced.
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(n_bytes)
    };
    put().map_err(|source| BackupError::File { path: target.to_owned(), source })
}

fn count(pages: i32) -> u64 {
    u64::try_from(pages).unwrap_or_default()
}
