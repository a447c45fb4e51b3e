//! The mentions of a kept item, and the opportunities among them.

use super::missed::missed_at;
use super::row::{execute, json, micros, row, rows};
use super::{StoreError, story};
use crate::model::{Kind, Medium, Mention, Opportunity, Phase, Touchpoint};
use rusqlite::{Connection, params};

/// Kinds whose author waits for an answer.
pub(super) const WAITING: [Kind; 4] = [Kind::Recovery, Kind::Question, Kind::Churn, Kind::SilentGripe];

/// What the rows below an item take from it.
pub(super) struct Origin {
    pub(super) item: i64,
    pub(super) seen_at: i64,
    pub(super) said_at: i64,
    pub(super) followers: Option<i64>,
    pub(super) spam: bool,
    pub(super) medium: Medium,
    /// It was read with a backlog: long after it was said, or with the first reading of its source.
    pub(super) backlog: bool,
    /// The first item of the story that it tells again.
    pub(super) story: Option<i64>,
}

/// What is thought of one mention.
pub(super) struct Judged {
    pub(super) mention: Mention,
    pub(super) opportunity: Option<Opportunity>,
    pub(super) phase: Phase,
    /// Somebody said that the brand is not meant.
    pub(super) is_dismissed: bool,
    /// Somebody said that it was acted on.
    pub(super) is_done: bool,
}

/// When it was published, or first seen where that is unknown; a time in the future cannot be right.
pub(super) fn said_at(published_at: Option<i64>, seen_at: i64) -> i64 {
    published_at.map_or(seen_at, |published| published.min(seen_at))
}

/// Writes a mention, and its opportunity or that it is none; whether it only repeats what was told of the brand before.
pub(super) fn put(connection: &Connection, origin: &Origin, judged: &Judged) -> Result<bool, StoreError> {
    const PUT: &str = "
        INSERT INTO mentions (item_id, brand, seen_at, relevance, sentiment, sentiment_score, phase, direct, own, spam,
                              score, followers, dismissed, mention_json, echo, medium, aspects_json, done)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        ON CONFLICT (item_id, brand) DO UPDATE SET
            relevance = excluded.relevance, sentiment = excluded.sentiment,
            sentiment_score = excluded.sentiment_score, phase = excluded.phase, direct = excluded.direct,
            own = excluded.own, spam = excluded.spam, score = excluded.score, followers = excluded.followers,
            dismissed = excluded.dismissed, mention_json = excluded.mention_json, medium = excluded.medium,
            aspects_json = excluded.aspects_json, done = excluded.done
        RETURNING id, echo";
    let Judged { mention, opportunity, phase, is_dismissed, is_done } = judged;
    let repeats = |story| story::is_told(connection, story, origin.item, &mention.brand, opportunity.is_some());
    let columns = params![
        origin.item,
        mention.brand.as_str(),
        origin.seen_at,
        mention.relevance,
        mention.sentiment.label.as_str(),
        mention.sentiment.score,
        phase.as_str(),
        mention.direct,
        mention.own,
        origin.spam,
        opportunity.as_ref().map_or(0.0, |found| found.judgement.score),
        origin.followers,
        is_dismissed,
        json("mention_json", mention)?,
        origin.story.map(repeats).transpose()?.unwrap_or(false),
        // Where the touch took place counts, and where that is not said, where it was told.
        mention.touchpoint.map_or(origin.medium.as_str(), Touchpoint::as_str),
        json("aspects_json", &mention.aspects)?,
        is_done,
    ];
    let put = row(connection, PUT, columns, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
    let (id, is_echo) = put.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    match opportunity {
        Some(opportunity) => put_opportunity(connection, (id, is_echo), origin, judged, opportunity)?,
        None => execute(connection, "DELETE FROM opportunities WHERE mention_id = ?1", [id]).map(|_| ())?,
    }
    Ok(is_echo)
}

fn put_opportunity(
    connection: &Connection,
    (mention_id, is_echo): (i64, bool),
    origin: &Origin,
    judged: &Judged,
    opportunity: &Opportunity,
) -> Result<(), StoreError> {
    const PUT: &str = "
        INSERT INTO opportunities (mention_id, brand, said_at, kinds_json, waits, surprise, care, score, wish,
                                   deadline_at, place, outlet, opportunity_json, missed_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (mention_id) DO UPDATE SET
            said_at = excluded.said_at, kinds_json = excluded.kinds_json, waits = excluded.waits,
            surprise = excluded.surprise, care = excluded.care, score = excluded.score, wish = excluded.wish,
            deadline_at = excluded.deadline_at, place = excluded.place, outlet = excluded.outlet,
            opportunity_json = excluded.opportunity_json, missed_at = excluded.missed_at";
    let judgement = &opportunity.judgement;
    let slots = &judgement.slots;
    // What a person calls spam, or not about the brand, is nothing to act on, whatever was judged before; nor is what
    // was told or done already.
    let is_over = judged.is_dismissed || judged.is_done || origin.spam || is_echo;
    let (mention, is_meant) = (&judged.mention, !is_over);
    let waits = is_meant && !mention.own && judgement.kinds.iter().any(|kind| WAITING.contains(kind));
    let columns = params![
        mention_id,
        mention.brand.as_str(),
        origin.said_at,
        json("kinds_json", &judgement.kinds)?,
        waits,
        judgement.surprise && is_meant,
        judgement.care && is_meant,
        judgement.score,
        slots.wish,
        slots.deadline.as_ref().map(|deadline| micros(deadline.at.at)),
        slots.place,
        opportunity.nearest.as_ref().map(|outlet| outlet.name.as_str()),
        json("opportunity_json", opportunity)?,
        if is_meant { missed_at(origin, judged, opportunity) } else { None },
    ];
    execute(connection, PUT, columns).map(|_| ())
}

/// After an edit: mentions of brands that the item is not about any more.
pub(super) fn remove_others(connection: &Connection, item: i64, judged: &[Judged]) -> Result<(), StoreError> {
    const HAS: &str = "SELECT id, brand FROM mentions WHERE item_id = ?1";
    let has = rows(connection, HAS, [item], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    has.iter()
        .filter(|(_, brand)| !judged.iter().any(|judged| judged.mention.brand.as_str() == brand))
        .try_for_each(|(id, _)| execute(connection, "DELETE FROM mentions WHERE id = ?1", [*id]).map(|_| ()))
}

/// How many mentions and opportunities `judged` is, for an item that had none.
pub(super) fn n_among(judged: &[Judged]) -> (i64, i64) {
    let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    (n(judged.len()), n(judged.iter().filter(|judged| judged.opportunity.is_some()).count()))
}

/// How many mentions and opportunities an item has.
pub(super) fn n_below(connection: &Connection, item: i64) -> Result<(i64, i64), StoreError> {
    const COUNT: &str = "
        SELECT count(*), count(o.mention_id)
        FROM mentions m LEFT JOIN opportunities o ON o.mention_id = m.id WHERE m.item_id = ?1";
    Ok(row(connection, COUNT, [item], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
}
