//! Which row of the word lists a charge comes from, and what a text would feel without it.
//!
//! In: the charges of a text. Out: the rows that they come from, and the charges without those of one row. Removed is
//! what the row bears itself; how it stood in the way of others while the text was read is not undone.

use super::scan::Charges;
use crate::lexicon::{Row, all_rows};
use std::collections::BTreeSet;

/// Every list that charges come from: language, purpose.
const LISTS: [(&str, &str); 11] = [
    ("all", "emoji"),
    ("de", "feelings"),
    ("de", "failures"),
    ("en", "feelings"),
    ("en", "failures"),
    ("fr", "feelings"),
    ("fr", "failures"),
    ("es", "feelings"),
    ("es", "failures"),
    ("it", "feelings"),
    ("it", "failures"),
];

/// A row of a word list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Listed {
    /// Which of [`LISTS`].
    list: u8,
    is_users: bool,
    line: u32,
}

impl Listed {
    /// The row `row` of the list for `language` and `purpose`, which is one of [`LISTS`].
    pub(super) fn new(language: &str, purpose: &str, row: &Row<'_>) -> Self {
        let list = LISTS.iter().position(|list| *list == (language, purpose)).unwrap_or(0);
        Self {
            list: u8::try_from(list).unwrap_or(0),
            is_users: row.is_users,
            line: u32::try_from(row.line).unwrap_or(u32::MAX),
        }
    }

    /// The language of the list, `all` where no language owns it; and its purpose.
    #[must_use]
    pub fn list(self) -> (&'static str, &'static str) {
        LISTS.get(usize::from(self.list)).copied().unwrap_or(("all", "emoji"))
    }

    /// The line in the file, from 1.
    #[must_use]
    pub fn line(self) -> u32 {
        self.line
    }

    /// Whether the list is the user's own and not built in.
    #[must_use]
    pub fn is_users(self) -> bool {
        self.is_users
    }

    /// What the row lists; empty where there is no such row. Reads the whole list.
    #[must_use]
    pub fn term(self) -> &'static str {
        let (language, purpose) = self.list();
        let is_meant = |row: &Row<'_>| row.is_users == self.is_users && row.line == self.line as usize;
        all_rows(language, purpose).find(is_meant).and_then(|row| row.cells.first().copied()).unwrap_or("")
    }
}

impl Charges {
    /// The rows that the charges come from, each once, with the rule of its first charge.
    #[must_use]
    pub fn rows(&self) -> Vec<(Listed, &'static str)> {
        let mut seen = BTreeSet::new();
        let new = self.list.iter().filter(|charge| seen.insert(charge.listed));
        new.map(|charge| (charge.listed, charge.kind.rule())).collect()
    }

    /// The charges but for those of the row `listed`; everything else as it was read.
    #[must_use]
    pub fn without(&self, listed: Listed) -> Self {
        let mut rest = self.clone();
        rest.list.retain(|charge| charge.listed != listed);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::super::{charges, of_text};
    use super::*;
    use crate::lexicon::BUILT_IN;
    use crate::model::Sentiment;
    use crate::text::Tokens;

    #[test]
    fn a_charge_knows_its_row_and_a_text_can_be_weighed_without_it() {
        let tokens = Tokens::new("The food was awful but the waiter was kind 😊");
        let all = charges(&tokens, Some("en"));
        let rows = all.rows();
        let (awful, rule) = rows[0];
        assert_eq!((awful.list(), rule, awful.is_users()), (("en", "feelings"), "feeling.word", false));
        assert!("awful".starts_with(awful.term().trim_end_matches('*')), "{}", awful.term());
        let line = include_str!("../../../lexicons/en/feelings.tsv").lines().nth(awful.line() as usize - 1);
        assert!(line.is_some_and(|line| line.starts_with(awful.term())));
        assert_eq!(rows.last().map(|(row, _)| row.list()), Some(("all", "emoji")));
        assert_eq!(of_text(&all.without(awful), &tokens).label, Sentiment::Positive);
        let nothing = rows.iter().fold(all, |rest, (row, _)| rest.without(*row));
        assert_eq!(of_text(&nothing, &tokens).label, Sentiment::Neutral);
    }

    #[test]
    fn every_list_of_feelings_is_known() {
        let bears = |purpose: &str| matches!(purpose, "feelings" | "failures" | "emoji");
        let built_in = BUILT_IN.iter().filter(|(_, purpose, _)| bears(purpose));
        assert_eq!(built_in.clone().count(), LISTS.len());
        for (language, purpose, _) in built_in {
            assert!(LISTS.contains(&(language, purpose)), "{language}/{purpose}");
        }
    }
}
