//! Keeping the database safe: copying it, putting a copy back, looking whether it is whole.

use super::clock::now;
use super::folders::Folders;
use super::house::load_config_or_default;
use crate::model::{Flaw, Stats};
use crate::store::{self, DataFolder, Store};
use std::path::{Path, PathBuf};

/// A backup that was made and looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file.
    pub file: PathBuf,
    /// Its bytes.
    pub n_bytes: u64,
}

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the old database is kept now, if there was one.
    pub aside: Option<PathBuf>,
    /// What is stored now.
    pub stats: Stats,
}

/// Copies the database into the new file `target`, beside a running service too.
///
/// # Errors
/// Where there is no database, `target` is there already or cannot be written, or the copy is not whole.
pub async fn backup(
    folders: &Folders,
    target: &Path,
    on_progress: impl FnMut(u64, u64) + Send + 'static,
) -> anyhow::Result<Kept> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    let n_bytes = store.backup(target.to_owned(), on_progress).await?;
    Ok(Kept { file: target.to_owned(), n_bytes })
}

/// Puts the backup `source` in the place of the database and brings it up to date. No service may run on the folder.
///
/// # Errors
/// Where the folder is held, or `source` is damaged, foreign or of a newer porterhouse; then nothing has changed.
pub async fn restore(
    folders: &Folders,
    source: &Path,
    on_progress: &mut (dyn FnMut(u64, u64) + Send),
) -> anyhow::Result<Restored> {
    let config = load_config_or_default(folders)?;
    let folder = DataFolder::open(folders.data(Some(&config))?)?;
    let lock = folder.lock()?;
    let aside = store::restore(&folder, &lock, source, now(), on_progress)?;
    let restored = Store::open_telling(&folder, on_progress)?;
    let stats = restored.stats().await?;
    restored.close().await;
    Ok(Restored { aside, stats })
}

/// Everything that is wrong with the database; nothing where it is whole.
///
/// # Errors
/// Where there is no database that can be read.
pub async fn check_data(folders: &Folders) -> anyhow::Result<(Vec<Flaw>, Stats)> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    let flaws = store.check().await?;
    Ok((flaws, store.stats().await?))
}
