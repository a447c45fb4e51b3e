//! Reads the values that rules have places for: numbers, units, clock times, days.

use super::pattern::Slot;
use super::words::{Feast, Part, Unit, Words};
use super::zone;
use crate::text::{TokenKind, Tokens};

/// What a rule has read so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Captures {
    pub number: Option<f64>,
    pub unit: Option<Unit>,
    /// What was counted before the number and the unit.
    pub larger: Option<(f64, Unit)>,
    pub clock: Option<Clock>,
    /// From Monday as 1.
    pub weekday: Option<i8>,
    /// The weekday that was named before it.
    pub first_weekday: Option<i8>,
    pub month: Option<i8>,
    pub day: Option<i8>,
    pub year: Option<i16>,
    /// Two numbers parted by a slash, in the order of the text: which is the month depends on the country.
    pub slashed: Option<(i8, i8)>,
    pub feast: Option<Feast>,
    pub part: Option<Part>,
    /// A bare hour was read last: what follows must not make it the number of something.
    pub ends_in_hour: bool,
}

/// A time as the clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub hour: i8,
    pub minute: i8,
    /// It cannot be of the other half of the day.
    pub is_exact: bool,
}

/// Reads `slot` at the token `at`; gives the token behind it.
pub(super) fn read(
    slot: Slot,
    words: &Words,
    tokens: &Tokens<'_>,
    at: usize,
    captures: &Captures,
) -> Option<(usize, Captures)> {
    let word = tokens.folded(at);
    let mut found = Captures { ends_in_hour: false, ..captures.clone() };
    let next = match slot {
        Slot::Number => number(words, tokens, at, &mut found)?,
        Slot::Unit if found.unit.is_some() => at,
        Slot::Unit => keep(&mut found.unit, look_up(words.units, word)).map(|()| at + 1)?,
        Slot::Clock => clock(words, tokens, at, &mut found)?,
        Slot::Time => clock(words, tokens, at, &mut found).filter(|_| !found.ends_in_hour && is_clear_time(word))?,
        Slot::FourDigits => {
            keep(&mut found.clock, four_digits(word))?;
            at + 1
        }
        Slot::Weekday => {
            found.first_weekday = found.weekday;
            keep(&mut found.weekday, look_up(words.weekdays, word))?;
            found.part = part_within(words, word);
            at + 1
        }
        Slot::AnyWeekday => {
            let is_capitalized = tokens.get(at).is_some_and(|token| token.is_capitalized);
            let short = look_up(words.short_weekdays, word).filter(|_| is_capitalized);
            let name = look_up(words.weekdays, word).or(short);
            found.first_weekday = found.weekday;
            keep(&mut found.weekday, name)?;
            found.part = part_within(words, word);
            after_dot(tokens, at + 1, word.len() <= 3)
        }
        Slot::Month => {
            // "may" and "march" are verbs as well.
            if matches!(word, "may" | "march" | "mar") && !tokens.get(at).is_some_and(|token| token.is_capitalized) {
                return None;
            }
            keep(&mut found.month, look_up(words.months, word))?;
            after_dot(tokens, at + 1, word.len() <= 4)
        }
        Slot::Day => match look_up(words.ordinals, word) {
            Some(day) => keep(&mut found.day, Some(day)).map(|()| at + 1)?,
            None => day(tokens, at, &mut found, false)?,
        },
        Slot::BareDay => {
            found.ends_in_hour = true;
            day(tokens, at, &mut found, false)?
        }
        Slot::Ordinal => day(tokens, at, &mut found, true)?,
        Slot::Date => date(tokens, at, &mut found)?,
        Slot::Year => {
            keep(&mut found.year, word.parse().ok().filter(|year| (1900..2100).contains(year)))?;
            at + 1
        }
        Slot::Feast => keep(&mut found.feast, look_up(words.feasts, word)).map(|()| at + 1)?,
        Slot::Part => keep(&mut found.part, look_up(words.parts, word)).map(|()| at + 1)?,
    };
    Some((next, found))
}

/// Whether a rule may end before the token `at`: a bare hour must not turn out to count something.
pub(super) fn may_end(captures: &Captures, words: &Words, tokens: &Tokens<'_>, at: usize) -> bool {
    if !captures.ends_in_hour {
        return true;
    }
    match tokens.kind(at) {
        None | Some(TokenKind::Break | TokenKind::Emoji | TokenKind::Emoticon) => true,
        Some(TokenKind::Hashtag | TokenKind::Handle | TokenKind::Link) => true,
        Some(TokenKind::Punctuation) => {
            !tokens.folded(at).starts_with(['%', '€', '$', '£', '/', '-', '–', '+', '°', '*'])
        }
        Some(TokenKind::Number) => false,
        Some(TokenKind::Word) => {
            let word = tokens.folded(at);
            words.after_hour.contains(&word)
                || words.joins.contains(&word)
                || look_up(words.weekdays, word).is_some()
                || look_up(words.parts, word).is_some()
                || zone::is_short_name(tokens, at)
                || !(words.is_counted)(word, tokens.get(at).is_some_and(|token| token.is_capitalized))
        }
    }
}

/// The value of `word` in a list of words.
pub(super) fn look_up<T: Copy>(list: &[(&str, T)], word: &str) -> Option<T> {
    list.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// The part of the day that a compound ends in: "freitagabend".
fn part_within(words: &Words, word: &str) -> Option<Part> {
    let inner = |name: &str| word.len() > name.len() && word.ends_with(name);
    words.parts.iter().find(|(name, _)| inner(name)).map(|(_, part)| *part)
}

fn keep<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    *place = Some(value?);
    Some(())
}

/// The token behind the dot of an abbreviation, where there is one.
fn after_dot(tokens: &Tokens<'_>, at: usize, is_short: bool) -> usize {
    at + usize::from(is_short && tokens.folded(at) == ".")
}

/// Digits at the beginning of `word` and the letters behind them.
fn digits_and_letters(word: &str) -> Option<(&str, &str)> {
    let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ':'))).unwrap_or(word.len());
    (end > 0).then(|| word.split_at(end))
}

/// The largest number of units that still means a time somebody waits for.
const LARGEST_NUMBER: f64 = 1000.0;

/// `2`, `two`, `twenty-five`, `fünfundzwanzig`, `2h`, `1h30`; gives the token behind it.
fn number(words: &Words, tokens: &Tokens<'_>, at: usize, found: &mut Captures) -> Option<usize> {
    if let (Some(number), Some(unit)) = (found.number, found.unit.take()) {
        found.larger = Some((number, unit));
    }
    let word = tokens.folded(at);
    if let Some((number, next)) = named_number(words, tokens, at) {
        found.number = Some(number);
        return Some(next);
    }
    let (digits, letters) = digits_and_letters(word)?;
    let number: f64 = digits.replace(',', ".").parse().ok()?;
    found.number = Some(number).filter(|number| (0.0..LARGEST_NUMBER).contains(number));
    if !letters.is_empty() {
        let minutes: Option<f64> = letters.strip_prefix('h').and_then(|minutes| minutes.parse().ok());
        found.unit = match minutes.filter(|minutes| (0.0..60.0).contains(minutes)) {
            Some(minutes) => {
                found.number = found.number.map(|hours| hours + minutes / 60.0);
                Some(Unit::Hour)
            }
            // "20m" alone is a way, behind hours it is time.
            None if letters == "m" && found.larger.is_some() => Some(Unit::Minute),
            None => Some(look_up(words.units, letters)?),
        };
    }
    found.number.map(|_| at + 1)
}

fn named_number(words: &Words, tokens: &Tokens<'_>, at: usize) -> Option<(f64, usize)> {
    let word = tokens.folded(at);
    let small = |word: &str| look_up(words.numbers, word).filter(|number| (1.0..10.0).contains(number));
    let tens = |word: &str| look_up(words.numbers, word).filter(|number| *number >= 20.0);
    if let Some((ones, of_ten)) = word.split_once("und")
        && let Some(number) = small(ones).zip(tens(of_ten))
    {
        return Some((number.0 + number.1, at + 1));
    }
    let number = look_up(words.numbers, word)?;
    if number >= 20.0
        && tokens.folded(at + 1) == "-"
        && let Some(ones) = small(tokens.folded(at + 2))
    {
        return Some((number + ones, at + 3));
    }
    Some((number, at + 1))
}

/// `0715`, `1805`; not `1999` or `2026`, which may be years.
fn four_digits(word: &str) -> Option<Clock> {
    let number: u16 = word.parse().ok().filter(|_| word.len() == 4)?;
    let (hour, minute) = (i8::try_from(number / 100).ok()?, i8::try_from(number % 100).ok()?);
    let is_year = (1900..2060).contains(&number);
    (hour < 24 && minute < 60 && !is_year).then_some(Clock { hour, minute, is_exact: true })
}

/// Whether a time stands for itself: `9.50` may be a price.
fn is_clear_time(word: &str) -> bool {
    !word.contains('.') || word.contains(|c: char| c.is_alphabetic())
}

/// `9`, `nine`, `9:30`, `18.30`, `9pm`, `9 p.m.`, `18h30`, `18h`.
fn clock(words: &Words, tokens: &Tokens<'_>, at: usize, found: &mut Captures) -> Option<usize> {
    let word = tokens.folded(at);
    let is_article = |hour: f64| hour == 1.0 && !matches!(word, "one" | "eins" | "una" | "une");
    let named = look_up(words.numbers, word)
        .filter(|hour| hour.fract() == 0.0 && *hour > 0.0 && *hour <= 24.0 && !is_article(*hour));
    let (hour, minute, letters) = match named {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number from 1 to 24")]
        Some(hour) => (hour as i8, None, ""),
        None => {
            let (digits, letters) = digits_and_letters(word)?;
            hour_and_minute(digits)?.with_letters(letters)?
        }
    };
    let (half, next) = half_of_day(words, letters, tokens, at + 1)?;
    let has_minutes = minute.is_some() || letters.starts_with('h');
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    let looks_whole = hour > 12
        || (words.has_24_hours && hour == 12)
        || hour == 0
        || word.starts_with('0')
        || (words.has_24_hours && has_minutes);
    found.clock = Some(Clock { hour: hour % 24, minute: minute.unwrap_or(0), is_exact: half.is_some() || looks_whole });
    found.ends_in_hour = half.is_none() && !has_minutes && letters != "ish";
    ((0..=24).contains(&hour) && (0..60).contains(&minute.unwrap_or(0))).then_some(next)
}

struct HourAndMinute(i8, Option<i8>);

impl HourAndMinute {
    /// Adds what letters say: `h30`.
    fn with_letters(self, letters: &str) -> Option<(i8, Option<i8>, &str)> {
        let Self(hour, minute) = self;
        match letters.strip_prefix('h') {
            Some("") => Some((hour, minute, "h")),
            Some(minutes) => Some((hour, Some(minutes.parse().ok()?), "h")),
            None => Some((hour, minute, letters)),
        }
    }
}

fn hour_and_minute(digits: &str) -> Option<HourAndMinute> {
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, Some(minute.parse().ok()?)),
        Some(_) => return None,
        None => (digits, None),
    };
    let hour: i8 = hour.parse().ok().filter(|_| hour.len() <= 2)?;
    (0..=24).contains(&hour).then_some(HourAndMinute(hour, minute))
}

/// Whether it is the second half of the day, from letters on the number or from the tokens behind it.
fn half_of_day(words: &Words, letters: &str, tokens: &Tokens<'_>, at: usize) -> Option<(Option<bool>, usize)> {
    match letters {
        "am" => return Some((Some(false), at)),
        "pm" => return Some((Some(true), at)),
        "" => {}
        "h" | "ish" => return Some((None, at)),
        _ => return None,
    }
    let is_dotted = tokens.folded(at + 1) == "." && tokens.folded(at + 2) == "m";
    let end = if is_dotted { at + 3 + usize::from(tokens.folded(at + 3) == ".") } else { at + 1 };
    Some(match tokens.folded(at) {
        // In "um 9 am Bahnhof" it is a preposition.
        "am" if !words.has_24_hours => (Some(false), at + 1),
        "pm" => (Some(true), at + 1),
        "a" if is_dotted => (Some(false), end),
        "p" if is_dotted => (Some(true), end),
        _ => (None, at),
    })
}

/// `24`, `24th`, `24.`; with `needs_mark` not a bare `24`.
fn day(tokens: &Tokens<'_>, at: usize, found: &mut Captures, needs_mark: bool) -> Option<usize> {
    let (digits, letters) = digits_and_letters(tokens.folded(at))?;
    let is_marked = matches!(letters, "st" | "nd" | "rd" | "th" | "er");
    if !(letters.is_empty() || is_marked) || digits.len() > 2 {
        return None;
    }
    let day: i8 = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    let has_dot = letters.is_empty() && tokens.folded(at + 1) == ".";
    if needs_mark && !is_marked && !has_dot {
        return None;
    }
    found.day = Some(day);
    Some(at + 1 + usize::from(has_dot))
}

/// `24.12.`, `24.12.2026`, `12/24`, `12/24/2026`, `2026-12-24`.
fn date(tokens: &Tokens<'_>, at: usize, found: &mut Captures) -> Option<usize> {
    let number = |index: usize| {
        tokens.folded(index).parse::<i16>().ok().filter(|_| tokens.kind(index) == Some(TokenKind::Number))
    };
    let mark = tokens.folded(at + 1);
    if tokens.folded(at).contains('.') {
        return dotted_date(tokens, at, found);
    }
    let (first, second) = (number(at)?, number(at + 2)?);
    let third = number(at + 4).filter(|_| tokens.folded(at + 3) == mark);
    let small = |number: i16| i8::try_from(number).ok().filter(|number| (1..=31).contains(number));
    match (mark, third) {
        ("-", Some(day)) if first >= 1900 => {
            (found.year, found.month, found.day) = (Some(first), small(second), small(day));
            found.month.zip(found.day).map(|_| at + 5)
        }
        ("/", year) => {
            found.slashed = small(first).zip(small(second));
            found.year = year.map(|year| if year < 100 { 2000 + year } else { year });
            found.slashed.map(|_| at + if year.is_some() { 5 } else { 3 })
        }
        _ => None,
    }
}

fn dotted_date(tokens: &Tokens<'_>, at: usize, found: &mut Captures) -> Option<usize> {
    let mut numbers = tokens.folded(at).split('.');
    let (day, month, year) = (numbers.next()?, numbers.next()?, numbers.next());
    let has_dot = tokens.folded(at + 1) == ".";
    // "24.12" alone could be a price; a date ends in a dot or names its year.
    if numbers.next().is_some() || (year.is_none() && !has_dot) {
        return None;
    }
    found.day = day.parse().ok().filter(|day| (1..=31).contains(day));
    found.month = month.parse().ok().filter(|month| (1..=12).contains(month));
    found.year = match year {
        Some(year) => Some(year.parse::<i16>().ok().map(|n| if n < 100 { 2000 + n } else { n })?),
        None => None,
    };
    found.day.zip(found.month)?;
    Some(at + 1 + usize::from(has_dot && year.is_none()))
}
