//! `crawl --once`: read, tell, end.

use super::house::{House, watch_only};
use crate::model::{SourceName, SourceState};
use crate::pipeline::{self, Selection, Tally};
use anyhow::bail;

/// What one crawl gave.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlOutcome {
    /// What was read.
    pub tally: Tally,
    /// Alerts that were delivered.
    pub n_delivered: u64,
    /// Alerts that will be tried again.
    pub n_waiting: u64,
}

/// Reads the sources (or `source` alone) that are due, or all with `force`, once, routes what came of it and delivers what is due.
///
/// # Errors
/// Where `source` names a source that is not watched, or the store fails.
pub async fn crawl(
    house: &House,
    source: Option<SourceName>,
    force: bool,
    on_read: &(dyn Fn(&SourceState) + Sync),
) -> anyhow::Result<CrawlOutcome> {
    let parts = &house.parts;
    let selection = Selection { source, force };
    if let Some(name) = &selection.source
        && !parts.settings.watch.sources.iter().any(|spec| spec.name == *name)
    {
        bail!("there is no source `{name}` in sources.toml; `porterhouse check` lists them");
    }
    if let Some(name) = &selection.source
        && parts.settings.watch.sources.iter().any(|spec| spec.name == *name && pipeline::is_only_heard(spec))
    {
        bail!("source `{name}` is a stream, which is not asked but listened to; start `porterhouse run`");
    }
    watch_only(parts).await?;
    tracing::debug!(n_sources = parts.settings.watch.sources.len(), "asking those that are due");
    let tally = pipeline::crawl_once(parts, &selection, &|state| {
        let (source, health) = (&state.source, state.health.as_str());
        tracing::debug!(%source, health, "asked {source}");
        on_read(state);
    })
    .await?;
    pipeline::route_pending(parts).await?;
    let (mut n_delivered, n_waiting) = pipeline::deliver_due(parts).await?;
    pipeline::look_after_house(parts).await?;
    pipeline::route_pending(parts).await?;
    n_delivered += pipeline::deliver_due(parts).await?.0;
    parts.store.close().await;
    Ok(CrawlOutcome { tally, n_delivered, n_waiting })
}
