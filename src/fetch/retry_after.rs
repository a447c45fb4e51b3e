//! Reads `Retry-After` in both of its forms.

use super::RETRY_AFTER_CAP;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::strtime;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The two old forms of an HTTP date (RFC 9110, 5.6.7); the common one is read as a mail's.
const OLD_DATES: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// The wait that `text` asks for, from 0 to 24 h; `None` where it is neither seconds nor a date.
pub(super) fn parse(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean a very long time.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(RETRY_AFTER_CAP));
    }
    let wait = now.duration_until(http_date(text)?).max(SignedDuration::ZERO);
    Some(wait.unsigned_abs().min(RETRY_AFTER_CAP))
}

/// A date in any of the forms of HTTP.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    // A wrong weekday is a common slip and changes nothing.
    let parser = DateTimeParser::new().relaxed_weekday(true);
    if let Ok(date) = parser.parse_timestamp(text) {
        return Some(date);
    }
    OLD_DATES.iter().find_map(|form| {
        let date = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<u64>) {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        assert_eq!(parse(text, now).map(|wait| wait.as_secs()), expected, "{text}");
    }

    #[test]
    fn seconds_are_waited_up_to_a_day() {
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("86401", Some(86_400));
        check("99999999999999999999999", Some(86_400));
    }

    #[test]
    fn dates_are_waited_for_in_all_three_forms() {
        check("Sat, 21 Nov 2026 10:02:00 GMT", Some(120));
        check("Mon, 21 Nov 2026 10:02:00 GMT", Some(120));
        check("Saturday, 21-Nov-26 10:02:00 GMT", Some(120));
        check("Sat Nov 21 10:02:00 2026", Some(120));
        check("Tue, 01 Dec 2026 00:00:00 GMT", Some(86_400));
        check("Sat, 21 Nov 2026 09:00:00 GMT", Some(0));
    }

    #[test]
    fn anything_else_asks_for_nothing() {
        for text in ["", "soon", "-5", "1.5", "12h", "Sat, 99 Nov 2026 10:02:00 GMT"] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_bounded_wait(text in ".{0,50}") {
            let wait = parse(&text, Timestamp::UNIX_EPOCH);
            prop_assert!(wait.is_none_or(|wait| wait <= RETRY_AFTER_CAP));
        }
    }
}
