//! What is kept, for those who ask. Works beside a running service and changes nothing.

use super::clock::now;
use super::folders::Folders;
use super::house::load_config_or_default;
use crate::config::Config;
use crate::model::{Brand, BrandId, Card, ClosedCard, Look, SourceState, Subscription, Trouble, Usage};
use crate::query::Query;
use crate::store::{Found, LOOKED_AT_MOST, Store};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Zoned};
use std::collections::HashMap;

/// How far back what was missed is listed.
const MISSED_LISTED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What was found, with what is needed to tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct LookedAt<T> {
    /// What was found.
    pub found: T,
    /// The watched brands.
    pub brands: Vec<Brand>,
    /// The reader's zone (IANA).
    pub zone: String,
    /// The moment of the look.
    pub now: Timestamp,
}

/// The words name no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time; write a time ago (24h, 7d), a date (2026-05-04), or a time as 2026-05-04T12:00:00Z")]
pub struct WrongSince(pub String);

/// The mentions that the query `words` means, newest first; and how many were looked at where that was the bound.
///
/// # Errors
/// Where the query cannot be understood, the configuration or `since` is wrong, or there is no database that can be read.
pub async fn search(
    folders: &Folders,
    words: &str,
    look: Look,
    since_words: Option<&str>,
) -> anyhow::Result<(LookedAt<Vec<Card>>, Option<usize>)> {
    let query = Query::parse(words)?;
    let (config, store) = open(folders)?;
    let look = with_since(look, since_words, &config)?;
    let Found { cards, is_cut_off } = store.search(query, look).await?;
    Ok((looked_at(config, cards), is_cut_off.then_some(LOOKED_AT_MOST)))
}

/// The mentions that `look` asks for, newest first.
///
/// # Errors
/// As [`search`].
pub async fn mentions(folders: &Folders, look: Look, since_words: Option<&str>) -> anyhow::Result<LookedAt<Vec<Card>>> {
    let (config, store) = open(folders)?;
    let look = with_since(look, since_words, &config)?;
    Ok(looked_at(config, store.mentions(look).await?))
}

/// The opportunities that can still be met, the least slack first, and those that were missed within a week, the latest
/// first, with how many these are: of `brand`, else of every brand that is no competitor.
///
/// # Errors
/// As [`search`].
pub async fn opportunities(
    folders: &Folders,
    brand: Option<BrandId>,
    limit: usize,
) -> anyhow::Result<(LookedAt<Vec<Card>>, Vec<Card>, u64)> {
    let (config, store) = open(folders)?;
    let own = config.watch.brands.iter().filter(|brand| !brand.competitor).map(|brand| brand.id.clone());
    let brands = brand.map_or_else(|| own.collect(), |brand| vec![brand]);
    let now = now();
    let since = now.saturating_sub(MISSED_LISTED).unwrap_or(Timestamp::MIN);
    let (missed, n_missed) = store.missed(brands.clone(), since, now, limit).await?;
    let cards = store.open_opportunities(brands, now, limit).await?;
    Ok((looked_at(config, cards), missed, n_missed))
}

/// What stays of the cards that were closed lately because their posts are gone at their origin, the last first: of
/// `brand`, else of every brand; from `since` on, else of a week.
///
/// # Errors
/// As [`search`].
pub async fn closed_cards(
    folders: &Folders,
    brand: Option<BrandId>,
    since_words: Option<&str>,
    limit: usize,
) -> anyhow::Result<LookedAt<Vec<ClosedCard>>> {
    let (config, store) = open(folders)?;
    let zone = TimeZone::get(&config.alert.zone).unwrap_or(TimeZone::UTC);
    let a_week_ago = || now().saturating_sub(MISSED_LISTED).unwrap_or(Timestamp::MIN);
    let since = since_words.map(|words| since(words, now(), &zone)).transpose()?.unwrap_or_else(a_week_ago);
    let closed = store.closed_cards(brand.into_iter().collect(), since, limit).await?;
    Ok(looked_at(config, closed))
}

/// What `porterhouse sources` shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourcesLook {
    /// Every source of `sources.toml` with what is remembered of it, in that order.
    pub states: Vec<SourceState>,
    /// What is agreed with hubs.
    pub subscriptions: Vec<Subscription>,
    /// What they have used of budgets that are under way.
    pub usages: Vec<Usage>,
    /// What of our own does not work.
    pub troubles: Vec<Trouble>,
}

/// Every source of `sources.toml` with what is remembered of it.
///
/// # Errors
/// As [`search`].
pub async fn sources(folders: &Folders) -> anyhow::Result<LookedAt<SourcesLook>> {
    let (config, store) = open(folders)?;
    let states = store.source_states().await?;
    let subscriptions = store.subscriptions().await?;
    let troubles = store.troubles().await?.into_iter().filter(|trouble| trouble.since.is_some()).collect();
    let mut states: HashMap<_, _> = states.into_iter().map(|state| (state.source.clone(), state)).collect();
    let of = |name: &crate::model::SourceName| states.remove(name).unwrap_or_else(|| SourceState::unread(name.clone()));
    let hooks = config.watch.hooks.iter().map(|hook| &hook.spec);
    let states = config.watch.sources.iter().chain(hooks).map(|spec| &spec.name).map(of).collect();
    let usages = store.usages(now()).await?;
    Ok(looked_at(config, SourcesLook { states, subscriptions, usages, troubles }))
}

/// The moment that `words` name, seen from `now` in `zone`.
///
/// # Errors
/// [`WrongSince`].
pub fn since(words: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, WrongSince> {
    let wrong = || WrongSince(words.to_owned());
    if let Ok(at) = words.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(day) = words.parse::<Date>() {
        return day.to_zoned(zone.clone()).map(|start| start.timestamp()).map_err(|_| wrong());
    }
    let span: Span = words.parse().map_err(|_| wrong())?;
    let here: Zoned = now.to_zoned(zone.clone());
    here.checked_sub(span.abs()).map(|then| then.timestamp()).map_err(|_| wrong())
}

pub(super) fn open(folders: &Folders) -> anyhow::Result<(Config, Store)> {
    let config = load_config_or_default(folders)?;
    let store = Store::open_read_only(&folders.data(Some(&config))?)?;
    Ok((config, store))
}

fn with_since(look: Look, words: Option<&str>, config: &Config) -> Result<Look, WrongSince> {
    let zone = TimeZone::get(&config.alert.zone).unwrap_or(TimeZone::UTC);
    let since = words.map(|words| since(words, now(), &zone)).transpose()?;
    Ok(Look { since, ..look })
}

pub(super) fn looked_at<T>(config: Config, found: T) -> LookedAt<T> {
    LookedAt { found, brands: config.watch.brands, zone: config.alert.zone, now: now() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_stretch_a_day_or_an_instant() {
        let now: Timestamp = "2026-05-04T12:00:00Z".parse().expect("well-formed");
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        for (words, expected) in [
            ("24h", "2026-05-03T12:00:00Z"),
            ("7d", "2026-04-27T12:00:00Z"),
            ("90m", "2026-05-04T10:30:00Z"),
            ("2026-05-01", "2026-04-30T22:00:00Z"),
            ("2026-05-01T08:00:00+02:00", "2026-05-01T06:00:00Z"),
        ] {
            assert_eq!(since(words, now, &zone).map(|at| at.to_string()), Ok(expected.to_owned()));
        }
        for words in ["", "yesterday-ish", "7", "99999y"] {
            assert!(since(words, now, &zone).is_err(), "{words}");
        }
    }
}
