//! Aliases: by what else a service may speak of an item than by its key.

use super::row::{execute, key_hash, value};
use super::writing::Writing;
use super::{Store, StoreError};
use crate::model::{Item, ItemKey};
use rusqlite::Connection;

/// What one item is called besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The item's key.
    pub key: ItemKey,
    /// Its other ids, in the same namespace.
    pub aliases: Vec<String>,
}

impl Store {
    /// Remembers aliases of items that are kept; those of others are passed over. It may be lost while much is written:
    /// it is for what is read again and again.
    pub fn call(&self, called: Vec<Called>) {
        let Some(writer) = self.shared.writer.as_ref().filter(|_| !called.is_empty()) else { return };
        writer.write_if_idle(called.len(), move |connection| {
            for Called { key, aliases } in &called {
                if let Some(id) = value(connection, FIND, (&key.namespace, &key.id))? {
                    put_all(connection, id, &key.namespace, aliases)?;
                }
            }
            Ok(())
        });
    }
}

const FIND: &str = "SELECT id FROM items WHERE namespace = ?1 AND own_id = ?2";

/// Remembers what `item`, which is kept in row `id`, is called besides.
pub(super) fn put(connection: &Writing, id: i64, item: &Item) -> Result<(), StoreError> {
    put_all(connection, id, &item.key.namespace, &item.aliases)
}

fn put_all(connection: &Connection, id: i64, namespace: &str, aliases: &[String]) -> Result<(), StoreError> {
    const PUT: &str = "INSERT INTO item_aliases (alias_hash, item_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    for alias in aliases {
        execute(connection, PUT, (hash(namespace, alias), id))?;
    }
    Ok(())
}

/// The key of the item that is called by `alias`.
pub(super) fn find(connection: &Connection, alias: &ItemKey) -> Result<Option<i64>, StoreError> {
    const BY: &str = "SELECT item_id FROM item_aliases WHERE alias_hash = ?1";
    value(connection, BY, [hash(&alias.namespace, &alias.id)])
}

fn hash(namespace: &str, alias: &str) -> i64 {
    key_hash(&ItemKey { namespace: namespace.to_owned(), id: alias.to_owned() }).cast_signed()
}
