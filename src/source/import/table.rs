//! Splits a table (CSV and its kin) into rows, piece by piece.
//!
//! In: decoded text and the separator. Out: rows, or why one is none. Cells in quotation marks may hold line breaks.
//! On top of `csv-core` and not of `csv`, which lets a row grow with its file: here an open quotation mark costs one
//! row, and reading goes on with the next line.

use super::bytes::Decoding;
use super::row::{COLUMNS_MOST, ROW_LIMIT_BYTES, Row, Step};
use crate::model::RefusedRow;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io;

/// A table that is being read.
pub(super) struct Table {
    pub(super) text: Decoding,
    core: Reader,
    /// Decoded text from the beginning of the current row on.
    buffer: Vec<u8>,
    /// Where the current row begins, and how far `core` has looked.
    start: usize,
    looked: usize,
    has_more: bool,
    row: u64,
    /// The row before ended with a carriage return, whose line feed comes yet.
    after_return: bool,
    out: Vec<u8>,
    ends: Vec<usize>,
    /// Rows without anything in them.
    pub(super) n_empty: u64,
}

impl Table {
    pub(super) fn new(text: Decoding, separator: u8) -> Self {
        Self {
            text,
            core: ReaderBuilder::new().delimiter(separator).build(),
            buffer: Vec::new(),
            start: 0,
            looked: 0,
            has_more: true,
            row: 0,
            after_return: false,
            out: vec![0; 4 << 10],
            ends: vec![0; 64],
            n_empty: 0,
        }
    }

    /// Fills `row` with the next one that is not empty.
    pub(super) fn next(&mut self, row: &mut Row) -> io::Result<Step> {
        loop {
            let (n_out, n_ends, is_last) = match self.scan()? {
                Scanned::TooLong => {
                    row.number = self.give_up_line()?;
                    return Ok(Step::Refused(RefusedRow::TooLong { limit_bytes: ROW_LIMIT_BYTES }));
                }
                Scanned::End => return Ok(Step::End),
                Scanned::Row { n_out, n_ends, is_last } => (n_out, n_ends, is_last),
            };
            if is_last && self.has_open_quote() {
                row.number = self.give_up_line()?;
                return Ok(Step::Refused(RefusedRow::OpenQuote));
            }
            self.count_rows();
            row.number = self.row;
            row.clear();
            if n_ends > COLUMNS_MOST {
                return Ok(Step::Refused(RefusedRow::TooManyColumns { found: n_ends, limit: COLUMNS_MOST }));
            }
            let mut from = 0;
            for end in self.ends.iter().take(n_ends) {
                let cell = self.out.get(from..(*end).min(n_out)).unwrap_or_default();
                row.push(&String::from_utf8_lossy(cell));
                from = *end;
            }
            if !row.is_blank() {
                return Ok(Step::Row);
            }
            self.n_empty += 1;
        }
    }

    fn scan(&mut self) -> io::Result<Scanned> {
        let (mut n_out, mut n_ends) = (0, 0);
        loop {
            if self.looked == self.buffer.len() && self.has_more {
                if self.looked - self.start > ROW_LIMIT_BYTES {
                    return Ok(Scanned::TooLong);
                }
                self.fill()?;
                continue;
            }
            // No input at all says that the file is over.
            let is_last = self.looked == self.buffer.len();
            let input = self.buffer.get(self.looked..).unwrap_or_default();
            let (out, ends) = (self.out.get_mut(n_out..), self.ends.get_mut(n_ends..));
            let (result, read, wrote, ended) =
                self.core.read_record(input, out.unwrap_or_default(), ends.unwrap_or_default());
            self.looked += read;
            n_out += wrote;
            n_ends += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record if self.looked - self.start > 2 * ROW_LIMIT_BYTES => {
                    return Ok(Scanned::TooLong);
                }
                ReadRecordResult::Record => return Ok(Scanned::Row { n_out, n_ends, is_last }),
                ReadRecordResult::End => return Ok(Scanned::End),
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.looked -= self.start;
            self.start = 0;
        }
        self.has_more = self.text.fill(&mut self.buffer)?;
        Ok(())
    }

    /// Counts the row that was read, and empty lines before it, which `csv-core` passes over.
    fn count_rows(&mut self) {
        let raw = self.buffer.get(self.start..self.looked).unwrap_or_default();
        let mut lead = raw.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).copied().peekable();
        if self.after_return && lead.peek() == Some(&b'\n') {
            lead.next();
        }
        let (mut n_blank, mut before) = (0, b' ');
        for byte in lead {
            n_blank += u64::from(byte == b'\r' || before != b'\r');
            before = byte;
        }
        self.n_empty += n_blank;
        self.row += 1 + n_blank;
        self.after_return = raw.last() == Some(&b'\r');
        self.start = self.looked;
    }

    /// Whether the last row of the file spans lines because of a quotation mark that nobody closed.
    fn has_open_quote(&self) -> bool {
        let raw = self.buffer.get(self.start..).unwrap_or_default().trim_ascii();
        raw.contains(&b'\n') && raw.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }

    /// Goes on behind the first line of the current row; its number.
    fn give_up_line(&mut self) -> io::Result<u64> {
        self.core.reset();
        let raw = self.buffer.get(self.start..).unwrap_or_default();
        let lead = raw.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let line = raw.iter().skip(lead).position(|byte| *byte == b'\n').map(|end| lead + end + 1);
        match line {
            Some(length) => {
                self.looked = self.start + length;
                self.count_rows();
            }
            None => {
                self.looked = (self.start + lead + 1).min(self.buffer.len());
                self.count_rows();
                self.skip_line()?;
            }
        }
        self.after_return = false;
        Ok(self.row)
    }

    /// Goes on behind the end of a line that is longer than a row may be.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                self.start += end + 1;
                self.looked = self.start;
                return Ok(());
            }
            self.start = self.buffer.len();
            self.looked = self.start;
            if !self.has_more {
                return Ok(());
            }
            self.fill()?;
        }
    }
}

enum Scanned {
    Row { n_out: usize, n_ends: usize, is_last: bool },
    TooLong,
    End,
}

/// The separator of a table that begins with `head`: the one by which most rows have as many cells as the first.
///
/// A first line `sep=;` is Excel's word for it. A table of one column has none: then it is a character that no text has.
pub(super) fn separator(head: &str) -> u8 {
    const ONE_COLUMN: u8 = 0x1f;
    if let Some(told) = head.strip_prefix("sep=").and_then(|rest| rest.bytes().next()).filter(u8::is_ascii) {
        return told;
    }
    let weigh = |separator: u8| {
        let counts = cells_of_rows(head, separator);
        let first = counts.first().copied().unwrap_or(0);
        let same = counts.iter().filter(|count| **count == first).count();
        (first > 1).then(|| (same * 100 / counts.len().max(1) / 10, first, separator))
    };
    let best = b",;\t|".iter().rev().filter_map(|separator| weigh(*separator)).max_by_key(|(share, n, _)| (*share, *n));
    best.filter(|(share, _, _)| *share >= 4).map_or(ONE_COLUMN, |(_, _, separator)| separator)
}

/// The cells of the first rows; the last one may be cut and does not count unless it is alone.
fn cells_of_rows(head: &str, separator: u8) -> Vec<usize> {
    const ROWS: usize = 100;
    let mut core = ReaderBuilder::new().delimiter(separator).build();
    let (mut rest, mut counts, mut n_ends) = (head.as_bytes(), Vec::new(), 0);
    let (mut out, mut ends) = ([0; 4096], [0; 64]);
    while counts.len() < ROWS {
        let (result, n_in, _, n) = core.read_record(rest, &mut out, &mut ends);
        rest = rest.get(n_in..).unwrap_or_default();
        n_ends += n;
        match result {
            ReadRecordResult::Record => counts.push(std::mem::take(&mut n_ends)),
            ReadRecordResult::End => break,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests;
