//! What the store says of itself: figures and the digest's preview. Works beside a running service.

use super::clock::now;
use super::folders::Folders;
use super::house::{load_config, load_config_or_default};
use crate::model::Stats;
use crate::pipeline::{self, DigestPreview};
use crate::store::Store;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// The figures of the data folder.
///
/// # Errors
/// Where the configuration is wrong, or there is no database that can be read.
pub async fn stats(folders: &Folders) -> anyhow::Result<Stats> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    let own = config.watch.brands.iter().filter(|brand| !brand.competitor).map(|brand| brand.id.clone()).collect();
    let missed = store.n_missed(own, now()).await?;
    let budgets = store.usages(now()).await?;
    Ok(Stats { missed, budgets, ..store.stats().await? })
}

/// The files of a digest's preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestFiles {
    /// The subject.
    pub subject: String,
    /// The mail as it would be sent.
    pub eml: PathBuf,
    /// Its HTML part.
    pub html: PathBuf,
    /// Its plain part.
    pub txt: PathBuf,
}

/// Writes the digest of the last day into `target`; nothing is sent.
///
/// # Errors
/// Where the configuration is wrong, there is no database, or `target` cannot be written.
pub async fn preview(folders: &Folders, target: &Path) -> anyhow::Result<DigestFiles> {
    let config = load_config(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    let digest = pipeline::preview_digest(&store, &config.watch, &config.digest, now()).await?;
    write_preview(&digest, target)
}

/// Writes `digest.eml`, `digest.html` and `digest.txt` into `target`, which is made where it is missing.
pub(super) fn write_preview(digest: &DigestPreview, target: &Path) -> anyhow::Result<DigestFiles> {
    std::fs::create_dir_all(target).with_context(|| format!("{} cannot be made", target.display()))?;
    let write = |name: &str, bytes: &[u8]| -> anyhow::Result<PathBuf> {
        let path = target.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    };
    Ok(DigestFiles {
        eml: write("digest.eml", &digest.eml)?,
        html: write("digest.html", digest.mail.html.as_bytes())?,
        txt: write("digest.txt", digest.mail.text.as_bytes())?,
        subject: digest.mail.subject.clone(),
    })
}
