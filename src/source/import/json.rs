//! Splits JSON into records, piece by piece: lines, an array, or an object with an array inside.
//!
//! In: decoded text. Out: one flat row for each record: what is nested gets a dotted path as its column. A record that
//! is broken costs itself alone. Nothing but the record at hand is held.

use super::bytes::Decoding;
use super::row::{COLUMNS_MOST, ROW_LIMIT_BYTES, Row, Step};
use crate::model::{ImportFault, RefusedRow};
use serde_json::Value;
use std::collections::HashMap;
use std::io;

/// How deep below the top an array of records is looked for, and how deep records are flattened.
const DEPTH_MOST: usize = 16;

/// How the records lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One a line.
    Lines,
    /// One array, or one single record.
    Values,
    /// The first array of objects within an object.
    Within,
}

/// How the records lie in a file that begins with `head`; `None` where it is no JSON. `is_whole`: it ends there, too.
pub(super) fn layout(head: &str, is_whole: bool) -> Option<Layout> {
    let head = head.trim_start();
    let inner = head.get(1..)?.trim_start();
    let next = inner.chars().next();
    match head.chars().next()? {
        '[' if matches!(next, Some('{' | '[' | ']')) => Some(Layout::Values),
        '{' if matches!(next, Some('"' | '}')) => {
            let mut values = serde_json::Deserializer::from_str(head).into_iter::<Value>();
            let Some(Ok(first)) = values.next() else {
                let mut lines = head.lines();
                let is_object = |line: &str| line.trim_end().ends_with('}') && line.starts_with('{');
                let is_lines = lines.next().is_some_and(is_object) || lines.next().is_some_and(is_object);
                return Some(if is_lines { Layout::Lines } else { Layout::Within });
            };
            let rest = head.get(values.byte_offset()..).unwrap_or_default().trim_start();
            let is_alone = rest.is_empty() && is_whole;
            Some(match (is_alone, has_records(&first, 0)) {
                (true, true) => Layout::Within,
                (true, false) => Layout::Values,
                (false, _) => Layout::Lines,
            })
        }
        _ => None,
    }
}

fn has_records(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(values) => values.first().is_some_and(Value::is_object),
        Value::Object(fields) if depth < DEPTH_MOST => fields.values().any(|value| has_records(value, depth + 1)),
        _ => false,
    }
}

/// JSON that is being read.
pub(super) struct Records {
    pub(super) text: Decoding,
    layout: Layout,
    buffer: Vec<u8>,
    at: usize,
    has_more: bool,
    is_begun: bool,
    is_over: bool,
    n_records: u64,
    /// The columns by their paths. Grows while `learns`.
    pub(super) columns: HashMap<String, usize>,
    pub(super) names: Vec<String>,
    learns: bool,
    cells: Vec<String>,
}

impl Records {
    /// With `names` the columns are those, else they are learned.
    pub(super) fn new(text: Decoding, layout: Layout, names: Option<&[String]>) -> Self {
        let known = names.unwrap_or_default().to_vec();
        let columns = known.iter().enumerate().map(|(index, name)| (name.clone(), index)).collect();
        Self {
            text,
            layout,
            buffer: Vec::new(),
            at: 0,
            has_more: true,
            is_begun: false,
            is_over: false,
            n_records: 0,
            columns,
            names: known,
            learns: names.is_none(),
            cells: Vec::new(),
        }
    }

    /// Fills `row` with the next record.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<Step, ImportFault> {
        row.clear();
        if !self.is_begun {
            self.is_begun = true;
            self.begin()?;
        }
        let raw = match self.layout {
            Layout::Lines => self.line()?,
            Layout::Values | Layout::Within => self.element()?,
        };
        let Some(range) = raw else { return Ok(Step::End) };
        self.n_records += 1;
        row.number = self.n_records;
        let Some((from, to)) = range else {
            return Ok(Step::Refused(RefusedRow::TooLong { limit_bytes: ROW_LIMIT_BYTES }));
        };
        let parsed = serde_json::from_slice::<Value>(self.buffer.get(from..to).unwrap_or_default());
        match parsed {
            Ok(value @ Value::Object(_)) => Ok(self.flat(value, row)),
            Ok(other) => {
                let kind = if other.is_array() { "a list" } else { "a single value" };
                Ok(Step::Refused(RefusedRow::BrokenJson(kind.to_owned())))
            }
            Err(error) => Ok(Step::Refused(RefusedRow::BrokenJson(error.to_string()))),
        }
    }

    /// Goes to where the first record may begin.
    fn begin(&mut self) -> Result<(), ImportFault> {
        match self.layout {
            Layout::Lines => Ok(()),
            Layout::Values => {
                if self.peek()? == Some(b'[') {
                    self.at += 1;
                }
                Ok(())
            }
            Layout::Within => self.find_records(),
        }
    }

    /// Goes behind the `[` of the first array of objects, through objects alone.
    fn find_records(&mut self) -> Result<(), ImportFault> {
        let broken = |what: &str| ImportFault::BrokenJson(format!("{what} before its records"));
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                None if depth == 0 => return Err(ImportFault::BrokenJson("it holds no list of objects".to_owned())),
                None => return Err(broken("it ends")),
                Some(b'}') => {
                    self.at += 1;
                    depth = depth.checked_sub(1).ok_or_else(|| broken("a bracket closes twice"))?;
                    if depth == 0 {
                        return Err(ImportFault::BrokenJson("it holds no list of objects".to_owned()));
                    }
                }
                Some(b'{') if depth < DEPTH_MOST => {
                    self.at += 1;
                    depth += 1;
                }
                Some(b',' | b':') => self.at += 1,
                Some(b'[') => {
                    self.at += 1;
                    if self.peek()? == Some(b'{') {
                        return Ok(());
                    }
                    self.at -= 1;
                    self.skip_value()?;
                }
                Some(_) => self.skip_value()?,
            }
        }
    }

    /// The next line that is not empty, as a range of the buffer; the inner `None` where it is too long.
    fn line(&mut self) -> io::Result<Option<Option<(usize, usize)>>> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let mut looked = 0;
        let mut is_too_long = false;
        loop {
            let rest = self.buffer.get(self.at + looked..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let from = self.at;
                let to = from + looked + end;
                self.at = to + 1;
                return Ok(Some((!is_too_long && to - from <= ROW_LIMIT_BYTES).then_some((from, to))));
            }
            looked += rest.len();
            if looked > ROW_LIMIT_BYTES {
                is_too_long = true;
                self.at += looked;
                looked = 0;
            }
            if !self.more()? {
                let (from, to) = (self.at, self.buffer.len());
                self.at = to;
                return Ok(Some((!is_too_long).then_some((from, to))));
            }
        }
    }

    /// The next element of the array, as [`Records::line`].
    fn element(&mut self) -> io::Result<Option<Option<(usize, usize)>>> {
        if self.is_over {
            return Ok(None);
        }
        while self.peek()? == Some(b',') {
            self.at += 1;
        }
        match self.peek()? {
            None | Some(b']' | b'}') => {
                self.is_over = true;
                Ok(None)
            }
            Some(_) => Ok(Some(self.value()?)),
        }
    }

    fn skip_value(&mut self) -> io::Result<()> {
        self.value().map(|_| ())
    }

    /// Goes behind the value that begins here; its range, unless it is too long to be held.
    fn value(&mut self) -> io::Result<Option<(usize, usize)>> {
        let (mut looked, mut depth) = (0_usize, 0_usize);
        let (mut in_text, mut is_escaped, mut is_too_long) = (false, false, false);
        loop {
            let Some(byte) = self.buffer.get(self.at + looked).copied() else {
                if looked > ROW_LIMIT_BYTES {
                    is_too_long = true;
                    self.at += looked;
                    looked = 0;
                }
                if self.more()? {
                    continue;
                }
                return Ok(self.ended(looked, is_too_long));
            };
            if in_text {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' => is_escaped = true,
                    b'"' => in_text = false,
                    _ => {}
                }
                looked += 1;
                if !in_text && depth == 0 {
                    return Ok(self.ended(looked, is_too_long));
                }
                continue;
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => depth += 1,
                // It closes what lies around it.
                b'}' | b']' if depth == 0 => {
                    let length = looked.max(usize::from(looked == 0));
                    return Ok(self.ended(length, is_too_long));
                }
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(self.ended(looked + 1, is_too_long));
                    }
                }
                b',' | b':' if depth == 0 => return Ok(self.ended(looked.max(1), is_too_long)),
                _ => {}
            }
            looked += 1;
        }
    }

    fn ended(&mut self, length: usize, is_too_long: bool) -> Option<(usize, usize)> {
        let from = self.at;
        self.at = (from + length).min(self.buffer.len());
        (!is_too_long && length <= ROW_LIMIT_BYTES).then_some((from, self.at))
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.buffer.get(self.at).copied() {
                Some(byte) if byte.is_ascii_whitespace() => self.at += 1,
                Some(byte) => return Ok(Some(byte)),
                None if !self.more()? => return Ok(None),
                None => {}
            }
        }
    }

    /// Reads on; whether anything came. Lets go of what lies before the current place.
    fn more(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.at);
        self.at = 0;
        while self.has_more {
            let before = self.buffer.len();
            self.has_more = self.text.fill(&mut self.buffer)?;
            if self.buffer.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn flat(&mut self, value: Value, row: &mut Row) -> Step {
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        cells.resize(self.names.len(), String::new());
        let mut n_fields = 0;
        self.lay_out(value, &mut String::new(), &mut cells, (&mut n_fields, 0));
        cells.iter().for_each(|cell| row.push(cell));
        self.cells = cells;
        if n_fields > COLUMNS_MOST {
            row.clear();
            return Step::Refused(RefusedRow::TooManyColumns { found: n_fields, limit: COLUMNS_MOST });
        }
        Step::Row
    }

    fn lay_out(
        &mut self,
        value: Value,
        path: &mut String,
        cells: &mut Vec<String>,
        (n_fields, depth): (&mut usize, usize),
    ) {
        let length = path.len();
        let mut below = |records: &mut Self, key: &str, value: Value, n_fields: &mut usize| {
            if length > 0 {
                path.push('.');
            }
            path.push_str(key);
            records.lay_out(value, path, cells, (n_fields, depth + 1));
            path.truncate(length);
        };
        match value {
            Value::Object(fields) if depth < DEPTH_MOST => {
                fields.into_iter().for_each(|(key, value)| below(self, &key, value, n_fields));
            }
            Value::Array(values) if depth < DEPTH_MOST && values.iter().any(|v| v.is_object() || v.is_array()) => {
                let numbered = values.into_iter().enumerate();
                numbered.for_each(|(index, value)| below(self, &index.to_string(), value, n_fields));
            }
            Value::Null => {}
            other => {
                *n_fields += 1;
                self.put(path, &other, cells);
            }
        }
    }

    fn put(&mut self, path: &str, value: &Value, cells: &mut Vec<String>) {
        let column = match self.columns.get(path) {
            Some(column) => *column,
            None if self.learns && self.names.len() < COLUMNS_MOST => {
                self.columns.insert(path.to_owned(), self.names.len());
                self.names.push(path.to_owned());
                cells.push(String::new());
                self.names.len() - 1
            }
            None => return,
        };
        if let Some(cell) = cells.get_mut(column) {
            *cell = as_text(value);
        }
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\0', ""),
        Value::Array(values) => values.iter().map(as_text).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layout, and `number:path=cell,..` for each record.
    fn check(text: &str, expected: &[&str]) {
        let layout = layout(text, true).expect("JSON");
        let file = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
        let mut records = Records::new(Decoding::new(file, encoding_rs::UTF_8), layout, None);
        let (mut row, mut read) = (Row::default(), Vec::new());
        loop {
            match records.next(&mut row) {
                Ok(Step::Row) => {
                    let cells = records.names.iter().zip(row.cells()).filter(|(_, cell)| !cell.is_empty());
                    let cells: Vec<String> = cells.map(|(name, cell)| format!("{name}={cell}")).collect();
                    read.push(format!("{}:{}", row.number, cells.join(",")));
                }
                Ok(Step::Refused(why)) => read.push(format!("{}!{}", row.number, why.as_str())),
                Ok(Step::End) => break,
                Err(fault) => {
                    read.push(fault.to_string());
                    break;
                }
            }
        }
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn every_layout_gives_its_records() {
        check(r#"[{"a":1,"b":{"c":"x","d":null}},{"a":2}]"#, &["1:a=1,b.c=x", "2:a=2"]);
        check("{\"a\":\"x\\\"}\"}\n\n{\"a\":2}\n", &["1:a=x\"}", "2:a=2"]);
        check(r#"{"n":2,"x":[1,2],"data":{"list":[{"a":1},{"a":[1,2]}],"more":[{"z":1}]}}"#, &["1:a=1", "2:a=1, 2"]);
        check(r#"{"a":1,"tags":["x","y"]}"#, &["1:a=1,tags=x, y"]);
        check(r#"[{"user":{"name":"A"},"media":[{"u":1},{"u":2}]}]"#, &["1:media.0.u=1,media.1.u=2,user.name=A"]);
        check("[]", &[]);
    }

    #[test]
    fn a_broken_record_costs_itself() {
        check("{\"a\":1}\n{\"a\":\n{\"a\":3}", &["1:a=1", "2!broken_json", "3:a=3"]);
        check(r#"[{"a":1},{"a":oops},7,{"a":4}]"#, &["1:a=1", "2!broken_json", "3!broken_json", "4:a=4"]);
        check(r#"[{"a":1},{"a":2"#, &["1:a=1", "2!broken_json"]);
        check(r#"{"a":[1],"b":"#, &["the file is broken JSON: it ends before its records"]);
        let long = format!("[{{\"a\":\"{}\"}},{{\"a\":2}}]", "x".repeat(2 * ROW_LIMIT_BYTES));
        check(&long, &["1!too_long", "2:a=2"]);
    }

    #[test]
    fn large_numbers_stay_as_they_are() {
        check(r#"[{"id":9007199254740993}]"#, &["1:id=9007199254740993"]);
        check(r#"[{"id":1.23E+18}]"#, &["1:id=1.23e+18"]);
    }
}
