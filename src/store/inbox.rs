//! The inbox: what was posted to us lies here, durable, before it is acknowledged and before anything is made of it.
//!
//! In: raw bodies, each under the hashes of its keys. Out: what waits, oldest first; and gone, in the same
//! transaction that keeps what it gave. What cannot be read stays for a while as refused, with the reason.

use super::commit::commit;
use super::row::{execute, instant, micros, row, rows, value};
use super::{Store, StoreError, source};
use crate::model::{Committed, Reading, SourceName, SourceState};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use std::time::Duration;

/// The most rows, and the most bytes, that may wait; beyond it nobody is taken in.
const WAITING_MOST: i64 = 10_000;
const WAITING_MOST_BYTES: i64 = 256 << 20;
/// The most rows of one hub that may wait: what one feed names must not shut the door for others.
const PUSHED_MOST: i64 = 64;
/// The most refused rows that stay, how long, and how much of each body.
const REFUSED_MOST: i64 = 200;
const REFUSED_STAY: SignedDuration = SignedDuration::from_hours(7 * 24);
const REFUSED_BYTES: i64 = 16 << 10;
/// Expired keys that are forgotten with each new row.
const FORGOTTEN_AT_ONCE: i64 = 100;

/// What was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The source that it was posted to.
    pub source: SourceName,
    /// When.
    pub at: Timestamp,
    /// The raw bytes.
    pub body: Vec<u8>,
    /// Where a hub brought it: by which agreement.
    pub pushed: Option<Pushed>,
    /// By what it is known again, and for how long: hashes that hold the source as well. One that is known is enough.
    pub keys: Vec<(String, Duration)>,
}

/// What is known of a body that a hub brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The id of the subscription.
    pub subscription: String,
    /// The `Content-Type` of the body; empty where none was told.
    pub content_type: String,
    /// Its `Link` headers, with commas between them; empty where there are none.
    pub links: String,
}

/// Whether something was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenIn {
    /// It waits to be worked on.
    New,
    /// It was taken in before.
    Known,
    /// There is no room until more is worked on.
    Full,
}

/// A row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// Its number, given once.
    pub id: i64,
    /// The source that it was posted to.
    pub source: SourceName,
    /// When.
    pub at: Timestamp,
    /// The raw bytes; of a refused row the first of them.
    pub body: Vec<u8>,
    /// Where a hub brought it: by which agreement.
    pub pushed: Option<Pushed>,
    /// Why it was refused; empty where it waits.
    pub trouble: String,
}

/// How full the inbox is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxState {
    /// Rows that wait.
    pub n_waiting: u64,
    /// Rows that were refused and are still there.
    pub n_refused: u64,
}

impl Store {
    /// Lays what was posted into the inbox; answers after the COMMIT.
    ///
    /// # Errors
    /// [`StoreError`]; then it is not there and must not be acknowledged.
    pub async fn take_in(&self, posted: Posted) -> Result<TakenIn, StoreError> {
        self.write(2, move |connection| take_in(connection, &posted)).await
    }

    /// What waits, oldest first, at most `limit` rows.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn inbox(&self, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        self.inbox_rows("refused_at IS NULL", limit).await
    }

    /// What was refused and is still there, oldest first, at most `limit` rows.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn refused(&self, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        self.inbox_rows("refused_at IS NOT NULL", limit).await
    }

    async fn inbox_rows(&self, which: &'static str, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        self.read(move |connection| {
            let sql = format!("SELECT * FROM inbox WHERE {which} ORDER BY id LIMIT ?1");
            rows(connection, &sql, [i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                Ok(InboxRow {
                    id: row.get("id")?,
                    source: SourceName::new(row.get::<_, String>("source")?),
                    at: instant(row, "received_at")?,
                    body: row.get("body")?,
                    pushed: pushed(row)?,
                    trouble: row.get("trouble")?,
                })
            })
        })
        .await
    }

    /// [`Store::commit`] of what row `id` of the inbox gave, which goes in the same transaction. Where the row has gone
    /// already, nothing is written.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written, and the row still waits.
    pub async fn commit_inbox(&self, id: i64, reading: Reading) -> Result<Committed, StoreError> {
        let n_rows = 2 + reading.kept.len() + reading.passed.len() + reading.departures.len();
        self.write(n_rows, move |connection| {
            const DONE: &str = "DELETE FROM inbox WHERE id = ?1 AND refused_at IS NULL";
            if execute(connection, DONE, [id])? == 0 {
                return Ok(Committed::default());
            }
            commit(connection, reading)
        })
        .await
    }

    /// Keeps the beginning of row `id` as refused, with the reason; what was refused long ago, or is too much, goes.
    ///
    /// # Errors
    /// [`StoreError`]; then the row still waits.
    pub async fn refuse(&self, id: i64, trouble: String, now: Timestamp) -> Result<(), StoreError> {
        self.write(1, move |connection| {
            const REFUSE: &str =
                "UPDATE inbox SET refused_at = ?2, trouble = ?3, body = substr(body, 1, ?4) WHERE id = ?1";
            const FORGET: &str = "
                DELETE FROM inbox WHERE refused_at < ?1 OR refused_at IS NOT NULL AND id NOT IN
                    (SELECT id FROM inbox WHERE refused_at IS NOT NULL ORDER BY refused_at DESC, id DESC LIMIT ?2)";
            execute(connection, REFUSE, params![id, micros(now), trouble, REFUSED_BYTES])?;
            let before = now.saturating_sub(REFUSED_STAY).unwrap_or(Timestamp::MIN);
            execute(connection, FORGET, params![micros(before), REFUSED_MOST]).map(|_| ())
        })
        .await
    }

    /// How full the inbox is.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn inbox_state(&self) -> Result<InboxState, StoreError> {
        self.read(state).await
    }

    /// What is remembered of one source.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn source_state(&self, name: &SourceName) -> Result<Option<SourceState>, StoreError> {
        let name = name.clone();
        self.read(move |connection| source::state_of(connection, &name)).await
    }
}

fn pushed(row: &rusqlite::Row<'_>) -> Result<Option<Pushed>, StoreError> {
    let subscription: String = row.get("subscription")?;
    let (content_type, links) = (row.get("content_type")?, row.get("links")?);
    Ok(if subscription.is_empty() { None } else { Some(Pushed { subscription, content_type, links }) })
}

pub(super) fn take_in(connection: &Connection, posted: &Posted) -> Result<TakenIn, StoreError> {
    const KNOWN: &str = "SELECT 1 FROM inbox_keys WHERE key_hash = ?1 AND until_at > ?2";
    const ROOM: &str = "
        SELECT count(*) < ?1 AND coalesce(sum(length(body)), 0) + ?3 <= ?2 FROM inbox WHERE refused_at IS NULL";
    const PUSHED: &str = "SELECT count(*) FROM inbox WHERE subscription = ?1";
    const REMEMBER: &str = "
        INSERT INTO inbox_keys (key_hash, until_at) VALUES (?1, ?2)
        ON CONFLICT (key_hash) DO UPDATE SET until_at = excluded.until_at";
    const PUT: &str = "
        INSERT INTO inbox (source, received_at, body, subscription, content_type, links)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    const FORGET: &str = "
        DELETE FROM inbox_keys WHERE key_hash IN
            (SELECT key_hash FROM inbox_keys WHERE until_at <= ?1 ORDER BY until_at LIMIT ?2)";
    let now = micros(posted.at);
    for (key, _) in &posted.keys {
        if value::<i64>(connection, KNOWN, params![key, now])?.is_some() {
            return Ok(TakenIn::Known);
        }
    }
    let hub = posted.pushed.as_ref().map_or("", |pushed| &pushed.subscription);
    let n_pushed: Option<i64> = if hub.is_empty() { None } else { value(connection, PUSHED, [hub])? };
    if n_pushed.is_some_and(|n| n >= PUSHED_MOST) {
        return Ok(TakenIn::Full);
    }
    let n_bytes = i64::try_from(posted.body.len()).unwrap_or(i64::MAX);
    let has_room: Option<bool> = value(connection, ROOM, params![WAITING_MOST, WAITING_MOST_BYTES, n_bytes])?;
    if has_room != Some(true) {
        return Ok(TakenIn::Full);
    }
    for (key, time) in &posted.keys {
        let until = posted.at.saturating_add(*time).unwrap_or(Timestamp::MAX);
        execute(connection, REMEMBER, params![key, micros(until)])?;
    }
    let nobody = Pushed { subscription: String::new(), content_type: String::new(), links: String::new() };
    let Pushed { subscription, content_type, links } = posted.pushed.as_ref().unwrap_or(&nobody);
    let columns = params![posted.source.as_str(), now, posted.body, subscription, content_type, links];
    execute(connection, PUT, columns)?;
    execute(connection, FORGET, params![now, FORGOTTEN_AT_ONCE])?;
    Ok(TakenIn::New)
}

pub(super) fn state(connection: &Connection) -> Result<InboxState, StoreError> {
    const STATE: &str = "SELECT count(*) - count(refused_at) AS n_waiting, count(refused_at) AS n_refused FROM inbox";
    let found = row(connection, STATE, [], |row| {
        Ok(InboxState {
            n_waiting: super::row::count(row, "n_waiting")?,
            n_refused: super::row::count(row, "n_refused")?,
        })
    })?;
    Ok(found.unwrap_or_default())
}
