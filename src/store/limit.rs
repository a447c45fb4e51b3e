//! What hosts said of our limits, as long as it holds.

use super::row::{execute, micros, optional_instant, rows, word};
use super::{Store, StoreError};
use crate::model::{Holder, HostLimit};
use jiff::Timestamp;
use rusqlite::{Row, params};

/// Limits that are read at a start: far more than there are hosts.
const LIMITS_MOST: i64 = 100_000;

impl Store {
    /// What holds at `now` of what hosts said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn host_limits(&self, now: Timestamp) -> Result<Vec<HostLimit>, StoreError> {
        const HOLDING: &str = "SELECT * FROM host_limits WHERE until_at > ?1 LIMIT ?2";
        self.read(move |connection| rows(connection, HOLDING, [micros(now), LIMITS_MOST], limit)).await
    }

    /// Writes what hosts said lately, in place of what they said before, and forgets what no longer holds at `now`.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written.
    pub async fn save_host_limits(&self, limits: Vec<HostLimit>, now: Timestamp) -> Result<(), StoreError> {
        const PUT: &str = "
            INSERT OR REPLACE INTO host_limits (host, holder, rests_at, strikes, remaining, most, resets_at, until_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        const FORGET: &str = "DELETE FROM host_limits WHERE until_at <= ?1";
        if limits.is_empty() {
            return Ok(());
        }
        self.write(limits.len(), move |connection| {
            for limit in &limits {
                let until = limit.until().map_or(0, micros);
                let (rests, resets) = (limit.rests_until.map(micros), limit.resets_at.map(micros));
                let (remaining, most) = (limit.remaining, limit.most);
                let holder = holder_name(limit.holder);
                execute(
                    connection,
                    PUT,
                    params![limit.host, holder, rests, limit.strikes, remaining, most, resets, until],
                )?;
            }
            execute(connection, FORGET, [micros(now)]).map(|_| ())
        })
        .await
    }
}

fn limit(row: &Row<'_>) -> Result<HostLimit, StoreError> {
    Ok(HostLimit {
        host: row.get("host")?,
        holder: word(row, "holder", holder)?,
        rests_until: optional_instant(row, "rests_at")?,
        strikes: row.get("strikes")?,
        remaining: row.get("remaining")?,
        most: row.get("most")?,
        resets_at: optional_instant(row, "resets_at")?,
    })
}

fn holder_name(holder: Holder) -> String {
    match holder {
        Holder::Everybody => "everybody".to_owned(),
        Holder::Nobody => "nobody".to_owned(),
        Holder::Key(hash) => format!("{hash:016x}"),
    }
}

fn holder(name: &str) -> Option<Holder> {
    match name {
        "everybody" => Some(Holder::Everybody),
        "nobody" => Some(Holder::Nobody),
        hash => u64::from_str_radix(hash, 16).ok().map(Holder::Key),
    }
}
