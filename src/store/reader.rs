//! A few read-only connections, lent to blocking tasks one at a time.
//!
//! Each use is one short read transaction: a consistent picture, and no log that cannot be moved into the database.

use super::{StoreError, schema};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Readings that run at once; further callers wait.
const CONNECTIONS: usize = 4;

/// The connections that nobody uses at the moment.
#[derive(Clone)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    /// A pool with one connection that was opened and checked; further ones are opened when they are needed.
    pub(super) fn new(path: PathBuf, first: Connection) -> Self {
        Self { path, idle: Arc::new(Mutex::new(vec![first])), turns: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// Runs `act` in one read transaction, off the async threads.
    pub(super) async fn read<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let readers = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let result = readers.act(act);
            drop(turn);
            result
        });
        task.await.map_err(StoreError::Reader)?
    }

    /// Runs `act` in one read transaction on the calling thread, which must be one of the runtime's that may block.
    pub(super) fn read_blocking<T>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _turn = Handle::current().block_on(self.turns.acquire()).map_err(|_| StoreError::Closed)?;
        self.act(act)
    }

    fn act<T>(&self, act: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let connection = self.take()?;
        let result = in_transaction(&connection, act);
        self.idle().push(connection);
        result
    }

    /// Closes the pool: waits for the readings that run, refuses further ones.
    pub(super) async fn close(&self) {
        let every_turn = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        drop(self.turns.acquire_many(every_turn).await);
        self.turns.close();
        self.idle().clear();
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle().pop();
        idle.map_or_else(|| Ok(schema::open_reader_unchecked(&self.path)?), Ok)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_transaction<T>(
    connection: &Connection,
    act: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let value = act(&transaction)?;
    transaction.finish()?;
    Ok(value)
}
