//! A transaction under way: the connection, and the changes to the search index that wait for its end.
//!
//! FTS5 empties its memory at every savepoint, and each change has one: written one by one, its rows cost several
//! times as much as when all of a transaction follow each other.

use super::search::{self, WordChange};
use rusqlite::Connection;
use std::cell::RefCell;
use std::ops::Deref;

/// What a change is given to write with. Acts as the connection; only the words of items go by way of
/// [`Writing::index`].
pub(super) struct Writing {
    connection: Connection,
    words: RefCell<Vec<WordChange>>,
}

impl Deref for Writing {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Writing {
    pub(super) fn on(connection: Connection) -> Self {
        Self { connection, words: RefCell::default() }
    }

    /// Changes the search index at the end of this transaction.
    pub(super) fn index(&self, change: WordChange) {
        self.words.borrow_mut().push(change);
    }

    /// How many changes to the index wait.
    pub(super) fn n_waiting(&self) -> usize {
        self.words.borrow().len()
    }

    /// Forgets the changes to the index that came after the first `n`.
    pub(super) fn forget_after(&self, n: usize) {
        self.words.borrow_mut().truncate(n);
    }

    /// Writes the changes that wait, in their order.
    pub(super) fn write_words(&self) -> rusqlite::Result<()> {
        let changes = std::mem::take(&mut *self.words.borrow_mut());
        changes.iter().try_for_each(|change| search::write(&self.connection, change))
    }
}
