//! Reads one source once: asks, reads, sorts, commits.

use super::asking::{AskError, Means, ask, settle_up};
use super::health::{Failure, after_failure, after_rest, after_success, after_used_up};
use super::moves;
use super::pace::due_after;
use super::reading::{Occasion, Sorted, called, hashes, sort};
use super::rhythm::{News, learn};
use super::schedule::place_hash;
use super::subscribe::{Finding, next_reading};
use super::{Parts, PipelineError, again, import, twins};
use crate::fetch::{FetchError, Fetched, Share};
use crate::model::{
    Batch, Cause, Committed, Cursor, Departure, Glance, Hub, Looked, Memory, Notice, Problem, Reading, Request,
    Response, SourceSpec, SourceState, Told,
};
use crate::source::{self, Source};
use crate::store::Known;
use jiff::Timestamp;
use std::sync::Arc;

/// Answers that one reading may ask for, one page after the other.
const PAGES_MOST: usize = 20;

/// What reading a source once gave.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRead {
    /// The source's state afterwards.
    pub state: SourceState,
    /// What was committed.
    pub committed: Committed,
    /// The state was committed with it; otherwise it is to be saved with others.
    pub is_saved: bool,
}

/// Reads `spec` once, from `state` on. A source that fails is no error: its new state says so.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub async fn read_source(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    mut state: SourceState,
) -> Result<SourceRead, PipelineError> {
    let now = (parts.clock)();
    state.place_hash = Some(place_hash(spec));
    if spec.import.is_some() {
        return import::read_folder(parts, spec, state, now).await;
    }
    let configured = spec;
    let spec = &*moves::as_moved(spec, &state.memory);
    let source = match source::open(spec) {
        Ok(source) => Arc::<dyn Source>::from(source),
        Err(error) => {
            let failure = Failure::broken(Cause::Ours, error.to_string());
            let read = SourceRead { state, committed: Committed::default(), is_saved: false };
            return failed(parts, spec, read, failure, now).await;
        }
    };
    let mut read = SourceRead { state, committed: Committed::default(), is_saved: false };
    let read_before = read.state.read_at;
    let mut open = source.start(&read.state.cursor, now);
    let mut pages = 0;
    let mut unread = String::new();
    while let Some(request) = open.pop() {
        pages += 1;
        let means = Means { fetcher: &parts.fetcher, store: Some(&parts.store), spec };
        let (fetched, aside) = match ask(means, &request, &read.state.validators, now).await {
            Ok(answered) => answered,
            Err(AskError::Store(error)) => return Err(error.into()),
            Err(AskError::UsedUp(usage)) => {
                let (state, notice) = after_used_up(read.state.clone(), &usage, now);
                return settle(parts, read, state, notice.into_iter().collect(), Page::default(), now).await;
            }
            Err(AskError::Uncounted) => return Ok(read),
            Err(AskError::Fetch(error @ FetchError::Resting { .. })) => {
                // Other hosts of the source need not wait for this one.
                if let Some(batch) = source.rests(&read.state.cursor, &request, now) {
                    read.is_saved &= read.state.cursor == batch.cursor;
                    read.state.cursor = batch.cursor;
                    continue;
                }
                let state = after_rest(read.state.clone(), spec, Failure::of_fetch(&error), now);
                return settle(parts, read, state, Vec::new(), Page::default(), now).await;
            }
            Err(AskError::Fetch(error)) => {
                let batch = source.refused(&read.state.cursor, &request, error.refusal(), now);
                let Some(Batch { next, cursor, .. }) = batch else {
                    return failed(parts, spec, read, Failure::of_fetch(&error), now).await;
                };
                read.is_saved &= read.state.cursor == cursor;
                read.state.cursor = cursor;
                if pages < PAGES_MOST {
                    open.extend(next);
                }
                continue;
            }
        };
        let Fetched { response, validators, not_modified, share, moved_to, fresh_for } = fetched;
        let mut state = read.state.clone();
        let mut page = Page::default();
        let is_conditional = request.conditional;
        // Where a further page was sent to says nothing of the address that the source is read at.
        let is_own_address = request.url == spec.url;
        if not_modified {
            // What could not be read of the answer is as it was.
            page.unread = if state.health.is_good() { state.message.clone() } else { String::new() };
            settle_up(Some(&parts.store), aside, 0).await?;
        } else {
            let cursor = state.cursor.clone();
            let is_further = pages > 1;
            let asked = request.clone();
            let answer = Answer { cursor, memory: state.memory, read_before, is_further, request, response, share };
            page = match read_answer(parts, &source, spec, answer, now).await? {
                Ok(page) => page,
                Err(failure) => {
                    settle_up(Some(&parts.store), aside, 0).await?;
                    return failed(parts, spec, read, failure, now).await;
                }
            };
            parts.fetcher.heed_body(&asked, page.told, now);
            settle_up(Some(&parts.store), aside, page.n_entries).await?;
            if pages < PAGES_MOST {
                open.append(&mut page.next);
            }
            state.memory = std::mem::take(&mut page.memory);
            state.cursor = std::mem::take(&mut page.cursor);
            // Further pages are asked as they are: what they carry says nothing of the address that is asked again.
            if is_conditional {
                state.validators = validators;
            }
        }
        let moved = is_own_address.then(|| moves::note(&mut state.memory, configured, moved_to, now)).flatten();
        let due_at = due_after(spec, &state.memory, fresh_for, now);
        let finding = Finding { n_new: page.n_new, read_before, due_at };
        let due_at = next_reading(parts, spec, &mut state.memory, finding, now).await?;
        let named = page.names_other_hub.then(|| state.memory.hub.clone());
        let (mut state, recovered) = after_success(state, due_at, now);
        // What could not be read of one answer is not forgotten over the next.
        if unread.is_empty() {
            unread = std::mem::take(&mut page.unread);
        }
        state.message.clone_from(&unread);
        read = settle(parts, read, state, recovered.into_iter().chain(moved).collect(), page, now).await?;
        if let Some(hub) = named {
            parts.bell.name_hub(spec.name.clone(), hub);
        }
    }
    again::look(parts, spec, source.as_ref(), read, now).await
}

/// An answer that waits to be read.
struct Answer {
    cursor: Cursor,
    memory: Memory,
    /// When the source was read before this reading.
    read_before: Option<Timestamp>,
    /// Another answer of this reading was read before.
    is_further: bool,
    request: Request,
    response: Response,
    share: Share,
}

/// What an answer gave, sorted.
#[derive(Default)]
pub(super) struct Page {
    pub(super) sorted: Sorted,
    pub(super) departures: Vec<Departure>,
    next: Vec<Request>,
    cursor: Cursor,
    pub(super) memory: Memory,
    /// When what is kept is to be looked at again.
    pub(super) looks: Vec<Looked>,
    glance: Glance,
    /// What the body says of our limits.
    told: Told,
    /// Entries that the service counts as given.
    n_entries: u64,
    /// In plain words: what of the answer could not be read; empty where nothing.
    pub(super) unread: String,
    /// Items that were never seen before.
    n_new: usize,
    /// It names another hub than the answer before.
    names_other_hub: bool,
}

impl Page {
    /// The page of an answer that names `hub`, where the one before named `before`.
    fn naming(mut self, hub: Option<Hub>, before: Option<&Hub>) -> Self {
        self.names_other_hub = hub.as_ref() != before;
        self.memory.hub = hub;
        self
    }
}

/// Reads and sorts an answer away from the network's threads, on one of the cores: it may be large.
///
/// A text that breaks the reader or the analysis breaks a promise of ours: the inner error, for the source's state.
async fn read_answer(
    parts: &Arc<Parts>,
    source: &Arc<dyn Source>,
    spec: &SourceSpec,
    answer: Answer,
    now: Timestamp,
) -> Result<Result<Page, Failure>, PipelineError> {
    let (worker, source, spec) = (Arc::clone(parts), Arc::clone(source), spec.clone());
    let n_bytes = answer.response.body.len();
    let act = move || {
        let Answer { cursor, memory, read_before, is_further, request, response, share } = answer;
        let batch = match source.read(&cursor, &request, &response, now) {
            Ok(batch) => batch,
            Err(error) => return Ok(Err(Failure::of_answer(&error))),
        };
        let (hub_before, hub) = (memory.hub.clone(), batch.hub.clone());
        let is_bare = batch.items.is_empty() && batch.deletions.is_empty() && batch.next.is_empty();
        if is_bare && !batch.problems.is_empty() {
            let message = format!("no item could be read: {}", in_words(&batch.problems));
            return Ok(Err(Failure::broken(Cause::Damaged, message)));
        }
        drop(response);
        let page = take_in(&worker, &spec, batch, (memory, read_before, is_further), now);
        let page = page.map(|page| {
            let mut page = if is_further { page } else { page.naming(hub, hub_before.as_ref()) };
            if source.can_look_again() {
                page.looks = again::first_looks(&page.sorted.kept, source.lists_parts(), now);
                page.glance = if source.lists_parts() { Glance::Parts } else { Glance::List };
            }
            Ok(page)
        });
        // Only now what the body became is let go, and its room is free for the next one.
        drop(share);
        page
    };
    let read = parts.turns.read(n_bytes, act).await;
    let broken = || Failure::broken(Cause::Ours, "the answer broke its reader; please report this".to_owned());
    read.unwrap_or_else(|| Ok(Err(broken())))
}

/// Drops what was seen before and sorts the rest.
pub(super) fn take_in(
    parts: &Parts,
    spec: &SourceSpec,
    mut batch: Batch,
    (mut memory, read_before, is_further): (Memory, Option<Timestamp>, bool),
    now: Timestamp,
) -> Result<Page, PipelineError> {
    let is_first = read_before.is_none();
    let mut unread = in_words(&batch.problems);
    let mut items = std::mem::take(&mut batch.items);
    let hashes = hashes(&items);
    // Of a source that was never read nothing can be known, as long as its items are its own.
    let is_unseen = is_first && items.iter().all(|item| item.key.namespace == spec.name.as_str());
    let mut known =
        if is_unseen { vec![Known::New; hashes.len()] } else { parts.store.known_blocking(hashes.clone(), now)? };
    parts.store.call(called(&items, &known));
    let seen = (items.as_slice(), hashes.as_slice());
    // Of a further page nothing has to be known: ids that change are seen at the first.
    let is_trusted = is_first || is_further;
    let n_twins = twins::recognize(&mut memory, (&parts.store, &spec.name), seen, &mut known, is_trusted)?;
    if n_twins > 0 && unread.is_empty() {
        unread = format!("the ids of its items change at each reading; {n_twins} were known again by their contents");
    }
    memory.pace = batch.pace;
    learn(&mut memory, &News { items: &items, known: &known, is_first, read_at: read_before, now });
    for item in &mut items {
        item.medium = spec.medium.unwrap_or(item.medium);
        item.lang = item.lang.take().or_else(|| spec.lang.clone());
    }
    let learned = parts.learning.now(&parts.store)?;
    let occasion = Occasion { is_first, has_stories: spec.stories, now };
    let sorted = sort((parts, &learned), items, &hashes, &known, occasion);
    if sorted.kept.iter().any(|kept| kept.analysis.mentions.iter().any(|mention| !mention.own)) {
        memory.mention_at = Some(now);
    }
    let n_new = known.iter().filter(|known| **known == Known::New).count();
    let Batch { deletions, next, cursor, told, n_entries, .. } = batch;
    let departures = deletions.into_iter().map(Departure::told).collect();
    let (looks, glance, names_other_hub) = (Vec::new(), Glance::List, false);
    Ok(Page {
        sorted,
        departures,
        looks,
        glance,
        next,
        cursor,
        memory,
        told,
        n_entries,
        unread,
        n_new,
        names_other_hub,
    })
}

/// The first problem with its line, and how many more there are.
pub(super) fn in_words(problems: &[Problem]) -> String {
    let Some(first) = problems.first() else { return String::new() };
    let line = first.line.map(|line| format!(" (line {line})")).unwrap_or_default();
    let more = match problems.len() {
        1 => String::new(),
        n => format!("; and {} more", n - 1),
    };
    format!("{}{line}{more}", first.message)
}

/// Commits what a page gave; where it gave nothing, the state is left to be saved with others.
pub(super) async fn settle(
    parts: &Arc<Parts>,
    mut read: SourceRead,
    state: SourceState,
    notices: Vec<Notice>,
    page: Page,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let Page { sorted: Sorted { kept, passed }, departures, looks, glance, .. } = page;
    read.state = state;
    read.is_saved = !(kept.is_empty() && passed.is_empty() && departures.is_empty() && notices.is_empty());
    if read.is_saved {
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
            notices,
        };
        read.committed += parts.store.commit(reading).await?;
    }
    Ok(read)
}

pub(super) async fn failed(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    read: SourceRead,
    failure: Failure,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let (state, notice) = after_failure(read.state.clone(), spec, failure, now);
    settle(parts, read, state, notice.into_iter().collect(), Page::default(), now).await
}
