//! Reads the charges of a text: each word, turn, picture or stated failure that bears a feeling, with its weight in place.

use super::confidence::Literacy;
use super::listed::Listed;
use super::marks::{Mark, Place, marks, places};
use super::stated::{add_failures, turn_irony};
use super::words::{Manner, Role, words};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// What is left of praise that is negated, and of blame: "not good" is blame, "not bad" is hardly praise.
const NEGATED_PRAISE: f32 = -0.8;
const NEGATED_BLAME: f32 = -0.35;
/// A wish praises nothing that is there.
const WISHED_PRAISE: f32 = 0.45;
const WISHED_BLAME: f32 = 0.8;
/// A question asks more than it feels.
const ASKED_PRAISE: f32 = 0.5;
const ASKED_BLAME: f32 = 0.8;
/// Somebody else's words, in quotation marks.
const QUOTED: f32 = 0.6;
/// Capitals among small letters, and drawn-out letters.
const SHOUTED: f32 = 1.25;
const STRETCHED: f32 = 1.2;
/// One `!` and more of them.
const EXCLAIMED: f32 = 1.15;
/// No chain of strengthening words goes beyond these.
const MIN_FACTOR: f32 = 0.4;
const MAX_FACTOR: f32 = 2.0;
/// How many tokens may stand before a greeting.
const MAX_BEFORE_GREETING: usize = 3;
/// How many strengthening words may stand in a chain.
const MAX_BOOSTERS: usize = 3;
/// How many terms of a clause are looked at for a negator.
const MAX_TERMS_TO_NEGATOR: usize = 6;

/// What a charge is; names the rule of its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChargeKind {
    Word,
    Negated,
    Tag,
    Picture,
    Polite,
    Failure,
    Irony,
}

impl ChargeKind {
    pub fn rule(self) -> &'static str {
        match self {
            Self::Word => "feeling.word",
            Self::Negated => "feeling.negated",
            Self::Tag => "feeling.hashtag",
            Self::Picture => "feeling.emoji",
            Self::Polite => "feeling.polite",
            Self::Failure => "feeling.failure",
            Self::Irony => "feeling.irony",
        }
    }
}

/// One bearer of feeling.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Charge {
    /// Its tokens, with the negation that turns it.
    pub tokens: Range<usize>,
    /// Its weight in place.
    pub weight: f32,
    /// What it is.
    pub kind: ChargeKind,
    /// The row of the lists that it comes from.
    pub listed: Listed,
}

/// Everything in a text that bears a feeling, from one scan.
///
/// Weigh it for the text with [`of_text`](super::of_text), and for each brand with [`toward`](fn@super::toward).
#[derive(Debug, Clone, Default)]
pub struct Charges {
    pub(super) list: Vec<Charge>,
    pub(super) places: Vec<Place>,
    /// Words that turn a sentence or measure one thing against another, in text order.
    pub(super) turns: Vec<(usize, Role)>,
    /// The last token of a greeting that begins the text.
    pub(super) greeting: Option<usize>,
    /// Whether the lists of the text's own language were read.
    pub(super) literacy: Literacy,
    /// The writer speaks of themselves.
    pub(super) is_personal: bool,
}

/// Reads the charges of a text in the language `lang` (BCP 47; `None` where it is undecided).
#[must_use]
pub fn charges(tokens: &Tokens<'_>, lang: Option<&str>) -> Charges {
    let words = words(lang);
    let mut places = places(tokens);
    let marks = marks(tokens, words);
    part_at_contrasts(&mut places, &marks);
    let mut list = Scan::new(tokens, &places, &marks).charges();
    add_failures(&mut list, tokens, words, &marks, &places);
    turn_irony(&mut list, tokens, &marks, &places);
    let turns = marks.iter().filter_map(turn).collect();
    let greets = |mark: &&Mark| mark.entry.role == Some(Role::Greeting) && mark.tokens.start <= MAX_BEFORE_GREETING;
    let greeting = marks.iter().find(greets).map(|mark| mark.tokens.end.saturating_sub(1));
    let is_personal = (0..tokens.len()).any(|at| words.selves.exactly(tokens.folded(at)).is_some());
    Charges { list, places, turns, greeting, literacy: Literacy::of(lang), is_personal }
}

fn turn(mark: &Mark) -> Option<(usize, Role)> {
    let role = mark.entry.role?;
    matches!(role, Role::Contrast | Role::Outweighed | Role::Compare).then_some((mark.tokens.start, role))
}

/// A contrast begins a clause of its own.
fn part_at_contrasts(places: &mut [Place], marks: &[Mark]) {
    let parts = |mark: &&Mark| matches!(mark.entry.role, Some(Role::Contrast | Role::Outweighed));
    let mut starts = marks.iter().filter(parts).map(|mark| mark.tokens.start).peekable();
    let mut n_more = 0;
    for (at, place) in places.iter_mut().enumerate() {
        while starts.next_if(|start| *start <= at).is_some() {
            n_more += 1;
        }
        place.clause += n_more;
    }
}

/// How each sentence ends: asked, exclaimed.
#[derive(Debug, Clone, Copy, Default)]
struct Tone {
    is_question: bool,
    is_exclaimed: bool,
}

fn tone(tokens: &Tokens<'_>, places: &[Place]) -> Vec<Tone> {
    let n_sentences = places.last().map_or(0, |place| place.sentence as usize + 1);
    let mut tones = vec![Tone::default(); n_sentences];
    for (at, place) in places.iter().enumerate() {
        if tokens.kind(at) != Some(TokenKind::Punctuation) {
            continue;
        }
        let Some(tone) = tones.get_mut(place.sentence as usize) else { continue };
        let mark = tokens.folded(at);
        tone.is_question |= mark.starts_with('?');
        tone.is_exclaimed |= mark.starts_with('!');
    }
    tones
}

struct Scan<'a> {
    tokens: &'a Tokens<'a>,
    places: &'a [Place],
    marks: &'a [Mark],
    /// By sentence.
    tone: Vec<Tone>,
    /// By clause: whether it speaks of what is not there.
    wished: Vec<bool>,
}

impl<'a> Scan<'a> {
    fn new(tokens: &'a Tokens<'a>, places: &'a [Place], marks: &'a [Mark]) -> Self {
        let mut wished = vec![false; places.last().map_or(0, |place| place.clause as usize + 1)];
        for mark in marks.iter().filter(|mark| mark.entry.role == Some(Role::Wish)) {
            let clause = places.get(mark.tokens.start).map_or(0, |place| place.clause as usize);
            wished.iter_mut().skip(clause).take(1).for_each(|is_wished| *is_wished = true);
        }
        Self { tokens, places, marks, tone: tone(tokens, places), wished }
    }

    fn charges(&self) -> Vec<Charge> {
        let mut list = Vec::new();
        let is_all_caps = self.is_all_caps();
        for (index, mark) in self.marks.iter().enumerate() {
            let Some(weight) = mark.feeling() else { continue };
            if mark.strengthens().is_some() && self.is_spent_on_next(index) {
                continue;
            }
            let kind = self.kind(mark);
            let mut charge = Charge { tokens: mark.tokens.clone(), weight, kind, listed: mark.entry.listed };
            if kind != ChargeKind::Picture {
                charge.weight *= self.factor(index) * self.loudness(mark, is_all_caps);
                self.negate(index, &mut charge);
                self.place_in_sentence(index, &mut charge);
            }
            list.push(charge);
        }
        list
    }

    fn kind(&self, mark: &Mark) -> ChargeKind {
        match self.tokens.kind(mark.tokens.start) {
            Some(TokenKind::Emoji | TokenKind::Emoticon) => ChargeKind::Picture,
            _ if mark.in_tag => ChargeKind::Tag,
            _ if mark.entry.manner == Manner::Polite => ChargeKind::Polite,
            _ => ChargeKind::Word,
        }
    }

    fn place(&self, at: usize) -> Place {
        self.places.get(at).copied().unwrap_or_default()
    }

    /// A booster with a feeling of its own spends it on a feeling that follows at once: "fucking great".
    fn is_spent_on_next(&self, index: usize) -> bool {
        let mut end = self.marks.get(index).map_or(0, |mark| mark.tokens.end);
        for next in self.marks.iter().skip(index + 1).take(MAX_BOOSTERS) {
            if next.tokens.start != end {
                return false;
            }
            if next.feeling().is_some() && next.strengthens().is_none() {
                return true;
            }
            if next.strengthens().is_none() {
                return false;
            }
            end = next.tokens.end;
        }
        false
    }

    /// The product of the strengthening words beside the mark.
    fn factor(&self, index: usize) -> f32 {
        let Some(mark) = self.marks.get(index) else { return 1.0 };
        let mut factor = 1.0;
        let mut start = mark.tokens.start;
        for before in self.marks.iter().take(index).rev().take(MAX_BOOSTERS) {
            // An article may stand between: "such a great".
            if before.tokens.end + 1 < start || before.in_tag {
                break;
            }
            let Some(strength) = before.strengthens() else { break };
            factor *= strength;
            start = before.tokens.start;
        }
        let after = self.marks.get(index + 1).filter(|after| after.tokens.start <= mark.tokens.end + 1);
        if let Some(strength) = after.filter(|after| after.feeling().is_none()).and_then(|after| after.entry.factor) {
            let leads_on = self
                .marks
                .get(index + 2)
                .is_some_and(|m| m.tokens.start <= mark.tokens.end + 2 && m.feeling().is_some());
            if !leads_on {
                factor *= strength;
            }
        }
        factor.clamp(MIN_FACTOR, MAX_FACTOR)
    }

    fn loudness(&self, mark: &Mark, is_all_caps: bool) -> f32 {
        let mut loudness = 1.0;
        for token in self.tokens.list().get(mark.tokens.clone()).unwrap_or_default() {
            if token.is_caps && !is_all_caps && token.span.len() > 2 {
                loudness = SHOUTED;
            }
            if token.is_stretched {
                loudness *= STRETCHED;
            }
        }
        loudness
    }

    fn is_all_caps(&self) -> bool {
        let words = || self.tokens.list().iter().filter(|token| token.kind == TokenKind::Word);
        words().filter(|token| token.is_caps).count() * 2 > words().count()
    }

    /// Turns the charge round where a negator reaches it.
    fn negate(&self, index: usize, charge: &mut Charge) {
        if charge.kind == ChargeKind::Polite || self.marks.get(index).is_some_and(|m| m.entry.manner == Manner::Steady)
        {
            return;
        }
        let Some(negator) = self.negator_before(index).or_else(|| self.negator_after(index)) else { return };
        charge.weight *= if charge.weight > 0.0 { NEGATED_PRAISE } else { NEGATED_BLAME };
        if charge.kind != ChargeKind::Tag {
            charge.kind = ChargeKind::Negated;
        }
        charge.tokens = charge.tokens.start.min(negator.tokens.start)..charge.tokens.end.max(negator.tokens.end);
    }

    fn negator_before(&self, index: usize) -> Option<&Mark> {
        let mark = self.marks.get(index)?;
        let clause = self.place(mark.tokens.start).clause;
        for before in self.marks.iter().take(index).rev().take(MAX_TERMS_TO_NEGATOR) {
            if self.place(before.tokens.start).clause != clause {
                return None;
            }
            if let Some(negator) = before.entry.negator {
                let reaches = mark.tokens.start.saturating_sub(before.tokens.end) < negator.reach;
                return (reaches && before.entry.role != Some(Role::Cancel)).then_some(before);
            }
            // A negator serves the first feeling after it only.
            if before.feeling().is_some() && before.strengthens().is_none() {
                return None;
            }
        }
        None
    }

    /// German order: the negator stands behind the verb or adjective that it turns, and turns nothing after it.
    fn negator_after(&self, index: usize) -> Option<&Mark> {
        let mark = self.marks.get(index)?;
        let clause = self.place(mark.tokens.start).clause;
        let later = self.marks.iter().skip(index + 1).take(MAX_TERMS_TO_NEGATOR);
        let mut rest = later.take_while(|m| self.place(m.tokens.start).clause == clause);
        let found = rest.by_ref().find(|m| m.feeling().is_some() || m.entry.negator.is_some())?;
        let negator = found.entry.negator.filter(|negator| negator.works_back)?;
        let reaches = found.tokens.start.saturating_sub(mark.tokens.end) < negator.reach;
        let is_taken = rest.any(|m| m.feeling().is_some() && m.tokens.start.saturating_sub(found.tokens.end) < 3);
        (reaches && !is_taken).then_some(found)
    }

    fn place_in_sentence(&self, index: usize, charge: &mut Charge) {
        let Some(mark) = self.marks.get(index) else { return };
        let place = self.place(mark.tokens.start);
        let is_praise = charge.weight > 0.0;
        if self.wished.get(place.clause as usize).copied().unwrap_or(false) {
            charge.weight *= if is_praise { WISHED_PRAISE } else { WISHED_BLAME };
        }
        let tone = self.tone.get(place.sentence as usize).copied().unwrap_or_default();
        if tone.is_question {
            charge.weight *= if is_praise { ASKED_PRAISE } else { ASKED_BLAME };
        } else if tone.is_exclaimed {
            charge.weight *= EXCLAIMED;
        }
        if place.is_quoted {
            charge.weight *= QUOTED;
        }
    }
}
