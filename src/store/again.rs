//! Which items are to be looked at again at their origin, and when.
//!
//! In: what a look left behind, written in the commit of what it gave. Out: what is due of one source.

use super::row::{execute, from_json, instant, micros, optional_instant, rows};
use super::{Store, StoreError};
use crate::model::{DueLook, Glance, Looked, SourceName};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// Without a deadline an opportunity is open for a fortnight after it was said, as in the digest.
const OPEN_WITHOUT_DEADLINE: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Store {
    /// The items of `source` whose look is due at `now`, the longest due first, at most `limit`; where there are some,
    /// also the newest few that are not due, by which one sees whether the service answers at all.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn due_looks(
        &self,
        source: SourceName,
        now: Timestamp,
        limit: usize,
        n_others: usize,
    ) -> Result<Vec<DueLook>, StoreError> {
        self.read(move |connection| due(connection, &source, now, (limit, n_others))).await
    }
}

fn due(
    connection: &Connection,
    source: &SourceName,
    now: Timestamp,
    (limit, n_others): (usize, usize),
) -> Result<Vec<DueLook>, StoreError> {
    const OPEN: &str = "
        EXISTS (SELECT 1 FROM mentions m JOIN opportunities o ON o.mention_id = m.id
                WHERE m.item_id = i.id AND m.done = 0 AND m.dismissed = 0 AND m.spam = 0 AND m.own = 0
                  AND CASE WHEN o.deadline_at IS NULL THEN o.said_at > ?3 ELSE o.deadline_at > ?2 END)";
    let due = format!(
        "SELECT i.item_json, i.seen_at, i.missed_at, {OPEN} AS is_open, i.look_at <= ?2 AS is_due FROM items i
         WHERE i.source_id = (SELECT id FROM sources WHERE name = ?1) AND i.look_at IS NOT NULL AND i.look_at <= ?2
         ORDER BY i.look_at, i.id LIMIT ?4"
    );
    let others = format!(
        "SELECT i.item_json, i.seen_at, i.missed_at, {OPEN} AS is_open, i.look_at <= ?2 AS is_due FROM items i
         WHERE i.source_id = (SELECT id FROM sources WHERE name = ?1) AND i.look_at > ?2 AND i.missed_at IS NULL
         ORDER BY i.look_at DESC, i.id DESC LIMIT ?4"
    );
    let since = now.saturating_sub(OPEN_WITHOUT_DEADLINE).unwrap_or(Timestamp::MIN);
    let find = |sql: &str, n: usize| {
        let columns = params![source.as_str(), micros(now), micros(since), i64::try_from(n).unwrap_or(i64::MAX)];
        rows(connection, sql, columns, |row| {
            Ok(DueLook {
                item: from_json(row, "item_json")?,
                seen_at: instant(row, "seen_at")?,
                missed_at: optional_instant(row, "missed_at")?,
                is_open: row.get("is_open")?,
                is_due: row.get("is_due")?,
            })
        })
    };
    let mut found = find(&due, limit)?;
    if !found.is_empty() {
        found.extend(find(&others, n_others)?);
    }
    Ok(found)
}

/// Writes when an item is looked at next. A list of parts has no say on what is known as a whole.
pub(super) fn put(connection: &Connection, looked: &Looked, glance: Glance) -> Result<(), StoreError> {
    const PUT: &str = "
        UPDATE items SET look_at = ?3, missed_at = ?4
        WHERE namespace = ?1 AND own_id = ?2 AND NOT (by_look AND ?5)";
    let (next, missed) = (looked.next_at.map(micros), looked.missed_at.map(micros));
    execute(connection, PUT, params![looked.key.namespace, looked.key.id, next, missed, glance == Glance::Parts])
        .map(|_| ())
}
