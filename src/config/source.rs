//! `[[source]]`: where we listen.

use super::brand::{first_line, unique_id};
use super::form;
use super::reader::Reader;
use super::value::listed;
use crate::model::{Medium, SourceName, SourceSpec};
use crate::source;
use std::collections::HashMap;
use std::time::Duration;

/// What [`Medium`] can be, as it is written.
const MEDIA: [&str; 11] =
    ["tweet", "post", "comment", "review", "blog", "forum", "news", "web", "video", "mail", "facebook"];

/// The shortest and the longest time between two readings of a source.
const EVERY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(365 * 86_400));

/// Reads every `[[source]]`.
pub(super) fn read_sources(root: &mut Reader<'_>) -> Vec<SourceSpec> {
    let mut taken_ids = HashMap::new();
    let mut taken_urls = HashMap::new();
    let mut sources = Vec::new();
    for mut table in root.tables("source", "source", "a source") {
        sources.extend(read_source(&mut table, &mut taken_ids, &mut taken_urls));
        table.finish();
    }
    sources
}

fn read_source(
    table: &mut Reader<'_>,
    taken_ids: &mut HashMap<String, usize>,
    taken_urls: &mut HashMap<String, usize>,
) -> Option<SourceSpec> {
    let id = table.required("id", "id = \"...\"").and_then(|id| unique_id(&id, taken_ids));
    let engine = read_engine(table);
    let url = table.required("url", "url = \"https://...\"").and_then(|url| {
        let address = form::address(&url)?;
        if let Some(line) = first_line(&url, address.as_str(), taken_urls) {
            url.warn(&format!("stands already on line {line}"), "one of the two brings nothing new");
        }
        Some(address)
    });
    let every = table.duration("every", EVERY.0, EVERY.1);
    let medium = table.text("medium").and_then(|text| {
        let medium: Option<Medium> = text.text.parse().ok();
        if medium.is_none() {
            text.unknown(&MEDIA);
        }
        medium
    });
    let lang = table.text("lang").and_then(|lang| form::language(&lang));
    Some(SourceSpec { name: SourceName::new(id?), engine: engine?, url: url?.into(), every, medium, lang })
}

/// The engine, named by itself or through a preset; exactly one of the two.
fn read_engine(table: &mut Reader<'_>) -> Option<String> {
    let engine = table.value("engine");
    let preset = table.text("preset");
    if engine.is_none() && preset.is_none() {
        table.missing("engine", "write `engine = \"feed\"`");
    }
    if let Some(preset) = preset {
        // No preset is built in yet, so every name is unknown.
        preset.reject("is no preset that is built in", &format!("write `engine = {}`", listed(&engines())));
    }
    let engine = engine?.text()?;
    if !source::is_engine(&engine.text) {
        engine.unknown(&engines());
        return None;
    }
    Some(engine.text)
}

/// The engines that read sources, by name.
fn engines() -> Vec<&'static str> {
    source::ENGINES.iter().map(|engine| engine.name).collect()
}
