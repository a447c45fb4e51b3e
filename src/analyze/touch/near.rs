//! How near signs, brands and feelings stand to each other.

use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// What a border takes, in tokens of distance; the same as between a feeling and a brand.
const CLAUSE_STEP: f32 = 4.0;
const SENTENCE_STEP: f32 = 6.0;
/// How many names of a brand in one text are looked at.
const MAX_NAMES: usize = 100;
/// A sign so far from every name of the brand is about something else: in a long text, beyond several sentences.
const FAR: f32 = 160.0;
/// The distance at which half of a sign is left.
const HALF_DISTANCE: f32 = 60.0;
/// No listed phrase is longer, in tokens.
pub(super) const REACH: usize = 40;

/// How far into the text each token stands; the last is the end.
pub(super) fn depths(tokens: &Tokens<'_>) -> Vec<f32> {
    let mut depths = Vec::with_capacity(tokens.len() + 1);
    let mut depth = 0.0;
    for (at, token) in tokens.list().iter().enumerate() {
        depths.push(depth);
        depth += 1.0;
        if tokens.ends_sentence(at) {
            depth += SENTENCE_STEP;
        } else if token.kind == TokenKind::Punctuation && tokens.folded(at).starts_with([',', ':', '–', '—', '(', ')'])
        {
            depth += CLAUSE_STEP;
        }
    }
    depths.push(depth);
    depths
}

/// The brand in its text, and the other brands.
pub(super) struct Near<'a> {
    pub(super) depths: &'a [f32],
    pub(super) targets: &'a [Range<usize>],
    pub(super) others: &'a [Range<usize>],
}

impl Near<'_> {
    /// How much of what stands at `tokens` is meant for the brand, above 0 and at most 1; `None` where nothing is.
    pub(super) fn share(&self, tokens: &Range<usize>) -> Option<f32> {
        let is_name = |name: &Range<usize>| name.start < tokens.end && tokens.start < name.end;
        if self.targets.iter().chain(self.others).take(MAX_NAMES).any(is_name) {
            return None;
        }
        let Some(own) = self.nearest(tokens, self.targets) else { return Some(1.0) };
        let is_others = self.nearest(tokens, self.others).is_some_and(|other| other < own);
        (!is_others && own < FAR).then(|| 1.0 / (1.0 + (own / HALF_DISTANCE).powi(2)))
    }

    /// The distance between two places, in tokens and the steps of the borders between them.
    pub(super) fn distance(&self, one: &Range<usize>, other: &Range<usize>) -> f32 {
        let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
        let depth = |at: usize| self.depths.get(at).or(self.depths.last()).copied().unwrap_or_default();
        (depth(second.start) - depth(first.end)).max(0.0)
    }

    fn nearest(&self, tokens: &Range<usize>, names: &[Range<usize>]) -> Option<f32> {
        names.iter().take(MAX_NAMES).map(|name| self.distance(tokens, name)).min_by(f32::total_cmp)
    }
}
