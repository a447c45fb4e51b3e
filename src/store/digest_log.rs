//! Which local day each recipient's last digest was for: one digest a day, whatever stops in between.

use super::row::{execute, rows};
use super::{Store, StoreError, outbox};
use crate::model::Alert;
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

    /// Puts the digest of `day` into the outbox and notes the day, in one transaction; whether its key is new there.
    ///
    /// # Errors
    /// [`StoreError`]; then neither is written.
    pub async fn enqueue_digest(&self, digest: Alert, day: Date) -> Result<bool, StoreError> {
        self.write(2, move |connection| {
            const NOTE: &str = "
                INSERT INTO digests (recipient, day) VALUES (?1, ?2)
                ON CONFLICT (recipient) DO UPDATE SET day = max(day, excluded.day)";
            execute(connection, NOTE, params![digest.recipient, day.to_string()])?;
            outbox::put(connection, &digest)
        })
        .await
    }
}
