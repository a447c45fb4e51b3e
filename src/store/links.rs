//! What links in mails do: an act, once; and who left a list.

use super::row::{execute, instant, micros, rows, value};
use super::{Store, StoreError, correction, withdraw};
use crate::model::{BrandId, Change, Corrected, ItemId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// The list of digests.
const DIGEST: &str = "digest";

/// What came of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    /// It is so now.
    Done,
    /// It was so before.
    Already,
    /// The item, or what it says of the brand, is not kept any more.
    Gone,
}

/// Somebody who left a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftList {
    /// The list: `digest`.
    pub list: String,
    /// The recipient, as in `porterhouse.toml`.
    pub recipient: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The hash of the key of the item in this row.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn item_key_hash(&self, item: ItemId) -> Result<Option<u64>, StoreError> {
        const HASH: &str = "SELECT key_hash FROM items WHERE id = ?1";
        self.read(move |connection| Ok(value::<i64>(connection, HASH, [item.0])?.map(i64::cast_unsigned))).await
    }

    /// Whether `change` is so already; `None` where the mention is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_so(&self, item: ItemId, brand: BrandId, change: Change) -> Result<Option<bool>, StoreError> {
        self.read(move |connection| correction::is_so(connection, item, &brand, &change)).await
    }

    /// Lays `change` over what is stored of `item` and `brand`, unless it is so already; all in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn act(
        &self,
        item: ItemId,
        brand: BrandId,
        change: Change,
        who: String,
        now: Timestamp,
    ) -> Result<Acted, StoreError> {
        self.write(2, move |connection| match correction::is_so(connection, item, &brand, &change)? {
            None => Ok(Acted::Gone),
            Some(true) => Ok(Acted::Already),
            Some(false) => match correction::correct(connection, item, Some(brand), vec![change], who, now)? {
                Corrected::Done(_) => Ok(Acted::Done),
                _ => Ok(Acted::Gone),
            },
        })
        .await
    }

    /// `recipient` leaves `list`, and what waits for them is taken back; whether that is new.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn leave(&self, list: &str, recipient: &str, now: Timestamp) -> Result<bool, StoreError> {
        const LEAVE: &str = "
            INSERT INTO left_lists (list, recipient, left_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let (list, recipient) = (list.to_owned(), recipient.to_owned());
        self.write(1, move |connection| {
            let is_new = execute(connection, LEAVE, params![list, recipient, micros(now)])? > 0;
            withdraw::of_leaver(connection, list == DIGEST, &recipient, now)?;
            Ok(is_new)
        })
        .await
    }

    /// `recipient` gets `list` again; whether they had left.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn come_back(&self, list: &str, recipient: &str) -> Result<bool, StoreError> {
        const BACK: &str = "DELETE FROM left_lists WHERE list = ?1 AND recipient = ?2";
        let (list, recipient) = (list.to_owned(), recipient.to_owned());
        self.write(1, move |connection| Ok(execute(connection, BACK, params![list, recipient])? > 0)).await
    }

    /// Everybody who left a list.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn left_lists(&self) -> Result<Vec<LeftList>, StoreError> {
        self.read(left).await
    }
}

/// Everybody who left a list.
pub(super) fn left(connection: &Connection) -> Result<Vec<LeftList>, StoreError> {
    rows(connection, "SELECT * FROM left_lists ORDER BY list, recipient", [], |row| {
        Ok(LeftList { list: row.get("list")?, recipient: row.get("recipient")?, at: instant(row, "left_at")? })
    })
}
