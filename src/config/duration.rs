//! Durations as people write them: `45s`, `15m`, `1h30m`, `2d`.

use std::time::Duration;

/// The units with their length in milliseconds, longest first.
const UNITS: [(&str, u64); 6] =
    [("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A text that is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// A number stands alone.
    #[error("has no unit")]
    NoUnit {
        /// The number.
        number: String,
    },
    /// A unit that we do not know.
    #[error("has the unknown unit `{unit}`")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
    },
    /// No whole number where one should stand.
    #[error("is no duration")]
    NoNumber,
    /// Longer than anything we can count.
    #[error("is too long")]
    TooLong,
}

impl ParseDurationError {
    /// The way out.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoUnit { number } => format!("write \"{number}m\" or \"{number}h\""),
            Self::UnknownUnit { .. } => "the units are ms, s, m, h, d and w".to_owned(),
            Self::NoNumber => "write for instance \"45s\", \"15m\", \"1h30m\" or \"2d\"".to_owned(),
            Self::TooLong => "write a shorter one".to_owned(),
        }
    }
}

/// Reads a duration: whole numbers, each followed by its unit (`ms`, `s`, `m`, `h`, `d`, `w`), blanks allowed.
///
/// # Errors
/// [`ParseDurationError`] where a number has no unit, a unit is unknown, or there is no number at all.
pub fn parse_duration(text: &str) -> Result<Duration, ParseDurationError> {
    let mut total_ms: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(ParseDurationError::NoNumber);
    }
    while !rest.is_empty() {
        let (number, after) = split_while(rest, |character| character.is_ascii_digit());
        let (unit, after) = split_while(after.trim_start(), char::is_alphabetic);
        let length_ms = match UNITS.iter().find(|(name, _)| *name == unit) {
            _ if number.is_empty() => return Err(ParseDurationError::NoNumber),
            Some((_, length_ms)) => *length_ms,
            None if !unit.is_empty() => return Err(ParseDurationError::UnknownUnit { unit: unit.to_owned() }),
            None if after.is_empty() => return Err(ParseDurationError::NoUnit { number: number.to_owned() }),
            None => return Err(ParseDurationError::NoNumber),
        };
        let count: u64 = number.parse().map_err(|_| ParseDurationError::TooLong)?;
        let part_ms = count.checked_mul(length_ms).ok_or(ParseDurationError::TooLong)?;
        total_ms = total_ms.checked_add(part_ms).ok_or(ParseDurationError::TooLong)?;
        rest = after.trim_start();
    }
    Ok(Duration::from_millis(total_ms))
}

/// Writes a duration in the form that [`parse_duration`] reads; parts of a millisecond are left out.
#[must_use]
pub fn duration_text(duration: Duration) -> String {
    let mut left_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut text = String::new();
    for (unit, length_ms) in UNITS.into_iter().filter(|(unit, _)| *unit != "w") {
        let count = left_ms / length_ms;
        left_ms %= length_ms;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|character| !belongs(character)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_with_units_add_up() {
        let secs = |text| parse_duration(text).map(|duration| duration.as_secs());
        assert_eq!(secs("45s"), Ok(45));
        assert_eq!(secs(" 1h 30m "), Ok(5400));
        assert_eq!(secs("2d"), Ok(172_800));
        assert_eq!(secs("0s"), Ok(0));
        assert_eq!(parse_duration("1500ms"), Ok(Duration::from_millis(1500)));
    }

    #[test]
    fn what_is_no_duration_says_why() {
        assert_eq!(parse_duration("5"), Err(ParseDurationError::NoUnit { number: "5".to_owned() }));
        assert_eq!(parse_duration("5 min"), Err(ParseDurationError::UnknownUnit { unit: "min".to_owned() }));
        for text in ["", "m", "-5m", "1.5h", "5µ5", "soon", "5 5m"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        assert_eq!(parse_duration("99999999999999999999w"), Err(ParseDurationError::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_a_duration_or_none(text in "\\PC{0,20}") {
            let _ = parse_duration(&text);
        }

        #[test]
        fn what_is_written_can_be_read(ms in 0_u64..10_000_000_000) {
            let duration = Duration::from_millis(ms);
            prop_assert_eq!(parse_duration(&duration_text(duration)), Ok(duration));
        }
    }
}
