//! Reads a date as web pages show it to people, also inside a short line.
//!
//! In: a line of text, what time it is, and the clock of the site. Out: the instant, and whether something of it had
//! to be assumed. Absolute dates go before relative ones. A line that holds two dates is read by its first.

use super::ago;
use super::date::{moment, posted_at, read_date, whole_year};
use super::line::Line;
use super::names::month_of;
use super::{de, en, es, fr, it};
use crate::model::PostedAt;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// A line with a date is short; what is longer is a text.
const LONGEST_BYTES: usize = 200;

/// There were no pages before.
const FIRST_YEAR: i16 = 1990;

/// Clocks go wrong, and a site's may be another: so far ahead of ours a date is still believed.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// A date that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageDate {
    /// The instant, on the clock that is named or else on the site's.
    pub posted: PostedAt,
    /// Something had to be assumed: the zone, the year, the hour, or it says only how long ago it was.
    pub is_estimated: bool,
}

/// Reads the first date in `text` as a page shows it; `None` where there is none, or the line has over 200 bytes.
///
/// Dates with names of months (German, English, French, Spanish, Italian; with a year many more), numeric ones
/// (`03/02/2025` has its month first unless that cannot be or the line speaks of its hour in another language),
/// "vor 3 Stunden", "yesterday at 2pm", "Montag um 10:20". Where no zone is named, `clock` is the site's. A day
/// without a year is the last one, a weekday as well. Days without an hour begin at midnight, and "vor 3 Tagen" is
/// such a day; hours and minutes count back from `now`. Nothing before 1990 or more than a day after `now`.
///
/// ```
/// use porterhouse::when::read_page_date;
/// let now = "2025-03-02T12:00:00Z".parse().expect("a time");
/// let clock = jiff::tz::offset(1);
/// let read = read_page_date("Verfasst: So 2. Mär 2025, 10:11", now, clock).expect("a date");
/// assert_eq!(read.posted.to_string(), "2025-03-02T10:11:00+01:00");
/// ```
#[must_use]
pub fn read_page_date(text: &str, now: Timestamp, clock: Offset) -> Option<PageDate> {
    if text.len() > LONGEST_BYTES {
        return None;
    }
    let line = Line::new(text);
    let setting = Setting { now, clock };
    let absolute = (0..line.len()).find_map(|at| setting.absolute(&line, at));
    let relative = || ago::read(&line, clock.to_datetime(now)).and_then(|local| setting.estimated(local));
    absolute.or_else(relative).or_else(|| setting.foreign(text))
}

/// The name of a month, whole or as it is commonly cut.
fn is_common_month(word: &str) -> bool {
    let is_whole = |words: &super::words::Words| words.months.iter().any(|(name, _)| *name == word);
    [&de::WORDS, &en::WORDS, &fr::WORDS, &es::WORDS, &it::WORDS].into_iter().any(is_whole) || CUT_MONTHS.contains(&word)
}

const CUT_MONTHS: &[&str] = &[
    "jan", "jän", "feb", "mär", "mrz", "mar", "apr", "mai", "may", "jun", "jul", "aug", "sep", "sept", "okt", "oct",
    "nov", "dez", "dec", "janv", "fév", "févr", "avr", "juil", "aoû", "déc", "ene", "abr", "ago", "dic", "gen", "giu",
    "lug", "ott",
];

/// Months whose names are words of other meanings where no year says otherwise.
const NOT_WITHOUT_YEAR: &[&str] = &["ago", "mag", "set", "gen"];

/// A day as written.
#[derive(Debug, Clone, Copy)]
enum Day {
    Whole(Date),
    /// `9/15/2018`: first, second, year.
    Slashed(i8, i8, i16),
    /// Month and day.
    NoYear(i8, i8),
}

struct Setting {
    now: Timestamp,
    clock: Offset,
}

impl Setting {
    /// The absolute date that begins at `at`, with the clock time behind or before it.
    fn absolute(&self, line: &Line<'_>, at: usize) -> Option<PageDate> {
        let (day, end) = numeric(line, at).or_else(|| day_first(line, at)).or_else(|| month_first(line, at))?;
        let shown = line.clock_after(end).or_else(|| line.clock_before(at));
        let zone = shown.and_then(|(_, end)| line.zone_at(end));
        let clock = shown.map_or((0, 0, 0), |(clock, _)| clock);
        let offset = zone.unwrap_or(self.clock);
        let on = |date: Date| {
            let (date, time) = moment(date, clock)?;
            posted_at(date, time, offset).filter(|posted| self.is_credible(*posted))
        };
        let posted = match day {
            Day::Whole(date) => on(date),
            Day::Slashed(first, second, year) => {
                let day_first = Date::new(year, second, first).ok();
                let month_first = Date::new(year, first, second).ok();
                let in_turn = if speaks_day_first(line) { [day_first, month_first] } else { [month_first, day_first] };
                in_turn.into_iter().flatten().find_map(on)
            }
            Day::NoYear(month, day) => {
                let this_year = offset.to_datetime(self.now).year();
                // Eight years hold a leap day, whatever the century.
                (this_year - 8..=this_year + 1).rev().find_map(|year| on(Date::new(year, month, day).ok()?))
            }
        }?;
        let is_estimated = zone.is_none() || matches!(day, Day::NoYear(..));
        Some(PageDate { posted, is_estimated })
    }

    fn is_credible(&self, posted: PostedAt) -> bool {
        let latest = self.now.checked_add(GRACE).unwrap_or(Timestamp::MAX);
        posted.at <= latest && posted.offset.to_datetime(posted.at).year() >= FIRST_YEAR
    }

    fn estimated(&self, local: DateTime) -> Option<PageDate> {
        let posted = posted_at(local.date(), local.time(), self.clock).filter(|posted| self.is_credible(*posted))?;
        Some(PageDate { posted, is_estimated: true })
    }

    /// Scripts of which we know no more than the reader of feeds does, where the date is all there is.
    fn foreign(&self, text: &str) -> Option<PageDate> {
        let read = read_date(text).filter(|_| text.contains(|c: char| c.is_alphabetic() && c > '\u{370}'))?;
        if read.offset == Offset::UTC {
            return self.estimated(read.offset.to_datetime(read.at));
        }
        self.is_credible(read).then_some(PageDate { posted: read, is_estimated: true })
    }
}

/// Whether the line speaks of its hour as those do who write the day first.
fn speaks_day_first(line: &Line<'_>) -> bool {
    const WORDS: &[&str] = &["à", "le", "alle", "ore", "las", "uhr", "um", "am", "el", "del", "il", "às", "om", "h"];
    let is_said = |at| line.word(at).is_some_and(|word| WORDS.contains(&word));
    // "AM" is no German word where a number stands before it.
    (0..line.len()).any(|at| is_said(at) && !(line.word(at) == Some("am") && at > 0 && line.number(at - 1).is_some()))
}

/// `2025-03-02`, `15.09.2018`, `03.02.25`, `9/15/2018`, `24.12.`
fn numeric(line: &Line<'_>, at: usize) -> Option<(Day, usize)> {
    let first = line.number(at)?;
    let mark = line.mark(at + 1).filter(|mark| matches!(mark, '.' | '-' | '/'))?;
    // Part of a longer number: a version, an address.
    if at >= 2 && line.is_glued(at) && matches!(line.mark(at - 1), Some('.' | '/')) && line.number(at - 2).is_some() {
        return None;
    }
    let second = line.small(at + 2)?;
    let is_closed = line.mark(at + 3) == Some(mark);
    // "24.12. 14:30" has no year but an hour.
    let is_hour = line.clock_at(at + 4).is_some();
    let third = line.number(at + 4).filter(|_| is_closed && !is_hour);
    let is_longer =
        |end| matches!(line.mark(end), Some('.' | '/')) && line.is_glued(end + 1) && line.number(end + 1).is_some();
    if first.len() == 4 {
        let date = Date::new(first.parse().ok()?, second, line.small(at + 4).filter(|_| is_closed)?).ok()?;
        return Some((Day::Whole(date), at + 5));
    }
    let day = line.small(at)?;
    match third.filter(|_| !is_longer(at + 5)) {
        Some(year) if year.len() == 4 || (year.len() == 2 && first.len() == 2) => {
            let year = whole_year(year.parse().ok()?, year.len());
            let is_slashed = mark == '/';
            let day = if is_slashed {
                Day::Slashed(day, second, year)
            } else {
                Day::Whole(Date::new(year, second, day).ok()?)
            };
            Some((day, at + 5))
        }
        None if mark == '.' && is_closed && (line.get(at + 4).is_none() || line.clock_after(at + 4).is_some()) => {
            Some((Day::NoYear(second, day), at + 4))
        }
        _ => None,
    }
}

/// `10. Februar 2019`, `3rd of July 2024`, `24 de diciembre de 2021`, `05-Jan-2023`, `5 Sep`.
fn day_first(line: &Line<'_>, at: usize) -> Option<(Day, usize)> {
    let day = line.small(at).filter(|day| (1..=31).contains(day))?;
    let has_dot = line.mark(at + 1) == Some('.');
    let at = skip(line, at + 1, &['.', '-', '/'], SUFFIXES);
    let word = line.word(at)?;
    let month = month_of(word)?;
    let after = skip(line, at + 1, &['.', ',', '-', '/'], &["de", "del"]);
    if let Some((year, end)) = year_at(line, after) {
        let is_sure = line.number(end - 1).is_some_and(|digits| digits.len() == 4) || is_common_month(word);
        return is_sure.then_some((Day::Whole(Date::new(year, month, day).ok()?), end));
    }
    let is_alone = has_dot || ends_at(line, at + 1);
    let is_month = is_common_month(word) && !NOT_WITHOUT_YEAR.contains(&word);
    (is_month && is_alone).then_some((Day::NoYear(month, day), at + 1))
}

/// `July 3rd, 2024`, `Juli 30, 2013`, `Sept 5`, `Juli 2019`.
fn month_first(line: &Line<'_>, at: usize) -> Option<(Day, usize)> {
    let word = line.word(at)?;
    let month = month_of(word)?;
    let is_common = is_common_month(word);
    let first = skip(line, at + 1, &['.', ','], &[]);
    let is_whole_year = |digits: &&str| digits.len() == 4;
    if let Some(year) = line.number(first).filter(is_whole_year) {
        // "31. Juni 2019" is no date, and not June either.
        let is_first =
            at == 0 || (line.number(at - 1).is_none() && !matches!(line.mark(at - 1), Some('.' | '-' | '/')));
        let day = Day::Whole(Date::new(year.parse().ok()?, month, 1).ok()?);
        return (is_common && is_first).then_some((day, first + 1));
    }
    let day = line.small(first).filter(|day| (1..=31).contains(day))?;
    if line.mark(first + 1) == Some(':') {
        return None;
    }
    let after = skip(line, first + 1, &['.', ','], SUFFIXES);
    let after = skip(line, after, &[',', '.'], &["de", "of"]);
    if let Some((year, end)) = year_at(line, after) {
        let is_sure = line.number(end - 1).is_some_and(|digits| digits.len() == 4) || is_common;
        return is_sure.then_some((Day::Whole(Date::new(year, month, day).ok()?), end));
    }
    let is_month = is_common && !NOT_WITHOUT_YEAR.contains(&word);
    (is_month && ends_at(line, skip(line, first + 1, &[], SUFFIXES))).then_some((Day::NoYear(month, day), after))
}

/// What stands behind the number of a day.
const SUFFIXES: &[&str] = &["st", "nd", "rd", "th", "er", "re", "ter", "º", "ª", "of", "de"];

/// Skips a mark or a word of these, up to twice.
fn skip(line: &Line<'_>, at: usize, marks: &[char], words: &[&str]) -> usize {
    let is_one = |at: &usize| {
        line.mark(*at).is_some_and(|mark| marks.contains(&mark))
            || line.word(*at).is_some_and(|word| words.contains(&word))
    };
    (at..at + 2).find(|at| !is_one(at)).unwrap_or(at + 2)
}

/// A year in four digits; in two behind an apostrophe or where nothing else can be meant.
fn year_at(line: &Line<'_>, at: usize) -> Option<(i16, usize)> {
    let has_apostrophe = matches!(line.mark(at), Some('\'' | '\u{2019}' | '\u{2018}'));
    let at = if has_apostrophe { at + 1 } else { at };
    let digits = line.number(at)?;
    let is_alone =
        || has_apostrophe || (line.clock_at(at).is_none() && line.mark(at + 1) != Some(':') && ends_at(line, at + 1));
    match digits.len() {
        4 => Some((digits.parse().ok()?, at + 1)),
        2 if is_alone() => Some((whole_year(digits.parse().ok()?, 2), at + 1)),
        _ => None,
    }
}

/// Whether a date may end here: behind it stands nothing, a mark, an hour, or what leads to one.
fn ends_at(line: &Line<'_>, at: usize) -> bool {
    line.get(at).is_none() || line.is_join(at) || line.clock_at(at).is_some()
}

#[cfg(test)]
mod tests;
