//! The texts that people called spam or not spam, and others of the house.

use super::row::{from_json, row, rows};
use super::{Store, StoreError};
use crate::model::{Change, Item, SpamLessons};
use rusqlite::Connection;
use std::collections::HashSet;

/// The most corrections that are learned from, the newest ones.
const SAID_MOST: i64 = 2_000;

/// The most texts that they are held against.
const OTHERS_MOST: i64 = 500;

/// As much of a text as is learned from.
const TEXT_BYTES: usize = 4_096;

/// What a correction of the verdict on spam begins with.
const OF_SPAM: &str = "{\"field\":\"spam\"%";

impl Store {
    /// What people said of spam, for a thread that may block, within a runtime; `None` where nothing was said since
    /// the lessons whose mark is `known`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn spam_lessons_blocking(&self, known: i64) -> Result<Option<SpamLessons>, StoreError> {
        self.shared.readers.read_blocking(|connection| {
            let mark = mark(connection)?;
            if mark == known { Ok(None) } else { lessons(connection, mark).map(Some) }
        })
    }
}

/// Another number after each correction; 0 where there is none.
fn mark(connection: &Connection) -> Result<i64, StoreError> {
    const MARK: &str = "SELECT id, at FROM corrections ORDER BY id DESC LIMIT 1";
    let of = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(0)?.wrapping_add(row.get::<_, i64>(1)?));
    Ok(row(connection, MARK, [], of)?.unwrap_or(0))
}

fn lessons(connection: &Connection, mark: i64) -> Result<SpamLessons, StoreError> {
    const SAID: &str = "
        SELECT c.item_id AS item_id, c.change_json AS change_json, i.item_json AS item_json
        FROM corrections c JOIN items i ON i.id = c.item_id
        WHERE c.change_json LIKE ?1 ORDER BY c.id DESC LIMIT ?2";
    const OTHERS: &str = "
        SELECT i.item_json AS item_json FROM items i
        WHERE EXISTS (SELECT 1 FROM mentions m WHERE m.item_id = i.id AND m.spam = 0 AND m.own = 0)
          AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.item_id = i.id AND c.change_json LIKE ?1)
        ORDER BY i.id DESC LIMIT ?2";
    let mut taught = HashSet::new();
    let said = rows(connection, SAID, (OF_SPAM, SAID_MOST), |row| {
        let change: Change = from_json(row, "change_json")?;
        let is_newest = taught.insert(row.get::<_, i64>("item_id")?);
        Ok(match change {
            Change::Spam(is_spam) if is_newest => Some((text(&from_json(row, "item_json")?), is_spam)),
            _ => None,
        })
    })?;
    let said: Vec<(String, bool)> = said.into_iter().flatten().collect();
    // A house in which nobody said anything of spam reads no texts.
    let others = if said.is_empty() {
        Vec::new()
    } else {
        rows(connection, OTHERS, (OF_SPAM, OTHERS_MOST), |row| Ok(text(&from_json(row, "item_json")?)))?
    };
    Ok(SpamLessons { said, others, mark })
}

fn text(item: &Item) -> String {
    let text = item.reading_text();
    text.get(..text.floor_char_boundary(TEXT_BYTES)).unwrap_or("").to_owned()
}
