//! What stays of items that were deleted or hidden at their origin: a stone without a word on it.
//!
//! In: items that leave. Out: whether a copy that is read later may come in. A stone holds hashes, the row that the item
//! had, and how we know; the item's row goes, and with it everything that refers to it.

use super::commit::Tally;
use super::row::{execute, instant, micros, row, rows, word};
use super::writing::Writing;
use super::{Store, StoreError, closed, fingerprint, item, revision, row as keys};
use crate::model::{Departure, Exit, GoneTrace, ItemId, ItemState, Proof, SourceName};
use crate::text::address_hash;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// Stones of one address that are told.
const TOLD_MOST: i64 = 50;

/// What was deleted so long before is out of the index of words.
const LATELY: SignedDuration = SignedDuration::from_hours(72);

/// Pages of the index that one transaction rewrites, so that commits are not held up; and how many transactions.
const PAGES_AT_ONCE: i64 = 200;
const TIMES_MOST: usize = 20_000;

impl Store {
    /// Of those of `items` (key hashes) that were deleted at a revision: which that was. For a thread that may block.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn deleted_revisions_blocking(&self, items: &[u64]) -> Result<Vec<(u64, String)>, StoreError> {
        const REVISION: &str = "SELECT revision FROM tombstones WHERE key_hash = ?1 AND revision <> ''";
        self.shared.readers.read_blocking(|connection| {
            let of = |item: &u64| {
                let revision = row(connection, REVISION, [item.cast_signed()], |row| Ok(row.get::<_, String>(0)?))?;
                Ok(revision.map(|revision| (*item, revision)))
            };
            items.iter().filter_map(|item| of(item).transpose()).collect()
        })
    }

    /// Where something was deleted at its origin lately: rewrites the index of words, which hides what left it at once
    /// but lets go of its words only when its parts are merged.
    pub(super) async fn forget_words_of_gone(&self, now: Timestamp) -> Result<(), StoreError> {
        const ANY: &str = "SELECT 1 FROM tombstones WHERE gone_at >= ?1 LIMIT 1";
        let since = micros(now.saturating_sub(LATELY).unwrap_or(Timestamp::MIN));
        let any = self.read(move |connection| Ok(row(connection, ANY, [since], |_| Ok(()))?.is_some())).await?;
        for _ in 0..if any { TIMES_MOST } else { 0 } {
            let has_more = self.write(1, |connection| {
                // A merge that had nothing to do changes less than two rows, says FTS5.
                const MERGE: &str = "INSERT INTO search (search, rank) VALUES ('merge', ?1)";
                let before = connection.total_changes();
                execute(connection, MERGE, [-PAGES_AT_ONCE])?;
                Ok(connection.total_changes().saturating_sub(before) >= 2)
            });
            if !has_more.await? {
                break;
            }
        }
        Ok(())
    }
}

/// A stone, as far as whoever reads a copy needs it.
pub(super) struct Tombstone {
    /// The row that the item had, which it gets again.
    pub(super) item: i64,
    /// No copy comes back.
    pub(super) is_final: bool,
}

/// Lets an item leave, in the transaction of the caller.
pub(super) fn leave(
    connection: &Writing,
    departure: &Departure,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let key_hash = keys::key_hash(&departure.key);
    fingerprint::remove(connection, key_hash)?;
    let found = item::find_called(connection, &departure.key)?;
    let (state, proof) = match departure.to {
        Exit::Deleted(proof) => (ItemState::Deleted, proof),
        Exit::Hidden(proof) => (ItemState::Hidden, proof),
        Exit::Back => return soften(connection, key_hash),
        Exit::Unsaid => {
            let Some(found) = found else { return Ok(()) };
            revision::tell_unsaid(connection, found.id, at, tally)?;
            return item::remove(connection, found.id, at, tally);
        }
    };
    match found {
        Some(found) => {
            closed::close(connection, found.id, state, at)?;
            put(connection, found.id, (state, proof), &departure.revision, at)?;
            item::remove(connection, found.id, at, tally)
        }
        // What was only hidden may be deleted afterwards, but not the other way round.
        None if state == ItemState::Deleted => finish(connection, key_hash, proof, at),
        None => Ok(()),
    }
}

fn put(
    connection: &Connection,
    item: i64,
    (state, proof): (ItemState, Proof),
    revision: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    const PUT: &str = "
        INSERT INTO tombstones (key_hash, item_id, source_id, url_hash, state, proof, revision, gone_at)
        SELECT key_hash, id, source_id, url_hash, ?2, ?3, ?5, ?4 FROM items WHERE id = ?1
        ON CONFLICT (key_hash) DO UPDATE SET item_id = excluded.item_id, state = excluded.state,
            proof = excluded.proof, revision = excluded.revision, gone_at = excluded.gone_at";
    execute(connection, PUT, params![item, state.as_str(), proof.as_str(), micros(at), revision]).map(|_| ())
}

fn finish(connection: &Connection, key_hash: u64, proof: Proof, at: Timestamp) -> Result<(), StoreError> {
    const FINISH: &str = "
        UPDATE tombstones SET state = 'deleted', proof = ?2, gone_at = ?3 WHERE key_hash = ?1 AND state = 'hidden'";
    execute(connection, FINISH, params![key_hash.cast_signed(), proof.as_str(), micros(at)]).map(|_| ())
}

/// Lets what was deleted come back: it was published anew.
fn soften(connection: &Connection, key_hash: u64) -> Result<(), StoreError> {
    const SOFTEN: &str = "UPDATE tombstones SET state = 'hidden' WHERE key_hash = ?1";
    execute(connection, SOFTEN, [key_hash.cast_signed()]).map(|_| ())
}

/// The stone of the item whose key has this hash.
pub(super) fn of(connection: &Connection, key_hash: u64) -> Result<Option<Tombstone>, StoreError> {
    const OF: &str = "SELECT item_id, state = 'deleted' FROM tombstones WHERE key_hash = ?1";
    row(connection, OF, [key_hash.cast_signed()], |row| Ok(Tombstone { item: row.get(0)?, is_final: row.get(1)? }))
}

/// Takes a stone away: what was hidden is read again.
pub(super) fn lift(connection: &Connection, key_hash: u64, stone: &Tombstone) -> Result<(), StoreError> {
    execute(connection, "DELETE FROM tombstones WHERE key_hash = ?1", [key_hash.cast_signed()])?;
    closed::reopen(connection, stone.item)
}

/// What was kept at `url` until it left.
pub(super) fn gone_at(connection: &Connection, url: &str) -> Result<Vec<GoneTrace>, StoreError> {
    const GONE: &str = "
        SELECT t.item_id, s.name AS source, t.state, t.proof, t.gone_at
        FROM tombstones t JOIN sources s ON s.id = t.source_id
        WHERE t.url_hash = ?1 ORDER BY t.gone_at DESC, t.item_id LIMIT ?2";
    let Some(hash) = address_hash(url) else { return Ok(Vec::new()) };
    rows(connection, GONE, [hash.cast_signed(), TOLD_MOST], |row| {
        Ok(GoneTrace {
            item_id: ItemId(row.get("item_id")?),
            source: SourceName::new(row.get::<_, String>("source")?),
            state: word(row, "state", ItemState::from_name)?,
            proof: word(row, "proof", Proof::from_name)?,
            gone_at: instant(row, "gone_at")?,
        })
    })
}

/// What is under a stone and kept nevertheless.
pub(super) fn flaws(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const BOTH: &str = "SELECT count(*) AS n FROM tombstones t JOIN items i ON i.key_hash = t.key_hash";
    let n = row(connection, BOTH, [], |row| super::row::count(row, "n"))?.unwrap_or_default();
    Ok((n > 0).then(|| format!("{n} items are kept although they were deleted at their origin")).into_iter().collect())
}
