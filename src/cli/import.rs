//! `import`: takes a file of posts in, or shows what it would give.

use super::args::Handed;
use super::progress::Bar;
use super::talk::{print, print_json, say, terminal};
use super::{DONE, FAILED, runtime};
use crate::app::{self, Folders, ImportDone, ImportPreview, ImportReport, ImportWish};
use crate::model::{ImportPlan, SourceName};
use crate::wording::{Language, Reader, import_sum, one_line, refused_row};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};

/// Refused rows that are listed, and the longest line.
const LISTED: usize = 20;
const LINE_LIMIT: usize = 300;

pub(super) fn import(folders: &Folders, asked: &Handed, json: bool) -> anyhow::Result<u8> {
    let plan = ImportPlan {
        map: asked.map.clone(),
        encoding: asked.encoding.clone(),
        has_header: !asked.no_header,
        zone: asked.zone.clone(),
    };
    let wish = ImportWish { file: &asked.file, source: asked.source.as_deref(), plan };
    if asked.preview {
        return preview(folders, &wish, json);
    }
    let bar = Mutex::new(Bar::new("importing", json));
    let on_progress = |n_done: u64, n_all: u64| bar.lock().unwrap_or_else(PoisonError::into_inner).tell(n_done, n_all);
    let done = runtime()?.block_on(app::import(folders, &wish, terminal(), &on_progress))?;
    drop(bar);
    tell(&done, json)?;
    let report = &done.report;
    Ok(if report.n_read > 0 && report.n_refused() == report.n_read { FAILED } else { DONE })
}

fn tell(done: &ImportDone, json: bool) -> std::io::Result<()> {
    let report = &done.report;
    if json {
        let mut told = report_json(&done.source, report);
        if let (Some(told), Some((n_delivered, n_waiting))) = (told.as_object_mut(), done.delivered) {
            told.insert("alerts_delivered".to_owned(), json!(n_delivered));
            told.insert("alerts_waiting".to_owned(), json!(n_waiting));
        }
        return print_json(&told);
    }
    tell_oddities(report);
    print(&format!(
        "{}: {}; {} mentions, {} opportunities",
        done.source,
        sum(report),
        report.n_mentions,
        report.n_opportunities
    ))?;
    if report.n_new == 0 && report.n_changed == 0 && report.n_known > 0 {
        print("nothing new: every row was imported before")?;
    }
    Ok(())
}

fn preview(folders: &Folders, wish: &ImportWish<'_>, json: bool) -> anyhow::Result<u8> {
    let looked = app::preview_import(folders, wish)?;
    let (source, preview) = &looked.found;
    if json {
        let mut told = report_json(source, &preview.report);
        if let Some(told) = told.as_object_mut() {
            for counted in ["new", "changed", "known", "mentions", "opportunities"] {
                told.remove(counted);
            }
            told.insert("first".to_owned(), json!(preview.first));
        }
        print_json(&told)?;
    } else {
        tell_preview(source, preview, &Reader::new("en", &looked.zone), looked.now)?;
    }
    Ok(DONE)
}

fn tell_preview(source: &SourceName, preview: &ImportPreview, reader: &Reader, now: Timestamp) -> std::io::Result<()> {
    let facts = &preview.report.facts;
    print(&format!("{source}: {}, {}, {} columns", facts.shape, facts.encoding, facts.columns.len()))?;
    for (field, column) in &facts.map {
        print(&format!("    {:<10}  {}", field.as_str(), one_line(column, LINE_LIMIT)))?;
    }
    let unused = facts.columns.iter().filter(|name| !facts.map.iter().any(|(_, column)| column == *name));
    let unused: Vec<&str> = unused.map(String::as_str).collect();
    if !unused.is_empty() {
        print(&format!("    not used    {}", one_line(&unused.join(", "), LINE_LIMIT)))?;
    }
    if let Some(month_first) = facts.month_first {
        print(&format!("    dates       the {} stands first", if month_first { "month" } else { "day" }))?;
    }
    let n_items = preview.report.n_read - preview.report.n_refused();
    print(&format!("{n_items} items, {} rows refused; the first:", preview.report.n_refused()))?;
    for item in &preview.first {
        let when = item.published.map_or_else(|| "without a time".to_owned(), |at| reader.moment(at.at, now));
        let who = item.author.name.as_deref().or(item.author.handle.as_deref());
        let who = who.map(|name| format!(", {name}")).unwrap_or_default();
        let rating = item.rating.map(|rating| format!(", {rating} of 5")).unwrap_or_default();
        let text = one_line(&item.reading_text(), LINE_LIMIT);
        print(&one_line(&format!("{when}{who}{rating}: {text}"), LINE_LIMIT))?;
    }
    tell_oddities(&preview.report);
    Ok(())
}

fn tell_oddities(report: &ImportReport) {
    report.odd.iter().for_each(|odd| say(&one_line(&odd.to_string(), LINE_LIMIT)));
    for refusal in report.refusals.iter().take(LISTED) {
        say(&one_line(&refused_row(refusal, Language::En), LINE_LIMIT));
    }
    if report.n_refused() > LISTED as u64 {
        say(&format!("and {} more; --json lists the first thousand", report.n_refused() - LISTED as u64));
    }
}

fn sum(report: &ImportReport) -> String {
    import_sum(Language::En, [report.n_read, report.n_new, report.n_changed, report.n_known, report.n_refused()])
}

fn report_json(source: &SourceName, report: &ImportReport) -> Value {
    let facts = &report.facts;
    let map: serde_json::Map<String, Value> =
        facts.map.iter().map(|(field, column)| (field.as_str().to_owned(), json!(column))).collect();
    let refusals: Vec<Value> = report
        .refusals
        .iter()
        .map(
            |refusal| json!({ "row": refusal.row, "reason": refusal.why.as_str(), "message": refusal.why.to_string() }),
        )
        .collect();
    json!({
        "source": source, "encoding": facts.encoding, "shape": facts.shape, "columns": facts.columns, "map": map,
        "month_first": facts.month_first, "read": report.n_read, "new": report.n_new, "changed": report.n_changed,
        "known": report.n_known, "refused": report.n_refused(), "refused_by_reason": report.refused,
        "refused_rows": refusals, "mentions": report.n_mentions, "opportunities": report.n_opportunities,
        "odd": report.odd.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
