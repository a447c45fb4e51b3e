//! How often a feed asks to be read: `ttl`, `skipHours`, `skipDays`, `sy:updatePeriod` and `sy:updateFrequency`.
//!
//! In: the elements as written. Out: a [`Pace`], at most a day. What cannot be read asks for nothing.

use crate::model::Pace;

/// Nothing that a feed asks for keeps us away for longer, in seconds.
const DAY_S: u32 = 24 * 3600;

/// Hours and days of the lists that are looked at; there are no more of them.
const LISTED: usize = 24;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a feed says of its rhythm, as far as it could be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RawRhythm {
    ttl_minutes: Option<u32>,
    period_s: Option<u32>,
    frequency: Option<u32>,
    skip_hours: u32,
    skip_days: u8,
}

impl RawRhythm {
    /// Takes in the element `local` (lower case) with this text; `inner` is the same with its markup.
    pub fn note(&mut self, local: &str, text: &str, inner: &str) {
        let number = || text.trim().parse::<u32>().ok();
        match local {
            "ttl" => self.ttl_minutes = number(),
            "updateperiod" => self.period_s = period_s(text.trim()),
            "updatefrequency" => self.frequency = number().filter(|n| *n > 0),
            "skiphours" => self.skip_hours = listed(inner).filter_map(hour).fold(0, |hours, hour| hours | 1 << hour),
            "skipdays" => self.skip_days = listed(inner).filter_map(day).fold(0, |days, day| days | 1 << day),
            _ => {}
        }
    }

    /// What it asks for; the longer of its two ways to name a pause.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let ttl = self.ttl_minutes.map(|minutes| minutes.saturating_mul(60));
        let period = self.period_s.map(|period| period / self.frequency.unwrap_or(1));
        Pace {
            at_least_s: ttl.max(period).unwrap_or(0).min(DAY_S),
            skip_hours: self.skip_hours,
            skip_days: self.skip_days,
        }
    }
}

fn period_s(word: &str) -> Option<u32> {
    let days = match word.to_ascii_lowercase().as_str() {
        "hourly" => return Some(3600),
        "daily" => 1,
        "weekly" => 7,
        "monthly" => 30,
        "yearly" => 365,
        _ => return None,
    };
    Some(days * DAY_S)
}

/// The texts between the tags.
fn listed(inner: &str) -> impl Iterator<Item = &str> {
    inner
        .split('>')
        .filter_map(|part| part.split('<').next())
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .take(LISTED)
}

/// RSS 0.91 counts to 24, where later ones begin at 0: both mean midnight.
fn hour(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().filter(|hour| *hour <= 24).map(|hour| hour % 24)
}

fn day(text: &str) -> Option<usize> {
    let start = text.get(..3)?;
    DAYS.iter().position(|day| start.eq_ignore_ascii_case(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace(elements: &[(&str, &str)]) -> Pace {
        let mut rhythm = RawRhythm::default();
        elements.iter().for_each(|(local, inner)| rhythm.note(local, inner, inner));
        rhythm.pace()
    }

    #[test]
    fn the_longer_wish_counts_and_at_most_a_day() {
        assert_eq!(pace(&[("ttl", " 90 ")]).at_least_s, 5_400);
        assert_eq!(pace(&[("ttl", "5"), ("updateperiod", "hourly"), ("updatefrequency", "2")]).at_least_s, 1_800);
        assert_eq!(pace(&[("updateperiod", "Monthly")]).at_least_s, DAY_S);
        assert_eq!(pace(&[("ttl", "-1"), ("updateperiod", "often"), ("updatefrequency", "0")]), Pace::default());
    }

    #[test]
    fn hours_and_days_are_listed() {
        let hours = "<hour>0</hour>\n <hour>23</hour><hour>24</hour><hour>25</hour><hour>x</hour>";
        let days = "<day>Saturday</day><day>sunday</day><day>Ä</day>";
        let pace = pace(&[("skiphours", hours), ("skipdays", days)]);
        assert_eq!((pace.skip_hours, pace.skip_days), (1 | 1 << 23, 1 << 5 | 1 << 6));
    }

    proptest! {
        #[test]
        fn anything_asks_for_a_day_at_most(
            local in "ttl|updateperiod|updatefrequency|skiphours|skipdays",
            text in "\\PC{0,30}|[0-9]{1,12}|<hour>[0-9]{1,3}</hour>",
        ) {
            prop_assert!(pace(&[(&local, &text)]).at_least_s <= DAY_S);
        }
    }
}
