//! Finds sources and tries them. Works beside a running service; of it only `sources.toml` is changed.

use super::clock::now;
use super::folders::Folders;
use super::house::{load_config, load_config_or_default, settings_to_ask};
use super::look::{LookedAt, looked_at};
use crate::config::Config;
use crate::desk::web_address;
use crate::model::SourceSpec;
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
    let limits = match store_to_read(folders, &config)? {
        Some(store) => store.host_limits(now()).await?,
        None => Vec::new(),
    };
    let settings = settings_to_ask(config.clone())?;
    let found = look_around(&settings, &url, &limits, now(), told).await.context("the network cannot be used")?;
    Ok(looked_at(config, found))
}

/// The source `id`, and what reading it now gives.
///
/// # Errors
/// Where there is no such source, the configuration is wrong, or there is a database that cannot be read.
pub async fn try_source(folders: &Folders, id: &str) -> anyhow::Result<LookedAt<(SourceSpec, Probe)>> {
    let config = load_config(folders)?;
    let spec = config.watch.sources.iter().find(|spec| spec.name.as_str() == id).cloned();
    let spec = spec.ok_or_else(|| anyhow!("there is no source `{id}`; `porterhouse sources` lists them"))?;
    let store = store_to_count(folders, &config, &spec)?;
    let settings = settings_to_ask(config.clone())?;
    let found = read_once(&settings, &spec, store.as_ref(), now()).await.context("the network cannot be used")?;
    Ok(looked_at(config, (spec, found)))
}

/// The store, where there is one.
fn store_to_read(folders: &Folders, config: &Config) -> anyhow::Result<Option<Store>> {
    there(Store::open_read_only(&folders.data(Some(config))?))
}

/// The store, where there is one, to count what reading `spec` takes of its budgets: beside a running service.
pub(super) fn store_to_count(folders: &Folders, config: &Config, spec: &SourceSpec) -> anyhow::Result<Option<Store>> {
    if spec.has_budget() {
        there(Store::open_beside(&folders.data(Some(config))?))
    } else {
        store_to_read(folders, config)
    }
}

fn there(opened: Result<Store, OpenError>) -> anyhow::Result<Option<Store>> {
    match opened {
        Ok(store) => Ok(Some(store)),
        Err(OpenError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
