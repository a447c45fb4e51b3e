//! What one host grants to one holder: how long it wants to be left alone, and what is left of a quota.
//!
//! Pure but for the instants that it is handed. While plenty is left nothing waits; the last part of a quota is spread
//! over the time to its reset, so that all sources that share it still get their turn and none runs into the wall.

use super::quota::Quota;
use std::time::Duration;
use tokio::time::Instant;

/// Below this share of what is granted, what is left is spread.
const TIGHT_SHARE: f64 = 0.2;

/// The same where the host does not say what it grants: requests.
const TIGHT_REQUESTS: f64 = 10.0;

/// Two resets that are no further apart are the same: services round them.
const SAME_RESET: Duration = Duration::from_secs(5);

/// What is known of one holder's limits at one host.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant {
    pub(super) rests_until: Instant,
    /// Refusals in a row that did not say for how long.
    pub(super) strikes: u32,
    last_strike: Option<Instant>,
    pub(super) left: Option<Left>,
    /// Changed since it was last kept.
    pub(super) is_news: bool,
}

/// What is left of a quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Left {
    pub(super) requests: f64,
    pub(super) most: Option<f64>,
    pub(super) resets_at: Instant,
    /// When the last of them was taken.
    since: Instant,
}

/// Whether the next request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    Now,
    At(Instant),
}

impl Grant {
    pub(super) fn new(now: Instant) -> Self {
        Self { rests_until: now, strikes: 0, last_strike: None, left: None, is_news: false }
    }

    /// Leaves the host alone for `rest`, or longer where that was said before.
    pub(super) fn rest(&mut self, rest: Duration, now: Instant) {
        self.rests_until = self.rests_until.max(now + rest);
        self.is_news = true;
    }

    /// Counts a refusal of a request that was sent at `asked_at`; those under way at the last one are the same refusal.
    pub(super) fn strike(&mut self, asked_at: Instant, now: Instant) {
        if self.last_strike.is_none_or(|last| asked_at > last) {
            self.strikes = self.strikes.saturating_add(1);
            self.last_strike = Some(now);
        }
    }

    /// Takes one of the requests that are left, or says from when on it may be taken.
    pub(super) fn take(&mut self, now: Instant) -> Leave {
        let Some(left) = self.left.as_mut().filter(|left| left.resets_at > now) else {
            self.left = None;
            return Leave::Now;
        };
        let at = left.next_at();
        if at > now {
            return Leave::At(at);
        }
        self.is_news |= left.is_tight();
        (left.requests, left.since) = (left.requests - 1.0, now);
        Leave::Now
    }

    /// Gives back what was taken and not used.
    pub(super) fn give_back(&mut self) {
        if let Some(left) = &mut self.left {
            left.requests += 1.0;
        }
    }

    /// Hears what an answer says of the quota. Within one window it is never believed to grow: what is under way was
    /// not counted yet over there.
    pub(super) fn hear(&mut self, quota: &Quota, now: Instant) {
        let (Some(told), Some(wait)) = (quota.remaining, quota.resets_in) else { return };
        let resets_at = now + wait;
        let before = self.left.filter(|left| left.is_same_window(resets_at) && left.resets_at > now);
        let requests = before.map_or(told, |left| left.requests.min(told));
        let most = quota.most.or_else(|| before.and_then(|left| left.most));
        let since = before.map_or(now, |left| left.since);
        let was_tight = self.left.is_some_and(|left| left.is_tight());
        let left = Left { requests, most, resets_at, since };
        self.is_news |= was_tight || left.is_tight();
        self.left = Some(left);
    }

    /// Recalls what was known before the start.
    pub(super) fn recall(&mut self, rest: Duration, strikes: u32, quota: &Quota, now: Instant) {
        self.rests_until = self.rests_until.max(now + rest);
        self.strikes = self.strikes.max(strikes);
        if self.left.is_none() {
            self.hear(quota, now);
        }
        self.is_news = false;
    }

    /// Whether there is something to remember.
    pub(super) fn matters(&self, now: Instant) -> bool {
        self.rests_until > now || self.left.is_some_and(|left| left.resets_at > now)
    }
}

impl Left {
    /// When the next request may go, so that what is left lasts until the reset.
    fn next_at(&self) -> Instant {
        if self.requests < 1.0 {
            return self.resets_at;
        }
        if !self.is_tight() {
            return self.since;
        }
        self.since + self.resets_at.saturating_duration_since(self.since).div_f64(self.requests + 1.0)
    }

    fn is_tight(&self) -> bool {
        self.requests <= self.most.map_or(TIGHT_REQUESTS, |most| most * TIGHT_SHARE)
    }

    fn is_same_window(&self, resets_at: Instant) -> bool {
        let apart = resets_at.max(self.resets_at).saturating_duration_since(resets_at.min(self.resets_at));
        apart <= SAME_RESET
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quota(remaining: f64, most: f64, resets_in: u64) -> Quota {
        Quota { remaining: Some(remaining), most: Some(most), resets_in: Some(Duration::from_secs(resets_in)) }
    }

    #[tokio::test(start_paused = true)]
    async fn plenty_waits_for_nothing_and_the_last_part_is_spread_to_the_reset() {
        let now = Instant::now();
        let mut grant = Grant::new(now);
        grant.hear(&quota(100.0, 300.0, 300), now);
        assert_eq!((grant.take(now), grant.is_news), (Leave::Now, false));
        grant.hear(&quota(9.0, 300.0, 300), now);
        assert!(grant.is_news);
        let Leave::At(first) = grant.take(now) else { panic!("at once") };
        assert_eq!(first - now, Duration::from_secs(30));
        let (mut at, mut n) = (now, 0);
        while at < now + Duration::from_secs(300) {
            match grant.take(at) {
                Leave::Now => n += 1,
                Leave::At(next) => at = next,
            }
        }
        assert_eq!(n, 9, "all that was left");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_did_not_count_what_is_under_way_does_not_grow_the_quota() {
        let now = Instant::now();
        let mut grant = Grant::new(now);
        grant.hear(&quota(50.0, 60.0, 60), now);
        (0..5).for_each(|_| assert_eq!(grant.take(now), Leave::Now));
        grant.hear(&quota(49.0, 60.0, 60), now);
        assert_eq!(grant.left.map(|left| left.requests), Some(45.0));
        grant.give_back();
        assert_eq!(grant.left.map(|left| left.requests), Some(46.0));
        // Another window.
        grant.hear(&quota(59.0, 60.0, 120), now);
        assert_eq!(grant.left.map(|left| left.requests), Some(59.0));
    }

    proptest! {
        #[test]
        fn no_schedule_asks_more_often_than_the_host_grants(
            most in 1_u32..40, window in 10_u64..400, steps in proptest::collection::vec((0_u64..40, any::<bool>()), 1..300)
        ) {
            let begin = Instant::now();
            let (mut now, mut grant) = (begin, Grant::new(begin));
            let (mut used, mut this_window, mut first) = (0_u32, 0_u64, true);
            for (pause, is_told) in steps {
                now += Duration::from_secs(pause);
                let at = (now - begin).as_secs();
                if at / window != this_window {
                    (this_window, used) = (at / window, 0);
                }
                if grant.take(now) == Leave::Now {
                    used += 1;
                    prop_assert!(used <= most, "{used} of {most}");
                    // The first answer is always told, later ones may have lost their headers.
                    if is_told || first || used == 1 {
                        let left = f64::from(most - used);
                        grant.hear(&quota(left, f64::from(most), window - at % window), now);
                    }
                    first = false;
                }
            }
        }
    }
}
