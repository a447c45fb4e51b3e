//! Opens connections and brings the schema up to date.
//!
//! Migrations are the numbered files of `migrations/`, applied in order, each in a transaction of its own, and
//! counted in `PRAGMA user_version`. The runner is our own because it is shorter than the table, the traits and the
//! macro that refinery would bring for one database; refinery is the choice once PostgreSQL joins.

use super::{OpenError, StoreError, search};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Told how far long work is: how much of how much, in whatever it counts.
pub(super) type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// One step of the schema.
struct Migration {
    sql: &'static str,
    /// What SQL alone cannot do, in the same transaction.
    fill: fn(&Connection, Progress<'_>) -> Result<(), StoreError>,
}

/// Every migration: its number is its place, counted from 1. Never edited after a release.
const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("migrations/0001_first.sql"), fill: |_, _| Ok(()) },
    Migration { sql: include_str!("migrations/0002_search.sql"), fill: search::fill },
    Migration { sql: include_str!("migrations/0003_aliases.sql"), fill: |_, _| Ok(()) },
];

/// The newest schema that this binary knows.
pub(super) const NEWEST: usize = MIGRATIONS.len();

/// How long to wait before a lock of another process is asked for again. SQLite's own waiting grows to 100 ms, and
/// between the commits of a busy writer the lock is free for less than one: it would be missed for minutes.
const LOCK_PAUSE: Duration = Duration::from_millis(2);
/// After so many pauses, half a minute and more, a statement gives up.
const LOCK_ATTEMPTS: i32 = 15_000;
/// More than the number of different statements in this module, so that none is parsed twice.
const CACHED_STATEMENTS: usize = 64;

/// Opens the database for writing and migrates it.
///
/// `synchronous = EXTRA`, with WAL the same as FULL: NORMAL may lose an acknowledged commit at a power cut.
pub(super) fn open_writer(path: &Path, on_progress: Progress<'_>) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = open(path, flags).map_err(|source| refused(path, source))?;
    set_durable(&connection).map_err(|source| refused(path, source))?;
    migrate(&mut connection, path, MIGRATIONS, on_progress)?;
    Ok(connection)
}

/// Opens the database for single changes beside the one process that holds the folder; migrates nothing.
pub(super) fn open_beside(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags).map_err(|source| refused(path, source))?;
    check_version(&connection, path)?;
    set_durable(&connection).map_err(|source| refused(path, source))?;
    Ok(connection)
}

/// Opens the database for reading; it must have the schema of this binary.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection = open_reader_unchecked(path).map_err(|source| refused(path, source))?;
    check_version(&connection, path)?;
    Ok(connection)
}

fn check_version(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let found = version(connection).map_err(|source| refused(path, source))?;
    match found.cmp(&NEWEST) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(OpenError::OlderSchema { path: path.to_owned(), found, known: NEWEST }),
        std::cmp::Ordering::Greater => Err(newer(path, found, NEWEST)),
    }
}

/// Opens a further connection for reading to a database that was checked before.
pub(super) fn open_reader_unchecked(path: &Path) -> rusqlite::Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Moves the log into the database, so that one file holds everything.
pub(super) fn empty_log(path: &Path) -> rusqlite::Result<()> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(Some(wait_for_lock))?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(connection)
}

/// Whether to ask again for a lock that another process holds, after the `n_attempts`th time in vain.
fn wait_for_lock(n_attempts: i32) -> bool {
    std::thread::sleep(LOCK_PAUSE);
    n_attempts < LOCK_ATTEMPTS
}

fn set_durable(connection: &Connection) -> rusqlite::Result<()> {
    // Before all else: the step to a log removes a journal, and that journal must not come back after a power cut.
    // From then on it is the same as FULL.
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // KiB of page cache: hashes fall anywhere in their index, the upper pages of it should stay at hand.
    connection.pragma_update(None, "cache_size", -16_384)?;
    // Pages of log before it is moved into the database: what a burst writes again and again is moved once.
    connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
    // A log that grew in a burst shrinks again.
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)
}

fn migrate(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
    on_progress: Progress<'_>,
) -> Result<(), OpenError> {
    let found = version(connection).map_err(|source| refused(path, source))?;
    if found > migrations.len() {
        return Err(newer(path, found, migrations.len()));
    }
    for (number, migration) in (1..).zip(migrations).skip(found) {
        apply(connection, number, migration, on_progress).map_err(|source| OpenError::Migrate {
            path: path.to_owned(),
            number,
            source: Box::new(source),
        })?;
    }
    Ok(())
}

fn apply(
    connection: &mut Connection,
    number: usize,
    migration: &Migration,
    on_progress: Progress<'_>,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have been faster while we waited for the write lock.
    if version(&transaction)? < number {
        transaction.execute_batch(migration.sql)?;
        (migration.fill)(&transaction, on_progress)?;
        transaction.pragma_update(None, "user_version", i64::try_from(number).unwrap_or(i64::MAX))?;
    }
    Ok(transaction.commit()?)
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).map(|number| {
        // Nobody writes a negative one; if somebody did, it is none of ours.
        usize::try_from(number).unwrap_or(usize::MAX)
    })
}

pub(super) fn newer(path: &Path, found: usize, known: usize) -> OpenError {
    OpenError::NewerSchema { path: path.to_owned(), found, known }
}

pub(super) fn refused(path: &Path, source: rusqlite::Error) -> OpenError {
    OpenError::Database { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions_after(steps: &[&'static str]) -> (Result<(), OpenError>, usize, usize) {
        let mut connection = Connection::open_in_memory().expect("memory");
        let migrations: Vec<_> = steps.iter().map(|sql| Migration { sql, fill: |_, _| Ok(()) }).collect();
        let outcome = migrate(&mut connection, Path::new("memory"), &migrations, &mut |_, _| {});
        let n_tables = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b')", [], |row| row.get::<_, i64>(0))
            .expect("count");
        (outcome, version(&connection).expect("version"), usize::try_from(n_tables).expect("few"))
    }

    #[test]
    fn migrations_run_in_order_and_are_counted() {
        let (outcome, version, n_tables) = versions_after(&["CREATE TABLE a (x)", "ALTER TABLE a RENAME TO b"]);
        assert!(outcome.is_ok());
        assert_eq!((version, n_tables), (2, 1));
    }

    #[test]
    fn a_failing_migration_leaves_the_schema_as_it_was() {
        let (outcome, version, n_tables) = versions_after(&["CREATE TABLE a (x)", "CREATE TABLE b (x); NONSENSE"]);
        assert!(matches!(outcome, Err(OpenError::Migrate { number: 2, .. })));
        assert_eq!((version, n_tables), (1, 1));
    }
}
