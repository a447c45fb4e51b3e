//! The weights that were fitted on our own texts (`training/spam`), and the sum over what a text has of them.
//!
//! Logistic regression: a text counts each feature once, its length set to one, so that a long article is not taken
//! for spam by its many words; the phrases of the lexicons count by class. `lexicons/all/spam_weights.tsv` is made
//! by `UPDATE_WEIGHTS=1 cargo test --lib spam_weights`.

use super::feature;
use crate::lexicon;
use crate::text::{Tokens, WordMap};
#[cfg(test)]
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// The row that holds for any text.
pub(super) const BIAS: &str = "~~any";

/// What stands before the name of a class of phrases.
pub(super) const CLASS: &str = "~~phrase:";

/// The weights, by feature.
#[derive(Debug, Default)]
pub(super) struct Weights {
    ids: WordMap<Box<str>, u32>,
    list: Vec<f32>,
}

/// A feature that a text has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clue {
    /// Where it stands; empty for the shape of the text.
    pub tokens: Range<usize>,
    /// What it adds to the sum.
    pub weight: f32,
}

impl Weights {
    /// The weights that are built in.
    pub(super) fn built_in() -> &'static Self {
        static WEIGHTS: LazyLock<Weights> =
            LazyLock::new(|| Weights::read(lexicon::built_in("all", "spam_weights").unwrap_or("")));
        &WEIGHTS
    }

    /// The weights of a file of them; faulty rows are left out, as a test finds them.
    pub(super) fn read(text: &str) -> Self {
        let rows = lexicon::rows(text).filter_map(|row| Some((Box::from(row.cell(0)), row.number(1).ok()?)));
        let mut weights = Self::default();
        for (feature, weight) in rows {
            weights.ids.insert(feature, u32::try_from(weights.list.len()).unwrap_or(u32::MAX));
            weights.list.push(weight);
        }
        weights
    }

    /// The weight of `feature`; 0 where there is none.
    pub(super) fn of(&self, feature: &str) -> f32 {
        self.ids.get(feature).and_then(|id| self.list.get(*id as usize)).copied().unwrap_or(0.0)
    }

    /// The clues of `tokens`, each feature once, and their sum.
    pub(super) fn clues(&self, tokens: &Tokens<'_>) -> (Vec<Clue>, f32) {
        let mut clues = Vec::with_capacity(64);
        let mut seen = vec![false; self.list.len()];
        let mut count = 0;
        feature::each(tokens, |name, tokens| {
            count += 1;
            let Some(id) = self.ids.get(name).map(|id| *id as usize) else { return };
            if let (Some(seen), Some(weight)) = (seen.get_mut(id).filter(|seen| !**seen), self.list.get(id)) {
                *seen = true;
                clues.push(Clue { tokens, weight: *weight });
            }
        });
        let scale = scale(count);
        clues.iter_mut().for_each(|clue| clue.weight *= scale);
        let sum = clues.iter().map(|clue| clue.weight).sum();
        (clues, sum)
    }
}

/// What each of `count` features counts, so that the text as a whole counts one.
pub(super) fn scale(count: usize) -> f32 {
    // A text of few known words is not judged by one of them alone.
    1.0 / (count.max(6) as f32).sqrt()
}

/// The features of `tokens`, each once, in text order, and how many there are with repeats: what training needs.
#[cfg(test)]
pub(super) fn features(tokens: &Tokens<'_>) -> (Vec<String>, usize) {
    let (mut seen, mut list, mut count) = (HashSet::new(), Vec::new(), 0);
    feature::each(tokens, |name, _| {
        count += 1;
        if seen.insert(name.to_owned()) {
            list.push(name.to_owned());
        }
    });
    (list, count)
}
