//! Dates and time phrases: what a feed writes as a date, and what a person means by "in two hours".

use crate::model::PostedAt;

/// Reads a date as feeds and pages write it; `None` where it is none.
#[must_use]
pub fn read_date(text: &str) -> Option<PostedAt> {
    text.trim().parse().ok()
}
