//! Times as pages write them among other words: "am 3. Mai 2024 um 10:12 Uhr | Antworten".

use crate::model::PostedAt;
use crate::when::read_page_date;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The longest text that is looked through for a time.
const LONGEST_BYTES: usize = 160;

/// At how many words of a text a time may begin, and end.
const STARTS: usize = 8;

/// The time that `text` shows, alone or among a few other words.
#[must_use]
pub fn date_in(text: &str, now: Timestamp, clock: Offset) -> Option<PostedAt> {
    let text = text.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
    if text.is_empty() || text.len() > LONGEST_BYTES {
        return None;
    }
    let ends = [text.len()].into_iter().chain(breaks(text));
    for end in ends.take(STARTS) {
        let head = text.get(..end).unwrap_or(text);
        let starts = [0].into_iter().chain(head.match_indices(char::is_whitespace).map(|(at, _)| at + 1));
        for start in starts.take(STARTS) {
            let part = head.get(start..).unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
            if let Some(date) = read(part, now, clock) {
                return Some(date);
            }
        }
    }
    None
}

/// Where something else may begin behind a time.
fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let marks = text.match_indices(['|', '·', '•', '—', '#', '(', '\u{a0}']).map(|(at, _)| at);
    let words = [
        " Uhr",
        " Antwort",
        " Reply",
        " Permalink",
        " Edit",
        " Bearbeiten",
        " Link",
        " sagt",
        " said",
        " says",
        " at ",
        " um ",
    ];
    marks.chain(words.into_iter().filter_map(|word| text.find(word)).filter(|at| *at > 0))
}

fn read(text: &str, now: Timestamp, clock: Offset) -> Option<PostedAt> {
    read_page_date(text, now, clock).map(|date| date.posted)
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
