//! Finds what a text says about time, and turns it into instants.
//!
//! Each language has one file of words and rules; this engine finds the longest rule at each token, joins what
//! belongs together ("tomorrow" and "at nine"), and reads it by the author's own clock.

use super::calendar::{self, Now};
use super::pattern::{Grammar, Match};
use super::slot::{Captures, Clock};
use super::words::{Meaning, Part, Unit};
use super::{de, en, es, fr, it, zone};
use crate::model::PostedAt;
use crate::text::{TokenKind, Tokens};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::ops::Range;
use std::sync::LazyLock;

/// What a text says about time.
#[derive(Debug, Clone, PartialEq)]
pub struct TimePhrase {
    /// The tokens that say it.
    pub tokens: Range<usize>,
    /// The instant after which it is too late; 23:59 of a day whose hour is not named.
    pub until: PostedAt,
    /// How certain the reading is, from 0 to 1.
    pub certainty: f32,
    /// The rule that read it, as its language's file writes it.
    pub rule: &'static str,
    /// It is over, and `until` is no deadline.
    pub is_past: bool,
    /// It names a clock time or a number of minutes or hours, not only a day.
    pub is_to_the_minute: bool,
    /// Its words can only mean what is to come ("in two hours", "tomorrow"); "Friday" may be the last one.
    pub is_ahead: bool,
}

static EN: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&en::WORDS));
static DE: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&de::WORDS));
static FR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&fr::WORDS));
static ES: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&es::WORDS));
static IT: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&it::WORDS));

/// What `tokens` say about time, in text order, read by the clock of the post.
///
/// `lang` is a language code (`de`, also `de-CH`); where it is unknown, the language that finds most is believed.
/// What is vague ("soon", "next month") is left out; what is over is marked. Linear in the text length.
#[must_use]
pub fn phrases(tokens: &Tokens<'_>, lang: Option<&str>, posted: PostedAt) -> Vec<TimePhrase> {
    phrases_in_zone(tokens, lang, posted.at, &TimeZone::fixed(posted.offset))
}

/// What `tokens` say about time, as [`phrases`], by the clock of a zone: it knows when clocks change.
#[must_use]
pub fn phrases_in_zone(tokens: &Tokens<'_>, lang: Option<&str>, at: Timestamp, zone: &TimeZone) -> Vec<TimePhrase> {
    let now = Now::new(at, zone);
    match lang.and_then(|lang| lang.get(..2)).and_then(grammar_of) {
        Some(grammar) => phrases_in(grammar, tokens, now),
        None => ["en", "de", "fr", "es", "it"]
            .into_iter()
            .filter_map(grammar_of)
            .map(|grammar| phrases_in(grammar, tokens, now))
            .reduce(|best, next| if weight(&next) > weight(&best) { next } else { best })
            .unwrap_or_default(),
    }
}

fn grammar_of(lang: &str) -> Option<&'static Grammar> {
    Some(match lang {
        "en" => &EN,
        "de" => &DE,
        "fr" => &FR,
        "es" => &ES,
        "it" => &IT,
        _ => return None,
    })
}

fn weight(phrases: &[TimePhrase]) -> f32 {
    phrases.iter().map(|phrase| phrase.certainty * phrase.tokens.len() as f32).sum()
}

fn phrases_in(grammar: &Grammar, tokens: &Tokens<'_>, now: Now<'_>) -> Vec<TimePhrase> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(found) = grammar.longest_match(tokens, at) else {
            at += 1;
            continue;
        };
        let mut end = found.end;
        if let Some(atom) = atom_of(grammar, tokens, at, &found, now) {
            let mut next = Group::of(atom, at..end, &found);
            if next.clock.is_some()
                && let Some((behind, said)) = zone::read(tokens, end)
            {
                next.read_zone(behind, said);
                end = behind;
            }
            let joined = groups.last_mut().is_some_and(|last| last.join(&next, grammar, tokens));
            if !joined {
                groups.push(next);
            }
        }
        at = end;
    }
    lend_days(&mut groups, tokens);
    groups.into_iter().filter_map(|group| group.resolve(now)).collect()
}

/// How many tokens may stand between a day and an hour that belongs to it.
const LEND_TOKENS: usize = 14;

/// Gives hours that stand alone the day that is named near them: "Saturday we are eleven at your place, at seven".
///
/// The day before them comes first, also that of the sentence before; else the one that follows in their sentence.
fn lend_days(groups: &mut [Group], tokens: &Tokens<'_>) {
    let lenders: Vec<Option<Lender>> = groups.iter().map(Group::lender).collect();
    for (at, group) in groups.iter_mut().enumerate().filter(|(_, group)| group.is_hour_alone()) {
        let before = at.checked_sub(1).and_then(|at| lenders.get(at)?.clone());
        let behind = lenders.get(at + 1).cloned().flatten();
        let n_ends = |gap: Range<usize>| gap.filter(|index| tokens.ends_sentence(*index)).count();
        let is_before = |day: &Lender| {
            let gap = day.tokens.end..group.tokens.start;
            gap.len() <= LEND_TOKENS && n_ends(gap) <= usize::from(!day.is_over)
        };
        let is_behind = |day: &Lender| {
            let gap = group.tokens.end..day.tokens.start;
            gap.len() <= LEND_TOKENS && n_ends(gap) == 0
        };
        if let Some(day) = before.filter(is_before).or_else(|| behind.filter(is_behind)) {
            group.borrow(&day);
        }
    }
}

/// A day that hours near it may belong to.
#[derive(Debug, Clone)]
struct Lender {
    tokens: Range<usize>,
    day: Option<Date>,
    part: Option<Part>,
    is_over: bool,
    is_ahead: bool,
}

/// What one rule has said.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Atom {
    /// An instant that needs nothing more.
    Until(Timestamp, bool),
    Day(Date, Option<Part>),
    Clock(Clock),
    Part(Part),
    Past,
    PastDay,
    ThisMorning(Date),
    Habit,
}

/// Atoms that speak of one time.
#[derive(Debug, Clone)]
struct Group {
    tokens: Range<usize>,
    alone: Option<Atom>,
    day: Option<Date>,
    /// The day was named by its weekday alone; a date beside it says more.
    is_weekday: bool,
    clock: Option<Clock>,
    part: Option<Part>,
    /// The zone that the text names.
    zone: Option<TimeZone>,
    /// Without an hour it is over: a morning of which somebody tells.
    needs_hour: bool,
    certainty: f32,
    rule: &'static str,
    is_ahead: bool,
}

/// How many tokens may stand between a day and its hour.
const JOIN_TOKENS: usize = 2;

/// How much of its certainty an hour keeps whose zone nobody knows.
const UNKNOWN_ZONE: f32 = 0.5;

impl Group {
    fn of(atom: Atom, tokens: Range<usize>, found: &Match<'_>) -> Self {
        let mut group = Self {
            tokens,
            alone: None,
            day: None,
            is_weekday: found.captures.weekday.is_some(),
            clock: None,
            part: None,
            zone: None,
            needs_hour: false,
            certainty: found.rule.certainty,
            rule: found.rule.name,
            is_ahead: found.rule.meaning.is_ahead(),
        };
        match atom {
            Atom::Day(date, part) => (group.day, group.part) = (Some(date), part),
            Atom::Clock(clock) => group.clock = Some(clock),
            Atom::Part(part) => group.part = Some(part),
            Atom::ThisMorning(date) => {
                (group.day, group.part, group.needs_hour) = (Some(date), Some(Part::Morning), true);
            }
            Atom::Until(..) | Atom::Past | Atom::PastDay | Atom::Habit => group.alone = Some(atom),
        }
        group
    }

    fn read_zone(&mut self, behind: usize, said: zone::Said) {
        self.tokens.end = behind;
        match said {
            zone::Said::Known(zone) => self.zone = Some(zone),
            zone::Said::Unknown => self.certainty *= UNKNOWN_ZONE,
        }
    }

    /// Takes `next` in where both speak of one time: a day, its part and its hour, in any order.
    fn join(&mut self, next: &Self, grammar: &Grammar, tokens: &Tokens<'_>) -> bool {
        if !is_near(self.tokens.end..next.tokens.start, grammar, tokens) {
            return false;
        }
        if let Some(whole) = self.swallowed(next) {
            self.alone = Some(whole);
            self.tokens.end = next.tokens.end;
            return true;
        }
        let is_full = self.alone.is_some()
            || next.alone.is_some()
            || (self.day.is_some() && next.day.is_some() && (next.is_weekday || !self.is_weekday))
            || (self.clock.is_some() && next.clock.is_some());
        if is_full {
            return false;
        }
        if next.clock.is_some() || (self.clock.is_none() && next.day.is_some()) {
            self.rule = next.rule;
        }
        self.day = next.day.or(self.day);
        self.is_weekday = self.is_weekday && next.day.is_none();
        self.clock = self.clock.or(next.clock);
        self.part = self.part.or(next.part);
        self.zone = self.zone.take().or_else(|| next.zone.clone());
        self.needs_hour |= next.needs_hour;
        self.certainty = self.certainty.max(next.certainty);
        self.is_ahead |= next.is_ahead;
        self.tokens.end = next.tokens.end;
        true
    }

    /// An hour without a day, on the author's clock.
    fn is_hour_alone(&self) -> bool {
        self.clock.is_some() && self.day.is_none() && self.alone.is_none() && self.zone.is_none()
    }

    fn lender(&self) -> Option<Lender> {
        let is_over = self.needs_hour || self.alone == Some(Atom::PastDay);
        let is_day = self.alone.is_none() && self.day.is_some() && self.clock.is_none();
        let Self { tokens, day, part, is_ahead, .. } = self;
        (is_day || is_over).then(|| Lender {
            tokens: tokens.clone(),
            day: *day,
            part: *part,
            is_over,
            is_ahead: *is_ahead,
        })
    }

    fn borrow(&mut self, lender: &Lender) {
        match lender.day {
            Some(day) => (self.day, self.is_ahead) = (Some(day), self.is_ahead || lender.is_ahead),
            None => self.alone = Some(Atom::PastDay),
        }
        self.part = self.part.or(lender.part);
    }

    /// The past day or the habit to which an hour beside it belongs.
    fn swallowed(&self, next: &Self) -> Option<Atom> {
        let swallows = |group: &Self| group.alone.filter(|atom| matches!(atom, Atom::PastDay | Atom::Habit));
        let is_hour = |group: &Self| group.alone.is_none() && group.day.is_none();
        match (swallows(self), swallows(next)) {
            (Some(atom), None) if is_hour(next) => Some(atom),
            (None, Some(atom)) if is_hour(self) => Some(atom),
            _ => None,
        }
    }

    fn resolve(self, now: Now<'_>) -> Option<TimePhrase> {
        let clock_of = self.zone.as_ref().map_or(now, |zone| Now::new(now.at, zone));
        let (until, is_to_the_minute) = match (self.alone, self.day, self.clock) {
            (Some(Atom::Habit), ..) => return None,
            (Some(Atom::Until(until, to_the_minute)), ..) => (until, to_the_minute),
            (Some(_), ..) => (now.at, false),
            (None, Some(_), None) if self.needs_hour => (now.at, false),
            (None, day, Some(clock)) => {
                (clock_of.instant(calendar::next_clock(clock_of.local, day, clock, self.part)?)?, true)
            }
            (None, Some(day), None) => (now.instant(calendar::end_of(day))?, false),
            (None, None, None) => return None,
        };
        let is_past = matches!(self.alone, Some(Atom::Past | Atom::PastDay)) || until <= now.at;
        let until = PostedAt { at: until, offset: now.zone.to_offset(until) };
        let Self { tokens, certainty, rule, is_ahead, .. } = self;
        Some(TimePhrase { tokens, until, certainty, rule, is_past, is_to_the_minute, is_ahead })
    }
}

/// Whether nothing but a mark or a small word stands in the gap between two atoms.
fn is_near(mut gap: Range<usize>, grammar: &Grammar, tokens: &Tokens<'_>) -> bool {
    gap.len() <= JOIN_TOKENS
        && gap.all(|index| match tokens.kind(index) {
            Some(TokenKind::Punctuation) => tokens.folded(index).starts_with([',', '-', '–', '@', '(', '/']),
            Some(TokenKind::Word) => grammar.words.joins.contains(&tokens.folded(index)),
            _ => false,
        })
}

fn atom_of(grammar: &Grammar, tokens: &Tokens<'_>, start: usize, found: &Match<'_>, now: Now<'_>) -> Option<Atom> {
    let captures = &found.captures;
    let meaning = found.rule.meaning;
    let is_duration = matches!(meaning, Meaning::In | Meaning::InMinutes(_) | Meaning::InBoth);
    if is_duration && has_elapsed(grammar, tokens, start) {
        return Some(Atom::Past);
    }
    match meaning {
        Meaning::In => duration(captures, 0.0, now),
        Meaning::InAndHalf => duration(captures, 0.5, now),
        Meaning::InBoth => {
            let (larger, smaller) = (captures.larger?, captures.unit.zip(captures.number)?);
            let minutes = larger.0 * minutes_of(larger.1)? + smaller.1 * minutes_of(smaller.0)?;
            Some(Atom::Until(now.after(minutes, Unit::Minute)?, true))
        }
        Meaning::InMinutes(minutes) => Some(Atom::Until(now.after(minutes as f64, Unit::Minute)?, true)),
        Meaning::Clock(_) | Meaning::ClockAndMinutes | Meaning::ClockLessMinutes => clock(meaning, captures),
        Meaning::At(hour, minute) => Some(Atom::Clock(Clock { hour, minute, is_exact: true })),
        Meaning::AtEither(hour) => Some(Atom::Clock(Clock { hour, minute: 0, is_exact: false })),
        Meaning::Part(part) => Some(Atom::Part(part)),
        Meaning::Past => Some(Atom::Past),
        Meaning::PastDay => Some(Atom::PastDay),
        Meaning::ThisMorning => Some(Atom::ThisMorning(now.local.date())),
        Meaning::Habit => Some(Atom::Habit),
        Meaning::Vague => None,
        Meaning::Date => {
            // Only the United States write the month first; their clocks run behind UTC.
            let is_english = grammar.words.months.iter().any(|(name, _)| *name == "january");
            match calendar::named_date(now.local, captures, is_english && now.hours_from_utc() < 0)? {
                Ok(date) => Some(Atom::Day(date, None)),
                Err(_) => Some(Atom::Past),
            }
        }
        Meaning::DayPart(days, part) => Some(Atom::Day(calendar::days_after(now.local, days)?, Some(part))),
        _ => Some(Atom::Day(day(meaning, captures, now)?, captures.part)),
    }
}

/// The day that a rule names.
fn day(meaning: Meaning, captures: &Captures, now: Now<'_>) -> Option<Date> {
    let local = now.local;
    match meaning {
        Meaning::Day(days) => calendar::days_after(local, days),
        Meaning::Weekday => calendar::next_weekday(local, captures.weekday?, false),
        Meaning::NextWeekday => calendar::next_weekday(local, captures.weekday?, true),
        Meaning::WeekdayAndDay => {
            let next = calendar::next_weekday(local, captures.weekday?, false)?;
            let agrees = |date: &Date| date.weekday() == next.weekday();
            calendar::next_day_of_month(local, captures.day?).filter(agrees).or(Some(next))
        }
        Meaning::WeekdayRange => calendar::weekday_range(local, captures.first_weekday?, captures.weekday?),
        Meaning::WeekdayAfter(days) => {
            let next = calendar::next_weekday(local, captures.weekday?, false)?;
            calendar::days_after(next.at(0, 0, 0, 0), days)
        }
        Meaning::Weekend => calendar::next_weekday(local, 7, false),
        Meaning::DayOfMonth => calendar::next_day_of_month(local, captures.day?),
        Meaning::MonthEnd => calendar::month_end(local, captures.month),
        Meaning::Feast => calendar::next_feast(now, captures.feast?),
        Meaning::On(feast) => calendar::next_feast(now, feast),
        _ => None,
    }
}

fn duration(captures: &Captures, more: f64, now: Now<'_>) -> Option<Atom> {
    let unit = captures.unit?;
    Some(Atom::Until(now.after(captures.number? + more, unit)?, matches!(unit, Unit::Minute | Unit::Hour)))
}

fn minutes_of(unit: Unit) -> Option<f64> {
    match unit {
        Unit::Minute => Some(1.0),
        Unit::Hour => Some(60.0),
        Unit::Day | Unit::Week | Unit::Month => None,
    }
}

/// A clock time, with what its rule adds to it or takes from it.
fn clock(meaning: Meaning, captures: &Captures) -> Option<Atom> {
    let clock = captures.clock?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 60")]
    let minutes = captures.number.filter(|n| (0.0..60.0).contains(n) && n.fract() == 0.0).map(|n| n as i64);
    Some(Atom::Clock(match meaning {
        Meaning::ClockAndMinutes => moved(Clock { minute: 0, ..clock }, minutes?)?,
        Meaning::ClockLessMinutes => moved(clock, -minutes?)?,
        Meaning::Clock(shift) => moved(clock, shift)?,
        _ => clock,
    }))
}

/// "viertel vor acht": the clock moved by some minutes, within its half of the day.
fn moved(clock: Clock, shift: i64) -> Option<Clock> {
    let minutes = i64::from(clock.hour) * 60 + i64::from(clock.minute) + shift;
    let minutes = minutes.rem_euclid(24 * 60);
    Some(Clock { hour: i8::try_from(minutes / 60).ok()?, minute: i8::try_from(minutes % 60).ok()?, ..clock })
}

/// How far back a word may stand that turns "in two hours" into time that has passed.
const ELAPSED_TOKENS: usize = 6;

fn has_elapsed(grammar: &Grammar, tokens: &Tokens<'_>, start: usize) -> bool {
    (0..start)
        .rev()
        .take(ELAPSED_TOKENS)
        .take_while(|index| tokens.kind(*index) != Some(TokenKind::Punctuation) && !tokens.ends_sentence(*index))
        .any(|index| grammar.words.elapsed.contains(&tokens.folded(index)))
}
