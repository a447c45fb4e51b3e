//! The data folder: made, checked and held.
//!
//! In: a path. Out: a folder that can be written, and a lock on it for the one process that crawls.
//! Readers need no lock. Never deletes anything and never widens rights.

use super::{OpenError, log};
use crate::text::SealKey;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

const DATABASE: &str = "porterhouse.db";
const LOCK: &str = "porterhouse.lock";
const KEY: &str = "porterhouse.key";
/// A process id and a line break fit into this; the lock file is never longer.
const HOLDER_LIMIT_BYTES: u64 = 32;
/// How long a held folder is asked for again, and how often.
const PATIENCE: Duration = Duration::from_secs(2);
const TRIES: u32 = 40;

/// A folder that exists and can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// Holds the data folder until it is dropped or the process ends, however it ends.
#[derive(Debug)]
#[must_use = "the folder is free again as soon as this is dropped"]
pub struct FolderLock {
    file: File,
    log_was_removed: bool,
}

/// Whether a process holds a data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// None does.
    Free,
    /// One does; its id where it said so.
    Held(Option<u32>),
}

/// Whether a process holds the data folder at `path`. Makes and changes nothing.
///
/// # Errors
/// Where the lock file is there and cannot be read, or locks do not work.
pub fn held_by(path: &Path) -> std::io::Result<Hold> {
    let mut file = match File::open(path.join(LOCK)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Hold::Free),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(Hold::Free),
        Err(TryLockError::WouldBlock) => Ok(Hold::Held(holder_id(&mut file))),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl FolderLock {
    /// Whether the last holder was cut off and the log with its newest changes has gone since.
    #[must_use]
    pub fn log_was_removed(&self) -> bool {
        self.log_was_removed
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // A lock file with an id in it tells the next holder that this one was cut off.
        let _ = self.file.set_len(0);
    }
}

impl DataFolder {
    /// Opens the folder at `path`; makes it, for this user alone (0700), where it is missing.
    ///
    /// # Errors
    /// [`OpenError::Create`] and [`OpenError::Write`], with the path and the way out.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let path = path.into();
        create(&path).map_err(|source| OpenError::Create { path: path.clone(), source })?;
        let folder = Self { path };
        // Also proves that the folder can be written: SQLite would only say "unable to open database file".
        folder.lock_file()?;
        private_file(&folder.database())?;
        Ok(folder)
    }

    /// Holds the folder for this process. A folder that is held is asked for again for two seconds: a process that
    /// the holder starts has its locks for an instant, until it becomes its own program.
    ///
    /// # Errors
    /// [`OpenError::InUse`] when another process holds it, [`OpenError::Write`] when locks do not work there.
    pub fn lock(&self) -> Result<FolderLock, OpenError> {
        let mut file = self.lock_file()?;
        for tries_left in (0..=TRIES).rev() {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries_left > 0 => thread::sleep(PATIENCE / TRIES),
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::InUse { path: self.path.clone(), holder: holder(&mut file) });
                }
                Err(TryLockError::Error(source)) => {
                    return Err(OpenError::Write { path: self.path.join(LOCK), source });
                }
            }
        }
        let was_cut_off = holder_id(&mut file).is_some();
        let log_was_removed = was_cut_off && log::is_missing(&self.database());
        say_holder(&mut file).map_err(|source| OpenError::Write { path: self.path.join(LOCK), source })?;
        Ok(FolderLock { file, log_was_removed })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database in it.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        database_in(&self.path)
    }

    /// The key of the house's seals, which stays as long as the folder; made where there is none, for this user alone.
    ///
    /// # Errors
    /// [`OpenError::Write`] where it can be neither read nor made.
    pub fn seal_key(&self) -> Result<SealKey, OpenError> {
        let path = self.path.join(KEY);
        sealing_key(&path).map(SealKey::new).map_err(|source| OpenError::Write { path, source })
    }

    fn lock_file(&self) -> Result<File, OpenError> {
        private_file(&self.path.join(LOCK))
    }
}

/// Where the database of the folder `path` lies.
pub(super) fn database_in(path: &Path) -> PathBuf {
    path.join(DATABASE)
}

fn create(path: &Path) -> std::io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens or makes a file that only this user may read. SQLite gives its other files the rights of the database.
fn private_file(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| OpenError::Write { path: path.to_owned(), source })
}

/// The key in the file at `path`. A new one is written beside it first, so that a cut leaves none or a whole one.
fn sealing_key(path: &Path) -> std::io::Result<[u8; 32]> {
    match fs::read(path) {
        Ok(bytes) => {
            let what = "it holds no key of 32 bytes; remove it, and links in old mails end";
            return bytes.try_into().map_err(|_| std::io::Error::new(std::io::ErrorKind::InvalidData, what));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| std::io::Error::other("the system has no random numbers"))?;
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(key)
}

fn say_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> String {
    match holder_id(file) {
        Some(id) => format!("another porterhouse (process {id})"),
        None => "another porterhouse".to_owned(),
    }
}

fn holder_id(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(HOLDER_LIMIT_BYTES).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
