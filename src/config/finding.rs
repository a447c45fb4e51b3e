//! What is wrong or odd in a document, and how a person reads it: place, words, the line with a caret.

use super::mask::masked;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Odd, but it runs.
    Warning,
    /// It cannot be used.
    Error,
}

/// Where in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// One mistake or oddity. Its `Display` is the headline, and below it the offending line with a caret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file's name, for instance `sources.toml`.
    pub file: String,
    /// Where; `None` where it is about the file as a whole.
    #[serde(flatten)]
    pub position: Option<Position>,
    /// The thing, and what is wrong with it. Never holds a secret's value.
    pub message: String,
    /// The way out; empty where the message says it all.
    pub help: String,
    #[serde(skip)]
    pub(super) excerpt: Option<Excerpt>,
}

/// The offending line as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    line: String,
    marked: Range<usize>,
}

impl Excerpt {
    /// Takes the line and the bytes of it to mark; secrets in it are hidden.
    pub(super) fn new(line: &str, marked: Range<usize>) -> Self {
        let line = masked(line);
        let start = boundary_before(&line, marked.start);
        let end = boundary_before(&line, marked.end).max(start);
        Self { line, marked: start..end }
    }
}

impl Finding {
    /// The finding in one line: ``sources.toml:14:9: `every = "5"` has no unit; write "5m" or "5h"``.
    #[must_use]
    pub fn headline(&self) -> String {
        let mut text = self.file.clone();
        if let Some(Position { line, column }) = self.position {
            text.push_str(&format!(":{line}:{column}"));
        }
        text.push_str(if self.severity == Severity::Warning { ": warning: " } else { ": " });
        text.push_str(&self.message);
        if !self.help.is_empty() {
            text.push_str("; ");
            text.push_str(&self.help);
        }
        text
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        let (Some(position), Some(excerpt)) = (self.position, &self.excerpt) else { return Ok(()) };
        let snippet = Snippet::source(excerpt.line.as_str())
            .line_start(position.line)
            .annotation(AnnotationKind::Primary.span(excerpt.marked.clone()));
        let drawn = Renderer::plain().render(&[Group::with_level(Level::ERROR).element(snippet)]);
        write!(f, "\n{}", drawn.trim_end())
    }
}

/// The configuration cannot be used. Its `Display` tells every finding, warnings included, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError {
    /// All findings of both files; at least one is an error.
    pub findings: Vec<Finding>,
}

impl ConfigError {
    /// How many findings are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// The last character border of `text` that is not beyond `index`.
fn boundary_before(text: &str, index: usize) -> usize {
    text.floor_char_boundary(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finding(excerpt: Excerpt) -> Finding {
        Finding {
            severity: Severity::Error,
            file: "sources.toml".to_owned(),
            position: Some(Position { line: 14, column: 9 }),
            message: "`every = \"5\"` has no unit".to_owned(),
            help: "write \"5m\" or \"5h\"".to_owned(),
            excerpt: Some(excerpt),
        }
    }

    #[test]
    fn a_finding_shows_its_line_with_a_caret() {
        let shown = finding(Excerpt::new("every = \"5\"", 8..11)).to_string();
        expect_test::expect![[r#"
            sources.toml:14:9: `every = "5"` has no unit; write "5m" or "5h"
               |
            14 | every = "5"
               |         ^^^"#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_machine_reads_line_and_column_beside_the_message() {
        let json = serde_json::to_value(finding(Excerpt::new("x", 0..1))).unwrap();
        assert_eq!((&json["line"], &json["column"], &json["severity"]), (&14.into(), &9.into(), &"error".into()));
    }

    proptest! {
        #[test]
        fn any_line_can_be_shown(line in "\\PC{0,40}|.{0,40}", start in 0_usize..60, length in 0_usize..60) {
            let _ = finding(Excerpt::new(&line, start..start + length)).to_string();
        }
    }
}
