//! `backup`, `restore` and `check --data`.

use super::progress::Bar;
use super::talk::{print, print_json};
use super::{DONE, FAILED, runtime};
use crate::app::{self, Folders};
use serde_json::json;
use std::path::Path;

pub(super) fn backup(folders: &Folders, file: &Path, json: bool) -> anyhow::Result<u8> {
    let mut bar = Bar::new("copying", json);
    let kept = runtime()?.block_on(app::backup(folders, file, move |n_done, n_all| bar.tell(n_done, n_all)))?;
    if json {
        print_json(&json!({ "file": kept.file, "bytes": kept.n_bytes }))?;
    } else {
        print(&format!("wrote {} ({} bytes) and checked it", kept.file.display(), kept.n_bytes))?;
    }
    Ok(DONE)
}

pub(super) fn restore(folders: &Folders, file: &Path, json: bool) -> anyhow::Result<u8> {
    let mut bar = Bar::new("restoring", json);
    let restored = runtime()?.block_on(app::restore(folders, file, &mut |n_done, n_all| bar.tell(n_done, n_all)))?;
    drop(bar);
    if json {
        print_json(&json!({ "restored": file, "old_database": restored.aside, "stats": restored.stats }))?;
    } else {
        print(&format!("restored {}: {} mentions", file.display(), restored.stats.mentions))?;
        if let Some(aside) = &restored.aside {
            print(&format!("the old database is kept as {}; remove it once all is well", aside.display()))?;
        }
    }
    Ok(DONE)
}

pub(super) fn check_data(folders: &Folders, json: bool) -> anyhow::Result<u8> {
    let (flaws, stats) = runtime()?.block_on(app::check_data(folders))?;
    if json {
        print_json(&json!({ "ok": flaws.is_empty(), "flaws": flaws, "mentions": stats.mentions }))?;
    } else if flaws.is_empty() {
        print(&format!("the database is whole: {} items, {} mentions", stats.items_kept, stats.mentions))?;
    } else {
        flaws.iter().try_for_each(|flaw| print(&format!("{}: {}", flaw.part, flaw.message)))?;
        print("stop the service and restore a backup with `porterhouse restore FILE`")?;
    }
    Ok(if flaws.is_empty() { DONE } else { FAILED })
}
