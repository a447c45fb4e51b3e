//! The facts of a digest, read in one consistent picture.

use super::commit::{quarter, quarter_after};
use super::row::{count, micros, rows};
use super::{Store, StoreError, card, closed, journey, missed, source, stats, trouble};
use crate::model::{Brand, BrandId, Card, DigestFacts, FeelingCount, Phase};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Params};
use std::collections::HashSet;

const OPEN_LIMIT: usize = 20;
const WAITING_LIMIT: usize = 20;
const MISSED_LIMIT: usize = 10;
const TOP_LIMIT: usize = 10;
/// Without a deadline an opportunity is open for a fortnight after it was said: later the moment has passed, and
/// without a bound the best of all time would head every digest.
const OPEN_WITHOUT_DEADLINE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Who has waited longer than a week is not told of every morning.
const WAITS_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

const PHASES: [Phase; 5] = [Phase::Presales, Phase::Sales, Phase::Use, Phase::Aftersales, Phase::None];

impl Store {
    /// What happened from `from` up to but not at `to`, and what is still to be done at `now`.
    ///
    /// A mention belongs to the stretch in which we first read it, so that no digest misses one. Open and waiting
    /// are only what is said of the own brands among `brands`; brands that are not among them are left out
    /// everywhere. `n_items_seen` counts whole quarters of an hour, those that the
    /// stretch begins and ends in included; a stretch between full quarters is exact.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn digest_facts(
        &self,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
        brands: &[Brand],
    ) -> Result<DigestFacts, StoreError> {
        let brands = brands.to_vec();
        self.read(move |connection| facts(connection, from, to, now, brands)).await
    }
}

fn facts(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
    brands: Vec<Brand>,
) -> Result<DigestFacts, StoreError> {
    let own: HashSet<&str> = brands.iter().filter(|brand| !brand.competitor).map(|brand| brand.id.as_str()).collect();
    let (waiting, n_waiting) = waiting(connection, now, &own)?;
    let open = open(connection, now, &own)?;
    let feelings = feelings(connection, from, to, &brands)?;
    let own_ids: Vec<BrandId> = own.iter().map(|id| BrandId::new(*id)).collect();
    let (missed, n_missed) = missed::between(connection, &own_ids, from, to, MISSED_LIMIT)?;
    Ok(DigestFacts {
        from,
        to,
        open,
        missed: card::of_mentions(connection, &missed)?,
        n_missed,
        n_deleted: closed::n_told(connection, &own_ids, from, to)?,
        waiting,
        n_waiting,
        n_mentions: feelings.iter().map(|f| f.positive + f.neutral + f.negative + f.mixed).sum(),
        feelings,
        pains: journey::pains(connection, now, &own)?,
        top: top(connection, from, to, &brands)?,
        unread: source::states(connection, UNREAD)?,
        quiet: source::states(connection, QUIET)?,
        troubles: trouble::present(connection)?,
        n_sources_read: n_sources_read(connection)?,
        n_items_seen: stats::n_seen(connection, quarter(from), quarter_after(to))?,
        brands,
    })
}

const UNREAD: &str =
    "SELECT * FROM sources WHERE watched = 1 AND health NOT IN ('new', 'fresh', 'quiet') ORDER BY name";

const QUIET: &str = "SELECT * FROM sources WHERE watched = 1 AND health = 'quiet' ORDER BY name";

fn n_sources_read(connection: &Connection) -> Result<u64, StoreError> {
    const READ: &str = "SELECT count(*) AS n FROM sources WHERE watched = 1 AND health IN ('fresh', 'quiet')";
    Ok(rows(connection, READ, [], |row| count(row, "n"))?.into_iter().sum())
}

fn open(connection: &Connection, now: Timestamp, own: &HashSet<&str>) -> Result<Vec<Card>, StoreError> {
    const OPEN: &str = "
        SELECT mention_id, brand, score, coalesce(missed_at, deadline_at) AS act_by FROM opportunities
        WHERE deadline_at > ?1 AND (surprise = 1 OR care = 1) AND (missed_at IS NULL OR missed_at >= ?1)
        UNION ALL
        SELECT mention_id, brand, score, NULL FROM opportunities
        WHERE deadline_at IS NULL AND said_at > ?2 AND (surprise = 1 OR care = 1)
        ORDER BY act_by NULLS LAST, score DESC, mention_id DESC";
    let since = micros(now.saturating_sub(OPEN_WITHOUT_DEADLINE).unwrap_or(Timestamp::MIN));
    let mentions = first_of_brands(connection, OPEN, [micros(now), since], own, OPEN_LIMIT)?;
    card::of_mentions(connection, &mentions)
}

/// The longest waiting, and how many wait.
fn waiting(connection: &Connection, now: Timestamp, own: &HashSet<&str>) -> Result<(Vec<Card>, u64), StoreError> {
    const WAITING: &str = "
        SELECT mention_id, brand FROM opportunities WHERE waits = 1 AND said_at > ?1 ORDER BY said_at, mention_id";
    const COUNT: &str = "
        SELECT brand, count(*) AS n FROM opportunities WHERE waits = 1 AND said_at > ?1 GROUP BY brand";
    let since = micros(now.saturating_sub(WAITS_FOR).unwrap_or(Timestamp::MIN));
    let mentions = first_of_brands(connection, WAITING, [since], own, WAITING_LIMIT)?;
    let by_brand = rows(connection, COUNT, [since], |row| Ok((row.get::<_, String>(0)?, count(row, "n")?)))?;
    let n_waiting = by_brand.iter().filter(|(brand, _)| own.contains(brand.as_str())).map(|(_, n)| n).sum();
    Ok((card::of_mentions(connection, &mentions)?, n_waiting))
}

/// The first `limit` mentions of `sql` (mention, brand) that are about one of `brands`; reads no further.
fn first_of_brands(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    brands: &HashSet<&str>,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    let mut mentions = Vec::new();
    while let (true, Some(row)) = (mentions.len() < limit, found.next()?) {
        let brand = row.get_ref(1)?.as_str().unwrap_or_default();
        if brands.contains(brand) {
            mentions.push(row.get(0)?);
        }
    }
    Ok(mentions)
}

fn top(connection: &Connection, from: Timestamp, to: Timestamp, brands: &[Brand]) -> Result<Vec<Card>, StoreError> {
    const TOP: &str = "
        SELECT id, brand FROM mentions WHERE seen_at >= ?1 AND seen_at < ?2 AND spam = 0 AND own = 0 AND dismissed = 0 AND echo = 0
        ORDER BY score DESC, coalesce(followers, 0) DESC, relevance DESC, id DESC";
    let watched = brands.iter().map(|brand| brand.id.as_str()).collect();
    let mentions = first_of_brands(connection, TOP, [micros(from), micros(to)], &watched, TOP_LIMIT)?;
    card::of_mentions(connection, &mentions)
}

/// Feelings in the order of `brands` and of the customer's journey; pairs without a mention are left out.
fn feelings(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    brands: &[Brand],
) -> Result<Vec<FeelingCount>, StoreError> {
    const FEELINGS: &str = "
        SELECT brand, phase, sum(CASE WHEN sentiment = 'positive' THEN 1 ELSE 0 END) AS positive, sum(CASE WHEN sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
               sum(CASE WHEN sentiment = 'negative' THEN 1 ELSE 0 END) AS negative, sum(CASE WHEN sentiment = 'mixed' THEN 1 ELSE 0 END) AS mixed
        FROM mentions WHERE seen_at >= ?1 AND seen_at < ?2 AND spam = 0 AND own = 0 AND dismissed = 0 AND echo = 0
        GROUP BY brand, phase";
    let mut feelings = rows(connection, FEELINGS, [micros(from), micros(to)], |row| {
        Ok(FeelingCount {
            brand: BrandId::new(row.get::<_, String>("brand")?),
            phase: super::row::word(row, "phase", phase)?,
            positive: count(row, "positive")?,
            neutral: count(row, "neutral")?,
            negative: count(row, "negative")?,
            mixed: count(row, "mixed")?,
        })
    })?;
    let place = |feeling: &FeelingCount| brands.iter().position(|brand| brand.id == feeling.brand);
    feelings.retain(|feeling| place(feeling).is_some());
    feelings.sort_by_key(|feeling| (place(feeling), feeling.phase));
    Ok(feelings)
}

fn phase(name: &str) -> Option<Phase> {
    PHASES.into_iter().find(|phase| phase.as_str() == name)
}
