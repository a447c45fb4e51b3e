//! Which dates can be right.

use jiff::{SignedDuration, Timestamp};

/// Before this nobody published on the web: such dates are zeros and misreadings (Unix seconds of 1990-01-01).
pub(super) const EARLIEST_SECONDS: i64 = 631_152_000;

/// How far into the future a clock may be wrong.
pub(super) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// Whether something that was read at `now` can be of `at`.
pub(super) fn is_likely(at: Timestamp, now: Timestamp) -> bool {
    let latest = now.checked_add(CLOCK_TOLERANCE).unwrap_or(Timestamp::MAX);
    at.as_second() >= EARLIEST_SECONDS && at <= latest
}
