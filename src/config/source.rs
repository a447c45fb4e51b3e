//! `[[source]]`: where we listen.

use super::brand::{first_line, unique_id};
use super::form;
use super::reader::Reader;
use crate::model::{Dictionary, Medium, Recipe, SourceName, SourceSpec, StreamSpec};
use crate::source::{self, Preset};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// What [`Medium`] can be, as it is written.
pub(super) const MEDIA: [&str; 11] =
    ["tweet", "post", "comment", "review", "blog", "forum", "news", "web", "video", "mail", "facebook"];

/// The shortest and the longest time between two readings of a source.
pub(super) const EVERY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(365 * 86_400));

/// The largest dictionary of a stream; those in use have some 100 KB.
const DICTIONARY_BYTES: u64 = 8 << 20;

/// Reads every `[[source]]`.
pub(super) fn read_sources(root: &mut Reader<'_>, folder: &Path) -> Vec<SourceSpec> {
    let mut taken_ids = HashMap::new();
    let mut taken_urls = HashMap::new();
    let mut sources = Vec::new();
    for mut table in root.tables("source", "source", "a source") {
        sources.extend(read_source(&mut table, folder, (&mut taken_ids, &mut taken_urls)));
        table.finish();
    }
    sources
}

fn read_source(
    table: &mut Reader<'_>,
    folder: &Path,
    (taken_ids, taken_urls): (&mut HashMap<String, usize>, &mut HashMap<String, usize>),
) -> Option<SourceSpec> {
    let id = table.required("id", "id = \"...\"").and_then(|id| unique_id(&id, taken_ids));
    let engine = read_engine(table);
    let is_stream = engine.as_ref().is_some_and(|read| source::is_stream(&read.engine));
    let stream = read_stream(table, is_stream, folder);
    let url = if is_stream && !table.has("url") { None } else { table.required("url", "url = \"https://...\"") };
    let url = url.and_then(|url| {
        let address = form::address(&url)?;
        if let Some(line) = first_line(&url, address.as_str(), taken_urls) {
            url.warn(&format!("stands already on line {line}"), "one of the two brings nothing new");
        }
        Some(address.to_string())
    });
    // Where the first host is, a person may look.
    let url = url.or_else(|| is_stream.then(|| page_of(&stream)).flatten());
    let every = table.duration("every", EVERY.0, EVERY.1);
    let medium = table.text("medium").and_then(|text| {
        let medium: Option<Medium> = text.text.parse().ok();
        if medium.is_none() {
            text.unknown(&MEDIA);
        }
        medium
    });
    let lang = table.text("lang").and_then(|lang| form::language(&lang));
    if engine.as_ref().is_some_and(|read| read.engine != "page") {
        if let Some(value) = table.value("follow") {
            value.reject("is of pages only", "remove it, or write `engine = \"page\"`");
        }
        if let Some(recipe) = table.table("recipe", "`[source.recipe]`") {
            recipe.missing("engine = \"page\"", "remove the recipe, or read the source as a page");
        }
    }
    let follow = table.flag("follow");
    let stories = table.flag("stories").unwrap_or(true);
    let recipe = read_recipe(table);
    let Read { engine, preset } = engine?;
    let preset_recipe = preset.and_then(|preset| preset.recipe.clone());
    Some(SourceSpec {
        every,
        medium: medium.or(preset.and_then(|preset| preset.medium)),
        lang,
        recipe: recipe.or(preset_recipe),
        follow,
        stories,
        stream,
        ..SourceSpec::new(SourceName::new(id?), engine, url?)
    })
}

/// `hosts`, `dictionary` and `profiles`, which streams have.
fn read_stream(table: &mut Reader<'_>, is_stream: bool, folder: &Path) -> StreamSpec {
    if !is_stream {
        for key in ["hosts", "dictionary", "profiles"] {
            if let Some(value) = table.value(key) {
                value.reject("is of streams only", "remove it, or write `engine = \"bluesky\"`");
            }
        }
        return StreamSpec::default();
    }
    let hosts = table.texts("hosts").iter().filter_map(form::stream_host).collect();
    let dictionary = table.text("dictionary").and_then(|path| {
        let bytes = read_dictionary(&folder.join(&path.text));
        bytes.map_err(|problem| path.reject(&problem, "name the file of a zstd dictionary, or remove the line")).ok()
    });
    let profiles = table.text("profiles").and_then(|url| form::address(&url)).map(|url| url.to_string());
    StreamSpec { hosts, dictionary, profiles }
}

fn read_dictionary(path: &Path) -> Result<Dictionary, String> {
    let size = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?.len();
    if size > DICTIONARY_BYTES {
        return Err(format!("is larger than {} MB", DICTIONARY_BYTES >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    Ok(Dictionary(bytes.into()))
}

/// The first host of a stream, as an address of the web.
fn page_of(stream: &StreamSpec) -> Option<String> {
    let defaults = source::bluesky::default_hosts();
    let host = stream.hosts.first().or_else(|| defaults.first())?;
    // `wss` and `ws` are `https` and `http` but for this.
    Some(host.replacen("ws", "http", 1))
}

/// How a source is read.
struct Read {
    engine: String,
    preset: Option<&'static Preset>,
}

/// The engine, named by itself or through a preset; exactly one of the two.
fn read_engine(table: &mut Reader<'_>) -> Option<Read> {
    let engine = table.value("engine");
    let preset = table.text("preset");
    match (engine, preset) {
        (None, None) => {
            table.missing("engine", "write `engine = \"feed\"`");
            None
        }
        (Some(_), Some(preset)) => {
            preset.reject("stands beside `engine`", "a preset knows its engine: remove one of the two");
            None
        }
        (None, Some(preset)) => {
            let found = source::preset(&preset.text);
            if found.is_none() {
                preset.unknown(&source::PRESETS.iter().map(|preset| preset.name.as_str()).collect::<Vec<_>>());
            }
            found.map(|preset| Read { engine: preset.engine.clone(), preset: Some(preset) })
        }
        (Some(engine), None) => {
            let engine = engine.text()?;
            if !source::is_engine(&engine.text) {
                engine.unknown(&engines());
                return None;
            }
            Some(Read { engine: engine.text, preset: None })
        }
    }
}

/// `[source.recipe]`.
fn read_recipe(table: &mut Reader<'_>) -> Option<Recipe> {
    let mut table = table.table("recipe", "`[source.recipe]`")?;
    let mut part = |key: &'static str| {
        let text = table.text(key)?;
        match source::check_part(key, &text.text) {
            Ok(()) => Some(text.text),
            Err(error) => {
                text.reject("is no part of a recipe", &error.to_string());
                None
            }
        }
    };
    let recipe = Recipe {
        item: part("item").unwrap_or_default(),
        id: part("id"),
        url: part("url"),
        title: part("title"),
        text: part("text"),
        time: part("time"),
        author: part("author"),
        author_url: part("author_url"),
        rating: part("rating"),
        parent: part("parent"),
        views: part("views"),
        next: part("next"),
        last: part("last"),
    };
    if recipe.item.is_empty() && !table.has("item") {
        table.missing("item", "write `item = \".post\"`: the CSS selector of one item");
    }
    table.finish();
    Some(recipe).filter(|recipe| !recipe.item.is_empty())
}

/// The engines that read sources, by name.
fn engines() -> Vec<&'static str> {
    source::ENGINES.iter().map(|engine| engine.name).collect()
}
