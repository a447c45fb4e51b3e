//! What somebody wants to see: the newest mentions, and the opportunities that can still be met.

use super::row::{micros, rows};
use super::{Store, StoreError, card};
use crate::model::{BrandId, Card, Look, Sentiment};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// Without a deadline an opportunity is open for a fortnight after it was said, as in the digest.
const OPEN_WITHOUT_DEADLINE: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Store {
    /// The mentions that `look` asks for, those first read last first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn mentions(&self, look: Look) -> Result<Vec<Card>, StoreError> {
        self.read(move |connection| card::of_mentions(connection, &newest(connection, &look)?)).await
    }

    /// The opportunities of `brands` that can still be met at `now`, at most `limit`: of every kind, with a deadline
    /// ahead, or without one and said within a fortnight. The least slack comes first, then the highest score; what has
    /// no deadline comes last. Spam, own posts and what is done are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn open_opportunities(
        &self,
        brands: Vec<BrandId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Card>, StoreError> {
        self.read(move |connection| card::of_mentions(connection, &open(connection, &brands, now, limit)?)).await
    }
}

fn newest(connection: &Connection, look: &Look) -> Result<Vec<i64>, StoreError> {
    // Two statements, because a condition that may be absent would keep the brand's index from being used.
    const OF_ALL: &str = "
        SELECT id FROM mentions INDEXED BY mentions_by_time
        WHERE ?1 IS NULL AND seen_at >= ?2 AND (?3 IS NULL OR sentiment = ?3)
          AND (?4 OR (dismissed = 0 AND spam = 0 AND own = 0 AND echo = 0))
        ORDER BY seen_at DESC, id DESC LIMIT ?5";
    const OF_BRAND: &str = "
        SELECT id FROM mentions INDEXED BY mentions_by_brand
        WHERE brand = ?1 AND seen_at >= ?2 AND (?3 IS NULL OR sentiment = ?3)
          AND (?4 OR (dismissed = 0 AND spam = 0 AND own = 0 AND echo = 0))
        ORDER BY seen_at DESC, id DESC LIMIT ?5";
    let sql = if look.brand.is_some() { OF_BRAND } else { OF_ALL };
    let columns = params![
        look.brand.as_ref().map(BrandId::as_str),
        look.since.map_or(i64::MIN, micros),
        look.sentiment.map(Sentiment::as_str),
        look.all,
        i64::try_from(look.limit).unwrap_or(i64::MAX),
    ];
    rows(connection, sql, columns, |row| Ok(row.get(0)?))
}

fn open(connection: &Connection, brands: &[BrandId], now: Timestamp, limit: usize) -> Result<Vec<i64>, StoreError> {
    const OPEN: &str = "
        SELECT o.mention_id, o.brand FROM (
            SELECT mention_id, brand, score, said_at, coalesce(missed_at, deadline_at) AS act_by FROM opportunities
            WHERE deadline_at > ?1 AND (missed_at IS NULL OR missed_at >= ?1)
            UNION ALL
            SELECT mention_id, brand, score, said_at, NULL FROM opportunities
            WHERE deadline_at IS NULL AND said_at > ?2
        ) o JOIN mentions m ON m.id = o.mention_id
        WHERE m.dismissed = 0 AND m.spam = 0 AND m.own = 0 AND m.echo = 0 AND m.done = 0
        ORDER BY o.act_by NULLS LAST, o.score DESC, o.said_at DESC, o.mention_id DESC";
    let since = micros(now.saturating_sub(OPEN_WITHOUT_DEADLINE).unwrap_or(Timestamp::MIN));
    let mut statement = connection.prepare_cached(OPEN)?;
    let mut found = statement.query([micros(now), since])?;
    let mut mentions = Vec::new();
    while let (true, Some(row)) = (mentions.len() < limit, found.next()?) {
        let brand = row.get_ref(1)?.as_str().unwrap_or_default();
        if brands.iter().any(|asked| asked.as_str() == brand) {
            mentions.push(row.get(0)?);
        }
    }
    Ok(mentions)
}
