//! Finds what a text says about time, and turns it into instants.
//!
//! Each language has one file of words and rules; this engine finds the longest rule at each token, joins what
//! belongs together ("tomorrow" and "at nine"), and reads it by the author's own clock.

use super::calendar;
use super::pattern::{Grammar, Match};
use super::slot::{Captures, Clock};
use super::words::{Meaning, Part, Unit};
use super::{de, en, es, fr, it};
use crate::model::PostedAt;
use crate::text::{TokenKind, Tokens};
use jiff::civil::{Date, DateTime};
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
    match lang.and_then(|lang| lang.get(..2)).and_then(grammar_of) {
        Some(grammar) => phrases_in(grammar, tokens, posted),
        None => ["en", "de", "fr", "es", "it"]
            .into_iter()
            .filter_map(grammar_of)
            .map(|grammar| phrases_in(grammar, tokens, posted))
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

fn phrases_in(grammar: &Grammar, tokens: &Tokens<'_>, posted: PostedAt) -> Vec<TimePhrase> {
    let now = calendar::local(posted);
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(found) = grammar.longest_match(tokens, at) else {
            at += 1;
            continue;
        };
        let end = found.end;
        if let Some(atom) = atom_of(grammar, tokens, at, &found, posted, now) {
            let next = Group::of(atom, at..end, &found);
            let joined = groups.last_mut().is_some_and(|last| last.join(&next, grammar, tokens));
            if !joined {
                groups.push(next);
            }
        }
        at = end;
    }
    groups.into_iter().filter_map(|group| group.resolve(posted, now)).collect()
}

/// What one rule has said.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Atom {
    /// An instant that needs nothing more.
    Until(DateTime, bool),
    Day(Date, Option<Part>),
    Clock(Clock),
    Part(Part),
    Past,
    PastDay,
}

/// Atoms that speak of one time.
#[derive(Debug)]
struct Group {
    tokens: Range<usize>,
    alone: Option<Atom>,
    day: Option<Date>,
    /// The day was named by its weekday alone; a date beside it says more.
    is_weekday: bool,
    clock: Option<Clock>,
    part: Option<Part>,
    certainty: f32,
    rule: &'static str,
    is_ahead: bool,
}

/// How many tokens may stand between a day and its hour.
const JOIN_TOKENS: usize = 2;

impl Group {
    fn of(atom: Atom, tokens: Range<usize>, found: &Match<'_>) -> Self {
        let mut group = Self {
            tokens,
            alone: None,
            day: None,
            is_weekday: found.captures.weekday.is_some(),
            clock: None,
            part: None,
            certainty: found.rule.certainty,
            rule: found.rule.name,
            is_ahead: found.rule.meaning.is_ahead(),
        };
        match atom {
            Atom::Day(date, part) => (group.day, group.part) = (Some(date), part),
            Atom::Clock(clock) => group.clock = Some(clock),
            Atom::Part(part) => group.part = Some(part),
            Atom::Until(..) | Atom::Past | Atom::PastDay => group.alone = Some(atom),
        }
        group
    }

    /// Takes `next` in where both speak of one time: a day, its part and its hour, in any order.
    fn join(&mut self, next: &Self, grammar: &Grammar, tokens: &Tokens<'_>) -> bool {
        let gap = self.tokens.end..next.tokens.start;
        let is_near = gap.len() <= JOIN_TOKENS
            && gap.clone().all(|index| match tokens.kind(index) {
                Some(TokenKind::Punctuation) => tokens.folded(index).starts_with([',', '-', '–', '@', '(', '/']),
                Some(TokenKind::Word) => grammar.words.joins.contains(&tokens.folded(index)),
                _ => false,
            });
        let is_past_day = |group: &Self| group.alone == Some(Atom::PastDay);
        let is_hour = |group: &Self| group.clock.is_some() && group.day.is_none() && group.alone.is_none();
        if is_near && ((is_past_day(self) && is_hour(next)) || (is_hour(self) && is_past_day(next))) {
            self.alone = Some(Atom::PastDay);
            self.tokens.end = next.tokens.end;
            return true;
        }
        let is_full = self.alone.is_some()
            || next.alone.is_some()
            || (self.day.is_some() && next.day.is_some() && (next.is_weekday || !self.is_weekday))
            || (self.clock.is_some() && next.clock.is_some());
        if !is_near || is_full {
            return false;
        }
        if next.clock.is_some() || (self.clock.is_none() && next.day.is_some()) {
            self.rule = next.rule;
        }
        self.day = next.day.or(self.day);
        self.is_weekday = self.is_weekday && next.day.is_none();
        self.clock = self.clock.or(next.clock);
        self.part = self.part.or(next.part);
        self.certainty = self.certainty.max(next.certainty);
        self.is_ahead |= next.is_ahead;
        self.tokens.end = next.tokens.end;
        true
    }

    fn resolve(self, posted: PostedAt, now: DateTime) -> Option<TimePhrase> {
        let (until, is_to_the_minute) = match (self.alone, self.day, self.clock) {
            (Some(Atom::Until(until, to_the_minute)), ..) => (until, to_the_minute),
            (Some(_), ..) => (now, false),
            (None, day, Some(clock)) => (calendar::next_clock(now, day, clock, self.part)?, true),
            (None, Some(day), None) => (calendar::end_of(day), false),
            (None, None, None) => return None,
        };
        let is_past = matches!(self.alone, Some(Atom::Past | Atom::PastDay)) || until <= now;
        let until = calendar::instant(posted, until)?;
        let Self { tokens, certainty, rule, is_ahead, .. } = self;
        Some(TimePhrase { tokens, until, certainty, rule, is_past, is_to_the_minute, is_ahead })
    }
}

fn atom_of(
    grammar: &Grammar,
    tokens: &Tokens<'_>,
    start: usize,
    found: &Match<'_>,
    posted: PostedAt,
    now: DateTime,
) -> Option<Atom> {
    let captures = &found.captures;
    match found.rule.meaning {
        Meaning::In if has_elapsed(grammar, tokens, start) => Some(Atom::Past),
        Meaning::In => duration(captures, 0.0, now),
        Meaning::InAndHalf => duration(captures, 0.5, now),
        Meaning::InMinutes(_) if has_elapsed(grammar, tokens, start) => Some(Atom::Past),
        Meaning::InMinutes(minutes) => {
            let until = calendar::units_after(now, minutes as f64, Unit::Minute)?;
            Some(Atom::Until(until, true))
        }
        Meaning::Clock(shift) => Some(Atom::Clock(moved(captures.clock?, shift)?)),
        Meaning::ClockAndMinutes => clock_and_minutes(captures),
        Meaning::At(hour) => Some(Atom::Clock(Clock { hour, minute: 0, is_exact: true })),
        Meaning::Day(days) => Some(Atom::Day(calendar::days_after(now, days)?, captures.part)),
        Meaning::DayPart(days, part) => Some(Atom::Day(calendar::days_after(now, days)?, Some(part))),
        Meaning::Weekday => Some(Atom::Day(calendar::next_weekday(now, captures.weekday?, false)?, captures.part)),
        Meaning::NextWeekday => Some(Atom::Day(calendar::next_weekday(now, captures.weekday?, true)?, captures.part)),
        Meaning::Weekend => Some(Atom::Day(calendar::next_weekday(now, 7, false)?, None)),
        Meaning::Date => {
            // Only the United States write the month first; their clocks run behind UTC.
            let is_month_first =
                grammar.words.months.iter().any(|(name, _)| *name == "january") && posted.offset.seconds() < 0;
            match calendar::named_date(now, captures, is_month_first)? {
                Ok(date) => Some(Atom::Day(date, None)),
                Err(_) => Some(Atom::Past),
            }
        }
        Meaning::DayOfMonth => Some(Atom::Day(calendar::next_day_of_month(now, captures.day?)?, None)),
        Meaning::Feast => Some(Atom::Day(calendar::next_feast(now, captures.feast?)?, None)),
        Meaning::On(feast) => Some(Atom::Day(calendar::next_feast(now, feast)?, None)),
        Meaning::Part(part) => Some(Atom::Part(part)),
        Meaning::Past => Some(Atom::Past),
        Meaning::PastDay => Some(Atom::PastDay),
        Meaning::Vague => None,
    }
}

fn duration(captures: &Captures, more: f64, now: DateTime) -> Option<Atom> {
    let unit = captures.unit?;
    let until = calendar::units_after(now, captures.number? + more, unit)?;
    Some(Atom::Until(until, matches!(unit, Unit::Minute | Unit::Hour)))
}

/// "viertel vor acht": the clock moved by some minutes, within its half of the day.
fn moved(clock: Clock, shift: i64) -> Option<Clock> {
    let minutes = i64::from(clock.hour) * 60 + i64::from(clock.minute) + shift;
    let minutes = minutes.rem_euclid(24 * 60);
    Some(Clock { hour: i8::try_from(minutes / 60).ok()?, minute: i8::try_from(minutes % 60).ok()?, ..clock })
}

/// "9 Uhr 30": the hour, then the minutes as a number.
fn clock_and_minutes(captures: &Captures) -> Option<Atom> {
    let minute = captures.number.filter(|minute| (0.0..60.0).contains(minute) && minute.fract() == 0.0)?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 60")]
    let minute = minute as i8;
    Some(Atom::Clock(Clock { minute, ..captures.clock? }))
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
