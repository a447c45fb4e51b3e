//! Takes messages back that wait in the outbox while what they tell of is gone, or otherwise now.
//!
//! In: an item that leaves or was edited. Out: no waiting message holds a word of what it said. A message that told of
//! others besides is made anew for them by the router, under the key that it had; so is a digest.

use super::StoreError;
use super::row::{execute, from_json, json, micros, rows};
use crate::model::{Alert, AlertBody, NoticeId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// What is told of a message that was taken back.
const GONE: &str = "withdrawn: what it told of is gone at its origin";
const LEFT: &str = "withdrawn: its recipient left the list";

/// The messages about one item that were not delivered; found by the item, however many there are.
pub(super) const ABOUT_ITEM: &str = "
    SELECT DISTINCT x.id, x.attempts, x.alert_json FROM notices n JOIN alert_notices a ON a.notice_id = n.id
         JOIN outbox x ON x.id = a.outbox_id
    WHERE n.item_id = ?1 AND x.state IN ('pending', 'parked')";

/// A message that waits, or was given up.
struct Waiting {
    id: i64,
    is_tried: bool,
    alert: Alert,
}

/// Takes back what waits about `item`, which is about to go.
pub(super) fn take_back(connection: &Connection, item: i64, at: Timestamp) -> Result<(), StoreError> {
    for waiting in waiting_about(connection, item)? {
        let others = others(connection, &waiting.alert, item)?;
        if !others.is_empty() {
            route_anew(connection, &waiting, &others)?;
        }
        withdraw(connection, waiting, (GONE, !others.is_empty()), at)?;
    }
    take_digests_back(connection, item)
}

/// Takes back what waits about `item`, which was edited, so that the router makes it anew; what was tried already stays
/// as its receiver may have it.
pub(super) fn make_anew(connection: &Connection, item: i64) -> Result<(), StoreError> {
    for waiting in waiting_about(connection, item)?.into_iter().filter(|waiting| !waiting.is_tried) {
        route_anew(connection, &waiting, &waiting.alert.notices)?;
        execute(connection, "DELETE FROM outbox WHERE id = ?1", [waiting.id])?;
    }
    take_digests_back(connection, item)
}

/// Takes back what waits for `recipient`, who left the list of digests or that of alerts about posts.
pub(super) fn of_leaver(
    connection: &Connection,
    is_digest: bool,
    recipient: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    const WAITING: &str = "
        SELECT id, attempts, alert_json FROM outbox
        WHERE state IN ('pending', 'parked') AND json_extract(alert_json, '$.recipient') = ?1";
    // What nobody can leave, as news about the house, says no way to leave it.
    let is_of_list =
        |waiting: &Waiting| waiting.alert.unsubscribe.is_some() && waiting.alert.notices.is_empty() == is_digest;
    let waiting = rows(connection, WAITING, [recipient], waiting)?;
    waiting.into_iter().filter(is_of_list).try_for_each(|waiting| withdraw(connection, waiting, (LEFT, false), at))
}

fn waiting(row: &Row<'_>) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        id: row.get("id")?,
        is_tried: row.get::<_, i64>("attempts")? > 0,
        alert: from_json(row, "alert_json")?,
    })
}

fn waiting_about(connection: &Connection, item: i64) -> Result<Vec<Waiting>, StoreError> {
    rows(connection, ABOUT_ITEM, [item], waiting)
}

/// The notices of `alert` that are about something else.
fn others(connection: &Connection, alert: &Alert, item: i64) -> Result<Vec<NoticeId>, StoreError> {
    const OF_ITEM: &str = "SELECT id FROM notices WHERE item_id = ?1";
    let of_item = rows(connection, OF_ITEM, [item], |row| Ok(NoticeId(row.get(0)?)))?;
    Ok(alert.notices.iter().copied().filter(|notice| !of_item.contains(notice)).collect())
}

/// Lets the router decide once more on `notices`, for the route of the message.
fn route_anew(connection: &Connection, waiting: &Waiting, notices: &[NoticeId]) -> Result<(), StoreError> {
    const UNDECIDE: &str = "DELETE FROM verdicts WHERE notice_id = ?1 AND route = ?2";
    const PEND: &str = "UPDATE notices SET routed_at = NULL WHERE id = ?1";
    notices.iter().try_for_each(|notice| {
        execute(connection, UNDECIDE, params![notice.0, waiting.alert.route.0])?;
        execute(connection, PEND, [notice.0]).map(|_| ())
    })
}

/// Marks a message as withdrawn and leaves no word in it; its key is freed where it is to be made anew.
fn withdraw(
    connection: &Connection,
    waiting: Waiting,
    (why, frees_key): (&str, bool),
    at: Timestamp,
) -> Result<(), StoreError> {
    const WITHDRAW: &str = "
        UPDATE outbox SET state = 'withdrawn', settled_at = ?2, trouble = ?3, alert_json = ?4,
                          key = CASE WHEN ?5 THEN key || ' withdrawn ' || id ELSE key END
        WHERE id = ?1";
    let Waiting { id, alert, .. } = waiting;
    let columns = params![id, micros(at), why, json("alert_json", &blank(alert))?, frees_key];
    execute(connection, WITHDRAW, columns).map(|_| ())
}

/// The message without anything that it says.
fn blank(alert: Alert) -> Alert {
    let body =
        AlertBody { subject: String::new(), text: String::new(), html: String::new(), json: serde_json::Value::Null };
    Alert { body, ..alert }
}

/// Leaves no word in the message `key`, which has arrived: whoever has it has it, and we need it no more.
pub(super) fn forget_words(connection: &Connection, key: &str) -> Result<(), StoreError> {
    const READ: &str = "SELECT alert_json FROM outbox WHERE key = ?1";
    const FORGET: &str = "UPDATE outbox SET alert_json = ?2 WHERE key = ?1";
    const ITEMS: &str = "DELETE FROM digest_items WHERE outbox_id = (SELECT id FROM outbox WHERE key = ?1)";
    let found: Vec<Alert> = rows(connection, READ, [key], |row| from_json(row, "alert_json"))?;
    for alert in found {
        execute(connection, FORGET, params![key, json("alert_json", &blank(alert))?])?;
    }
    execute(connection, ITEMS, [key]).map(|_| ())
}

/// Takes back the digests that wait and hold `item`, as if they had not been made: the next look at the clock makes them
/// anew.
fn take_digests_back(connection: &Connection, item: i64) -> Result<(), StoreError> {
    const DIGESTS: &str = "
        SELECT x.id, x.alert_json FROM digest_items d JOIN outbox x ON x.id = d.outbox_id
        WHERE d.item_id = ?1 AND x.state IN ('pending', 'parked')";
    const UNNOTE: &str = "
        UPDATE digests SET day = before_day, until_at = before_until_at, before_day = NULL, before_until_at = NULL
        WHERE recipient = ?1 AND before_day IS NOT NULL";
    const FORGET: &str = "DELETE FROM digests WHERE recipient = ?1 AND before_day IS NULL AND day = ?2";
    let digests = rows(connection, DIGESTS, [item], |row| {
        Ok((row.get::<_, i64>("id")?, from_json::<Alert>(row, "alert_json")?))
    })?;
    for (id, digest) in digests {
        let day = digest.body.json.pointer("/data/date").and_then(serde_json::Value::as_str).unwrap_or_default();
        if execute(connection, UNNOTE, [&digest.recipient])? == 0 {
            execute(connection, FORGET, [digest.recipient.as_str(), day])?;
        }
        execute(connection, "DELETE FROM outbox WHERE id = ?1", [id])?;
    }
    Ok(())
}

/// Notes of which items a digest tells.
pub(super) fn note_items(connection: &Connection, digest: &Alert) -> Result<(), StoreError> {
    const NOTE: &str = "
        INSERT INTO digest_items (item_id, outbox_id) SELECT ?1, id FROM outbox WHERE key = ?2 ON CONFLICT DO NOTHING";
    let items = digest.body.json.pointer("/data/items").and_then(serde_json::Value::as_array);
    let ids = items.into_iter().flatten().filter_map(serde_json::Value::as_i64);
    ids.into_iter().try_for_each(|item| execute(connection, NOTE, params![item, digest.key.as_str()]).map(|_| ()))
}
