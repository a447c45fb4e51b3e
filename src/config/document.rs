//! One TOML document while it is checked: its text, its lines, and what was found so far.
//!
//! Parsing recovers from syntax errors, so that one slip does not hide the others. What is found in a part of the
//! document that the parser only guessed at is dropped again, lest one mistake be told twice.

use super::finding::{Excerpt, Finding, Position, Severity};
use super::reader::Reader;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::DeTable;

/// Syntax errors that leave every key of the document where it was meant.
const ABOUT_VALUES: [&str; 3] = ["duplicate key", "string values must be quoted", "invalid basic string"];

/// Words in syntax errors after which the parser takes what follows for something else.
const ABOUT_BRACKETS: [&str; 4] = ["array", "inline table", "unclosed", "multi-line"];

/// How often a document is parsed again without the lines that stopped the parser.
const REPAIRS: usize = 64;

/// How much of the document a message quotes.
const QUOTE_CHARACTERS: usize = 60;

/// A document and what was found in it.
#[derive(Debug)]
pub(super) struct Document {
    file: String,
    text: String,
    /// Where lines cannot be parsed: the text with blanks in their place, byte for byte as long.
    repaired: OnceCell<String>,
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
    File,
    Syntax(Damage),
    Missing,
    Content,
}

/// How much of a document a syntax error makes a guess of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Value,
    Line,
    Rest,
}

impl Damage {
    fn of(message: &str) -> Self {
        if ABOUT_VALUES.iter().any(|known| message.starts_with(known)) {
            Self::Value
        } else if ABOUT_BRACKETS.iter().any(|word| message.contains(word)) {
            Self::Rest
        } else {
            Self::Line
        }
    }
}

impl Note {
    fn damage(&self) -> Option<Damage> {
        match self.about {
            About::Syntax(damage) => Some(damage),
            About::File | About::Missing | About::Content => None,
        }
    }

    fn is_syntax(&self) -> bool {
        self.damage().is_some()
    }
}

impl Document {
    /// A document named `file`. A byte order mark is dropped.
    pub(super) fn new(file: impl Into<String>, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        Self { file: file.into(), text, repaired: OnceCell::new(), line_starts, notes: RefCell::default() }
    }

    /// All of it, as it was written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The outermost table. Syntax errors are noted, and what could be read in spite of them is in the table.
    pub(super) fn root(&self, what: &'static str) -> Reader<'_> {
        let (mut table, mut errors) = DeTable::parse_recoverable(&self.text);
        // A long list of sources is parsed once unless something is wrong with it.
        if errors.iter().any(|error| Damage::of(error.message()) == Damage::Line) {
            (table, errors) = DeTable::parse_recoverable(self.repaired.get_or_init(|| self.repair()));
        }
        for error in &errors {
            self.note_syntax(error);
        }
        Reader::new(self, table.into_inner(), 0..0, what)
    }

    /// The text without the lines that keep the parser from reading on, each of which is noted.
    fn repair(&self) -> String {
        let mut text = self.text.clone();
        for _ in 0..REPAIRS {
            if !self.blank(&mut text) {
                break;
            }
        }
        text
    }

    /// Blanks the lines that keep the parser from reading on; whether there was anything to blank.
    fn blank(&self, text: &mut String) -> bool {
        let (_, errors) = DeTable::parse_recoverable(text);
        let mut spans = Vec::new();
        for error in errors.iter().filter(|error| Damage::of(error.message()) == Damage::Line) {
            self.note_syntax(error);
            spans.push(self.line_span(self.line_of(error.span().unwrap_or(0..0).start)));
        }
        let mut is_changed = false;
        for span in spans {
            let blanks = " ".repeat(span.len());
            is_changed |= text.get(span.clone()).is_some_and(|line| line != blanks);
            text.replace_range(span, &blanks);
        }
        is_changed
    }

    fn note_syntax(&self, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let (message, help) = self.syntax_words(error.message(), &span);
        self.note(span, About::Syntax(Damage::of(error.message())), Severity::Error, message, help);
    }

    /// Where a line stands, without its end.
    fn line_span(&self, line: usize) -> Range<usize> {
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let text = self.text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        start..start + text.strip_suffix('\r').unwrap_or(text).len()
    }

    /// Notes a mistake.
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(span, About::Content, Severity::Error, message.into(), help.into());
    }

    /// Notes something odd.
    pub(super) fn warn(&self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.note(span, About::Content, Severity::Warning, message.into(), help.into());
    }

    /// Notes something odd about the file as a whole.
    pub(super) fn warn_of_file(&self, message: &str, help: &str) {
        self.note(0..0, About::File, Severity::Warning, message.to_owned(), help.to_owned());
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

    /// What stands at `span`, as it is written.
    pub(super) fn slice(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or("")
    }

    /// The line that a byte stands on, from 1.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Whether anything that stands here is wrong TOML.
    pub(super) fn is_broken(&self) -> bool {
        self.notes.borrow().iter().any(Note::is_syntax)
    }

    /// Everything that was found, in the order of the text.
    ///
    /// Of a line with a syntax error only that is told, and nothing of what the parser had to guess because of it.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut notes = self.notes.take();
        notes.sort_by_key(|note| note.span.start);
        let broken_lines: BTreeSet<usize> =
            notes.iter().filter(|note| note.is_syntax()).map(|note| self.line_of(note.span.start)).collect();
        let worst = notes.iter().filter_map(Note::damage).max();
        let guess = notes.iter().find(|note| note.damage() == Some(Damage::Rest));
        let sound_until = guess.map_or(usize::MAX, |note| note.span.start);
        let has_every_key = worst.is_none_or(|damage| damage == Damage::Value);
        let mut told_lines = BTreeSet::new();
        notes.retain(|note| {
            let line = self.line_of(note.span.start);
            match note.about {
                About::File => has_every_key,
                About::Syntax(_) => note.span.start <= sound_until && told_lines.insert(line),
                About::Missing => has_every_key && !broken_lines.contains(&line),
                About::Content => note.span.start < sound_until && !broken_lines.contains(&line),
            }
        });
        notes.into_iter().map(|note| self.finding(note)).collect()
    }

    fn note(&self, span: Range<usize>, about: About, severity: Severity, message: String, help: String) {
        self.notes.borrow_mut().push(Note { span, about, severity, message, help });
    }

    fn finding(&self, note: Note) -> Finding {
        let line = self.line_of(note.span.start);
        let whole = self.line_span(line);
        let start = whole.start;
        let text = self.text.get(whole).unwrap_or("");
        let marked = note.span.start - start..note.span.end.saturating_sub(start).min(text.len());
        let is_placed = note.about != About::File;
        let before = self.text.get(start..note.span.start).unwrap_or("");
        Finding {
            severity: note.severity,
            file: self.file.clone(),
            position: is_placed.then(|| Position { line, column: before.chars().count() + 1 }),
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
            _ if message.starts_with("string values must be quoted") && span.is_empty() => {
                ("a value is missing".to_owned(), "write one behind the `=`".to_owned())
            }
            _ if message.starts_with("string values must be quoted") => {
                ("a text stands without quotes".to_owned(), "write it as \"...\"".to_owned())
            }
            _ if message.starts_with("missing escaped value") => {
                ("`\\` stands before a character that needs none".to_owned(), "write `\\\\`".to_owned())
            }
            _ if message.starts_with("key with no value") => {
                ("a key stands without a value".to_owned(), "write `=` and the value behind it".to_owned())
            }
            _ if message.starts_with("invalid basic string") => (
                "a text does not end as it should".to_owned(),
                "close it with `\"`, and write `\\\\` for `\\`".to_owned(),
            ),
            _ => (format!("this is not TOML: {message}"), String::new()),
        }
    }
}
