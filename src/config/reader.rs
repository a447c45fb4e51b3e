//! Takes the keys of a table one by one and notes what is wrong with each.
//!
//! A section asks for the keys that it knows; [`Reader::finish`] then notes every key that nobody asked for, with
//! the nearest one that somebody did. So each section lists its keys once, where it reads them.

use super::document::Document;
use super::suggest::nearest;
use super::value::{Text, Value};
use std::ops::Range;
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// A table of a document.
#[derive(Debug)]
pub(super) struct Reader<'d> {
    /// The document.
    pub(super) document: &'d Document,
    /// Where its header stands.
    pub(super) span: Range<usize>,
    what: &'static str,
    table: DeTable<'d>,
    known: Vec<&'static str>,
}

impl<'d> Reader<'d> {
    /// A reader of `table`, which is called `what` in messages ("a brand").
    pub(super) fn new(document: &'d Document, table: DeTable<'d>, span: Range<usize>, what: &'static str) -> Self {
        Self { document, span, what, table, known: Vec::new() }
    }

    /// The value of `key`, if it is there.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Value<'d>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let (name, value) = self.table.remove_entry(key)?;
        let span = value.span();
        Some(Value::new(self.document, key, name.span().start, span, value.into_inner()))
    }

    /// Whether every key was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether `key` is there and was not taken yet.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether `key` is there, not taken yet, and says `word`.
    pub(super) fn says(&self, key: &str, word: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_str().is_some_and(|text| text.trim() == word))
    }

    /// Notes that `key` is missing.
    pub(super) fn missing(&self, key: &str, help: &str) {
        self.document.missing(self.span.clone(), format!("{} needs `{key}`", self.what), help);
    }

    /// A text that is not blank.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Text<'d>> {
        self.value(key)?.text()?.not_blank()
    }

    /// A text that has to be there.
    pub(super) fn required(&mut self, key: &'static str, example: &str) -> Option<Text<'d>> {
        let Some(value) = self.value(key) else {
            self.missing(key, &format!("write `{example}`"));
            return None;
        };
        value.text()?.not_blank()
    }

    /// A list of texts that are not blank; empty where it is absent.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Text<'d>> {
        let elements = self.value(key).map(Value::texts).unwrap_or_default();
        elements.into_iter().filter_map(Text::not_blank).collect()
    }

    /// A list of texts that has to be there and to hold something.
    pub(super) fn required_texts(&mut self, key: &'static str, example: &str) -> Vec<Text<'d>> {
        match self.value(key) {
            None => self.missing(key, &format!("write `{example}`")),
            Some(value) if value.content.as_array().is_some_and(|elements| elements.is_empty()) => {
                value.reject("is empty", &format!("write `{example}`"));
            }
            Some(value) => return value.texts().into_iter().filter_map(Text::not_blank).collect(),
        }
        Vec::new()
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.value(key)?.flag()
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole(&mut self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        self.value(key)?.whole(least, most)
    }

    /// A number from `least` to `most`.
    pub(super) fn number(&mut self, key: &'static str, least: f64, most: f64) -> Option<f64> {
        self.value(key)?.number(least, most)
    }

    /// A duration from `least` to `most`.
    pub(super) fn duration(&mut self, key: &'static str, least: Duration, most: Duration) -> Option<Duration> {
        self.value(key)?.text_like("a duration in quotes, such as \"15m\"")?.duration(least, most)
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        self.value(key)?.text()?.choice(choices)
    }

    /// The table at `key`, written `[key]`.
    pub(super) fn table(&mut self, key: &'static str, what: &'static str) -> Option<Self> {
        let value = self.value(key)?;
        let span = value.span.clone();
        match value.content {
            DeValue::Table(table) => Some(Self::new(self.document, table, span, what)),
            DeValue::Array(_) => {
                self.document.error(span, format!("`[[{key}]]` may stand only once"), format!("write `[{key}]`"));
                None
            }
            _ => {
                value.mismatch(&format!("a table: `[{key}]`"));
                None
            }
        }
    }

    /// The tables at `key`, each below its `[[header]]`.
    pub(super) fn tables(&mut self, key: &'static str, header: &str, what: &'static str) -> Vec<Self> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let expected = format!("a table for each: `[[{header}]]`");
        let document = self.document;
        let DeValue::Array(elements) = value.content else {
            if value.content.is_table() {
                document.error(value.span, format!("`{key}` is a list of tables"), format!("write `[[{header}]]`"));
            } else {
                value.mismatch(&expected);
            }
            return Vec::new();
        };
        let mut tables = Vec::new();
        for element in elements {
            let span = element.span();
            match element.into_inner() {
                DeValue::Table(table) => tables.push(Self::new(document, table, span, what)),
                other => Value::element(document, key, span, other).mismatch(&expected),
            }
        }
        tables
    }

    /// Notes every key that nobody asked for.
    pub(super) fn finish(self) {
        self.finish_beside(|_| None);
    }

    /// Like [`Reader::finish`]; `elsewhere` may know where a stray key belongs.
    pub(super) fn finish_beside(self, elsewhere: impl Fn(&str) -> Option<String>) {
        for key in self.table.keys() {
            let name = self.document.quote(key.span());
            let help = elsewhere(key.get_ref()).unwrap_or_else(|| self.help_for(key.get_ref()));
            self.document.error(key.span(), format!("`{name}` is no key of {}", self.what), help);
        }
    }

    fn help_for(&self, wrong: &str) -> String {
        match nearest(wrong, self.known.iter().copied()) {
            Some(key) => format!("did you mean `{key}`?"),
            None => format!("its keys are {}", self.known.join(", ")),
        }
    }
}
