//! Public holidays that hold in the whole of a country, for opening hours.
//!
//! Days that only a state, canton or region keeps are not known, nor is a day off in lieu of a Sunday.

use super::calendar::easter;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// When a holiday is.
#[derive(Debug, Clone, Copy)]
enum Holiday {
    /// Month and day.
    On(i8, i8),
    /// So many days from Easter Sunday.
    Easter(i32),
    /// The so-and-so-many-th weekday of a month; -1 is the last.
    Nth(i8, i8, Weekday),
}

use Holiday::{Easter, Nth, On};
use Weekday::{Monday, Thursday};

/// By country (ISO 3166-1). As the laws stand in 2026.
const HOLIDAYS: &[(&str, &[Holiday])] = &[
    ("DE", &[On(1, 1), Easter(-2), Easter(1), On(5, 1), Easter(39), Easter(50), On(10, 3), On(12, 25), On(12, 26)]),
    (
        "AT",
        &[
            On(1, 1),
            On(1, 6),
            Easter(1),
            On(5, 1),
            Easter(39),
            Easter(50),
            Easter(60),
            On(8, 15),
            On(10, 26),
            On(11, 1),
            On(12, 8),
            On(12, 25),
            On(12, 26),
        ],
    ),
    ("CH", &[On(1, 1), Easter(39), On(8, 1), On(12, 25)]),
    (
        "US",
        &[
            On(1, 1),
            Nth(1, 3, Monday),
            Nth(2, 3, Monday),
            Nth(5, -1, Monday),
            On(6, 19),
            On(7, 4),
            Nth(9, 1, Monday),
            Nth(10, 2, Monday),
            On(11, 11),
            Nth(11, 4, Thursday),
            On(12, 25),
        ],
    ),
    ("GB", &[On(1, 1), Easter(-2), Nth(5, 1, Monday), Nth(5, -1, Monday), On(12, 25), On(12, 26)]),
    (
        "FR",
        &[
            On(1, 1),
            Easter(1),
            On(5, 1),
            On(5, 8),
            Easter(39),
            Easter(50),
            On(7, 14),
            On(8, 15),
            On(11, 1),
            On(11, 11),
            On(12, 25),
        ],
    ),
    (
        "ES",
        &[On(1, 1), On(1, 6), Easter(-2), On(5, 1), On(8, 15), On(10, 12), On(11, 1), On(12, 6), On(12, 8), On(12, 25)],
    ),
    (
        "IT",
        &[
            On(1, 1),
            On(1, 6),
            Easter(1),
            On(4, 25),
            On(5, 1),
            On(6, 2),
            On(8, 15),
            On(10, 4),
            On(11, 1),
            On(12, 8),
            On(12, 25),
            On(12, 26),
        ],
    ),
];

/// Whether the public holidays of a country (ISO 3166-1) are known.
#[must_use]
pub fn knows_holidays(country: &str) -> bool {
    of(country).is_some()
}

/// Whether `date` is a public holiday in all of `country`; no day is one where the country's are not known.
pub(super) fn is_holiday(date: Date, country: &str) -> bool {
    let is_on = |holiday: &Holiday| match *holiday {
        On(month, day) => (date.month(), date.day()) == (month, day),
        Easter(days) => easter(date.year()).and_then(|easter| easter.checked_add(days.days()).ok()) == Some(date),
        Nth(month, nth, weekday) => {
            date.month() == month && date.nth_weekday_of_month(nth, weekday).is_ok_and(|found| found == date)
        }
    };
    of(country).is_some_and(|holidays| holidays.iter().any(is_on))
}

fn of(country: &str) -> Option<&'static [Holiday]> {
    HOLIDAYS.iter().find(|(code, _)| *code == country).map(|(_, holidays)| *holidays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn feasts_move_with_easter_and_with_the_weekday() {
        for (day, country, expected) in [
            (date(2026, 4, 3), "DE", true),
            (date(2026, 5, 14), "CH", true),
            (date(2026, 5, 25), "FR", true),
            (date(2026, 11, 26), "US", true),
            (date(2026, 11, 19), "US", false),
            (date(2026, 5, 25), "GB", true),
            (date(2026, 12, 26), "ES", false),
            (date(2026, 12, 25), "XX", false),
        ] {
            assert_eq!(is_holiday(day, country), expected, "{day} in {country}");
        }
        assert!(knows_holidays("AT") && !knows_holidays(""));
    }
}
