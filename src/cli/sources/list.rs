//! `sources list`: how well each source can be read, since when, why, what to do; its rhythm and its delay; what of our own
//! does not work.

use super::super::talk::{print, print_json, say};
use super::super::{DONE, runtime};
use crate::app::{self, Folders, SourcesLook};
use crate::model::{SourceHealth, SourceState, Subscription, Trouble, Usage, Wish};
use crate::wording::{
    Language, Reader, advice, health_name, masked_recipient, one_line, part_words, quiet_words, usage_words,
};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;

/// The longest message.
const MESSAGE_LIMIT: usize = 300;

pub(super) fn list(folders: &Folders, json: bool) -> anyhow::Result<u8> {
    let looked = runtime()?.block_on(app::sources(folders))?;
    let SourcesLook { states, subscriptions, usages, troubles } = &looked.found;
    let reader = Reader::new("en", &looked.zone);
    for state in states {
        let usages: Vec<&Usage> = usages.iter().filter(|usage| usage.source == state.source).collect();
        let hub = subscriptions.iter().find(|known| known.source == state.source && known.wish == Wish::Subscribe);
        if json {
            print_json(&as_json(state, hub, &usages))?;
        } else {
            tell(state, hub, &usages, &reader, looked.now)?;
        }
    }
    if states.is_empty() {
        say("no sources; add a [[source]] to sources.toml");
    }
    if !json {
        print(&in_short(states))?;
    }
    tell_troubles(troubles, json, &reader, looked.now)?;
    Ok(DONE)
}

/// What of our own does not work, one line and the particulars each.
pub(in crate::cli) fn tell_troubles(
    troubles: &[Trouble],
    json: bool,
    reader: &Reader,
    now: Timestamp,
) -> std::io::Result<()> {
    for trouble in troubles {
        if json {
            print_json(&json!({ "trouble": trouble }))?;
            continue;
        }
        let (what, advice) = part_words(&trouble.part, reader.language);
        let since = trouble.since.map(|at| format!(" since {}", reader.moment(at, now))).unwrap_or_default();
        print(&format!("porterhouse itself: {what}{since}"))?;
        print(&format!("    why        {}", one_line(&trouble.message, MESSAGE_LIMIT)))?;
        print(&format!("    to do      {advice}"))?;
    }
    Ok(())
}

fn as_json(state: &SourceState, hub: Option<&Subscription>, usages: &[&Usage]) -> serde_json::Value {
    let memory = &state.memory;
    json!({
        "source": state.source, "health": state.health, "cause": state.cause, "message": state.message,
        "to_do": advice(state.cause, state.health, Language::En), "since": state.since,
        "asked_at": state.asked_at, "read_at": state.read_at, "due_at": state.due_at, "failures": state.failures,
        "news_at": memory.news_at, "mention_at": memory.mention_at, "usual_gap_s": memory.gap_s,
        "usual_delay_s": memory.usual_delay_s(), "moved_to": memory.adopted, "hub": hub, "budgets": usages,
    })
}

fn tell(
    state: &SourceState,
    hub: Option<&Subscription>,
    usages: &[&Usage],
    reader: &Reader,
    now: Timestamp,
) -> std::io::Result<()> {
    let moment = |at: Timestamp| reader.moment(at, now);
    let since = state.since.map(|at| format!(" since {}", moment(at))).unwrap_or_default();
    print(&format!("{}: {}{since}", state.source, health_name(state.health, reader.language)))?;
    let hub = hub.map(|hub| ("hub", hub_words(hub, reader, now)));
    let budgets = usages.iter().map(|usage| ("budget", usage_words(usage, reader, now)));
    let rows = rows(state, reader, now).into_iter().chain(hub).chain(budgets);
    rows.into_iter().try_for_each(|(name, words)| print(&format!("    {name:<9}  {words}")))
}

/// `https://hub.example tells until 14:00`: the host alone, as a hub's path may be its key.
fn hub_words(hub: &Subscription, reader: &Reader, now: Timestamp) -> String {
    let name = masked_recipient(&hub.hub);
    let moment = |at: Timestamp| reader.moment(at, now);
    match hub.lease_until.filter(|_| hub.is_alive(now)) {
        Some(until) if hub.is_trusted(now) => format!("{name} tells us what is new until {}", moment(until)),
        Some(until) => format!("{name} agreed to tell us until {}, but did not tell all", moment(until)),
        None if !hub.message.is_empty() => format!("{name}: {}", one_line(&hub.message, MESSAGE_LIMIT)),
        None => format!("{name} is asked to tell us what is new"),
    }
}

fn rows(state: &SourceState, reader: &Reader, now: Timestamp) -> Vec<(&'static str, String)> {
    let moment = |at: Timestamp| reader.moment(at, now);
    let memory = &state.memory;
    let mut rows = Vec::new();
    if !state.message.is_empty() {
        rows.push(("why", one_line(&state.message, MESSAGE_LIMIT)));
    } else if state.health == SourceHealth::Quiet {
        rows.push(("why", quiet_words(memory, reader, now)));
    }
    let to_do = advice(state.cause, state.health, reader.language);
    if !to_do.is_empty() {
        rows.push(("to do", to_do.to_owned()));
    }
    if state.failures > 1 {
        rows.push(("failed", format!("{} times in a row", state.failures)));
    }
    if let Some(url) = &memory.adopted {
        rows.push(("moved to", format!("{}; please update sources.toml", one_line(url, MESSAGE_LIMIT))));
    }
    rows.push(("last read", state.read_at.map_or_else(|| "never".to_owned(), moment)));
    rows.push((
        "next",
        match state.due_at.filter(|due| *due > now) {
            _ if state.health == SourceHealth::Gone => "not any more: it is gone for good".to_owned(),
            Some(due) => moment(due),
            None => "as soon as the service looks".to_owned(),
        },
    ));
    let usually = memory.gap_s.map(|gap| format!(", usually every {}", reader.language.duration(gap.into())));
    rows.extend(memory.news_at.map(|at| ("new items", format!("{}{}", moment(at), usually.unwrap_or_default()))));
    rows.extend(memory.mention_at.map(|at| ("mention", moment(at))));
    if let Some(delay) = memory.usual_delay_s() {
        rows.push(("delay", format!("usually read {} after publication", reader.language.duration(delay.into()))));
    }
    rows
}

/// `12 sources: 1 closed to us, 11 up to date`.
fn in_short(states: &[SourceState]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for state in states {
        *counts.entry(health_name(state.health, Language::En)).or_default() += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let noun = if states.len() == 1 { "source" } else { "sources" };
    if parts.is_empty() { "0 sources".to_owned() } else { format!("{} {noun}: {}", states.len(), parts.join(", ")) }
}
