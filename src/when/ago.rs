//! Reads how long ago something was, as pages say it: "vor 3 Stunden", "yesterday at 2pm", "Montag um 10:20".

use super::date::moment;
use super::line::Line;
use super::words::{Unit, Words};
use super::{de, en, es, fr, it};
use jiff::civil::{DateTime, Time, Weekday};
use jiff::{SignedDuration, Span, ToSpan};

const LANGUAGES: [&Words; 5] = [&de::WORDS, &en::WORDS, &fr::WORDS, &es::WORDS, &it::WORDS];

/// More than this many units are no time.
const NUMBER_MOST: f64 = 5000.0;

/// "1 year, 2 months and 3 days".
const AMOUNTS_MOST: usize = 3;

/// Without an hour, "gestern" is a date only in a line of so few words.
const WORDS_BESIDE_DAY_MOST: usize = 4;

/// Stand before an amount that is over.
const BEFORE: &[&[&str]] = &[&["vor"], &["il", "y", "a"], &["hace"], &["há"]];

/// Stand behind one.
const AFTER: &[&str] = &["ago", "fa", "geleden", "atrás"];

/// Soften an amount.
const ABOUT: &[&str] = &[
    "etwa",
    "ca",
    "circa",
    "zirka",
    "ungefähr",
    "rund",
    "über",
    "mehr",
    "als",
    "knapp",
    "fast",
    "gut",
    "weniger",
    "bereits",
    "schon",
    "environ",
    "presque",
    "plus",
    "moins",
    "de",
    "d'",
    "casi",
    "más",
    "menos",
    "unas",
    "unos",
    "aproximadamente",
    "cerca",
    "alrededor",
];

/// Amounts that nobody counted, with the number that they are read as.
const FEW: &[(&[&str], f64)] = &[
    (&["ein", "paar"], 3.0),
    (&["a", "few"], 3.0),
    (&["a", "couple", "of"], 2.0),
    (&["a", "couple"], 2.0),
    (&["half", "an"], 0.5),
    (&["half", "a"], 0.5),
    (&["einer", "halben"], 0.5),
    (&["einem", "halben"], 0.5),
    (&["wenigen"], 3.0),
    (&["einigen"], 3.0),
    (&["mehreren"], 3.0),
    (&["several"], 3.0),
    (&["quelques"], 3.0),
    (&["algunos"], 3.0),
    (&["algunas"], 3.0),
    (&["pocos"], 3.0),
    (&["pochi"], 3.0),
    (&["poche"], 3.0),
    (&["alcuni"], 3.0),
    (&["alcune"], 3.0),
];

/// This very moment, wherever it stands in a line.
const NOW: &[&[&str]] = &[
    &["just", "now"],
    &["right", "now"],
    &["moments", "ago"],
    &["gerade", "eben"],
    &["vor", "kurzem"],
    &["à", "l'instant"],
    &["ahora", "mismo"],
    &["justo", "ahora"],
    &["proprio", "ora"],
    &["poco", "fa"],
];

/// This very moment where the line says nothing else.
const NOW_ALONE: &[&str] = &["now", "jetzt", "eben", "soeben", "gerade", "maintenant", "ahora", "adesso"];

/// Days by their names, with how long ago they were.
const DAYS: &[(&[&str], i64)] = &[
    (&["heute"], 0),
    (&["today"], 0),
    (&["aujourd'hui"], 0),
    (&["hoy"], 0),
    (&["oggi"], 0),
    (&["vorgestern"], 2),
    (&["avant", "hier"], 2),
    (&["anteayer"], 2),
    (&["l'altro", "ieri"], 2),
    (&["gestern"], 1),
    (&["yesterday"], 1),
    (&["hier"], 1),
    (&["ayer"], 1),
    (&["ieri"], 1),
];

/// How long ago on the clock that shows `now`; `None` where the line does not say.
pub(super) fn read(line: &Line<'_>, now: DateTime) -> Option<DateTime> {
    let each = || 0..line.len();
    let is_now = |at: usize| NOW.iter().any(|words| line.has(at, words));
    each()
        .find_map(|at| amount(line, at, now))
        .or_else(|| each().any(is_now).then_some(now))
        .or_else(|| (line.n_words() == 1 && each().any(|at| is_word(line, at, NOW_ALONE))).then_some(now))
        .or_else(|| each().find_map(|at| named_day(line, at, now)))
        .or_else(|| each().find_map(|at| weekday(line, at, now)))
        .and_then(|local| local.with().subsec_nanosecond(0).build().ok())
}

fn is_word(line: &Line<'_>, at: usize, words: &[&str]) -> bool {
    line.word(at).is_some_and(|word| words.contains(&word))
}

/// "vor etwa 2 Jahren", "a day ago", "il y a 3 heures" at `at`.
fn amount(line: &Line<'_>, at: usize, now: DateTime) -> Option<DateTime> {
    let before = BEFORE.iter().find(|words| line.has(at, words)).map(|words| words.len());
    let mut end = at + before.unwrap_or(0);
    while before.is_some() && (is_word(line, end, ABOUT) || line.mark(end) == Some('.')) {
        end += 1;
    }
    let mut ago = Ago::default();
    for index in 0..AMOUNTS_MOST {
        let start = if index > 0 && (line.mark(end) == Some(',') || is_word(line, end, &["und", "and", "et", "y", "e"]))
        {
            end + 1
        } else {
            end
        };
        let Some((number, unit, after)) = number_and_unit(line, start) else { break };
        ago.add(number, unit)?;
        end = after;
    }
    let is_over = before.is_some() || is_word(line, end, AFTER);
    if !ago.is_any || !is_over {
        return None;
    }
    ago.before(now)
}

/// What is subtracted.
#[derive(Debug, Default)]
struct Ago {
    seconds: i64,
    days: i64,
    months: i64,
    is_any: bool,
    /// It speaks of hours or less.
    is_fine: bool,
}

impl Ago {
    fn add(&mut self, number: f64, unit: Length) -> Option<()> {
        if !(0.0..=NUMBER_MOST).contains(&number) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 5000 years in days or hours in seconds")]
        let times = |length: f64| (number * length).round() as i64;
        match unit {
            Length::Seconds(seconds) => self.seconds += times(seconds),
            Length::Days(days) => self.days += times(days),
            Length::Months(months) => self.months += times(months),
        }
        self.is_fine |= matches!(unit, Length::Seconds(_));
        self.is_any = true;
        Some(())
    }

    /// Days and longer lead to the beginning of their day.
    fn before(&self, now: DateTime) -> Option<DateTime> {
        let span = Span::new().try_months(self.months).ok()?.try_days(self.days).ok()?;
        let local = now.checked_sub(span).ok()?;
        if self.is_fine {
            return local.checked_sub(SignedDuration::from_secs(self.seconds)).ok();
        }
        Some(local.date().to_datetime(Time::midnight()))
    }
}

/// A unit of time in the smallest one that it is a fixed number of.
#[derive(Debug, Clone, Copy)]
enum Length {
    Seconds(f64),
    Days(f64),
    Months(f64),
}

fn number_and_unit(line: &Line<'_>, at: usize) -> Option<(f64, Length, usize)> {
    if let Some((words, number)) = FEW.iter().find(|(words, _)| line.has(at, words)) {
        let end = at + words.len();
        return Some((*number, length_of(line.word(end)?)?, unit_end(line, end)));
    }
    // "un'ora fa": number and unit in one.
    if let Some(unit) = line.word(at).and_then(|word| word.strip_prefix("un'")) {
        return Some((1.0, length_of(unit)?, at + 1));
    }
    let number = match (line.number(at), line.word(at)) {
        (Some(digits), _) if digits.len() <= 4 => digits.parse().ok()?,
        (_, Some(word)) => number_of(word)?,
        _ => return None,
    };
    Some((number, length_of(line.word(at + 1)?)?, unit_end(line, at + 1)))
}

/// Behind the unit at `at`, with its dot: "Std."
fn unit_end(line: &Line<'_>, at: usize) -> usize {
    if line.mark(at + 1) == Some('.') { at + 2 } else { at + 1 }
}

fn number_of(word: &str) -> Option<f64> {
    let word = word.strip_prefix("d'").unwrap_or(word);
    LANGUAGES.iter().flat_map(|words| words.numbers).find(|(name, _)| *name == word).map(|(_, number)| *number)
}

fn length_of(word: &str) -> Option<Length> {
    let own = match word {
        "sekunde" | "sekunden" | "sek" | "second" | "seconds" | "sec" | "secs" | "s" | "seconde" | "secondes"
        | "segundo" | "segundos" | "secondo" | "secondi" => Length::Seconds(1.0),
        "moment" | "momenten" | "moments" | "augenblick" | "augenblicken" | "instant" | "instants" | "momento"
        | "momentos" | "momenti" => Length::Seconds(10.0),
        "m" => Length::Seconds(60.0),
        "d" => Length::Days(1.0),
        "w" | "wk" => Length::Days(7.0),
        "jahr" | "jahre" | "jahren" | "year" | "years" | "yr" | "yrs" | "y" | "an" | "ans" | "année" | "années"
        | "año" | "años" | "anno" | "anni" | "jaar" => Length::Months(12.0),
        _ => {
            let (_, unit) = LANGUAGES.iter().flat_map(|words| words.units).find(|(name, _)| *name == word)?;
            return Some(match unit {
                Unit::Minute => Length::Seconds(60.0),
                Unit::Hour => Length::Seconds(3600.0),
                Unit::Day => Length::Days(1.0),
                Unit::Week => Length::Days(7.0),
                Unit::Month => Length::Months(1.0),
            });
        }
    };
    Some(own)
}

/// "gestern, 14:02", "Today, 10:11 AM" at `at`.
fn named_day(line: &Line<'_>, at: usize, now: DateTime) -> Option<DateTime> {
    let (words, days) = DAYS.iter().find(|(words, _)| has_hyphened(line, at, words))?;
    let date = now.date().checked_sub(days.days()).ok()?;
    let end = at + words.len() + usize::from(words.len() > 1 && line.mark(at + 1).is_some());
    if let Some((clock, _)) = line.clock_after(end) {
        let (date, time) = moment(date, clock)?;
        return Some(date.to_datetime(time));
    }
    // To Germans "hier" is a place.
    let is_sure = *words != ["hier"] && line.n_words() <= WORDS_BESIDE_DAY_MOST;
    is_sure.then(|| date.to_datetime(Time::midnight()))
}

/// "avant-hier" is two words with a mark between them.
fn has_hyphened(line: &Line<'_>, at: usize, words: &[&str]) -> bool {
    let [first, second] = words else { return line.has(at, words) };
    line.has(at, words) || (line.has(at, &[first]) && line.mark(at + 1) == Some('-') && line.has(at + 2, &[second]))
}

/// "Montag um 10:20" at `at`: the last one that is over. Opening hours, "Montag 8:00 - 18:00", are none.
fn weekday(line: &Line<'_>, at: usize, now: DateTime) -> Option<DateTime> {
    let word = line.word(at)?;
    let names = || LANGUAGES.iter().flat_map(|words| words.weekdays.iter().chain(words.short_weekdays));
    let (_, number) = names().find(|(name, _)| *name == word)?;
    let (clock, end) = line.clock_after(at + 1)?;
    let leads_on =
        matches!(line.mark(end), Some('-' | '\u{2013}' | '\u{2014}')) || is_word(line, end, &["bis", "to", "till"]);
    if leads_on && (line.number(end + 1).is_some()) {
        return None;
    }
    let weekday = Weekday::from_monday_one_offset(*number).ok()?;
    let back = i64::from(now.weekday().since(weekday));
    [back, back + 7].into_iter().find_map(|days| {
        let (date, time) = moment(now.date().checked_sub(days.days()).ok()?, clock)?;
        Some(date.to_datetime(time)).filter(|local| *local <= now)
    })
}
