//! The words of kept items, and finding items by them.
//!
//! The index holds folded spellings and no text. It is written in the commit that keeps or removes an item.

use super::query::brand_word;
use super::row::{from_json, row, rows};
use super::{Query, Store, StoreError, card, item};
use crate::model::{BrandId, Card, Item, Look};
use crate::text::{long_spelling, plain_spelling};
use rusqlite::{Connection, params};

impl Store {
    /// The mentions in whose items all words of `query` occur, those first whose item was first read last.
    ///
    /// `look.since` and `look.sentiment` are heeded too. Reads no further than `look.limit` asks for.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn search(&self, query: Query, look: Look) -> Result<Vec<Card>, StoreError> {
        self.read(move |connection| {
            let mentions = find(connection, &query, &look)?;
            card::of_mentions(connection, &mentions)
        })
        .await
    }
}

fn find(connection: &Connection, query: &Query, look: &Look) -> Result<Vec<i64>, StoreError> {
    // CROSS JOIN keeps the order of the tables: newest items first, and nothing is sorted or read beyond the limit.
    const FIND: &str = "
        SELECT m.id FROM search CROSS JOIN mentions m ON m.item_id = search.rowid
        WHERE search MATCH ?1 AND (?2 IS NULL OR m.brand = ?2)
          AND (?3 OR (m.dismissed = 0 AND m.spam = 0 AND m.own = 0))
          AND (?4 IS NULL OR m.seen_at >= ?4) AND (?5 IS NULL OR m.sentiment = ?5)
        ORDER BY search.rowid DESC LIMIT ?6";
    let columns = params![
        query.expression(look.brand.as_ref()),
        look.brand.as_ref().map(BrandId::as_str),
        look.all,
        look.since.map(super::row::micros),
        look.sentiment.map(crate::model::Sentiment::as_str),
        i64::try_from(look.limit).unwrap_or(i64::MAX),
    ];
    rows(connection, FIND, columns, |row| Ok(row.get(0)?))
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
