//! Counts what was mended in a document, so that a thousand stray ampersands are one problem and not a thousand.

use crate::model::Problem;

/// A problem at a line.
#[must_use]
pub fn problem(message: impl Into<String>, line: Option<u32>) -> Problem {
    Problem { message: message.into(), line }
}

/// How often each kind of damage was met, and where first.
#[derive(Debug, Default)]
pub struct Tally(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    what: &'static str,
    first_offset: usize,
    count: usize,
}

impl Tally {
    /// Notes one `what` at a byte offset; `what` is said in plain words with what was done about it.
    pub fn note(&mut self, what: &'static str, offset: usize) {
        match self.0.iter_mut().find(|entry| entry.what == what) {
            Some(entry) => entry.count += 1,
            None => self.0.push(Entry { what, first_offset: offset, count: 1 }),
        }
    }

    /// One problem for each kind, with the line in `text` where it was met first.
    #[must_use]
    pub fn into_problems(self, text: &str) -> Vec<Problem> {
        let message = |entry: &Entry| match entry.count {
            1 => entry.what.to_owned(),
            count => format!("{} ({count} times)", entry.what),
        };
        self.0.iter().map(|entry| problem(message(entry), Some(line_of(text, entry.first_offset)))).collect()
    }
}

/// The line of a byte offset, counted from 1.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_damage_is_told_once_with_its_first_line() {
        let mut tally = Tally::default();
        tally.note("a stray `&` was escaped", 2);
        tally.note("a stray `&` was escaped", 4);
        assert_eq!(tally.into_problems("a\nb\nc"), vec![problem("a stray `&` was escaped (2 times)", Some(2))]);
    }
}
