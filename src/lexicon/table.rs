//! The form of a lexicon file: tab-separated rows below a header of `#` lines.

/// One row of a lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'t> {
    /// The line in the file, from 1.
    pub line: usize,
    /// The cells, trimmed; at least one.
    pub cells: Vec<&'t str>,
    /// It stands in a list of the user's own.
    pub is_users: bool,
}

impl<'t> Row<'t> {
    /// The cell at `index`; empty where the row is shorter.
    #[must_use]
    pub fn cell(&self, index: usize) -> &'t str {
        self.cells.get(index).copied().unwrap_or("")
    }

    /// The cell at `index` as a number.
    ///
    /// # Errors
    /// [`RowError::NotANumber`] where it is none, or not finite.
    pub fn number(&self, index: usize) -> Result<f32, RowError> {
        let cell = self.cell(index);
        let not_a_number = || RowError::NotANumber { line: self.line, cell: cell.to_owned() };
        cell.parse().ok().filter(|number: &f32| number.is_finite()).ok_or_else(not_a_number)
    }
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// A cell that should hold a number does not.
    #[error("line {line}: `{cell}` is no number; write one such as 1.5 or -2")]
    NotANumber {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        cell: String,
    },
}

/// The rows of a lexicon: empty lines and lines that start with `#` are left out.
///
/// A term that itself starts with `#` is written `\#`; the backslash is taken away here.
pub fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let line_is_text = !line.trim().is_empty() && !line.starts_with('#');
        let line = line.strip_prefix('\\').unwrap_or(line);
        line_is_text.then(|| Row { line: index + 1, cells: line.split('\t').map(str::trim).collect(), is_users: false })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_blank_lines_are_no_rows() {
        let all: Vec<_> = rows("# language: en\n\ngood\t1.9\nbad\tx\n\\#fail\t-1\n").collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].cell(0), "#fail");
        assert_eq!(all[0].cell(0), "good");
        assert_eq!(all[0].number(1), Ok(1.9));
        assert_eq!(all[1].line, 4);
        assert_eq!(all[1].number(1), Err(RowError::NotANumber { line: 4, cell: "x".to_owned() }));
    }
}
