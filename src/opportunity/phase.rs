//! The part of the customer's journey that a post speaks of.

use super::post::Post;
use crate::model::{EvidenceKind, Kind, Phase};
use crate::text::fold_to_string;

/// What a kind says of the phase where the words say little: (kind, phase, weight).
const PRIORS: [(Kind, Phase, f32); 10] = [
    (Kind::Purchase, Phase::Presales, 1.6),
    (Kind::Wish, Phase::Presales, 0.6),
    (Kind::Newcomer, Phase::Use, 0.5),
    (Kind::Advocate, Phase::Use, 0.7),
    (Kind::BrandLove, Phase::Use, 1.0),
    (Kind::Recovery, Phase::Use, 0.7),
    (Kind::SilentGripe, Phase::Use, 0.9),
    (Kind::Question, Phase::Use, 0.3),
    (Kind::Churn, Phase::Aftersales, 0.3),
    (Kind::Moment, Phase::Use, 0.2),
];

/// What an aspect says of the phase, once for each phase: (aspect, phase, weight).
const ASPECTS: [(&str, Phase, f32); 11] = [
    ("availability", Phase::Presales, 0.5),
    ("ordering", Phase::Sales, 0.5),
    ("food", Phase::Use, 0.7),
    ("comfort", Phase::Use, 0.7),
    ("cleanliness", Phase::Use, 0.7),
    ("punctuality", Phase::Use, 0.7),
    ("quality", Phase::Use, 0.5),
    ("delivery", Phase::Aftersales, 0.5),
    ("returns", Phase::Aftersales, 0.7),
    ("defect", Phase::Aftersales, 0.5),
    ("contract", Phase::Aftersales, 0.5),
];

/// A touchpoint needs as much; below it a post is chat.
const LEAST: f32 = 0.4;
/// A post without any kind needs more: it names things without a touchpoint.
const LEAST_WITHOUT_KIND: f32 = 1.6;
/// Somebody who tells of themself needs less: a touchpoint it was.
const LEAST_PERSONAL: f32 = 1.1;
/// Somebody who speaks to a help desk mostly has bought already.
const HELP_DESK: f32 = 0.9;
/// In the handles of help desks.
const HELP_DESK_WORDS: [&str; 7] = ["help", "care", "support", "assist", "hilft", "service", "ask"];

/// The phase with the largest sum of cues and priors; `None` for chat.
pub(super) fn of(post: &Post<'_>, kinds: &[Kind]) -> Phase {
    let prior = |phase: Phase| -> f32 {
        PRIORS.iter().filter(|(kind, of, _)| *of == phase && kinds.contains(kind)).map(|(_, _, weight)| weight).sum()
    };
    let least = match (kinds.is_empty(), post.is_personal()) {
        (false, _) => LEAST,
        (true, true) => LEAST_PERSONAL,
        (true, false) => LEAST_WITHOUT_KIND,
    };
    let mut best = (Phase::None, least);
    for phase in [Phase::Use, Phase::Aftersales, Phase::Presales, Phase::Sales] {
        let cues = post.hits.sum(phase.as_str()) - post.hits.sum("none") * 0.5;
        let desk = if phase == Phase::Aftersales && is_to_help_desk(post) { HELP_DESK } else { 0.0 };
        let sum = cues + prior(phase) + desk + of_aspects(post, phase);
        if sum >= best.1 {
            best = (phase, sum + f32::EPSILON);
        }
    }
    match best.0 {
        Phase::None if post.is_review() => Phase::Use,
        phase => phase,
    }
}

/// What the aspects of the mention say for `phase`.
fn of_aspects(post: &Post<'_>, phase: Phase) -> f32 {
    let aspects = &post.subject.mention.aspects;
    let says = ASPECTS.iter().filter(|(name, of, _)| *of == phase && aspects.iter().any(|aspect| aspect == name));
    says.map(|(_, _, weight)| *weight).fold(0.0, f32::max)
}

fn is_to_help_desk(post: &Post<'_>) -> bool {
    let evidence = post.subject.mention.evidence.iter().filter(|evidence| evidence.kind == EvidenceKind::Handle);
    let mut handles = evidence.map(|evidence| fold_to_string(&evidence.words));
    handles.any(|handle| HELP_DESK_WORDS.iter().any(|word| handle.contains(word)))
}
