//! `stats` and `digest --preview`.

use super::talk::{print, print_json};
use super::{DONE, runtime};
use crate::app::{self, Folders};
use serde_json::json;
use std::path::Path;

pub(super) fn stats(folders: &Folders, json: bool) -> anyhow::Result<u8> {
    let stats = runtime()?.block_on(app::stats(folders))?;
    if json {
        print_json(&stats)?;
    } else {
        let rows = [
            ("sources", stats.sources),
            ("items seen", stats.items_seen),
            ("items kept", stats.items_kept),
            ("mentions", stats.mentions),
            ("opportunities", stats.opportunities),
            ("alerts waiting", stats.outbox_pending),
            ("database bytes", stats.database_bytes),
        ];
        for (name, figure) in rows {
            print(&format!("{name:<16}{figure:>14}"))?;
        }
    }
    Ok(DONE)
}

pub(super) fn digest(folders: &Folders, target: &Path, json: bool) -> anyhow::Result<u8> {
    let files = runtime()?.block_on(app::preview(folders, target))?;
    if json {
        print_json(&json!({ "eml": files.eml, "html": files.html, "txt": files.txt, "subject": files.subject }))?;
    } else {
        print(&files.subject)?;
        for path in [&files.eml, &files.html, &files.txt] {
            print(&format!("wrote {}", path.display()))?;
        }
    }
    Ok(DONE)
}
