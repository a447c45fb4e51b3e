//! What is kept of one service, by the beginning of its ids.

use super::row::rows;
use super::{Store, StoreError};
use crate::model::ItemKey;

impl Store {
    /// The key hashes of everything kept in `namespace`, those of aliases among them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn kept_in(&self, namespace: String) -> Result<Vec<u64>, StoreError> {
        const KEPT: &str = "
            SELECT key_hash FROM items WHERE namespace = ?1
            UNION ALL
            SELECT alias_hash FROM item_aliases JOIN items ON items.id = item_id WHERE namespace = ?1";
        self.read(move |connection| {
            rows(connection, KEPT, [namespace], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))
        })
        .await
    }

    /// The keys of what is kept in `namespace` with an id that begins with `prefix`, which is not empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn kept_below(&self, namespace: String, prefix: String) -> Result<Vec<ItemKey>, StoreError> {
        const BELOW: &str = "
            SELECT namespace, own_id FROM items
            WHERE namespace = ?1 AND own_id >= ?2 AND substr(own_id, 1, length(?2)) = ?2 AND own_id < ?3";
        // Behind every id that begins so.
        let end = format!("{prefix}\u{10ffff}");
        self.read(move |connection| {
            rows(connection, BELOW, [namespace, prefix, end], |row| {
                Ok(ItemKey { namespace: row.get(0)?, id: row.get(1)? })
            })
        })
        .await
    }
}
