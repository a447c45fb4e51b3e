//! Where new blocks go: behind the last source and the comments that belong to it.

use std::ops::Range;
use toml_edit::{Item, Table};

/// The byte of `toml` at which the source in `table` ends: the start of a line, or the end of the text.
///
/// Comments right below it belong to it, unless they lead over to the next table without a blank line.
pub(super) fn end_of(toml: &str, table: &Table) -> usize {
    let written = last_byte(table);
    let mut end = end_of_line(toml, written);
    let mut ahead = end;
    while let Some(line) = toml.get(ahead..).and_then(|rest| rest.lines().next()) {
        match line.trim_start().chars().next() {
            Some('#') => ahead = end_of_line(toml, ahead),
            Some('[') => return end,
            _ => break,
        }
    }
    end = end.max(ahead);
    end
}

/// The last byte that a table, its keys or the tables in it take up.
fn last_byte(table: &Table) -> usize {
    let end = |span: Option<Range<usize>>| span.map_or(0, |span| span.end);
    let within = table.iter().map(|(key, item)| match item {
        Item::Table(table) => last_byte(table),
        Item::ArrayOfTables(tables) => tables.iter().map(last_byte).max().unwrap_or(0),
        other => end(other.span()).max(end(table.key(key).and_then(toml_edit::Key::span))),
    });
    within.max().unwrap_or(0).max(end(table.span()))
}

fn end_of_line(toml: &str, from: usize) -> usize {
    toml.get(from..).and_then(|rest| rest.find('\n')).map_or(toml.len(), |found| from + found + 1)
}

/// `text` with `blocks` at byte `at`, in the line ends of `text`, blank lines around them.
pub(super) fn insert(text: &str, at: usize, blocks: &str) -> String {
    if blocks.is_empty() {
        return text.to_owned();
    }
    let is_windows = text.find('\n').is_some_and(|end| text.get(..end).is_some_and(|line| line.ends_with('\r')));
    let line_end = if is_windows { "\r\n" } else { "\n" };
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut new = String::with_capacity(text.len() + blocks.len() + blocks.len() / 8);
    new.push_str(before);
    let content = before.trim_start_matches('\u{feff}');
    if !content.is_empty() && !content.ends_with('\n') {
        new.push_str(line_end);
    }
    if !content.trim().is_empty() && !content.ends_with("\n\n") && !content.ends_with("\n\r\n") {
        new.push_str(line_end);
    }
    for line in blocks.lines() {
        new.push_str(line);
        new.push_str(line_end);
    }
    if !after.is_empty() && !after.starts_with(['\n', '\r']) {
        new.push_str(line_end);
    }
    new.push_str(after);
    new
}
