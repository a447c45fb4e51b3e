//! What a preset's texts say in numbers: overlaps, first readings, spacings.

use crate::model::{CursorRule, LimitRule, Preset};
use jiff::SignedDuration;
use std::time::Duration;

/// What is read again behind the newest position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    Time(SignedDuration),
    Items(usize),
}

/// The most items of an overlap.
const OVERLAP_ITEMS_MOST: usize = 500;

/// The longest duration of a preset, in seconds: ten years.
const LONGEST_S: u64 = 3650 * 86_400;

/// `24h` or `50 items`.
pub(super) fn overlap(text: &str) -> Option<Overlap> {
    if let Some(number) = text.trim().strip_suffix("items") {
        let n: usize = number.trim().parse().ok()?;
        return (n <= OVERLAP_ITEMS_MOST).then_some(Overlap::Items(n));
    }
    Some(Overlap::Time(SignedDuration::try_from(duration(text)?).ok()?))
}

/// `90s`, `15m`, `24h`, `7d`, `500ms`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at_checked(text.find(|character: char| character.is_ascii_alphabetic())?)?;
    let number: u64 = number.trim().parse().ok()?;
    let seconds = match unit {
        "ms" => return (number <= 60_000).then(|| Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).filter(|seconds| *seconds <= LONGEST_S).map(Duration::from_secs)
}

pub(super) fn overlap_of(rule: &CursorRule) -> Overlap {
    overlap(&rule.overlap).unwrap_or(Overlap::Time(SignedDuration::from_hours(24)))
}

pub(super) fn first_of(rule: &CursorRule) -> SignedDuration {
    duration(&rule.first).and_then(|first| first.try_into().ok()).unwrap_or(SignedDuration::from_hours(7 * 24))
}

/// The least time between two requests that keeps all limits.
pub(super) fn spacing(rule: &LimitRule) -> Option<Duration> {
    let least = rule.min_spacing.as_deref().and_then(duration);
    let even = rule.per_hour.filter(|n| *n > 0).map(|n| Duration::from_secs(3_600) / n);
    least.max(even)
}

/// How often a source of `preset` is read unless it says otherwise.
#[must_use]
pub fn every(preset: &Preset) -> Option<Duration> {
    preset.every.as_deref().and_then(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_overlaps_have_units() {
        assert_eq!(overlap("24h"), Some(Overlap::Time(SignedDuration::from_hours(24))));
        assert_eq!(overlap("50 items"), Some(Overlap::Items(50)));
        for wrong in ["", "5", "h", "-1h", "1e9d", "99999999999999999999d", "600 items", "x items"] {
            assert_eq!(overlap(wrong), None, "{wrong}");
        }
        let rule = LimitRule { min_spacing: Some("2s".to_owned()), per_hour: Some(60), ..LimitRule::default() };
        assert_eq!(spacing(&rule), Some(Duration::from_secs(60)));
        assert_eq!(spacing(&LimitRule::default()), None);
    }
}
