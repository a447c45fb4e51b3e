//! `sources export`: `sources.toml` as an OPML list, for feed readers and for `sources import` elsewhere.

use super::super::DONE;
use super::super::talk::{print, print_json};
use crate::app::Folders;
use crate::config::SourcesFile;
use crate::desk::export_opml;
use anyhow::Context;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

pub(super) fn export(folders: &Folders, target: Option<&Path>, json: bool) -> anyhow::Result<u8> {
    let file = SourcesFile::open(&folders.config())?;
    let (list, n_sources) = (export_opml(&file), file.written().len());
    match target {
        None if json => print_json(&json!({ "sources": n_sources, "opml": list }))?,
        None => print(list.trim_end())?,
        Some(target) => {
            // Never over what is there: it may be somebody's work.
            let created = OpenOptions::new().write(true).create_new(true).open(target);
            created
                .and_then(|mut created| created.write_all(list.as_bytes()))
                .with_context(|| format!("{} cannot be written", target.display()))?;
            if json {
                print_json(&json!({ "sources": n_sources, "file": target }))?;
            } else {
                let noun = if n_sources == 1 { "source" } else { "sources" };
                print(&format!("exported {n_sources} {noun} to {}", target.display()))?;
            }
        }
    }
    Ok(DONE)
}
