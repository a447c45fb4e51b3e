//! Edits: what stood in an item before, and what of an opportunity is otherwise since.
//!
//! In: an item that is read in another form. Out: a row for the form before, bounded; alerts that wait made anew, and a
//! notice where people had been told of what is otherwise now. An older copy, as another server or a list that lags
//! behind may give it, is no edit.

use super::commit::Tally;
use super::mention::Judged;
use super::row::{execute, from_json, instant, micros, row, rows, value};
use super::{StoreError, correction, notice, withdraw};
use crate::model::{BrandId, Glance, Item, ItemId, Kind, Notice, NoticeKind, Opportunity, Turn};
use crate::text::hash64;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Forms of one item that are kept beside the present one, the newest.
pub(super) const REVISIONS_MOST: i64 = 10;

/// As much of the text of a form before is kept.
const TEXT_BYTES: usize = 16_384;

/// A form of an item as it is stored.
pub(super) struct Stored {
    item: Item,
    source: i64,
    since: i64,
    is_by_look: bool,
}

impl Stored {
    /// Whether it comes from a list.
    pub(super) fn is_part(&self) -> bool {
        !self.is_by_look
    }
}

/// The present form of the item in row `id`.
pub(super) fn stored(connection: &Connection, id: i64) -> Result<Option<Stored>, StoreError> {
    const STORED: &str =
        "SELECT source_id, coalesce(edited_at, seen_at) AS since, by_look, item_json FROM items WHERE id = ?1";
    row(connection, STORED, [id], |row| {
        Ok(Stored {
            item: from_json(row, "item_json")?,
            source: row.get("source_id")?,
            since: row.get("since")?,
            is_by_look: row.get("by_look")?,
        })
    })
}

/// Whether `item`, given by `source`, is an older copy of what is stored in row `id`.
pub(super) fn is_older_copy(
    connection: &Connection,
    id: i64,
    stored: &Stored,
    (item, source, glance): (&Item, i64, Glance),
) -> Result<bool, StoreError> {
    const WAS: &str = "SELECT 1 FROM revisions WHERE item_id = ?1 AND form_hash = ?2";
    let (new, old) = (item.updated.map(|updated| updated.at), stored.item.updated.map(|updated| updated.at));
    match (new, old) {
        _ if glance.is_look() => return Ok(false),
        // A part says nothing against the whole.
        _ if glance == Glance::Parts && stored.is_by_look => return Ok(true),
        (Some(new), Some(old)) if new != old => return Ok(new < old),
        _ => {}
    }
    // Its own list may take an edit back; that of another server, or behind a closer look, may only be late.
    let may_lag = stored.is_by_look || stored.source != source;
    Ok(may_lag && value::<i64>(connection, WAS, params![id, form_hash(item)])?.is_some())
}

fn form_hash(item: &Item) -> i64 {
    hash64(&[&item.title, &item.text]).cast_signed()
}

/// Keeps the form before, where `item` reads otherwise; whether it does.
pub(super) fn keep(
    connection: &Connection,
    id: i64,
    stored: &Stored,
    item: &Item,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const COUNT: &str = "UPDATE items SET n_edits = n_edits + 1 WHERE id = ?1 RETURNING n_edits";
    const KEEP: &str = "
        INSERT INTO revisions (item_id, n, since_at, until_at, form_hash, title, text)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    const BOUND: &str = "DELETE FROM revisions WHERE item_id = ?1 AND n <= ?2";
    let before = &stored.item;
    if before.title == item.title && before.text == item.text {
        return Ok(false);
    }
    let n: i64 = value(connection, COUNT, [id])?.unwrap_or(1);
    let text = before.text.get(..before.text.floor_char_boundary(TEXT_BYTES)).unwrap_or_default();
    let columns = params![id, n, stored.since, micros(at), form_hash(before), before.title, text];
    execute(connection, KEEP, columns)?;
    execute(connection, BOUND, [id, n - REVISIONS_MOST])?;
    Ok(true)
}

/// What was thought of the mentions of an item before it was judged anew.
pub(super) struct Before(Vec<Judged>);

pub(super) fn before(connection: &Connection, id: i64) -> Result<Before, StoreError> {
    Ok(Before(correction::stored_mentions(connection, ItemId(id))?))
}

/// Tells whom it concerns that item `id` is otherwise: alerts that wait are made anew, and of an opportunity that people
/// were told of they hear once more, only where its deadline, its place or its kind changed, or it is none any more.
pub(super) fn tell(
    connection: &Connection,
    id: i64,
    before: &Before,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let after = correction::stored_mentions(connection, ItemId(id))?;
    for judged in before.0.iter().filter(|judged| !judged.is_done && !judged.is_dismissed) {
        let (Some(old), brand) = (&judged.opportunity, &judged.mention.brand) else { continue };
        let new = after.iter().find(|judged| judged.mention.brand == *brand);
        let turn = turn(old, new.and_then(|judged| judged.opportunity.as_ref()));
        if !turn.is_nothing() && is_told(connection, id, brand)? {
            let kind = NoticeKind::OpportunityTurned { item: ItemId(id), brand: brand.clone(), turn };
            let is_new = notice::put(connection, &Notice { kind, at, backlog: false })?;
            tally.committed.new_notices += u64::from(is_new);
        }
    }
    withdraw::make_anew(connection, id)
}

/// Tells of the opportunities of item `id`, which is about to go because it names no brand any more.
pub(super) fn tell_unsaid(
    connection: &Connection,
    id: i64,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    for judged in before(connection, id)?.0.into_iter().filter(|judged| !judged.is_done && !judged.is_dismissed) {
        let brand = judged.mention.brand;
        if judged.opportunity.is_some() && is_told(connection, id, &brand)? {
            let turn = Turn { vanished: true, ..Turn::default() };
            let kind = NoticeKind::OpportunityTurned { item: ItemId(id), brand, turn };
            tally.committed.new_notices += u64::from(notice::put(connection, &Notice { kind, at, backlog: false })?);
        }
    }
    Ok(())
}

fn turn(old: &Opportunity, new: Option<&Opportunity>) -> Turn {
    let Some(new) = new else { return Turn { vanished: true, ..Turn::default() } };
    let deadline = |one: &Opportunity| one.judgement.slots.deadline.as_ref().map(|deadline| deadline.at.at);
    let kinds = |one: &Opportunity| {
        let mut kinds: Vec<&str> = one.judgement.kinds.iter().copied().map(Kind::as_str).collect();
        kinds.sort_unstable();
        kinds.join(" ")
    };
    Turn {
        deadline: deadline(old) != deadline(new),
        place: old.judgement.slots.place != new.judgement.slots.place,
        kinds: kinds(old) != kinds(new),
        vanished: false,
    }
}

/// Whether somebody was told of the opportunity.
fn is_told(connection: &Connection, id: i64, brand: &BrandId) -> Result<bool, StoreError> {
    const TOLD: &str = "
        SELECT 1 FROM notices n JOIN alert_notices a ON a.notice_id = n.id JOIN outbox x ON x.id = a.outbox_id
        WHERE n.item_id = ?1 AND n.brand = ?2 AND n.kind = 'opportunity'
          AND (x.state = 'delivered' OR x.state = 'pending' AND x.attempts > 0) LIMIT 1";
    Ok(value::<i64>(connection, TOLD, params![id, brand.as_str()])?.is_some())
}

/// What stood in an item before, newest first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Revision {
    /// When we first read it so.
    pub since: Timestamp,
    /// When we read it otherwise.
    pub until: Timestamp,
    /// Its title then.
    pub title: String,
    /// Its text then.
    pub text: String,
}

impl super::Store {
    /// What stood in `item` before it was edited, the latest first; a few at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn revisions(&self, item: ItemId) -> Result<Vec<Revision>, StoreError> {
        const ALL: &str = "SELECT * FROM revisions WHERE item_id = ?1 ORDER BY n DESC";
        self.read(move |connection| {
            rows(connection, ALL, [item.0], |row| {
                Ok(Revision {
                    since: instant(row, "since_at")?,
                    until: instant(row, "until_at")?,
                    title: row.get("title")?,
                    text: row.get("text")?,
                })
            })
        })
        .await
    }
}
