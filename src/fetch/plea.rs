//! What an answer asks of us: to slow down, for how long, or nothing.
//!
//! Limits are the host's toward one credential, so a plea holds for all sources that share both; a crowded server is
//! crowded for everybody. A 403 that tells of a limit is a plea, not a refusal.

use super::quota::Quota;
use super::retry_after;
use crate::net::Answer;
use jiff::Timestamp;
use std::time::Duration;

/// How refusals speak of a limit, in lower case.
const LIMIT_WORDS: [&str; 9] = [
    "rate limit",
    "rate-limit",
    "rate_limit",
    "ratelimit",
    "rate limited",
    "too many requests",
    "quotaexceeded",
    "quota exceeded",
    "request limit",
];

/// Refusals longer than this are pages, which may speak of anything.
const REFUSAL_BYTES: usize = 16 << 10;

/// What an answer asks of us.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plea {
    /// Nothing: the host answers.
    None,
    /// Nothing, with an error that says neither that the host is crowded nor that it is not.
    Error,
    /// Nothing more until then: this was the last request that was granted.
    Pause(Duration),
    /// To slow down, where it says so for this long.
    SlowDown(Option<Duration>),
    /// Perhaps to slow down: a server that says 503 may be crowded, or have a fault on this one page.
    Perhaps,
}

/// What `answer` asks of us.
pub(super) fn read(answer: &Answer, quota: &Quota, now: Timestamp) -> Plea {
    let after = answer.header("retry-after").and_then(|text| retry_after::parse(text, now));
    let reset = quota.resets_in.filter(|_| quota.is_used_up() || answer.status == 429);
    // No time at all says as little as nothing.
    let told = after.filter(|wait| !wait.is_zero()).or(reset);
    match answer.status {
        429 => Plea::SlowDown(told),
        403 if after.is_some() || quota.is_used_up() => Plea::SlowDown(told),
        503 => told.map_or(Plea::Perhaps, |told| Plea::SlowDown(Some(told))),
        200..=399 => reset.map_or(Plea::None, Plea::Pause),
        _ => Plea::Error,
    }
}

/// Whether a refusal (its body) tells of a limit.
pub(super) fn tells_of_limit(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body.get(..REFUSAL_BYTES).unwrap_or(body)).to_ascii_lowercase();
    LIMIT_WORDS.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_that_tells_of_a_limit_is_known_by_its_words() {
        for text in [
            "{\"message\": \"API rate limit exceeded for 192.0.2.1.\"}",
            "{\"error\":{\"errors\":[{\"reason\":\"quotaExceeded\"}]}}",
            "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\"}}",
            "<h1>Too Many Requests</h1>",
            "You have exceeded a secondary rate limit",
        ] {
            assert!(tells_of_limit(text.as_bytes()), "{text}");
        }
        for text in ["", "Forbidden", "You may not see this page.", "{\"error\":\"bad key\"}"] {
            assert!(!tells_of_limit(text.as_bytes()), "{text}");
        }
    }
}
