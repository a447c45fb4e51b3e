//! Trouble of our own that is known, and what the outbox says of it.

use super::row::{count, execute, from_json, micros, optional_instant, row, rows, word};
use super::{Store, StoreError, notice};
use crate::model::{Alert, ChannelName, Notice, Part, Trouble};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// Alerts that are looked at, of those tried in vain and of those given up.
const ALERTS_LOOKED_AT: i64 = 200;

/// How the outbox does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutboxState {
    /// Alerts that wait to be delivered.
    pub n_waiting: u64,
    /// When the longest waiting of them was made.
    pub oldest_at: Option<Timestamp>,
    /// Alerts that were tried in vain, or given up lately.
    pub failing: Vec<FailingAlert>,
}

/// An alert that was tried in vain.
#[derive(Debug, Clone, PartialEq)]
pub struct FailingAlert {
    /// The channel that does not take it.
    pub channel: ChannelName,
    /// Whether it is a digest.
    pub is_digest: bool,
    /// When it was made.
    pub made_at: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
    /// It was given up.
    pub is_parked: bool,
    /// What went wrong at the last attempt.
    pub trouble: String,
}

impl Store {
    /// How the outbox does: what waits, and what was given up since `since`. Reads no more than a few hundred rows.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn outbox_state(&self, since: Timestamp) -> Result<OutboxState, StoreError> {
        self.read(move |connection| outbox_state(connection, since)).await
    }

    /// Every trouble that was ever noticed, also where it is over.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn troubles(&self) -> Result<Vec<Trouble>, StoreError> {
        self.read(|connection| rows(connection, "SELECT * FROM troubles ORDER BY part", [], trouble)).await
    }

    /// Writes what changed in our troubles, with the notices about it, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written.
    pub async fn save_troubles(&self, troubles: Vec<Trouble>, notices: Vec<Notice>) -> Result<(), StoreError> {
        const PUT: &str = "
            INSERT INTO troubles (part, since_at, told_at, message) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (part) DO UPDATE SET since_at = excluded.since_at, told_at = excluded.told_at,
                message = excluded.message";
        self.write(troubles.len() + notices.len(), move |connection| {
            for trouble in &troubles {
                let (since, told) = (trouble.since.map(micros), trouble.told_at.map(micros));
                execute(connection, PUT, params![trouble.part.to_string(), since, told, trouble.message])?;
            }
            notices.iter().try_for_each(|told| notice::put(connection, told).map(|_| ()))
        })
        .await
    }
}

/// The troubles that are not over.
pub(super) fn present(connection: &Connection) -> Result<Vec<Trouble>, StoreError> {
    rows(connection, "SELECT * FROM troubles WHERE since_at IS NOT NULL ORDER BY since_at, part", [], trouble)
}

fn trouble(row: &Row<'_>) -> Result<Trouble, StoreError> {
    Ok(Trouble {
        part: word(row, "part", |word| Part::try_from(word.to_owned()).ok())?,
        since: optional_instant(row, "since_at")?,
        told_at: optional_instant(row, "told_at")?,
        message: row.get("message")?,
    })
}

fn outbox_state(connection: &Connection, since: Timestamp) -> Result<OutboxState, StoreError> {
    // `next_attempt_at` is named everywhere, so that the index of what waits is used: what was delivered stays for long.
    const COUNT: &str = "
        SELECT count(*) AS n, min(id) AS oldest FROM outbox WHERE state = 'pending' AND next_attempt_at >= 0";
    const OLDEST: &str = "SELECT attempts, state, trouble, alert_json FROM outbox WHERE id = ?1";
    const WAITING: &str = "
        SELECT attempts, state, trouble, alert_json FROM outbox
        WHERE state = 'pending' AND next_attempt_at >= 0 AND attempts > 0 ORDER BY next_attempt_at LIMIT ?1";
    const PARKED: &str = "
        SELECT attempts, state, trouble, alert_json FROM outbox
        WHERE state = 'parked' AND settled_at > ?1 ORDER BY settled_at DESC LIMIT ?2";
    let counted = row(connection, COUNT, [], |row| Ok((count(row, "n")?, row.get::<_, Option<i64>>("oldest")?)))?;
    let (n_waiting, oldest) = counted.unwrap_or_default();
    let oldest = oldest.map(|id| row(connection, OLDEST, [id], failing)).transpose()?.flatten();
    let mut all = rows(connection, WAITING, [ALERTS_LOOKED_AT], failing)?;
    all.extend(rows(connection, PARKED, [micros(since), ALERTS_LOOKED_AT], failing)?);
    Ok(OutboxState { n_waiting, oldest_at: oldest.map(|alert| alert.made_at), failing: all })
}

fn failing(row: &Row<'_>) -> Result<FailingAlert, StoreError> {
    let alert: Alert = from_json(row, "alert_json")?;
    Ok(FailingAlert {
        is_digest: alert.route.0 == "digest",
        channel: alert.channel,
        made_at: alert.created_at,
        attempts: row.get("attempts")?,
        is_parked: row.get_ref("state")?.as_str() == Ok("parked"),
        trouble: row.get("trouble")?,
    })
}
