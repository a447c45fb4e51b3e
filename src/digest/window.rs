//! Which local day a digest is due for, and which stretch it looks at.
//!
//! Pure. A local time that does not exist (clocks go forward) is taken as late as the clocks jumped; one that comes
//! twice (clocks go back) is taken the first time. Either way each local day has one digest. A clock that ran ahead
//! and was set back silences nobody: a day noted from the future is passed over, and the outbox knows what was made.

use super::Settings;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// The longest stretch that one digest looks back over, in days, after the program has stood still.
pub(super) const STRETCH_LIMIT_DAYS: i32 = 7;

/// A digest that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The local day that it is for; to be stored as the next `last`.
    pub date: Date,
    /// Where the stretch begins: where the last digest ended, at most seven days back.
    pub from: Timestamp,
    /// Where it ends: the digest's moment on that day.
    pub to: Timestamp,
}

/// The digest that is due at `now`, if any, when the one of the local day `last` was the last that was made.
///
/// A day that was missed is made up for as long as it is the latest; earlier ones are folded into it. Without any
/// `last` the first digest comes once today's time has passed, and so does the next one where `last` lies ahead of
/// today: the clock was wrong when it was noted.
#[must_use]
pub fn due(settings: &Settings, now: Timestamp, last: Option<Date>) -> Option<Due> {
    let zone = zone_of(settings);
    let today = day(settings, now);
    let last = last.filter(|last| *last <= today);
    let date = if moment(settings, &zone, today)? <= now { today } else { today.yesterday().ok()? };
    let to = moment(settings, &zone, date)?;
    let is_first_before_its_time = last.is_none() && date != today;
    if to > now || is_first_before_its_time || last.is_some_and(|last| last >= date) {
        return None;
    }
    let earliest = date.checked_sub(STRETCH_LIMIT_DAYS.days()).ok()?;
    let before = last.map_or_else(|| date.yesterday().ok(), |last| Some(last.max(earliest)))?;
    Some(Due { date, from: moment(settings, &zone, before)?, to })
}

/// The local day at `now`.
#[must_use]
pub fn day(settings: &Settings, now: Timestamp) -> Date {
    zone_of(settings).to_datetime(now).date()
}

fn zone_of(settings: &Settings) -> TimeZone {
    TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC)
}

fn moment(settings: &Settings, zone: &TimeZone, date: Date) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(date.to_datetime(settings.at)).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn berlin(hour: i8, minute: i8) -> Settings {
        Settings { at: time(hour, minute, 0, 0), zone: "Europe/Berlin".to_owned(), ..Settings::default() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("well-formed")
    }

    /// How many digests each local day gets when the program looks every ten minutes from `start`.
    fn digests(settings: &Settings, start: &str, hours: i64) -> Vec<String> {
        let (mut now, mut last, mut made) = (at(start), Some(date(2026, 3, 27).min(date(2026, 10, 23))), Vec::new());
        last = due(settings, now, last).map(|due| due.date).or(last);
        for _ in 0..hours * 6 {
            now += 10.minutes();
            if let Some(due) = due(settings, now, last) {
                made.push(format!("{} {}..{}", due.date, due.from, due.to));
                last = Some(due.date);
            }
        }
        made
    }

    #[test]
    fn an_hour_that_does_not_exist_still_has_its_digest() {
        // On 29 March 2026 the clocks in Berlin go from 2:00 to 3:00.
        assert_eq!(
            digests(&berlin(2, 30), "2026-03-28T12:00:00Z", 48),
            [
                "2026-03-29 2026-03-28T01:30:00Z..2026-03-29T01:30:00Z",
                "2026-03-30 2026-03-29T01:30:00Z..2026-03-30T00:30:00Z",
            ]
        );
    }

    #[test]
    fn an_hour_that_comes_twice_has_one_digest() {
        // On 25 October 2026 the clocks in Berlin go from 3:00 back to 2:00.
        assert_eq!(
            digests(&berlin(2, 30), "2026-10-24T12:00:00Z", 48),
            [
                "2026-10-25 2026-10-24T00:30:00Z..2026-10-25T00:30:00Z",
                "2026-10-26 2026-10-25T00:30:00Z..2026-10-26T01:30:00Z",
            ]
        );
    }

    #[test]
    fn the_stretches_join_without_a_gap() {
        for (hour, minute) in [(0, 0), (2, 0), (3, 0), (7, 30), (23, 59)] {
            for start in ["2026-03-27T23:30:00Z", "2026-10-23T23:30:00Z"] {
                let made = digests(&berlin(hour, minute), start, 72);
                let ends: Vec<_> = made.iter().filter_map(|line| line.split("..").nth(1)).collect();
                let starts: Vec<_> = made.iter().skip(1).filter_map(|line| line.split([' ', '.']).nth(1)).collect();
                assert_eq!(ends[..ends.len() - 1], starts[..], "{hour}:{minute} {made:?}");
                assert_eq!(made.len(), 3, "{hour}:{minute} {made:?}");
            }
        }
    }

    #[test]
    fn a_missed_day_is_made_up_for_once() {
        let settings = berlin(7, 30);
        let monday = date(2026, 11, 16);
        let wednesday_at_six = at("2026-11-18T05:00:00Z");
        let late = due(&settings, wednesday_at_six, Some(monday)).expect("Tuesday's is missing");
        assert_eq!((late.date, late.from), (date(2026, 11, 17), at("2026-11-16T06:30:00Z")));
        assert_eq!(due(&settings, wednesday_at_six, Some(late.date)), None);
    }

    #[test]
    fn a_long_pause_is_looked_back_on_for_seven_days() {
        let found = due(&berlin(7, 30), at("2026-11-18T12:00:00Z"), Some(date(2026, 1, 1))).expect("one");
        assert_eq!(found.from, at("2026-11-11T06:30:00Z"));
    }

    #[test]
    fn a_day_from_a_clock_that_ran_ahead_silences_nobody() {
        let (settings, ahead) = (berlin(7, 30), Some(date(2026, 12, 24)));
        assert_eq!(due(&settings, at("2026-11-18T05:00:00Z"), ahead), None);
        assert_eq!(due(&settings, at("2026-11-18T07:00:00Z"), ahead).map(|due| due.date), Some(date(2026, 11, 18)));
        // Set back by an hour, on the same day: that day has its digest.
        assert_eq!(due(&settings, at("2026-11-18T06:00:00Z"), Some(date(2026, 11, 18))), None);
    }

    #[test]
    fn the_first_digest_waits_for_its_time() {
        let settings = berlin(7, 30);
        assert_eq!(due(&settings, at("2026-11-18T05:00:00Z"), None), None);
        assert_eq!(due(&settings, at("2026-11-18T07:00:00Z"), None).map(|due| due.date), Some(date(2026, 11, 18)));
    }
}
