//! Money: an exact amount in one currency.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Micros of a unit: prices of interfaces go below a cent.
const MICROS: u64 = 1_000_000;

/// The largest amount, in units: enough for any budget, and a thousand of them can be added up.
const UNITS_MOST: u64 = 1_000_000_000;

/// Digits of a fraction that count.
const DIGITS: usize = 6;

/// An amount above nothing: `20 USD`, `0.005 EUR`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Millionths of a unit.
    pub micros: u64,
    /// Three capital letters (ISO 4217).
    pub currency: String,
}

/// A text names no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    /// No number with a currency behind it.
    #[error("is no amount of money; write a number and its currency, such as \"20 USD\"")]
    Form,
    /// Nothing, or less.
    #[error("is not above 0; write what may be spent, such as \"20 USD\"")]
    Nothing,
    /// More than counts.
    #[error("is too large; write at most 1000000000 with at most six digits behind the point")]
    TooLarge,
}

impl FromStr for Money {
    type Err = ParseMoneyError;

    fn from_str(text: &str) -> Result<Self, ParseMoneyError> {
        let (number, currency) = text.trim().rsplit_once(' ').ok_or(ParseMoneyError::Form)?;
        if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(ParseMoneyError::Form);
        }
        let number = number.trim();
        if let Some(below) = number.strip_prefix('-') {
            return Err(if below.parse::<f64>().is_ok() { ParseMoneyError::Nothing } else { ParseMoneyError::Form });
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return Err(ParseMoneyError::Form);
        }
        let units = whole.parse().ok().filter(|units: &u64| *units <= UNITS_MOST).ok_or(ParseMoneyError::TooLarge)?;
        if fraction.len() > DIGITS {
            return Err(ParseMoneyError::TooLarge);
        }
        let fraction: u64 = format!("{fraction:0<DIGITS$}").parse().map_err(|_| ParseMoneyError::Form)?;
        match units * MICROS + fraction {
            0 => Err(ParseMoneyError::Nothing),
            micros => Ok(Self { micros, currency: currency.to_owned() }),
        }
    }
}

/// `20.00 USD`, `0.005 USD`: two digits behind the point, or as many as count.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", amount(self.micros), self.currency)
    }
}

/// An amount without its currency: `3.20`.
#[must_use]
pub fn amount(micros: u64) -> String {
    let fraction = format!("{:06}", micros % MICROS);
    let kept = fraction.trim_end_matches('0');
    format!("{}.{kept:0<2}", micros / MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_currency_and_are_above_nothing() {
        let told = |text: &str| text.parse::<Money>().map(|money| (money.micros, money.to_string()));
        assert_eq!(told("20 USD"), Ok((20_000_000, "20.00 USD".to_owned())));
        assert_eq!(told(" 0.005 EUR"), Ok((5_000, "0.005 EUR".to_owned())));
        assert_eq!(told("3.2 USD"), Ok((3_200_000, "3.20 USD".to_owned())));
        for text in
            ["", "20", "USD", "20USD", "twenty USD", "NaN USD", "inf USD", "1e3 USD", "20 usd", "1. USD", "- USD"]
        {
            assert_eq!(told(text), Err(ParseMoneyError::Form), "{text}");
        }
        for text in ["0 USD", "0.000 USD", "-5 USD", "-0.01 USD"] {
            assert_eq!(told(text), Err(ParseMoneyError::Nothing), "{text}");
        }
        for text in ["1000000001 USD", "99999999999999999999999 USD", "0.0000001 USD"] {
            assert_eq!(told(text), Err(ParseMoneyError::TooLarge), "{text}");
        }
    }
}
