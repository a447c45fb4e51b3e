//! The figures that a monitoring system asks for, in one reading.

use super::inbox::{self, InboxState};
use super::row::{count, rows};
use super::{Store, StoreError, spent, trouble};
use crate::model::{Trouble, Usage};
use jiff::Timestamp;

/// Running totals, queues and healths; each list is as long as its list of words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics {
    /// Running totals by name: `items_seen`, `items_kept`, `mentions`, `opportunities`.
    pub totals: Vec<(String, u64)>,
    /// Watched sources by health.
    pub sources: Vec<(String, u64)>,
    /// Alerts by state.
    pub alerts: Vec<(String, u64)>,
    /// Notices that no route has decided on.
    pub notices_pending: u64,
    /// The inbox.
    pub inbox: InboxState,
    /// Recipients who left a list.
    pub left: u64,
    /// Sources of which a hub agreed to tell us.
    pub pushed: u64,
    /// What sources have used of budgets that are under way.
    pub budgets: Vec<Usage>,
    /// What of our own does not work.
    pub troubles: Vec<Trouble>,
}

impl Store {
    /// The figures of this moment, `now`. Alerts are counted one by one; everything else is small or counted already.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn metrics(&self, now: Timestamp) -> Result<Metrics, StoreError> {
        const TOTALS: &str = "SELECT name, value AS n FROM counters ORDER BY name";
        const SOURCES: &str =
            "SELECT health AS name, count(*) AS n FROM sources WHERE watched = 1 GROUP BY health ORDER BY health";
        const ALERTS: &str = "SELECT state AS name, count(*) AS n FROM outbox GROUP BY state ORDER BY state";
        const OTHERS: &str = "
            SELECT 'notices' AS name, count(*) AS n FROM notices WHERE routed_at IS NULL
            UNION ALL SELECT 'left', count(*) FROM left_lists
            UNION ALL SELECT 'pushed', count(*) FROM subscriptions
                WHERE wish = 'subscribe' AND alive_at IS NOT NULL";
        self.read(move |connection| {
            let named = |sql| rows(connection, sql, [], |row| Ok((row.get::<_, String>("name")?, count(row, "n")?)));
            let others = named(OTHERS)?;
            let other = |name: &str| others.iter().find(|(known, _)| known == name).map_or(0, |(_, n)| *n);
            Ok(Metrics {
                totals: named(TOTALS)?,
                sources: named(SOURCES)?,
                alerts: named(ALERTS)?,
                notices_pending: other("notices"),
                inbox: inbox::state(connection)?,
                left: other("left"),
                pushed: other("pushed"),
                budgets: spent::usages(connection, now)?,
                troubles: trouble::present(connection)?,
            })
        })
        .await
    }
}
