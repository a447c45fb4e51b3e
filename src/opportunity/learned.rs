//! The learned score: what each thing seen in a post is worth, and the sum of it.
//!
//! In: a post with its kinds and conditions. Out: [`Feature`]s, and their weights from
//! `lexicons/all/surprise_weights.tsv`. A logistic regression (L2), fitted on posts of our own by
//! `UPDATE_WEIGHTS=1 cargo test --lib surprise_weights`; see `crate::desk`.
//! Words of the text are no features, nor are pairs of concepts: what they gain on our own posts they lose on those of
//! others.

use super::concept::{self, Concept};
use super::cues::Hit;
use super::door::Door;
use super::duty;
use super::hook::Hook;
use super::kinds::Held;
use super::post::Post;
use crate::lexicon;
use crate::model::{Kind, Sentiment};
use crate::text::WordMap;
use std::sync::OnceLock;

/// The most that the sums of hook and door count, in both directions.
const SUM_MOST: f32 = 4.0;
/// The least of them.
const SUM_LEAST: f32 = -2.0;

/// Something seen in a post.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feature<'h, 't> {
    pub(super) name: &'static str,
    /// How much of it, mostly 1.
    pub(super) value: f32,
    /// The cue that it rests on.
    pub(super) hit: Option<&'h Hit<'t>>,
}

impl<'h, 't> Feature<'h, 't> {
    fn holds(name: &'static str) -> Self {
        Self::sum(name, 1.0)
    }

    fn sum(name: &'static str, value: f32) -> Self {
        Self { name, value, hit: None }
    }

    fn said(concept: Concept<'h, 't>) -> Self {
        Self { hit: concept.best, ..Self::sum(concept.name, concept.said) }
    }

    /// What it adds to the sum.
    pub(super) fn adds(&self) -> f32 {
        self.value * weight(self.name)
    }
}

/// What is seen in `post`; its kinds stand in `held`.
pub(super) fn features<'h, 't>(post: &'h Post<'t>, held: &[Held], hook: &Hook, door: &Door) -> Vec<Feature<'h, 't>> {
    let mention = post.subject.mention;
    let kinds: Vec<Kind> = held.iter().map(|held| held.kind).collect();
    let mut seen = vec![
        Feature::holds(feeling(mention.sentiment.label)),
        Feature::sum("feeling", mention.sentiment.score),
        Feature::sum("hook", hook.sum().clamp(SUM_LEAST, SUM_MOST)),
        Feature::sum("door", door.sum().clamp(SUM_LEAST, SUM_MOST)),
        Feature::holds(duty::beyond(post, &kinds).unwrap_or("owed.all")),
    ];
    seen.extend(kinds.iter().map(|kind| Feature::holds(kind_name(*kind))));
    seen.extend(kinds.is_empty().then(|| Feature::holds("kind.none")));
    let best = |family: &str| post.hits.best(family);
    seen.extend(hook.rows().map(|(name, family)| Feature { hit: family.and_then(best), ..Feature::holds(name) }));
    seen.extend(door.names().map(Feature::holds));
    seen.extend(mention.direct.then(|| Feature::holds("direct")));
    seen.extend(post.is_review().then(|| Feature::holds("review")));
    seen.extend(concept::of(&post.hits).map(Feature::said));
    seen
}

fn feeling(label: Sentiment) -> &'static str {
    match label {
        Sentiment::Positive => "feeling.positive",
        Sentiment::Neutral => "feeling.neutral",
        Sentiment::Negative => "feeling.negative",
        Sentiment::Mixed => "feeling.mixed",
    }
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Wish => "kind.wish",
        Kind::Moment => "kind.moment",
        Kind::BrandLove => "kind.brand_love",
        Kind::Advocate => "kind.advocate",
        Kind::Recovery => "kind.recovery",
        Kind::SilentGripe => "kind.silent_gripe",
        Kind::Churn => "kind.churn",
        Kind::Purchase => "kind.purchase",
        Kind::Newcomer => "kind.newcomer",
        Kind::Question => "kind.question",
        Kind::Reach => "kind.reach",
    }
}

/// What the sum starts from.
pub(super) fn start() -> f32 {
    weight("start")
}

/// The weight of `name`; 0 where none was learned.
fn weight(name: &str) -> f32 {
    static WEIGHTS: OnceLock<WordMap<&'static str, f32>> = OnceLock::new();
    let weights = WEIGHTS.get_or_init(|| {
        let rows = lexicon::rows(lexicon::built_in("all", "surprise_weights").unwrap_or_default());
        rows.filter_map(|row| Some((*row.cells.first()?, row.number(1).ok()?))).collect()
    });
    weights.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_and_a_number() {
        let rows = lexicon::rows(lexicon::built_in("all", "surprise_weights").expect("registered"));
        assert!(rows.map(|row| row.number(1).map(|_| ()).unwrap_or_else(|error| panic!("{error}"))).count() > 100);
    }
}
