//! What the author feels, by words of the lexicons.

use crate::model::Feeling;
use crate::text::Tokens;
use std::ops::Range;

/// The charged words of one text.
#[derive(Debug, Clone)]
pub struct Charges {}

/// Finds the charged words.
#[must_use]
pub fn charges(_tokens: &Tokens<'_>, _lang: Option<&str>) -> Charges {
    Charges {}
}

/// The feeling of the text itself.
#[must_use]
pub fn of_text(_charges: &Charges, _tokens: &Tokens<'_>) -> Feeling {
    Feeling::default()
}

/// The feeling toward one brand.
#[must_use]
pub fn toward(_c: &Charges, _t: &Tokens<'_>, _targets: &[Range<usize>], _others: &[Range<usize>]) -> Feeling {
    Feeling::default()
}
