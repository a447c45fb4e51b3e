//! Reads dates as feeds and pages write them.
//!
//! In: foreign text. Out: an instant with the offset of its clock; UTC where no zone is named.
//! Two readers in turn: one for ISO 8601 and its relatives, one for everything that names its month or
//! parts it with dots or slashes. Neither guesses a missing year.

use super::iso::read_iso;
use super::names::{is_evening_word, is_morning_word, month_of, offset_of};
use crate::model::PostedAt;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// A date is short; what is longer is a text.
const LONGEST_BYTES: usize = 120;

/// A two-digit year below this one lies in this century (RFC 2822, 4.3).
const FIRST_YEAR_OF_OLD_CENTURY: i16 = 50;

/// Reads a date as feeds and pages write it; `None` where it is none.
///
/// ISO 8601 and RFC 3339 in their many forms (partial dates are their first instant), RFC 822 and 2822 with their
/// common faults, asctime, dates with a month's name in a dozen languages, `15.09.2018 - 15:30`, `9/15/2018 3:30 PM`
/// and Unix seconds. A wrong weekday is no fault.
///
/// ```
/// let read = porterhouse::when::read_date("Thu, 01 Jan 04 19:48 EST").expect("a date");
/// assert_eq!(read.to_string(), "2004-01-01T19:48:00-05:00");
/// ```
#[must_use]
pub fn read_date(text: &str) -> Option<PostedAt> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_BYTES || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    read_unix(text).or_else(|| read_iso(text)).or_else(|| read_named(text))
}

/// Ten digits are Unix seconds, thirteen milliseconds.
fn read_unix(text: &str) -> Option<PostedAt> {
    let text = text.strip_prefix('@').unwrap_or(text);
    // Fractions of a second say nothing here.
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.split_once('.').filter(|(_, fraction)| is_number(fraction)).map_or(text, |(whole, _)| whole);
    if !is_number(text) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
    .map(PostedAt::utc)
}

/// The instant that a clock at `offset` shows as `date` and `time`.
pub(super) fn posted_at(date: Date, time: Time, offset: Offset) -> Option<PostedAt> {
    let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some(PostedAt { at, offset })
}

/// A year as written: two digits are of this century or the last, three count from 1900.
pub(super) fn whole_year(year: i16, n_digits: usize) -> i16 {
    match n_digits {
        0..=2 if year < FIRST_YEAR_OF_OLD_CENTURY => 2000 + year,
        0..=2 => 1900 + year,
        3 => 1900 + year,
        _ => year,
    }
}

/// The date and time at which a clock shows `time`: 24:00 is the next day's beginning.
pub(super) fn moment(date: Date, (hour, minute, second): (i8, i8, i8)) -> Option<(Date, Time)> {
    if (hour, minute, second) == (24, 0, 0) {
        return Some((date.tomorrow().ok()?, Time::midnight()));
    }
    Some((date, time_of(hour, minute, second)?))
}

/// A time of day; a leap second counts as the second before it.
pub(super) fn time_of(hour: i8, minute: i8, second: i8) -> Option<Time> {
    Time::new(hour, minute, second.min(59), 0).ok().filter(|_| second <= 60)
}

/// A word, a number or a mark of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part<'t> {
    Word(&'t str),
    Number(&'t str),
    Mark(char),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphabetic();
        let len = if is_word {
            rest.find(|c: char| !c.is_alphabetic() && !is_combining(c)).unwrap_or(rest.len())
        } else if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (head, tail) = rest.split_at(len);
        match first {
            _ if is_word => parts.push(Part::Word(head)),
            _ if first.is_ascii_digit() => parts.push(Part::Number(head)),
            _ if first.is_whitespace() => {}
            _ => parts.push(Part::Mark(first)),
        }
        rest = tail;
    }
    parts
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// What has been understood so far.
#[derive(Debug, Default)]
struct Found<'t> {
    /// Numbers that are neither time nor zone, with the mark that follows each.
    numbers: Vec<(&'t str, Option<char>)>,
    month: Option<i8>,
    /// How many of the numbers stood before the month's name.
    n_before_month: usize,
    time: Option<(i8, i8, i8)>,
    is_afternoon: Option<bool>,
    offset: Option<Offset>,
}

/// Reads what names its month, or writes it between dots or slashes.
fn read_named(text: &str) -> Option<PostedAt> {
    let parts = parts(text);
    let mut found = Found::default();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        at += match *part {
            Part::Number(digits) => found.number(digits, parts.get(at + 1..).unwrap_or(&[])),
            Part::Word(word) => found.word(word, parts.get(at + 1..).unwrap_or(&[])),
            Part::Mark('+' | '-') if found.time.is_some() => found.numeric_zone(parts.get(at..).unwrap_or(&[])),
            Part::Mark(_) => 1,
        };
    }
    let (date, time) = moment(found.date()?, found.clock())?;
    // Blogs that write their dates in Korean are read by the clock of the one country that does.
    let is_korean = || text.contains(['년', '월', '전', '후']);
    let assumed = || if is_korean() { offset(false, 9, 0) } else { None };
    posted_at(date, time, found.offset.or_else(assumed).unwrap_or(Offset::UTC))
}

impl<'t> Found<'t> {
    /// Takes a number and what belongs to it; says how many parts that were.
    fn number(&mut self, digits: &'t str, rest: &[Part<'t>]) -> usize {
        if let Some(used) = self.other_clock(digits, rest) {
            return used;
        }
        if self.time.is_none() && digits.len() <= 2 {
            if let [Part::Mark(':'), Part::Number(minute), tail @ ..] = rest {
                let (second, used) = match tail {
                    [Part::Mark(':'), Part::Number(second), ..] => (*second, 5),
                    _ => ("0", 3),
                };
                self.time = small(digits).zip(small(minute)).zip(small(second)).map(|((h, m), s)| (h, m, s));
                // Fractions of a second say nothing here.
                let fraction = matches!(rest.get(used - 1..), Some([Part::Mark('.' | ','), Part::Number(_), ..]));
                return if fraction { used + 2 } else { used };
            }
            let is_hour_word = |word: &str| ["uhr", "am", "pm", "h"].iter().any(|hour| word.eq_ignore_ascii_case(hour));
            if let Some(Part::Word(word)) = rest.first()
                && is_hour_word(word)
                && (self.month.is_some() || self.numbers.len() >= 3)
                && !self.numbers.is_empty()
            {
                self.time = small(digits).map(|hour| (hour, 0, 0));
                return 1;
            }
        }
        let mark = match rest.first() {
            Some(Part::Mark(mark)) => Some(*mark),
            _ => None,
        };
        self.numbers.push((digits, mark));
        1
    }

    /// Takes a word: a month, a half of the day, a zone, or nothing of use.
    fn word(&mut self, word: &str, rest: &[Part<'_>]) -> usize {
        if is_morning_word(word) && self.is_afternoon.is_none() {
            self.is_afternoon = Some(false);
        } else if is_evening_word(word) {
            self.is_afternoon = Some(true);
        } else if let Some(month) = month_of(word).filter(|_| self.month.is_none()) {
            self.month = Some(month);
            self.n_before_month = self.numbers.len();
        } else if let Some(offset) = offset_of(word).filter(|_| self.time.is_some()) {
            self.offset = Some(offset);
            // "GMT+2": the number moves the zone.
            if let Some(Part::Mark('+' | '-')) = rest.first() {
                return 1 + self.numeric_zone(rest);
            }
        }
        1
    }

    /// Takes `+0100`, `+01:00` or `+1`; the mark alone where it is none of these.
    fn numeric_zone(&mut self, rest: &[Part<'_>]) -> usize {
        let [Part::Mark(sign), Part::Number(digits), tail @ ..] = rest else { return 1 };
        let (hours, minutes, used) = match (digits.len(), tail) {
            (1 | 2, [Part::Mark(':'), Part::Number(minutes), ..]) => (small(digits), small(minutes), 4),
            (1 | 2, _) => (small(digits), Some(0), 2),
            (4, _) => (digits.get(..2).and_then(small), digits.get(2..).and_then(small), 2),
            _ => return 1,
        };
        let Some(offset) = hours.zip(minutes).and_then(|(h, m)| offset(*sign == '-', h, m)) else { return 1 };
        self.offset = Some(offset);
        used
    }

    fn clock(&self) -> (i8, i8, i8) {
        let (hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        let hour = match self.is_afternoon {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        (hour, minute, second)
    }

    /// `14h30`, `10.14 Uhr`, `ore 10.14`, and the bare `1014` and `101455` behind a date; how many parts they take.
    fn other_clock(&mut self, digits: &str, rest: &[Part<'_>]) -> Option<usize> {
        let has_date = self.numbers.len() >= if self.month.is_some() { 2 } else { 3 };
        let n_digits = digits.len();
        let (hour, minute, second, used) = match rest {
            _ if self.time.is_some() || !has_date => return None,
            [Part::Word("h" | "H"), Part::Number(minute), ..] if n_digits <= 2 => (digits, *minute, "0", 3),
            [Part::Mark('.'), Part::Number(minute), tail @ ..] if n_digits <= 2 && minute.len() == 2 => match tail {
                [Part::Mark('.'), Part::Number(second), ..] => (digits, *minute, *second, 5),
                _ => (digits, *minute, "0", 3),
            },
            _ if n_digits == 4 || n_digits == 6 => {
                (digits.get(..2)?, digits.get(2..4)?, digits.get(4..).filter(|rest| !rest.is_empty()).unwrap_or("0"), 1)
            }
            _ => return None,
        };
        self.time = Some((small(hour)?, small(minute)?, small(second)?));
        Some(used)
    }

    fn date(&self) -> Option<Date> {
        match (self.month, self.numbers.as_slice()) {
            // "2019 February 10" has its year first, all others the day.
            (Some(month), [(first, _), (second, _), ..]) if first.len() == 4 => date(first, month, second),
            (Some(month), [(first, _), (second, _), ..]) => date(second, month, first),
            (Some(month), [(year, _)]) if year.len() == 4 => Date::new(year.parse().ok()?, month, 1).ok(),
            (None, [(first, mark), (second, _), (third, _), ..]) => numeric_date(first, *mark, second, third),
            _ => None,
        }
    }
}

/// `15.09.2018`, `9/15/2018`, `15/9/2018`, `2018/9/15`: slashes mean the month first unless it cannot be one.
fn numeric_date(first: &str, mark: Option<char>, second: &str, third: &str) -> Option<Date> {
    if first.len() == 4 {
        return date(first, small(second)?, third);
    }
    let month_first = mark == Some('/') && small(first)? <= 12;
    let (day, month) = if month_first { (second, first) } else { (first, second) };
    date(third, small(month)?, day)
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    let number: i16 = year.parse().ok()?;
    Date::new(whole_year(number, year.len()), month, small(day)?).ok()
}

/// A number of one or two digits.
pub(super) fn small(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// An offset of so many hours and minutes; `None` where no clock on earth has it.
pub(super) fn offset(is_west: bool, hours: i8, minutes: i8) -> Option<Offset> {
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    Offset::from_seconds(if is_west { -seconds } else { seconds }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let read = read_date(text).map_or_else(|| "none".to_owned(), |posted| posted.to_string());
            assert_eq!(&read, expected, "{text}");
        }
    }

    #[test]
    fn iso_dates_are_read_in_their_many_forms() {
        check(&[
            ("2023-09-18T03:15:00Z", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18T03:15:00.123456789+02:00", "2023-09-18T03:15:00+02:00"),
            ("2023-09-18 03:15:00", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18T03:15", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18T03:15:00+0000", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18T03:15:00 -0530", "2023-09-18T03:15:00-05:30"),
            ("2023-09-18 03:15:00 +0200", "2023-09-18T03:15:00+02:00"),
            ("2023-09-18 03:15:00 UTC", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18 03:15 CEST", "2023-09-18T03:15:00+02:00"),
            ("2023-09-18T03:15:00-05", "2023-09-18T03:15:00-05:00"),
            ("20230918T031500Z", "2023-09-18T03:15:00+00:00"),
            ("20230918T0315+0200", "2023-09-18T03:15:00+02:00"),
            ("20230918", "2023-09-18T00:00:00+00:00"),
            ("20230918031500", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18", "2023-09-18T00:00:00+00:00"),
            ("2003", "2003-01-01T00:00:00+00:00"),
            ("2003-12", "2003-12-01T00:00:00+00:00"),
            ("2003-335", "2003-12-01T00:00:00+00:00"),
            ("2003-W05-2", "2003-01-28T00:00:00+00:00"),
            ("2023-9-8T3:15", "2023-09-08T03:15:00+00:00"),
            ("2023-09-18t03:15:60z", "2023-09-18T03:15:59+00:00"),
            ("2023-09-18T24:00:00Z", "2023-09-19T00:00:00+00:00"),
            ("2023/09/18 03:15", "2023-09-18T03:15:00+00:00"),
            ("2023-09-18T03:15:00+02:00[Europe/Zurich]", "2023-09-18T03:15:00+02:00"),
            ("2004-07-08 23:56:58.0", "2004-07-08T23:56:58+00:00"),
            ("1388444400", "2013-12-30T23:00:00+00:00"),
            ("1388444400000", "2013-12-30T23:00:00+00:00"),
            ("1388444400.25", "2013-12-30T23:00:00+00:00"),
            ("@1388444400", "2013-12-30T23:00:00+00:00"),
            ("2003335", "2003-12-01T00:00:00+00:00"),
            ("03-12-31T10:14Z", "2003-12-31T10:14:00+00:00"),
            ("03-12-31", "2003-12-31T00:00:00+00:00"),
        ]);
    }

    #[test]
    fn mail_dates_are_read_with_their_common_faults() {
        check(&[
            ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21+00:00"),
            ("Thu, 01 Jan 04 19:48 EST", "2004-01-01T19:48:00-05:00"),
            ("Mon, 01 Jan 2004 19:48:21 PDT", "2004-01-01T19:48:21-07:00"),
            ("01 Jan 99 19:48:21 +0100", "1999-01-01T19:48:21+01:00"),
            ("Thu, 5 Jan 2023 10:00", "2023-01-05T10:00:00+00:00"),
            ("Thu, 5 Jan 2023", "2023-01-05T00:00:00+00:00"),
            ("Thursday, 5 January 2023 10:00:00 CET", "2023-01-05T10:00:00+01:00"),
            ("Thu,5 Jan 2023 10:00:00 MESZ", "2023-01-05T10:00:00+02:00"),
            ("Thu, 05-Jan-2023 10:00:00 GMT+2", "2023-01-05T10:00:00+02:00"),
            ("Thu, 05 Jan 2023 10:00:00 UTC+05:30", "2023-01-05T10:00:00+05:30"),
            ("Thu, 05 Jan 2023 10:00:00 -0800 (PST)", "2023-01-05T10:00:00-08:00"),
            ("Thu, 05 Jan 2023 10:00:00 Z", "2023-01-05T10:00:00+00:00"),
            ("Thu Jan  5 10:00:00 2023", "2023-01-05T10:00:00+00:00"),
            ("Thu Jan 05 10:00:00 +0000 2023", "2023-01-05T10:00:00+00:00"),
            ("Thu Jan  5 10:00:00 EST 2023", "2023-01-05T10:00:00-05:00"),
            ("Thu, 5 Jan 2023 24:00:00 GMT", "2023-01-06T00:00:00+00:00"),
            ("Thu, 5 Jan 2023 101455 GMT", "2023-01-05T10:14:55+00:00"),
            ("Thu, 5 Jan 2023 10:14:55 AT", "2023-01-05T10:14:55-04:00"),
            ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T08:19:53-04:00"),
        ]);
    }

    #[test]
    fn pages_write_dates_as_people_do() {
        check(&[
            ("10. Februar 2019 um 18:05 Uhr", "2019-02-10T18:05:00+00:00"),
            ("15.09.2018 - 15:30", "2018-09-15T15:30:00+00:00"),
            ("15.09.2018", "2018-09-15T00:00:00+00:00"),
            ("Sonntag, 3. Jänner 2021, 9:05", "2021-01-03T09:05:00+00:00"),
            ("3. Feber 2021 um 9 Uhr", "2021-02-03T09:00:00+00:00"),
            ("12. März 2020 08:30 MEZ", "2020-03-12T08:30:00+01:00"),
            ("January 5, 2023 10:00 PM", "2023-01-05T22:00:00+00:00"),
            ("January 5th, 2023 at 12:15 am", "2023-01-05T00:15:00+00:00"),
            ("Jan 5, 2023", "2023-01-05T00:00:00+00:00"),
            ("9/15/2018 3:30 PM", "2018-09-15T15:30:00+00:00"),
            ("15/9/2018 15:30", "2018-09-15T15:30:00+00:00"),
            ("le 14 juillet 2022 à 20:00", "2022-07-14T20:00:00+00:00"),
            ("1er août 2022", "2022-08-01T00:00:00+00:00"),
            ("24 de diciembre de 2021", "2021-12-24T00:00:00+00:00"),
            ("6 gennaio 2020, 7:30", "2020-01-06T07:30:00+00:00"),
            ("2004-július-13T9:15-05:00", "2004-07-13T09:15:00-05:00"),
            ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T12:00:00-05:00"),
            ("2004년 05월 28일 오전 01:31:15", "2004-05-28T01:31:15+09:00"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17+09:00"),
            ("sam. 12 déc. 2020 14h30", "2020-12-12T14:30:00+00:00"),
            ("mercoledì 31 dicembre 2003 ore 10.14", "2003-12-31T10:14:00+00:00"),
            ("Mittwoch, 31.12.2003, 10.14 Uhr", "2003-12-31T10:14:00+00:00"),
            ("31 декабря 2003 10:14", "2003-12-31T10:14:00+00:00"),
            ("31 grudnia 2003", "2003-12-31T00:00:00+00:00"),
            ("1 mei 2003, 9:00", "2003-05-01T09:00:00+00:00"),
            ("31 Aralık 2003", "2003-12-31T00:00:00+00:00"),
            ("1 maj 2003", "2003-05-01T00:00:00+00:00"),
        ]);
    }

    #[test]
    fn what_is_no_date_stays_unread() {
        for text in
            ["", "soon", "12", "2023-13-40", "31 Feb 2023", "99:99", "version 1.2", "5 Jan", "2023-09-18T25:00:00Z"]
        {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,40}") {
            let _ = read_date(&text);
        }

        #[test]
        fn reading_what_looks_like_a_date_never_panics(text in "[0-9:.,/+TZWa-zäé -]{0,40}") {
            let _ = read_date(&text);
        }

        #[test]
        fn what_is_shown_is_read_back(second in -2_000_000_000_i64..4_000_000_000, quarter in -48_i32..=56) {
            let at = Timestamp::from_second(second).expect("in range");
            let posted = PostedAt { at, offset: Offset::from_seconds(quarter * 900).expect("in range") };
            prop_assert_eq!(read_date(&posted.to_string()), Some(posted));
        }
    }
}
