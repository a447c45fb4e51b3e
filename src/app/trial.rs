//! Tries a query or a brand before it counts: on what is kept, on texts, on what the sources hold. Changes nothing.

use super::clock::now;
use super::discover::store_to_count;
use super::folders::Folders;
use super::house::{load_config, settings_to_ask};
use super::look::{LookedAt, looked_at};
use crate::config::Config;
use crate::model::{BrandId, Item, ItemKey, Look, Phase, SourceName};
use crate::pipeline::{Probe, Settings, Studied, Studying, try_source as read_once};
use crate::query::{Query, Subject};
use crate::store::{LOOKED_AT_MOST, OpenError, Store};
use anyhow::{Context, anyhow};
use futures_util::{StreamExt, stream};

/// How many sources are read at once, and how many of them in all.
const AT_ONCE: usize = 8;
const SOURCES_MOST: usize = 200;

/// What is tried.
#[derive(Debug, Clone, PartialEq)]
pub enum Trial {
    /// A query.
    Query(Box<Query>),
    /// A brand, by the configuration of now.
    Brand(BrandId),
}

/// What it is tried on.
#[derive(Debug, Clone, PartialEq)]
pub enum Ground {
    /// The mentions that are kept.
    Kept,
    /// Items.
    Items(Vec<Item>),
    /// What the sources hold.
    Sources,
}

/// What a trial gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrialFound {
    /// How many items were looked at.
    pub n_looked_at: usize,
    /// Those that it catches, in the order of the ground.
    pub caught: Vec<Item>,
    /// The sources that gave nothing, with the reason.
    pub silent: Vec<(SourceName, String)>,
    /// The sources that were read.
    pub n_sources: usize,
    /// Not all was looked at.
    pub is_cut_off: bool,
}

/// Tries `trial` on `ground`; `told` hears of each source that was read.
///
/// # Errors
/// Where the configuration is wrong, there is no such brand, or no database that can be read.
pub async fn try_out(
    folders: &Folders,
    trial: &Trial,
    ground: Ground,
    told: &(dyn Fn(usize, usize) + Sync),
) -> anyhow::Result<LookedAt<TrialFound>> {
    let config = load_config(folders)?;
    if let Trial::Brand(id) = trial {
        let is_there = config.watch.brands.iter().any(|brand| brand.id == *id);
        is_there.then_some(()).ok_or_else(|| anyhow!("there is no brand `{id}` in sources.toml"))?;
    }
    let settings = settings_to_ask(config.clone())?;
    let found = match ground {
        Ground::Items(items) => on_items(&settings, trial, items),
        Ground::Kept => on_kept(folders, &config, &settings, trial).await?,
        Ground::Sources => on_sources(folders, &config, &settings, trial, told).await?,
    };
    Ok(looked_at(config, found))
}

fn on_items(settings: &Settings, trial: &Trial, items: Vec<Item>) -> TrialFound {
    let studying = Studying::new(settings);
    let mut found = TrialFound { n_looked_at: items.len(), ..TrialFound::default() };
    for mut item in items {
        let studied = studying.study(&mut item, now());
        if is_caught(trial, &item, &studied) {
            found.caught.push(item);
        }
    }
    found
}

async fn on_kept(folders: &Folders, config: &Config, settings: &Settings, trial: &Trial) -> anyhow::Result<TrialFound> {
    let store = match Store::open_read_only(&folders.data(Some(config))?) {
        Ok(store) => store,
        Err(OpenError::Missing { .. }) => return Ok(TrialFound::default()),
        Err(error) => return Err(error.into()),
    };
    let look = Look { all: true, ..Look::newest(LOOKED_AT_MOST) };
    let n_kept = usize::try_from(store.stats().await?.items_kept).unwrap_or(usize::MAX);
    let mut found = TrialFound { n_looked_at: n_kept, ..TrialFound::default() };
    match trial {
        Trial::Query(query) => {
            let kept = store.search((**query).clone(), look).await?;
            found.is_cut_off = kept.is_cut_off;
            found.caught = kept.cards.into_iter().map(|card| card.item).collect();
        }
        Trial::Brand(_) => {
            let cards = store.mentions(look).await?;
            found.is_cut_off = cards.len() == LOOKED_AT_MOST;
            let mut items: Vec<Item> = cards.into_iter().map(|card| card.item).collect();
            items.dedup_by(|one, other| one.key == other.key);
            found.caught = on_items(settings, trial, items).caught;
        }
    }
    // An item may be about several brands.
    found.caught.dedup_by(|one, other| one.key == other.key);
    Ok(found)
}

async fn on_sources(
    folders: &Folders,
    config: &Config,
    settings: &Settings,
    trial: &Trial,
    told: &(dyn Fn(usize, usize) + Sync),
) -> anyhow::Result<TrialFound> {
    let specs: Vec<_> = config.watch.sources.iter().take(SOURCES_MOST).collect();
    let counted = specs.iter().find(|spec| spec.has_budget()).or(specs.first());
    let store = counted.map(|spec| store_to_count(folders, config, spec)).transpose()?.flatten();
    let mut found = TrialFound {
        n_sources: specs.len(),
        is_cut_off: config.watch.sources.len() > SOURCES_MOST,
        ..TrialFound::default()
    };
    let reads = specs.iter().map(|spec| {
        let (settings, store) = (&settings, store.as_ref());
        async move { (spec.name.clone(), read_once(settings, spec, store, now()).await) }
    });
    let mut reads = stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut n_read = 0;
    while let Some((name, read)) = reads.next().await {
        let Probe { items, error, .. } = read.context("the network cannot be used")?;
        n_read += 1;
        told(n_read, specs.len());
        found.n_looked_at += items.len();
        if let (true, Some(error)) = (items.is_empty(), error) {
            found.silent.push((name, error));
        }
        found
            .caught
            .extend(items.into_iter().filter(|(item, studied)| is_caught(trial, item, studied)).map(|(item, _)| item));
    }
    Ok(found)
}

/// Whether the trial catches `item`: by itself, or seen as being about one of its brands.
fn is_caught(trial: &Trial, item: &Item, studied: &Studied) -> bool {
    let mentions = &studied.analysis.mentions;
    let query = match trial {
        Trial::Brand(id) => return mentions.iter().any(|mention| mention.brand == *id),
        Trial::Query(query) => query,
    };
    let lang = studied.analysis.lang.as_deref();
    let alone = || Subject::new(item).in_language(lang);
    let about = mentions.iter().enumerate().any(|(index, mention)| {
        let judgement = studied.judged.get(index).map(|judged| &judged.judgement);
        let phase = judgement.map_or(Phase::None, |judgement| judgement.phase);
        let kinds = judgement.map_or(&[][..], |judgement| judgement.kinds.as_slice());
        query.matches(&alone().about(&mention.brand, mention.sentiment.label, phase, kinds))
    });
    about || query.matches(&alone())
}

/// The items of a file: one text or one JSON object with `text` a line.
#[must_use]
pub fn items_of_lines(text: &str) -> Vec<Item> {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).enumerate();
    lines
        .map(|(number, line)| {
            let key = ItemKey { namespace: "file".to_owned(), id: (number + 1).to_string() };
            let mut item = Item::new(SourceName::new("file"), key);
            let json: Option<serde_json::Value> = serde_json::from_str(line).ok().filter(serde_json::Value::is_object);
            match json {
                Some(json) => {
                    let text = |key: &str| json.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
                    item.text = text("text").unwrap_or_default();
                    item.title = text("title").unwrap_or_default();
                    item.lang = text("lang");
                    item.url = text("url");
                    item.author.name = text("author");
                }
                None => line.clone_into(&mut item.text),
            }
            item
        })
        .collect()
}
