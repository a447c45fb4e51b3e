//! `sources import`: the feeds of an OPML list into `sources.toml`.

use super::super::DONE;
use super::super::talk::{print, print_json, say};
use crate::app::Folders;
use crate::config::SourcesFile;
use crate::desk::{Imported, OPML_LIMIT_BYTES, OPML_LIMIT_OUTLINES, import_opml};
use anyhow::Context;
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Unreadable addresses that are listed; `--json` has all of them.
const LISTED: usize = 20;

pub(super) fn import(folders: &Folders, list: &Path, dry_run: bool, json: bool) -> anyhow::Result<u8> {
    let bytes = read(list).with_context(|| format!("{} cannot be read", list.display()))?;
    let mut file = SourcesFile::open(&folders.config())?;
    let imported = import_opml(&bytes, &mut file).with_context(|| list.display().to_string())?;
    let (path, blocks) = (file.path().to_owned(), if dry_run { file.blocks().to_owned() } else { String::new() });
    if dry_run {
        file.check()?;
    } else {
        file.save()?;
    }
    if json {
        let mut told = serde_json::to_value(&imported)?;
        if let Some(told) = told.as_object_mut() {
            told.insert("file".to_owned(), json!(path));
            told.insert("dry_run".to_owned(), json!(dry_run));
        }
        print_json(&told)?;
        return Ok(DONE);
    }
    if !blocks.is_empty() {
        print(blocks.trim_end())?;
    }
    let summary = in_short(&imported, dry_run, &path);
    if dry_run {
        say(&summary);
    } else {
        print(&summary)?;
    }
    tell_rest(&imported);
    Ok(DONE)
}

fn read(list: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than is read tells that there is more.
    File::open(list)?.take(OPML_LIMIT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `imported 41 sources into /etc/porterhouse/sources.toml, 3 known already, 2 unreadable`.
fn in_short(imported: &Imported, dry_run: bool, path: &Path) -> String {
    let n = imported.added.len();
    let (verb, noun) = (if dry_run { "would import" } else { "imported" }, if n == 1 { "source" } else { "sources" });
    let mut text = format!("{verb} {n} {noun} into {}", path.display());
    for (n, what) in [
        (imported.known, "known already"),
        (imported.unreadable.len(), "unreadable"),
        (imported.without_feed, "without a feed"),
    ] {
        if n > 0 {
            text.push_str(&format!(", {n} {what}"));
        }
    }
    text
}

fn tell_rest(imported: &Imported) {
    for unreadable in imported.unreadable.iter().take(LISTED) {
        say(&format!("line {}: {}", unreadable.line, unreadable.message));
    }
    if let Some(more) = imported.unreadable.len().checked_sub(LISTED).filter(|more| *more > 0) {
        say(&format!("and {more} more; --json lists all of them"));
    }
    if imported.broken > 0 {
        say(&format!("the list is broken in {} places; what stands there may be missing", imported.broken));
    }
    if imported.is_cut {
        say(&format!("the list has more than {OPML_LIMIT_OUTLINES} outlines; the rest was left out, split it"));
    }
}
