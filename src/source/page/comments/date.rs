//! Times as pages write them among other words: "am 3. Mai 2024 um 10:12 Uhr | Antworten".

use crate::model::PostedAt;
use crate::when::read_page_date;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The first time that `text` shows, alone or among a few other words.
#[must_use]
pub fn date_in(text: &str, now: Timestamp, clock: Offset) -> Option<PostedAt> {
    read_page_date(text.trim(), now, clock).map(|date| date.posted)
}

/// Whether `text` looks like a time and little else.
#[must_use]
pub fn is_date_like(text: &str) -> bool {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_relative = || {
        let lower = text.to_lowercase();
        lower.starts_with("vor ")
            || lower.ends_with(" ago")
            || lower.starts_with("gestern")
            || lower.starts_with("heute")
    };
    let n_words = text.split_whitespace().count();
    n_words <= 10
        && ((has_digit && date_in(text, Timestamp::MAX, Offset::UTC).is_some()) || (n_words <= 5 && is_relative()))
}
