//! When a source is asked again.

use crate::model::{Item, SourceSpec};
use crate::text::hash64;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The shortest and the longest pause between two readings that we choose ourselves.
const PAUSE_LEAST: Duration = Duration::from_secs(5 * 60);
const PAUSE_MOST: Duration = Duration::from_secs(6 * 3600);

/// The pause where a source says nothing of its rhythm.
const PAUSE_UNKNOWN: Duration = Duration::from_secs(15 * 60);

/// Back-off after a failure: from here, doubled with each failure, up to the most.
const BACKOFF_LEAST: Duration = Duration::from_secs(30);
const BACKOFF_MOST: Duration = Duration::from_secs(6 * 3600);

/// A pause is lengthened by up to this share, so that sources do not fall due together.
const JITTER_SHARE: f64 = 0.1;

/// When `spec` is due after a reading at `now` that gave `items`: its `every`, else half the median gap between
/// its items, within bounds.
#[must_use]
pub fn due_after(spec: &SourceSpec, items: &[Item], now: Timestamp) -> Timestamp {
    let pause =
        spec.every.unwrap_or_else(|| half_median_gap(items).unwrap_or(PAUSE_UNKNOWN).clamp(PAUSE_LEAST, PAUSE_MOST));
    after(now, jittered(pause, spec.name.as_str(), now))
}

/// When `spec` is asked again after its `failures`th failure in a row, at the earliest after `told`.
#[must_use]
pub(super) fn due_after_failure(spec: &SourceSpec, failures: u32, told: Option<Duration>, now: Timestamp) -> Timestamp {
    let doubled = BACKOFF_LEAST.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    let backoff = jittered(doubled.min(BACKOFF_MOST), spec.name.as_str(), now);
    after(now, told.map_or(backoff, |told| told.max(backoff)))
}

fn half_median_gap(items: &[Item]) -> Option<Duration> {
    let mut times: Vec<Timestamp> = items.iter().filter_map(|item| item.published.map(|posted| posted.at)).collect();
    times.sort_unstable();
    let mut gaps: Vec<Duration> = times
        .windows(2)
        .filter_map(|pair| match pair {
            [earlier, later] => Duration::try_from(later.duration_since(*earlier)).ok(),
            _ => None,
        })
        .collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).map(|median| *median / 2)
}

/// Lengthens `pause` by a share that follows from the source and the hour: no randomness, and no two sources alike.
fn jittered(pause: Duration, name: &str, now: Timestamp) -> Duration {
    let hour = (now.as_second() / 3600).to_string();
    let share = f64::from(u16::try_from(hash64(&[name, &hour]) >> 48).unwrap_or(0)) / f64::from(u16::MAX);
    pause.mul_f64(1.0 + JITTER_SHARE * share)
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, PostedAt, SourceName};

    fn spec(every: Option<Duration>) -> SourceSpec {
        SourceSpec {
            name: SourceName::new("s"),
            engine: "feed".to_owned(),
            url: String::new(),
            every,
            medium: None,
            lang: None,
        }
    }

    fn item_at(now: Timestamp, minutes_ago: i64) -> Item {
        let mut item =
            Item::new(SourceName::new("s"), ItemKey { namespace: "s".to_owned(), id: minutes_ago.to_string() });
        item.published = now.checked_sub(SignedDuration::from_mins(minutes_ago)).ok().map(PostedAt::utc);
        item
    }

    fn minutes(from: Timestamp, to: Timestamp) -> i64 {
        to.duration_since(from).as_mins()
    }

    #[test]
    fn the_pause_follows_the_source_s_own_rhythm() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let hourly: Vec<Item> = (0..10).map(|index| item_at(now, index * 60)).collect();
        let daily: Vec<Item> = (0..10).map(|index| item_at(now, index * 60 * 24)).collect();
        assert!((30..=33).contains(&minutes(now, due_after(&spec(None), &hourly, now))));
        assert!((360..=396).contains(&minutes(now, due_after(&spec(None), &daily, now))), "capped at six hours");
        assert!((15..=17).contains(&minutes(now, due_after(&spec(None), &[], now))));
        let every = Some(Duration::from_secs(3600));
        assert!((60..=66).contains(&minutes(now, due_after(&spec(every), &hourly, now))));
    }

    #[test]
    fn failures_wait_longer_each_time_and_no_less_than_told() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let wait = |failures, told| due_after_failure(&spec(None), failures, told, now).duration_since(now).as_secs();
        assert!((30..=33).contains(&wait(1, None)));
        assert!((240..=264).contains(&wait(4, None)));
        assert!((21_600..=23_760).contains(&wait(40, None)));
        assert_eq!(wait(1, Some(Duration::from_secs(7_200))), 7_200);
    }
}
