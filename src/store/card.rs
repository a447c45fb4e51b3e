//! Cards: a mention with its item and its opportunity.

use super::row::{from_json, instant, optional_instant, row, rows};
use super::{Store, StoreError, story};
use crate::model::{BrandId, Card, ItemId, Mention};
use rusqlite::{Connection, Row};

/// The columns of a card; the row of the mention is `m.id`.
const CARD: &str = "
    SELECT i.id AS item_id, i.seen_at AS seen_at, i.item_json AS item_json, m.mention_json AS mention_json,
           m.done AS done, i.edited_at AS edited_at, i.n_edits AS n_edits,
           o.opportunity_json AS opportunity_json
    FROM mentions m JOIN items i ON i.id = m.item_id
         LEFT JOIN opportunities o ON o.mention_id = m.id AND m.dismissed = 0";

impl Store {
    /// The strongest opportunities of all that are kept, the newer first where two are as strong, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn opportunities(&self, limit: usize) -> Result<Vec<Card>, StoreError> {
        const BEST: &str = "
            SELECT mention_id FROM opportunities o JOIN mentions m ON m.id = o.mention_id WHERE m.echo = 0
            ORDER BY o.score DESC, o.said_at DESC LIMIT ?1";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let mentions = rows(connection, BEST, [limit], |row| Ok(row.get(0)?))?;
            of_mentions(connection, &mentions)
        })
        .await
    }
}

/// The card of what an item says of a brand; `None` where either is gone.
pub(super) fn of(connection: &Connection, item: ItemId, brand: &BrandId) -> Result<Option<Card>, StoreError> {
    let sql = format!("{CARD} WHERE m.item_id = ?1 AND m.brand = ?2");
    row(connection, &sql, (item.0, brand.as_str()), |row| card(connection, row))
}

/// The cards of these mentions, in this order.
pub(super) fn of_mentions(connection: &Connection, mentions: &[i64]) -> Result<Vec<Card>, StoreError> {
    let sql = format!("{CARD} WHERE m.id = ?1");
    mentions
        .iter()
        .filter_map(|mention| row(connection, &sql, [*mention], |row| card(connection, row)).transpose())
        .collect()
}

fn card(connection: &Connection, row: &Row<'_>) -> Result<Card, StoreError> {
    let mention: Mention = from_json(row, "mention_json")?;
    let has_opportunity = row.get_ref("opportunity_json")? != rusqlite::types::ValueRef::Null;
    Ok(Card {
        item_id: ItemId(row.get("item_id")?),
        item: from_json(row, "item_json")?,
        story: story::of(connection, row.get("item_id")?, mention.brand.as_str())?,
        mention,
        opportunity: if has_opportunity { Some(from_json(row, "opportunity_json")?) } else { None },
        seen_at: instant(row, "seen_at")?,
        done: row.get("done")?,
        edited_at: optional_instant(row, "edited_at")?,
        revisions: row.get("n_edits")?,
    })
}
