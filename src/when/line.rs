//! A short line as its words, numbers and marks; finds clock times and zones among them.

use super::date::{offset, small};
use super::names::{is_evening_word, is_morning_word, offset_of};
use crate::text::fold_to_string;
use jiff::tz::Offset;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Mark(char),
}

/// A word, a number or a mark.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub raw: &'t str,
    /// Folded: lower case, curly apostrophes straight.
    pub word: String,
    /// Nothing stands between it and the token before.
    pub is_glued: bool,
}

/// Words that may stand between a day and its hour, in five languages.
const JOINS: &[&str] = &[
    "t", "at", "on", "um", "gegen", "kl", "à", "a", "alle", "ore", "ora", "las", "le", "la", "o", "om", "klo", "às",
    "the",
];

/// Words for twelve o'clock, with the hour that they mean.
const HOURS: &[(&str, i8)] = &[
    ("noon", 12),
    ("midday", 12),
    ("mittag", 12),
    ("mittags", 12),
    ("midi", 12),
    ("mediodía", 12),
    ("mezzogiorno", 12),
    ("midnight", 0),
    ("mitternacht", 0),
    ("minuit", 0),
    ("medianoche", 0),
    ("mezzanotte", 0),
];

/// Tokens between a day and its hour, at most.
const GAP_MOST: usize = 4;

/// A line in its tokens.
#[derive(Debug)]
pub(super) struct Line<'t>(Vec<Token<'t>>);

/// Hour, minute and second as a clock shows them.
pub(super) type Shown = (i8, i8, i8);

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        let mut is_glued = false;
        while let Some(first) = rest.chars().next() {
            let (kind, len) = match first {
                _ if first.is_alphabetic() => (Kind::Word, word_len(rest)),
                _ if first.is_ascii_digit() => {
                    (Kind::Number, rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()))
                }
                _ => (Kind::Mark(first), first.len_utf8()),
            };
            let (raw, tail) = rest.split_at(len);
            let is_blank = first.is_whitespace() || is_invisible(first);
            if !is_blank {
                tokens.push(Token { kind, raw, word: fold_to_string(raw), is_glued });
            }
            is_glued = !is_blank;
            rest = tail;
        }
        Self(tokens)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn n_words(&self) -> usize {
        self.0.iter().filter(|token| token.kind == Kind::Word).count()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.0.get(at)
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.0.get(at).filter(|token| token.kind == Kind::Word).map(|token| token.word.as_str())
    }

    pub(super) fn number(&self, at: usize) -> Option<&'t str> {
        self.0.get(at).filter(|token| token.kind == Kind::Number).map(|token| token.raw)
    }

    /// A number of one or two digits.
    pub(super) fn small(&self, at: usize) -> Option<i8> {
        self.number(at).and_then(small)
    }

    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.0.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|token| token.is_glued)
    }

    /// Whether the words from `at` on are these.
    pub(super) fn has(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.word(at + index) == Some(word))
    }

    /// Whether what stands at `at` may stand between a day and its hour.
    pub(super) fn is_join(&self, at: usize) -> bool {
        self.mark(at).is_some() || self.word(at).is_some_and(|word| JOINS.contains(&word))
    }

    /// The clock time behind a day that ends at `at`, and where it ends itself.
    pub(super) fn clock_after(&self, at: usize) -> Option<(Shown, usize)> {
        for start in at..=at + GAP_MOST {
            if let Some(found) = self.clock_at(start) {
                return Some(found);
            }
            if !self.is_join(start) {
                return None;
            }
        }
        None
    }

    /// The clock time right before a day that begins at `at`, and where it ends.
    pub(super) fn clock_before(&self, at: usize) -> Option<(Shown, usize)> {
        (at.saturating_sub(8)..at).find_map(|start| {
            let (shown, end) = self.clock_at(start)?;
            let is_next = |gap: usize| self.is_join(gap) || matches!(self.word(gap), Some("am" | "del" | "el" | "il"));
            (end <= at && (end..at).all(is_next)).then_some((shown, end))
        })
    }

    /// The clock time that begins at `at`, and where it ends.
    pub(super) fn clock_at(&self, at: usize) -> Option<(Shown, usize)> {
        if let Some(word) = self.word(at) {
            let (_, hour) = HOURS.iter().find(|(name, _)| *name == word)?;
            return Some(((*hour, 0, 0), at + 1));
        }
        let hour = self.small(at)?;
        let (minute, second, end) = self.minutes(at)?;
        let (hour, end) = match self.half_of_day(end) {
            Some((true, end)) if hour < 12 => (hour + 12, end),
            Some((false, end)) if hour == 12 => (0, end),
            Some((_, end)) => (hour, end),
            None => (hour, end),
        };
        let end = if self.word(end) == Some("uhr") { end + 1 } else { end };
        ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some(((hour, minute, second), end))
    }

    /// Minutes and seconds behind the hour at `at`; `None` where that is no hour.
    fn minutes(&self, at: usize) -> Option<(i8, i8, usize)> {
        let two = |index| self.number(index).filter(|digits| digits.len() == 2).and_then(small);
        let after = |names: &[&str]| {
            let before = at.checked_sub(1).and_then(|index| self.word(index));
            before.is_some_and(|word| names.contains(&word))
        };
        match (self.mark(at + 1), two(at + 2)) {
            (Some(':'), Some(minute)) if self.is_glued(at + 2) => {
                let second = two(at + 4).filter(|_| self.mark(at + 3) == Some(':'));
                let end = if second.is_some() { at + 5 } else { at + 3 };
                // Fractions of a second say nothing here.
                let has_fraction =
                    self.mark(end) == Some('.') && self.is_glued(end + 1) && self.number(end + 1).is_some();
                return Some((
                    minute,
                    second.unwrap_or(0),
                    if has_fraction && second.is_some() { end + 2 } else { end },
                ));
            }
            (Some('.'), Some(minute))
                if self.is_glued(at + 2)
                    && (self.word(at + 3) == Some("uhr") || after(&["um", "ore", "alle", "kl"])) =>
            {
                return Some((minute, 0, at + 3));
            }
            _ => {}
        }
        let minute = two(at + 2).filter(|_| self.word(at + 3).is_none());
        match self.word(at + 1) {
            Some("h" | "uhr") if minute.is_some() => Some((minute?, 0, at + 3)),
            Some("h" | "uhr") => Some((0, 0, at + 2)),
            _ if self.half_of_day(at + 1).is_some() => Some((0, 0, at + 1)),
            _ => None,
        }
    }

    /// `AM`, `p.m.` at `at`: whether it is the second half of the day, and where it ends.
    fn half_of_day(&self, at: usize) -> Option<(bool, usize)> {
        let word = self.word(at)?;
        if is_morning_word(word) || is_evening_word(word) {
            return Some((is_evening_word(word), at + 1));
        }
        let is_dotted = matches!(word, "a" | "p") && self.mark(at + 1) == Some('.') && self.word(at + 2) == Some("m");
        is_dotted.then(|| (word == "p", if self.mark(at + 3) == Some('.') { at + 4 } else { at + 3 }))
    }

    /// The zone that is named behind a clock time that ends at `at`.
    pub(super) fn zone_at(&self, at: usize) -> Option<Offset> {
        let at = if self.mark(at) == Some('(') { at + 1 } else { at };
        let Some(token) = self.0.get(at).filter(|token| token.kind == Kind::Word) else {
            return self.numeric_zone(at, false);
        };
        // Small letters are words: "art", "est", "pet".
        let is_name = token.raw.len() > 1 || (token.raw == "Z" && token.is_glued);
        if !is_name || token.raw == "AT" || token.raw.chars().any(char::is_lowercase) {
            return None;
        }
        let named = offset_of(token.raw)?;
        Some(self.numeric_zone(at + 1, true).unwrap_or(named))
    }

    /// `+0100`, `-01:00`, and behind a name `+1`.
    fn numeric_zone(&self, at: usize, is_named: bool) -> Option<Offset> {
        let sign = self.mark(at).filter(|mark| matches!(mark, '+' | '-' | '\u{2212}'))?;
        let digits = self.number(at + 1).filter(|_| self.is_glued(at + 1))?;
        let minutes = self.number(at + 3).filter(|digits| self.mark(at + 2) == Some(':') && digits.len() == 2);
        let (hours, minutes) = match (digits.len(), minutes) {
            (1 | 2, Some(minutes)) => (small(digits)?, small(minutes)?),
            (1 | 2, None) if is_named || sign == '+' => (small(digits)?, 0),
            (4, None) => (small(digits.get(..2)?)?, small(digits.get(2..)?)?),
            _ => return None,
        };
        offset(sign != '+', hours, minutes)
    }
}

/// The bytes of the word that `text` begins with: letters, their accents, and apostrophes between them.
fn word_len(text: &str) -> usize {
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_accent = matches!(character, '\u{300}'..='\u{36f}') || is_invisible(character);
        let is_inner =
            matches!(character, '\'' | '\u{2019}') && characters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        if !(character.is_alphabetic() || is_accent || is_inner) {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

/// Marks of direction and zero-width characters, which pages put beside dates.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
