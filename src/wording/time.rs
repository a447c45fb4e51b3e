//! Times, dates and durations for one reader.

use super::{Language, fill};
use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::{Offset, TimeZone},
};

/// Below this many whole days a duration also names its hours.
const DAYS_WITH_HOURS: i64 = 2;

/// Who reads: the language and the zone that times are shown in.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// The language.
    pub language: Language,
    /// The zone.
    pub zone: TimeZone,
}

impl Reader {
    /// A reader from a language tag and an IANA zone; English and UTC where they are not known.
    #[must_use]
    pub fn new(language: &str, zone: &str) -> Self {
        Self { language: Language::from_tag(language), zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
    }

    /// The time of day: `16:58`, `16:58 Uhr`.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        self.language.time(self.zone.to_datetime(at).time())
    }

    /// The time, and the day where it is not today: `tomorrow, 09:00`, `21. November, 9:00 Uhr`.
    #[must_use]
    pub fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        let words = self.language.words();
        let (day, today) = (self.date_of(at), self.date_of(now));
        let clock = self.clock(at);
        let named = match day.until(today).map(|span| span.get_days()) {
            Ok(0) => return clock,
            Ok(1) => words.yesterday.to_owned(),
            Ok(-1) => words.tomorrow.to_owned(),
            _ if day.year() == today.year() => self.day_and_month(day),
            _ => format!("{} {}", self.day_and_month(day), day.year()),
        };
        format!("{named}, {clock}")
    }

    /// [`Self::moment`], with the time on the clocks over there in brackets where they differ.
    #[must_use]
    pub fn moment_there(&self, at: Timestamp, now: Timestamp, there: &TimeZone) -> String {
        let here = self.moment(at, now);
        if self.zone.to_offset(at) == there.to_offset(at) {
            return here;
        }
        let local = Self { language: self.language, zone: there.clone() };
        format!("{here} ({})", fill(self.language.words().local_time, &[("time", &local.clock(at))]))
    }

    /// The date in full: `Saturday, November 21`, `Samstag, 21. November`.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let weekday = match self.language {
            Language::En => weekday_en(day.weekday()),
            Language::De => weekday_de(day.weekday()),
        };
        format!("{weekday}, {}", self.day_and_month(day))
    }

    /// The local date at `at`.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    fn day_and_month(&self, day: Date) -> String {
        let month = usize::from(day.month().unsigned_abs()).saturating_sub(1);
        match self.language {
            Language::En => format!("{} {}", MONTHS_EN.get(month).unwrap_or(&""), day.day()),
            Language::De => format!("{}. {}", day.day(), MONTHS_DE.get(month).unwrap_or(&"")),
        }
    }
}

/// The zone of a place where it is known, else the distance from UTC that the author's clock had.
#[must_use]
pub(crate) fn zone_there(zone: Option<&str>, offset: Offset) -> TimeZone {
    zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| offset.to_time_zone())
}

impl Language {
    /// A time of day: `07:30`, `7:30 Uhr`.
    #[must_use]
    pub fn time(self, time: Time) -> String {
        match self {
            Self::En => format!("{:02}:{:02}", time.hour(), time.minute()),
            Self::De => format!("{}:{:02} Uhr", time.hour(), time.minute()),
        }
    }

    /// A duration, cut to whole minutes so that it never promises too much: `1 h 59 min`, `3 days`.
    ///
    /// The sign is dropped; the sentence around it says whether time is left or gone.
    #[must_use]
    pub fn duration(self, seconds: i64) -> String {
        let words = self.words();
        let minutes = seconds.saturating_abs() / 60;
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let day_words = words.n_days.of(days.unsigned_abs(), self);
        match (days, hours, rest) {
            (0, 0, 0) => words.under_a_minute.to_owned(),
            (0, 0, rest) => format!("{rest} min"),
            (0, hours, 0) => format!("{hours} h"),
            (0, hours, rest) => format!("{hours} h {rest} min"),
            (days, hours, _) if days < DAYS_WITH_HOURS && hours > 0 => format!("{day_words} {hours} h"),
            _ => day_words,
        }
    }
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

fn weekday_en(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn weekday_de(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Montag",
        Weekday::Tuesday => "Dienstag",
        Weekday::Wednesday => "Mittwoch",
        Weekday::Thursday => "Donnerstag",
        Weekday::Friday => "Freitag",
        Weekday::Saturday => "Samstag",
        Weekday::Sunday => "Sonntag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("well-formed")
    }

    #[test]
    fn durations_are_cut_never_rounded_up() {
        let shown = |seconds| format!("{} | {}", Language::En.duration(seconds), Language::De.duration(seconds));
        assert_eq!(shown(7199), "1 h 59 min | 1 h 59 min");
        assert_eq!(shown(59), "under 1 min | unter 1 min");
        assert_eq!(shown(-24 * 60), "24 min | 24 min");
        assert_eq!(shown(7200), "2 h | 2 h");
        assert_eq!(shown(27 * 3600), "1 day 3 h | 1 Tag 3 h");
        assert_eq!(shown(3 * 86_400 + 3600), "3 days | 3 Tage");
        assert!(!shown(i64::MIN).is_empty());
    }

    #[test]
    fn a_moment_names_its_day_only_when_it_is_not_today() {
        let now = at("2026-11-21T18:00:00Z");
        let german = Reader::new("de", "Europe/Berlin");
        let english = Reader::new("en", "America/New_York");
        assert_eq!(german.moment(at("2026-11-21T21:58:00Z"), now), "22:58 Uhr");
        assert_eq!(german.moment(at("2026-11-22T08:00:00Z"), now), "morgen, 9:00 Uhr");
        assert_eq!(english.moment(at("2026-11-20T21:58:00Z"), now), "yesterday, 16:58");
        assert_eq!(english.moment(at("2026-12-24T21:58:00Z"), now), "December 24, 16:58");
        assert_eq!(german.moment(at("2027-03-01T08:00:00Z"), now), "1. März 2027, 9:00 Uhr");
    }

    #[test]
    fn a_place_with_another_clock_shows_its_own_time_too() {
        let now = at("2026-11-21T18:00:00Z");
        let there = zone_there(Some("America/New_York"), Offset::UTC);
        let shown = Reader::new("de", "Europe/Berlin").moment_there(at("2026-11-21T21:58:00Z"), now, &there);
        assert_eq!(shown, "22:58 Uhr (dort 16:58 Uhr)");
        let same = Reader::new("en", "America/New_York").moment_there(at("2026-11-21T21:58:00Z"), now, &there);
        assert_eq!(same, "16:58");
    }

    #[test]
    fn dates_are_written_out() {
        let day = jiff::civil::date(2026, 11, 21);
        assert_eq!(Reader::new("en", "UTC").day(day), "Saturday, November 21");
        assert_eq!(Reader::new("de", "UTC").day(day), "Samstag, 21. November");
    }
}
