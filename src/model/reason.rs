//! The evidence behind a verdict.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One piece of evidence: which rule spoke, on which words, with which weight.
///
/// Every verdict (a match, a sentiment, a spam score, an opportunity's score, a route) carries its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's stable name, for instance `wish.can_you` or `negation`.
    pub rule: String,
    /// The words that it spoke on, as they stand in the text; empty where it looked at something else.
    pub words: String,
    /// Where the words stand in the item's text (bytes), where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Range<usize>>,
    /// What it added; negative where it took away.
    pub weight: f32,
}

impl Reason {
    /// A reason that rests on no words of the text.
    #[must_use]
    pub fn rule(rule: impl Into<String>, weight: f32) -> Self {
        Self { rule: rule.into(), words: String::new(), span: None, weight }
    }

    /// A reason that rests on `words` at `span` of the text.
    #[must_use]
    pub fn at(rule: impl Into<String>, words: impl Into<String>, span: Range<usize>, weight: f32) -> Self {
        Self { rule: rule.into(), words: words.into(), span: Some(span), weight }
    }
}
