//! Times in the cells of a column that is said to hold them.
//!
//! In: a cell, the order of day and month that the whole column was found to have, and a zone. Out: the instant.
//! Spreadsheet serials and Unix times are only read here, where the column says that it holds times.

use crate::model::PostedAt;
use crate::when::{read_date, read_page_date};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Clocks go wrong: so far ahead of ours a time is still believed.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// Excel's day 0, counting its 29 February 1900, which never was; and the days that a column of dates may hold.
const EXCEL_DAY_0: Date = jiff::civil::date(1899, 12, 30);
const EXCEL_DAYS: std::ops::Range<f64> = 25_569.0..80_000.0;

/// What a cell of a column of times holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Told {
    /// A time that can be right.
    At(PostedAt),
    /// A time that is yet to come.
    Ahead,
    /// Nothing that we can read.
    Unread,
}

/// How many cells of a column speak for which order of day and month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Votes {
    pub(super) day_first: u64,
    pub(super) month_first: u64,
    /// Cells that could be either.
    pub(super) either: u64,
    /// Of the latter: those that would lie ahead if the day, or the month, stood first.
    ahead_day_first: u64,
    ahead_month_first: u64,
    /// Cells with a clock of twelve hours.
    half_days: u64,
}

impl Votes {
    /// Looks at one cell.
    pub(super) fn see(&mut self, cell: &str, now: Timestamp) {
        let Some(Numeric { first, second, year, mark, rest }) = numeric(cell) else { return };
        if mark == '.' {
            return;
        }
        let has_half_day = rest.to_ascii_lowercase().trim_end_matches('.').ends_with('m');
        self.half_days += u64::from(has_half_day);
        match (first > 12, second > 12) {
            (true, false) => self.day_first += 1,
            (false, true) => self.month_first += 1,
            (false, false) => {
                self.either += 1;
                let is_ahead = |month, day| {
                    let date = Date::new(year, month, day).ok();
                    let at = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
                    at.is_some_and(|at| at.timestamp().duration_since(now) > GRACE)
                };
                self.ahead_day_first += u64::from(is_ahead(second, first));
                self.ahead_month_first += u64::from(is_ahead(first, second));
            }
            (true, true) => {}
        }
    }

    /// Whether the month stands first; `by_default` where no cell decides.
    pub(super) fn month_first(&self, by_default: bool) -> bool {
        if self.day_first != self.month_first {
            return self.month_first > self.day_first;
        }
        if self.ahead_day_first != self.ahead_month_first {
            return self.ahead_day_first > self.ahead_month_first;
        }
        by_default || self.half_days > 0
    }

    /// Cells could be either, and no other cell decides.
    pub(super) fn is_open(&self) -> bool {
        self.either > 0 && self.day_first == self.month_first && self.ahead_day_first == self.ahead_month_first
    }

    /// Cells of both orders stand in one column.
    pub(super) fn is_mixed(&self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }
}

/// How a column of times is read.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) month_first: bool,
    /// The zone of times that name none.
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
}

impl Clock {
    /// Reads one cell that is not empty.
    pub(super) fn read(&self, cell: &str) -> Told {
        let read = self.as_number(cell).or_else(|| self.as_numeric(cell)).or_else(|| self.as_written(cell));
        match read {
            None => Told::Unread,
            Some(posted) if posted.at.duration_since(self.now) > GRACE => Told::Ahead,
            Some(posted) if posted.offset.to_datetime(posted.at).year() < 1970 => Told::Unread,
            Some(posted) => Told::At(posted),
        }
    }

    /// `45321.75` (a spreadsheet's), `1766599500`, `1766599500000`.
    fn as_number(&self, cell: &str) -> Option<PostedAt> {
        if !cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
            return None;
        }
        let number: f64 = cell.replace(',', ".").parse().ok()?;
        if EXCEL_DAYS.contains(&number) {
            #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
            let seconds = (number * 86_400.0).round() as i64;
            let midnight = EXCEL_DAY_0.to_datetime(Time::midnight());
            return self.local(midnight.checked_add(SignedDuration::from_secs(seconds)).ok()?);
        }
        let whole = cell.split(['.', ',']).next()?;
        let value: i64 = whole.parse().ok()?;
        match whole.len() {
            9 | 10 => Timestamp::from_second(value).ok().map(PostedAt::utc),
            12 | 13 => Timestamp::from_millisecond(value).ok().map(PostedAt::utc),
            15 | 16 => Timestamp::from_microsecond(value).ok().map(PostedAt::utc),
            _ => None,
        }
    }

    /// `24.12.2026 18:05`, `12/24/26 6:05 PM`, `2026-12-24 18:05:00`, each without a zone.
    fn as_numeric(&self, cell: &str) -> Option<PostedAt> {
        if let Some((date, rest)) = year_first(cell) {
            return self.local(date.to_datetime(clock_time(rest)?));
        }
        let Numeric { first, second, year, mark, rest } = numeric(cell)?;
        let time = clock_time(rest)?;
        let is_month_first = mark != '.' && self.month_first;
        let (month, day) = if is_month_first { (first, second) } else { (second, first) };
        // One cell of the other order in a column that is decided can only be meant so.
        let date = Date::new(year, month, day).or_else(|_| Date::new(year, day, month)).ok()?;
        self.local(date.to_datetime(time))
    }

    /// With the name of a month, or with a zone.
    fn as_written(&self, cell: &str) -> Option<PostedAt> {
        if !cell.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let page = read_page_date(cell, self.now, Offset::UTC).filter(|_| cell.contains(char::is_alphabetic));
        match page {
            // A count of minutes or days ago says nothing in a file that was saved some time.
            Some(_) if !has_year(cell) => None,
            Some(read) if read.is_estimated && read.posted.offset == Offset::UTC && !names_zone(cell) => {
                self.local(Offset::UTC.to_datetime(read.posted.at))
            }
            _ => read_date(cell).or(page.map(|read| read.posted)),
        }
    }

    fn local(&self, civil: DateTime) -> Option<PostedAt> {
        let at = self.zone.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(PostedAt { at, offset: self.zone.to_offset(at) })
    }
}

/// Digits, marks and what stands behind them.
struct Numeric<'c> {
    first: i8,
    second: i8,
    year: i16,
    mark: char,
    rest: &'c str,
}

fn numeric(cell: &str) -> Option<Numeric<'_>> {
    let (first, rest) = digits(cell, 2)?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '.' | '/' | '-'))?;
    let (second, rest) = digits(rest.get(1..)?.trim_start(), 2)?;
    let rest = rest.strip_prefix(mark)?.trim_start();
    let (year, after) = digits(rest, 4)?;
    let year = match rest.len() - after.len() {
        4 => year,
        2 if year < 70 => 2000 + year,
        2 => 1900 + year,
        _ => return None,
    };
    Some(Numeric { first: first.try_into().ok()?, second: second.try_into().ok()?, year, mark, rest: after })
}

/// `2026-12-24`, `2026/12/24` and what stands behind.
fn year_first(cell: &str) -> Option<(Date, &str)> {
    let (year, rest) = digits(cell, 4).filter(|(_, rest)| cell.len() - rest.len() == 4)?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '.' | '/' | '-'))?;
    let (month, rest) = digits(rest.get(1..)?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(mark)?, 2)?;
    Some((Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?, rest))
}

/// Up to `most` digits at the beginning, and what stands behind them.
fn digits(text: &str, most: usize) -> Option<(i16, &str)> {
    let n = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(n)?;
    Some((digits.parse().ok()?, rest))
}

/// The hour behind a date that names no zone; midnight where there is none.
fn clock_time(rest: &str) -> Option<Time> {
    let rest = rest.trim_start_matches(['T', 't', ' ', ',', '-', '\u{a0}', '\u{202f}']);
    let rest = ["um ", "à ", "a las ", "alle ", "at "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    if rest.trim().is_empty() {
        return Some(Time::midnight());
    }
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = match rest.strip_prefix([':', '.', 'h']) {
        Some(after) => digits(after, 2).unwrap_or((0, after)),
        None => (0, rest),
    };
    let (second, rest) = match rest.strip_prefix([':', '.']) {
        Some(after) => digits(after, 2)?,
        None => (0, rest),
    };
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let half = rest.trim().to_lowercase().replace(['.', '\u{a0}', '\u{202f}'], "");
    let hour = match (half.as_str(), hour) {
        ("am", 12) => 0,
        ("pm", 1..=11) => hour + 12,
        ("" | "am" | "pm" | "uhr" | "h", _) => hour,
        _ => return None,
    };
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()
}

fn has_year(cell: &str) -> bool {
    cell.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4 || digits.len() == 2)
}

fn names_zone(cell: &str) -> bool {
    let last = cell.rsplit(' ').next().unwrap_or_default();
    last.ends_with('Z') || last.starts_with(['+', '-']) || matches!(last, "GMT" | "UTC")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock(month_first: bool) -> Clock {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        Clock { month_first, zone, now: "2027-03-01T12:00:00Z".parse().expect("a time") }
    }

    fn check(cell: &str, month_first: bool, expected: &str) {
        let told = match clock(month_first).read(cell) {
            Told::At(posted) => posted.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(told, expected, "{cell}");
    }

    #[test]
    fn times_of_five_languages_and_of_spreadsheets_are_read() {
        for cell in [
            "24.12.2026 18:05",
            "24.12.26 18:05",
            "24.12.2026, 18:05 Uhr",
            "24. Dezember 2026 18:05",
            "24/12/2026 18:05",
            "24/12/26 18:05:00",
            "2026-12-24 18:05:00",
            "2026-12-24T18:05:00.000",
            "2026/12/24 6:05 PM",
            "December 24, 2026 18:05",
            "24 décembre 2026 à 18:05",
            "24 de diciembre de 2026, 18:05",
            "24 dicembre 2026 18:05",
            "46380.7534722222",
            "46380,7534722222",
            "1798131900",
            "1798131900000",
            "2026-12-24T17:05:00Z",
            "Thu, 24 Dec 2026 18:05:00 +0100",
        ] {
            let told = clock(false).read(cell);
            let Told::At(posted) = told else { panic!("{cell}: {told:?}") };
            assert_eq!(posted.at.to_string(), "2026-12-24T17:05:00Z", "{cell}");
        }
        check("12/24/26 6:05 PM", true, "2026-12-24T18:05:00+01:00");
        check("05/06/2026", false, "2026-06-05T00:00:00+02:00");
        check("05/06/2026", true, "2026-05-06T00:00:00+02:00");
        check("05.06.2026", true, "2026-06-05T00:00:00+02:00");
    }

    #[test]
    fn what_is_no_time_or_lies_ahead_is_said_so() {
        for cell in ["gestern", "n/a", "vor 3 Stunden", "7", "31.02.2026", "45/45/2026", "=HEUTE()", "1234567"] {
            check(cell, false, "Unread");
        }
        check("24.12.2031", false, "Ahead");
    }

    #[test]
    fn the_whole_column_decides_which_comes_first() {
        let now = clock(false).now;
        let vote = |cells: &[&str]| {
            let mut votes = Votes::default();
            cells.iter().for_each(|cell| votes.see(cell, now));
            (votes.month_first(false), votes.is_open(), votes.is_mixed())
        };
        assert_eq!(vote(&["01/02/2026", "12/24/2026"]), (true, false, false));
        assert_eq!(vote(&["01/02/2026", "24/12/2026"]), (false, false, false));
        assert_eq!(vote(&["01/02/2026", "03/04/2026"]), (false, true, false));
        assert_eq!(vote(&["01/02/2026 3:15 PM"]), (true, true, false));
        assert_eq!(vote(&["02/12/2027", "02/11/2027"]), (true, false, false), "else they lie ahead");
        assert_eq!(vote(&["13/01/2026", "14/01/2026", "01/15/2026"]), (false, false, true));
    }

    proptest! {
        #[test]
        fn any_cell_is_a_time_or_none(cell in "[0-9 ./:,TZapmAPM+-]{0,24}", other in "\\PC{0,30}", month_first: bool) {
            for cell in [cell, other] {
                let mut votes = Votes::default();
                votes.see(&cell, clock(false).now);
                if let Told::At(posted) = clock(month_first).read(&cell) {
                    prop_assert!(posted.at.duration_since(clock(false).now) <= GRACE);
                }
            }
        }
    }
}
