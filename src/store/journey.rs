//! Feelings along the journey, read from the counts that the database keeps as mentions come, change and go.
//!
//! The counting stands in triggers beside the tables, so that nothing that writes a mention can forget it.

use super::row::{count, rows, value};
use super::{Store, StoreError};
use crate::model::{BrandId, JourneyBy, JourneyCount, JourneyLook};
use jiff::Timestamp;
use rusqlite::{Connection, params};

const SECONDS_PER_HOUR: i64 = 3_600;

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
    let sql = format!(
        "SELECT brand, {column} AS of, sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative,
                sum(mixed) AS mixed
         FROM journey WHERE (?1 IS NULL OR brand = ?1) AND hour >= ?2 AND hour <= ?3 AND {condition}
         GROUP BY brand, {column} HAVING sum(positive + neutral + negative + mixed) > 0 ORDER BY brand, {column}"
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
