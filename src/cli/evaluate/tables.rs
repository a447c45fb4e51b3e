//! The tables of an evaluation: which label was taken for which, whether confidence holds, what each row does.

use super::super::talk::print;
use crate::desk::{Band, Blamed};
use crate::wording::one_line;
use std::collections::{BTreeMap, BTreeSet};

/// The most rows that are shown of those that hurt, and of those that help.
const ROWS_MOST: usize = 25;

/// As much of a term as is shown.
const TERM_LIMIT: usize = 34;

pub(super) fn confusion(counts: &BTreeMap<String, BTreeMap<String, usize>>) -> std::io::Result<()> {
    let said: BTreeSet<&String> = counts.values().flat_map(BTreeMap::keys).collect();
    if said.is_empty() {
        return Ok(());
    }
    let width = said.iter().map(|label| label.chars().count() + 2).max().unwrap_or(0).max(7);
    let first = counts.keys().map(|label| label.chars().count() + 2).max().unwrap_or(0).max(12);
    print("people's label (down) was taken for (across)")?;
    let head: String = said.iter().map(|label| format!("{label:>width$}")).collect();
    print(&format!("    {:<first$}{head}", ""))?;
    for (label, given) in counts {
        let row: String = said.iter().map(|said| format!("{:>width$}", given.get(*said).unwrap_or(&0))).collect();
        print(&format!("    {label:<first$}{row}"))?;
    }
    Ok(())
}

pub(super) fn reliability(bands: &[Band]) -> std::io::Result<()> {
    if bands.is_empty() {
        return Ok(());
    }
    print("confidence from    posts   mean  right")?;
    for band in bands {
        print(&format!("    {:>11.2} {:>8}  {:>5.2}  {:>5.2}", band.from, band.n, band.confidence, band.right))?;
    }
    Ok(())
}

pub(super) fn blame(rows: &[Blamed]) -> std::io::Result<()> {
    let hurt = rows.iter().filter(|row| row.macro_f1_gain > 0.0);
    let help = rows.iter().filter(|row| row.macro_f1_gain < 0.0);
    part("rows that hurt: without them the figures would be higher by", hurt)?;
    part("rows that help: without them the figures would change by", help)
}

fn part<'b>(title: &str, rows: impl Iterator<Item = &'b Blamed> + Clone) -> std::io::Result<()> {
    let n = rows.clone().count();
    print(&format!("{title}  ({n} rows)"))?;
    print(&format!(
        "    {:>8} {:>8}  {:>5} {:>6} {:>8}  {:<TERM_LIMIT$}  file and rules",
        "macro-F1", "accuracy", "posts", "right", "without", "row"
    ))?;
    for row in rows.take(ROWS_MOST) {
        let rules: Vec<String> =
            row.rules.iter().map(|(rule, n)| format!("{} {n}", rule.trim_start_matches("feeling."))).collect();
        let folder = if row.is_users { "your lists: " } else { "lexicons/" };
        print(&format!(
            "    {:>+8.4} {:>+8.4}  {:>5} {:>6.2} {:>8.2}  {:<TERM_LIMIT$}  {folder}{}.tsv:{} ({})",
            row.macro_f1_gain,
            row.accuracy_gain,
            row.n,
            row.accuracy,
            row.accuracy_without,
            one_line(&row.term, TERM_LIMIT),
            row.list,
            row.line,
            rules.join(", "),
        ))?;
    }
    Ok(())
}
