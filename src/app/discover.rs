//! Finds sources and tries them. Works beside a running service; of it only `sources.toml` is changed.

use super::clock::now;
use super::folders::Folders;
use super::house::{load_config, load_config_or_default, settings_to_ask};
use super::look::{LookedAt, looked_at};
use crate::config::Config;
use crate::desk::web_address;
use crate::model::{SourceSpec, SourceState};
pub use crate::pipeline::{Discovery, OfferKind, Probe, Tried};
use crate::pipeline::{discover as look_around, try_source as read_once};
use crate::store::{OpenError, Store};
use anyhow::{Context, anyhow};

/// What can be listened to at the address `typed`; `told` hears of each address before it is asked.
///
/// # Errors
/// Where `typed` is no web address, the configuration is wrong, or there is a database that cannot be read.
pub async fn discover(
    folders: &Folders,
    typed: &str,
    told: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<LookedAt<Discovery>> {
    let url = web_address(typed)?;
    let config = load_config_or_default(folders)?;
    let states = states(folders, &config).await?;
    let settings = settings_to_ask(config.clone())?;
    let found = look_around(&settings, &url, &states, now(), told).await.context("the network cannot be used")?;
    Ok(looked_at(config, found))
}

/// The source `id`, and what reading it now gives.
///
/// # Errors
/// Where there is no such source, the configuration is wrong, or there is a database that cannot be read.
pub async fn try_source(folders: &Folders, id: &str) -> anyhow::Result<LookedAt<(SourceSpec, Probe)>> {
    let config = load_config(folders)?;
    let states = states(folders, &config).await?;
    let spec = config.watch.sources.iter().find(|spec| spec.name.as_str() == id).cloned();
    let spec = spec.ok_or_else(|| anyhow!("there is no source `{id}`; `porterhouse sources` lists them"))?;
    let settings = settings_to_ask(config.clone())?;
    let found = read_once(&settings, &spec, &states, now()).await.context("the network cannot be used")?;
    Ok(looked_at(config, (spec, found)))
}

async fn states(folders: &Folders, config: &Config) -> anyhow::Result<Vec<SourceState>> {
    match Store::open_read_only(&folders.data(Some(config))?) {
        Ok(store) => Ok(store.source_states().await?),
        Err(OpenError::Missing { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
