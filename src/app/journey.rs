//! Feelings along the customer's journey, counted: where it hurts, and since when.

use super::clock::now;
use super::folders::Folders;
use super::look::{LookedAt, looked_at, open, since};
use crate::model::{BrandId, JourneyBy, JourneyCount, JourneyLook};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// By what feelings are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// By phase, medium, aspect or hour.
    Stored(JourneyBy),
    /// By the reader's day.
    Day,
}

/// The counts of `brand`, or of all, for what was first read since the moment that `since_words` name.
///
/// # Errors
/// Where the configuration or `since_words` is wrong, or there is no database that can be read.
pub async fn journey(
    folders: &Folders,
    brand: Option<BrandId>,
    along: Along,
    since_words: &str,
) -> anyhow::Result<LookedAt<Vec<JourneyCount>>> {
    let (config, store) = open(folders)?;
    let zone = TimeZone::get(&config.alert.zone).unwrap_or(TimeZone::UTC);
    let to = now();
    let by = match along {
        Along::Stored(by) => by,
        Along::Day => JourneyBy::Hour,
    };
    let look = JourneyLook { brand, from: since(since_words, to, &zone)?, to, by };
    let counts = store.journey(look).await?;
    let counts = if along == Along::Day { by_day(counts, &zone) } else { counts };
    Ok(looked_at(config, counts))
}

/// Hours put together into the days of `zone`; an hour belongs to the day in which it begins.
fn by_day(hours: Vec<JourneyCount>, zone: &TimeZone) -> Vec<JourneyCount> {
    let mut days: BTreeMap<(BrandId, String), JourneyCount> = BTreeMap::new();
    for hour in hours {
        let start: Timestamp = hour.of.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let of = start.to_zoned(zone.clone()).date().to_string();
        let none = JourneyCount { of: of.clone(), positive: 0, neutral: 0, negative: 0, mixed: 0, ..hour.clone() };
        let day = days.entry((hour.brand, of)).or_insert(none);
        day.positive += hour.positive;
        day.neutral += hour.neutral;
        day.negative += hour.negative;
        day.mixed += hour.mixed;
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_belongs_to_the_day_in_which_it_begins() {
        let hour = |of: &str| JourneyCount {
            brand: BrandId::new("acme"),
            of: of.to_owned(),
            positive: 1,
            neutral: 0,
            negative: 2,
            mixed: 0,
        };
        let hours = vec![hour("2026-05-04T21:00:00Z"), hour("2026-05-04T22:00:00Z"), hour("2026-05-05T03:00:00Z")];
        let days = by_day(hours, &TimeZone::get("Europe/Berlin").expect("a zone"));
        let shown: Vec<_> = days.iter().map(|day| (day.of.as_str(), day.n())).collect();
        assert_eq!(shown, [("2026-05-04", 3), ("2026-05-05", 6)]);
    }
}
