//! What became of a link, and what reading it now would give. Works beside a running service and changes nothing.

use super::clock::now;
use super::folders::Folders;
use super::house::{load_config_or_default, settings_to_ask};
use super::look::{LookedAt, looked_at};
use crate::config::Config;
use crate::desk::{Nearness, sources_near, web_address};
use crate::model::{SourceName, SourceSpec, SourceState, Traces};
use crate::pipeline::outlook;
pub use crate::pipeline::{Outlook, PageOutlook};
use crate::store::{OpenError, Store};
use anyhow::Context;
use std::collections::HashMap;
use std::path::Path;

/// The most sources of one site that are told.
const SOURCES_LIMIT: usize = 10;

/// What is known of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The link as it was understood.
    pub url: String,
    /// What became of it; `None` where there is no database yet.
    pub traces: Option<Traces>,
    /// The sources that gave it, then those of the same site, the nearest first.
    pub sources: Vec<SiteSource>,
    /// What reading it now would give; `None` where it is kept, or nobody was to be asked.
    pub outlook: Option<Outlook>,
}

/// A source of the same site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteSource {
    /// How near it is.
    pub nearness: Nearness,
    /// Its address; `None` where it left `sources.toml`.
    pub url: Option<String>,
    /// What is remembered of it.
    pub state: SourceState,
}

/// What became of the link `typed`. Where nothing of it is kept, it is asked for now, unless `offline`.
///
/// # Errors
/// Where `typed` is no web address, the configuration is wrong, or there is a database that cannot be read.
pub async fn why(folders: &Folders, typed: &str, offline: bool) -> anyhow::Result<LookedAt<Why>> {
    let url = web_address(typed)?;
    let config = load_config_or_default(folders)?;
    let found = look(&folders.data(Some(&config))?, &config, url, offline).await?;
    Ok(looked_at(config, found))
}

async fn look(data: &Path, config: &Config, url: String, offline: bool) -> anyhow::Result<Why> {
    let (traces, states, limits) = match Store::open_read_only(data) {
        Ok(store) => {
            (Some(store.trace(url.clone()).await?), store.source_states().await?, store.host_limits(now()).await?)
        }
        Err(OpenError::Missing { .. }) => (None, Vec::new(), Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let specs = &config.watch.sources;
    let sources = site_sources(&url, traces.as_ref(), specs, &states);
    let is_kept = traces.as_ref().is_some_and(|traces| !traces.kept.is_empty());
    let outlook = if offline || is_kept {
        None
    } else {
        let nearest = sources.first().and_then(|near| specs.iter().find(|spec| spec.name == near.state.source));
        let settings = settings_to_ask(config.clone())?;
        Some(outlook(&settings, &url, nearest, &limits, now()).await.context("the network cannot be used")?)
    };
    Ok(Why { url, traces, sources, outlook })
}

fn site_sources(url: &str, traces: Option<&Traces>, specs: &[SourceSpec], states: &[SourceState]) -> Vec<SiteSource> {
    let states: HashMap<_, _> = states.iter().map(|state| (&state.source, state)).collect();
    let mut found: Vec<(Nearness, SourceName)> = Vec::new();
    let kept = traces.into_iter().flat_map(|traces| traces.kept.iter().map(|item| &item.source));
    let passed = traces.into_iter().flat_map(|traces| traces.passed.iter().map(|item| &item.source));
    let gave = kept.chain(passed).map(|source| (Nearness::Gave, source.clone()));
    let near = sources_near(url, specs).into_iter().map(|(nearness, spec)| (nearness, spec.name.clone()));
    for (nearness, source) in gave.chain(near) {
        if !found.iter().any(|(_, known)| *known == source) {
            found.push((nearness, source));
        }
    }
    found.truncate(SOURCES_LIMIT);
    let of = |(nearness, source): (Nearness, SourceName)| SiteSource {
        nearness,
        url: specs.iter().find(|spec| spec.name == source).map(|spec| spec.url.clone()),
        state: states.get(&source).map_or_else(|| SourceState::unread(source), |state| (*state).clone()),
    };
    found.into_iter().map(of).collect()
}
