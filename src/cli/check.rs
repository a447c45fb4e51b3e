//! `check`: every mistake of both files at once.

use super::talk::{print, print_json, say};
use super::{DONE, WRONG};
use crate::app::{Folders, load_config};
use crate::config::Finding;
use serde::Serialize;

#[derive(Serialize)]
struct Report<'f> {
    ok: bool,
    brands: usize,
    sources: usize,
    findings: Vec<&'f Finding>,
}

pub(super) fn check(folders: &Folders, json: bool) -> anyhow::Result<u8> {
    match load_config(folders) {
        Ok(config) => {
            let (brands, sources) = (config.watch.brands.len(), config.watch.sources.len());
            if json {
                print_json(&Report { ok: true, brands, sources, findings: config.warnings.iter().collect() })?;
            } else {
                config.warnings.iter().for_each(|warning| say(&warning.to_string()));
                let folder = folders.config();
                let counted = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
                let (brands, sources) = (counted(brands, "brand"), counted(sources, "source"));
                print(&format!("{}: {brands}, {sources}, no mistakes", folder.display()))?;
            }
            Ok(DONE)
        }
        Err(error) => {
            if json {
                print_json(&Report { ok: false, brands: 0, sources: 0, findings: error.findings.iter().collect() })?;
            } else {
                say(&error.to_string());
            }
            Ok(WRONG)
        }
    }
}
