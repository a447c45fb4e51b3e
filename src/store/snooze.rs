//! Cards that somebody wants to see again later: asked for once by each link, told once.
//!
//! A card that was acted on, or is not kept any more, does not come back: nobody has to cancel anything.

use super::row::{execute, instant, micros, row, rows, value};
use super::{Acted, Store, StoreError, notice, outbox};
use crate::model::{Alert, BrandId, ItemId, PendingNotice};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// A card that is to be seen again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snooze {
    /// The item's row.
    pub item: ItemId,
    /// The brand.
    pub brand: BrandId,
    /// The link by which it was asked for.
    pub link: String,
    /// When.
    pub due_at: Timestamp,
}

/// A card whose time has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Snoozed {
    /// What was asked for.
    pub snooze: Snooze,
    /// What told of it first, with the card as it is now; `None` where nobody has to act any more.
    pub notice: Option<PendingNotice>,
}

impl Store {
    /// Lets a card come again, instead of at any other time that was asked for; `Already` where its link was used, or nobody
    /// has to act any more.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn snooze(&self, snooze: Snooze, now: Timestamp) -> Result<Acted, StoreError> {
        const OTHERS: &str = "
            UPDATE snoozes SET over_at = ?3 WHERE item_id = ?1 AND brand = ?2 AND over_at IS NULL";
        const PUT: &str = "INSERT INTO snoozes (item_id, brand, link, due_at) VALUES (?1, ?2, ?3, ?4)";
        self.write(2, move |connection| {
            if let Some(acted) = acted(connection, &snooze)? {
                return Ok(acted);
            }
            let (item, brand) = (snooze.item.0, snooze.brand.as_str());
            execute(connection, OTHERS, params![item, brand, micros(now)])?;
            execute(connection, PUT, params![item, brand, snooze.link, micros(snooze.due_at)])?;
            Ok(Acted::Done)
        })
        .await
    }

    /// What would come of [`Store::snooze`] where that is nothing new; `None` where it can be done.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_snoozed(&self, snooze: Snooze) -> Result<Option<Acted>, StoreError> {
        self.read(move |connection| acted(connection, &snooze)).await
    }

    /// Up to when the card of what `item` says of `brand` can be put off; `None` where that has no end.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn waits_until(&self, item: ItemId, brand: &BrandId) -> Result<Option<Timestamp>, StoreError> {
        let brand = brand.clone();
        self.read(move |connection| {
            let card = super::card::of(connection, item, &brand)?;
            Ok(card.and_then(|card| card.opportunity?.waits_until()))
        })
        .await
    }

    /// The cards whose time has come at `now`, longest due first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn due_snoozes(&self, now: Timestamp, limit: usize) -> Result<Vec<Snoozed>, StoreError> {
        const DUE: &str = "
            SELECT * FROM snoozes WHERE over_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let due = rows(connection, DUE, params![micros(now), limit], |row| {
                Ok(Snooze {
                    item: ItemId(row.get("item_id")?),
                    brand: BrandId::new(row.get::<_, String>("brand")?),
                    link: row.get("link")?,
                    due_at: instant(row, "due_at")?,
                })
            })?;
            due.into_iter()
                .map(|snooze| {
                    let waits = is_open(connection, &snooze)?.unwrap_or(false);
                    let notice = if waits { notice::of_mention(connection, snooze.item, &snooze.brand)? } else { None };
                    Ok(Snoozed { snooze, notice })
                })
                .collect()
        })
        .await
    }

    /// Puts the alerts that a snooze ends with into the outbox, and ends it, in one transaction. One that is over, or
    /// whose card was acted on meanwhile, puts nothing there.
    ///
    /// # Errors
    /// [`StoreError`]; then its time is still to come.
    pub async fn wake(&self, snooze: Snooze, alerts: Vec<Alert>, now: Timestamp) -> Result<(), StoreError> {
        const OVER: &str = "
            UPDATE snoozes SET over_at = ?4 WHERE item_id = ?1 AND brand = ?2 AND link = ?3 AND over_at IS NULL";
        self.write(1 + alerts.len(), move |connection| {
            let waits = is_open(connection, &snooze)?.unwrap_or(false);
            let columns = params![snooze.item.0, snooze.brand.as_str(), snooze.link, micros(now)];
            if execute(connection, OVER, columns)? == 0 || !waits {
                return Ok(());
            }
            alerts.iter().try_for_each(|alert| outbox::put(connection, alert).map(|_| ()))
        })
        .await
    }
}

/// Whether somebody still has to act on it; `None` where there is no such mention.
fn is_open(connection: &Connection, snooze: &Snooze) -> Result<Option<bool>, StoreError> {
    const OPEN: &str = "
        SELECT m.done = 0 AND m.dismissed = 0
               AND EXISTS (SELECT 1 FROM opportunities o WHERE o.mention_id = m.id) AS is_open
        FROM mentions m WHERE m.item_id = ?1 AND m.brand = ?2";
    row(connection, OPEN, params![snooze.item.0, snooze.brand.as_str()], |row| Ok(row.get("is_open")?))
}

fn acted(connection: &Connection, snooze: &Snooze) -> Result<Option<Acted>, StoreError> {
    const USED: &str = "SELECT 1 FROM snoozes WHERE item_id = ?1 AND brand = ?2 AND link = ?3";
    match is_open(connection, snooze)? {
        None => return Ok(Some(Acted::Gone)),
        Some(false) => return Ok(Some(Acted::Already)),
        Some(true) => {}
    }
    let used: Option<i64> = value(connection, USED, params![snooze.item.0, snooze.brand.as_str(), snooze.link])?;
    Ok(used.map(|_| Acted::Already))
}
