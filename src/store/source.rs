//! What is remembered of the sources between two readings.

use super::row::{execute, from_json, json, micros, optional_instant, row, rows, value, word};
use super::{Store, StoreError};
use crate::model::{Cause, Cursor, Memory, SourceHealth, SourceName, SourceState, Validators};
use rusqlite::{Connection, Row, params};
use std::collections::HashSet;

/// A stored state that is so much later than the one to be written was written before the clock went back.
const CLOCK_WENT_BACK_MICROSECONDS: i64 = 10 * 60 * 1_000_000;

impl Store {
    /// The state of every source that was ever asked or committed, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn source_states(&self) -> Result<Vec<SourceState>, StoreError> {
        self.read(|connection| states(connection, "SELECT * FROM sources ORDER BY name")).await
    }

    /// Writes the states of sources that brought nothing new, in one transaction.
    ///
    /// A state that is older than the stored one, by `asked_at`, is passed over: a commit was faster. One that is older
    /// by more than ten minutes is written: the clock was set back.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them is written.
    pub async fn save_states(&self, states: Vec<SourceState>) -> Result<(), StoreError> {
        if states.is_empty() {
            return Ok(());
        }
        self.write(states.len(), move |connection| {
            states.iter().try_for_each(|state| write(connection, state, &state.cursor, false).map(|_| ()))
        })
        .await
    }

    /// Says which sources are listened to now. The states of others stay, but digests and figures leave them out.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn watch_only(&self, names: Vec<SourceName>) -> Result<(), StoreError> {
        // Mostly nothing has changed since the last start: then nothing is written.
        let turned = self.read(move |connection| turned(connection, &names)).await?;
        if turned.is_empty() {
            return Ok(());
        }
        self.write(turned.len(), move |connection| {
            const TURN: &str = "UPDATE sources SET watched = ?2 WHERE id = ?1";
            turned.iter().try_for_each(|(id, watched)| execute(connection, TURN, params![id, watched]).map(|_| ()))
        })
        .await
    }
}

/// The sources whose mark is wrong, by row: whether they are among `names`.
fn turned(connection: &Connection, names: &[SourceName]) -> Result<Vec<(i64, bool)>, StoreError> {
    let names: HashSet<&str> = names.iter().map(SourceName::as_str).collect();
    let marked = rows(connection, "SELECT id, name, watched FROM sources", [], |row| {
        Ok((row.get::<_, i64>("id")?, row.get::<_, String>("name")?, row.get::<_, bool>("watched")?))
    })?;
    let turned = marked.into_iter().filter(|(_, name, watched)| names.contains(name.as_str()) != *watched);
    Ok(turned.map(|(id, _, watched)| (id, !watched)).collect())
}

/// Writes the state with the cursor; the source's row.
pub(super) fn put(connection: &Connection, state: &SourceState, cursor: &Cursor) -> Result<i64, StoreError> {
    write(connection, state, cursor, true)?.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// Writes the state with the cursor and answers the source's row; nothing where a later state is stored, unless it
/// is to be written `anyway`.
fn write(
    connection: &Connection,
    state: &SourceState,
    cursor: &Cursor,
    anyway: bool,
) -> Result<Option<i64>, StoreError> {
    const PUT: &str = "
        INSERT INTO sources (name, health, message, since_at, asked_at, read_at, due_at, failures, etag,
                             last_modified, cursor_json, place_hash, cause, memory_json)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?13, ?14, ?15)
        ON CONFLICT (name) DO UPDATE SET
            health = excluded.health, message = excluded.message, since_at = excluded.since_at,
            asked_at = excluded.asked_at, read_at = excluded.read_at, due_at = excluded.due_at,
            failures = excluded.failures, etag = excluded.etag, last_modified = excluded.last_modified,
            cursor_json = excluded.cursor_json, place_hash = excluded.place_hash, cause = excluded.cause,
            memory_json = excluded.memory_json, watched = 1
            WHERE ?12 OR sources.asked_at IS NULL OR sources.asked_at <= excluded.asked_at
                OR sources.asked_at > excluded.asked_at + ?16
        RETURNING id";
    let columns = params![
        state.source.as_str(),
        state.health.as_str(),
        state.message,
        state.since.map(micros),
        state.asked_at.map(micros),
        state.read_at.map(micros),
        state.due_at.map(micros),
        state.failures,
        state.validators.etag,
        state.validators.last_modified,
        json("cursor_json", cursor)?,
        anyway,
        state.place_hash.map(u64::cast_signed),
        state.cause.map(Cause::as_str),
        memory_json(&state.memory)?,
        CLOCK_WENT_BACK_MICROSECONDS,
    ];
    value(connection, PUT, columns)
}

/// What is remembered of the source `name`.
pub(super) fn state_of(connection: &Connection, name: &SourceName) -> Result<Option<SourceState>, StoreError> {
    row(connection, "SELECT * FROM sources WHERE name = ?1", [name.as_str()], state)
}

/// The states that `sql` selects with every column of `sources`.
pub(super) fn states(connection: &Connection, sql: &str) -> Result<Vec<SourceState>, StoreError> {
    rows(connection, sql, [], state)
}

/// A memory that knows nothing is the empty text: most sources of a large list are not read yet.
fn memory_json(memory: &Memory) -> Result<String, StoreError> {
    if *memory == Memory::default() { Ok(String::new()) } else { json("memory_json", memory) }
}

fn memory(row: &Row<'_>) -> Result<Memory, StoreError> {
    let is_empty = row.get_ref("memory_json")?.as_str().is_ok_and(str::is_empty);
    if is_empty { Ok(Memory::default()) } else { from_json(row, "memory_json") }
}

fn cause(row: &Row<'_>) -> Result<Option<Cause>, StoreError> {
    Ok(row.get::<_, Option<String>>("cause")?.and_then(|word| Cause::from_name(&word)))
}

fn state(row: &Row<'_>) -> Result<SourceState, StoreError> {
    Ok(SourceState {
        source: SourceName::new(row.get::<_, String>("name")?),
        place_hash: row.get::<_, Option<i64>>("place_hash")?.map(i64::cast_unsigned),
        health: word(row, "health", SourceHealth::from_name)?,
        cause: cause(row)?,
        message: row.get("message")?,
        since: optional_instant(row, "since_at")?,
        asked_at: optional_instant(row, "asked_at")?,
        read_at: optional_instant(row, "read_at")?,
        due_at: optional_instant(row, "due_at")?,
        failures: row.get("failures")?,
        validators: Validators { etag: row.get("etag")?, last_modified: row.get("last_modified")? },
        cursor: from_json(row, "cursor_json")?,
        memory: memory(row)?,
    })
}
