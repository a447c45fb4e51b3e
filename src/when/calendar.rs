//! From what a phrase says to an instant, on the clock of the one who wrote it.

use super::slot::{Captures, Clock};
use super::words::{Feast, Part, Unit};
use crate::model::PostedAt;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Span, ToSpan};

/// A date that has gone by for no longer than this is meant as gone; an older one as next year's.
const RECENT_DAYS: i64 = 60;

/// The clock on the author's wall.
pub(super) fn local(posted: PostedAt) -> DateTime {
    posted.offset.to_datetime(posted.at)
}

/// The instant that the author's clock shows as `local`.
pub(super) fn instant(posted: PostedAt, local: DateTime) -> Option<PostedAt> {
    Some(PostedAt { at: posted.offset.to_timestamp(local).ok()?, offset: posted.offset })
}

/// The last minute of a day: after it "today" is over.
pub(super) fn end_of(date: Date) -> DateTime {
    date.at(23, 59, 0, 0)
}

/// So many days after the day of `now`.
pub(super) fn days_after(now: DateTime, days: i64) -> Option<Date> {
    now.date().checked_add(days.days()).ok()
}

/// So many units after `now`: minutes and hours to the second, longer ones to the end of their day.
pub(super) fn units_after(now: DateTime, number: f64, unit: Unit) -> Option<DateTime> {
    #[expect(clippy::cast_possible_truncation, reason = "at most a thousand units; a cast saturates")]
    let whole = number.round() as i64;
    let span: Span = match unit {
        Unit::Minute => return now.checked_add(SignedDuration::try_from_secs_f64(number * 60.0).ok()?).ok(),
        Unit::Hour => return now.checked_add(SignedDuration::try_from_secs_f64(number * 3600.0).ok()?).ok(),
        Unit::Day => whole.days(),
        Unit::Week => whole.weeks(),
        Unit::Month => whole.months(),
    };
    Some(end_of(now.date().checked_add(span).ok()?))
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

/// The next day of that feast; the day of `now` counts.
pub(super) fn next_feast(now: DateTime, feast: Feast) -> Option<Date> {
    let in_year = |year| match feast {
        Feast::Fixed(month, day) => Date::new(year, month, day).ok(),
        Feast::Easter(days) => easter(year)?.checked_add(days.days()).ok(),
        Feast::Nth(month, nth, weekday) => {
            let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
        }
    };
    in_year(now.year()).filter(|date| *date >= now.date()).or_else(|| in_year(now.year() + 1))
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
    let is_small_hour = (1..=6).contains(&clock.hour);
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
