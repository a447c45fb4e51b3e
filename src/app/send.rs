//! `digest --send`: the digest of now, to those who have none of today.
//!
//! It goes through the outbox like every message. A running service delivers it within a second; where none holds the
//! data folder, this process does, so that two never deliver from one outbox.

use super::clock::now;
use super::folders::Folders;
use super::house::{House, load_config};
use super::web::links;
use crate::pipeline::{self, ALERT_LIST, DIGEST_LIST, Terminal};
use crate::store::{DataFolder, OpenError, Store};
use anyhow::bail;

/// What became of the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestSent {
    /// Each recipient, and whether a digest was made for them; those who have today's get none.
    pub recipients: Vec<(String, bool)>,
    /// What this process delivered and what it has to try again; `None` where the one that holds the folder delivers.
    pub delivered: Option<(u64, u64)>,
}

/// Sends to `recipient` again what they had left: the names of the lists.
///
/// # Errors
/// Where the configuration is wrong, or there is no database that can be written.
pub async fn put_back(folders: &Folders, recipient: &str) -> anyhow::Result<Vec<&'static str>> {
    let config = load_config(folders)?;
    let store = Store::open_beside(&folders.data(Some(&config))?)?;
    let mut lists = Vec::new();
    for list in [DIGEST_LIST, ALERT_LIST] {
        if store.come_back(list, recipient).await? {
            lists.push(list);
        }
    }
    store.close().await;
    Ok(lists)
}

/// Makes the digest of now for each recipient who has none of today (for all with `again`), and sees to its delivery.
///
/// # Errors
/// Where no digest channel is set, or the store fails.
pub async fn send_digest(folders: &Folders, again: bool, terminal: Terminal) -> anyhow::Result<DigestSent> {
    let config = load_config(folders)?;
    let (watch, mut settings) = (config.watch.clone(), config.digest.clone());
    let channel = config.alert.channels.iter().find(|channel| Some(&channel.name) == settings.channel.as_ref());
    let recipients = channel.map(|channel| channel.recipients().to_vec()).unwrap_or_default();
    if recipients.is_empty() {
        bail!("no digest is sent: write `channel` of an e-mail channel into [digest] of porterhouse.toml");
    }
    let data = folders.data(Some(&config))?;
    settings.links = links(config.web.as_ref(), &DataFolder::open(&data)?)?;
    let house = match House::open(folders, config, terminal) {
        Ok(house) => Some(house),
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::InUse { .. })) => None,
        Err(error) => return Err(error),
    };
    let store = match &house {
        Some(house) => house.parts.store.clone(),
        None => Store::open_beside(&data)?,
    };
    let left = store.left_lists().await?;
    let has_left = |to: &String| left.iter().any(|left| left.list == DIGEST_LIST && left.recipient == *to);
    let recipients: Vec<String> = recipients.into_iter().filter(|to| !has_left(to)).collect();
    let made = pipeline::digest_now(&store, &watch, &settings, &recipients, again, now()).await?;
    let delivered = match &house {
        Some(house) => Some(pipeline::deliver_due(&house.parts).await?),
        None => None,
    };
    store.close().await;
    Ok(DigestSent { recipients: recipients.into_iter().zip(made).collect(), delivered })
}
