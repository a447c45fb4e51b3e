//! One value of a document, read as what it should be; a note says where it is something else.

use super::document::Document;
use super::duration::{duration_text, parse_duration};
use super::mask::is_secret_key;
use super::suggest::nearest;
use std::ops::Range;
use std::time::Duration;
use toml::de::DeValue;

/// A value, not yet read.
#[derive(Debug)]
pub(super) struct Value<'d> {
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) content: DeValue<'d>,
    document: &'d Document,
    label: Label,
}

/// A text with the place where it stands.
#[derive(Debug, Clone)]
pub(super) struct Text<'d> {
    /// What it says, without blanks around it.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// The document that it stands in.
    pub(super) document: &'d Document,
    label: Label,
}

/// By what messages call a value; put into words only where there is something to tell.
#[derive(Debug, Clone)]
struct Label {
    key: &'static str,
    span: Range<usize>,
    is_element: bool,
}

impl<'d> Value<'d> {
    /// The value at `span` of `key`, which itself begins at `key_start`.
    pub(super) fn new(
        document: &'d Document,
        key: &'static str,
        key_start: usize,
        span: Range<usize>,
        content: DeValue<'d>,
    ) -> Self {
        let label = Label { key, span: key_start..span.end, is_element: false };
        Self { document, label, span, content }
    }

    /// The element at `span` of the list at `key`.
    pub(super) fn element(document: &'d Document, key: &'static str, span: Range<usize>, content: DeValue<'d>) -> Self {
        let label = Label { key, span: span.clone(), is_element: true };
        Self { document, label, span, content }
    }

    /// Notes that the value is of a wrong kind; `expected` says what to write.
    pub(super) fn mismatch(&self, expected: &str) {
        let kind = match &self.content {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.reject(&format!("is {kind}"), &format!("write {expected}"));
    }

    /// Notes that the value cannot be used.
    pub(super) fn reject(&self, problem: &str, help: &str) {
        self.document.error(self.span.clone(), format!("{} {problem}", self.label.words(self.document)), help);
    }

    /// The value as a text.
    pub(super) fn text(self) -> Option<Text<'d>> {
        self.text_like("a text in quotes")
    }

    /// The value as a text; `expected` says what kind of text.
    pub(super) fn text_like(self, expected: &str) -> Option<Text<'d>> {
        match self.content {
            DeValue::String(text) => {
                let text = text.trim().to_owned();
                Some(Text { text, span: self.span, document: self.document, label: self.label })
            }
            _ => {
                self.mismatch(expected);
                None
            }
        }
    }

    /// The value as a list of texts.
    pub(super) fn texts(self) -> Vec<Text<'d>> {
        match self.content {
            DeValue::Array(elements) => elements
                .into_iter()
                .filter_map(|element| {
                    let span = element.span();
                    Value::element(self.document, self.label.key, span, element.into_inner()).text()
                })
                .collect(),
            _ => {
                self.mismatch(&format!("a list: {} = [\"...\"]", self.label.key));
                Vec::new()
            }
        }
    }

    /// The value as `true` or `false`.
    pub(super) fn flag(self) -> Option<bool> {
        let flag = self.content.as_bool();
        if flag.is_none() {
            self.mismatch("true or false");
        }
        flag
    }

    /// The value as a whole number from `least` to `most`.
    pub(super) fn whole(self, least: u32, most: u32) -> Option<u32> {
        let expected = format!("a whole number from {least} to {most}");
        let Some(integer) = self.content.as_integer() else {
            self.mismatch(&expected);
            return None;
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.reject("is out of range", &format!("write {expected}"));
        }
        number
    }

    /// The value as a number from `least` to `most`; NaN is none.
    pub(super) fn number(self, least: f64, most: f64) -> Option<f64> {
        let expected = format!("a number from {least} to {most}");
        let number = match &self.content {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|n| n as f64),
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            _ => {
                self.mismatch(&expected);
                return None;
            }
        };
        // Written so that NaN is out of range.
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.reject("is out of range", &format!("write {expected}"));
        }
        number
    }
}

impl Value<'_> {
    /// The value as a list of two numbers, each at most so far from 0; `expected` says what to write.
    pub(super) fn numbers(self, most: [f64; 2], expected: &str) -> Option<[f64; 2]> {
        let elements = match &self.content {
            DeValue::Array(elements) if elements.len() == most.len() => elements.clone(),
            _ => {
                self.reject("is no pair of numbers", &format!("write {expected}"));
                return None;
            }
        };
        let mut numbers = elements.into_iter().zip(most).map(|(element, most)| {
            let span = element.span();
            Self::element(self.document, self.label.key, span, element.into_inner()).number(-most, most)
        });
        Some([numbers.next()??, numbers.next()??])
    }
}

impl Label {
    /// How messages call the value; a secret is called by its key alone.
    fn words(&self, document: &Document) -> String {
        if is_secret_key(self.key) {
            format!("`{}`", self.key)
        } else if self.is_element {
            format!("`{}` in `{}`", document.quote(self.span.clone()), self.key)
        } else {
            format!("`{}`", document.quote(self.span.clone()))
        }
    }
}

impl Text<'_> {
    /// Notes that the text cannot be used.
    pub(super) fn reject(&self, problem: &str, help: &str) {
        self.document.error(self.span.clone(), format!("{} {problem}", self.label.words(self.document)), help);
    }

    /// Notes that the bytes `part` of the text are wrong; marks all of it where it is not written as it reads.
    pub(super) fn reject_within(&self, part: Range<usize>, problem: &str, help: &str) {
        let written = self.document.slice(self.span.clone());
        let span = match written.match_indices(&self.text).next() {
            Some((at, _)) => self.span.start + at + part.start..self.span.start + at + part.end.max(part.start + 1),
            None => self.span.clone(),
        };
        self.document.error(span, format!("{} {problem}", self.label.words(self.document)), help);
    }

    /// Notes that the text is odd.
    pub(super) fn warn(&self, problem: &str, help: &str) {
        self.document.warn(self.span.clone(), format!("{} {problem}", self.label.words(self.document)), help);
    }

    /// The text, unless it is blank.
    pub(super) fn not_blank(self) -> Option<Self> {
        if self.text.is_empty() {
            self.reject("is empty", "write something, or remove it");
            return None;
        }
        Some(self)
    }

    /// The text as a duration from `least` to `most`.
    pub(super) fn duration(&self, least: Duration, most: Duration) -> Option<Duration> {
        let duration = match parse_duration(&self.text) {
            Ok(duration) => duration,
            Err(error) => {
                self.reject(&error.to_string(), &error.help());
                return None;
            }
        };
        if !(least..=most).contains(&duration) {
            let help = format!("write {} to {}", duration_text(least), duration_text(most));
            self.reject("is out of range", &help);
            return None;
        }
        Some(duration)
    }

    /// The text as one of a few words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let chosen = choices.iter().find(|(word, _)| *word == self.text).map(|(_, value)| *value);
        if chosen.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.unknown(&words);
        }
        chosen
    }

    /// Notes that the text is none of the `known` words.
    pub(super) fn unknown(&self, known: &[&str]) {
        self.unknown_among(known, "is not known");
    }

    /// Notes `problem`: the text is none of the `known` words, of which there may be none.
    pub(super) fn unknown_among(&self, known: &[&str], problem: &str) {
        let help = match nearest(&self.text, known.iter().copied()) {
            Some(word) => format!("did you mean \"{word}\"?"),
            None if known.is_empty() => "there is none yet".to_owned(),
            None => format!("write {}", listed(known)),
        };
        self.reject(problem, &help);
    }
}

/// `"a", "b" or "c"`.
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
