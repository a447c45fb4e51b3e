//! The second look: asks the service of a polled source for what was kept of it, for edits and deletions.
//!
//! In: a source that was just read without trouble. Out: a commit with what was edited, what is gone, and when to look
//! next. A deletion is never concluded from an empty list, a fault, a wall, a plea to slow down, or a refusal of the
//! whole interface; from a service that does not have an item only where it has others, or where it had others lately and
//! does not have this one when it is asked again.

use super::asking::{AskError, Means, ask, settle_up};
use super::read::SourceRead;
use super::reading::{Occasion, Sorted, hashes, sort};
use super::{Parts, PipelineError};
use crate::extract;
use crate::fetch::FetchError;
use crate::model::{
    Departure, DueLook, Exit, Glance, Item, ItemKey, KeptItem, LookCount, Looked, Proof, Reading, SourceSpec,
    Validators,
};
use crate::source::{Look, Sight, Source};
use crate::store::Known;
use crate::text::fold_blanks;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

/// How old an item is when it is looked at; afterwards only what is still open.
const AGES: [SignedDuration; 4] = [hours(1), hours(6), hours(24), hours(48)];

/// What somebody may still act on is looked at first so soon, then so often, and after two days so often.
const OPEN_FIRST: SignedDuration = SignedDuration::from_mins(30);
const OPEN_PAUSE: SignedDuration = hours(1);
const OPEN_PAUSE_LATER: SignedDuration = hours(6);

/// A look of which nothing was learned is repeated after so long.
const REPEAT: SignedDuration = SignedDuration::from_mins(30);

/// Of what nothing can be learned for so long, no more is asked.
const GIVEN_UP: SignedDuration = hours(72);

/// What a service does not have is asked for a second time after so long.
const CONFIRM: SignedDuration = SignedDuration::from_mins(15);

/// Two looks that miss an item count as two only with so much between them.
const APART: SignedDuration = SignedDuration::from_mins(10);

/// For so long it counts that the service had something it was asked for.
const ALIVE_FOR: SignedDuration = hours(7 * 24);

/// From so many on that are missing at once, with none there, the service and not the items is at fault.
const MISSING_AT_ONCE: usize = 4;

/// Requests of one reading, and of one hour, that look again.
const REQUESTS_PER_READING: usize = 8;
const REQUESTS_PER_HOUR: u32 = 60;

/// Items that are looked at in one reading, and others that show whether the service answers.
const ITEMS_PER_READING: usize = 40;
const OTHERS: usize = 3;

const SECONDS_PER_HOUR: i64 = 3_600;

const fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// When what was just kept is looked at first.
///
/// Where lists give parts of texts, at once: only the whole says what was meant.
pub(super) fn first_looks(kept: &[KeptItem], lists_parts: bool, now: Timestamp) -> Vec<Looked> {
    let of_item = |kept: &KeptItem| {
        let is_open = kept.opportunities.iter().any(Option::is_some);
        let is_young = kept.item.published.is_none_or(|posted| now.duration_since(posted.at) < hours(48));
        let first = match (lists_parts, is_open) {
            (true, _) => SignedDuration::ZERO,
            (false, true) => OPEN_FIRST,
            (false, false) => hours(1),
        };
        let next_at = (lists_parts || is_open || is_young).then(|| after(now, first));
        Looked { key: kept.item.key.clone(), next_at, missed_at: None }
    };
    kept.iter().map(of_item).collect()
}

/// When an item is looked at next; `None` where never again.
fn next_look(due: &DueLook, now: Timestamp) -> Option<Timestamp> {
    let age = now.duration_since(due.seen_at);
    if due.is_open {
        return Some(after(now, if age < hours(48) { OPEN_PAUSE } else { OPEN_PAUSE_LATER }));
    }
    AGES.into_iter().find(|step| *step > age).map(|step| after(due.seen_at, step))
}

/// When an item of which nothing was learned is looked at once more; `None` where that went on for long enough.
fn repeated(look: &DueLook, pause: SignedDuration, now: Timestamp) -> Option<Timestamp> {
    (look.is_open || now.duration_since(look.seen_at) < GIVEN_UP).then(|| after(now, pause))
}

/// Looks again at what is due of `spec`, within bounds, and commits what came of it.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub(super) async fn look(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    source: &dyn Source,
    mut read: SourceRead,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let budget = budget(read.state.memory.looks, now);
    if budget == 0 || !source.can_look_again() || !read.state.health.is_good() {
        return Ok(read);
    }
    let found = parts.store.due_looks(spec.name.clone(), now, ITEMS_PER_READING, OTHERS).await?;
    let (due, others): (Vec<DueLook>, Vec<DueLook>) = found.into_iter().partition(|look| look.is_due);
    if due.is_empty() {
        return Ok(read);
    }
    let mut round =
        Round { parts, spec, source, read: &read, now, budget, n_asked: 0, sights: HashMap::new(), asked: Vec::new() };
    let keys = |looks: &[DueLook]| looks.iter().map(|look| look.item.key.clone()).collect::<Vec<ItemKey>>();
    let looks = source.look_again(&read.state.cursor, &keys(&due), &keys(&others), now);
    let named: Vec<ItemKey> = looks.iter().flat_map(|look| look.keys.clone()).collect();
    let is_whole = round.ask(looks).await?;
    if is_whole && round.needs_proof() {
        // Whether the service has anything at all is shown by what was there a while ago.
        let proofs = source.look_again(&read.state.cursor, &keys(&others), &[], now);
        round.ask(proofs).await?;
    }
    let Round { n_asked, sights, asked, .. } = round;
    let mut memory = read.state.memory.clone();
    memory.looks = counted(memory.looks, n_asked, now);
    let is_there = |sight: &(String, Sight)| matches!(sight.1, Sight::There { .. });
    if sights.values().any(is_there) {
        memory.looks.alive_at = Some(now);
    }
    let lists_parts = source.lists_parts();
    let verdicts = conclude(&due, &others, (&named, &asked), (sights, lists_parts), memory.looks.alive_at, now);
    read.state.memory = memory;
    let glance = if lists_parts { Glance::Whole } else { Glance::Look };
    commit(parts, spec, read, verdicts, glance, now).await
}

fn budget(count: LookCount, now: Timestamp) -> usize {
    let in_hour = if count.hour == hour(now) { count.n } else { 0 };
    REQUESTS_PER_READING.min(REQUESTS_PER_HOUR.saturating_sub(in_hour) as usize)
}

fn counted(count: LookCount, n_asked: usize, now: Timestamp) -> LookCount {
    let before = if count.hour == hour(now) { count.n } else { 0 };
    LookCount { hour: hour(now), n: before.saturating_add(u32::try_from(n_asked).unwrap_or(u32::MAX)), ..count }
}

fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_PER_HOUR)
}

fn after(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.saturating_add(time).unwrap_or(Timestamp::MAX)
}

/// The questions of one reading.
struct Round<'r> {
    parts: &'r Parts,
    spec: &'r SourceSpec,
    source: &'r dyn Source,
    read: &'r SourceRead,
    now: Timestamp,
    budget: usize,
    n_asked: usize,
    /// By item: the host that was asked, and what it said.
    sights: HashMap<ItemKey, (String, Sight)>,
    /// Items that were asked about, answered or not.
    asked: Vec<ItemKey>,
}

impl Round<'_> {
    /// Asks; `false` where it ended early: the service is to be left alone, or the budget is spent.
    async fn ask(&mut self, looks: Vec<Look>) -> Result<bool, PipelineError> {
        for look in looks {
            if self.n_asked >= self.budget {
                return Ok(false);
            }
            self.n_asked += 1;
            let means = Means { fetcher: &self.parts.fetcher, store: Some(&self.parts.store), spec: self.spec };
            let cursor = &self.read.state.cursor;
            let sights = match ask(means, &look.request, &Validators::default(), self.now).await {
                Ok((fetched, aside)) => {
                    let sights = self.source.looked(cursor, &look, Ok(&fetched.response), self.now);
                    settle_up(Some(&self.parts.store), aside, sights.len() as u64).await?;
                    sights
                }
                Err(AskError::Fetch(error)) => match refusal(&error) {
                    Some(status) => self.source.looked(cursor, &look, Err(status), self.now),
                    None => {
                        tracing::debug!(url = look.request.url, "could not look again: {error}");
                        return Ok(false);
                    }
                },
                Err(AskError::Store(error)) => return Err(error.into()),
                Err(AskError::UsedUp(_) | AskError::Uncounted) => return Ok(false),
            };
            let host = host_of(&look);
            self.asked.extend(look.keys);
            self.sights.extend(sights.into_iter().map(|(key, sight)| (key, (host.clone(), sight))));
        }
        Ok(true)
    }

    /// Something is missing, and nothing was there.
    fn needs_proof(&self) -> bool {
        let any = |is: fn(&Sight) -> bool| self.sights.values().any(|(_, sight)| is(sight));
        any(|sight| matches!(sight, Sight::Missing | Sight::Refused))
            && !any(|sight| matches!(sight, Sight::There { .. }))
    }
}

/// The status by which the service itself refuses one request; a wall, a login or a fault is none.
fn refusal(error: &FetchError) -> Option<u16> {
    match error {
        FetchError::Denied { status, .. } | FetchError::Status { status, .. } => {
            Some(*status).filter(|status| matches!(status, 400 | 403 | 404))
        }
        FetchError::Gone { .. } => Some(410),
        _ => None,
    }
}

fn host_of(look: &Look) -> String {
    let url = Url::parse(&look.request.url).ok();
    url.and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default()
}

/// What a round comes to.
#[derive(Default)]
struct Verdicts {
    departures: Vec<Departure>,
    looks: Vec<Looked>,
    edited: Vec<Item>,
}

fn conclude(
    due: &[DueLook],
    others: &[DueLook],
    (named, asked): (&[ItemKey], &[ItemKey]),
    (mut sights, lists_parts): (HashMap<ItemKey, (String, Sight)>, bool),
    alive_at: Option<Timestamp>,
    now: Timestamp,
) -> Verdicts {
    let there = |(host, sight): &(String, Sight)| matches!(sight, Sight::There { .. }).then(|| host.clone());
    let alive: Vec<String> = sights.values().filter_map(there).collect();
    let n_missing = sights.values().filter(|(_, sight)| *sight == Sight::Missing).count();
    let was_alive = alive_at.is_some_and(|at| now.duration_since(at) < ALIVE_FOR);
    let mut verdicts = Verdicts::default();
    for look in due.iter().chain(others) {
        let key = look.item.key.clone();
        let mut next = |next_at, missed_at| verdicts.looks.push(Looked { key: key.clone(), next_at, missed_at });
        let Some((host, sight)) = sights.remove(&key) else {
            // About what no question can be asked, none is asked again; what the budget left out stays due.
            if look.is_due && !named.contains(&key) {
                next(None, None);
            } else if look.is_due && asked.contains(&key) {
                next(repeated(look, REPEAT, now), look.missed_at);
            }
            continue;
        };
        let gone = match sight {
            Sight::There { item, same_form } => {
                if look.is_due {
                    next(next_look(look, now), None);
                }
                verdicts.edited.extend(edited(look, *item, same_form || lists_parts));
                continue;
            }
            Sight::Deleted => Exit::Deleted(Proof::Marked),
            Sight::Hidden => Exit::Hidden(Proof::Marked),
            Sight::Missing if alive.contains(&host) => Exit::Deleted(Proof::MissingAmongOthers),
            Sight::Refused if alive.contains(&host) => Exit::Hidden(Proof::MissingAmongOthers),
            // Perhaps the whole interface is closed.
            Sight::Refused => {
                next(repeated(look, REPEAT, now), look.missed_at);
                continue;
            }
            Sight::Missing => {
                let is_second = look.missed_at.is_some_and(|at| now.duration_since(at) >= APART);
                if !(is_second && was_alive && n_missing < MISSING_AT_ONCE) {
                    next(repeated(look, CONFIRM, now), Some(look.missed_at.unwrap_or(now)));
                    continue;
                }
                Exit::Deleted(Proof::MissingTwice)
            }
        };
        verdicts.departures.push(Departure::new(key, gone));
    }
    verdicts
}

/// The item as it reads now, where that is otherwise than what is kept.
fn edited(look: &DueLook, mut seen: Item, same_form: bool) -> Option<Item> {
    extract::fill(&mut seen);
    let kept = &look.item;
    let is_dated = seen.updated.is_some_and(|updated| updated.at > look.seen_at);
    let same = |one: &str, other: &str| fold_blanks(one) == fold_blanks(other);
    let is_title_kept = seen.title.trim().is_empty() || same(&seen.title, &kept.title);
    let is_text_kept = seen.text.trim().is_empty() || same(&seen.text, &kept.text);
    if (is_title_kept && is_text_kept) || !(same_form || is_dated) {
        return None;
    }
    let mut item = kept.clone();
    if !is_title_kept {
        item.title = seen.title;
    }
    if !is_text_kept {
        (item.html, item.text, item.links) = (seen.html, seen.text, seen.links);
    }
    item.updated = seen.updated.or(item.updated);
    item.counts = seen.counts;
    Some(item)
}

async fn commit(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    mut read: SourceRead,
    verdicts: Verdicts,
    glance: Glance,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let Verdicts { departures, looks, edited } = verdicts;
    let Sorted { kept, passed } = sorted(parts, spec, edited, now).await?;
    for departure in &departures {
        tracing::info!(source = %spec.name, "an item of {} is gone at its origin", spec.name);
        tracing::debug!(id = departure.key.id, to = ?departure.to, "gone");
    }
    let reading = Reading {
        source: read.state.source.clone(),
        at: now,
        kept,
        passed,
        departures,
        looks,
        glance,
        cursor: read.state.cursor.clone(),
        state: read.state.clone(),
        notices: Vec::new(),
    };
    read.committed += parts.store.commit(reading).await?;
    read.is_saved = true;
    Ok(read)
}

async fn sorted(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    items: Vec<Item>,
    now: Timestamp,
) -> Result<Sorted, PipelineError> {
    if items.is_empty() {
        return Ok(Sorted::default());
    }
    let (worker, has_stories) = (Arc::clone(parts), spec.stories);
    let n_bytes = items.iter().map(|item| item.text.len()).sum();
    let act = move || {
        let hashes = hashes(&items);
        let known = vec![Known::Changed; items.len()];
        let learned = worker.learning.now(&worker.store)?;
        let occasion = Occasion { is_first: false, has_stories, now };
        Ok(sort((&worker, &learned), items, &hashes, &known, occasion))
    };
    parts.turns.read(n_bytes, act).await.unwrap_or_else(|| Ok(Sorted::default()))
}

#[cfg(test)]
mod tests;
