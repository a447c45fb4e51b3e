//! Says that a mention is otherwise than it was judged, and gives what was said so. Works beside a running service.

use super::clock::now;
use super::folders::Folders;
use super::house::load_config_or_default;
use crate::desk::labelled_posts;
use crate::model::{BrandId, Change, Corrected, ItemId};
use crate::store::Store;
use serde_json::Value;

/// Lays `changes` over what is stored of `item` and keeps who said so: the user of this process.
///
/// # Errors
/// Where the configuration is wrong, or there is no database that can be written.
pub async fn correct(
    folders: &Folders,
    item: ItemId,
    brand: Option<BrandId>,
    changes: Vec<Change>,
) -> anyhow::Result<Corrected> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_beside(&folders.data(Some(&config))?)?;
    let corrected = store.correct(item, brand, changes, user(), now()).await?;
    store.close().await;
    Ok(corrected)
}

/// What people said is otherwise, as labelled posts that `evaluate` reads, by item and brand.
///
/// # Errors
/// Where the configuration is wrong, or there is no database that can be read.
pub async fn corrections(folders: &Folders) -> anyhow::Result<Vec<Value>> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    let corrected = store.corrected().await?;
    store.close().await;
    Ok(labelled_posts(&corrected, &config.watch.brands))
}

/// The name of the user as the system's environment gives it; a service may have none.
fn user() -> String {
    ["USER", "LOGNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
