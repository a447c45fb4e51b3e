//! `evaluate`: how well the program's verdicts agree with people's, on a file of labelled posts.

use super::talk::{print, print_json, say};
use super::{DONE, FAILED};
use crate::app::{self, Folders, load_config_or_default};
use crate::desk::{self, Evaluation, Figures, Gauge, Lens};
use crate::wording::one_line;
use anyhow::{Context, anyhow};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

/// As much of a text as is shown of a miss.
const QUOTE_LIMIT: usize = 200;

pub(super) fn evaluate(folders: &Folders, kind: &str, gold: &Path, n_misses: usize, json: bool) -> anyhow::Result<u8> {
    let gauge = Gauge::from_name(kind).ok_or_else(|| anyhow!("`{kind}` cannot be evaluated"))?;
    let bytes = std::fs::read(gold).with_context(|| format!("{} cannot be read", gold.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let config = load_config_or_default(folders)?;
    let lens = Lens::new(config.watch.brands, config.opportunity, app::now());
    let began = Instant::now();
    let evaluation = desk::evaluate(&lens, gauge, &text);
    let speed = desk::speed(evaluation.all.n, began.elapsed());
    let code = if evaluation.all.n == 0 { FAILED } else { DONE };
    if json {
        let Evaluation { all, by_language, misses, wrong_lines, n_wrong_lines } = &evaluation;
        let misses: Vec<_> = misses.iter().take(n_misses).collect();
        print_json(&json!({
            "kind": kind, "all": all, "by_language": by_language, "misses": misses, "wrong_lines": wrong_lines,
            "n_wrong_lines": n_wrong_lines, "texts_per_second": speed,
        }))?;
        return Ok(code);
    }
    tell("all", &evaluation.all, true)?;
    let is_mixed = evaluation.by_language.len() > 1 && gauge != Gauge::Language;
    for (lang, figures) in evaluation.by_language.iter().filter(|_| is_mixed) {
        tell(lang, figures, false)?;
    }
    print(&format!("{speed:.0} texts a second"))?;
    for miss in evaluation.misses.iter().take(n_misses) {
        print(&format!("{}: {} was taken for {} ({:.2})", miss.id, miss.label, miss.said, miss.sureness))?;
        print(&format!("    {}", one_line(&miss.text, QUOTE_LIMIT)))?;
        for reason in miss.reasons.iter().take(4) {
            print(&format!("    {:+.2}  {}  {}", reason.weight, reason.rule, one_line(&reason.words, 60)))?;
        }
    }
    for (number, reason) in &evaluation.wrong_lines {
        say(&format!("line {number} was left out: {reason}"));
    }
    if evaluation.n_wrong_lines > evaluation.wrong_lines.len() {
        say(&format!("{} lines were left out in all", evaluation.n_wrong_lines));
    }
    Ok(code)
}

fn tell(name: &str, figures: &Figures, is_full: bool) -> std::io::Result<()> {
    print(&format!("{name}: {} posts, accuracy {:.3}, macro-F1 {:.3}", figures.n, figures.accuracy, figures.macro_f1))?;
    for (label, class) in &figures.classes {
        let name = if is_full { format!("{label:<12}") } else { format!("  {label:<10}") };
        print(&format!(
            "    {name} {:>6} posts  precision {:.3}  recall {:.3}  F1 {:.3}",
            class.n, class.precision, class.recall, class.f1
        ))?;
    }
    Ok(())
}
