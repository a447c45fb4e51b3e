//! `crawl --once` and `run`.

use super::progress::Bar;
use super::talk::{print, print_json, terminal, warn};
use super::{DONE, runtime};
use crate::app::{self, CrawlOutcome, Folders, House, load_config};
use crate::config::Config;
use crate::model::{SourceName, SourceState};
use serde_json::json;
use std::sync::{Mutex, PoisonError};

pub(super) fn crawl(folders: &Folders, source: Option<&str>, force: bool, json: bool) -> anyhow::Result<u8> {
    let config = load_config(folders)?;
    let runtime = one_thread()?;
    let house = {
        let _inside = runtime.enter();
        open(folders, config, json)?
    };
    let n_sources = if source.is_some() { 1 } else { house.parts.settings.watch.sources.len() };
    let source = source.map(SourceName::new);
    let bar = Mutex::new((0, Bar::new("reading", json)));
    let on_read = |state: &SourceState| {
        let (n_read, bar) = &mut *bar.lock().unwrap_or_else(PoisonError::into_inner);
        *n_read += 1;
        if !state.health.is_good() {
            bar.say(&format!("{}: {}", state.source, state.message));
        }
        bar.tell(*n_read, u64::try_from(n_sources).unwrap_or(u64::MAX));
    };
    let outcome = runtime.block_on(app::crawl(&house, source, force, &on_read))?;
    drop(bar);
    tell(&outcome, json)?;
    Ok(DONE)
}

/// Opens the house; a migration of much data shows how far it is.
fn open(folders: &Folders, config: Config, json: bool) -> anyhow::Result<House> {
    let mut bar = Bar::new("bringing the database up to date", json);
    House::open_telling(folders, config, terminal(), &mut |n_done, n_all| bar.tell(n_done, n_all))
}

/// A runtime whose network lives on this thread: an answer goes through no other, and the cores are for the analysis,
/// which has threads of its own.
fn one_thread() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn tell(outcome: &CrawlOutcome, json: bool) -> std::io::Result<()> {
    let (tally, committed) = (&outcome.tally, &outcome.tally.committed);
    if json {
        let unread: Vec<_> = tally
            .unread
            .iter()
            .map(|state| json!({ "source": state.source, "health": state.health, "message": state.message }))
            .collect();
        return print_json(&json!({
            "sources_asked": tally.n_asked,
            "items_new": committed.new_items,
            "items_kept": committed.new_kept,
            "opportunities": committed.new_opportunities,
            "alerts_delivered": outcome.n_delivered,
            "alerts_waiting": outcome.n_waiting,
            "unread": unread,
        }));
    }
    print(&format!(
        "asked {} sources, {} could not be read; {} new items, {} kept, {} opportunities; {} alerts delivered, {} waiting",
        tally.n_asked,
        tally.unread.len(),
        committed.new_items,
        committed.new_kept,
        committed.new_opportunities,
        outcome.n_delivered,
        outcome.n_waiting,
    ))
}

pub(super) fn run(folders: &Folders) -> anyhow::Result<u8> {
    let config = load_config(folders)?;
    config.warnings.iter().for_each(|warning| warn(&warning.to_string()));
    let runtime = runtime()?;
    let house = {
        let _inside = runtime.enter();
        open(folders, config, false)?
    };
    runtime.block_on(app::run(&house))?;
    // Blocking work that is still under way must not hold up the stop.
    runtime.shutdown_background();
    Ok(DONE)
}
