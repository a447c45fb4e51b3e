//! The words of kept items, and finding items by them.
//!
//! The index holds folded spellings and no text. It is written in the commit that keeps or removes an item.

use super::query::{self, brand_word};
use super::row::{from_json, row, rows};
use super::{Store, StoreError, card, item};
use crate::model::{BrandId, Card, Item, Look, Phase};
use crate::query::{Query, Subject};
use crate::text::{long_spelling, plain_spelling};
use rusqlite::{Connection, params};

/// The most mentions that one search looks at closely.
pub const LOOKED_AT_MOST: usize = 20_000;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The mentions, those first whose item was first read last.
    pub cards: Vec<Card>,
    /// The search ended at [`LOOKED_AT_MOST`]: older ones were not looked at.
    pub is_cut_off: bool,
}

impl Store {
    /// The mentions that `query` means, those first whose item was first read last.
    ///
    /// `look.since` and `look.sentiment` are heeded too. Reads no further than `look.limit` asks for.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn search(&self, query: Query, look: Look) -> Result<Found, StoreError> {
        self.read(move |connection| find(connection, &query, &look)).await
    }
}

fn find(connection: &Connection, query: &Query, look: &Look) -> Result<Found, StoreError> {
    // CROSS JOIN keeps the order of the tables: newest items first, and nothing is sorted or read beyond the limit.
    const BY_WORDS: &str = "
        SELECT m.id, m.phase FROM search CROSS JOIN mentions m ON m.item_id = search.rowid
        WHERE search MATCH ?1 AND (?2 IS NULL OR m.brand = ?2)
          AND (?3 OR (m.dismissed = 0 AND m.spam = 0 AND m.own = 0 AND m.echo = 0))
          AND (?4 IS NULL OR m.seen_at >= ?4) AND (?5 IS NULL OR m.sentiment = ?5)
        ORDER BY search.rowid DESC";
    const OF_ALL: &str = "
        SELECT m.id, m.phase FROM mentions m INDEXED BY mentions_by_time
        WHERE ?1 IS NULL AND (?2 IS NULL OR m.brand = ?2) AND (?3 OR (m.dismissed = 0 AND m.spam = 0 AND m.own = 0 AND m.echo = 0))
          AND m.seen_at >= coalesce(?4, -9223372036854775808) AND (?5 IS NULL OR m.sentiment = ?5)
        ORDER BY m.seen_at DESC, m.id DESC";
    let words = query.needle().map(|needle| query::expression(&needle, look.brand.as_ref()));
    let columns = params![
        words,
        look.brand.as_ref().map(BrandId::as_str),
        look.all,
        look.since.map(super::row::micros),
        look.sentiment.map(crate::model::Sentiment::as_str),
    ];
    let mut statement = connection.prepare_cached(if words.is_some() { BY_WORDS } else { OF_ALL })?;
    let mut candidates = statement.query(columns)?;
    let (mut cards, mut n_looked_at) = (Vec::new(), 0);
    while cards.len() < look.limit
        && let Some(row) = candidates.next()?
    {
        if n_looked_at == LOOKED_AT_MOST {
            return Ok(Found { cards, is_cut_off: true });
        }
        n_looked_at += 1;
        let phase = Phase::from_name(&row.get::<_, String>(1)?).unwrap_or_default();
        let found = card::of_mentions(connection, &[row.get(0)?])?.pop();
        let is_meant = |card: &Card| query.matches(&Subject::of_card(card, phase));
        cards.extend(found.filter(is_meant));
    }
    Ok(Found { cards, is_cut_off: false })
}

/// What becomes of the words of an item in the index.
#[derive(Debug)]
pub(super) struct WordChange {
    id: i64,
    had_words: bool,
    words: Option<Words>,
}

#[derive(Debug)]
struct Words {
    plain: String,
    spelled: String,
    brands: String,
}

impl WordChange {
    /// The words of an item that is new.
    pub(super) fn new<'b>(id: i64, item: &Item, brands: impl Iterator<Item = &'b BrandId>) -> Self {
        Self { id, had_words: false, words: Some(Words::of(item, brands)) }
    }

    /// The words of an item whose content changed.
    pub(super) fn replacing<'b>(id: i64, item: &Item, brands: impl Iterator<Item = &'b BrandId>) -> Self {
        Self { had_words: true, ..Self::new(id, item, brands) }
    }

    /// No words: the item is gone.
    pub(super) fn remove(id: i64) -> Self {
        Self { id, had_words: true, words: None }
    }
}

impl Words {
    fn of<'b>(item: &Item, brands: impl Iterator<Item = &'b BrandId>) -> Self {
        let words = words_of(item);
        let (plain, long) = (plain_spelling(&words), long_spelling(&words));
        let spelled = if long == plain { String::new() } else { long };
        Self { plain, spelled, brands: brands.map(brand_word).collect::<Vec<_>>().join(" ") }
    }
}

/// Writes one change to the index.
pub(super) fn write(connection: &Connection, change: &WordChange) -> rusqlite::Result<()> {
    const PUT: &str = "INSERT INTO search (rowid, plain, spelled, brands) VALUES (?1, ?2, ?3, ?4)";
    if change.had_words {
        connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([change.id])?;
    }
    if let Some(words) = &change.words {
        let columns = params![change.id, words.plain, words.spelled, words.brands];
        connection.prepare_cached(PUT)?.execute(columns)?;
    }
    Ok(())
}

/// Text and title as they are judged, and who wrote it.
fn words_of(item: &Item) -> String {
    let author = [&item.author.name, &item.author.handle].into_iter().flatten();
    let parts = std::iter::once(item.reading_text().into_owned()).chain(author.cloned());
    parts.collect::<Vec<_>>().join("\n")
}

/// How many items a filling takes before it says how far it is.
const TOGETHER: i64 = 1_000;

/// Writes the words and the address of every item that is kept; `on_progress` is told how many of how many.
pub(super) fn fill(connection: &Connection, on_progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
    const NEXT: &str = "SELECT id, item_json FROM items WHERE id > ?1 ORDER BY id LIMIT ?2";
    const BRANDS: &str = "SELECT brand FROM mentions WHERE item_id = ?1";
    let n_all = row(connection, "SELECT count(*) AS n FROM items", [], |row| super::row::count(row, "n"))?;
    let (mut last, mut n_done) = (0, 0);
    loop {
        let items: Vec<(i64, Item)> =
            rows(connection, NEXT, [last, TOGETHER], |row| Ok((row.get(0)?, from_json(row, "item_json")?)))?;
        let Some((newest, _)) = items.last() else { return Ok(()) };
        last = *newest;
        for (id, item) in &items {
            let brands = rows(connection, BRANDS, [*id], |row| Ok(BrandId::new(row.get::<_, String>(0)?)))?;
            write(connection, &WordChange::new(*id, item, brands.iter()))?;
            item::put_url_hash(connection, *id, item)?;
            n_done += 1;
        }
        on_progress(n_done, n_all.unwrap_or_default());
    }
}
