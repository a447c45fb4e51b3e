//! When a source is asked again.
//!
//! An explicit `every` is the operator's word: it goes over our own reckoning and over what a feed or a cache header
//! wishes, because those are mostly defaults that nobody chose. It does not go over what a server asks of us at a
//! refusal (`Retry-After`), nor over the pace of the host.

use crate::model::{Memory, Pace, SourceSpec};
use crate::text::hash64;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The shortest and the longest pause between two readings that we choose ourselves. Longer, what is said there would
/// be read when its moment has passed; an unchanged feed costs little.
const PAUSE_LEAST: Duration = Duration::from_secs(5 * 60);
const PAUSE_MOST: Duration = Duration::from_secs(6 * 3600);

/// The pause where a source says nothing of its rhythm.
const PAUSE_UNKNOWN: Duration = Duration::from_secs(15 * 60);

/// No wish of a source keeps us away for longer than this.
const WISH_MOST: Duration = Duration::from_secs(24 * 3600);

/// Who gave a mention within this time is asked twice as often.
const MENTIONED_LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The pause grows to this share of a silence, so that what died long ago is not asked at its old rhythm.
const SILENCE_SHARE: u32 = 20;

/// Back-off after a failure: from here, doubled with each failure, up to the most.
const BACKOFF_LEAST: Duration = Duration::from_secs(30);
const BACKOFF_MOST: Duration = Duration::from_secs(6 * 3600);
/// From here where somebody has to do something first, or does not want us.
const BACKOFF_REFUSED: Duration = Duration::from_secs(15 * 60);

/// A pause is lengthened by up to this share, so that sources do not fall due together.
const JITTER_SHARE: f64 = 0.1;

/// The longest pause that a working clock can have made, without an `every`: a day that was asked for, and the jitter.
const LONGEST: Duration = Duration::from_secs(27 * 3600);

/// A clock that is behind the last reading by more than this was set back.
pub(super) const SET_BACK: SignedDuration = SignedDuration::from_secs(60);

/// When `spec` is due after a reading at `now`: its `every`, else half the median gap between its items within
/// bounds, and no sooner than it wishes itself (`fresh_for` is the wish of its cache headers).
#[must_use]
pub fn due_after(spec: &SourceSpec, memory: &Memory, fresh_for: Option<Duration>, now: Timestamp) -> Timestamp {
    let name = spec.name.as_str();
    if let Some(every) = spec.every {
        return after(now, jittered(every, name, now));
    }
    let wish = Duration::from_secs(memory.pace.at_least_s.into()).max(fresh_for.unwrap_or_default()).min(WISH_MOST);
    let due_at = after(now, jittered(own_pause(memory, now).max(wish), name, now));
    outside_of_rest(due_at, memory.pace, after(now, WISH_MOST))
}

/// The pause that the rhythm of a source asks for.
fn own_pause(memory: &Memory, now: Timestamp) -> Duration {
    let rhythm = memory.gap_s.map_or(PAUSE_UNKNOWN, |gap| Duration::from_secs(gap.into()) / 2);
    let since = |at: Option<Timestamp>| at.map(|at| now.duration_since(at));
    let silence = since(memory.news_at).and_then(|silence| Duration::try_from(silence).ok()).unwrap_or_default();
    let pause = rhythm.max(silence / SILENCE_SHARE);
    let is_mentioned = since(memory.mention_at).is_some_and(|ago| ago <= MENTIONED_LATELY);
    let pause = if is_mentioned { pause / 2 } else { pause };
    pause.clamp(PAUSE_LEAST, PAUSE_MOST)
}

/// `due_at`, put off to the next hour in which the source may be asked, up to `latest`.
fn outside_of_rest(due_at: Timestamp, pace: Pace, latest: Timestamp) -> Timestamp {
    const HOUR_SECONDS: i64 = 3600;
    let rests = |at: Timestamp| {
        let time = Offset::UTC.to_datetime(at);
        let day = u8::try_from(time.weekday().to_monday_zero_offset()).unwrap_or(0);
        pace.skip_hours >> time.hour().unsigned_abs() & 1 == 1 || pace.skip_days >> day & 1 == 1
    };
    if pace.skip_hours == 0 && pace.skip_days == 0 || !rests(due_at) {
        return due_at;
    }
    let full_hour = |hours: i64| {
        let second = (due_at.as_second().div_euclid(HOUR_SECONDS) + hours) * HOUR_SECONDS;
        // The same minute of another hour, so that those who rest together do not come back together.
        Timestamp::from_second(second + due_at.as_second().rem_euclid(HOUR_SECONDS)).unwrap_or(Timestamp::MAX)
    };
    let open = (1..=24).map(full_hour).find(|at| !rests(*at)).unwrap_or(latest);
    open.min(latest).max(due_at.min(latest))
}

/// When `spec` is asked again after its `failures`th failure in a row, at the earliest after `told`. `is_refused`:
/// asking again soon is of no use.
#[must_use]
pub(super) fn due_after_failure(
    spec: &SourceSpec,
    failures: u32,
    told: Option<Duration>,
    is_refused: bool,
    now: Timestamp,
) -> Timestamp {
    let least = if is_refused { BACKOFF_REFUSED } else { BACKOFF_LEAST };
    let doubled = least.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    let backoff = doubled.min(BACKOFF_MOST);
    after(now, jittered(told.map_or(backoff, |told| told.max(backoff)), spec.name.as_str(), now))
}

/// `due_at` as it is worth on a clock that shows `now`: one that was set in a future which did not come is pulled in.
///
/// After the clock was set back, the pause that was meant begins anew. Without a reading to count from, no pause is
/// believed that is longer than any we make.
pub(super) fn pulled_in(
    spec: &SourceSpec,
    due_at: Timestamp,
    asked_at: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let most = LONGEST.max(spec.every.unwrap_or_default().mul_f64(1.0 + JITTER_SHARE));
    let latest = after(now, most);
    match asked_at {
        Some(asked_at) if asked_at.duration_since(now) > SET_BACK => {
            let pause = due_at.duration_since(asked_at).max(SignedDuration::ZERO);
            now.saturating_add(pause).unwrap_or(latest).min(latest)
        }
        _ => due_at.min(latest),
    }
}

/// Lengthens `pause` by a share that follows from the source and the time: no randomness, and no two sources alike.
fn jittered(pause: Duration, name: &str, now: Timestamp) -> Duration {
    let reading = now.as_second().to_string();
    let share = f64::from(u16::try_from(hash64(&[name, &reading]) >> 48).unwrap_or(0)) / f64::from(u16::MAX);
    pause.mul_f64(1.0 + JITTER_SHARE * share)
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    fn spec(every: Option<Duration>) -> SourceSpec {
        SourceSpec { every, ..SourceSpec::new(SourceName::new("s"), "feed", "") }
    }

    /// A Friday.
    fn now() -> Timestamp {
        "2026-03-06T12:00:00Z".parse().expect("a time")
    }

    fn minutes_until(memory: &Memory) -> i64 {
        due_after(&spec(None), memory, None, now()).duration_since(now()).as_mins()
    }

    fn gap(hours: u32) -> Memory {
        Memory { gap_s: Some(hours * 3600), ..Memory::default() }
    }

    #[test]
    fn the_pause_follows_the_source_s_own_rhythm() {
        assert!((30..=33).contains(&minutes_until(&gap(1))));
        assert!((360..=396).contains(&minutes_until(&gap(24))), "capped at six hours");
        assert!((5..=6).contains(&minutes_until(&gap(0))));
        assert!((15..=17).contains(&minutes_until(&Memory::default())));
        let lately = now() - SignedDuration::from_hours(30);
        assert!((15..=17).contains(&minutes_until(&Memory { mention_at: Some(lately), ..gap(1) })), "worth more looks");
        let silent = now() - SignedDuration::from_hours(40);
        assert!((120..=132).contains(&minutes_until(&Memory { news_at: Some(silent), ..gap(1) })), "fewer looks");
    }

    #[test]
    fn wishes_bound_our_pause_and_every_goes_over_them() {
        let wishes = Memory { pace: Pace { at_least_s: 7_200, ..Pace::default() }, ..gap(1) };
        assert!((120..=132).contains(&minutes_until(&wishes)));
        let due = |spec: &SourceSpec, fresh: u64| {
            due_after(spec, &wishes, Some(Duration::from_secs(fresh * 3600)), now()).duration_since(now()).as_hours()
        };
        assert_eq!(due(&spec(None), 5), 5);
        assert!((24..=27).contains(&due(&spec(None), 9_999)), "a day at most");
        assert_eq!(due(&spec(Some(Duration::from_secs(3600))), 9_999), 1);
    }

    #[test]
    fn nobody_is_asked_in_hours_and_on_days_of_rest() {
        let at = |pace: Pace| {
            let due = due_after(&spec(None), &Memory { pace, ..gap(1) }, None, now());
            let time = Offset::UTC.to_datetime(due);
            (time.day(), time.hour())
        };
        let hours = (12..22).fold(0, |hours, hour| hours | 1 << hour);
        assert_eq!(at(Pace { skip_hours: hours, ..Pace::default() }), (6, 22));
        assert_eq!(at(Pace { skip_days: 0b0001_0000, ..Pace::default() }), (7, 0), "Fridays");
        let never = Pace { skip_hours: u32::MAX, skip_days: u8::MAX, at_least_s: 0 };
        assert_eq!(at(never), (7, 12), "a day at most");
    }

    #[test]
    fn failures_wait_longer_each_time_and_no_less_than_told() {
        let wait = |failures, told| {
            due_after_failure(&spec(None), failures, told, false, now()).duration_since(now()).as_secs()
        };
        assert!((30..=33).contains(&wait(1, None)));
        assert!((240..=264).contains(&wait(4, None)));
        assert!((21_600..=23_760).contains(&wait(40, None)));
        assert!((7_200..=7_920).contains(&wait(1, Some(Duration::from_secs(7_200)))));
        let refused = due_after_failure(&spec(None), 1, None, true, now()).duration_since(now()).as_mins();
        assert!((15..=17).contains(&refused));
    }

    #[test]
    fn a_clock_that_was_set_back_or_far_ahead_silences_nobody() {
        let hours = |hours: i64| now() + SignedDuration::from_hours(hours);
        let due = |due_at, asked_at: Option<Timestamp>| pulled_in(&spec(None), due_at, asked_at, now());
        assert_eq!(due(hours(2), Some(hours(-1))), hours(2));
        assert_eq!(due(hours(9_002), Some(hours(9_000))), hours(2), "the clock was a year ahead");
        assert_eq!(due(Timestamp::MAX, Some(hours(-1))), hours(27));
        assert_eq!(due(hours(-5), None), hours(-5));
    }

    #[test]
    fn sources_that_were_read_together_do_not_come_back_together() {
        let due: std::collections::BTreeSet<i64> = (0..200)
            .map(|n| {
                let spec = SourceSpec { name: SourceName::new(n.to_string()), ..spec(Some(Duration::from_secs(900))) };
                due_after(&spec, &Memory::default(), None, now()).as_second()
            })
            .collect();
        assert!(due.len() > 60, "{} different seconds", due.len());
    }
}
