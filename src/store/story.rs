//! Items that tell the same, under the first of them: one story, told once.
//!
//! Looking for the story of a new item costs two looks into an index for each of its few keys, and the reading of a
//! few candidates. The keys of a fortnight lie together in the index, so that what was stored before does not make it
//! slower.

use super::correction::{stored_mentions, stored_origin};
use super::row::{count, execute, from_json, instant, micros, row, rows};
use super::{Store, StoreError, mention};
use crate::model::{BrandId, Item, ItemId, Story};
use crate::story::{Telling, sameness};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// The newest copies of a text that are looked at.
const COPIES_LOOKED_AT: i64 = 40;
/// Bits of a key that are stored; what is found is looked at closely.
const KEY_BITS: u32 = 40;
/// The newest items that are found by one key: more have it only where it says little.
const FOUND_BY_KEY: i64 = 8;
/// The items that are looked at closely, those first that share the most keys.
const LOOKED_AT: usize = 6;

impl Store {
    /// The newest items with the key `key` (see [`crate::story::copy_key`]) that were first read from `since` on and
    /// until `now`, less than a fortnight later, and when, at most some dozens; for a thread that may block.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn copies_blocking(
        &self,
        key: u64,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(Item, Timestamp)>, StoreError> {
        const COPIES: &str = "
            SELECT i.item_json AS item_json, i.seen_at AS seen_at
            FROM (SELECT item_id FROM story_keys WHERE key IN (?1, ?2) ORDER BY item_id DESC LIMIT ?4) k
                 JOIN items i ON i.id = k.item_id
            WHERE i.seen_at >= ?3";
        self.shared.readers.read_blocking(|connection| {
            let [now, before] = lately(key, now);
            rows(connection, COPIES, params![now, before, micros(since), COPIES_LOOKED_AT], |row| {
                Ok((from_json(row, "item_json")?, instant(row, "seen_at")?))
            })
        })
    }
}

/// A key as it is stored by an item that was read at `at`: its fortnight before 40 bits of it.
fn stored(key: u64, fortnight: i64) -> i64 {
    fortnight << KEY_BITS | (key >> (u64::BITS - KEY_BITS)).cast_signed()
}

/// The fortnight since 1970 that `at` lies in.
fn fortnight(at: Timestamp) -> i64 {
    at.as_second().div_euclid(14 * 86_400)
}

/// A key as items have stored it that were read at `at` or in the fortnight before.
fn lately(key: u64, at: Timestamp) -> [i64; 2] {
    [stored(key, fortnight(at)), stored(key, fortnight(at) - 1)]
}

/// Keeps under which keys an item, read at `at`, is found, those of its text before included.
pub(super) fn put_keys(connection: &Connection, item: i64, keys: &[u64], at: Timestamp) -> Result<(), StoreError> {
    const PUT: &str = "INSERT INTO story_keys (item_id, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    keys.iter().try_for_each(|key| execute(connection, PUT, (item, stored(*key, fortnight(at)))).map(|_| ()))
}

/// The story that `item`, which is new under row `id`, tells again: the row of its first item. Notes it.
pub(super) fn join(
    connection: &Connection,
    id: i64,
    item: &Item,
    keys: &[u64],
    at: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let Some(first) = find(connection, item, keys, at)? else { return Ok(None) };
    execute(connection, "UPDATE items SET story = ?2 WHERE id = ?1", [id, first])?;
    Ok(Some(first))
}

fn find(connection: &Connection, item: &Item, keys: &[u64], at: Timestamp) -> Result<Option<i64>, StoreError> {
    const CANDIDATES: &str = "SELECT item_id FROM story_keys WHERE key IN (?1, ?2) ORDER BY item_id DESC LIMIT ?3";
    const CANDIDATE: &str = "SELECT coalesce(story, id) AS first, seen_at, item_json FROM items WHERE id = ?1";
    let mut n_shared: BTreeMap<i64, usize> = BTreeMap::new();
    for key in keys {
        let [now, before] = lately(*key, at);
        let found = rows(connection, CANDIDATES, (now, before, FOUND_BY_KEY), |row| Ok(row.get::<_, i64>(0)?))?;
        found.into_iter().for_each(|item| *n_shared.entry(item).or_default() += 1);
    }
    if n_shared.is_empty() {
        return Ok(None);
    }
    let mut candidates: Vec<(i64, usize)> = n_shared.into_iter().collect();
    candidates.sort_by_key(|(_, n_shared)| std::cmp::Reverse(*n_shared));
    let telling = Telling::of(item);
    for (candidate, _) in candidates.into_iter().take(LOOKED_AT) {
        let found = row(connection, CANDIDATE, [candidate], |row| {
            Ok((row.get::<_, i64>("first")?, instant(row, "seen_at")?, from_json::<Item>(row, "item_json")?))
        })?;
        let Some((first, seen_at, other)) = found else { continue };
        // Only two times of one kind can be compared: a backlog is read at once.
        let gap = match (item.published, other.published) {
            (Some(one), Some(other)) => one.at.duration_since(other.at),
            _ => at.duration_since(seen_at),
        };
        if sameness(&telling, &Telling::of(&other), gap).is_some() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

/// The first item of the story that `item` tells again, where it does.
pub(super) fn first_of(connection: &Connection, item: i64) -> Result<Option<i64>, StoreError> {
    row(connection, "SELECT story FROM items WHERE id = ?1", [item], |row| Ok(row.get(0)?)).map(Option::flatten)
}

/// Whether an earlier item of the story has said of `brand` what `item` says; with `is_worth_more` only one on which
/// somebody should act counts: a repost that nobody heeded does not silence the post itself.
pub(super) fn is_told(
    connection: &Connection,
    story: i64,
    item: i64,
    brand: &BrandId,
    is_worth_more: bool,
) -> Result<bool, StoreError> {
    const TOLD: &str = "
        SELECT 1 FROM (SELECT ?1 AS id UNION ALL SELECT id FROM items WHERE story = ?1) i
             JOIN mentions m ON m.item_id = i.id LEFT JOIN opportunities o ON o.mention_id = m.id
        WHERE i.id < ?2 AND m.brand = ?3 AND m.echo = 0 AND (?4 = 0 OR o.mention_id IS NOT NULL) LIMIT 1";
    let told = row(connection, TOLD, params![story, item, brand.as_str(), is_worth_more], |_| Ok(()))?;
    Ok(told.is_some())
}

/// Before `item` goes: the next of its story takes its place, and is listed and counted from now on.
pub(super) fn hand_over(connection: &Connection, item: i64) -> Result<(), StoreError> {
    const NEXT: &str = "SELECT min(id) FROM items WHERE story = ?1";
    let Some(next) = row(connection, NEXT, [item], |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten() else {
        return Ok(());
    };
    execute(connection, "UPDATE items SET story = nullif(?2, id) WHERE story = ?1", [item, next])?;
    execute(connection, "UPDATE mentions SET echo = 0 WHERE item_id = ?1", [next])?;
    let (origin, _) = stored_origin(connection, ItemId(next))?;
    stored_mentions(connection, ItemId(next))?
        .iter()
        .try_for_each(|judged| mention::put(connection, &origin, judged).map(|_| ()))
}

/// How far the story of an item about `brand` goes.
pub(super) fn of(connection: &Connection, item: i64, brand: &str) -> Result<Story, StoreError> {
    const FIRST: &str = "
        SELECT coalesce(story, id) AS first FROM items
        WHERE id = ?1 AND (story IS NOT NULL OR EXISTS (SELECT 1 FROM items WHERE story = ?1))";
    const STORY: &str = "
        SELECT count(*) AS items, count(DISTINCT i.source_id) AS sources,
               sum((SELECT max(followers) FROM mentions m WHERE m.item_id = i.id AND m.brand = ?2)) AS reach
        FROM items i WHERE i.id = ?1 OR i.story = ?1";
    let Some(first) = row(connection, FIRST, [item], |row| Ok(row.get::<_, i64>(0)?))? else {
        return Ok(Story::default());
    };
    let story = row(connection, STORY, (first, brand), |row| {
        let reach = row.get::<_, Option<f64>>("reach")?.map(|sum| sum as u64);
        Ok(Story { items: count(row, "items")?, sources: count(row, "sources")?, reach })
    })?;
    Ok(story.unwrap_or_default())
}
