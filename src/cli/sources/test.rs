//! `sources test`: reads a source now, shows what it gives, and keeps nothing.

use super::super::talk::{print, print_json};
use super::super::{DONE, FAILED, runtime};
use super::items::{first_items, item_json};
use crate::app::{self, Folders, Probe};
use crate::model::{Item, SourceSpec, Usage};
use crate::wording::{Reader, one_line, usage_words};
use serde_json::json;
use std::collections::BTreeMap;

/// The longest message.
const MESSAGE_LIMIT: usize = 300;

pub(super) fn test(folders: &Folders, id: &str, json: bool) -> anyhow::Result<u8> {
    let looked = runtime()?.block_on(app::try_source(folders, id))?;
    let (spec, probe) = looked.found;
    let code = if probe.items.is_empty() && probe.error.is_some() { FAILED } else { DONE };
    let mut brands: BTreeMap<String, usize> = BTreeMap::new();
    for mention in probe.items.iter().flat_map(|(_, studied)| &studied.analysis.mentions) {
        *brands.entry(mention.brand.to_string()).or_default() += 1;
    }
    if json {
        print_json(&json!({
            "source": spec.name, "engine": spec.engine, "url": spec.url, "title": probe.title, "answers": probe.n_answers,
            "pages_left": probe.n_left, "items": probe.items.len(), "error": probe.error, "problems": probe.problems,
            "mentions": brands, "budgets": probe.usages, "first": probe.items.iter().take(3).map(|(item, _)| item_json(item)).collect::<Vec<_>>(),
        }))?;
        return Ok(code);
    }
    let reader = Reader::new("en", &looked.zone);
    tell(&spec, &probe, &brands, |usage| usage_words(usage, &reader, looked.now))?;
    let mut shown: Vec<&Item> = probe.items.iter().map(|(item, _)| item).collect();
    let named: Vec<&Item> =
        probe.items.iter().filter(|(_, studied)| !studied.analysis.mentions.is_empty()).map(|(item, _)| item).collect();
    if !named.is_empty() {
        print("with a mention:")?;
        first_items(&named, &reader, looked.now)?;
        shown.retain(|item| !named.iter().any(|named| named.key == item.key));
    }
    if !shown.is_empty() {
        print(if named.is_empty() { "the newest:" } else { "others:" })?;
        first_items(&shown, &reader, looked.now)?;
    }
    Ok(code)
}

fn tell(
    spec: &SourceSpec,
    probe: &Probe,
    brands: &BTreeMap<String, usize>,
    words: impl Fn(&Usage) -> String,
) -> std::io::Result<()> {
    print(&format!("{}: {} {}", spec.name, spec.engine, spec.url))?;
    let row = |name: &str, words: &str| print(&format!("    {name:<9}  {words}"));
    if let Some(title) = &probe.title {
        row("title", &one_line(title, MESSAGE_LIMIT))?;
    }
    let more = match probe.n_left {
        0 => String::new(),
        n => format!("; a service would read {n} more"),
    };
    let noun = if probe.n_answers == 1 { "answer" } else { "answers" };
    row("gave", &format!("{} items in {} {noun}{more}", probe.items.len(), probe.n_answers))?;
    let named: Vec<String> = brands.iter().map(|(brand, n)| format!("{brand} {n}")).collect();
    let named = if named.is_empty() { "of none of the watched brands".to_owned() } else { named.join(", ") };
    row("mentions", &named)?;
    for problem in probe.problems.iter().take(5) {
        let line = problem.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        row("problem", &one_line(&format!("{}{line}", problem.message), MESSAGE_LIMIT))?;
    }
    probe.usages.iter().try_for_each(|usage| row("budget", &words(usage)))?;
    probe.error.iter().try_for_each(|error| row("error", &one_line(error, MESSAGE_LIMIT)))
}
