//! Reads files that people hand in: tables (CSV, TSV and their kin) and JSON, for surveys, notes of phone calls and
//! networks that we may not ask.
//!
//! In: a file that can be opened twice, and what a person said of its columns. Out: items one by one, rows that are
//! refused with the reason, and what is odd about it. Flat memory whatever the size. Opens nothing itself: `pipeline`
//! hands it the file. Nothing in a cell is evaluated.

mod bytes;
mod column;
mod date;
mod entry;
mod json;
mod names;
mod row;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use bytes::Open;
pub use survey::{Setting, Survey, survey};

use super::feed::problems::problem;
use super::{ReadError, Source};
use crate::model::{
    Batch, Cursor, ImportFault, ImportField as F, ImportOddity, ImportPlan, Item, Refusal, RefusedRow, Request,
    Response, SourceName, SourceSpec,
};
use entry::Odd;
use jiff::Timestamp;
use row::{Row, Step};
use std::io::{Cursor as Bytes, Read};
use survey::{Lines, Shape};

/// The most bytes of a file that is handed in as an answer; one on disk may have any size.
const ANSWER_LIMIT_BYTES: usize = 64 << 20;

/// Whether `label` names an encoding.
#[must_use]
pub fn is_encoding(label: &str) -> bool {
    bytes::labelled(label).is_ok()
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// It is an item.
    Item(Box<Item>),
    /// It is none.
    Refused(Refusal),
}

/// The rows of a file that was looked at.
pub struct Rows {
    lines: Lines,
    survey: Survey,
    row: Row,
    odd: Odd,
}

impl Rows {
    /// Begins to read the file that `open` opens, by what its survey found.
    ///
    /// # Errors
    /// [`ImportFault`] where it cannot be opened.
    pub fn open(open: &Open<'_>, survey: &Survey) -> Result<Self, ImportFault> {
        let mut lines = Lines::open(open, survey.encoding, survey.shape, Some(&survey.names))?;
        if survey.has_header {
            lines.header()?;
        }
        Ok(Self { lines, survey: survey.clone(), row: Row::default(), odd: Odd::default() })
    }

    /// The next row; `None` behind the last.
    ///
    /// # Errors
    /// [`ImportFault`] where the file cannot be read on.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, ImportFault> {
        loop {
            let refused = match self.lines.next(&mut self.row)? {
                Step::End => return Ok(None),
                Step::Refused(why) => why,
                Step::Row if self.is_header_again() => {
                    self.odd.headers += 1;
                    continue;
                }
                Step::Row => match self.even().and_then(|()| self.survey.reading.item(&self.row, &mut self.odd)) {
                    Ok(item) => return Ok(Some(Entry::Item(Box::new(item)))),
                    Err(why) => why,
                },
            };
            return Ok(Some(Entry::Refused(Refusal { row: self.row.number, why: refused })));
        }
    }

    /// Bytes of the file that were read.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.lines.text().n_read
    }

    /// What was odd until now.
    #[must_use]
    pub fn oddities(&self) -> Vec<ImportOddity> {
        let (odd, text) = (&self.odd, self.lines.text());
        let n_empty = match &self.lines {
            Lines::Table(table) => table.n_empty,
            Lines::Json(_) => 0,
        };
        let counted = [
            (odd.undated, ImportOddity::Undated as fn(u64) -> ImportOddity),
            (odd.unread_dates, ImportOddity::UnreadDates),
            (odd.ahead, ImportOddity::Ahead),
            (odd.unread_ratings, ImportOddity::UnreadRatings),
            (odd.zeroed_ids, ImportOddity::ZeroedIds),
            (odd.headers, ImportOddity::Headers),
            (odd.short, ImportOddity::Short),
            (odd.joined, ImportOddity::Joined),
            (n_empty, ImportOddity::Empty),
            (text.n_nul, ImportOddity::Nul),
        ];
        let counted = counted.into_iter().filter(|(n, _)| *n > 0).map(|(n, oddity)| oddity(n));
        let holes = text.has_holes.then_some(ImportOddity::Holes);
        self.survey.odd.iter().cloned().chain(counted).chain(holes).collect()
    }

    /// Whether the row is the header once more, as in files that were put together.
    fn is_header_again(&self) -> bool {
        let (names, row) = (&self.survey.names, &self.row);
        self.survey.has_header
            && names.len() == row.len()
            && names.len() > 1
            && names.iter().zip(row.cells()).all(|(name, cell)| name == cell)
    }

    /// Makes a row of a table fit its columns.
    fn even(&mut self) -> Result<(), RefusedRow> {
        let Shape::Table(separator) = self.survey.shape else { return Ok(()) };
        let (found, expected) = (self.row.len(), self.survey.names.len());
        self.odd.short += u64::from(found < expected);
        if found <= expected || (expected..found).all(|column| self.row.get(column).is_empty()) {
            return Ok(());
        }
        let last = expected.checked_sub(1);
        if last.is_some() && self.survey.reading.column(F::Text) == last {
            self.row.join_from(expected - 1, char::from(separator));
            self.odd.joined += 1;
            return Ok(());
        }
        Err(RefusedRow::TooManyCells { found, expected })
    }
}

/// A file as the answer of a source: so `porterhouse read import FILE` shows what is made of it.
struct Answered {
    source: SourceName,
    url: String,
    plan: ImportPlan,
}

/// Makes the source of one `[[source]]`. What lies in its folder is read by `pipeline`; nobody is asked.
pub fn open(spec: &SourceSpec) -> Box<dyn Source> {
    let plan = spec.import.as_ref().map(|folder| folder.plan.clone()).unwrap_or_default();
    Box::new(Answered { source: spec.name.clone(), url: spec.url.clone(), plan })
}

impl Source for Answered {
    fn start(&self, _cursor: &Cursor, _now: Timestamp) -> Vec<Request> {
        vec![Request::plain(self.url.clone(), ANSWER_LIMIT_BYTES)]
    }

    fn read(&self, cursor: &Cursor, _: &Request, response: &Response, now: Timestamp) -> Result<Batch, ReadError> {
        let open = || Ok(Box::new(Bytes::new(response.body.clone())) as Box<dyn Read + Send>);
        let setting = Setting { source: self.source.clone(), zone: "UTC".to_owned(), now };
        let unreadable = |fault: ImportFault| ReadError::Unimportable { fault };
        let survey = survey(&open, &self.plan, &setting).map_err(unreadable)?;
        let mut rows = Rows::open(&open, &survey).map_err(unreadable)?;
        let mut batch = Batch { cursor: cursor.clone(), ..Batch::default() };
        while let Some(entry) = rows.next_entry().map_err(unreadable)? {
            match entry {
                Entry::Item(item) => batch.items.push(*item),
                Entry::Refused(Refusal { row, why }) => {
                    batch.problems.push(problem(format!("row {row}: {why}"), u32::try_from(row).ok()));
                }
            }
        }
        batch.problems.extend(rows.oddities().iter().map(|odd| problem(odd.to_string(), None)));
        Ok(batch)
    }
}
