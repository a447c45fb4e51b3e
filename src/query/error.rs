//! What is wrong with a query, with the line and a caret below the character.

use std::fmt;
use std::ops::Range;

/// How many characters of a query are shown around a mistake.
const SHOWN_CHARACTERS: usize = 60;

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The thing, and what is wrong with it.
    pub message: String,
    /// The way out.
    pub help: String,
    /// The character that it is about, from 1.
    pub character: usize,
    /// The bytes of the query that it is about.
    pub span: Range<usize>,
    line: String,
    caret: usize,
    n_carets: usize,
}

impl QueryError {
    /// About the bytes `span` of `query`.
    pub(super) fn new(query: &str, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        let before: Vec<char> = query.get(..span.start).unwrap_or(query).chars().collect();
        let marked: Vec<char> = query.get(span.clone()).unwrap_or_default().chars().collect();
        let behind = query.get(span.end..).unwrap_or_default();
        let skipped = before.len().saturating_sub(SHOWN_CHARACTERS);
        let lead: String = before.iter().skip(skipped).collect();
        let marked_shown: String = marked.iter().take(SHOWN_CHARACTERS).collect();
        let rest: String = behind.chars().take(SHOWN_CHARACTERS).collect();
        let dots = if skipped > 0 { "…" } else { "" };
        let plain = |text: String| text.replace(|c: char| c.is_control(), " ");
        Self {
            message: message.into(),
            help: help.into(),
            character: before.len() + 1,
            span: span.clone(),
            line: plain(format!("{dots}{lead}{marked_shown}{rest}")),
            caret: lead.chars().count() + dots.chars().count(),
            n_carets: marked_shown.chars().count().max(1),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the query cannot be understood at character {}: {}; {}", self.character, self.message, self.help)?;
        write!(f, "\n  {}\n  {:width$}{}", self.line, "", "^".repeat(self.n_carets), width = self.caret)
    }
}

impl std::error::Error for QueryError {}
