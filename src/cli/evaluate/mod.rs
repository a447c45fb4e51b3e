//! `evaluate`: how well the program's verdicts agree with people's, on a file of labelled posts.

mod tables;

use super::args::Gauged;
use super::talk::{print, print_json, say};
use super::{DONE, FAILED};
use crate::app::{self, Folders, load_config_or_default};
use crate::desk::{self, Compared, Evaluation, Figures, Gauge, Lens, Miss, Only, Options, Report};
use crate::wording::one_line;
use anyhow::{Context, anyhow};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// As much of a text as is shown of a miss.
const QUOTE_LIMIT: usize = 200;

/// The most reasons that are shown of a miss.
const REASONS_MOST: usize = 6;

/// The least difference of a figure that is shown.
const LEAST_DIFFERENCE: f64 = 0.0005;

/// The most ids of posts that are shown.
const IDS_MOST: usize = 40;

pub(super) fn evaluate(folders: &Folders, asked: &Gauged, json: bool) -> anyhow::Result<u8> {
    let Gauged { kind, gold, .. } = asked;
    let gauge = Gauge::from_name(kind).ok_or_else(|| anyhow!("`{kind}` cannot be evaluated"))?;
    let only: Result<Vec<Only>, String> = asked.only.iter().map(|text| Only::from_text(text)).collect();
    let options = Options {
        only: only.map_err(|error| anyhow!("--only: {error}"))?,
        medium: asked.medium.parse()?,
        blame_from: asked.blame,
    };
    let old = asked.compare.as_deref().map(|file| old_report(file, gauge)).transpose()?;
    let bytes = std::fs::read(gold).with_context(|| format!("{} cannot be read", gold.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let config = load_config_or_default(folders)?;
    let lens = Lens::new(config.watch.brands, config.opportunity, app::now());
    let began = Instant::now();
    let evaluation = desk::evaluate(&lens, gauge, &text, &options);
    let speed = desk::speed(evaluation.all.n, began.elapsed());
    let report = Report {
        kind: kind.clone(),
        all: evaluation.all.clone(),
        by_language: evaluation.by_language.clone(),
        texts_per_second: speed,
        posts: evaluation.posts.clone(),
    };
    let compared = old.map(|old| desk::compare(&old, &report));
    let code = if evaluation.all.n == 0 { FAILED } else { DONE };
    if json {
        print_json(&as_json(&evaluation, report, compared, asked.misses)?)?;
        return Ok(code);
    }
    tell(gauge, &evaluation, speed)?;
    evaluation.misses.iter().take(asked.misses).try_for_each(tell_miss)?;
    if options.blame_from.is_some() {
        tables::blame(&evaluation.blame)?;
    }
    compared.iter().try_for_each(tell_compared)?;
    say_left_out(&evaluation);
    Ok(code)
}

fn old_report(file: &Path, gauge: Gauge) -> anyhow::Result<Report> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let what = || format!("{} holds no evaluation; write one with `evaluate --json`", file.display());
    let report: Report = serde_json::from_slice(&bytes).with_context(what)?;
    if report.kind != gauge.name() {
        return Err(anyhow!("{} is about {}; compare it with that", file.display(), report.kind));
    }
    Ok(report)
}

fn as_json(
    evaluation: &Evaluation,
    report: Report,
    compared: Option<Compared>,
    n_misses: usize,
) -> anyhow::Result<Value> {
    let Evaluation { reliability, misses, blame, wrong_lines, .. } = evaluation;
    let misses: Vec<&Miss> = misses.iter().take(n_misses).collect();
    let mut told = serde_json::to_value(report)?;
    let more = json!({
        "reliability": reliability, "misses": misses, "blame": blame, "compared": compared,
        "n_left_out": evaluation.n_left_out, "n_unlabelled": evaluation.n_unlabelled,
        "n_not_found": evaluation.n_not_found, "wrong_lines": wrong_lines, "n_wrong_lines": evaluation.n_wrong_lines,
    });
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
    Ok(told)
}

fn tell(gauge: Gauge, evaluation: &Evaluation, speed: f64) -> std::io::Result<()> {
    tell_figures("all", &evaluation.all, true)?;
    let is_mixed = evaluation.by_language.len() > 1 && gauge != Gauge::Language;
    for (lang, figures) in evaluation.by_language.iter().filter(|_| is_mixed) {
        tell_figures(lang, figures, false)?;
    }
    tables::confusion(&evaluation.all.confusion)?;
    tables::reliability(&evaluation.reliability)?;
    print(&format!("{speed:.0} texts a second"))
}

fn tell_figures(name: &str, figures: &Figures, is_full: bool) -> std::io::Result<()> {
    let Figures { n, accuracy, macro_f1, .. } = figures;
    let micro = figures.micro_f1.map(|micro_f1| format!(", micro-F1 {micro_f1:.3}")).unwrap_or_default();
    print(&format!("{name}: {n} posts, accuracy {accuracy:.3}, macro-F1 {macro_f1:.3}{micro}"))?;
    for (label, class) in &figures.classes {
        let name = if is_full { format!("{label:<12}") } else { format!("  {label:<10}") };
        print(&format!(
            "    {name} {:>6} posts  precision {:.3}  recall {:.3}  F1 {:.3}",
            class.n, class.precision, class.recall, class.f1
        ))?;
    }
    Ok(())
}

fn tell_miss(miss: &Miss) -> std::io::Result<()> {
    print(&format!("{}: {} was taken for {} ({:.2})", miss.id, miss.label, miss.said, miss.sureness))?;
    print(&format!("    {}", one_line(&miss.text, QUOTE_LIMIT)))?;
    for reason in miss.reasons.iter().take(REASONS_MOST) {
        print(&format!("    {:+.2}  {}  {}", reason.weight, reason.rule, one_line(&reason.words, 60)))?;
    }
    Ok(())
}

fn tell_compared(compared: &Compared) -> std::io::Result<()> {
    print("since the earlier evaluation:")?;
    let has_changed = |figure: &&desk::Changed| figure.difference.abs() >= LEAST_DIFFERENCE;
    for figure in compared.figures.iter().filter(has_changed) {
        let desk::Changed { name, old, new, difference } = figure;
        // Counts and speeds are whole numbers, shares are not.
        let digits = if old.max(*new) > 1.0 { 0 } else { 3 };
        print(&format!("    {name:<24} {old:>8.digits$} -> {new:>8.digits$}  {difference:+.digits$}"))?;
    }
    tell_ids("won", &compared.won)?;
    tell_ids("lost", &compared.lost)?;
    if compared.n_only_old + compared.n_only_new > 0 {
        say(&format!(
            "{} posts are in the earlier evaluation only, {} in this one only",
            compared.n_only_old, compared.n_only_new
        ));
    }
    Ok(())
}

fn tell_ids(what: &str, ids: &[String]) -> std::io::Result<()> {
    let shown: Vec<&str> = ids.iter().take(IDS_MOST).map(String::as_str).collect();
    let more = if ids.len() > shown.len() { " ..." } else { "" };
    print(&format!("    {what} {}: {}{more}", ids.len(), shown.join(" ")))
}

fn say_left_out(evaluation: &Evaluation) {
    for (number, reason) in &evaluation.wrong_lines {
        say(&format!("line {number} was left out: {reason}"));
    }
    if evaluation.n_wrong_lines > evaluation.wrong_lines.len() {
        say(&format!("{} lines were left out in all", evaluation.n_wrong_lines));
    }
    for (n, what) in [
        (evaluation.n_unlabelled, "say nothing of this"),
        (evaluation.n_left_out, "are not asked for by --only"),
        (
            evaluation.n_not_found,
            "name a brand that is not found in them; a target counts where it stands, else as the whole text",
        ),
    ] {
        if n > 0 {
            say(&format!("{n} posts {what}"));
        }
    }
}
