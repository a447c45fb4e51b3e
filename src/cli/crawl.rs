//! `crawl --once` and `run`.

use super::talk::{print, print_json, say};
use super::{DONE, runtime};
use crate::app::{self, CrawlOutcome, Folders, House, load_config};
use crate::model::{SourceName, SourceState};
use serde_json::json;

pub(super) fn crawl(folders: &Folders, source: Option<&str>, force: bool, json: bool) -> anyhow::Result<u8> {
    let config = load_config(folders)?;
    let runtime = runtime()?;
    let house = {
        let _inside = runtime.enter();
        House::open(folders, config, Box::new(std::io::stdout()))?
    };
    let source = source.map(SourceName::new);
    let on_read = |state: &SourceState| {
        if !state.health.is_good() {
            say(&format!("{}: {}", state.source, state.message));
        }
    };
    let outcome = runtime.block_on(app::crawl(&house, source, force, &on_read))?;
    tell(&outcome, json)?;
    Ok(DONE)
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
    config.warnings.iter().for_each(|warning| say(&warning.to_string()));
    let runtime = runtime()?;
    let house = {
        let _inside = runtime.enter();
        House::open(folders, config, Box::new(std::io::stdout()))?
    };
    runtime.block_on(app::run(&house))?;
    // Blocking work that is still under way must not hold up the stop.
    runtime.shutdown_background();
    Ok(DONE)
}
