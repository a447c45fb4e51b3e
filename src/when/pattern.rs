//! Rules made ready: their elements, and which of them a token can begin.

use super::slot::{self, Captures};
use super::words::{Meaning, Words};
use crate::text::{Tokens, WordMap};

/// One element of a rule.
#[derive(Debug)]
struct Element {
    is_optional: bool,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Words(Vec<&'static str>),
    Slot(Slot),
}

/// What a rule reads a value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Number,
    Unit,
    Clock,
    Time,
    Weekday,
    AnyWeekday,
    Month,
    Day,
    Ordinal,
    Date,
    Year,
    Feast,
    Part,
    FourDigits,
    BareDay,
}

impl Slot {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "N" => Self::Number,
            "UNIT" => Self::Unit,
            "CLOCK" => Self::Clock,
            "TIME" => Self::Time,
            "WEEKDAY" => Self::Weekday,
            "WD" => Self::AnyWeekday,
            "MONTH" => Self::Month,
            "DAY" => Self::Day,
            "ORDINAL" => Self::Ordinal,
            "DATE" => Self::Date,
            "YEAR" => Self::Year,
            "FEAST" => Self::Feast,
            "PART" => Self::Part,
            "HHMM" => Self::FourDigits,
            "BAREDAY" => Self::BareDay,
            _ => return None,
        })
    }

    /// The words that it can begin with, besides digits.
    fn first_words(self, words: &Words) -> Vec<&'static str> {
        fn names<T>(list: &'static [(&'static str, T)]) -> Vec<&'static str> {
            list.iter().map(|(name, _)| *name).collect()
        }
        match self {
            Self::Number | Self::Clock => names(words.numbers),
            Self::Weekday => names(words.weekdays),
            Self::AnyWeekday => [names(words.weekdays), names(words.short_weekdays)].concat(),
            Self::Month => names(words.months),
            Self::Feast => names(words.feasts),
            Self::Part => names(words.parts),
            Self::Unit => names(words.units),
            Self::Day => names(words.ordinals),
            Self::Time | Self::Ordinal | Self::Date | Self::Year | Self::FourDigits | Self::BareDay => Vec::new(),
        }
    }

    fn may_begin_with_digit(self) -> bool {
        match self {
            Self::Number | Self::Clock | Self::Time | Self::FourDigits => true,
            Self::Day | Self::Ordinal | Self::BareDay | Self::Date | Self::Year => true,
            Self::Unit | Self::Weekday | Self::AnyWeekday | Self::Month | Self::Feast | Self::Part => false,
        }
    }
}

/// A rule that is ready to be compared.
#[derive(Debug)]
pub(super) struct Compiled {
    pub name: &'static str,
    pub meaning: Meaning,
    pub certainty: f32,
    elements: Vec<Element>,
}

/// The rules of one language, found by their first word.
#[derive(Debug)]
pub(super) struct Grammar {
    pub words: &'static Words,
    rules: Vec<Compiled>,
    by_word: WordMap<&'static str, Vec<usize>>,
    by_digit: Vec<usize>,
}

/// A rule that fits, and where it ends.
pub(super) struct Match<'g> {
    pub rule: &'g Compiled,
    pub captures: Captures,
    pub end: usize,
}

impl Grammar {
    pub(super) fn new(words: &'static Words) -> Self {
        let rules: Vec<Compiled> = words.rules.iter().map(compile).collect();
        let mut by_word: WordMap<&'static str, Vec<usize>> = WordMap::default();
        let mut by_digit = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            for element in rule.beginnings() {
                let first_words = match &element.shape {
                    Shape::Words(choices) => choices.clone(),
                    Shape::Slot(slot) => slot.first_words(words),
                };
                for word in first_words {
                    by_word.entry(word).or_default().push(index);
                }
                if matches!(element.shape, Shape::Slot(slot) if slot.may_begin_with_digit()) {
                    by_digit.push(index);
                }
            }
        }
        Self { words, rules, by_word, by_digit }
    }

    /// The longest match that begins at `start`; of two as long, the rule that stands first.
    pub(super) fn longest_match(&self, tokens: &Tokens<'_>, start: usize) -> Option<Match<'_>> {
        let word = tokens.folded(start);
        let by_digit = word.starts_with(|c: char| c.is_ascii_digit()).then_some(&self.by_digit);
        let by_word = self.by_word.get(word);
        let mut best: Option<Match<'_>> = None;
        for rule in by_word.into_iter().chain(by_digit).flatten().filter_map(|index| self.rules.get(*index)) {
            let Some((end, captures)) = matched(&rule.elements, self.words, tokens, start, Captures::default()) else {
                continue;
            };
            if end > best.as_ref().map_or(start, |best| best.end) {
                best = Some(Match { rule, captures, end });
            }
        }
        best
    }
}

impl Compiled {
    /// The elements that a match can begin with: the first, and what follows elements that may be missing.
    fn beginnings(&self) -> impl Iterator<Item = &Element> {
        let n_optional = self.elements.iter().take_while(|element| element.is_optional).count();
        self.elements.iter().take(n_optional + 1)
    }
}

fn compile((name, meaning, certainty): &super::words::Rule) -> Compiled {
    let elements = name.split_whitespace().map(|element| {
        let (body, is_optional) = element.strip_suffix('?').map_or((element, false), |body| (body, true));
        let shape = Slot::from_name(body).map_or_else(|| Shape::Words(body.split('|').collect()), Shape::Slot);
        Element { is_optional, shape }
    });
    Compiled { name, meaning: *meaning, certainty: *certainty, elements: elements.collect() }
}

/// Where the longest match of `elements` from `at` ends, and what it read.
fn matched(
    elements: &[Element],
    words: &Words,
    tokens: &Tokens<'_>,
    at: usize,
    captures: Captures,
) -> Option<(usize, Captures)> {
    let Some((element, rest)) = elements.split_first() else {
        return slot::may_end(&captures, words, tokens, at).then_some((at, captures));
    };
    let with = match &element.shape {
        Shape::Words(choices) => {
            choices.contains(&tokens.folded(at)).then(|| (at + 1, Captures { ends_in_hour: false, ..captures.clone() }))
        }
        Shape::Slot(slot) => slot::read(*slot, words, tokens, at, &captures),
    };
    let taken = with.and_then(|(next, captures)| matched(rest, words, tokens, next, captures));
    match taken {
        Some(found) => Some(found),
        None if element.is_optional => matched(rest, words, tokens, at, captures),
        None => None,
    }
}
