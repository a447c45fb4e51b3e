//! Kept items with their mentions and opportunities.

use super::commit::Tally;
use super::row::{execute, finite, json, micros, row, rows};
use super::{StoreError, fingerprint, key_hash, notice};
use crate::model::{Analysis, Item, ItemId, ItemKey, KeptItem, Kind, Mention, Notice, NoticeKind, Opportunity, Phase};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Kinds whose author waits for an answer.
const WAITING: [Kind; 4] = [Kind::Recovery, Kind::Question, Kind::Churn, Kind::SilentGripe];

/// An item's row, as far as a commit needs it.
pub(super) struct Found {
    pub(super) id: i64,
    content_hash: i64,
    seen_at: i64,
}

/// What the rows below an item take from it.
struct Origin {
    item: i64,
    seen_at: i64,
    said_at: i64,
    followers: Option<i64>,
    spam: bool,
}

/// Keeps an item, or updates it where its content changed.
pub(super) fn keep(
    connection: &Connection,
    source: i64,
    kept: KeptItem,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let found = find(connection, &kept.item.key)?;
    if found.as_ref().is_some_and(|found| found.content_hash == kept.content_hash.cast_signed()) {
        return Ok(());
    }
    let KeptItem { mut item, content_hash, mut analysis, opportunities, phases, backlog } = kept;
    let mentions = std::mem::take(&mut analysis.mentions);
    item.html.clear();
    let before = match &found {
        Some(found) => n_below(connection, found.id)?,
        None => (0, 0),
    };
    let (id, seen_at) = match &found {
        Some(found) => (update(connection, found.id, &item, content_hash, &analysis, at)?, found.seen_at),
        None => (insert(connection, source, &item, content_hash, &analysis, at, tally)?, micros(at)),
    };
    let origin = Origin {
        item: id,
        seen_at,
        said_at: item.published.map_or(seen_at, |published| micros(published.at).min(seen_at)),
        followers: item.author.followers.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
        spam: analysis.spam.is_spam,
    };
    for (n, mention) in mentions.iter().enumerate() {
        let opportunity = opportunities.get(n).and_then(Option::as_ref);
        let phase = opportunity.map(|found| found.judgement.phase).or_else(|| phases.get(n).copied());
        put_mention(connection, &origin, mention, opportunity, phase.unwrap_or_default())?;
        if opportunity.is_some() {
            let kind = NoticeKind::Opportunity { item: ItemId(id), brand: mention.brand.clone() };
            let is_new = notice::put(connection, &Notice { kind, at, backlog })?;
            tally.committed.new_opportunities += u64::from(is_new);
            tally.committed.new_notices += u64::from(is_new);
        }
    }
    if found.is_some() {
        remove_other_mentions(connection, id, &mentions)?;
    }
    let after = n_below(connection, id)?;
    tally.mentions += after.0 - before.0;
    tally.opportunities += after.1 - before.1;
    Ok(())
}

/// The row of the item with that key.
pub(super) fn find(connection: &Connection, key: &ItemKey) -> Result<Option<Found>, StoreError> {
    const FIND: &str = "SELECT id, content_hash, seen_at FROM items WHERE namespace = ?1 AND own_id = ?2";
    row(connection, FIND, (&key.namespace, &key.id), |row| {
        Ok(Found { id: row.get(0)?, content_hash: row.get(1)?, seen_at: row.get(2)? })
    })
}

/// Removes an item with its mentions and opportunities.
pub(super) fn remove(connection: &Connection, id: i64, tally: &mut Tally) -> Result<(), StoreError> {
    let (n_mentions, n_opportunities) = n_below(connection, id)?;
    execute(connection, "DELETE FROM items WHERE id = ?1", [id])?;
    tally.items_kept -= 1;
    tally.mentions -= n_mentions;
    tally.opportunities -= n_opportunities;
    Ok(())
}

fn insert(
    connection: &Connection,
    source: i64,
    item: &Item,
    content_hash: u64,
    analysis: &Analysis,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<i64, StoreError> {
    const INSERT: &str = "
        INSERT INTO items (namespace, own_id, key_hash, content_hash, source_id, published_at, seen_at, changed_at,
                           item_json, analysis_json)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9)";
    let key_hash = key_hash(&item.key);
    let columns = params![
        item.key.namespace,
        item.key.id,
        key_hash.cast_signed(),
        content_hash.cast_signed(),
        source,
        item.published.map(|published| micros(published.at)),
        micros(at),
        json("item_json", item)?,
        json("analysis_json", analysis)?,
    ];
    execute(connection, INSERT, columns)?;
    let id = connection.last_insert_rowid();
    tally.items_kept += 1;
    tally.committed.new_kept += 1;
    if !fingerprint::remove(connection, key_hash)? {
        tally.see_new_item();
    }
    Ok(id)
}

fn update(
    connection: &Connection,
    id: i64,
    item: &Item,
    content_hash: u64,
    analysis: &Analysis,
    at: Timestamp,
) -> Result<i64, StoreError> {
    const UPDATE: &str = "
        UPDATE items SET content_hash = ?2, published_at = ?3, changed_at = ?4, item_json = ?5, analysis_json = ?6
        WHERE id = ?1";
    let columns = params![
        id,
        content_hash.cast_signed(),
        item.published.map(|published| micros(published.at)),
        micros(at),
        json("item_json", item)?,
        json("analysis_json", analysis)?,
    ];
    execute(connection, UPDATE, columns)?;
    Ok(id)
}

fn put_mention(
    connection: &Connection,
    origin: &Origin,
    mention: &Mention,
    opportunity: Option<&Opportunity>,
    phase: Phase,
) -> Result<(), StoreError> {
    const PUT: &str = "
        INSERT INTO mentions (item_id, brand, seen_at, relevance, sentiment, sentiment_score, phase, direct, own, spam,
                              score, followers, mention_json)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (item_id, brand) DO UPDATE SET
            relevance = excluded.relevance, sentiment = excluded.sentiment,
            sentiment_score = excluded.sentiment_score, phase = excluded.phase, direct = excluded.direct,
            own = excluded.own, spam = excluded.spam, score = excluded.score, followers = excluded.followers,
            mention_json = excluded.mention_json
        RETURNING id";
    let columns = params![
        origin.item,
        mention.brand.as_str(),
        origin.seen_at,
        finite(mention.relevance),
        mention.sentiment.label.as_str(),
        finite(mention.sentiment.score),
        phase.as_str(),
        mention.direct,
        mention.own,
        origin.spam,
        opportunity.map_or(0.0, |found| finite(found.judgement.score)),
        origin.followers,
        json("mention_json", mention)?,
    ];
    let id = row(connection, PUT, columns, |row| Ok(row.get::<_, i64>(0)?))?;
    match (id, opportunity) {
        (Some(id), Some(opportunity)) => put_opportunity(connection, id, origin, mention, opportunity),
        (Some(id), None) => execute(connection, "DELETE FROM opportunities WHERE mention_id = ?1", [id]).map(|_| ()),
        (None, _) => Err(rusqlite::Error::QueryReturnedNoRows.into()),
    }
}

fn put_opportunity(
    connection: &Connection,
    mention_id: i64,
    origin: &Origin,
    mention: &Mention,
    opportunity: &Opportunity,
) -> Result<(), StoreError> {
    const PUT: &str = "
        INSERT INTO opportunities (mention_id, brand, said_at, kinds_json, waits, surprise, care, score, wish,
                                   deadline_at, place, outlet, opportunity_json)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (mention_id) DO UPDATE SET
            said_at = excluded.said_at, kinds_json = excluded.kinds_json, waits = excluded.waits,
            surprise = excluded.surprise, care = excluded.care, score = excluded.score, wish = excluded.wish,
            deadline_at = excluded.deadline_at, place = excluded.place, outlet = excluded.outlet,
            opportunity_json = excluded.opportunity_json";
    let judgement = &opportunity.judgement;
    let slots = &judgement.slots;
    let waits = !mention.own && !origin.spam && judgement.kinds.iter().any(|kind| WAITING.contains(kind));
    let columns = params![
        mention_id,
        mention.brand.as_str(),
        origin.said_at,
        json("kinds_json", &judgement.kinds)?,
        waits,
        judgement.surprise,
        judgement.care,
        finite(judgement.score),
        slots.wish,
        slots.deadline.as_ref().map(|deadline| micros(deadline.at.at)),
        slots.place,
        opportunity.nearest.as_ref().map(|outlet| outlet.name.as_str()),
        json("opportunity_json", opportunity)?,
    ];
    execute(connection, PUT, columns).map(|_| ())
}

/// After an edit: mentions of brands that the item is not about any more.
fn remove_other_mentions(connection: &Connection, item: i64, mentions: &[Mention]) -> Result<(), StoreError> {
    const HAS: &str = "SELECT id, brand FROM mentions WHERE item_id = ?1";
    let has = rows(connection, HAS, [item], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    has.iter()
        .filter(|(_, brand)| !mentions.iter().any(|mention| mention.brand.as_str() == brand))
        .try_for_each(|(id, _)| execute(connection, "DELETE FROM mentions WHERE id = ?1", [*id]).map(|_| ()))
}

/// How many mentions and opportunities an item has.
fn n_below(connection: &Connection, item: i64) -> Result<(i64, i64), StoreError> {
    const COUNT: &str = "
        SELECT count(*), count(o.mention_id)
        FROM mentions m LEFT JOIN opportunities o ON o.mention_id = m.id WHERE m.item_id = ?1";
    Ok(row(connection, COUNT, [item], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
}
