//! What a language's file says: its words for numbers, units, days and months, and the rules that use them.
//!
//! A rule is a pattern over folded tokens, its elements parted by blanks:
//!
//! | element | meaning |
//! | --- | --- |
//! | `word`, `a\|b` | one of these words |
//! | `element?` | may be missing |
//! | `N` | a number in digits or words |
//! | `UNIT` | minutes, hours, days ...; `20min` is a number and its unit |
//! | `CLOCK` | an hour, with or without minutes and half of the day |
//! | `TIME` | an hour that cannot be another number: `9pm`, `18:30`, `18h30` |
//! | `WEEKDAY`, `WD` | a weekday by its whole name; also by its short one |
//! | `MONTH`, `DAY`, `ORDINAL`, `DATE`, `YEAR` | `december`, `24`, `24th` or `24.`, `24.12.`, `2026` |
//! | `FEAST`, `PART` | Christmas and its like; evening and its like |

/// How a rule turns into time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// So many units after the post.
    In,
    /// So many units and a half after the post.
    InAndHalf,
    /// So many minutes after the post.
    InMinutes(i64),
    /// A clock time, moved by so many minutes ("quarter to": -15).
    Clock(i64),
    /// A clock time that names its hour and its minutes as numbers ("9 Uhr 30").
    ClockAndMinutes,
    /// A fixed hour of the clock.
    At(i8),
    /// So many days after the day of the post.
    Day(i64),
    /// The same, and a part of that day.
    DayPart(i64, Part),
    /// The next day of that name.
    Weekday,
    /// The day of that name, but not the day of the post.
    NextWeekday,
    /// The Sunday that ends this week.
    Weekend,
    /// A day of a month, or a date in numbers.
    Date,
    /// A day of this month or the next.
    DayOfMonth,
    /// The feast that the rule has read.
    Feast,
    /// A feast that the rule names itself.
    On(Feast),
    /// A part of a day that something else names.
    Part(Part),
    /// It is over.
    Past,
    /// A day that is over; an hour beside it is over too.
    PastDay,
    /// Nobody can tell, or it says no time at all.
    Vague,
}

impl Meaning {
    /// Whether it can only mean what is to come.
    pub(super) fn is_ahead(self) -> bool {
        match self {
            Self::In | Self::InAndHalf | Self::InMinutes(_) | Self::NextWeekday => true,
            Self::Day(days) | Self::DayPart(days, _) => days > 0,
            _ => false,
        }
    }
}

/// A part of the day; decides between the two halves of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// A day of the year that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feast {
    /// Always on this day: month, day.
    Fixed(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The so-many-th Sunday or Thursday of a month: month, which one, weekday from Monday as 1.
    Nth(i8, i8, i8),
}

/// A pattern, its meaning, and how certain it is from 0 to 1.
pub(super) type Rule = (&'static str, Meaning, f32);

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub numbers: &'static [(&'static str, f64)],
    pub units: &'static [(&'static str, Unit)],
    /// Whole and short names, Monday first; short ones stand in `short_weekdays`.
    pub weekdays: &'static [(&'static str, i8)],
    pub short_weekdays: &'static [(&'static str, i8)],
    pub months: &'static [(&'static str, i8)],
    pub feasts: &'static [(&'static str, Feast)],
    pub parts: &'static [(&'static str, Part)],
    /// What may stand between a day and its hour.
    pub joins: &'static [&'static str],
    /// What may follow a bare hour: "at 9 with", but not "at 9 stores".
    pub after_hour: &'static [&'static str],
    /// What before "in two hours" says that they have passed: "not in two hours", "the third time in two days".
    pub elapsed: &'static [&'static str],
    /// Whether `9:30` means the morning alone (a clock of 24 hours).
    pub has_24_hours: bool,
    pub rules: &'static [Rule],
}
