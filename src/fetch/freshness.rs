//! How long an answer stays fresh, so that asking again is of no use (RFC 9111, 4.2), read as a private cache does.

use super::retry_after::http_date;
use crate::net::Answer;
use jiff::Timestamp;
use std::time::Duration;

/// The longest that an answer is believed to stay fresh.
pub const FRESH_CAP: Duration = Duration::from_secs(24 * 60 * 60);

/// What is left of the freshness of `answer`, at most [`FRESH_CAP`]; `None` where it is not fresh or does not say.
pub(super) fn fresh_for(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let all = |name| answer.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str());
    let control: Vec<&str> = all("cache-control").collect();
    let stamps = Stamps { expires: answer.header("expires"), date: answer.header("date"), age: answer.header("age") };
    left(&control.join(","), &stamps, now).filter(|left| !left.is_zero())
}

/// The headers that say when.
#[derive(Debug, Default)]
struct Stamps<'a> {
    expires: Option<&'a str>,
    date: Option<&'a str>,
    age: Option<&'a str>,
}

fn left(control: &str, stamps: &Stamps<'_>, now: Timestamp) -> Option<Duration> {
    let directives = || {
        let parts = control.split(',').map(|part| part.split_once('=').unwrap_or((part, "")));
        parts.map(|(name, value)| (name.trim(), value.trim().trim_matches('"').trim()))
    };
    let says = |word: &str| directives().any(|(name, _)| name.eq_ignore_ascii_case(word));
    if says("no-cache") || says("no-store") {
        return None;
    }
    let lifetime = |word: &str| {
        let given = directives().filter(|(name, _)| name.eq_ignore_ascii_case(word));
        // Of two that disagree the shorter; one that is no number means stale.
        given.map(|(_, value)| seconds(value).unwrap_or_default()).min()
    };
    // `s-maxage` is meant for caches that many share; where it stands alone it is the best word there is.
    let lifetime = lifetime("max-age").or_else(|| lifetime("s-maxage")).or_else(|| until_expiry(stamps, now))?;
    let age = stamps.age.and_then(|age| seconds(age.split(',').next().unwrap_or(age))).unwrap_or_default();
    Some(lifetime.saturating_sub(age).min(FRESH_CAP))
}

/// From `Date` to `Expires`; no time where `Expires` is no date, as `0`.
fn until_expiry(stamps: &Stamps<'_>, now: Timestamp) -> Option<Duration> {
    let Some(expires) = http_date(stamps.expires?.trim()) else { return Some(Duration::ZERO) };
    let sent = stamps.date.and_then(|date| http_date(date.trim())).unwrap_or(now);
    Some(Duration::try_from(sent.duration_until(expires)).unwrap_or_default())
}

/// More digits than fit mean a very long time.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "Sat, 21 Nov 2026 10:00:00 GMT";

    fn now() -> Timestamp {
        http_date(NOW).unwrap()
    }

    fn check(control: &str, stamps: Stamps<'_>, expected: Option<u64>) {
        assert_eq!(left(control, &stamps, now()).map(|left| left.as_secs()), expected, "{control} {stamps:?}");
    }

    #[test]
    fn cache_control_says_for_how_long() {
        for (control, expected) in [
            ("max-age=600", Some(600)),
            ("public, MAX-AGE = 600 , must-revalidate", Some(600)),
            ("max-age=\"600\"", Some(600)),
            ("s-maxage=60, max-age=600", Some(600)),
            ("s-maxage=60", Some(60)),
            ("max-age=600, max-age=5", Some(5)),
            ("max-age=31536000, immutable", Some(86_400)),
            ("max-age=99999999999999999999999", Some(86_400)),
            ("max-age=0", Some(0)),
            ("max-age=-1", Some(0)),
            ("max-age=soon", Some(0)),
            ("immutable", None),
            ("no-cache, max-age=600", None),
            ("max-age=600, no-store", None),
            ("no-cache=\"set-cookie\", max-age=600", None),
            ("public", None),
            ("", None),
        ] {
            check(control, Stamps::default(), expected);
        }
    }

    #[test]
    fn age_was_spent_on_the_way() {
        let aged = |age| Stamps { age: Some(age), ..Stamps::default() };
        check("max-age=600", aged("100"), Some(500));
        check("max-age=600", aged("700"), Some(0));
        check("max-age=600", aged("old"), Some(600));
    }

    #[test]
    fn expires_counts_from_date_and_only_without_max_age() {
        let stamps = |expires, date| Stamps { expires: Some(expires), date, age: Some("10") };
        let hour = "Sat, 21 Nov 2026 11:00:00 GMT";
        check("", stamps(hour, None), Some(3590));
        check("", stamps(hour, Some("Sat, 21 Nov 2026 10:30:00 GMT")), Some(1790));
        check("", stamps("Saturday, 21-Nov-26 11:00:00 GMT", Some(NOW)), Some(3590));
        check("max-age=60", stamps(hour, None), Some(50));
        check("", stamps("0", None), Some(0));
        check("", stamps("-1", None), Some(0));
        check("", stamps("Sat, 21 Nov 2020 11:00:00 GMT", None), Some(0));
        check("", stamps("Sat, 21 Nov 2099 11:00:00 GMT", None), Some(86_400));
    }

    proptest! {
        #[test]
        fn any_headers_give_a_bounded_time(control in ".{0,60}", expires in ".{0,40}", age in ".{0,12}") {
            let stamps = Stamps { expires: Some(&expires), date: Some(NOW), age: Some(&age) };
            prop_assert!(left(&control, &stamps, now()).is_none_or(|left| left <= FRESH_CAP));
        }
    }
}
