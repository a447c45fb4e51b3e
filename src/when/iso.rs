//! Reads ISO 8601 and what is written in its likeness.

use super::date::{moment, offset, posted_at, small, whole_year};
use super::names::offset_of;
use crate::model::PostedAt;
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::Offset;

/// Reads `2003`, `2003-12`, `2003-12-31`, `20031231`, `2003-335`, `2003-W05-2`, each but the first two with a time
/// and a zone behind it where there is one.
pub(super) fn read_iso(text: &str) -> Option<PostedAt> {
    let text = text.split_once('[').map_or(text, |(head, _)| head).trim();
    let end_of_date = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | 'W'))).unwrap_or(text.len());
    let (day, rest) = text.split_at(end_of_date);
    if day.len() == 14 && rest.is_empty() {
        return compact_date_time(day);
    }
    let date = read_date(day)?;
    let rest = rest.trim_start_matches(['T', 't', ' ', ',', '\u{a0}']);
    if rest.is_empty() {
        return posted_at(date, Time::midnight(), Offset::UTC);
    }
    let end_of_time = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end_of_time);
    let (date, time) = read_time(date, clock)?;
    posted_at(date, time, read_zone(zone.trim())?)
}

fn compact_date_time(digits: &str) -> Option<PostedAt> {
    let (date, time) = read_time(read_date(digits.get(..8)?)?, digits.get(8..)?)?;
    posted_at(date, time, Offset::UTC)
}

fn read_date(day: &str) -> Option<Date> {
    let mut parts = day.split(['-', '/']);
    let year = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    if year.len() == 8 && rest.is_empty() {
        let number = |range| year.get(range).and_then(small);
        return Date::new(year.get(..4)?.parse().ok()?, number(4..6)?, number(6..8)?).ok();
    }
    if year.len() == 7 && rest.is_empty() {
        return ordinal_date(year.get(..4)?.parse().ok()?, year.get(4..)?);
    }
    // Two digits of a year stand first only in ISO 8601, and nothing but a whole date is told by them.
    if let (2, [month, last]) = (year.len(), rest.as_slice())
        && last.len() == 2
    {
        return Date::new(whole_year(year.parse().ok()?, 2), small(month)?, small(last)?).ok();
    }
    if year.len() != 4 {
        return None;
    }
    let first = Date::new(year.parse().ok()?, 1, 1).ok()?;
    match rest.as_slice() {
        [] => Some(first),
        [week, ..] if week.starts_with('W') => week_date(first.year(), week.get(1..)?, rest.get(1).copied()),
        [day_of_year] if day_of_year.len() == 3 => ordinal_date(first.year(), day_of_year),
        [month] => Date::new(first.year(), small(month)?, 1).ok(),
        [month, day] => Date::new(first.year(), small(month)?, small(day)?).ok(),
        _ => None,
    }
}

fn ordinal_date(year: i16, day_of_year: &str) -> Option<Date> {
    let days: i64 = day_of_year.parse().ok().filter(|days| (1..=366).contains(days))?;
    Date::new(year, 1, 1).ok()?.checked_add((days - 1).days()).ok()
}

fn week_date(year: i16, week: &str, day: Option<&str>) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(day.map_or(Some(1), small)?).ok()?;
    ISOWeekDate::new(year, small(week)?, weekday).ok().map(ISOWeekDate::date)
}

/// The time of day, and the date it falls on: 24:00 is the next day's beginning.
fn read_time(date: Date, clock: &str) -> Option<(Date, Time)> {
    let whole = clock.split(['.', ',']).next()?;
    let (hour, minute, second) = if whole.contains(':') {
        let mut parts = whole.split(':');
        (parts.next()?, parts.next()?, parts.next().unwrap_or("0"))
    } else {
        (whole.get(..2)?, whole.get(2..4).unwrap_or("0"), whole.get(4..6).unwrap_or("0"))
    };
    let (hour, minute, second) = (small(hour)?, small(minute)?, small(second)?);
    moment(date, (hour, minute, second))
}

/// `Z`, `+01:00`, `+0100`, `+01`, a zone's name, or nothing.
fn read_zone(zone: &str) -> Option<Offset> {
    if zone.is_empty() {
        return Some(Offset::UTC);
    }
    let name = zone.split(['+', '-', '−']).next().unwrap_or("").trim();
    let shift = zone.get(name.len()..)?.trim();
    if shift.is_empty() {
        return offset_of(name);
    }
    if !name.is_empty() && offset_of(name).is_none() {
        return None;
    }
    let is_west = shift.starts_with(['-', '−']);
    let digits: String = shift.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        1 | 2 => offset(is_west, small(&digits)?, 0),
        4 => offset(is_west, digits.get(..2).and_then(small)?, digits.get(2..).and_then(small)?),
        _ => None,
    }
}
