//! Kept items: written once, updated when they were edited, removed with all that hangs on them.

use super::commit::Tally;
use super::mention::{self, Judged, Origin};
use super::row::{execute, json, micros, row};
use super::search::WordChange;
use super::writing::Writing;
use super::{StoreError, alias, correction, fingerprint, key_hash, notice, number, story};
use crate::model::{Analysis, Item, ItemId, ItemKey, KeptItem, Notice, NoticeKind};
use crate::text::address_hash;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// An item's row, as far as a commit needs it.
pub(super) struct Found {
    pub(super) id: i64,
    content_hash: i64,
    seen_at: i64,
}

/// What a row of `items` says of the item as it is now.
struct Content<'a> {
    item: &'a Item,
    content_hash: i64,
    analysis: &'a Analysis,
    read_at: i64,
}

/// Keeps an item, or updates it where its content changed.
pub(super) fn keep(
    connection: &Writing,
    source: i64,
    mut kept: KeptItem,
    at: Timestamp,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let content_hash = kept.content_hash.cast_signed();
    let found = find(connection, &kept.item.key)?;
    if found.as_ref().is_some_and(|found| found.content_hash == content_hash) {
        return Ok(());
    }
    number::make_sound(&mut kept);
    kept.item.html.clear();
    let mut judged = judged(&mut kept);
    if let Some(found) = &found {
        correction::lay_all_over(connection, found.id, &mut judged, &mut kept.analysis.spam)?;
    }
    let content = Content { item: &kept.item, content_hash, analysis: &kept.analysis, read_at: micros(at) };
    let (id, seen_at, before) = match &found {
        Some(found) => {
            update(connection, found.id, &content)?;
            (found.id, found.seen_at, mention::n_below(connection, found.id)?)
        }
        None => (insert(connection, source, &content, tally)?, micros(at), (0, 0)),
    };
    alias::put(connection, id, &kept.item)?;
    let story = match &found {
        Some(_) => story::first_of(connection, id)?,
        None => story::join(connection, id, &kept.item, &kept.story_keys, at)?,
    };
    story::put_keys(connection, id, &kept.story_keys, at)?;
    let brands = judged.iter().map(|judged| &judged.mention.brand);
    connection.index(if found.is_some() {
        WordChange::replacing(id, &kept.item, brands)
    } else {
        WordChange::new(id, &kept.item, brands)
    });
    let origin = origin(&kept, id, seen_at, story);
    for judged in &judged {
        let is_echo = mention::put(connection, &origin, judged)?;
        if judged.opportunity.is_some() && !judged.is_dismissed && !is_echo {
            let kind = NoticeKind::Opportunity { item: ItemId(id), brand: judged.mention.brand.clone() };
            tell(connection, &Notice { kind, at, backlog: kept.backlog }, tally)?;
        }
    }
    if found.is_some() {
        mention::remove_others(connection, id, &judged)?;
    }
    let after = match found {
        Some(_) => mention::n_below(connection, id)?,
        None => mention::n_among(&judged),
    };
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
pub(super) fn remove(connection: &Writing, id: i64, tally: &mut Tally) -> Result<(), StoreError> {
    let (n_mentions, n_opportunities) = mention::n_below(connection, id)?;
    story::hand_over(connection, id)?;
    execute(connection, "DELETE FROM items WHERE id = ?1", [id])?;
    connection.index(WordChange::remove(id));
    tally.items_kept -= 1;
    tally.mentions -= n_mentions;
    tally.opportunities -= n_opportunities;
    Ok(())
}

fn insert(connection: &Connection, source: i64, content: &Content<'_>, tally: &mut Tally) -> Result<i64, StoreError> {
    const INSERT: &str = "
        INSERT INTO items (namespace, own_id, key_hash, content_hash, source_id, published_at, seen_at, changed_at,
                           item_json, analysis_json, url_hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10)";
    let key = &content.item.key;
    let columns = params![
        key.namespace,
        key.id,
        key_hash(key).cast_signed(),
        content.content_hash,
        source,
        published_at(content.item),
        content.read_at,
        json("item_json", content.item)?,
        json("analysis_json", content.analysis)?,
        url_hash(content.item),
    ];
    execute(connection, INSERT, columns)?;
    let id = connection.last_insert_rowid();
    tally.items_kept += 1;
    tally.committed.new_kept += 1;
    if !fingerprint::remove(connection, key_hash(key))? {
        tally.see_new_item();
    }
    Ok(id)
}

fn update(connection: &Connection, id: i64, content: &Content<'_>) -> Result<(), StoreError> {
    const UPDATE: &str = "
        UPDATE items SET content_hash = ?2, published_at = ?3, changed_at = ?4, item_json = ?5, analysis_json = ?6,
                         url_hash = ?7
        WHERE id = ?1";
    let columns = params![
        id,
        content.content_hash,
        published_at(content.item),
        content.read_at,
        json("item_json", content.item)?,
        json("analysis_json", content.analysis)?,
        url_hash(content.item),
    ];
    execute(connection, UPDATE, columns).map(|_| ())
}

/// Writes by which address an item is found, into a row that does not say so yet.
pub(super) fn put_url_hash(connection: &Connection, id: i64, item: &Item) -> Result<(), StoreError> {
    execute(connection, "UPDATE items SET url_hash = ?2 WHERE id = ?1", params![id, url_hash(item)]).map(|_| ())
}

fn url_hash(item: &Item) -> Option<i64> {
    item.url.as_deref().and_then(address_hash).map(u64::cast_signed)
}

fn published_at(item: &Item) -> Option<i64> {
    item.published.map(|published| micros(published.at))
}

fn origin(kept: &KeptItem, item: i64, seen_at: i64, story: Option<i64>) -> Origin {
    Origin {
        item,
        seen_at,
        said_at: mention::said_at(published_at(&kept.item), seen_at),
        followers: kept.item.author.followers.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
        spam: kept.analysis.spam.is_spam,
        medium: kept.item.medium,
        backlog: kept.backlog,
        story,
    }
}

/// Each mention with its opportunity and its phase; both are taken out of `kept`.
fn judged(kept: &mut KeptItem) -> Vec<Judged> {
    let mentions = std::mem::take(&mut kept.analysis.mentions);
    let mut opportunities = std::mem::take(&mut kept.opportunities).into_iter();
    let mut phases = kept.phases.iter().copied();
    let mut judge = |mention| {
        let opportunity = opportunities.next().flatten();
        let phase = phases.next().unwrap_or_default();
        let phase = opportunity.as_ref().map_or(phase, |found| found.judgement.phase);
        Judged { mention, opportunity, phase, is_dismissed: false, is_done: false }
    };
    mentions.into_iter().map(&mut judge).collect()
}

fn tell(connection: &Connection, notice: &Notice, tally: &mut Tally) -> Result<(), StoreError> {
    let is_new = notice::put(connection, notice)?;
    tally.committed.new_opportunities += u64::from(is_new);
    tally.committed.new_notices += u64::from(is_new);
    Ok(())
}
