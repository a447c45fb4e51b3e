//! One row of a table, or one record of JSON, as cells in a buffer that is used again for the next.

use crate::model::RefusedRow;

/// The most bytes of a row, and the most columns of a file.
pub(super) const ROW_LIMIT_BYTES: usize = 1 << 20;
pub(super) const COLUMNS_MOST: usize = 1_000;

/// Cells of one row.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    /// The row as a spreadsheet counts, or the record, from 1.
    pub(super) number: u64,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell of a column without the blanks around it; empty where there is none.
    pub(super) fn get(&self, column: usize) -> &str {
        let start = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(column).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default().trim()
    }

    /// Makes one cell of those from `column` on, with `separator` between them.
    pub(super) fn join_from(&mut self, column: usize, separator: char) {
        let joined: Vec<&str> = (column..self.len()).map(|column| self.get(column)).collect();
        let joined = joined.join(&separator.to_string());
        self.ends.truncate(column);
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
        self.push(&joined);
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }
}

/// What reading on gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The row that was handed in is filled.
    Row,
    /// A row that cannot be taken; its number is in the row that was handed in.
    Refused(RefusedRow),
    /// There is no more.
    End,
}
