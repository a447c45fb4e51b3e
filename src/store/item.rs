//! Kept items: written once, updated when they were edited, removed with all that hangs on them.

use super::commit::Tally;
use super::mention::{self, Judged, Origin};
use super::row::{execute, json, micros, row};
use super::search::WordChange;
use super::tombstone::{self, Tombstone};
use super::writing::Writing;
use super::{StoreError, alias, correction, fingerprint, key_hash, notice, number, revision, story, withdraw};
use crate::model::{Analysis, Glance, Item, ItemId, ItemKey, KeptItem, Notice, NoticeKind};
use crate::text::address_hash;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// An item's row, as far as a commit needs it.
pub(super) struct Found {
    pub(super) id: i64,
    content_hash: i64,
    seen_at: i64,
}

/// Where and when an item was read.
#[derive(Clone, Copy)]
pub(super) struct Read {
    /// The row of the source that gave it.
    pub(super) source: i64,
    pub(super) at: Timestamp,
    pub(super) glance: Glance,
}

/// What a row of `items` says of the item as it is now.
struct Content<'a> {
    item: &'a Item,
    content_hash: i64,
    analysis: &'a Analysis,
    read: Read,
}

/// Keeps an item, or updates it where its content changed. What was deleted at its origin does not come back.
pub(super) fn keep(connection: &Writing, read: Read, mut kept: KeptItem, tally: &mut Tally) -> Result<(), StoreError> {
    let (content_hash, at) = (kept.content_hash.cast_signed(), read.at);
    let found = find(connection, &kept.item.key)?;
    if found.as_ref().is_some_and(|found| found.content_hash == content_hash) {
        return Ok(());
    }
    let stone = if found.is_none() { tombstone::of(connection, key_hash(&kept.item.key))? } else { None };
    if stone.as_ref().is_some_and(|stone| stone.is_final) {
        return Ok(());
    }
    number::make_sound(&mut kept);
    kept.item.html.clear();
    let (turned, is_edit) = match &found {
        Some(found) => match edit(connection, found.id, &kept.item, read)? {
            Edit::OlderCopy => return Ok(()),
            Edit::Reads { before, is_edit } => (before, is_edit),
        },
        None => (None, false),
    };
    let mut judged = judged(&mut kept);
    if let Some(found) = &found {
        correction::lay_all_over(connection, found.id, &mut judged, &mut kept.analysis.spam)?;
    }
    let content = Content { item: &kept.item, content_hash, analysis: &kept.analysis, read };
    let (id, seen_at, before) = match &found {
        Some(found) => {
            update(connection, found.id, &content, is_edit)?;
            (found.id, found.seen_at, mention::n_below(connection, found.id)?)
        }
        None => (insert(connection, &content, stone, tally)?, micros(at), (0, 0)),
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
    if let Some(before) = turned {
        revision::tell(connection, id, &before, at, tally)?;
    }
    let after = match found {
        Some(_) => mention::n_below(connection, id)?,
        None => mention::n_among(&judged),
    };
    tally.mentions += after.0 - before.0;
    tally.opportunities += after.1 - before.1;
    Ok(())
}

/// What reading an item in another form means.
enum Edit {
    /// It was so before; what is stored is newer.
    OlderCopy,
    /// It is so now; what was thought of it before, where a person reads something else now.
    Reads {
        before: Option<revision::Before>,
        /// Its author changed it; else it was only known in part.
        is_edit: bool,
    },
}

fn edit(connection: &Connection, id: i64, item: &Item, read: Read) -> Result<Edit, StoreError> {
    let Some(stored) = revision::stored(connection, id)? else {
        return Ok(Edit::Reads { before: None, is_edit: false });
    };
    if revision::is_older_copy(connection, id, &stored, (item, read.source, read.glance))? {
        return Ok(Edit::OlderCopy);
    }
    let before = revision::before(connection, id)?;
    if read.glance == Glance::Whole && stored.is_part() {
        return Ok(Edit::Reads { before: Some(before), is_edit: false });
    }
    let is_edit = revision::keep(connection, id, &stored, item, read.at)?;
    Ok(Edit::Reads { before: is_edit.then_some(before), is_edit })
}

/// The row of the item with that key.
pub(super) fn find(connection: &Connection, key: &ItemKey) -> Result<Option<Found>, StoreError> {
    const FIND: &str = "SELECT id, content_hash, seen_at FROM items WHERE namespace = ?1 AND own_id = ?2";
    row(connection, FIND, (&key.namespace, &key.id), |row| {
        Ok(Found { id: row.get(0)?, content_hash: row.get(1)?, seen_at: row.get(2)? })
    })
}

/// The row of the item that `key` names, or that its service calls so besides.
pub(super) fn find_called(connection: &Connection, key: &ItemKey) -> Result<Option<Found>, StoreError> {
    const FIND: &str = "SELECT id, content_hash, seen_at FROM items WHERE id = ?1";
    if let Some(found) = find(connection, key)? {
        return Ok(Some(found));
    }
    let Some(id) = alias::find(connection, key)? else { return Ok(None) };
    row(connection, FIND, [id], |row| Ok(Found { id: row.get(0)?, content_hash: row.get(1)?, seen_at: row.get(2)? }))
}

/// Removes an item with its mentions and opportunities, and what waits in the outbox about it.
pub(super) fn remove(connection: &Writing, id: i64, at: Timestamp, tally: &mut Tally) -> Result<(), StoreError> {
    withdraw::take_back(connection, id, at)?;
    let (n_mentions, n_opportunities) = mention::n_below(connection, id)?;
    story::hand_over(connection, id)?;
    execute(connection, "DELETE FROM items WHERE id = ?1", [id])?;
    connection.index(WordChange::remove(id));
    tally.items_kept -= 1;
    tally.mentions -= n_mentions;
    tally.opportunities -= n_opportunities;
    Ok(())
}

/// Writes a new item; one that was hidden gets the row back that it had, so that nobody is told of it twice.
fn insert(
    connection: &Connection,
    content: &Content<'_>,
    stone: Option<Tombstone>,
    tally: &mut Tally,
) -> Result<i64, StoreError> {
    const INSERT: &str = "
        INSERT INTO items (namespace, own_id, key_hash, content_hash, source_id, published_at, seen_at, changed_at,
                           item_json, analysis_json, url_hash, by_look, id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12)";
    let key = &content.item.key;
    let columns = params![
        key.namespace,
        key.id,
        key_hash(key).cast_signed(),
        content.content_hash,
        content.read.source,
        published_at(content.item),
        micros(content.read.at),
        json("item_json", content.item)?,
        json("analysis_json", content.analysis)?,
        url_hash(content.item),
        content.read.glance.is_look(),
        stone.as_ref().map(|stone| stone.item),
    ];
    execute(connection, INSERT, columns)?;
    let id = connection.last_insert_rowid();
    tally.items_kept += 1;
    tally.committed.new_kept += 1;
    let was_passed = fingerprint::remove(connection, key_hash(key))?;
    match stone {
        Some(stone) => tombstone::lift(connection, key_hash(key), &stone)?,
        None if was_passed => {}
        None => tally.see_new_item(),
    }
    Ok(id)
}

fn update(connection: &Connection, id: i64, content: &Content<'_>, is_edit: bool) -> Result<(), StoreError> {
    const UPDATE: &str = "
        UPDATE items SET content_hash = ?2, published_at = ?3, changed_at = ?4, item_json = ?5, analysis_json = ?6,
                         url_hash = ?7, by_look = ?8, edited_at = CASE WHEN ?9 THEN ?4 ELSE edited_at END
        WHERE id = ?1";
    let columns = params![
        id,
        content.content_hash,
        published_at(content.item),
        micros(content.read.at),
        json("item_json", content.item)?,
        json("analysis_json", content.analysis)?,
        url_hash(content.item),
        content.read.glance.is_look(),
        is_edit,
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
