//! From what a phrase says to an instant, on the clock of the one who wrote it.

use super::slot::{Captures, Clock};
use super::words::{Feast, Part, Unit};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

/// A date that has gone by for no longer than this is meant as gone; an older one as next year's.
const RECENT_DAYS: i64 = 60;

/// When a post was written, on the clock of its author.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now<'z> {
    pub at: Timestamp,
    pub local: DateTime,
    pub zone: &'z TimeZone,
}

impl<'z> Now<'z> {
    pub(super) fn new(at: Timestamp, zone: &'z TimeZone) -> Self {
        Self { at, local: zone.to_datetime(at), zone }
    }

    /// Hours between the clock and UTC.
    pub(super) fn hours_from_utc(self) -> i32 {
        self.zone.to_offset(self.at).seconds().div_euclid(3600)
    }

    /// The instant at which the clock shows `local`: of two the first; where clocks skip it, as far behind.
    pub(super) fn instant(self, local: DateTime) -> Option<Timestamp> {
        Some(local.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// So many units later: minutes and hours to the second, longer ones to the end of their day.
    pub(super) fn after(self, number: f64, unit: Unit) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "at most a thousand units; a cast saturates")]
        let whole = number.round() as i64;
        let later = |seconds: f64| self.at.checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?).ok();
        let span: Span = match unit {
            Unit::Minute => return later(number * 60.0),
            Unit::Hour => return later(number * 3600.0),
            Unit::Day => whole.days(),
            Unit::Week => whole.weeks(),
            Unit::Month => whole.months(),
        };
        self.instant(end_of(self.local.date().checked_add(span).ok()?))
    }
}

/// The last minute of a day: after it "today" is over.
pub(super) fn end_of(date: Date) -> DateTime {
    date.at(23, 59, 0, 0)
}

/// So many days after the day of `now`.
pub(super) fn days_after(now: DateTime, days: i64) -> Option<Date> {
    now.date().checked_add(days.days()).ok()
}

/// The next day of that name, from Monday as 1; the day of `now` counts unless `is_later`.
pub(super) fn next_weekday(now: DateTime, weekday: i8, is_later: bool) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    if now.weekday() == weekday && !is_later {
        return Some(now.date());
    }
    now.date().nth_weekday(1, weekday).ok()
}

/// The day of a month that a phrase names; `Err` where it has gone by.
pub(super) fn named_date(now: DateTime, captures: &Captures, is_month_first: bool) -> Option<Result<Date, Date>> {
    let (month, day) = match captures.slashed {
        Some((first, second)) if (is_month_first || second > 12) && first <= 12 => (first, second),
        Some((first, second)) => (second, first),
        None => (captures.month?, captures.day?),
    };
    if let Some(year) = captures.year {
        let date = Date::new(year, month, day).ok()?;
        return Some(if date < now.date() { Err(date) } else { Ok(date) });
    }
    let this_year = Date::new(now.year(), month, day).ok();
    if let Some(date) = this_year.filter(|date| *date >= now.date()) {
        // Late in January, "on December 28" is a month ago, not eleven ahead.
        let last_year = Date::new(now.year() - 1, month, day).ok();
        let was_recent = last_year.is_some_and(|last| days_between(last, now.date()) <= RECENT_DAYS);
        return Some(last_year.filter(|_| was_recent).map_or(Ok(date), Err));
    }
    match this_year {
        Some(date) if days_between(date, now.date()) <= RECENT_DAYS => Some(Err(date)),
        _ => Date::new(now.year() + 1, month, day).ok().map(Ok),
    }
}

fn days_between(earlier: Date, later: Date) -> i64 {
    later.duration_since(earlier).as_hours() / 24
}

/// The next day with that number.
pub(super) fn next_day_of_month(now: DateTime, day: i8) -> Option<Date> {
    let mut first = now.date().first_of_month();
    for _ in 0..3 {
        if let Ok(date) = Date::new(first.year(), first.month(), day)
            && date >= now.date()
        {
            return Some(date);
        }
        first = first.checked_add(1.month()).ok()?;
    }
    None
}

/// From the next day of the first name to the day of the second: the second.
pub(super) fn weekday_range(now: DateTime, first: i8, last: i8) -> Option<Date> {
    let today = now.weekday().to_monday_one_offset();
    // In the midst of it, the range is the present one.
    let (gone, length) = ((today - first).rem_euclid(7), (last - first).rem_euclid(7));
    if gone <= length {
        return days_after(now, i64::from(length - gone));
    }
    days_after(now, i64::from(7 - gone + length))
}

/// The last day of a month that has not ended; of this one where none is named.
pub(super) fn month_end(now: DateTime, month: Option<i8>) -> Option<Date> {
    let month = month.unwrap_or(now.month());
    let year = if month < now.month() { now.year() + 1 } else { now.year() };
    Some(Date::new(year, month, 1).ok()?.last_of_month())
}

/// The next day of that feast; the day of `now` counts.
pub(super) fn next_feast(now: Now<'_>, feast: Feast) -> Option<Date> {
    let today = now.local.date();
    let feast = match feast {
        Feast::ByOffset(places) => {
            let hours = now.hours_from_utc();
            places.iter().find(|(first, last, _)| (*first..=*last).contains(&hours))?.2
        }
        feast => feast,
    };
    let in_year = |year| match feast {
        Feast::ByOffset(_) => None,
        Feast::Advent(nth) => {
            let christmas = Date::new(year, 12, 25).ok()?;
            christmas.nth_weekday(-1, Weekday::Sunday).ok()?.checked_sub(((4 - nth) * 7).days()).ok()
        }
        Feast::FrenchMothers => {
            let last = Date::new(year, 5, 1).ok()?.nth_weekday_of_month(-1, Weekday::Sunday).ok()?;
            let is_whitsun = easter(year)?.checked_add(49.days()).ok()? == last;
            if is_whitsun { last.checked_add(7.days()).ok() } else { Some(last) }
        }
        Feast::Fixed(month, day) => Date::new(year, month, day).ok(),
        Feast::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
        Feast::Nth(month, nth, weekday) => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
        }
    };
    in_year(today.year()).filter(|date| *date >= today).or_else(|| in_year(today.year() + 1))
}

/// Easter Sunday (the anonymous Gregorian computus, Nature 1876).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

/// When the clock shows that time: on `date`, or next where no day is named.
pub(super) fn next_clock(now: DateTime, date: Option<Date>, clock: Clock, part: Option<Part>) -> Option<DateTime> {
    let clock = with_part(clock, part);
    let time = |hour: i8| Time::new(hour, clock.minute, 0, 0).ok();
    let other_half = if clock.hour < 12 { clock.hour + 12 } else { clock.hour - 12 };
    let Some(date) = date else {
        let next = |hour: i8| {
            let today = now.date().to_datetime(time(hour)?);
            if today > now { Some(today) } else { today.checked_add(1.day()).ok() }
        };
        return match clock.is_exact {
            true => next(clock.hour),
            false => Some(next(clock.hour)?.min(next(other_half)?)),
        };
    };
    // A night's early hours belong to the next day of the calendar.
    if part == Some(Part::Night) && clock.hour < 6 {
        return Some(date.tomorrow().ok()?.to_datetime(time(clock.hour)?));
    }
    let first = date.to_datetime(time(clock.hour)?);
    if clock.is_exact {
        return Some(first);
    }
    // "Tomorrow 6:20" is a train's hour, "tomorrow at 6" a dinner's.
    let latest = if clock.minute == 0 { 6 } else { 4 };
    let is_small_hour = (1..=latest).contains(&clock.hour);
    if (date == now.date() && first <= now) || is_small_hour {
        return Some(date.to_datetime(time(other_half.max(clock.hour))?));
    }
    Some(first)
}

/// Lets "in the evening" decide between the two halves of the clock.
fn with_part(clock: Clock, part: Option<Part>) -> Clock {
    let Some(part) = part.filter(|_| !clock.is_exact) else { return clock };
    let hour = match part {
        Part::Afternoon | Part::Evening if clock.hour < 12 => clock.hour + 12,
        Part::Night if (6..12).contains(&clock.hour) => clock.hour + 12,
        Part::Night | Part::Evening if clock.hour == 12 => 0,
        _ => clock.hour,
    };
    Clock { hour, is_exact: true, ..clock }
}
