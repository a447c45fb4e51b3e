//! Cards that were closed because their item is gone at its origin: told and counted, without a word of what they said.

use super::row::{count, execute, instant, micros, optional_instant, rows, word};
use super::{Store, StoreError};
use crate::model::{BrandId, ClosedCard, ItemId, ItemState};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// Without a deadline an opportunity is open for a fortnight after it was said, as in the digest.
const OPEN_WITHOUT_DEADLINE: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Store {
    /// The cards of `brands` (of all where there are none) that were closed from `since` on because their item is gone
    /// at its origin, the last first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn closed_cards(
        &self,
        brands: Vec<BrandId>,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<ClosedCard>, StoreError> {
        const CLOSED: &str = "SELECT * FROM closed_cards WHERE closed_at >= ?1 ORDER BY closed_at DESC, item_id DESC";
        self.read(move |connection| {
            let mut closed = rows(connection, CLOSED, [micros(since)], card)?;
            closed.retain(|card| brands.is_empty() || brands.contains(&card.brand));
            closed.truncate(limit);
            Ok(closed)
        })
        .await
    }
}

fn card(row: &rusqlite::Row<'_>) -> Result<ClosedCard, StoreError> {
    Ok(ClosedCard {
        item_id: ItemId(row.get("item_id")?),
        brand: BrandId::new(row.get::<_, String>("brand")?),
        state: word(row, "state", ItemState::from_name)?,
        seen_at: instant(row, "seen_at")?,
        closed_at: instant(row, "closed_at")?,
        was_open: row.get("was_open")?,
        told_at: optional_instant(row, "told_at")?,
    })
}

/// Closes the cards of `item`, before it goes.
pub(super) fn close(connection: &Connection, item: i64, state: ItemState, at: Timestamp) -> Result<(), StoreError> {
    // What nobody was shown (spam, a brand's own posts, what repeats) leaves no card behind.
    const CLOSE: &str = "
        INSERT INTO closed_cards (item_id, brand, state, seen_at, closed_at, was_open, told_at)
        SELECT m.item_id, m.brand, ?2, m.seen_at, ?3,
               o.mention_id IS NOT NULL AND m.done = 0
                   AND CASE WHEN o.deadline_at IS NULL THEN o.said_at > ?4 ELSE o.deadline_at > ?3 END,
               (SELECT min(x.settled_at) FROM notices n JOIN alert_notices a ON a.notice_id = n.id
                    JOIN outbox x ON x.id = a.outbox_id
                WHERE n.item_id = m.item_id AND n.brand = m.brand AND x.state = 'delivered')
        FROM mentions m LEFT JOIN opportunities o ON o.mention_id = m.id
        WHERE m.item_id = ?1 AND m.spam = 0 AND m.own = 0 AND m.dismissed = 0 AND m.echo = 0
        ON CONFLICT DO UPDATE SET state = excluded.state, closed_at = excluded.closed_at, was_open = excluded.was_open,
            told_at = excluded.told_at";
    let since = at.saturating_sub(OPEN_WITHOUT_DEADLINE).unwrap_or(Timestamp::MIN);
    execute(connection, CLOSE, params![item, state.as_str(), micros(at), micros(since)]).map(|_| ())
}

/// Forgets that the cards of `item` were closed: it is read again.
pub(super) fn reopen(connection: &Connection, item: i64) -> Result<(), StoreError> {
    execute(connection, "DELETE FROM closed_cards WHERE item_id = ?1", [item]).map(|_| ())
}

/// How many cards that a team had been told of were closed in a stretch while somebody could still have acted.
pub(super) fn n_told(
    connection: &Connection,
    brands: &[BrandId],
    from: Timestamp,
    to: Timestamp,
) -> Result<u64, StoreError> {
    const TOLD: &str = "
        SELECT brand, count(*) AS n FROM closed_cards
        WHERE closed_at >= ?1 AND closed_at < ?2 AND was_open = 1 AND told_at IS NOT NULL GROUP BY brand";
    let told = rows(connection, TOLD, [micros(from), micros(to)], |row| {
        Ok((BrandId::new(row.get::<_, String>("brand")?), count(row, "n")?))
    })?;
    Ok(told.into_iter().filter(|(brand, _)| brands.contains(brand)).map(|(_, n)| n).sum())
}
