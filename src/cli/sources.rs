//! `sources`: how well each source can be read, since when, why, when it was read and when it is read next.

use super::talk::{print, print_json, say};
use super::{DONE, runtime};
use crate::app::{self, Folders};
use crate::model::{SourceHealth, SourceState};
use crate::wording::{Reader, health_name, one_line};
use jiff::Timestamp;
use serde_json::json;

pub(super) fn sources(folders: &Folders, json: bool) -> anyhow::Result<u8> {
    let looked = runtime()?.block_on(app::sources(folders))?;
    let reader = Reader::new("en", &looked.zone);
    for state in &looked.found {
        if json {
            print_json(&json!({
                "source": state.source, "health": state.health, "message": state.message, "since": state.since,
                "asked_at": state.asked_at, "read_at": state.read_at, "due_at": state.due_at,
                "failures": state.failures,
            }))?;
        } else {
            tell(state, &reader, looked.now)?;
        }
    }
    if looked.found.is_empty() {
        say("no sources; add a [[source]] to sources.toml");
    }
    Ok(DONE)
}

fn tell(state: &SourceState, reader: &Reader, now: Timestamp) -> std::io::Result<()> {
    let moment = |at: Timestamp| reader.moment(at, now);
    let since = state.since.map(|at| format!(" since {}", moment(at))).unwrap_or_default();
    print(&format!("{}: {}{since}", state.source, health_name(state.health, reader.language)))?;
    if !state.message.is_empty() {
        print(&format!("    why        {}", one_line(&state.message, 300)))?;
    }
    if state.failures > 1 {
        print(&format!("    failed     {} times in a row", state.failures))?;
    }
    print(&format!("    last read  {}", state.read_at.map_or_else(|| "never".to_owned(), moment)))?;
    let next = match state.due_at.filter(|due| *due > now) {
        _ if state.health == SourceHealth::Gone => "not any more: it is gone for good".to_owned(),
        Some(due) => moment(due),
        None => "as soon as the service looks".to_owned(),
    };
    print(&format!("    next       {next}"))
}
