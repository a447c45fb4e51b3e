//! The root of `sources.toml`.

use super::brand::read_brands;
use super::document::Document;
use super::folder::SETTINGS_FILE;
use super::presets::Presets;
use super::settings::ROOT_KEYS as SETTINGS_KEYS;
use super::source::{Ground, read_sources};
use crate::model::Watch;
use std::path::Path;

/// What may stand in `sources.toml`.
pub(super) const ROOT_KEYS: [&str; 3] = ["brand", "source", "presets"];

/// Reads `sources.toml`; files that it names lie below `folder`; `ids` gets the ids of all brands, also of those with mistakes.
pub(super) fn read_watch(document: &Document, folder: &Path, presets: &Presets, ids: &mut Vec<String>) -> Watch {
    let mut root = document.root("this file");
    let (has_brands, has_sources) = (root.has("brand"), root.has("source"));
    let brands = read_brands(&mut root, ids);
    let (sources, hooks) = read_sources(&mut root, Ground { folder, presets });
    let watch = Watch { brands, sources, hooks };
    // Read before: sources name what is in it.
    root.text("presets");
    // A stray key may be a misspelt `brand` or `source`, and then this would be told twice.
    let is_complete = root.is_empty();
    if is_complete && !has_brands {
        document.warn_of_file("there is no brand", "nothing is watched until there is a `[[brand]]`");
    }
    if is_complete && !has_sources {
        document.warn_of_file("there is no source", "nothing is read until there is a `[[source]]`");
    }
    root.finish_beside(|key| match key {
        "location" => Some("write `[[brand.location]]` below its brand".to_owned()),
        key => SETTINGS_KEYS.contains(&key).then(|| format!("it belongs in {SETTINGS_FILE}")),
    });
    watch
}
