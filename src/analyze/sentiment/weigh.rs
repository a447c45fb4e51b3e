//! Weighs charges into a feeling.

use super::confidence::{Literacy, Weighed, confidence};
use super::scan::{Charge, ChargeKind, Charges};
use super::words::Role;
use crate::model::{Feeling, Reason, Sentiment};
use crate::text::{Token, TokenKind, Tokens};

/// What stands before a contrast ("but") weighs less, what follows it more.
const BEFORE_CONTRAST: f32 = 0.6;
const AFTER_CONTRAST: f32 = 1.25;
/// A clause that gives in ("although") weighs less.
const OUTWEIGHED: f32 = 0.6;
/// Thanks beside blame, or in a text that asks, are manners.
const MANNERS: f32 = 0.15;
const MANNERS_FROM_BLAME: f32 = 0.8;
/// A text that passes on a link quotes more than it feels; pictures are the writer's own.
const WITH_LINK: f32 = 0.6;
/// The same where the writer speaks of themselves.
const OWN_WITH_LINK: f32 = 0.8;
/// Whoever writes to somebody by handle and blames means it more than the words say,
/// and faint praise beside that blame is mostly irony or courtesy.
const ADDRESSED_BLAME: f32 = 0.4;
const FAINT_PRAISE: f32 = 0.4;
const FAINT_PRAISE_UP_TO: f32 = 3.0;
const FAINT_BESIDE_BLAME: f32 = 1.5;
/// The net weight at which a text is no longer neutral.
const PRAISE_FROM: f32 = 0.8;
const BLAME_FROM: f32 = 1.0;
/// Both sides must weigh this much to be mixed, and the lighter this share of the heavier, before a contrast
/// makes one of them lighter.
const MIXED_FROM: f32 = 1.8;
const MIXED_SHARE: f32 = 0.6;
/// Long texts hold more words of every kind: beyond so many tokens their sum is scaled down.
const LONG_TEXT_TOKENS: f32 = 25.0;
const LONG_TEXT_POWER: f32 = 0.8;
/// The same where nobody speaks of themselves: news, adverts.
const LONG_REPORT_POWER: f32 = 1.2;
/// The net weight that scores 0.7.
const SQUASH: f32 = 2.5;
/// Charges lighter than this are not told.
const LEAST_WEIGHT: f32 = 0.01;

/// The feeling of the whole text, whoever it is toward.
///
/// The score lies within -1 and 1; the reasons are in text order. Linear in the number of charges and contrasts.
#[must_use]
pub fn of_text(charges: &Charges, tokens: &Tokens<'_>) -> Feeling {
    feeling(charges, tokens, Form::of(charges, tokens), |_| 1.0)
}

/// What the form of a text says, whatever its words are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    has_link: bool,
    asks: bool,
    /// It begins with a handle.
    is_addressed: bool,
    /// The writer speaks of themselves.
    is_personal: bool,
    /// What its length leaves of the sum.
    scale: f32,
    n_words: usize,
}

impl Form {
    pub fn of(charges: &Charges, tokens: &Tokens<'_>) -> Self {
        let power = if charges.is_personal { LONG_TEXT_POWER } else { LONG_REPORT_POWER };
        let is_question =
            |at: usize| tokens.kind(at) == Some(TokenKind::Punctuation) && tokens.folded(at).starts_with('?');
        let is_word = |token: &&Token| token.kind == TokenKind::Word;
        Self {
            has_link: tokens.list().iter().any(|token| token.kind == TokenKind::Link),
            asks: (0..tokens.len()).any(is_question),
            is_addressed: tokens.kind(0) == Some(TokenKind::Handle),
            is_personal: charges.is_personal,
            scale: (LONG_TEXT_TOKENS / tokens.len().max(1) as f32).powf(power).min(1.0),
            n_words: tokens.list().iter().filter(is_word).count(),
        }
    }

    /// The same text, of which only what stands near the brand counts: its length does not matter.
    pub fn near_brand(self) -> Self {
        Self { scale: 1.0, ..self }
    }

    /// What the length of the text leaves of a sum over all of it.
    pub fn scale(self) -> f32 {
        self.scale
    }
}

/// The feeling of the charges, each multiplied by what `share` says of it.
pub(super) fn feeling(charges: &Charges, tokens: &Tokens<'_>, form: Form, share: impl Fn(&Charge) -> f32) -> Feeling {
    let mut sides = Sides::default();
    let mut weighed: Vec<(&Charge, f32)> = charges
        .list
        .iter()
        .map(|charge| {
            let whole = charge.weight * share(charge) * of_form(charge, form);
            sides.add(whole);
            (charge, whole * turned(charges, charge))
        })
        .filter(|(_, weight)| weight.abs() > LEAST_WEIGHT)
        .collect();
    if form.asks || blame_of(&weighed) > MANNERS_FROM_BLAME {
        let polite = weighed.iter_mut().filter(|(charge, _)| charge.kind == ChargeKind::Polite);
        polite.for_each(|(_, weight)| *weight *= MANNERS);
    }
    let mut blame = blame_of(&weighed) * form.scale;
    let mut praise = weighed.iter().map(|(_, weight)| weight.max(0.0)).sum::<f32>() * form.scale;
    if form.is_addressed && blame > 0.0 {
        blame += ADDRESSED_BLAME;
        if blame >= FAINT_BESIDE_BLAME && praise <= FAINT_PRAISE_UP_TO {
            praise *= FAINT_PRAISE;
        }
    }
    let sides = sides.scaled(form.scale);
    let label = label(praise, blame, &sides);
    let n_read: usize = weighed.iter().map(|(charge, _)| charge.tokens.len()).sum();
    let confidence = confidence(&Weighed {
        label,
        margin: margin(label, praise, blame, &sides),
        share_read: n_read as f32 / form.n_words.max(1) as f32,
        n_words: form.n_words,
        literacy: charges.literacy,
    });
    let mut reasons: Vec<Reason> =
        weighed.into_iter().filter_map(|(charge, weight)| reason(charge, weight, tokens)).collect();
    if charges.literacy == Literacy::None {
        reasons.push(Reason::rule("feeling.no_lexicon", 0.0));
    }
    Feeling { label, score: squash(praise - blame), confidence, reasons }
}

/// Praise and blame as they stand, whatever a contrast makes of them.
#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    praise: f32,
    blame: f32,
}

impl Sides {
    fn add(&mut self, weight: f32) {
        if weight > 0.0 { self.praise += weight } else { self.blame -= weight }
    }

    fn scaled(self, scale: f32) -> Self {
        Self { praise: self.praise * scale, blame: self.blame * scale }
    }
}

fn blame_of(weighed: &[(&Charge, f32)]) -> f32 {
    weighed.iter().map(|(_, weight)| (-weight).max(0.0)).sum()
}

fn of_form(charge: &Charge, form: Form) -> f32 {
    match (form.has_link, form.is_personal) {
        _ if charge.kind == ChargeKind::Picture => 1.0,
        (false, _) => 1.0,
        (true, true) => OWN_WITH_LINK,
        (true, false) => WITH_LINK,
    }
}

/// What the contrasts of its sentence make of a charge.
fn turned(charges: &Charges, charge: &Charge) -> f32 {
    let Some(place) = charges.places.get(charge.tokens.start) else { return 1.0 };
    let mut factor: f32 = 1.0;
    let sentence_of = |at: usize| charges.places.get(at).map_or(0, |place| place.sentence);
    let from = charges.turns.partition_point(|(at, _)| sentence_of(*at) < place.sentence);
    for (at, role) in charges.turns.iter().skip(from).take_while(|(at, _)| sentence_of(*at) == place.sentence) {
        let Some(turn) = charges.places.get(*at) else { continue };
        match role {
            Role::Contrast if charge.tokens.start > *at => factor *= AFTER_CONTRAST,
            Role::Contrast => factor *= BEFORE_CONTRAST,
            Role::Outweighed if turn.clause == place.clause => factor *= OUTWEIGHED,
            _ => {}
        }
    }
    factor.clamp(0.3, 1.6)
}

/// Bounded by 1, steady, odd.
fn squash(net: f32) -> f32 {
    // Adding zero turns -0.0 into 0.0, which reads better in JSON.
    net / (net * net + SQUASH * SQUASH).sqrt() + 0.0
}

fn label(praise: f32, blame: f32, sides: &Sides) -> Sentiment {
    let (lighter, heavier) = (sides.praise.min(sides.blame), sides.praise.max(sides.blame));
    if lighter >= MIXED_FROM && lighter >= heavier * MIXED_SHARE {
        Sentiment::Mixed
    } else if praise - blame >= PRAISE_FROM {
        Sentiment::Positive
    } else if blame - praise >= BLAME_FROM {
        Sentiment::Negative
    } else {
        Sentiment::Neutral
    }
}

/// How far the sides lie from where the sign would be another.
fn margin(label: Sentiment, praise: f32, blame: f32, sides: &Sides) -> f32 {
    let net = praise - blame;
    match label {
        Sentiment::Positive => net - PRAISE_FROM,
        Sentiment::Negative => -net - BLAME_FROM,
        Sentiment::Neutral => (PRAISE_FROM - net).min(net + BLAME_FROM),
        Sentiment::Mixed => sides.praise.min(sides.blame) - MIXED_FROM,
    }
}

fn reason(charge: &Charge, weight: f32, tokens: &Tokens<'_>) -> Option<Reason> {
    let span = tokens.span(charge.tokens.clone())?;
    Some(Reason::at(charge.kind.rule(), tokens.words(charge.tokens.clone()), span, weight))
}
