//! Looks at a file before its rows are read: encoding, layout, columns, and which of day and month stands first.
//!
//! In: a file that can be opened again, and what a person said of it. Out: [`Survey`], by which [`super::Rows`] reads.

use super::bytes::{self, Decoding, Open};
use super::column::{distinct, listed};
use super::date::{Clock, Told, Votes};
use super::entry::Reading;
use super::json::{self, Layout, Records};
use super::row::{ROW_LIMIT_BYTES, Row, Step};
use super::table::{self, Table};
use crate::model::{ImportFacts, ImportFault, ImportField as F, ImportOddity, ImportPlan, RefusedRow, SourceName};
use encoding_rs::Encoding;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Rows that are looked at to learn what the columns hold.
const SAMPLE_ROWS: usize = 1_000;

/// How rows lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A table with this separator.
    Table(u8),
    /// JSON.
    Json(Layout),
}

/// Where and when a file is read.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The source that the rows belong to.
    pub source: SourceName,
    /// The IANA zone of times that name none, where the plan says none.
    pub zone: String,
    /// What time it is.
    pub now: Timestamp,
}

/// A file, looked at.
#[derive(Debug, Clone)]
pub struct Survey {
    pub(super) encoding: &'static Encoding,
    pub(super) shape: Shape,
    pub(super) has_header: bool,
    pub(super) names: Vec<String>,
    pub(super) reading: Reading,
    pub(super) odd: Vec<ImportOddity>,
    has_open_dates: bool,
}

impl Survey {
    /// What it is, for people.
    #[must_use]
    pub fn facts(&self) -> ImportFacts {
        let name = |column: usize| self.names.get(column).cloned().unwrap_or_default();
        ImportFacts {
            encoding: self.encoding.name().to_owned(),
            shape: self.shape.to_string(),
            columns: self.names.clone(),
            map: self.reading.map.iter().map(|(field, column)| (*field, name(*column))).collect(),
            month_first: self.has_open_dates.then_some(self.reading.clock.month_first),
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(b'\t') => out.write_str("table with tabs"),
            Self::Table(separator) if separator.is_ascii_control() => out.write_str("table of one column"),
            Self::Table(separator) => write!(out, "table with `{}`", char::from(*separator)),
            Self::Json(Layout::Lines) => out.write_str("JSON lines"),
            Self::Json(Layout::Values) => out.write_str("JSON array"),
            Self::Json(Layout::Within) => out.write_str("JSON object with an array"),
        }
    }
}

/// Looks at the file that `open` opens.
///
/// # Errors
/// [`ImportFault`] where nothing of it can be read, or not what the plan asks for.
pub fn survey(open: &Open<'_>, plan: &ImportPlan, setting: &Setting) -> Result<Survey, ImportFault> {
    let encoding = match &plan.encoding {
        Some(label) => bytes::labelled(label)?,
        None => bytes::detect(open)?,
    };
    let zone = plan.zone.as_ref().unwrap_or(&setting.zone);
    let zone = TimeZone::get(zone).map_err(|_| ImportFault::Zone(zone.clone()))?;
    let shape = shape(open, encoding)?;
    let mut clock = Clock { month_first: false, zone, now: setting.now };
    let mut sample = Sample::default();
    let mut lines = Lines::open(open, encoding, shape, None)?;
    let has_header = plan.has_header && matches!(shape, Shape::Table(_));
    let mut names = if has_header { lines.header()?.ok_or(ImportFault::Empty)? } else { Vec::new() };
    let mut row = Row::default();
    let mut first_refused = None;
    for _ in 0..SAMPLE_ROWS {
        match lines.next(&mut row)? {
            Step::Row => sample.see(&row, &clock),
            Step::Refused(why) => {
                first_refused.get_or_insert(why);
            }
            Step::End => break,
        }
    }
    match &lines {
        Lines::Json(records) => names.clone_from(&records.names),
        Lines::Table(_) if !has_header => names = (1..=sample.columns.len()).map(|n| n.to_string()).collect(),
        Lines::Table(_) => {}
    }
    if names.is_empty() && sample.n_rows == 0 {
        return Err(match first_refused {
            Some(RefusedRow::BrokenJson(reason)) => ImportFault::BrokenJson(reason),
            Some(why) => ImportFault::BrokenJson(why.to_string()),
            None => ImportFault::Empty,
        });
    }
    let mut reading = Reading::new(setting.source.clone(), &names, &plan.map, clock.clone())?;
    let mut odd = Vec::new();
    if !has_header && matches!(shape, Shape::Table(_)) {
        add(&mut reading, F::CreatedAt, sample.column_of_times());
    }
    if reading.column(F::Text).is_none() {
        let text = sample.longest(&reading).ok_or_else(|| ImportFault::NoTextColumn { columns: listed(&names) })?;
        reading.map.retain(|(_, column)| *column != text);
        add(&mut reading, F::Text, Some(text));
        odd.push(ImportOddity::TextByLength(names.get(text).cloned().unwrap_or_default()));
    }
    let votes = votes(open, (encoding, shape, &names), reading.column(F::CreatedAt), &sample, setting.now)?;
    let by_default = matches!(shape, Shape::Table(b',') | Shape::Json(_)) && is_american(&clock.zone);
    clock.month_first = votes.month_first(by_default);
    if votes.is_mixed() {
        odd.push(ImportOddity::MixedOrder);
    } else if votes.is_open() {
        odd.push(ImportOddity::OpenOrder { month_first: clock.month_first });
    }
    let has_open_dates = votes != Votes::default();
    reading.clock = clock;
    Ok(Survey { encoding, shape, has_header, names, reading, odd, has_open_dates })
}

fn add(reading: &mut Reading, field: F, column: Option<usize>) {
    let is_free = |column: &usize| !reading.map.iter().any(|(known, at)| *known == field || at == column);
    if let Some(column) = column.filter(is_free) {
        reading.map.push((field, column));
        reading.map.sort_unstable();
    }
}

/// Whether the clock is one of those who write the month first.
fn is_american(zone: &TimeZone) -> bool {
    const NAMES: [&str; 7] = ["New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Detroit", "Anchorage"];
    zone.iana_name().is_some_and(|name| name.starts_with("US/") || NAMES.iter().any(|city| name.ends_with(city)))
}

fn shape(open: &Open<'_>, encoding: &'static Encoding) -> Result<Shape, ImportFault> {
    let mut decoding = Decoding::new(open()?, encoding);
    let mut head = Vec::new();
    let mut has_more = true;
    while has_more && head.len() <= ROW_LIMIT_BYTES {
        has_more = decoding.fill(&mut head)?;
    }
    let head = String::from_utf8_lossy(&head);
    if head.trim().is_empty() {
        return Err(ImportFault::Empty);
    }
    Ok(json::layout(&head, !has_more).map_or_else(|| Shape::Table(table::separator(&head)), Shape::Json))
}

/// Asks every date of the file which of day and month stands first, where the first rows leave that open.
fn votes(
    open: &Open<'_>,
    (encoding, shape, names): (&'static Encoding, Shape, &[String]),
    column: Option<usize>,
    sample: &Sample,
    now: Timestamp,
) -> Result<Votes, ImportFault> {
    let mut votes = Votes::default();
    let Some(column) = column.filter(|column| sample.columns.get(*column).is_some_and(|seen| seen.n_slashed > 0))
    else {
        return Ok(votes);
    };
    let mut lines = Lines::open(open, encoding, shape, Some(names))?;
    let mut row = Row::default();
    loop {
        match lines.next(&mut row)? {
            Step::Row => votes.see(row.get(column), now),
            Step::Refused(_) => {}
            Step::End => return Ok(votes),
        }
    }
}

/// What the first rows hold, column by column.
#[derive(Debug, Default)]
struct Sample {
    n_rows: u64,
    columns: Vec<Seen>,
}

#[derive(Debug, Default, Clone)]
struct Seen {
    n_filled: u64,
    n_characters: u64,
    n_times: u64,
    /// Dates that leave open whether day or month stands first.
    n_slashed: u64,
}

impl Sample {
    fn see(&mut self, row: &Row, clock: &Clock) {
        self.n_rows += 1;
        if self.columns.len() < row.len() {
            self.columns.resize(row.len(), Seen::default());
        }
        for (seen, cell) in self.columns.iter_mut().zip(row.cells()).filter(|(_, cell)| !cell.is_empty()) {
            seen.n_filled += 1;
            seen.n_characters += cell.len() as u64;
            if cell.len() <= 40 && cell.contains(|c: char| c.is_ascii_digit()) {
                let mut votes = Votes::default();
                votes.see(cell, clock.now);
                seen.n_slashed += u64::from(votes != Votes::default());
                let is_number = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
                seen.n_times += u64::from(!is_number || cell.matches('.').count() == 2)
                    * u64::from(matches!(clock.read(cell), Told::At(_)));
            }
        }
    }

    /// The column in which nearly everything is a time.
    fn column_of_times(&self) -> Option<usize> {
        self.columns.iter().position(|seen| seen.n_filled > 0 && seen.n_times * 10 >= seen.n_filled * 8)
    }

    /// The column with the longest cells, of those that are no id, time or link.
    fn longest(&self, reading: &Reading) -> Option<usize> {
        let taken =
            [F::Id, F::CreatedAt, F::EditedAt, F::Url, F::AuthorUrl, F::Title].map(|field| reading.column(field));
        let free = self.columns.iter().enumerate().filter(|(column, _)| !taken.contains(&Some(*column)));
        let length = |seen: &Seen| seen.n_characters / seen.n_filled.max(1);
        // Short cells are codes and names, unless there is nothing else.
        let least = if self.columns.len() == 1 { 1 } else { 8 };
        let longest = free.max_by_key(|(column, seen)| (length(seen), usize::MAX - column));
        longest.filter(|(_, seen)| length(seen) >= least).map(|(column, _)| column)
    }
}

/// The rows of a file, whatever its shape.
pub(super) enum Lines {
    Table(Box<Table>),
    Json(Box<Records>),
}

impl Lines {
    pub(super) fn open(
        open: &Open<'_>,
        encoding: &'static Encoding,
        shape: Shape,
        names: Option<&[String]>,
    ) -> Result<Self, ImportFault> {
        let text = Decoding::new(open()?, encoding);
        Ok(match shape {
            Shape::Table(separator) => Self::Table(Box::new(Table::new(text, separator))),
            Shape::Json(layout) => Self::Json(Box::new(Records::new(text, layout, names))),
        })
    }

    pub(super) fn next(&mut self, row: &mut Row) -> Result<Step, ImportFault> {
        loop {
            let step = match self {
                Self::Table(table) => table.next(row)?,
                Self::Json(records) => records.next(row)?,
            };
            // Excel's word for the separator is no row.
            if !(step == Step::Row && row.number == 1 && row.get(0).starts_with("sep=") && row.len() <= 2) {
                return Ok(step);
            }
        }
    }

    /// The names in the first row of a table.
    pub(super) fn header(&mut self) -> Result<Option<Vec<String>>, ImportFault> {
        let mut row = Row::default();
        loop {
            match self.next(&mut row)? {
                Step::Row => return Ok(Some(distinct(row.cells()))),
                Step::Refused(_) => {}
                Step::End => return Ok(None),
            }
        }
    }

    pub(super) fn text(&self) -> &Decoding {
        match self {
            Self::Table(table) => &table.text,
            Self::Json(records) => &records.text,
        }
    }
}
