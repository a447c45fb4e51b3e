//! What sources took of their budgets: counted before they ask, so that nothing that was paid for is ever forgotten.

use super::row::{count, execute, instant, micros, optional_instant, row, rows, word};
use super::{Store, StoreError};
use crate::model::{Spending, Stretch, Usage};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// What came of wanting to take of budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spent {
    /// All of it is counted, durably: the request may go.
    Counted,
    /// This budget has not as much left; of none is anything taken.
    UsedUp(Usage),
}

impl Store {
    /// Takes all of `spendings` of their budgets, or nothing. Answers after the COMMIT.
    ///
    /// What is counted for the next stretch counts as well: after the clock was set back nothing is free.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it is written.
    pub async fn spend(&self, spendings: Vec<Spending>) -> Result<Spent, StoreError> {
        self.write(spendings.len(), move |connection| {
            for spending in &spendings {
                let (used, ends_at) = used(connection, spending)?;
                if used.saturating_add(spending.amount) > spending.most {
                    return Ok(Spent::UsedUp(Usage {
                        source: spending.source.clone(),
                        stretch: spending.stretch,
                        used,
                        most: spending.most,
                        currency: spending.currency.clone(),
                        ends_at: ends_at.max(Some(spending.ends_at)).unwrap_or(spending.ends_at),
                    }));
                }
            }
            spendings.iter().try_for_each(|spending| add(connection, spending)).map(|()| Spent::Counted)
        })
        .await
    }

    /// Gives back of `spendings` what was not used after all.
    ///
    /// # Errors
    /// [`StoreError`]; then more is counted than was used.
    pub async fn give_back(&self, spendings: Vec<Spending>) -> Result<(), StoreError> {
        const LESS: &str = "
            UPDATE spent SET used = max(0, used - ?4)
            WHERE source = ?1 AND account = ?2 AND stretch = ?3 AND begins_at = ?5";
        self.write(spendings.len(), move |connection| {
            for Spending { source, account, stretch, amount, begins_at, .. } in &spendings {
                let amount = i64::try_from(*amount).unwrap_or(i64::MAX);
                let row = params![source.as_str(), account, stretch.as_str(), amount, micros(*begins_at)];
                execute(connection, LESS, row)?;
            }
            Ok(())
        })
        .await
    }

    /// What the watched sources have used of budgets whose stretch is under way at `now`, by their names.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn usages(&self, now: Timestamp) -> Result<Vec<Usage>, StoreError> {
        self.read(move |connection| usages(connection, now)).await
    }
}

pub(super) fn usages(connection: &Connection, now: Timestamp) -> Result<Vec<Usage>, StoreError> {
    const USED: &str = "
        SELECT s.source, s.stretch, s.most, s.currency, s.ends_at,
               (SELECT sum(o.used) FROM spent o
                WHERE o.account = s.account AND o.stretch = s.stretch AND o.begins_at >= s.begins_at) AS used
        FROM spent s LEFT JOIN sources w ON w.name = s.source
        WHERE s.ends_at > ?1 AND coalesce(w.watched, 1) = 1 ORDER BY s.source, s.stretch, s.account";
    rows(connection, USED, [micros(now)], usage)
}

fn usage(row: &Row<'_>) -> Result<Usage, StoreError> {
    Ok(Usage {
        source: crate::model::SourceName::new(row.get::<_, String>("source")?),
        stretch: word(row, "stretch", Stretch::from_name)?,
        used: count(row, "used")?,
        most: count(row, "most")?,
        currency: row.get("currency")?,
        ends_at: instant(row, "ends_at")?,
    })
}

/// What all took of the account since the stretch began, and when the last of these stretches ends.
fn used(connection: &Connection, spending: &Spending) -> Result<(u64, Option<Timestamp>), StoreError> {
    const USED: &str = "
        SELECT coalesce(sum(used), 0) AS used, max(ends_at) AS ends_at FROM spent
        WHERE account = ?1 AND stretch = ?2 AND begins_at BETWEEN ?3 AND ?4";
    let stretch = (micros(spending.begins_at), micros(spending.ends_at));
    let of = params![spending.account, spending.stretch.as_str(), stretch.0, stretch.1];
    let found = row(connection, USED, of, |row| Ok((count(row, "used")?, optional_instant(row, "ends_at")?)))?;
    Ok(found.unwrap_or_default())
}

fn add(connection: &Connection, spending: &Spending) -> Result<(), StoreError> {
    const ADD: &str = "
        INSERT INTO spent (source, account, stretch, begins_at, ends_at, used, most, currency)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (source, account, stretch) DO UPDATE SET
            used = excluded.used
                + CASE WHEN begins_at BETWEEN excluded.begins_at AND excluded.ends_at THEN used ELSE 0 END,
            ends_at = CASE WHEN begins_at BETWEEN excluded.begins_at AND excluded.ends_at
                      THEN ends_at ELSE excluded.ends_at END,
            begins_at = CASE WHEN begins_at BETWEEN excluded.begins_at AND excluded.ends_at
                        THEN begins_at ELSE excluded.begins_at END,
            most = excluded.most, currency = excluded.currency";
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = params![
        spending.source.as_str(),
        spending.account,
        spending.stretch.as_str(),
        micros(spending.begins_at),
        micros(spending.ends_at),
        whole(spending.amount),
        whole(spending.most),
        spending.currency,
    ];
    execute(connection, ADD, row).map(|_| ())
}
