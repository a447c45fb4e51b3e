//! When an alert that was not acknowledged is tried again.

use crate::text::hash64;
use std::time::Duration;

/// The pause after the first failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// How much longer than planned a pause may be, so that what failed together does not come back together.
const JITTER_PERCENT: u64 = 25;
/// After so many failures an alert is parked. With the pauses above this is about two days.
pub const ATTEMPTS_LIMIT: u32 = 17;

/// The pause after the `attempts`-th failure of the alert with this key; `None` means: park it, and show it.
///
/// Doubles from 30 seconds to 6 hours. The jitter comes from the key, so that it is the same on every machine.
#[must_use]
pub fn next_attempt(attempts: u32, key: &str) -> Option<Duration> {
    if attempts >= ATTEMPTS_LIMIT {
        return None;
    }
    let doublings = attempts.saturating_sub(1).min(20);
    let planned = FIRST_PAUSE.as_secs().saturating_mul(1 << doublings);
    let spread = planned * JITTER_PERCENT / 100;
    let extra = hash64(&[key, &attempts.to_string()]) % spread.max(1);
    Some(Duration::from_secs(planned.saturating_add(extra)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn pauses_double_up_to_six_hours_and_end() {
        let pauses: Vec<String> = (1..=ATTEMPTS_LIMIT)
            .map(|attempts| next_attempt(attempts, "k").map_or("park".to_owned(), |pause| pause.as_secs().to_string()))
            .collect();
        expect!["30 63 142 245 583 1159 2094 4339 8780 18722 21600 21600 21600 21600 21600 21600 park"]
            .assert_eq(&pauses.join(" "));
        assert_eq!(next_attempt(u32::MAX, "k"), None);
    }

    #[test]
    fn two_alerts_that_failed_together_come_back_apart() {
        assert_ne!(next_attempt(5, "a"), next_attempt(5, "b"));
        assert_eq!(next_attempt(5, "a"), next_attempt(5, "a"));
    }
}
