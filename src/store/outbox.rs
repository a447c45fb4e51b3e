//! The outbox: every message that leaves lies here first, under a key that never enters twice.

use super::row::{execute, from_json, json, micros, optional_instant, rows, value};
use super::{Store, StoreError, withdraw};
use crate::model::{Alert, AlertKey, Delivered, NoticeId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "attempts, trouble, settled_at, alert_json";

/// An alert in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// What to send.
    pub alert: Alert,
    /// Attempts so far.
    pub attempts: u32,
    /// What went wrong at the last attempt; empty before the first.
    pub trouble: String,
    /// When it was given up; `None` while it waits.
    pub parked_at: Option<Timestamp>,
}

impl Store {
    /// Puts an alert into the outbox that no notice caused, such as a digest; whether its key is new there.
    ///
    /// # Errors
    /// [`StoreError`]; then it is not in the outbox.
    pub async fn enqueue(&self, alert: Alert) -> Result<bool, StoreError> {
        self.write(1, move |connection| put(connection, &alert)).await
    }

    /// The alerts whose next attempt is due at `now`, longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn due_alerts(&self, now: Timestamp, limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(move |connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM outbox WHERE state = 'pending' AND next_attempt_at <= ?1
                 ORDER BY next_attempt_at, id LIMIT ?2"
            );
            rows(connection, &sql, params![micros(now), i64::try_from(limit).unwrap_or(i64::MAX)], entry)
        })
        .await
    }

    /// Proves that what comes of delivering these alerts can be written: writes their rows as they are.
    ///
    /// On a full disk an alert would otherwise be sent again and again, because nobody could note that it arrived.
    ///
    /// # Errors
    /// [`StoreError`]; then none of them may be sent.
    pub async fn prove_writable(&self, keys: Vec<AlertKey>) -> Result<(), StoreError> {
        const REWRITE: &str = "UPDATE outbox SET trouble = trouble WHERE key = ?1";
        self.write(keys.len(), move |connection| {
            keys.iter().try_for_each(|key| execute(connection, REWRITE, [key.as_str()]).map(|_| ()))
        })
        .await
    }

    /// Whether the alert still waits: it may have been taken back since it was looked at.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn still_waits(&self, key: AlertKey) -> Result<bool, StoreError> {
        const WAITS: &str = "SELECT 1 FROM outbox WHERE key = ?1 AND state = 'pending'";
        self.read(move |connection| Ok(value::<i64>(connection, WAITS, [key.as_str()])?.is_some())).await
    }

    /// Writes what came of an attempt to deliver, and counts it.
    ///
    /// Acknowledged: never due again, whatever is recorded later, and its words are forgotten. Retry: due at `next_attempt_at`; parked where that
    /// is `None`, because it was tried often enough. Refused: parked.
    ///
    /// # Errors
    /// [`StoreError`]; then it will be sent once more.
    pub async fn record_delivery(
        &self,
        key: AlertKey,
        delivered: Delivered,
        next_attempt_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(1, move |connection| record(connection, &key, &delivered, next_attempt_at, now)).await
    }

    /// The alerts that were given up, in the order in which that happened.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn parked(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM outbox WHERE state = 'parked' ORDER BY settled_at, id");
            rows(connection, &sql, [], entry)
        })
        .await
    }
}

/// Puts an alert into the outbox, due at once; whether its key is new there.
pub(super) fn put(connection: &Connection, alert: &Alert) -> Result<bool, StoreError> {
    const PUT: &str = "
        INSERT INTO outbox (key, next_attempt_at, alert_json) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING";
    let columns = params![alert.key.as_str(), micros(alert.created_at), json("alert_json", alert)?];
    let is_new = execute(connection, PUT, columns)? > 0;
    if is_new {
        const TELLS: &str = "
            INSERT INTO alert_notices (notice_id, outbox_id) SELECT ?1, id FROM outbox WHERE key = ?2
            ON CONFLICT DO NOTHING";
        let tells = |notice: &NoticeId| execute(connection, TELLS, params![notice.0, alert.key.as_str()]);
        alert.notices.iter().try_for_each(|notice| tells(notice).map(|_| ()))?;
        withdraw::note_items(connection, alert)?;
    }
    Ok(is_new)
}

fn record(
    connection: &Connection,
    key: &AlertKey,
    delivered: &Delivered,
    next_attempt_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    const SETTLE: &str = "
        UPDATE outbox SET state = ?2, attempts = attempts + 1, settled_at = ?3, trouble = ?4
        WHERE key = ?1 AND state <> 'delivered' AND (?2 = 'delivered' OR state <> 'withdrawn')";
    const RETRY: &str = "
        UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?2, trouble = ?3
        WHERE key = ?1 AND state = 'pending'";
    let key = key.as_str();
    match (delivered, next_attempt_at) {
        (Delivered::Acknowledged, _) => {
            execute(connection, SETTLE, params![key, "delivered", micros(now), ""])?;
            return withdraw::forget_words(connection, key);
        }
        (Delivered::Retry(trouble), Some(next)) => execute(connection, RETRY, params![key, micros(next), trouble]),
        (Delivered::Retry(trouble), None) | (Delivered::Refused(trouble), _) => {
            execute(connection, SETTLE, params![key, "parked", micros(now), trouble])
        }
    }
    .map(|_| ())
}

fn entry(row: &Row<'_>) -> Result<OutboxEntry, StoreError> {
    Ok(OutboxEntry {
        alert: from_json(row, "alert_json")?,
        attempts: row.get("attempts")?,
        trouble: row.get("trouble")?,
        parked_at: optional_instant(row, "settled_at")?,
    })
}
