//! Reads one source once: asks, reads, sorts, commits.

use super::health::{Failure, after_failure, after_success};
use super::pace::due_after;
use super::reading::{Sorted, hashes, sort};
use super::{Parts, PipelineError};
use crate::fetch::{FetchError, Fetched};
use crate::model::{
    Batch, Committed, Cursor, Notice, Reading, Request, Response, SourceHealth, SourceSpec, SourceState, Validators,
};
use crate::source::{self, Source};
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
    state: SourceState,
) -> Result<SourceRead, PipelineError> {
    let now = (parts.clock)();
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
            let (state, notice) = after_success(read.state.clone(), due_after(spec, &[], now), now);
            read = settle(parts, read, state, notice, Page::empty(), now).await?;
            continue;
        }
        let batch = match read_answer(&source, &read.state.cursor, request, response, now).await {
            Ok(batch) => batch,
            Err(message) => {
                let failure = Failure { health: SourceHealth::Broken, message, wait: None };
                return failed(parts, spec, read, failure, now).await;
            }
        };
        // The body is read: its room is free for the next one.
        drop(share);
        if pages < PAGES_MOST {
            open.extend(batch.next.iter().cloned());
        }
        read = take_in(parts, spec, read, batch, validators, is_first, now).await?;
    }
    Ok(read)
}

/// Reads an answer away from the network's threads: it may be large.
async fn read_answer(
    source: &Arc<dyn Source>,
    cursor: &Cursor,
    request: Request,
    response: Response,
    now: Timestamp,
) -> Result<Batch, String> {
    let (source, cursor) = (Arc::clone(source), cursor.clone());
    let reading = tokio::task::spawn_blocking(move || source.read(&cursor, &request, &response, now));
    match reading.await {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("the answer broke its reader; please report this".to_owned()),
    }
}

struct Page {
    sorted: Sorted,
    deletions: Vec<crate::model::ItemKey>,
}

impl Page {
    fn empty() -> Self {
        Self { sorted: Sorted::default(), deletions: Vec::new() }
    }
}

async fn take_in(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    read: SourceRead,
    batch: Batch,
    validators: Validators,
    is_first: bool,
    now: Timestamp,
) -> Result<SourceRead, PipelineError> {
    let known = parts.store.known(hashes(&batch), now).await?;
    let due_at = due_after(spec, &batch.items, now);
    let (mut state, notice) = after_success(read.state.clone(), due_at, now);
    state.cursor = batch.cursor;
    state.validators = validators;
    let worker = Arc::clone(parts);
    let (items, medium, lang) = (batch.items, spec.medium, spec.lang.clone());
    let sorting = tokio::task::spawn_blocking(move || {
        let items = items.into_iter().map(|mut item| {
            item.medium = medium.unwrap_or(item.medium);
            item.lang = item.lang.or_else(|| lang.clone());
            item
        });
        sort(&worker, items.collect(), &known, is_first, now)
    });
    // A text that breaks the analysis breaks a promise of ours; the source is read again and the fault is seen.
    let sorted = match sorting.await {
        Ok(sorted) => sorted,
        Err(_) => {
            let message = "an item of this answer could not be analyzed; please report this".to_owned();
            let failure = Failure { health: SourceHealth::Broken, message, wait: None };
            return failed(parts, spec, read, failure, now).await;
        }
    };
    settle(parts, read, state, notice, Page { sorted, deletions: batch.deletions }, now).await
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
    let Page { sorted: Sorted { kept, passed }, deletions } = page;
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
        let committed = parts.store.commit(reading).await?;
        read.committed.new_items += committed.new_items;
        read.committed.new_kept += committed.new_kept;
        read.committed.new_opportunities += committed.new_opportunities;
        read.committed.new_notices += committed.new_notices;
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
    settle(parts, read, state, notice, Page::empty(), now).await
}
