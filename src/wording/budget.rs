//! How much of a budget is used, in words.

use super::{Language, Reader};
use crate::model::{Stretch, Usage, amount};
use jiff::Timestamp;

/// `212 of 300 today, again at 02:00`, `3.20 of 20.00 USD this month`.
///
/// When there is more stands there where nothing is left, or where it comes within the day.
#[must_use]
pub fn usage_words(usage: &Usage, reader: &Reader, now: Timestamp) -> String {
    let (used, most) = match &usage.currency {
        Some(currency) => (amount(usage.used), format!("{} {currency}", amount(usage.most))),
        None => (usage.used.to_string(), usage.most.to_string()),
    };
    let again = reader.moment(usage.ends_at, now);
    let says_when = usage.stretch != Stretch::Month || usage.used >= usage.most;
    match reader.language {
        Language::En => {
            let when = match usage.stretch {
                Stretch::Hour => "this hour",
                Stretch::Day => "today",
                Stretch::Month => "this month",
            };
            let again = if says_when { format!(", again at {again}") } else { String::new() };
            format!("{used} of {most} {when}{again}")
        }
        Language::De => {
            let when = match usage.stretch {
                Stretch::Hour => "in dieser Stunde",
                Stretch::Day => "heute",
                Stretch::Month => "in diesem Monat",
            };
            let again = if says_when { format!(", wieder ab {again}") } else { String::new() };
            let (used, most) =
                if usage.currency.is_some() { (used.replace('.', ","), most.replace('.', ",")) } else { (used, most) };
            format!("{used} von {most} {when}{again}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    fn check(language: &str, stretch: Stretch, used: u64, currency: Option<&str>, expected: &str) {
        let usage = Usage {
            source: SourceName::new("s"),
            stretch,
            used,
            most: if currency.is_some() { 20_000_000 } else { 300 },
            currency: currency.map(str::to_owned),
            ends_at: "2026-11-22T02:00:00Z".parse().expect("a time"),
        };
        let now = "2026-11-22T00:30:00Z".parse().expect("a time");
        assert_eq!(usage_words(&usage, &Reader::new(language, "UTC"), now), expected);
    }

    #[test]
    fn what_is_used_is_told_with_what_may_be_used_and_when_there_is_more() {
        check("en", Stretch::Day, 212, None, "212 of 300 today, again at 02:00");
        check("en", Stretch::Month, 3_200_000, Some("USD"), "3.20 of 20.00 USD this month");
        check("en", Stretch::Month, 20_000_000, Some("USD"), "20.00 of 20.00 USD this month, again at 02:00");
        check("de", Stretch::Hour, 212, None, "212 von 300 in dieser Stunde, wieder ab 2:00 Uhr");
        check("de", Stretch::Month, 3_200_000, Some("EUR"), "3,20 von 20,00 EUR in diesem Monat");
    }
}
