//! Whether the database is whole: its pages, what refers to what, the words of search, the running totals.
//!
//! Everything is read in one transaction, beside whoever writes. Nothing is mended: what is wrong is said.

use super::row::{rows, value};
use super::{Store, StoreError, journey, missed, tombstone};
use crate::model::Flaw;
use rusqlite::Connection;

/// More flaws of one part are not listed: one is enough to restore a backup.
const FLAWS_LIMIT: usize = 20;

impl Store {
    /// Everything that is wrong with the database; nothing where it is whole. Reads all of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read far enough to be checked.
    pub async fn check(&self) -> Result<Vec<Flaw>, StoreError> {
        self.read(|connection| {
            let flaws = |part: &str, messages: Vec<String>| {
                messages.into_iter().map(|message| Flaw { part: part.to_owned(), message }).collect::<Vec<_>>()
            };
            let pages = pages(connection)?;
            if !pages.is_empty() {
                // What else is counted on broken pages would only frighten.
                return Ok(flaws("pages", pages));
            }
            let mut found = flaws("references", references(connection)?);
            found.extend(flaws("search", search(connection)?));
            found.extend(flaws("counters", counters(connection)?));
            Ok(found)
        })
        .await
    }
}

impl Store {
    /// What a shorter look finds wrong with the pages, at most `most` lines; empty where they are sound. Indexes are
    /// not held against their tables. Reads all of the database.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read far enough to be checked.
    pub async fn quick_check(&self, most: usize) -> Result<Vec<String>, StoreError> {
        self.read(move |connection| {
            let found: Vec<String> =
                rows(connection, &format!("PRAGMA quick_check({most})"), [], |row| Ok(row.get(0)?))?;
            Ok(found.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }
}

/// What SQLite finds wrong with pages, indexes and the index of search.
pub(super) fn pages(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = format!("PRAGMA integrity_check({FLAWS_LIMIT})");
    let found: Vec<String> = rows(connection, &sql, [], |row| Ok(row.get(0)?))?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

fn references(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let found = rows(connection, "PRAGMA foreign_key_check", [], |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let at: Option<i64> = row.get(1)?;
        Ok(format!("row {} of `{table}` refers to a row of `{parent}` that is not there", at.unwrap_or_default()))
    })?;
    Ok(found.into_iter().take(FLAWS_LIMIT).collect())
}

fn search(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const WITHOUT: &str = "SELECT count(*) FROM items i LEFT JOIN search_docsize s ON s.id = i.id WHERE s.id IS NULL";
    const BEYOND: &str = "SELECT count(*) FROM search_docsize s LEFT JOIN items i ON i.id = s.id WHERE i.id IS NULL";
    let n = |sql| Ok::<i64, StoreError>(value(connection, sql, [])?.unwrap_or_default());
    let mut flaws = Vec::new();
    match n(WITHOUT)? {
        0 => {}
        n => flaws.push(format!("{n} items cannot be found by their words")),
    }
    match n(BEYOND)? {
        0 => {}
        n => flaws.push(format!("{n} items that are gone can still be found by their words")),
    }
    Ok(flaws)
}

fn counters(connection: &Connection) -> Result<Vec<String>, StoreError> {
    const COUNTERS: [(&str, &str, &str); 3] = [
        ("items_kept", "items", "SELECT count(*) FROM items"),
        ("mentions", "mentions", "SELECT count(*) FROM mentions"),
        ("opportunities", "opportunities", "SELECT count(*) FROM opportunities"),
    ];
    let mut flaws = journey::flaws(connection)?;
    flaws.extend(missed::flaws(connection)?);
    flaws.extend(tombstone::flaws(connection)?);
    for (name, table, sql) in COUNTERS {
        let counted: i64 = value(connection, sql, [])?.unwrap_or_default();
        let told: i64 = value(connection, "SELECT value FROM counters WHERE name = ?1", [name])?.unwrap_or_default();
        if counted != told {
            flaws.push(format!("the counter `{name}` says {told}, but there are {counted} {table}"));
        }
    }
    Ok(flaws)
}
