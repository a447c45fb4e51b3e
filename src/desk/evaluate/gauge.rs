//! What can be evaluated: where a record holds people's label, and what the program says to the same.

use super::figures::Outcome;
use super::record::Record;
use super::slot::{fit_of_deadline, fit_of_place};
use crate::analyze::{About, BrandIndex, Felt, sightings};
use crate::model::{BrandId, Feeling, Kind, Mention, Phase, Reason, Sentiment};
use crate::pipeline::{Judged, Studied};
use crate::text::Tokens;
use serde_json::Value;
use std::collections::BTreeSet;

/// From this score on `mixed` counts as a side, where people know no `mixed`.
const SIDED_FROM: f32 = 0.05;

/// What is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    /// The feeling of the text: `positive`, `neutral`, `negative`, `mixed`.
    Sentiment,
    /// The same toward the brand that the record names.
    Target,
    /// Whether the brand is meant: `relevant`, `irrelevant`.
    Relevance,
    /// Whether it is spam: `spam`, `ham`.
    Spam,
    /// The language of the text: its code.
    Language,
    /// The kinds of opportunity, any number of them.
    Kinds,
    /// The part of the customer's journey.
    Phase,
    /// The instant after which a gesture comes too late.
    Deadline,
    /// Where the person is or will be.
    Place,
    /// Whether one personal gesture would fit: `surprise`, `none`.
    Surprise,
    /// What the feeling is about, any number of things.
    Aspects,
    /// The emotion, or `none`.
    Emotion,
}

impl Gauge {
    /// Every gauge by its name.
    pub const ALL: [(&'static str, Self); 12] = [
        ("sentiment", Self::Sentiment),
        ("target", Self::Target),
        ("relevance", Self::Relevance),
        ("spam", Self::Spam),
        ("language", Self::Language),
        ("kinds", Self::Kinds),
        ("phase", Self::Phase),
        ("deadline", Self::Deadline),
        ("place", Self::Place),
        ("surprise", Self::Surprise),
        ("aspects", Self::Aspects),
        ("emotion", Self::Emotion),
    ];

    /// The gauge of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, gauge)| *gauge)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, gauge)| *gauge == self).map_or("", |(name, _)| *name)
    }

    /// Whether it is about a feeling, whose confidence can be held against what was right.
    #[must_use]
    pub fn is_feeling(self) -> bool {
        matches!(self, Self::Sentiment | Self::Target)
    }

    /// Whether the language that a record names is told to the program; else it decides, as it mostly must in life.
    /// Where only a word of the text is known as target, the question is another.
    pub(super) fn tells_language(self, has_brand: bool) -> bool {
        matches!(self, Self::Target | Self::Relevance) && !has_brand
    }
}

/// People's verdict.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Gold {
    Label(String),
    Labels(BTreeSet<String>),
    /// What stands in a slot, all that is right; nothing where it is empty.
    Slot(Vec<String>),
}

/// What people say in `record`; `None` where they say nothing of it.
pub(super) fn gold(gauge: Gauge, record: &Record) -> Option<Gold> {
    let text = |name: &str| record.label(name).and_then(Value::as_str);
    let yes = |name: &str, yes: &str, no: &str| {
        record.label(name).and_then(Value::as_bool).map(|is| if is { yes } else { no }.to_owned())
    };
    let feeling = |names: [&str; 2]| {
        let named = names.iter().filter_map(|name| text(name));
        named.filter(|label| Sentiment::from_name(label).is_some()).map(str::to_owned).next()
    };
    let one_of = |known: [&str; 2]| text("label").filter(|label| known.contains(label)).map(str::to_owned);
    let is_apart = || record.is_beside_the_point();
    match gauge {
        Gauge::Sentiment => feeling(["text_label", "label"]).map(Gold::Label),
        Gauge::Target if is_apart() => None,
        Gauge::Target => feeling(["sentiment", "label"]).map(Gold::Label),
        Gauge::Relevance => {
            yes("relevant", "relevant", "irrelevant").or_else(|| one_of(["relevant", "irrelevant"])).map(Gold::Label)
        }
        Gauge::Spam => yes("spam", "spam", "ham").or_else(|| one_of(["spam", "ham"])).map(Gold::Label),
        Gauge::Language => {
            let label = text("label").filter(|label| is_code(label));
            label.or(record.lang.as_deref()).map(|code| Gold::Label(code.to_owned()))
        }
        Gauge::Phase if is_apart() => None,
        Gauge::Phase => {
            text("phase").filter(|name| Phase::from_name(name).is_some()).map(|n| Gold::Label(n.to_owned()))
        }
        Gauge::Kinds => set(record, "kinds", |name| Kind::from_name(name).is_some()),
        Gauge::Aspects => set(record, "aspects", |_| true),
        Gauge::Surprise => yes("surprise", "surprise", "none").map(Gold::Label),
        Gauge::Emotion => {
            record.has_label("emotion").then(|| Gold::Label(text("emotion").unwrap_or("none").to_owned()))
        }
        Gauge::Deadline => slot(record, "deadline"),
        Gauge::Place => slot(record, "place"),
    }
}

fn is_code(label: &str) -> bool {
    matches!(label.len(), 2 | 3) && label.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn set(record: &Record, name: &str, is_known: impl Fn(&str) -> bool) -> Option<Gold> {
    let names = record.label(name)?.as_array()?.iter().filter_map(Value::as_str);
    Some(Gold::Labels(names.filter(|name| is_known(name)).map(str::to_owned).collect()))
}

/// The slot `name` and what else is right there (`place_alt`); from `slots`, or from the record itself.
fn slot(record: &Record, name: &str) -> Option<Gold> {
    let slots = record.label("slots").and_then(Value::as_object);
    if slots.is_none() && !record.has_label(name) {
        return None;
    }
    let field = |name: &str| match slots {
        Some(slots) => slots.get(name),
        None => record.label(name),
    };
    let others = format!("{name}_alt");
    let first = field(name).and_then(Value::as_str).into_iter();
    let others = field(&others).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let all: Vec<String> = first.chain(others).map(str::to_owned).collect();
    Some(Gold::Slot(all))
}

/// What the program says of one record.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub outcome: Outcome,
    /// Of a `mixed` feeling, the side of its score.
    pub side: Option<Sentiment>,
    /// How sure we are, from 0 to 1.
    pub sureness: f32,
    pub reasons: Vec<Reason>,
    /// The brand of the record was found in it.
    pub is_found: bool,
}

/// What the program says of `record`, which was `studied` with `index`, beside people's verdict.
pub(super) fn verdict(gauge: Gauge, gold: Gold, record: &Record, index: &BrandIndex, studied: &Studied) -> Verdict {
    let analysis = &studied.analysis;
    let first = analysis.mentions.first().zip(studied.judged.first());
    let is_found = first.is_some();
    let mut side = None;
    let mut of_feeling = |feeling: Feeling| {
        side = side_of(&feeling);
        (feeling.label.as_str().to_owned(), feeling.confidence, feeling.reasons)
    };
    let (said, sureness, reasons) = match gauge {
        Gauge::Sentiment => of_feeling(analysis.sentiment.clone()),
        Gauge::Target => of_feeling(toward_target(record, index, studied)),
        Gauge::Relevance => match first {
            Some((mention, _)) => ("relevant".to_owned(), mention.relevance, mention.reasons.clone()),
            None => ("irrelevant".to_owned(), 1.0, Vec::new()),
        },
        Gauge::Spam => {
            let spam = &analysis.spam;
            let (label, sureness) = if spam.is_spam { ("spam", spam.score) } else { ("ham", 1.0 - spam.score) };
            (label.to_owned(), sureness, spam.reasons.clone())
        }
        Gauge::Language => (analysis.lang.clone().unwrap_or_else(|| "undecided".to_owned()), 1.0, Vec::new()),
        _ => first.map_or_else(|| (nothing_of(gauge), 1.0, Vec::new()), |first| of_mention(gauge, first)),
    };
    let outcome = match gold {
        Gold::Label(gold) => Outcome::Label { gold, said },
        Gold::Labels(gold) => {
            Outcome::Labels { gold, said: first.map(|first| labels(gauge, first)).unwrap_or_default() }
        }
        Gold::Slot(gold) => {
            let gold: Vec<&str> = gold.iter().map(String::as_str).collect();
            let slots = first.map(|(_, judged)| &judged.judgement.slots);
            match gauge {
                Gauge::Deadline => {
                    let said = slots.and_then(|slots| slots.deadline.as_ref()).map(|deadline| deadline.at.at);
                    Outcome::Slot { name: "deadline", fit: fit_of_deadline(&gold, said) }
                }
                _ => {
                    let said = slots.and_then(|slots| slots.place.as_deref());
                    Outcome::Slot { name: "place", fit: fit_of_place(&gold, said) }
                }
            }
        }
    };
    Verdict { outcome, side, sureness, reasons, is_found }
}

/// What is said of a record in which nobody is meant.
fn nothing_of(gauge: Gauge) -> String {
    if gauge == Gauge::Phase { Phase::None.as_str() } else { "none" }.to_owned()
}

fn of_mention(gauge: Gauge, (mention, judged): (&Mention, &Judged)) -> (String, f32, Vec<Reason>) {
    let judgement = &judged.judgement;
    let said = match gauge {
        Gauge::Phase => judgement.phase.as_str().to_owned(),
        Gauge::Surprise if judgement.surprise => "surprise".to_owned(),
        Gauge::Emotion => emotion(mention),
        _ => "none".to_owned(),
    };
    (said, judgement.score, judgement.reasons.clone())
}

fn labels(gauge: Gauge, (mention, judged): (&Mention, &Judged)) -> BTreeSet<String> {
    match gauge {
        Gauge::Kinds => judged.judgement.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        _ => mention.aspects.iter().cloned().collect(),
    }
}

/// The emotion by its name.
fn emotion(mention: &Mention) -> String {
    mention.emotion.map_or("none", |emotion| emotion.as_str()).to_owned()
}

/// The feeling toward the brand of the record.
fn toward_target(record: &Record, index: &BrandIndex, studied: &Studied) -> Feeling {
    let analysis = &studied.analysis;
    match target(record, studied) {
        Some(About::Brand(_)) => analysis.mentions.first().map(|mention| mention.sentiment.clone()).unwrap_or_default(),
        Some(About::Text) => analysis.sentiment.clone(),
        Some(about @ About::Place(_)) => {
            let text = record.item.reading_text();
            let tokens = Tokens::new(&text);
            felt(Gauge::Target, record, index, studied, &tokens, &about).feeling()
        }
        None => Feeling::default(),
    }
}

/// What is felt toward in `record`: its brand, where that is meant; else, where only a word of the text is known as
/// target, the place where it stands, or the text. `None` where a brand is known and not meant: then nothing is felt.
fn target<'s>(record: &Record, studied: &'s Studied) -> Option<About<'s>> {
    if let Some(mention) = studied.analysis.mentions.first() {
        return Some(About::Brand(&mention.brand));
    }
    if record.has_brand {
        return None;
    }
    let text = record.item.reading_text();
    // The offsets are those of the record's text; what is read may have lost markup.
    let stands_there = |place: &std::ops::Range<usize>| text.get(place.clone()) == record.text.get(place.clone());
    Some(record.place.clone().filter(stands_there).map_or(About::Text, About::Place))
}

fn felt<'t>(
    gauge: Gauge,
    record: &Record,
    index: &BrandIndex,
    studied: &Studied,
    tokens: &'t Tokens<'t>,
    about: &About<'_>,
) -> Felt<'t> {
    let text = record.item.reading_text();
    let seen = if gauge == Gauge::Target { sightings(index, &record.item, &text) } else { Vec::new() };
    Felt::new(index, tokens, &seen, studied.analysis.lang.as_deref(), about)
}

/// The feeling of `record` that `gauge` is about, to be weighed anew; `None` where nothing was weighed.
pub(super) fn to_weigh<'t>(
    gauge: Gauge,
    record: &Record,
    index: &BrandIndex,
    studied: &Studied,
    tokens: &'t Tokens<'t>,
) -> Option<Felt<'t>> {
    let is_own =
        |brand: &BrandId| studied.analysis.mentions.iter().any(|mention| mention.own && mention.brand == *brand);
    let about = match gauge {
        Gauge::Sentiment => About::Text,
        _ => target(record, studied)?,
    };
    match &about {
        About::Brand(brand) if is_own(brand) => None,
        _ => Some(felt(gauge, record, index, studied, tokens, &about)),
    }
}

/// The side of a `mixed` feeling.
pub(super) fn side_of(feeling: &Feeling) -> Option<Sentiment> {
    (feeling.label == Sentiment::Mixed).then(|| {
        if feeling.score > SIDED_FROM {
            Sentiment::Positive
        } else if feeling.score < -SIDED_FROM {
            Sentiment::Negative
        } else {
            Sentiment::Neutral
        }
    })
}
