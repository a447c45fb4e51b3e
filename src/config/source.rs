//! `[[source]]`: where we listen.

use super::access::{self, Access};
use super::brand::{first_line, unique_id};
use super::presets::Presets;
use super::reader::Reader;
use super::value::Text;
use super::{form, hook, secret};
use super::{import, mastodon};
use crate::model::{
    AuthStyle, Dictionary, GrantKind, Hook, Medium, Preset, Recipe, SecretRef, SourceName, SourceSpec, StreamSearch,
    StreamSpec,
};
use crate::source::{self, json};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What [`Medium`] can be, as it is written.
pub(super) const MEDIA: [&str; 11] =
    ["tweet", "post", "comment", "review", "blog", "forum", "news", "web", "video", "mail", "facebook"];

/// The shortest and the longest time between two readings of a source.
pub(super) const EVERY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(365 * 86_400));

/// The largest dictionary of a stream; those in use have some 100 KB.
const DICTIONARY_BYTES: u64 = 8 << 20;

/// What reading a source may look at: the folder of the configuration, and the presets.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) folder: &'a Path,
    pub(super) presets: &'a Presets,
}

/// Reads every `[[source]]`.
pub(super) fn read_sources(root: &mut Reader<'_>, ground: Ground<'_>) -> (Vec<SourceSpec>, Vec<Hook>) {
    let mut taken_ids = HashMap::new();
    let mut taken_urls = HashMap::new();
    let (mut sources, mut hooks) = (Vec::new(), Vec::new());
    for mut table in root.tables("source", "source", "a source") {
        if table.says("engine", hook::ENGINE) {
            hooks.extend(hook::read_hook(&mut table, &mut taken_ids));
        } else {
            sources.extend(read_source(&mut table, ground, (&mut taken_ids, &mut taken_urls)));
        }
        table.finish();
    }
    (sources, hooks)
}

fn read_source(
    table: &mut Reader<'_>,
    ground: Ground<'_>,
    (taken_ids, taken_urls): (&mut HashMap<String, usize>, &mut HashMap<String, usize>),
) -> Option<SourceSpec> {
    let id = table.required("id", "id = \"...\"").and_then(|id| unique_id(&id, taken_ids));
    let engine = read_engine(table, ground.presets);
    let is_import = engine.as_ref().is_some_and(|read| read.engine == "import");
    let is_stream = engine.as_ref().is_some_and(|read| source::is_stream(&read.engine));
    let stream = read_stream(table, is_stream, ground.folder);
    let by_preset = engine.as_ref().and_then(|read| read.preset.as_ref()).filter(|(preset, _)| makes_address(preset));
    let filled = by_preset.map(|(preset, named)| (read_filled(table, preset), preset, named));
    let is_mastodon = engine.as_ref().is_some_and(|read| read.engine == "mastodon");
    let mastodon = if is_mastodon { mastodon::read(table) } else { None };
    let url = match &filled {
        Some((filled, preset, named)) => {
            filled.as_ref().and_then(|filled| made_address(filled, preset, named, taken_urls))
        }
        None if is_import => None,
        None if is_mastodon => {
            mastodon.as_ref().and_then(|asked| asked.servers.first()).map(|server| server.url.clone())
        }
        // Where the first host is, a person may look.
        None if is_stream && !table.has("url") => page_of(&stream),
        None => read_url(table, taken_urls),
    };
    let filled = filled.and_then(|(filled, ..)| filled);
    let every = table.duration("every", EVERY.0, EVERY.1);
    let medium = read_medium(table);
    // Where the preset has it as a variable, it is taken already.
    let lang = table.text("lang").and_then(|lang| form::language(&lang));
    let lang = lang.or_else(|| filled.as_ref()?.lang.clone());
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
    let websub = table.flag("websub").unwrap_or(true);
    let recipe = read_recipe(table);
    let import = import::read(table, is_import);
    let url = url.or_else(|| import.as_ref().map(|import| import::address(&import.folder)));
    let Read { engine, preset } = engine?;
    let preset = preset.map(|(preset, _)| preset);
    let preset_recipe = preset.as_ref().and_then(|preset| preset.recipe.clone());
    let filled = filled.map(|filled| (filled.variables, filled.key, filled.access));
    let (variables, key, Access { login, refresh, budget, per_day }) = filled.unwrap_or_default();
    Some(SourceSpec {
        every: every.or(preset.as_ref().and_then(|preset| json::every(preset))),
        medium: medium.or(preset.as_ref().and_then(|preset| preset.medium)),
        lang,
        recipe: recipe.or(preset_recipe),
        follow,
        stories,
        websub,
        stream,
        variables,
        key,
        login,
        refresh,
        budget,
        per_day,
        preset: preset.filter(|preset| matches!(preset.engine.as_str(), "json" | "wordpress")),
        import,
        mastodon,
        ..SourceSpec::new(SourceName::new(id?), engine, url?)
    })
}

/// `hosts`, `dictionary`, `profiles` and `search`, which streams have.
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
    let search = read_search(table);
    StreamSpec { hosts, dictionary, profiles, search }
}

/// `search`: the account that gaps are searched with.
fn read_search(table: &mut Reader<'_>) -> Option<StreamSearch> {
    let mut table = table.table("search", "`search`")?;
    let login = table.required("login", "login = \"name.bsky.social\"");
    let has_key = table.has("key");
    let key = secret::read_reference(&mut table, "key");
    if !has_key {
        table.missing("key", "write `key = { env = \"NAME\" }`: an app password of the account");
    }
    let has_service = table.has("service");
    let service = table.text("service").and_then(|url| form::address(&url)).map(|url| url.to_string());
    table.finish();
    let service = service.or_else(|| (!has_service).then(|| source::bluesky::ACCOUNTS.to_owned()));
    Some(StreamSearch { login: login?.text, key: key?, service: service? })
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

/// `medium`: where items were said.
pub(super) fn read_medium(table: &mut Reader<'_>) -> Option<Medium> {
    let text = table.text("medium")?;
    let medium: Option<Medium> = text.text.parse().ok();
    if medium.is_none() {
        text.unknown(&MEDIA);
    }
    medium
}

/// The address of a source that is asked, where each should stand once.
fn read_url(table: &mut Reader<'_>, taken_urls: &mut HashMap<String, usize>) -> Option<String> {
    table.required("url", "url = \"https://...\"").and_then(|url| {
        let address = form::address(&url)?;
        if let Some(line) = first_line(&url, address.as_str(), taken_urls) {
            url.warn(&format!("stands already on line {line}"), "one of the two brings nothing new");
        }
        Some(address.into())
    })
}

/// How a source is read.
struct Read<'d> {
    engine: String,
    preset: Option<(Arc<Preset>, Text<'d>)>,
}

/// The engine, named by itself or through a preset; exactly one of the two.
fn read_engine<'d>(table: &mut Reader<'d>, presets: &Presets) -> Option<Read<'d>> {
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
            let found = presets.get(&preset.text);
            if found.is_none() {
                preset.unknown(&presets.names());
            }
            found.map(|found| Read { engine: found.engine.clone(), preset: Some((Arc::clone(found), preset)) })
        }
        (Some(engine), None) => {
            let engine = engine.text()?;
            if !source::is_engine(&engine.text) {
                engine.unknown(&engines());
                return None;
            }
            if engine.text == "json" {
                engine.reject(
                    "reads by a preset",
                    "write `preset = \"hackernews\"` in its place, or another of `porterhouse presets`",
                );
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

/// What the user filled in for a preset.
struct Filled {
    variables: BTreeMap<String, String>,
    key: Option<SecretRef>,
    lang: Option<String>,
    access: Access,
}

/// Whether the address comes of the preset and what is filled in, and not of the user.
fn makes_address(preset: &Preset) -> bool {
    preset.engine == "json" || preset.url.is_some()
}

/// The variables of `preset`, and its key.
fn read_filled(table: &mut Reader<'_>, preset: &Preset) -> Option<Filled> {
    if let Some(url) = table.value("url") {
        url.reject("is made by the preset", "remove it");
    }
    let mut is_whole = true;
    let mut filled = Filled { variables: BTreeMap::new(), key: None, lang: None, access: Access::default() };
    for name in json::VARIABLES {
        let Some(variable) = preset.variables.get(name) else { continue };
        match table.text(name) {
            Some(text) => match value_of(name, &text, preset) {
                Some(value) => {
                    filled.variables.insert(name.to_owned(), value);
                }
                None => is_whole = false,
            },
            None if variable.default.is_none() => {
                table.missing(name, &format!("write `{name} = \"{}\"`: {}", variable.example, variable.about));
                is_whole = false;
            }
            None => {}
        }
    }
    filled.lang = filled.variables.get("lang").cloned();
    if let Some(auth) = &preset.auth {
        filled.key = secret::read_reference(table, "key");
        let is_another_way = auth.grant == GrantKind::RefreshToken && auth.style == AuthStyle::OAuth2;
        if auth.required && filled.key.is_none() && !is_another_way {
            table.missing("key", "write `key = { env = \"NAME\" }`: the service is not read without one");
            is_whole = false;
        }
    }
    let access = access::read(table, preset, filled.key.is_some());
    is_whole &= access.is_some();
    filled.access = access.unwrap_or_default();
    is_whole.then_some(filled)
}

fn value_of(name: &str, text: &Text<'_>, preset: &Preset) -> Option<String> {
    match name {
        "base" => form::address(text).map(|url| url.as_str().trim_end_matches('/').to_owned()),
        "lang" => form::language(text),
        "tag" => Some(text.text.trim_start_matches('#').to_owned()),
        "query" => match json::query_flaw(preset, &text.text) {
            None => Some(text.text.clone()),
            Some(json::QueryFlaw::TooLong(most)) => {
                text.reject("is too long for the service", &format!("write at most {most} characters, or two sources"));
                None
            }
            Some(json::QueryFlaw::TooMany(most)) => {
                let help = format!("write at most {most} between `OR`, and another source for the rest");
                text.reject("has more alternatives than one source asks for", &help);
                None
            }
        },
        _ => Some(text.text.clone()),
    }
}

/// The address that the preset makes of it, by which the source is known.
fn made_address(
    filled: &Filled,
    preset: &Preset,
    named: &Text<'_>,
    taken: &mut HashMap<String, usize>,
) -> Option<String> {
    let spec = SourceSpec { variables: filled.variables.clone(), ..SourceSpec::new(SourceName::new(""), "", "") };
    let address = json::address(preset, &spec)?;
    if let Err(error) = url::Url::parse(&address) {
        named.reject(&format!("makes no address: {error}"), "look at what is filled in");
        return None;
    }
    if let Some(line) = first_line(named, &address, taken) {
        named.warn(&format!("asks the same as the one on line {line}"), "one of the two brings nothing new");
    }
    Some(address)
}

/// The engines that read sources, by name.
fn engines() -> Vec<&'static str> {
    source::ENGINES.iter().map(|engine| engine.name).chain([hook::ENGINE]).collect()
}
