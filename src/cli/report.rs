//! `stats`, `digest --preview` and `digest --send`.

use super::sources::tell_troubles;
use super::talk::{print, print_json, terminal};
use super::{DONE, runtime};
use crate::app::{self, Folders};
use crate::wording::{Reader, usage_words};
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
            ("missed", stats.missed),
            ("alerts waiting", stats.outbox_pending),
            ("database bytes", stats.database_bytes),
        ];
        for (name, figure) in rows {
            print(&format!("{name:<16}{figure:>14}"))?;
        }
        for (name, figure) in [("posts waiting", stats.inbox_waiting), ("posts refused", stats.inbox_refused)] {
            if figure > 0 {
                print(&format!("{name:<16}{figure:>14}"))?;
            }
        }
        for usage in &stats.budgets {
            let words = usage_words(usage, &Reader::new("en", "UTC"), app::now());
            print(&format!("budget of {}: {words} (UTC)", usage.source))?;
        }
        for (recipient, list) in &stats.left {
            print(&format!("{recipient} left the {list}; `digest --put-back` sends it again"))?;
        }
        tell_troubles(&stats.troubles, false, &Reader::new("en", "UTC"), app::now())?;
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

pub(super) fn put_back(folders: &Folders, recipient: &str, json: bool) -> anyhow::Result<u8> {
    let lists = runtime()?.block_on(app::put_back(folders, recipient))?;
    if json {
        print_json(&json!({ "recipient": recipient, "had_left": !lists.is_empty(), "lists": lists }))?;
    } else if lists.is_empty() {
        print(&format!("{recipient} had not left the digest, nor the alerts"))?;
    } else {
        lists.iter().try_for_each(|list| print(&format!("{recipient} gets the {list} again")))?;
    }
    Ok(DONE)
}

pub(super) fn send(folders: &Folders, again: bool, json: bool) -> anyhow::Result<u8> {
    let sent = runtime()?.block_on(app::send_digest(folders, again, terminal()))?;
    if json {
        let recipients: Vec<_> =
            sent.recipients.iter().map(|(to, is_made)| json!({ "recipient": to, "made": is_made })).collect();
        let delivered = sent.delivered.map(|(n_delivered, _)| n_delivered);
        print_json(&json!({ "recipients": recipients, "delivered": delivered }))?;
        return Ok(DONE);
    }
    for (recipient, is_made) in &sent.recipients {
        let what = if *is_made { "a digest is made" } else { "has today's already; --again sends another" };
        print(&format!("{recipient}: {what}"))?;
    }
    match sent.delivered {
        Some((n_delivered, 0)) => print(&format!("{n_delivered} messages delivered"))?,
        Some((n_delivered, n_waiting)) => {
            print(&format!("{n_delivered} messages delivered, {n_waiting} wait for another attempt"))?;
        }
        None if sent.recipients.iter().any(|(_, is_made)| *is_made) => {
            print("it lies in the outbox; the porterhouse that holds the data folder delivers it")?;
        }
        None => {}
    }
    Ok(DONE)
}
