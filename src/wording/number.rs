//! Numbers as each language writes them.

use super::Language;

/// Kilometers in a mile.
const KM_PER_MILE: f64 = 1.609_344;

impl Language {
    /// A count with its thousands parted: `100,000`, `100.000`.
    #[must_use]
    pub fn count(self, n: u64) -> String {
        let digits = n.to_string();
        let mark = match self {
            Self::En => ',',
            Self::De => '.',
        };
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }

    /// A number with two places: `0.94`, `0,94`.
    #[must_use]
    pub fn decimal(self, value: f32) -> String {
        self.point(format!("{value:.2}"))
    }

    /// A number with its sign and two places, for feelings and weights: `+0.41`, `−0,41`, `0.00`.
    #[must_use]
    pub fn signed(self, value: f32) -> String {
        let shown = format!("{:.2}", value.abs());
        let sign = match value {
            _ if shown == "0.00" => "",
            value if value < 0.0 => "−",
            _ => "+",
        };
        format!("{sign}{}", self.point(shown))
    }

    /// A distance. English readers get miles where `country` (ISO 3166-1) counts in miles.
    #[must_use]
    pub fn distance(self, km: f64, country: &str) -> String {
        let in_miles = self == Self::En && matches!(country, "US" | "GB");
        let (value, unit) = if in_miles { (km / KM_PER_MILE, "mi") } else { (km, "km") };
        if value < 9.95 {
            format!("{} {unit}", self.point(format!("{value:.1}")))
        } else {
            format!("{value:.0} {unit}")
        }
    }

    fn point(self, number: String) -> String {
        match self {
            Self::En => number,
            Self::De => number.replace('.', ","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        assert_eq!(Language::En.count(1_234_567), "1,234,567");
        assert_eq!(Language::De.count(100_000), "100.000");
        assert_eq!(Language::De.count(999), "999");
        assert_eq!(Language::De.signed(-0.413), "−0,41");
        assert_eq!(Language::En.signed(0.5), "+0.50");
        assert_eq!(Language::En.signed(-0.001), "0.00");
    }

    #[test]
    fn miles_are_for_english_readers_where_the_place_counts_in_miles() {
        assert_eq!(Language::En.distance(24.0, "US"), "15 mi");
        assert_eq!(Language::En.distance(24.0, "DE"), "24 km");
        assert_eq!(Language::De.distance(3.12, "US"), "3,1 km");
    }
}
