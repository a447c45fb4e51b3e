//! What an author and a thread were about before: for the one case where a name is in doubt.
//!
//! An author is found by the words of their name in the search's index, a thread by the key of what was answered: two
//! look-ups by index for each brand, however much is stored.

use super::query::author_expression;
use super::row::{from_json, rows};
use super::{Store, StoreError};
use crate::model::{Author, BrandId, Item, Past, PastOfBrand};
use rusqlite::{Connection, params};

/// Items of people of that name that are looked at, newest first.
const LOOKED_AT: usize = 40;

/// From so many on it does not matter how many there are.
const ENOUGH: usize = 5;

/// A mention at least this sure says something of the next one; surer than the usual floor, so that no doubt feeds on
/// another.
const SURE: f64 = 0.6;

impl Store {
    /// What was kept of `item`'s author and of its thread about `brands`, for a thread that may block. Without what
    /// was dismissed, spam, or the brand's own.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn past_blocking(&self, item: &Item, brands: &[BrandId]) -> Result<Past, StoreError> {
        self.shared.readers.read_blocking(|connection| {
            let past = |brand: &BrandId| {
                let n_by_author = n_by_author(connection, item, brand)?;
                let in_thread = is_thread_about(connection, item, brand)?;
                Ok(PastOfBrand { brand: brand.clone(), n_by_author, in_thread })
            };
            let brands = brands.iter().map(past).collect::<Result<Vec<_>, StoreError>>()?;
            Ok(Past { brands })
        })
    }
}

fn n_by_author(connection: &Connection, item: &Item, brand: &BrandId) -> Result<usize, StoreError> {
    const OF_AUTHOR: &str = "
        SELECT i.item_json FROM search CROSS JOIN mentions m ON m.item_id = search.rowid
        JOIN items i ON i.id = m.item_id
        WHERE search MATCH ?1 AND m.brand = ?2 AND m.relevance >= ?3
          AND m.dismissed = 0 AND m.spam = 0 AND m.own = 0
        ORDER BY search.rowid DESC LIMIT ?4";
    let author = &item.author;
    let Some(name) = author.handle.as_deref().or(author.name.as_deref()) else { return Ok(0) };
    let Some(words) = author_expression(name, brand) else { return Ok(0) };
    let columns = params![words, brand.as_str(), SURE, i64::try_from(LOOKED_AT).unwrap_or(i64::MAX)];
    let found: Vec<Item> = rows(connection, OF_AUTHOR, columns, |row| from_json(row, "item_json"))?;
    let by_author = found.iter().filter(|other| other.key != item.key && is_same(item, other));
    Ok(by_author.take(ENOUGH).count())
}

/// Whether both were written by one person: a handle on one platform, a mere name within one source.
fn is_same(item: &Item, other: &Item) -> bool {
    let (Author { name, handle, .. }, theirs) = (&item.author, &other.author);
    let in_source = item.key.namespace == other.key.namespace;
    match handle {
        Some(_) => *handle == theirs.handle && (in_source || item.medium == other.medium),
        None => theirs.handle.is_none() && *name == theirs.name && in_source,
    }
}

fn is_thread_about(connection: &Connection, item: &Item, brand: &BrandId) -> Result<bool, StoreError> {
    const OF_KEY: &str = "
        SELECT 1 FROM items i JOIN mentions m ON m.item_id = i.id
        WHERE i.namespace = ?1 AND i.own_id = ?2 AND m.brand = ?3 AND m.relevance >= ?4
          AND m.dismissed = 0 AND m.spam = 0";
    for id in [&item.parent, &item.thread].into_iter().flatten().filter(|id| **id != item.key.id) {
        let columns = params![item.key.namespace, id, brand.as_str(), SURE];
        if connection.prepare_cached(OF_KEY)?.exists(columns)? {
            return Ok(true);
        }
    }
    Ok(false)
}
