//! The commit rule: what one reading left behind is written in ONE transaction, or not at all.

use super::row::execute;
use super::writing::Writing;
use super::{Store, StoreError, again, fingerprint, item, notice, source, tombstone};
use crate::model::{Committed, Exit, Reading};
use jiff::Timestamp;
use rusqlite::Connection;

const SECONDS_PER_QUARTER: i64 = 15 * 60;

impl Store {
    /// Writes one reading: items, mentions, opportunities, notices, counters, the source's state and its cursor.
    ///
    /// The cursor is `reading.cursor`, whatever `reading.state` holds. To commit the same reading again changes
    /// nothing. An item whose content changed is updated; it makes a notice only for a brand of which it made none
    /// before. Answers after the COMMIT.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written.
    pub async fn commit(&self, reading: Reading) -> Result<Committed, StoreError> {
        let n_rows = 1 + reading.kept.len() + reading.passed.len() + reading.departures.len() + reading.notices.len();
        self.write(n_rows, move |connection| commit(connection, reading)).await
    }
}

/// What a commit changes in the totals; deletions count downwards.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) items_kept: i64,
    pub(super) mentions: i64,
    pub(super) opportunities: i64,
    pub(super) committed: Committed,
}

impl Tally {
    /// Counts an item that was not known before.
    pub(super) fn see_new_item(&mut self) {
        self.committed.new_items += 1;
    }
}

/// The first quarter that begins at `at` or later.
pub(super) fn quarter_after(at: Timestamp) -> i64 {
    let instant_before = at.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(at);
    quarter(instant_before) + 1
}

/// The quarter of an hour, counted from 1970, that `at` lies in.
pub(super) fn quarter(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_PER_QUARTER)
}

pub(super) fn commit(connection: &Writing, reading: Reading) -> Result<Committed, StoreError> {
    let mut tally = Tally::default();
    let at = reading.at;
    let source = source::put(connection, &reading.state, &reading.cursor)?;
    let (back, departures): (Vec<_>, Vec<_>) =
        reading.departures.iter().partition(|departure| departure.to == Exit::Back);
    back.into_iter().try_for_each(|departure| tombstone::leave(connection, departure, at, &mut tally))?;
    for kept in reading.kept {
        let read = item::Read { source, at, glance: reading.glance };
        item::keep(connection, read, kept, &mut tally)?;
    }
    for print in &reading.passed {
        fingerprint::put(connection, source, print, at, &mut tally)?;
    }
    for departure in departures {
        tombstone::leave(connection, departure, at, &mut tally)?;
    }
    reading.looks.iter().try_for_each(|looked| again::put(connection, looked, reading.glance))?;
    for told in &reading.notices {
        tally.committed.new_notices += u64::from(notice::put(connection, told)?);
    }
    count(connection, &tally, at)?;
    Ok(tally.committed)
}

/// Adds what changed to the running totals.
pub(super) fn count(connection: &Connection, tally: &Tally, at: Timestamp) -> Result<(), StoreError> {
    const ADD: &str = "UPDATE counters SET value = value + ?2 WHERE name = ?1";
    const SEE: &str = "
        INSERT INTO seen_by_quarter (quarter, items) VALUES (?1, ?2)
        ON CONFLICT (quarter) DO UPDATE SET items = items + excluded.items";
    let n_seen = i64::try_from(tally.committed.new_items).unwrap_or(i64::MAX);
    let changes = [
        ("items_seen", n_seen),
        ("items_kept", tally.items_kept),
        ("mentions", tally.mentions),
        ("opportunities", tally.opportunities),
    ];
    for (name, change) in changes.into_iter().filter(|(_, change)| *change != 0) {
        execute(connection, ADD, (name, change))?;
    }
    if n_seen != 0 {
        execute(connection, SEE, (quarter(at), n_seen))?;
    }
    Ok(())
}
