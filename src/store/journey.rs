//! Feelings along the journey, read from the counts that the database keeps as mentions come, change and go.
//!
//! The counting stands in triggers beside the tables, so that nothing that writes a mention can forget it.

use super::row::{count, rows, value};
use super::{Store, StoreError};
use crate::model::{BrandId, JourneyBy, JourneyCount, JourneyLook, Pain};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::HashSet;

const SECONDS_PER_HOUR: i64 = 3_600;

/// Each brand once, found without reading what is counted of it.
const BRANDS: &str = "
    WITH RECURSIVE brands (brand) AS (
        SELECT min(brand) FROM journey
        UNION ALL SELECT (SELECT min(brand) FROM journey WHERE brand > brands.brand) FROM brands
        WHERE brands.brand IS NOT NULL
    )";

/// Bad mentions of one aspect that are worth telling.
const PAINS_FROM: u64 = 3;
/// The most that are told.
const PAINS_LIMIT: usize = 5;
/// The stretch that pains are counted over, and as much before it.
const PAINS_HOURS: i64 = 7 * 24;

impl Store {
    /// The counts that `look` asks for, by brand, then phase, medium, aspect or hour in their order.
    ///
    /// Work grows with the hours looked at, not with the mentions in them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn journey(&self, look: JourneyLook) -> Result<Vec<JourneyCount>, StoreError> {
        self.read(move |connection| counts(connection, &look)).await
    }
}

fn counts(connection: &Connection, look: &JourneyLook) -> Result<Vec<JourneyCount>, StoreError> {
    let (column, condition) = match look.by {
        JourneyBy::Phase => ("phase", "aspect = ''"),
        JourneyBy::Medium => ("medium", "aspect = ''"),
        JourneyBy::Aspect => ("aspect", "aspect <> ''"),
        JourneyBy::Hour => ("CAST(hour AS TEXT)", "aspect = ''"),
    };
    // One look into the index for each brand: the hours of another time are not read.
    let sql = format!(
        "{BRANDS}
         SELECT j.brand AS brand, {column} AS of, sum(positive) AS positive, sum(neutral) AS neutral,
                sum(negative) AS negative, sum(mixed) AS mixed
         FROM brands CROSS JOIN journey j ON j.brand = brands.brand
         WHERE (?1 IS NULL OR brands.brand = ?1) AND j.hour >= ?2 AND j.hour <= ?3 AND {condition}
         GROUP BY j.brand, {column} HAVING sum(positive + neutral + negative + mixed) > 0 ORDER BY j.brand, {column}"
    );
    let hour = |at: Timestamp| at.as_second().div_euclid(SECONDS_PER_HOUR);
    // The hour of `to` counts where it began before it.
    let last = (look.to.as_second() - 1).div_euclid(SECONDS_PER_HOUR);
    let columns = params![look.brand.as_ref().map(BrandId::as_str), hour(look.from), last];
    rows(connection, &sql, columns, |row| {
        let of: String = row.get("of")?;
        Ok(JourneyCount {
            brand: BrandId::new(row.get::<_, String>("brand")?),
            of: if look.by == JourneyBy::Hour { start_of(&of) } else { of },
            positive: count(row, "positive")?,
            neutral: count(row, "neutral")?,
            negative: count(row, "negative")?,
            mixed: count(row, "mixed")?,
        })
    })
}

/// What of the own brands hurt most in the week before `now`, the worst first.
pub(super) fn pains(connection: &Connection, now: Timestamp, own: &HashSet<&str>) -> Result<Vec<Pain>, StoreError> {
    let sql = format!(
        "{BRANDS}
         SELECT j.brand AS brand, aspect, sum(CASE WHEN hour > ?2 THEN negative ELSE 0 END) AS negative,
                sum(CASE WHEN hour <= ?2 THEN negative ELSE 0 END) AS before
         FROM brands CROSS JOIN journey j ON j.brand = brands.brand
         WHERE j.hour > ?1 AND j.hour <= ?3 AND aspect <> ''
         GROUP BY j.brand, aspect ORDER BY negative DESC, j.brand, aspect"
    );
    let hour = now.as_second().div_euclid(SECONDS_PER_HOUR);
    let mut pains = rows(connection, &sql, [hour - 2 * PAINS_HOURS, hour - PAINS_HOURS, hour], |row| {
        Ok(Pain {
            brand: BrandId::new(row.get::<_, String>("brand")?),
            aspect: row.get("aspect")?,
            negative: count(row, "negative")?,
            before: count(row, "before")?,
        })
    })?;
    pains.retain(|pain| pain.negative >= PAINS_FROM && own.contains(pain.brand.as_str()));
    pains.truncate(PAINS_LIMIT);
    Ok(pains)
}

fn start_of(hour: &str) -> String {
    let seconds = hour.parse::<i64>().unwrap_or_default().saturating_mul(SECONDS_PER_HOUR);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// What is wrong with the counts: each mention that counts has to be in them once.
pub(super) fn flaws(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const COUNTED: &str = "SELECT sum(positive + neutral + negative + mixed) FROM journey WHERE aspect = ''";
    const COUNTING: &str = "SELECT count(*) FROM mentions WHERE spam = 0 AND own = 0 AND dismissed = 0 AND echo = 0";
    let counted = value::<Option<i64>>(connection, COUNTED, [])?.flatten().unwrap_or_default();
    let counting: i64 = value(connection, COUNTING, [])?.unwrap_or_default();
    let flaw = || format!("the counts along the journey say {counted} mentions, but there are {counting}");
    Ok((counted != counting).then(flaw).into_iter().collect())
}
