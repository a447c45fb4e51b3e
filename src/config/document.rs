//! One TOML document while it is checked: its text, its lines, and what was found so far.
//!
//! Parsing recovers from syntax errors, so that one slip does not hide the others. What is found in a part of the
//! document that the parser only guessed at is dropped again, lest one mistake be told twice.

use super::finding::{Excerpt, Finding, Position, Severity};
use super::reader::Reader;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::DeTable;

/// Syntax errors after which the parser still reads the following lines as they were meant.
const HARMLESS_SYNTAX_ERRORS: [&str; 3] = ["duplicate key", "string values must be quoted", "invalid basic string"];

/// How much of the document a message quotes.
const QUOTE_CHARACTERS: usize = 60;

/// A document and what was found in it.
#[derive(Debug)]
pub(super) struct Document {
    file: String,
    text: String,
    line_starts: Vec<usize>,
    notes: RefCell<Vec<Note>>,
}

#[derive(Debug)]
struct Note {
    span: Range<usize>,
    about: About,
    severity: Severity,
    message: String,
    help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Syntax { is_harmless: bool },
    Missing,
    Content,
}

impl Document {
    /// A document named `file`. A byte order mark is dropped.
    pub(super) fn new(file: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        Self { file: file.into(), text, line_starts, notes: RefCell::default() }
    }

    /// The outermost table. Syntax errors are noted, and what could be read in spite of them is in the table.
    pub(super) fn root(&self, what: &'static str) -> Reader<'_> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let (message, help) = self.syntax_words(error.message(), &span);
            let is_harmless = HARMLESS_SYNTAX_ERRORS.iter().any(|known| error.message().starts_with(known));
            self.note(span, About::Syntax { is_harmless }, Severity::Error, message, help);
        }
        Reader::new(self, table.into_inner(), 0..0, what)
    }

    /// Notes a mistake.
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(span, About::Content, Severity::Error, message.into(), help.into());
    }

    /// Notes something odd.
    pub(super) fn warn(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(span, About::Content, Severity::Warning, message.into(), help.into());
    }

    /// Notes that something is not there; `span` is where it should be.
    pub(super) fn missing(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(span, About::Missing, Severity::Error, message.into(), help.into());
    }

    /// What stands at `span`, on one line and shortened.
    pub(super) fn quote(&self, span: Range<usize>) -> String {
        let line = self.text.get(span).unwrap_or("").lines().next().unwrap_or("");
        let mut quote: String = line.chars().filter(|character| !character.is_control()).collect();
        if let Some((end, _)) = quote.char_indices().nth(QUOTE_CHARACTERS) {
            quote.truncate(end);
            quote.push('…');
        }
        quote
    }

    /// The line that a byte stands on, from 1.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Whether anything that stands here is wrong TOML.
    pub(super) fn is_broken(&self) -> bool {
        self.notes.borrow().iter().any(|note| matches!(note.about, About::Syntax { .. }))
    }

    /// Everything that was found, in the order of the text.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut notes = self.notes.take();
        notes.sort_by_key(|note| (note.span.start, matches!(note.about, About::Content | About::Missing)));
        let first_guess = notes.iter().find(|note| note.about == About::Syntax { is_harmless: false });
        let sound_until = first_guess.map_or(usize::MAX, |note| note.span.start);
        let is_guessed = sound_until < usize::MAX;
        let mut broken_lines = BTreeSet::new();
        let is_worth_telling = |note: &Note| {
            let line = self.line_of(note.span.start);
            match note.about {
                About::Syntax { .. } => broken_lines.insert(line),
                About::Missing => !is_guessed && !broken_lines.contains(&line),
                About::Content => note.span.start < sound_until && !broken_lines.contains(&line),
            }
        };
        let mut told = notes;
        told.retain(is_worth_telling);
        told.into_iter().map(|note| self.finding(note)).collect()
    }

    fn note(&self, span: Range<usize>, about: About, severity: Severity, message: String, help: String) {
        self.notes.borrow_mut().push(Note { span, about, severity, message, help });
    }

    fn finding(&self, note: Note) -> Finding {
        let line = self.line_of(note.span.start);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let text = self.text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        let text = text.strip_suffix('\r').unwrap_or(text);
        let marked = note.span.start - start..note.span.end.saturating_sub(start).min(text.len());
        let before = self.text.get(start..note.span.start).unwrap_or("");
        Finding {
            severity: note.severity,
            file: self.file.clone(),
            position: Some(Position { line, column: before.chars().count() + 1 }),
            message: note.message,
            help: note.help,
            excerpt: Some(Excerpt::new(text, marked)),
        }
    }

    /// Our words for what the parser says. Values are not quoted: they may be secrets.
    fn syntax_words(&self, message: &str, span: &Range<usize>) -> (String, String) {
        match message {
            "duplicate key" => {
                (format!("`{}` stands twice in one table", self.quote(span.clone())), "remove one".to_owned())
            }
            _ if message.starts_with("string values must be quoted") => {
                ("a text stands without quotes".to_owned(), "write it as \"...\"".to_owned())
            }
            _ if message.starts_with("invalid basic string") => (
                "a text does not end as it should".to_owned(),
                "close it with `\"`, and write `\\\\` for `\\`".to_owned(),
            ),
            _ => (format!("this is not TOML: {message}"), String::new()),
        }
    }
}
