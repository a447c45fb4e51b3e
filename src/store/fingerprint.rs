//! What was seen before: kept items by their key, all others by a fingerprint of a few integers.
//!
//! A fingerprint lives for [`LIFE_DAYS`] after its item was last seen in an answer. To see an item again costs no
//! write until its fingerprint is [`REFRESH_DAYS`] old: one write a week for an old item, however often it is polled.
//! Where a fingerprint expires although its item still stands in a feed that nobody changed for a month, that item is
//! analyzed and counted once more; it cannot alert twice, because what alerts is kept as an item.

use super::commit::Tally;
use super::row::{day, execute, from_json, rows};
use super::writing::Writing;
use super::{Store, StoreError, item, revision, tombstone};
use crate::model::{Author, Fingerprint, Item, SourceName};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Days after which a fingerprint that was not seen again is forgotten: far beyond the window of a feed that moves.
const LIFE_DAYS: i64 = 30;
/// Days after which a fingerprint that is seen again is noted anew.
const REFRESH_DAYS: i64 = 7;
/// Fingerprints that one transaction forgets at most, so that commits are not held up.
const FORGET_LIMIT: usize = 5_000;

/// Items of one content that are looked at for their authors.
const AUTHORS_LOOKED_AT: i64 = 50;

/// The hashes by which an item is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemHashes {
    /// [`super::key_hash`] of its key.
    pub key_hash: u64,
    /// Hash of title and body, as the fingerprint or kept item would hold it.
    pub content_hash: u64,
}

/// Whether an item of an answer was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// Never, or so long ago that it was forgotten.
    New,
    /// As it is now.
    Same,
    /// With another content.
    Changed,
}

impl Store {
    /// Which items of an answer are new or changed, in the order given; one look into two indexes for each.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn known(&self, items: Vec<ItemHashes>, now: Timestamp) -> Result<Vec<Known>, StoreError> {
        let before = day(now) - REFRESH_DAYS;
        let (known, stale) = self.read(move |connection| look_up(connection, &items, before)).await?;
        self.note_anew(stale, now);
        Ok(known)
    }

    /// As [`Store::known`], for a thread that may block, within a runtime: it spares the way through another thread.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn known_blocking(&self, items: Vec<ItemHashes>, now: Timestamp) -> Result<Vec<Known>, StoreError> {
        let before = day(now) - REFRESH_DAYS;
        let (known, stale) = self.shared.readers.read_blocking(|connection| look_up(connection, &items, before))?;
        self.note_anew(stale, now);
        Ok(known)
    }

    /// For each of these contents the authors of the kept items in which `source` has given it, for a thread that may
    /// block: of a source whose ids change from reading to reading.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn authors_of_contents_blocking(
        &self,
        source: &SourceName,
        content_hashes: &[u64],
    ) -> Result<Vec<Vec<Author>>, StoreError> {
        const GIVEN: &str = "
            SELECT item_json FROM items
            WHERE source_id = (SELECT id FROM sources WHERE name = ?1) AND content_hash = ?2 LIMIT ?3";
        self.shared.readers.read_blocking(|connection| {
            let given = |hash: &u64| {
                let columns = params![source.as_str(), hash.cast_signed(), AUTHORS_LOOKED_AT];
                rows(connection, GIVEN, columns, |row| Ok(from_json::<Item>(row, "item_json")?.author))
            };
            content_hashes.iter().map(given).collect()
        })
    }

    fn note_anew(&self, stale: Vec<i64>, now: Timestamp) {
        if let (Some(writer), false) = (&self.shared.writer, stale.is_empty()) {
            let today = day(now);
            writer.write_if_idle(stale.len(), move |connection| refresh(connection, &stale, today));
        }
    }

    /// Forgets the fingerprints of items that left their answers, and rewrites the index of words where something was
    /// deleted at its origin lately; how many fingerprints. To be called about once a day.
    ///
    /// # Errors
    /// [`StoreError`]; what was forgotten until then stays forgotten.
    pub async fn forget_expired(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = day(now) - LIFE_DAYS;
        let mut n_forgotten = 0;
        loop {
            let n = self.write(FORGET_LIMIT, move |connection| forget(connection, before)).await?;
            n_forgotten += u64::try_from(n).unwrap_or(u64::MAX);
            if n < FORGET_LIMIT {
                self.forget_words_of_gone(now).await?;
                return Ok(n_forgotten);
            }
        }
    }
}

/// Leaves the fingerprint of an item that is not kept. An item of the same source that was kept goes: it was edited
/// and names no brand any more. An item that another source gave stays; their texts merely differ.
pub(super) fn put(
    connection: &Writing,
    source: i64,
    print: &Fingerprint,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    const KEPT: &str = "SELECT id, source_id FROM items WHERE key_hash = ?1";
    let key = print.key_hash.cast_signed();
    let kept = rows(connection, KEPT, [key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    match kept.first() {
        Some((_, giver)) if *giver != source => return Ok(()),
        Some((id, _)) => {
            revision::tell_unsaid(connection, *id, at, tally)?;
            item::remove(connection, *id, at, tally)?;
        }
        // A copy of what was deleted leaves no trace of its own.
        None if tombstone::of(connection, print.key_hash)?.is_some() => return Ok(()),
        None => {}
    }
    if write(connection, source, print, day(at))? && kept.is_empty() {
        tally.see_new_item();
    }
    Ok(())
}

/// Removes a fingerprint; whether there was one.
pub(super) fn remove(connection: &Connection, key_hash: u64) -> Result<bool, StoreError> {
    Ok(execute(connection, "DELETE FROM fingerprints WHERE key_hash = ?1", [key_hash.cast_signed()])? > 0)
}

/// Inserts or updates a fingerprint; whether it is new.
fn write(connection: &Connection, source: i64, print: &Fingerprint, today: i64) -> Result<bool, StoreError> {
    const INSERT: &str = "
        INSERT INTO fingerprints (key_hash, content_hash, url_hash, source_id, seen_day, reason)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (key_hash) DO NOTHING";
    const UPDATE: &str = "
        UPDATE fingerprints SET content_hash = ?2, url_hash = ?3, source_id = ?4, seen_day = ?5, reason = ?6
        WHERE key_hash = ?1";
    let columns = params![
        print.key_hash.cast_signed(),
        print.content_hash.cast_signed(),
        print.url_hash.cast_signed(),
        source,
        today,
        print.reason.as_str(),
    ];
    let is_new = execute(connection, INSERT, columns)? > 0;
    if !is_new {
        execute(connection, UPDATE, columns)?;
    }
    Ok(is_new)
}

/// What is known of each item, and the fingerprints that were last noted before day `before`.
fn look_up(connection: &Connection, items: &[ItemHashes], before: i64) -> Result<(Vec<Known>, Vec<i64>), StoreError> {
    const LOOK_UP: &str = "
        SELECT content_hash, NULL, 0 FROM items WHERE key_hash = ?1
        UNION ALL SELECT content_hash, seen_day, 0 FROM fingerprints WHERE key_hash = ?1
        UNION ALL SELECT 0, NULL, 1 FROM tombstones WHERE key_hash = ?1 AND state = 'deleted'";
    let mut statement = connection.prepare_cached(LOOK_UP)?;
    let mut known = Vec::with_capacity(items.len());
    let mut stale = Vec::new();
    for item in items {
        let key = item.key_hash.cast_signed();
        let mut found = statement.query([key])?;
        known.push(match found.next()? {
            None => Known::New,
            Some(row) => {
                if row.get::<_, Option<i64>>(1)?.is_some_and(|seen| seen < before) {
                    stale.push(key);
                }
                // What was deleted is not looked at again, whatever a copy says.
                let is_same = row.get(2)? || row.get::<_, i64>(0)? == item.content_hash.cast_signed();
                if is_same { Known::Same } else { Known::Changed }
            }
        });
    }
    Ok((known, stale))
}

fn refresh(connection: &Connection, keys: &[i64], today: i64) -> Result<(), StoreError> {
    const REFRESH: &str = "UPDATE fingerprints SET seen_day = ?2 WHERE key_hash = ?1 AND seen_day < ?2";
    keys.iter().try_for_each(|key| execute(connection, REFRESH, [*key, today]).map(|_| ()))
}

fn forget(connection: &Connection, before: i64) -> Result<usize, StoreError> {
    const FORGET: &str = "
        DELETE FROM fingerprints
        WHERE key_hash IN (SELECT key_hash FROM fingerprints WHERE seen_day < ?1 LIMIT ?2)";
    execute(connection, FORGET, params![before, i64::try_from(FORGET_LIMIT).unwrap_or(i64::MAX)])
}
