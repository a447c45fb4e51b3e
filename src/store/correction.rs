//! What people said is otherwise than we judged it: kept, and laid over our judgement wherever that is shown.
//!
//! The rows hold what is shown, so that nobody who reads has to know of corrections. Where an item was edited at its
//! origin and judged anew, its corrections are laid over the new judgement.

use super::commit::{Tally, count};
use super::mention::{self, Judged, Origin};
use super::row::{execute, from_json, instant, json, micros, row, rows};
use super::{Store, StoreError};
use crate::model::{
    Analysis, BrandId, Change, Corrected, Correction, Item, ItemId, Judgement, Opportunity, Phase, Plan, Reason,
    Sentiment, Spam,
};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// The strength of a feeling that a person gave its sign, and the score of an opportunity that a person found: nobody
/// weighed them, so they are put in the middle.
const SAID_BY_A_PERSON: f32 = 0.5;

impl Store {
    /// Lays `changes` over what is stored of `item` and `brand` (needed where the item is about several), and keeps
    /// who said so, all in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub async fn correct(
        &self,
        item: ItemId,
        brand: Option<BrandId>,
        changes: Vec<Change>,
        who: String,
        now: Timestamp,
    ) -> Result<Corrected, StoreError> {
        self.write(1 + changes.len(), move |connection| correct(connection, item, brand, changes, who, now)).await
    }

    /// Every correction, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        self.read(|connection| corrections(connection, "SELECT * FROM corrections ORDER BY id", [])).await
    }

    /// Every correction with its item, oldest first; without those whose item was forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn corrected(&self) -> Result<Vec<(Correction, Item)>, StoreError> {
        const CORRECTED: &str = "
            SELECT c.*, i.item_json FROM corrections c JOIN items i ON i.id = c.item_id ORDER BY c.id";
        self.read(|connection| {
            rows(connection, CORRECTED, [], |row| Ok((correction(row)?, from_json(row, "item_json")?)))
        })
        .await
    }
}

/// What is to be changed where.
struct Said {
    item: ItemId,
    brand: BrandId,
    changes: Vec<Change>,
    who: String,
    now: Timestamp,
}

/// [`Store::correct`], in a transaction of the caller's.
pub(super) fn correct(
    connection: &Connection,
    item: ItemId,
    brand: Option<BrandId>,
    changes: Vec<Change>,
    who: String,
    now: Timestamp,
) -> Result<Corrected, StoreError> {
    let brand = match brand_meant(connection, item, brand, &changes)? {
        Ok(brand) => brand,
        Err(answer) => return Ok(answer),
    };
    Said { item, brand, changes, who, now }.write(connection).map(Corrected::Done)
}

/// Whether what `change` says of `item` and `brand` is so already; `None` where there is no such mention.
pub(super) fn is_so(
    connection: &Connection,
    item: ItemId,
    brand: &BrandId,
    change: &Change,
) -> Result<Option<bool>, StoreError> {
    if brand_meant(connection, item, Some(brand.clone()), std::slice::from_ref(change))?.is_err() {
        return Ok(None);
    }
    let (_, mut analysis) = stored_origin(connection, item)?;
    let mut judged = stored_mentions(connection, item)?;
    let of_brand = judged.iter_mut().find(|judged| judged.mention.brand == *brand);
    Ok(of_brand.map(|of_brand| {
        let had_opportunity = of_brand.opportunity.is_some();
        let before = lay_over(of_brand, &mut analysis.spam, change);
        before == *change || matches!(change, Change::Kinds(kinds) if kinds.is_empty() && !had_opportunity)
    }))
}

/// The brand that is meant, or why that cannot be told.
fn brand_meant(
    connection: &Connection,
    item: ItemId,
    asked: Option<BrandId>,
    changes: &[Change],
) -> Result<Result<BrandId, Corrected>, StoreError> {
    const BRANDS: &str = "SELECT brand FROM mentions WHERE item_id = ?1 ORDER BY id";
    let brands = rows(connection, BRANDS, [item.0], |row| Ok(BrandId::new(row.get::<_, String>(0)?)))?;
    let is_of_item = changes.iter().all(Change::is_of_item);
    Ok(match (asked, brands.as_slice()) {
        (_, []) => Err(Corrected::NoItem),
        (Some(asked), _) if brands.contains(&asked) => Ok(asked),
        (Some(_), _) => Err(Corrected::OtherBrands(brands)),
        (None, [first, rest @ ..]) if rest.is_empty() || is_of_item => Ok(first.clone()),
        (None, _) => Err(Corrected::WhichBrand(brands)),
    })
}

impl Said {
    fn write(&self, connection: &Connection) -> Result<Vec<Correction>, StoreError> {
        let before = mention::n_below(connection, self.item.0)?;
        let (mut origin, mut analysis) = stored_origin(connection, self.item)?;
        let mut judged = stored_mentions(connection, self.item)?;
        let mut kept = Vec::new();
        for change in &self.changes {
            let of_brand = judged.iter_mut().find(|judged| judged.mention.brand == self.brand);
            let Some(of_brand) = of_brand else { continue };
            let correction = Correction {
                item: self.item,
                brand: (!change.is_of_item()).then(|| self.brand.clone()),
                change: change.clone(),
                before: lay_over(of_brand, &mut analysis.spam, change),
                at: self.now,
                who: self.who.clone(),
            };
            keep(connection, &correction)?;
            kept.push(correction);
        }
        origin.spam = analysis.spam.is_spam;
        put_analysis(connection, self.item, &analysis)?;
        judged.iter().try_for_each(|judged| mention::put(connection, &origin, judged).map(|_| ()))?;
        let after = mention::n_below(connection, self.item.0)?;
        let tally = Tally { opportunities: after.1 - before.1, ..Tally::default() };
        count(connection, &tally, self.now)?;
        Ok(kept)
    }
}

/// Lays what people said of `item` over what was just judged of it.
pub(super) fn lay_all_over(
    connection: &Connection,
    item: i64,
    judged: &mut [Judged],
    spam: &mut Spam,
) -> Result<(), StoreError> {
    for said in of_item(connection, item)? {
        let meant = |judged: &&mut Judged| said.brand.as_ref().is_none_or(|brand| judged.mention.brand == *brand);
        if let Some(judged) = judged.iter_mut().find(meant) {
            lay_over(judged, spam, &said.change);
        }
    }
    Ok(())
}

/// What people said of `item`, oldest first.
pub(super) fn of_item(connection: &Connection, item: i64) -> Result<Vec<Correction>, StoreError> {
    corrections(connection, "SELECT * FROM corrections WHERE item_id = ?1 ORDER BY id", [item])
}

/// Makes it as a person says; what it was before.
fn lay_over(judged: &mut Judged, spam: &mut Spam, change: &Change) -> Change {
    let reason = || Reason::rule("corrected", 1.0);
    match change {
        Change::Sentiment(label) => {
            let feeling = &mut judged.mention.sentiment;
            let before = std::mem::replace(&mut feeling.label, *label);
            feeling.score = match label {
                Sentiment::Positive => feeling.score.max(SAID_BY_A_PERSON),
                Sentiment::Negative => feeling.score.min(-SAID_BY_A_PERSON),
                Sentiment::Neutral | Sentiment::Mixed => 0.0,
            };
            feeling.confidence = 1.0;
            feeling.reasons.push(reason());
            judged.mention.emotion = judged.mention.emotion.filter(|emotion| emotion.goes_with(*label));
            Change::Sentiment(before)
        }
        Change::Relevant(is_relevant) => Change::Relevant(!std::mem::replace(&mut judged.is_dismissed, !is_relevant)),
        Change::Spam(is_spam) => {
            spam.reasons.push(reason());
            Change::Spam(std::mem::replace(&mut spam.is_spam, *is_spam))
        }
        Change::Kinds(kinds) => {
            let found = judged.opportunity.get_or_insert_with(|| found_by_a_person(judged.phase));
            let before = std::mem::replace(&mut found.judgement.kinds, kinds.clone());
            found.judgement.reasons.push(reason());
            judged.opportunity = judged.opportunity.take().filter(|found| found.judgement.is_opportunity());
            Change::Kinds(before)
        }
        Change::Done(is_done) => Change::Done(std::mem::replace(&mut judged.is_done, *is_done)),
        Change::Phase(phase) => {
            if let Some(found) = &mut judged.opportunity {
                found.judgement.phase = *phase;
            }
            Change::Phase(std::mem::replace(&mut judged.phase, *phase))
        }
    }
}

fn found_by_a_person(phase: Phase) -> Opportunity {
    let judgement = Judgement { phase, score: SAID_BY_A_PERSON, ..Judgement::default() };
    Opportunity { judgement, nearest: None, plan: Plan::default() }
}

fn keep(connection: &Connection, correction: &Correction) -> Result<(), StoreError> {
    const KEEP: &str = "
        INSERT INTO corrections (item_id, brand, change_json, before_json, at, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let columns = params![
        correction.item.0,
        correction.brand.as_ref().map(BrandId::as_str),
        json("change_json", &correction.change)?,
        json("before_json", &correction.before)?,
        micros(correction.at),
        correction.who,
    ];
    execute(connection, KEEP, columns).map(|_| ())
}

fn corrections(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Correction>, StoreError> {
    rows(connection, sql, params, correction)
}

fn correction(row: &rusqlite::Row<'_>) -> Result<Correction, StoreError> {
    Ok(Correction {
        item: ItemId(row.get("item_id")?),
        brand: row.get::<_, Option<String>>("brand")?.map(BrandId::new),
        change: from_json(row, "change_json")?,
        before: from_json(row, "before_json")?,
        at: instant(row, "at")?,
        who: row.get("who")?,
    })
}

pub(super) fn stored_origin(connection: &Connection, item: ItemId) -> Result<(Origin, Analysis), StoreError> {
    const ORIGIN: &str = "
        SELECT i.seen_at, i.published_at, i.analysis_json, i.story, i.item_json,
               EXISTS (SELECT 1 FROM notices n WHERE n.item_id = i.id AND n.kind = 'opportunity' AND n.backlog = 1) AS backlog,
               (SELECT max(followers) FROM mentions m WHERE m.item_id = i.id) AS followers
        FROM items i WHERE i.id = ?1";
    let found = row(connection, ORIGIN, [item.0], |row| {
        let analysis: Analysis = from_json(row, "analysis_json")?;
        let (seen_at, published) = (row.get("seen_at")?, row.get("published_at")?);
        let origin = Origin {
            item: item.0,
            seen_at,
            said_at: mention::said_at(published, seen_at),
            followers: row.get("followers")?,
            spam: analysis.spam.is_spam,
            medium: from_json::<Item>(row, "item_json")?.medium,
            story: row.get("story")?,
            backlog: row.get("backlog")?,
        };
        Ok((origin, analysis))
    })?;
    found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

pub(super) fn stored_mentions(connection: &Connection, item: ItemId) -> Result<Vec<Judged>, StoreError> {
    const MENTIONS: &str = "
        SELECT m.phase, m.dismissed, m.done, m.mention_json, o.opportunity_json
        FROM mentions m LEFT JOIN opportunities o ON o.mention_id = m.id WHERE m.item_id = ?1 ORDER BY m.id";
    rows(connection, MENTIONS, [item.0], |row| {
        let has_opportunity = row.get_ref("opportunity_json")? != rusqlite::types::ValueRef::Null;
        Ok(Judged {
            mention: from_json(row, "mention_json")?,
            opportunity: if has_opportunity { Some(from_json(row, "opportunity_json")?) } else { None },
            phase: super::row::word(row, "phase", Phase::from_name)?,
            is_dismissed: row.get("dismissed")?,
            is_done: row.get("done")?,
        })
    })
}

fn put_analysis(connection: &Connection, item: ItemId, analysis: &Analysis) -> Result<(), StoreError> {
    const PUT: &str = "UPDATE items SET analysis_json = ?2 WHERE id = ?1";
    execute(connection, PUT, params![item.0, json("analysis_json", analysis)?]).map(|_| ())
}
