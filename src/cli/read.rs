//! `read`: what a reader makes of a saved answer.

use super::DONE;
use super::talk::print_json;
use crate::app::{self, Folders, load_config_or_default};
use crate::desk::{self, Saved, Service};
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::Path;

/// A saved answer as it was named on the command line.
pub(super) struct Wish<'a> {
    pub engine: &'a str,
    pub file: &'a Path,
    pub url: Option<&'a str>,
    pub preset: Option<&'a str>,
    pub filled: &'a [String],
    pub content_type: Option<&'a str>,
    pub headers: &'a [String],
}

pub(super) fn read(folders: &Folders, wish: &Wish<'_>) -> anyhow::Result<u8> {
    let file = wish.file;
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut headers = wish.headers.iter().map(|header| pair(header)).collect::<anyhow::Result<Vec<_>>>()?;
    headers.extend(wish.content_type.map(|value| ("content-type".to_owned(), value.to_owned())));
    // An engine that is named alone needs no configuration, which may be broken.
    let presets = match wish.preset {
        Some(_) => load_config_or_default(folders)?.presets,
        None => Default::default(),
    };
    let preset = presets.get(wish.preset.unwrap_or(wish.engine));
    if let Some(name) = wish.preset {
        preset.with_context(|| format!("there is no preset `{name}`; `porterhouse presets` lists them"))?;
    }
    let variables: BTreeMap<String, String> =
        wish.filled.iter().map(|filled| filling(filled)).collect::<anyhow::Result<_>>()?;
    let service = preset.map(|preset| Service { preset, variables });
    let saved = Saved { engine: wish.engine, service, bytes: &bytes, url: wish.url, headers: &headers };
    let lines = desk::read_saved(&saved, app::now()).with_context(|| file.display().to_string())?;
    for line in &lines {
        print_json(line)?;
    }
    Ok(DONE)
}

fn pair(header: &str) -> anyhow::Result<(String, String)> {
    let (name, value) =
        header.split_once(':').with_context(|| format!("`{header}` is no header; write it as 'Name: value'"))?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}

fn filling(filled: &str) -> anyhow::Result<(String, String)> {
    let (name, value) =
        filled.split_once('=').with_context(|| format!("`{filled}` fills in nothing; write it as 'name=value'"))?;
    Ok((name.trim().to_owned(), value.to_owned()))
}
