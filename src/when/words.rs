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
//! | `HHMM` | four digits of a clock that cannot be a year: `0715` |
//! | `BAREDAY` | a day of the month without a mark, where it cannot count what follows |

/// How a rule turns into time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// So many units after the post.
    In,
    /// So many units and a half after the post.
    InAndHalf,
    /// So many units and so many smaller ones after the post ("1 hour 20 minutes").
    InBoth,
    /// So many minutes after the post.
    InMinutes(i64),
    /// A clock time, moved by so many minutes ("quarter to": -15).
    Clock(i64),
    /// A clock time that names its hour and its minutes as numbers ("9 Uhr 30").
    ClockAndMinutes,
    /// A clock time and the minutes that it still lacks ("las ocho menos diez").
    ClockLessMinutes,
    /// A fixed hour and minute of the clock.
    At(i8, i8),
    /// An hour of either half of the day.
    AtEither(i8),
    /// So many days after the day of the post.
    Day(i64),
    /// The same, and a part of that day.
    DayPart(i64, Part),
    /// The next day of that name.
    Weekday,
    /// The day of that name, but not the day of the post.
    NextWeekday,
    /// A weekday and the day of a month; where they do not agree, the weekday.
    WeekdayAndDay,
    /// From a day to another one: the second.
    WeekdayRange,
    /// So many days after the next day of that name ("Sunday week").
    WeekdayAfter(i64),
    /// The Sunday that ends this week.
    Weekend,
    /// A day of a month, or a date in numbers.
    Date,
    /// A day of this month or the next.
    DayOfMonth,
    /// The last day of the month that is named, or of this one.
    MonthEnd,
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
    /// The morning of the day of the post: over, unless an hour beside it is still to come.
    ThisMorning,
    /// Again and again; an hour beside it too.
    Habit,
    /// Nobody can tell, or it says no time at all.
    Vague,
}

impl Meaning {
    /// Whether it can only mean what is to come.
    pub(super) fn is_ahead(self) -> bool {
        match self {
            Self::In | Self::InAndHalf | Self::InBoth | Self::InMinutes(_) => true,
            Self::NextWeekday | Self::WeekdayAfter(_) => true,
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
    /// The so-many-th weekday of a month: month, which one (-1 is the last), weekday from Monday as 1.
    Nth(i8, i8, i8),
    /// The so-many-th Sunday of Advent.
    Advent(i64),
    /// The French mothers' day: the last Sunday of May, or a week later where that is Whitsun.
    FrenchMothers,
    /// Differs by country: hours from UTC, first and last, and the day there; the first that fits.
    ByOffset(&'static [(i32, i32, Feast)]),
}

/// A pattern, its meaning, and how certain it is from 0 to 1.
pub(super) type Rule = (&'static str, Meaning, f32);

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    pub numbers: &'static [(&'static str, f64)],
    /// Days of a month in words ("third").
    pub ordinals: &'static [(&'static str, i8)],
    pub units: &'static [(&'static str, Unit)],
    /// Whole and short names, Monday first; short ones stand in `short_weekdays`.
    pub weekdays: &'static [(&'static str, i8)],
    pub short_weekdays: &'static [(&'static str, i8)],
    pub months: &'static [(&'static str, i8)],
    pub feasts: &'static [(&'static str, Feast)],
    pub parts: &'static [(&'static str, Part)],
    /// What may stand between a day and its hour.
    pub joins: &'static [&'static str],
    /// Whether a word behind a bare hour is one that the hour would count: "um neun Euro", "a las 9 personas".
    pub is_counted: fn(word: &str, is_capitalized: bool) -> bool,
    /// What may follow a bare hour all the same: "at 9 with", but not "at 9 stores".
    pub after_hour: &'static [&'static str],
    /// What before "in two hours" says that they have passed: "not in two hours", "the third time in two days".
    pub elapsed: &'static [&'static str],
    /// Whether `9:30` means the morning alone (a clock of 24 hours).
    pub has_24_hours: bool,
    pub rules: &'static [Rule],
}
