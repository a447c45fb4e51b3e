//! Which local day each recipient's last digest was for: one digest a day, whatever stops in between.

use super::row::{execute, micros, optional_instant, rows};
use super::{Store, StoreError, outbox};
use crate::model::Alert;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::params;

impl Store {
    /// The local day of the last digest for `recipient`; `None` before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn last_digest(&self, recipient: &str) -> Result<Option<Date>, StoreError> {
        let recipient = recipient.to_owned();
        self.read(move |connection| {
            const LAST: &str = "SELECT day FROM digests WHERE recipient = ?1";
            let days: Vec<String> = rows(connection, LAST, params![recipient], |row| Ok(row.get("day")?))?;
            Ok(days.first().and_then(|day| day.parse().ok()))
        })
        .await
    }

    /// Where the stretch of the last digest for `recipient` ended, where that was noted.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn last_digest_end(&self, recipient: &str) -> Result<Option<Timestamp>, StoreError> {
        let recipient = recipient.to_owned();
        self.read(move |connection| {
            const LAST: &str = "SELECT until_at FROM digests WHERE recipient = ?1";
            let ends = rows(connection, LAST, params![recipient], |row| optional_instant(row, "until_at"))?;
            Ok(ends.into_iter().flatten().next())
        })
        .await
    }

    /// Puts the digest of `day`, whose stretch ends at `until`, into the outbox and notes both, in one transaction;
    /// whether its key is new there.
    ///
    /// An earlier day than the noted one takes its place: then the clock was set back, and the outbox still holds the
    /// keys of the days that were made while it ran ahead.
    ///
    /// # Errors
    /// [`StoreError`]; then neither is written.
    pub async fn enqueue_digest(&self, digest: Alert, day: Date, until: Timestamp) -> Result<bool, StoreError> {
        self.write(2, move |connection| {
            const NOTE: &str = "
                INSERT INTO digests (recipient, day, until_at) VALUES (?1, ?2, ?3)
                ON CONFLICT (recipient) DO UPDATE SET before_day = day, before_until_at = until_at,
                    day = excluded.day, until_at = excluded.until_at";
            execute(connection, NOTE, params![digest.recipient, day.to_string(), micros(until)])?;
            outbox::put(connection, &digest)
        })
        .await
    }
}
