//! Reads one source once: asks, reads, sorts, commits.

use super::health::{Failure, after_failure, after_success};
use super::pace::due_after;
use super::reading::{Sorted, hashes, sort};
use super::schedule::place_hash;
use super::{Parts, PipelineError};
use crate::fetch::{FetchError, Fetched, Share};
use crate::model::{
    Batch, Committed, Cursor, ItemKey, Notice, Problem, Reading, Request, Response, SourceHealth, SourceSpec,
    SourceState,
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
    let source = match source::open(spec) {
        Ok(source) => Arc::<dyn Source>::from(source),
        Err(error) => {
            let failure = Failure { health: SourceHealth::Broken, message: error.to_string(), wait: None };
            return fail(parts, spec, state, failure, now).await;
        }
    };
    let mut read = SourceRead { state, committed: Committed::default(), is_saved: false };
    let is_first = read.state.read_at.is_none();
    let mut open = source.start(&read.state.cursor, now);
    let mut pages = 0;
    while let Some(request) = open.pop() {
        pages += 1;
        let answer = parts.fetcher.fetch(&request, &read.state.validators, now).await;
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(error) => return failed(parts, spec, read, failure_of(&error), now).await,
        };
        let Fetched { response, validators, not_modified, share, .. } = fetched;
        if not_modified {
            // What could not be read of the answer is as it was.
            let message = read.state.message.clone();
            let was_read = read.state.health.is_good();
            let (mut state, notice) = after_success(read.state.clone(), due_after(spec, &[], now), now);
            state.message = if was_read { message } else { String::new() };
            read = settle(parts, read, state, notice, Page::default(), now).await?;
            continue;
        }
        let answer = Answer { cursor: read.state.cursor.clone(), request, response, share };
        let mut page = match read_answer(parts, &source, spec, answer, is_first, now).await? {
            Ok(page) => page,
            Err(message) => {
                let failure = Failure { health: SourceHealth::Broken, message, wait: None };
                return failed(parts, spec, read, failure, now).await;
            }
        };
        if pages < PAGES_MOST {
            open.append(&mut page.next);
        }
        let (mut state, notice) = after_success(read.state.clone(), page.due_at.unwrap_or(now), now);
        state.cursor = std::mem::take(&mut page.cursor);
        state.validators = validators;
        state.message = std::mem::take(&mut page.unread);
        read = settle(parts, read, state, notice, page, now).await?;
    }
    Ok(read)
}

/// An answer that waits to be read.
struct Answer {
    cursor: Cursor,
    request: Request,
    response: Response,
    share: Share,
}

/// What an answer gave, sorted.
#[derive(Default)]
struct Page {
    sorted: Sorted,
    deletions: Vec<ItemKey>,
    next: Vec<Request>,
    cursor: Cursor,
    due_at: Option<Timestamp>,
    /// In plain words: what of the answer could not be read; empty where nothing.
    unread: String,
}

/// Reads and sorts an answer away from the network's threads, on one of the cores: it may be large.
///
/// A text that breaks the reader or the analysis breaks a promise of ours: the inner error, for the source's state.
async fn read_answer(
    parts: &Arc<Parts>,
    source: &Arc<dyn Source>,
    spec: &SourceSpec,
    answer: Answer,
    is_first: bool,
    now: Timestamp,
) -> Result<Result<Page, String>, PipelineError> {
    let turn = parts.turns.take(answer.response.body.len()).await;
    let (worker, source, spec) = (Arc::clone(parts), Arc::clone(source), spec.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let Answer { cursor, request, response, share } = answer;
        let batch = match source.read(&cursor, &request, &response, now) {
            Ok(batch) => batch,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let is_bare = batch.items.is_empty() && batch.deletions.is_empty() && batch.next.is_empty();
        if is_bare && !batch.problems.is_empty() {
            return Ok(Err(format!("no item could be read: {}", in_words(&batch.problems))));
        }
        drop(response);
        let page = take_in(&worker, &spec, batch, is_first, now).map(Ok);
        // Only now what the body became is let go, and its room is free for the next one.
        drop(share);
        page
    });
    let read = reading.await;
    drop(turn);
    read.unwrap_or_else(|_| Ok(Err("the answer broke its reader; please report this".to_owned())))
}

/// Drops what was seen before and sorts the rest.
fn take_in(
    parts: &Parts,
    spec: &SourceSpec,
    batch: Batch,
    is_first: bool,
    now: Timestamp,
) -> Result<Page, PipelineError> {
    let due_at = Some(due_after(spec, &batch.items, now));
    let unread = in_words(&batch.problems);
    let mut items = batch.items;
    let hashes = hashes(&items);
    // Of a source that was never read nothing can be known, as long as its items are its own.
    let is_unseen = is_first && items.iter().all(|item| item.key.namespace == spec.name.as_str());
    let known =
        if is_unseen { vec![Known::New; hashes.len()] } else { parts.store.known_blocking(hashes.clone(), now)? };
    for item in &mut items {
        item.medium = spec.medium.unwrap_or(item.medium);
        item.lang = item.lang.take().or_else(|| spec.lang.clone());
    }
    let sorted = sort(parts, items, &hashes, &known, is_first, now);
    Ok(Page { sorted, deletions: batch.deletions, next: batch.next, cursor: batch.cursor, due_at, unread })
}

/// The first problem with its line, and how many more there are.
fn in_words(problems: &[Problem]) -> String {
    let Some(first) = problems.first() else { return String::new() };
    let line = first.line.map(|line| format!(" (line {line})")).unwrap_or_default();
    let more = match problems.len() {
        1 => String::new(),
        n => format!("; and {} more", n - 1),
    };
    format!("{}{line}{more}", first.message)
}

/// Commits what a page gave; where it gave nothing, the state is left to be saved with others.
async fn settle(
    parts: &Arc<Parts>,
    mut read: SourceRead,
    state: SourceState,
    notice: Option<Notice>,
    page: Page,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let Page { sorted: Sorted { kept, passed }, deletions, .. } = page;
    read.state = state;
    read.is_saved = !(kept.is_empty() && passed.is_empty() && deletions.is_empty() && notice.is_none());
    if read.is_saved {
        let reading = Reading {
            source: read.state.source.clone(),
            at: now,
            kept,
            passed,
            deletions,
            cursor: read.state.cursor.clone(),
            state: read.state.clone(),
            notices: notice.into_iter().collect(),
        };
        read.committed += parts.store.commit(reading).await?;
    }
    Ok(read)
}

fn failure_of(error: &FetchError) -> Failure {
    Failure { health: error.health(), message: error.to_string(), wait: error.retry_after() }
}

async fn fail(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    state: SourceState,
    failure: Failure,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let read = SourceRead { state, committed: Committed::default(), is_saved: false };
    failed(parts, spec, read, failure, now).await
}

async fn failed(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    read: SourceRead,
    failure: Failure,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let (state, notice) = after_failure(read.state.clone(), spec, failure, now);
    settle(parts, read, state, notice, Page::default(), now).await
}
