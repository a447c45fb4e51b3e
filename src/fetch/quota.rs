//! What is left of the requests that a site grants, from the many forms of rate-limit headers.
//!
//! In: the headers of an answer. Out: [`Quota`]. The unit of the reset is told by its size, because no two services
//! agree: seconds left (Reddit, the IETF draft), seconds or milliseconds since 1970 (GitHub, X, Bluesky), a date and
//! time (Mastodon); each with or without decimals.

use super::RETRY_AFTER_CAP;
use super::retry_after::http_date;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Requests that are left.
const REMAINING: [&str; 3] = ["x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining"];

/// Requests that are granted between two resets.
const LIMIT: [&str; 3] = ["x-ratelimit-limit", "x-rate-limit-limit", "ratelimit-limit"];

/// When there are new ones.
const RESET: [&str; 4] = ["x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset-after"];

/// Numbers from here on are seconds since 1970 (the year 2001): nobody is told to wait for thirty years.
const SINCE_1970_SECONDS: f64 = 1e9;

/// Numbers from here on are milliseconds since 1970 (the year 2001 again).
const SINCE_1970_MILLISECONDS: f64 = 1e12;

/// What a site says of its quota.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Quota {
    /// Requests that are left; `None` where it does not say.
    pub(super) remaining: Option<f64>,
    /// Requests that it grants between two resets; `None` where it does not say.
    pub(super) most: Option<f64>,
    /// How long until there are new ones, at most 24 h; `None` where it does not say or that time has come.
    pub(super) resets_in: Option<Duration>,
}

impl Quota {
    /// No request is left.
    pub(super) fn is_used_up(&self) -> bool {
        // Written so that NaN and what is no number do not count.
        self.remaining.is_some_and(|left| left < 1.0)
    }
}

/// Reads the quota from `headers` (names in lower case).
pub(super) fn read(headers: &[(String, String)], now: Timestamp) -> Quota {
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let first = |names: &[&str]| names.iter().find_map(|name| header(name));
    let combined = Combined::read(header("ratelimit").unwrap_or(""), header("ratelimit-policy").unwrap_or(""));
    let at_least_none = |number: &f64| *number >= 0.0;
    let reset = first(&RESET).and_then(|text| until(text, now)).or(combined.reset);
    Quota {
        remaining: first(&REMAINING).and_then(number).or(combined.remaining).map(|left| left.max(0.0)),
        most: first(&LIMIT).and_then(number).or(combined.most).filter(at_least_none),
        resets_in: reset.filter(|wait| !wait.is_zero()),
    }
}

/// The headers of the IETF drafts: `RateLimit: "burst";r=0;t=5, "daily";r=9;t=900`, in older versions
/// `limit=10, remaining=0, reset=5`; and `RateLimit-Policy: "burst";q=5;w=10`. Of several windows the one counts that
/// lets us ask least often.
#[derive(Debug, Clone, Copy, Default)]
struct Combined {
    remaining: Option<f64>,
    most: Option<f64>,
    reset: Option<Duration>,
}

impl Combined {
    fn read(text: &str, policies: &str) -> Self {
        if text.contains("remaining") {
            return Self::window(text.split([',', ';']));
        }
        let windows = text.split(',').map(|window| {
            let name = window.split(';').next().unwrap_or_default().trim();
            let policy = policies.split(',').find(|policy| policy.split(';').next().unwrap_or_default().trim() == name);
            let read = Self::window(window.split(';'));
            let of_policy = policy.map(|policy| Self::window(policy.split(';'))).unwrap_or_default();
            // A window that does not say when it ends ends when all of it has passed.
            Self { most: read.most.or(of_policy.most), reset: read.reset.or(of_policy.reset), ..read }
        });
        let most_often = |one: &Self, other: &Self| one.pause().total_cmp(&other.pause());
        windows.max_by(most_often).unwrap_or_default()
    }

    fn window<'t>(parts: impl Iterator<Item = &'t str>) -> Self {
        let mut window = Self::default();
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                "r" | "remaining" => window.remaining = number(value),
                "q" | "limit" => window.most = number(value),
                "t" | "w" | "reset" => window.reset = number(value).map(seconds),
                _ => {}
            }
        }
        window
    }

    /// Seconds from request to request that would use up exactly what is left; below nothing where it does not say.
    fn pause(&self) -> f64 {
        match (self.remaining, self.reset) {
            (Some(left), Some(reset)) => reset.as_secs_f64() / left.max(1e-9),
            (Some(left), None) if left < 1.0 => 0.0,
            _ => -1.0,
        }
    }
}

/// How long from `now` until the reset that `text` names.
fn until(text: &str, now: Timestamp) -> Option<Duration> {
    if let Some(number) = number(text) {
        let since_1970 = |seconds: f64| seconds - now.as_duration().as_secs_f64();
        return Some(seconds(match number {
            _ if number >= SINCE_1970_MILLISECONDS => since_1970(number / 1000.0),
            _ if number >= SINCE_1970_SECONDS => since_1970(number),
            _ => number,
        }));
    }
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    let reset = text.parse::<Timestamp>().ok().or_else(civil).or_else(|| http_date(text))?;
    Some(now.duration_until(reset).max(SignedDuration::ZERO).unsigned_abs().min(RETRY_AFTER_CAP))
}

/// A number, also with decimals; a list gives its first.
fn number(text: &str) -> Option<f64> {
    let word = text.split([',', ';']).next()?.trim();
    word.parse().ok().filter(|number: &f64| number.is_finite())
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX).min(RETRY_AFTER_CAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    /// Headers as `name: value` lines, whether nothing is left, and the seconds until the reset.
    fn check(headers: &str, is_used_up: bool, resets_in: Option<f64>) {
        let headers: Vec<(String, String)> = headers
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let quota = read(&headers, now());
        let expected = (is_used_up, resets_in.map(Duration::from_secs_f64));
        assert_eq!((quota.is_used_up(), quota.resets_in), expected, "{headers:?}");
    }

    #[test]
    fn each_service_has_its_own_unit() {
        // Mastodon: a date and time.
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2026-11-21T10:05:00.000000Z", true, Some(300.0));
        // GitHub, X, Bluesky: seconds since 1970.
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795255500", true, Some(300.0));
        check("x-rate-limit-remaining: 0\nx-rate-limit-reset: 1795255500", true, Some(300.0));
        check("RateLimit-Remaining: 0\nRateLimit-Reset: 1795255500", true, Some(300.0));
        check("x-ratelimit-remaining: 0\nx-ratelimit-reset: 1795255500500", true, Some(300.5));
        // Reddit: seconds left, with decimals.
        check("x-ratelimit-remaining: 0.0\nx-ratelimit-reset: 300", true, Some(300.0));
        check("x-ratelimit-remaining: 99.0\nx-ratelimit-reset: 300.25", false, Some(300.25));
        // Discord.
        check("x-ratelimit-remaining: 0\nx-ratelimit-reset-after: 1.5", true, Some(1.5));
        // The drafts of the IETF.
        check("RateLimit-Limit: 10, 10;w=1\nRateLimit-Remaining: 0\nRateLimit-Reset: 5", true, Some(5.0));
        check("RateLimit: limit=100, remaining=0, reset=50", true, Some(50.0));
        check("RateLimit: \"default\";r=0;t=30", true, Some(30.0));
        check("RateLimit: \"daily\";r=9;t=900, \"burst\";r=0;t=5", true, Some(5.0));
        check("RateLimit: \"default\";r=50;t=30", false, Some(30.0));
        // Dates of other kinds.
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2026-11-21 10:05:00", true, Some(300.0));
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: Sat, 21 Nov 2026 10:05:00 GMT", true, Some(300.0));
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2026-11-21T11:05:00+01:00", true, Some(300.0));
    }

    #[test]
    fn what_is_left_is_told_with_what_is_granted() {
        let read = |headers: &str| {
            let line = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
            let quota = read(&headers.lines().filter_map(line).collect::<Vec<_>>(), now());
            (quota.remaining, quota.most, quota.resets_in.map(|wait| wait.as_secs()))
        };
        for (headers, expected) in [
            ("x-ratelimit-limit: 300\nx-ratelimit-remaining: 12\nx-ratelimit-reset: 60", (12.0, 300.0, 60)),
            ("ratelimit-limit: 100, 100;w=60\nratelimit-remaining: 7\nratelimit-reset: 9", (7.0, 100.0, 9)),
            ("ratelimit: limit=100, remaining=5, reset=50", (5.0, 100.0, 50)),
            ("ratelimit: \"day\";r=5;t=50\nratelimit-policy: \"hour\";q=9;w=1,\"day\";q=100;w=86400", (5.0, 100.0, 50)),
            ("ratelimit: \"day\";r=5\nratelimit-policy: \"day\";q=100;w=3600", (5.0, 100.0, 3600)),
            // Nine in 900 s ask for longer pauses than five in 10 s.
            ("ratelimit: \"b\";r=5;t=10, \"d\";r=9;t=900\nratelimit-policy: \"d\";q=50;w=900", (9.0, 50.0, 900)),
        ] {
            assert_eq!(read(headers), (Some(expected.0), Some(expected.1), Some(expected.2)), "{headers}");
        }
    }

    #[test]
    fn a_reset_is_ahead_and_at_most_a_day() {
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795255100", true, None);
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2026-11-21T09:00:00Z", true, None);
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 9e9", true, Some(86_400.0));
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 999999999", true, Some(86_400.0));
        check("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: -5", true, None);
    }

    #[test]
    fn what_says_nothing_means_nothing() {
        check("", false, None);
        check("X-RateLimit-Limit: 0", false, None);
        check("X-RateLimit-Remaining: lots\nX-RateLimit-Reset: soon", false, None);
        check("X-RateLimit-Remaining: NaN\nX-RateLimit-Reset: inf", false, None);
        check("RateLimit: nonsense", false, None);
    }

    proptest! {
        #[test]
        fn any_headers_give_a_bounded_wait(combined in ".{0,40}", remaining in ".{0,10}", reset in "[0-9eE.T:Z+-]{0,25}") {
            let pairs = [("ratelimit", combined), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)];
            let headers: Vec<_> = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            prop_assert!(read(&headers, now()).resets_in.is_none_or(|wait| wait <= RETRY_AFTER_CAP));
        }
    }
}
