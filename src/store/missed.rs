//! What could have been done and was not: listed and counted by the moment from which on it was too late.
//!
//! Nothing is rewritten when that moment passes: it was stored with the opportunity, and `now` decides.

use super::mention::{Judged, Origin, WAITING};
use super::row::{count, micros, row, rows, value};
use super::{Store, StoreError, card};
use crate::model::{BrandId, Card, Opportunity};
use jiff::Timestamp;
use rusqlite::Connection;

impl Store {
    /// The opportunities of `brands` that were missed from `from` up to but not at `to`, the latest first, at most
    /// `limit`; and how many there were. Grows with what was missed in between.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn missed(
        &self,
        brands: Vec<BrandId>,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<(Vec<Card>, u64), StoreError> {
        self.read(move |connection| {
            let (missed, n_missed) = between(connection, &brands, from, to, limit)?;
            Ok((card::of_mentions(connection, &missed)?, n_missed))
        })
        .await
    }

    /// How many opportunities of `brands` were missed until `now`, of all that are stored. Grows with what can still be
    /// missed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn n_missed(&self, brands: Vec<BrandId>, now: Timestamp) -> Result<u64, StoreError> {
        const TIMED: &str = "SELECT n FROM timed WHERE brand = ?1";
        const AHEAD: &str = "SELECT brand, count(*) AS n FROM opportunities WHERE missed_at >= ?1 GROUP BY brand";
        self.read(move |connection| {
            let ahead = rows(connection, AHEAD, [micros(now)], |row| {
                Ok((BrandId::new(row.get::<_, String>("brand")?), count(row, "n")?))
            })?;
            let n_ahead = ahead.into_iter().filter(|(brand, _)| brands.contains(brand)).map(|(_, n)| n).sum();
            let of_brand = |brand: &BrandId| row(connection, TIMED, [brand.as_str()], |row| count(row, "n"));
            let timed = brands.iter().map(of_brand).collect::<Result<Vec<_>, _>>()?;
            Ok(timed.into_iter().flatten().sum::<u64>().saturating_sub(n_ahead))
        })
        .await
    }
}

/// The mentions missed in a stretch, the latest first, and how many there were.
pub(super) fn between(
    connection: &Connection,
    brands: &[BrandId],
    from: Timestamp,
    to: Timestamp,
    limit: usize,
) -> Result<(Vec<i64>, u64), StoreError> {
    const MISSED: &str = "
        SELECT mention_id, brand FROM opportunities WHERE missed_at >= ?1 AND missed_at < ?2
        ORDER BY missed_at DESC, score DESC, mention_id DESC";
    let mut statement = connection.prepare_cached(MISSED)?;
    let mut found = statement.query([micros(from), micros(to)])?;
    let (mut missed, mut n_missed) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let brand = row.get_ref(1)?.as_str().unwrap_or_default();
        if brands.iter().any(|asked| asked.as_str() == brand) {
            n_missed += 1;
            if missed.len() < limit {
                missed.push(row.get(0)?);
            }
        }
    }
    Ok((missed, n_missed))
}

/// From when on it is missed: `None` where nothing can be missed.
///
/// Who waits for an answer is listed among those who wait, whatever the hour. A backlog that was over before we read it
/// was never ours to meet.
pub(super) fn missed_at(origin: &Origin, judged: &Judged, opportunity: &Opportunity) -> Option<i64> {
    let judgement = &opportunity.judgement;
    let deadline = micros(judgement.slots.deadline.as_ref()?.at.at);
    let waits = judgement.kinds.iter().any(|kind| WAITING.contains(kind));
    if judgement.care || judged.mention.own || (waits && !judgement.surprise) {
        return None;
    }
    let act_by = opportunity.act_by().map_or(i64::MIN, micros);
    let is_over = deadline < origin.seen_at;
    (!(origin.backlog && is_over)).then(|| act_by.max(origin.seen_at))
}

/// Where the running totals say something else than the rows.
pub(super) fn flaws(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let n = |sql| Ok::<i64, StoreError>(value::<Option<i64>>(connection, sql, [])?.flatten().unwrap_or_default());
    let told = n("SELECT sum(n) FROM timed")?;
    let counted = n("SELECT count(*) FROM opportunities WHERE missed_at IS NOT NULL")?;
    let flaw = || format!("the count of opportunities with a deadline says {told}, but there are {counted}");
    Ok((told != counted).then(flaw).into_iter().collect())
}
