//! What is asked of hubs and what they agreed to, and the end of what they brought.
//!
//! In: what sources name, what was asked, what a hub confirms. Out: the agreements. A hub confirms only what waits to be
//! confirmed; that is decided here, in the transaction that notes it.

use super::commit::commit;
use super::inbox;
use super::row::{execute, micros, optional_instant, row, rows, word};
use super::{Posted, Pushed, Store, StoreError, source};
use crate::model::{Committed, Reading, SourceName, Subscription, Wish};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use std::time::Duration;

/// How long a hub that takes a subscription back is left alone.
const DENIED_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// Askings in vain to be told no more, after which a hub is left to find out by itself.
const GOODBYES_MOST: u32 = 6;

/// A subscription that is to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// By which the callback names it.
    pub id: String,
    /// The source.
    pub source: SourceName,
    /// The address of the hub.
    pub hub: String,
    /// What it is asked for.
    pub topic: String,
}

/// What came of a row that a hub brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Pushing {
    /// The row of the inbox.
    pub row: i64,
    /// The subscription.
    pub subscription: String,
    /// The source.
    pub source: SourceName,
    /// What it gave, where it could be taken in as it was. The state in it is not written: it belongs to the readings.
    pub reading: Option<Reading>,
    /// The source is to be read as soon as may be.
    pub is_hurried: bool,
    /// When it was worked on.
    pub at: Timestamp,
}

impl Store {
    /// Every subscription, by source.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.read(|connection| rows(connection, "SELECT * FROM subscriptions ORDER BY source, id", [], read)).await
    }

    /// The subscription that a callback names.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn subscription(&self, id: &str) -> Result<Option<Subscription>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| of_id(connection, &id)).await
    }

    /// The subscription that `source` is to have.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn subscription_of(&self, source: &SourceName) -> Result<Option<Subscription>, StoreError> {
        const OF: &str = "SELECT * FROM subscriptions WHERE source = ?1 AND wish = 'subscribe'";
        let source = source.clone();
        self.read(move |connection| row(connection, OF, [source.as_str()], read)).await
    }

    /// Says which subscriptions are to be there: of `source`, else of all. Those that are not are taken back.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn want(
        &self,
        source: Option<SourceName>,
        wanted: Vec<Wanted>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(1 + wanted.len(), move |connection| {
            let known = rows(connection, "SELECT * FROM subscriptions", [], read)?;
            let is_meant = |known: &&Subscription| source.as_ref().is_none_or(|source| *source == known.source);
            for known in known.iter().filter(is_meant) {
                if !wanted.iter().any(|wanted| wanted.id == known.id) {
                    take_back(connection, known, now)?;
                }
            }
            wanted.iter().try_for_each(|wanted| put(connection, wanted, now))
        })
        .await
    }

    /// The subscriptions of which a hub is to be asked something at `now`, longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn due_subscriptions(&self, now: Timestamp, limit: usize) -> Result<Vec<Subscription>, StoreError> {
        const DUE: &str = "SELECT * FROM subscriptions WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| rows(connection, DUE, params![micros(now), limit], read)).await
    }

    /// Notes that a hub is being asked: what it confirms from now on was asked for. What it was asked before, and never
    /// confirmed, was asked in vain. Asked again at `next_at`.
    ///
    /// # Errors
    /// [`StoreError`]; then it must not be asked.
    pub async fn note_asked(&self, id: &str, next_at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        const ASKED: &str = "
            UPDATE subscriptions SET failures = failures + (asked_at IS NOT NULL), asked_at = ?2, next_at = ?3
            WHERE id = ?1";
        const OVER: &str = "DELETE FROM subscriptions WHERE id = ?1 AND wish = 'unsubscribe' AND failures >= ?2";
        let id = id.to_owned();
        self.write(1, move |connection| {
            execute(connection, ASKED, params![id, micros(now), micros(next_at)])?;
            execute(connection, OVER, params![id, GOODBYES_MOST]).map(|_| ())
        })
        .await
    }

    /// Notes that a hub refused to be asked, and why. It stays possible that it confirms: it may have heard us.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn note_unheard(&self, id: &str, message: String, next_at: Timestamp) -> Result<(), StoreError> {
        const UNHEARD: &str = "UPDATE subscriptions SET message = ?2, next_at = ?3 WHERE id = ?1";
        let id = id.to_owned();
        self.write(1, move |connection| execute(connection, UNHEARD, params![id, message, micros(next_at)]).map(|_| ()))
            .await
    }

    /// A hub asks whether we meant it: whether `wish` for `topic` waits to be confirmed. If so, it is agreed for `lease`
    /// (asked anew after `renewal`), or ended.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed and nothing may be confirmed.
    pub async fn confirm(
        &self,
        id: &str,
        wish: Wish,
        topic: &str,
        (lease, renewal): (Duration, Duration),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const AGREED: &str = "
            UPDATE subscriptions SET alive_at = CASE WHEN lease_until > ?2 THEN coalesce(alive_at, ?2) ELSE ?2 END,
                   lease_until = ?3, next_at = ?4, asked_at = NULL, failures = 0, message = ''
            WHERE id = ?1";
        let (id, topic) = (id.to_owned(), topic.to_owned());
        self.write(1, move |connection| {
            let known = of_id(connection, &id)?;
            let is_asked =
                |known: &Subscription| known.wish == wish && known.topic == topic && known.asked_at.is_some();
            if !known.as_ref().is_some_and(is_asked) {
                return Ok(false);
            }
            match wish {
                Wish::Subscribe => {
                    let (until, next_at) = (after(now, lease), after(now, renewal));
                    execute(connection, AGREED, params![id, micros(now), micros(until), micros(next_at)])?;
                }
                Wish::Unsubscribe => drop_it(connection, &id)?,
            }
            Ok(true)
        })
        .await
    }

    /// A hub takes `topic` back, or never grants it, with its `reason`; whether there is such a subscription. The
    /// source is put into the inbox to be read, as if the hub had told of something.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn deny(&self, id: &str, topic: &str, reason: String, now: Timestamp) -> Result<bool, StoreError> {
        const DENIED: &str = "
            UPDATE subscriptions SET alive_at = NULL, lease_until = NULL, asked_at = NULL, failures = failures + 1,
                   message = ?2, next_at = ?3
            WHERE id = ?1";
        let (id, topic) = (id.to_owned(), topic.to_owned());
        self.write(2, move |connection| {
            let Some(known) = of_id(connection, &id)?.filter(|known| known.topic == topic) else { return Ok(false) };
            if known.wish == Wish::Unsubscribe {
                return drop_it(connection, &id).map(|()| true);
            }
            if known.asked_at.is_none() && !known.is_alive(now) {
                // Said before: to hear it again makes no pause longer.
                return Ok(true);
            }
            execute(connection, DENIED, params![id, reason, micros(after(now, DENIED_PAUSE))])?;
            let pushed = Some(Pushed { subscription: id, content_type: String::new(), links: String::new() });
            let posted = Posted { source: known.source, at: now, body: Vec::new(), pushed, keys: Vec::new() };
            inbox::take_in(connection, &posted)?;
            Ok(true)
        })
        .await
    }

    /// Writes what a row gave that a hub brought, and ends the row, in one transaction. Where the row has gone already,
    /// nothing is written.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written, and the row still waits.
    pub async fn commit_pushed(&self, pushing: Pushing) -> Result<Committed, StoreError> {
        const DONE: &str = "DELETE FROM inbox WHERE id = ?1 AND refused_at IS NULL";
        const TOLD: &str = "
            UPDATE subscriptions SET told_at = ?2, brought_at = CASE WHEN ?3 THEN ?2 ELSE brought_at END WHERE id = ?1";
        const HURRY: &str = "
            UPDATE sources SET due_at = ?2 WHERE name = ?1 AND failures = 0 AND due_at > ?2";
        let n_rows = 3 + pushing.reading.as_ref().map_or(0, |reading| reading.kept.len() + reading.passed.len());
        self.write(n_rows, move |connection| {
            if execute(connection, DONE, [pushing.row])? == 0 {
                return Ok(Committed::default());
            }
            let at = micros(pushing.at);
            let committed = match pushing.reading {
                None => Committed::default(),
                Some(mut reading) => {
                    // A reading may have been faster: what it remembers of the source counts.
                    if let Some(state) = source::state_of(connection, &reading.source)? {
                        reading.cursor = state.cursor.clone();
                        reading.state = state;
                    }
                    commit(connection, reading)?
                }
            };
            execute(connection, TOLD, params![pushing.subscription, at, committed.new_items > 0])?;
            if pushing.is_hurried {
                execute(connection, HURRY, params![pushing.source.as_str(), at])?;
            }
            Ok(committed)
        })
        .await
    }

    /// A reading found what the hub had not told.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn note_missed(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        const MISSED: &str = "UPDATE subscriptions SET missed_at = ?2 WHERE id = ?1";
        let id = id.to_owned();
        self.write(1, move |connection| execute(connection, MISSED, params![id, micros(now)]).map(|_| ())).await
    }
}

fn put(connection: &Connection, wanted: &Wanted, now: Timestamp) -> Result<(), StoreError> {
    const PUT: &str = "
        INSERT INTO subscriptions (id, source, hub, topic, wish, next_at) VALUES (?1, ?2, ?3, ?4, 'subscribe', ?5)
        ON CONFLICT (id) DO UPDATE SET wish = 'subscribe', asked_at = NULL, next_at = excluded.next_at, failures = 0
            WHERE wish = 'unsubscribe'";
    let Wanted { id, source, hub, topic } = wanted;
    execute(connection, PUT, params![id, source.as_str(), hub, topic, micros(now)]).map(|_| ())
}

/// A hub that may tell us is asked to stop; one that never agreed is forgotten.
fn take_back(connection: &Connection, known: &Subscription, now: Timestamp) -> Result<(), StoreError> {
    const LEAVE: &str = "
        UPDATE subscriptions SET wish = 'unsubscribe', asked_at = NULL, next_at = ?2, failures = 0, message = ''
        WHERE id = ?1 AND wish = 'subscribe'";
    let may_tell = known.asked_at.is_some() || known.lease_until.is_some_and(|until| until > now);
    if may_tell {
        execute(connection, LEAVE, params![known.id, micros(now)]).map(|_| ())
    } else {
        drop_it(connection, &known.id)
    }
}

fn drop_it(connection: &Connection, id: &str) -> Result<(), StoreError> {
    execute(connection, "DELETE FROM subscriptions WHERE id = ?1", [id]).map(|_| ())
}

fn of_id(connection: &Connection, id: &str) -> Result<Option<Subscription>, StoreError> {
    row(connection, "SELECT * FROM subscriptions WHERE id = ?1", [id], read)
}

fn after(now: Timestamp, time: Duration) -> Timestamp {
    now.saturating_add(time).unwrap_or(Timestamp::MAX)
}

fn read(row: &Row<'_>) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: row.get("id")?,
        source: SourceName::new(row.get::<_, String>("source")?),
        hub: row.get("hub")?,
        topic: row.get("topic")?,
        wish: word(row, "wish", Wish::from_name)?,
        asked_at: optional_instant(row, "asked_at")?,
        next_at: optional_instant(row, "next_at")?,
        failures: row.get("failures")?,
        alive_at: optional_instant(row, "alive_at")?,
        lease_until: optional_instant(row, "lease_until")?,
        told_at: optional_instant(row, "told_at")?,
        brought_at: optional_instant(row, "brought_at")?,
        missed_at: optional_instant(row, "missed_at")?,
        message: row.get("message")?,
    })
}
