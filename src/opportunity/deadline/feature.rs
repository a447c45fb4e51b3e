//! What stands around a time that a post names: the features by which it is weighed.
//!
//! In: the tokens, and all times named that are still to come. Out: for each time, named numbers, mostly 0 or 1.

use crate::model::PostedAt;
use crate::opportunity::cue::Cues;
use crate::text::{TokenKind, Tokens};
use crate::when::TimePhrase;
use jiff::civil::Date;
use std::ops::Range;
use std::sync::LazyLock;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::built_in("deadline"));

/// A feature and its value.
pub(super) type Feature = (&'static str, f32);

/// The classes of `lexicons/all/deadline.tsv`; what they weigh in the same sentence and elsewhere in the post.
const CLASSES: [(&str, &str, &str); 9] = [
    ("occasion", "sentence.occasion", "elsewhere.occasion"),
    ("journey", "sentence.journey", "elsewhere.journey"),
    ("ahead", "sentence.ahead", ""),
    ("behind", "sentence.behind", ""),
    ("opening", "sentence.opening", ""),
    ("habit", "sentence.habit", ""),
    ("first", "sentence.first", "elsewhere.first"),
    ("last", "sentence.last", "elsewhere.last"),
    ("family", "sentence.family", "elsewhere.family"),
];

const OCCASION: u16 = 1;
const JOURNEY: u16 = 1 << 1;
/// An occasion, what is to come, a first or a last time: without them "today" is mostly a tale of now.
const EVENT: u16 = OCCASION | AHEAD | 1 << 6 | 1 << 7;
const AHEAD: u16 = 1 << 2;
const BEHIND: u16 = 1 << 3;
const OPENING: u16 = 1 << 4;

/// How far around a time a word of its sentence may stand.
const REACH_TOKENS: usize = 12;

/// How near a word stands close by.
const NEAR_TOKENS: usize = 3;

/// A day that lies further ahead is far, and very far.
const FAR_DAYS: [i32; 2] = [14, 60];

/// A text of more tokens counts as one of so many.
const LONG_TOKENS: usize = 150;

/// A post, ready to be looked up around its times.
pub(super) struct Surroundings<'a> {
    tokens: &'a Tokens<'a>,
    posted: Date,
    /// The classes of each token, one bit each in the order of [`CLASSES`].
    classes: Vec<u16>,
    all: u16,
    others: &'a [TimePhrase],
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(tokens: &'a Tokens<'a>, lang: Option<&str>, posted: PostedAt, others: &'a [TimePhrase]) -> Self {
        let classes: Vec<u16> = (0..tokens.len()).map(|at| classes_of(tokens.folded(at), lang)).collect();
        let all = classes.iter().fold(0, |all, class| all | class);
        Self { tokens, posted: posted.offset.to_datetime(posted.at).date(), classes, all, others }
    }

    /// What speaks for and against `phrase` being a deadline.
    pub(super) fn features(&self, phrase: &TimePhrase) -> Vec<Feature> {
        let mut features = vec![("bias", 1.0), ("certainty", phrase.certainty)];
        self.add_time(phrase, &mut features);
        self.add_others(phrase, &mut features);
        self.add_words(phrase, &mut features);
        features
    }

    /// How the time is named, and how far it lies ahead.
    fn add_time(&self, phrase: &TimePhrase, features: &mut Vec<Feature>) {
        let days = self.days(phrase);
        let mut add = |name, is_so| {
            if is_so {
                features.push((name, 1.0));
            }
        };
        add("minute", phrase.is_to_the_minute);
        add("today", days == 0 && !phrase.is_to_the_minute);
        add("ahead", phrase.is_ahead);
        add("far", days > FAR_DAYS[0]);
        add("very_far", days > FAR_DAYS[1]);
        add("clock_of_next_day", phrase.is_to_the_minute && days > 0 && !phrase.is_ahead);
        add("begins", (0..phrase.tokens.start).all(|at| self.tokens.kind(at) != Some(TokenKind::Word)));
    }

    /// What other times the post names.
    fn add_others(&self, phrase: &TimePhrase, features: &mut Vec<Feature>) {
        let days = self.days(phrase);
        let mut other_days: Vec<i32> =
            self.others.iter().map(|other| self.days(other)).filter(|d| *d != days).collect();
        other_days.sort_unstable();
        other_days.dedup();
        let same_day = || self.others.iter().filter(|other| self.days(other) == days && other.is_to_the_minute);
        let has_hour = !phrase.is_to_the_minute && same_day().next().is_some();
        let mut hours: Vec<_> = same_day().map(|other| other.until).filter(|until| *until != phrase.until).collect();
        hours.sort_unstable();
        hours.dedup();
        // Of several days, an occasion picks its own.
        let n_days = if self.is_picked(phrase) { 0 } else { other_days.len().min(3) };
        features.push(("other_days", n_days as f32 / 3.0));
        features.push(("other_hours", hours.len().min(3) as f32 / 3.0));
        if has_hour {
            features.push(("has_hour", 1.0));
        }
    }

    /// The words of the sentence and of the rest of the post.
    fn add_words(&self, phrase: &TimePhrase, features: &mut Vec<Feature>) {
        let sentence = self.sentence(phrase, REACH_TOKENS);
        let near = self.sentence(phrase, NEAR_TOKENS);
        let around = |range: &Range<usize>| {
            self.union(range.start..phrase.tokens.start) | self.union(phrase.tokens.end..range.end)
        };
        let (in_sentence, close) = (around(&sentence), around(&near));
        let inside = self.union(phrase.tokens.clone()) & AHEAD;
        for (index, (_, here, elsewhere)) in CLASSES.iter().enumerate() {
            if (in_sentence | inside) & (1 << index) != 0 {
                features.push((here, 1.0));
            } else if !elsewhere.is_empty() && self.all & (1 << index) != 0 {
                features.push((elsewhere, 1.0));
            }
        }
        let n_behind = sentence.clone().filter(|at| self.classes.get(*at).is_some_and(|c| c & BEHIND != 0)).count();
        let is_today = !phrase.is_to_the_minute && self.days(phrase) == 0;
        let has = |marks: &[char]| sentence.clone().any(|at| self.tokens.folded(at).starts_with(marks));
        let is_opening_hour = in_sentence & OPENING != 0 && phrase.is_to_the_minute;
        let clause = self.clause(phrase);
        let mut add = |name, is_so| {
            if is_so {
                features.push((name, 1.0));
            }
        };
        add("clause.occasion", clause & OCCASION != 0);
        add("clause.journey", clause & JOURNEY != 0);
        add("rival.occasion", clause & OCCASION == 0 && self.has_rival(phrase));
        add("behind_twice", n_behind > 1);
        add("today_behind", is_today && n_behind > 0);
        add("near.behind", close & BEHIND != 0);
        add("near.occasion", close & OCCASION != 0);
        add("opening_hour", is_opening_hour);
        add("quote", has(&['"', '„', '“', '”', '«', '»']));
        add("colon", has(&[':']));
        // "Are you open until nine?" asks for the hour itself.
        add("question", !is_opening_hour && self.is_asked(phrase));
        features.push(("length", self.tokens.len().min(LONG_TOKENS) as f32 / 50.0));
    }

    fn days(&self, phrase: &TimePhrase) -> i32 {
        let until = phrase.until.offset.to_datetime(phrase.until.at).date();
        i32::try_from(until.duration_since(self.posted).as_hours() / 24).unwrap_or(i32::MAX)
    }

    fn union(&self, range: Range<usize>) -> u16 {
        self.classes.get(range).unwrap_or_default().iter().fold(0, |all, class| all | class)
    }

    /// The sentence of a phrase, at most so many tokens before and behind it.
    fn sentence(&self, phrase: &TimePhrase, reach: usize) -> Range<usize> {
        let (start, end) = (phrase.tokens.start, phrase.tokens.end);
        let goes_on = |at: &usize| !self.tokens.ends_sentence(*at);
        let n_before = (0..start).rev().take(reach).take_while(goes_on).count();
        let n_behind = (end..self.tokens.len()).take(reach).take_while(goes_on).count();
        start - n_before..end + n_behind
    }

    /// An occasion stands right beside it, and its sentence tells nothing that has been.
    pub(super) fn is_beside_occasion(&self, phrase: &TimePhrase) -> bool {
        let has = |reach, class| self.union(self.sentence(phrase, reach)) & class != 0;
        has(NEAR_TOKENS, OCCASION) && !has(REACH_TOKENS, BEHIND)
    }

    /// Several times are named, and an occasion stands in the clause of this one alone.
    pub(super) fn is_picked(&self, phrase: &TimePhrase) -> bool {
        self.others.len() > 1 && self.clause(phrase) & OCCASION != 0 && !self.has_rival(phrase)
    }

    /// Whether another time has an occasion in its clause.
    fn has_rival(&self, phrase: &TimePhrase) -> bool {
        self.others.iter().any(|other| other != phrase && self.clause(other) & OCCASION != 0)
    }

    /// "Today" and nothing in its sentence that is still to come: "no internet today".
    pub(super) fn is_mere_now(&self, phrase: &TimePhrase) -> bool {
        let is_today = !phrase.is_to_the_minute && self.days(phrase) == 0;
        is_today && self.union(self.sentence(phrase, REACH_TOKENS)) & EVENT == 0
    }

    /// The classes of the words between the commas around a phrase, without itself.
    fn clause(&self, phrase: &TimePhrase) -> u16 {
        let sentence = self.sentence(phrase, REACH_TOKENS);
        let goes_on = |at: &usize| self.tokens.folded(*at) != ",";
        let before = (sentence.start..phrase.tokens.start).rev().take_while(goes_on);
        let behind = (phrase.tokens.end..sentence.end).take_while(goes_on);
        before.chain(behind).filter_map(|at| self.classes.get(at)).fold(0, |all, class| all | class)
    }

    fn is_asked(&self, phrase: &TimePhrase) -> bool {
        let mut behind = (phrase.tokens.end..self.tokens.len()).take(4 * REACH_TOKENS);
        behind.find(|at| self.tokens.ends_sentence(*at)).is_some_and(|at| self.tokens.folded(at).contains('?'))
    }
}

fn classes_of(word: &str, lang: Option<&str>) -> u16 {
    let has = |class: &str| CUES.classes(word, lang).any(|known| known == class);
    let bits =
        CLASSES.iter().enumerate().filter(|(_, (class, ..))| has(class)).fold(0, |bits, (at, _)| bits | (1 << at));
    bits | if is_occasion_compound(word) { OCCASION } else { 0 }
}

/// "Abiprüfung", "Silberhochzeit": German writes occasions into one word.
fn is_occasion_compound(word: &str) -> bool {
    const ENDINGS: &[&str] = &["prüfung", "hochzeit", "geburtstag", "jubiläum", "feier", "taufe", "konzert", "klausur"];
    ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
}
