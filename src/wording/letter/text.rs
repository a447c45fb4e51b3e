//! The plain text of a letter.

use super::{Block, HeatCell, Letter, Row, Run};
use unicode_segmentation::UnicodeSegmentation;

/// Where the figures of a row begin to stand, in characters.
const LEADER_WIDTH: usize = 44;

pub(super) fn render(letter: &Letter) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend([letter.preview.clone(), String::new(), joined(&letter.headline)]);
    // What the preview has said already is not said twice.
    for block in letter.blocks.iter().filter(|block| !repeats(block, &letter.preview)) {
        push_block(&mut lines, block);
    }
    lines.extend([String::new(), "-- ".to_owned()]);
    lines.extend(letter.footer.iter().cloned());
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn push_block(lines: &mut Vec<String>, block: &Block) {
    match block {
        Block::Section { title, note } => {
            let head =
                if note.is_empty() { title.to_uppercase() } else { format!("{} ({note})", title.to_uppercase()) };
            lines.extend([String::new(), head]);
        }
        Block::Para(runs) => lines.extend([String::new(), joined(runs)]),
        Block::Small(runs) => lines.push(joined(runs)),
        Block::Quote { runs, is_hero, .. } => {
            if *is_hero {
                lines.push(String::new());
            }
            lines.extend(joined(runs).lines().map(|line| format!("> {line}")));
        }
        Block::Button { label, url } => lines.push(format!("{label}: {url}")),
        Block::Rows(rows) => lines.extend(rows.iter().map(|row| leaders("", row))),
        Block::Bar { spoken, .. } => lines.push(spoken.clone()),
        Block::Heat { columns, rows } => {
            for row in rows {
                lines.push(row.name.clone());
                lines.extend(columns.iter().zip(&row.cells).map(|(column, cell)| heat_line(column, cell)));
            }
        }
    }
}

fn repeats(block: &Block, preview: &str) -> bool {
    matches!(block, Block::Para(runs) if joined(runs) == preview)
}

fn heat_line(column: &str, cell: &HeatCell) -> String {
    let value = if cell.count.is_empty() { cell.shown.clone() } else { format!("{} ({})", cell.shown, cell.count) };
    leaders("  ", &Row::new(column, value))
}

/// `Approve ............. 10 min`
fn leaders(indent: &str, row: &Row) -> String {
    let used = indent.len() + row.name.graphemes(true).count();
    let dots = ".".repeat(LEADER_WIDTH.saturating_sub(used).max(3));
    format!("{indent}{} {dots} {}", row.name, row.value)
}

fn joined(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        text.push_str(&run.text);
        if let Some(link) = &run.link {
            text.push_str(": ");
            text.push_str(link);
        }
    }
    text
}
