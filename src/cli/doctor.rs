//! `doctor`: an installation looked over, point by point.

use super::progress::Bar;
use super::talk::{print, print_json};
use super::{DONE, FAILED, runtime};
use crate::app::{self, Folders, Verdict};
use crate::wording::one_line;
use serde_json::json;

/// The longest line.
const LINE_LIMIT: usize = 600;

pub(super) fn doctor(folders: &Folders, offline: bool, json: bool) -> anyhow::Result<u8> {
    let mut bar = Bar::new("knocking at doors", json);
    let checkup = runtime()?.block_on(app::doctor(folders, offline, &mut |done, all| bar.tell(done, all)));
    drop(bar);
    let (n_warnings, n_wrong) = (checkup.count(Verdict::Warning), checkup.count(Verdict::Wrong));
    if json {
        let n_ok = checkup.count(Verdict::Ok);
        print_json(&json!({ "ok": n_ok, "warnings": n_warnings, "wrong": n_wrong, "points": checkup.points }))?;
    } else {
        for point in &checkup.points {
            print(&format!("{:<8} {:<14} {}", word(point.verdict), point.topic, one_line(&point.found, LINE_LIMIT)))?;
            if !point.to_do.is_empty() {
                print(&format!("{:<23} to do: {}", "", point.to_do))?;
            }
        }
        let noun = if n_warnings == 1 { "warning" } else { "warnings" };
        print(&format!("{} points looked at: {n_wrong} wrong, {n_warnings} {noun}", checkup.points.len()))?;
    }
    Ok(if n_wrong > 0 { FAILED } else { DONE })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "warning",
        Verdict::Wrong => "WRONG",
    }
}
