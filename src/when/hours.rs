//! Opening hours: reads them as people write them, and says when an outlet is open in the days to come.
//!
//! A plain subset of what OpenStreetMap calls `opening_hours`: rules between `;`, each with days (`Mo-Fr`, `Sa,Su`,
//! `PH`; none means every day) and times (`11:00-22:00`, several between `,`, over midnight as `18:00-02:00`) or `off`;
//! `24/7` alone. A later rule replaces an earlier one on its days; a day without a rule is closed. Days are English or
//! German. Months, weeks, sunrise and comments are not known.

use super::holidays::is_holiday;
use crate::model::{HoursRule, HoursSpan, Opening, OpeningHours};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::ops::Range;

/// The most rules; more are no plain hours.
const RULES_MOST: usize = 50;
/// The most stretches that are looked up.
const OPENINGS_MOST: usize = 64;
const MINUTES_OF_DAY: u16 = 24 * 60;
/// Days by their two letters, Monday first; German ones behind the English ones.
const DAYS: [(&str, usize); 11] = [
    ("mo", 0),
    ("tu", 1),
    ("we", 2),
    ("th", 3),
    ("fr", 4),
    ("sa", 5),
    ("su", 6),
    ("di", 1),
    ("mi", 2),
    ("do", 3),
    ("so", 6),
];
/// Words for a day on which nobody opens.
const OFF: [&str; 4] = ["off", "closed", "zu", "geschlossen"];

/// Hours that cannot be understood, with the part that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{mistake}")]
pub struct HoursError {
    /// The bytes of the wrong part.
    pub part: Range<usize>,
    /// What is wrong with it.
    pub mistake: HoursMistake,
}

/// What is wrong with hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursMistake {
    /// There is nothing to read.
    #[error("says no hours")]
    Nothing,
    /// A word that is no day.
    #[error("has `{0}` where a day was expected")]
    NoDay(String),
    /// Something that is no stretch between two times.
    #[error("has `{0}` where times were expected")]
    NoTimes(String),
    /// A time that no clock shows.
    #[error("has the time `{0}`, which no clock shows")]
    NoClock(String),
    /// Days without times.
    #[error("has `{0}` without times")]
    DaysAlone(String),
    /// Days begin behind a comma.
    #[error("has the day `{0}` among times")]
    DayAmongTimes(String),
    /// Two stretches of a day lie over each other.
    #[error("has `{0}`, which lies over the time before it")]
    Overlap(String),
    /// More rules than a week can need.
    #[error("has more than {RULES_MOST} rules")]
    TooMany,
}

impl HoursMistake {
    /// The way out.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoDay(_) => "days are Mo Tu We Th Fr Sa Su, or Mo Di Mi Do Fr Sa So, and PH for public holidays",
            Self::NoClock(_) => "write 00:00 to 24:00",
            Self::DaysAlone(_) => "write the times behind the days, or `off`: \"Su off\"",
            Self::DayAmongTimes(_) => "write `;` before the next days: \"Mo-Fr 11:00-22:00; Sa 12:00-23:00\"",
            Self::Overlap(_) => "write each stretch once, the earlier one first",
            Self::Nothing | Self::NoTimes(_) | Self::TooMany => {
                "write for instance \"Mo-Fr 11:00-22:00; Sa,Su 12:00-23:00; PH off\" or \"24/7\""
            }
        }
    }
}

/// Reads hours.
///
/// # Errors
/// [`HoursError`] with the first part that cannot be understood.
pub fn read_hours(text: &str) -> Result<OpeningHours, HoursError> {
    let mut rules = Vec::new();
    for piece in pieces(text, 0..text.len(), ';') {
        if rules.len() == RULES_MOST {
            return Err(HoursError { part: piece, mistake: HoursMistake::TooMany });
        }
        rules.push(read_rule(text, piece)?);
    }
    if rules.is_empty() {
        return Err(HoursError { part: 0..text.len(), mistake: HoursMistake::Nothing });
    }
    Ok(OpeningHours { rules })
}

/// The parts of `range` between `separator` without the blanks around them; empty ones are left out.
fn pieces(text: &str, range: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let mut start = range.start;
    let whole = text.get(range).unwrap_or_default();
    let trimmed = |piece: &str| {
        let from = start + (piece.len() - piece.trim_start().len());
        let to = from + piece.trim().len();
        start += piece.len() + separator.len_utf8();
        from..to
    };
    whole.split(separator).map(trimmed).filter(|piece| !piece.is_empty()).collect()
}

fn wrong(text: &str, part: Range<usize>, mistake: impl Fn(String) -> HoursMistake) -> HoursError {
    let words = text.get(part.clone()).unwrap_or_default().to_owned();
    HoursError { part, mistake: mistake(words) }
}

fn read_rule(text: &str, range: Range<usize>) -> Result<HoursRule, HoursError> {
    let said = text.get(range.clone()).unwrap_or_default();
    if said == "24/7" {
        return Ok(HoursRule {
            days: [true; 7],
            holidays: true,
            spans: vec![HoursSpan { from: 0, to: MINUTES_OF_DAY }],
        });
    }
    let is_off = |word: &str| OFF.contains(&word.to_ascii_lowercase().as_str());
    let off_at =
        said.rsplit(char::is_whitespace).next().filter(|word| is_off(word)).map(|word| said.len() - word.len());
    let times_at = off_at.or_else(|| said.find(|c: char| c.is_ascii_digit())).unwrap_or(said.len());
    let (days, times) = (range.start..range.start + times_at, range.start + times_at..range.end);
    if times.is_empty() {
        let known = pieces(text, days, ',').into_iter().all(|part| read_days(text, part).is_ok());
        return Err(wrong(text, range, if known { HoursMistake::DaysAlone } else { HoursMistake::NoTimes }));
    }
    let mut rule = HoursRule { days: [false; 7], holidays: false, spans: Vec::new() };
    let named = pieces(text, days, ',');
    if named.is_empty() {
        rule.days = [true; 7];
    }
    for part in named {
        match read_days(text, part)? {
            None => rule.holidays = true,
            Some(of_week) => rule.days.iter_mut().zip(of_week).for_each(|(day, more)| *day |= more),
        }
    }
    if off_at.is_none() {
        rule.spans = read_times(text, times)?;
    }
    Ok(rule)
}

/// The days of the week that a part names; `None` for public holidays.
fn read_days(text: &str, part: Range<usize>) -> Result<Option<[bool; 7]>, HoursError> {
    let said = text.get(part.clone()).unwrap_or_default().trim_end_matches(':');
    if said.eq_ignore_ascii_case("PH") {
        return Ok(None);
    }
    let day = |name: &str| {
        let name = name.trim().trim_end_matches('.').to_lowercase();
        let found = DAYS.iter().find(|(known, _)| *known == name).map(|(_, day)| *day);
        found.ok_or_else(|| wrong(text, part.clone(), HoursMistake::NoDay))
    };
    let (first, last) = match said.split_once(['-', '–']) {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(said)?, day(said)?),
    };
    let n_days = (last + 7 - first) % 7;
    let mut days = [false; 7];
    days.iter_mut().enumerate().for_each(|(day, is_in)| *is_in = (day + 7 - first) % 7 <= n_days);
    Ok(Some(days))
}

fn read_times(text: &str, range: Range<usize>) -> Result<Vec<HoursSpan>, HoursError> {
    let mut spans: Vec<HoursSpan> = Vec::new();
    for part in pieces(text, range, ',') {
        let said = text.get(part.clone()).unwrap_or_default();
        if said.starts_with(char::is_alphabetic) {
            return Err(wrong(text, part, HoursMistake::DayAmongTimes));
        }
        let (from, to) = said.split_once(['-', '–']).ok_or_else(|| wrong(text, part.clone(), HoursMistake::NoTimes))?;
        let (from, mut to) = (read_clock(text, &part, from)?, read_clock(text, &part, to)?);
        if to <= from {
            to += MINUTES_OF_DAY;
        }
        if spans.last().is_some_and(|before| from < before.to) {
            return Err(wrong(text, part, HoursMistake::Overlap));
        }
        spans.push(HoursSpan { from: from % MINUTES_OF_DAY, to });
    }
    Ok(spans)
}

/// Minutes since midnight: `9`, `09:00`, `24:00`.
fn read_clock(text: &str, part: &Range<usize>, said: &str) -> Result<u16, HoursError> {
    let (hours, minutes) = said.trim().split_once([':', '.']).unwrap_or((said.trim(), "00"));
    let number = |digits: &str, most: u16| {
        let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| is_number && *number <= most)
    };
    let is_clock = said.trim().bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    if !is_clock || hours.is_empty() {
        return Err(wrong(text, part.clone(), HoursMistake::NoTimes));
    }
    let clock = number(hours, 24).zip(number(minutes, 59)).map(|(hours, minutes)| hours * 60 + minutes);
    clock
        .filter(|clock| *clock <= MINUTES_OF_DAY)
        .ok_or_else(|| HoursError { part: part.clone(), mistake: HoursMistake::NoClock(said.trim().to_owned()) })
}

/// When an outlet is open between `from` and `to`, in order, stretches that touch joined; at most 64.
///
/// `country` (ISO 3166-1) decides what a public holiday is. An hour that the clocks leave out is taken as late as they
/// jumped, one that comes twice the first time.
#[must_use]
pub fn openings(hours: &OpeningHours, zone: &TimeZone, country: &str, from: Timestamp, to: Timestamp) -> Vec<Opening> {
    let mut found: Vec<Opening> = Vec::new();
    // Hours over midnight belong to the day before.
    let mut day = zone.to_datetime(from).date().yesterday().ok();
    while let Some(date) =
        day.filter(|date| found.len() < OPENINGS_MOST && instant(zone, *date, 0).is_some_and(|at| at < to))
    {
        for span in spans_of(hours, date, country) {
            let (Some(opens), Some(closes)) = (instant(zone, date, span.from), instant(zone, date, span.to)) else {
                continue;
            };
            match found.last_mut() {
                Some(last) if opens <= last.to => last.to = last.to.max(closes),
                _ if opens < closes => found.push(Opening { from: opens, to: closes }),
                _ => {}
            }
        }
        day = date.tomorrow().ok();
    }
    found.retain(|opening| opening.to > from && opening.from < to);
    found
}

/// When it opens on a day: by the last rule that names it.
fn spans_of<'h>(hours: &'h OpeningHours, date: Date, country: &str) -> &'h [HoursSpan] {
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    let rules = || hours.rules.iter().rev();
    let of_holiday = if is_holiday(date, country) { rules().find(|rule| rule.holidays) } else { None };
    let rule = of_holiday.or_else(|| rules().find(|rule| rule.days.get(weekday) == Some(&true)));
    rule.map_or(&[], |rule| &rule.spans)
}

fn instant(zone: &TimeZone, date: Date, minutes: u16) -> Option<Timestamp> {
    let days = i32::from(minutes / MINUTES_OF_DAY);
    let minutes = minutes % MINUTES_OF_DAY;
    let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
    let local = date.checked_add(days.days()).ok()?.at(hour, minute, 0, 0);
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    /// Each stretch from `from` on for so many days, by the outlet's own clock.
    fn check(said: &str, zone: &str, country: &str, from: &str, days: i64, expected: Expect) {
        let zone = TimeZone::get(zone).expect("a zone");
        let from: Timestamp = from.parse().expect("well-formed");
        let hours = read_hours(said).unwrap_or_else(|error| panic!("{said}: {error}"));
        let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%a %d. %H:%M").to_string();
        let lines: Vec<String> = openings(&hours, &zone, country, from, from + (days * 24).hours())
            .iter()
            .map(|opening| format!("{} - {}", local(opening.from), local(opening.to)))
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    fn refused(said: &str) -> String {
        let error = read_hours(said).expect_err(said);
        format!("{error} [{}]", said.get(error.part.clone()).expect("a part of the text"))
    }

    #[test]
    fn a_week_has_its_days_and_a_later_rule_counts() {
        let said = "Mo-Fr 11:00-14:30,17:00-22:00; Sa,Su 12:00-23:00; We off";
        check(
            said,
            "Europe/Berlin",
            "DE",
            "2026-11-23T09:00:00Z",
            6,
            expect![[r#"
                Mon 23. 11:00 - Mon 23. 14:30
                Mon 23. 17:00 - Mon 23. 22:00
                Tue 24. 11:00 - Tue 24. 14:30
                Tue 24. 17:00 - Tue 24. 22:00
                Thu 26. 11:00 - Thu 26. 14:30
                Thu 26. 17:00 - Thu 26. 22:00
                Fri 27. 11:00 - Fri 27. 14:30
                Fri 27. 17:00 - Fri 27. 22:00
                Sat 28. 12:00 - Sat 28. 23:00"#]],
        );
    }

    #[test]
    fn german_and_english_days_say_the_same() {
        for (german, english) in [("Mo-Do 9-17", "Mo-Th 09:00-17:00"), ("Sa-So 8–12", "Sa-Su 08:00-12:00")] {
            assert_eq!(read_hours(german), read_hours(english));
        }
        assert_eq!(read_hours("Di, Mi zu"), read_hours("Tu,We off"));
        assert_eq!(read_hours("Fr-Mo 8-9").expect("read").rules[0].days, [true, false, false, false, true, true, true]);
    }

    #[test]
    fn a_night_belongs_to_the_day_that_it_began_on() {
        let said = "Fr,Sa 18:00-02:00";
        // Saturday, 00:30 in Berlin: the night of Friday still runs.
        check(
            said,
            "Europe/Berlin",
            "DE",
            "2026-11-27T23:30:00Z",
            2,
            expect![[r#"
                Fri 27. 18:00 - Sat 28. 02:00
                Sat 28. 18:00 - Sun 29. 02:00"#]],
        );
    }

    #[test]
    fn always_open_is_one_stretch() {
        check("24/7", "America/New_York", "US", "2026-11-21T12:00:00Z", 3, expect!["Fri 20. 00:00 - Wed 25. 00:00"]);
    }

    #[test]
    fn the_night_when_clocks_go_forward_is_an_hour_shorter() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let hours = read_hours("22:00-06:00").expect("read");
        let length = |from: &str| {
            let from: Timestamp = from.parse().expect("well-formed");
            let night = openings(&hours, &zone, "DE", from, from + 1.hours());
            night.iter().map(|opening| opening.to.as_second() - opening.from.as_second()).collect::<Vec<_>>()
        };
        assert_eq!(length("2026-03-28T22:00:00Z"), [7 * 3600]);
        assert_eq!(length("2026-10-24T22:00:00Z"), [9 * 3600]);
        assert_eq!(length("2026-06-24T22:00:00Z"), [8 * 3600]);
        // 02:30 does not exist on that night: it closes as late as the clocks jumped.
        check(
            "20:00-02:30",
            "Europe/Berlin",
            "DE",
            "2026-03-28T20:00:00Z",
            1,
            expect![[r#"
                Sat 28. 20:00 - Sun 29. 03:30
                Sun 29. 20:00 - Mon 30. 02:30"#]],
        );
    }

    #[test]
    fn public_holidays_are_those_of_the_country() {
        let said = "Mo-Su 10:00-20:00; PH off";
        let christmas = "2026-12-24T12:00:00Z";
        check(
            said,
            "Europe/Berlin",
            "DE",
            christmas,
            3,
            expect![[r#"
                Thu 24. 10:00 - Thu 24. 20:00
                Sun 27. 10:00 - Sun 27. 20:00"#]],
        );
        check(
            said,
            "America/New_York",
            "US",
            christmas,
            3,
            expect![[r#"
                Thu 24. 10:00 - Thu 24. 20:00
                Sat 26. 10:00 - Sat 26. 20:00"#]],
        );
    }

    #[test]
    fn hours_that_say_nothing_clear_are_refused_with_the_part_that_is_wrong() {
        assert_eq!(refused(""), "says no hours []");
        assert_eq!(refused("Mn 9-17"), "has `Mn` where a day was expected [Mn]");
        assert_eq!(refused("Mo 9-25"), "has the time `25`, which no clock shows [9-25]");
        assert_eq!(refused("Mo 9:60-17"), "has the time `9:60`, which no clock shows [9:60-17]");
        assert_eq!(refused("Mo-Fr"), "has `Mo-Fr` without times [Mo-Fr]");
        assert_eq!(refused("Mo 9"), "has `9` where times were expected [9]");
        assert_eq!(refused("Mo 9-12, Tu 9-12"), "has the day `Tu 9-12` among times [Tu 9-12]");
        assert_eq!(refused("Mo 9-12,11-14"), "has `11-14`, which lies over the time before it [11-14]");
        assert_eq!(refused("Mo sunrise-22:00"), "has `Mo sunrise-` where a day was expected [Mo sunrise-]");
        assert_eq!(refused("whenever"), "has `whenever` where times were expected [whenever]");
        assert_eq!(refused("11:00+"), "has `11:00+` where times were expected [11:00+]");
        assert_eq!(refused(&"Mo 9-10;".repeat(51)), "has more than 50 rules [Mo 9-10]");
    }

    proptest! {
        #[test]
        fn whatever_is_written_the_wrong_part_lies_in_it(said in "[MoTuDiWePHof0-9:,;\u{2013} /-]{0,40}|.{0,40}") {
            match read_hours(&said) {
                Err(error) => prop_assert!(said.get(error.part.clone()).is_some(), "{:?}", error),
                Ok(hours) => {
                    let from: Timestamp = "2026-03-28T20:00:00Z".parse().expect("well-formed");
                    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
                    let found = openings(&hours, &zone, "DE", from, from + (24 * 9).hours());
                    prop_assert!(found.iter().all(|opening| opening.from < opening.to));
                    prop_assert!(found.windows(2).all(|pair| pair[0].to < pair[1].from), "{:?}", found);
                }
            }
        }
    }
}
