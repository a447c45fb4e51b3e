//! The figures of `porterhouse stats`: running totals, and what a small index counts.

use super::row::{count, row, rows};
use super::{Store, StoreError, inbox, links, trouble};
use crate::model::Stats;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

impl Store {
    /// How much is stored and waits. Nothing that grows with the stored items is scanned.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        let database = self.shared.database.clone();
        self.read(move |connection| {
            let mut stats = totals(connection)?;
            stats.database_bytes = n_bytes(&database);
            let inbox = inbox::state(connection)?;
            (stats.inbox_waiting, stats.inbox_refused) = (inbox.n_waiting, inbox.n_refused);
            stats.left = links::left(connection)?.into_iter().map(|left| (left.recipient, left.list)).collect();
            stats.troubles = trouble::present(connection)?;
            Ok(stats)
        })
        .await
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.shared.database.parent().unwrap_or(Path::new("."))
    }

    /// Bytes that are free for this user on the disk with the data folder, and all its bytes; `None` where the system
    /// does not say.
    #[must_use]
    pub fn room_bytes(&self) -> Option<(u64, u64)> {
        room_bytes(self.folder())
    }
}

/// Bytes that are free for this user on the disk with `folder`, and all its bytes; `None` where the system does not say.
#[must_use]
pub fn room_bytes(folder: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some((disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)))
}

fn totals(connection: &Connection) -> Result<Stats, StoreError> {
    const TOTALS: &str = "
        SELECT name, value FROM counters
        UNION ALL SELECT 'sources', count(*) FROM sources WHERE watched = 1 AND asked_at IS NOT NULL
        UNION ALL SELECT 'outbox_pending', count(*) FROM outbox WHERE state = 'pending'";
    let mut stats = Stats::default();
    for (name, value) in rows(connection, TOTALS, [], |row| Ok((row.get::<_, String>(0)?, count(row, "value")?)))? {
        match name.as_str() {
            "sources" => stats.sources = value,
            "items_seen" => stats.items_seen = value,
            "items_kept" => stats.items_kept = value,
            "mentions" => stats.mentions = value,
            "opportunities" => stats.opportunities = value,
            "outbox_pending" => stats.outbox_pending = value,
            _ => {}
        }
    }
    Ok(stats)
}

/// Items seen from quarter `from` up to but not in quarter `to`.
pub(super) fn n_seen(connection: &Connection, from: i64, to: i64) -> Result<u64, StoreError> {
    const SEEN: &str = "SELECT coalesce(sum(items), 0) AS n FROM seen_by_quarter WHERE quarter >= ?1 AND quarter < ?2";
    Ok(row(connection, SEEN, [from, to], |row| count(row, "n"))?.unwrap_or_default())
}

fn n_bytes(database: &Path) -> u64 {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    [database.to_owned(), PathBuf::from(log)]
        .iter()
        .filter_map(|file| std::fs::metadata(file).ok())
        .map(|file| file.len())
        .sum()
}
