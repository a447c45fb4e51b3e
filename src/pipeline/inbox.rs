//! Works on what was posted to us: reads it, sorts it, and commits it with the row's end in one transaction.

use super::health::after_success;
use super::read::{in_words, take_in};
use super::{Parts, PipelineError, pushed};
use crate::model::{Batch, Glance, Hook, Reading, SourceState};
use crate::source::webhook;
use crate::store::InboxRow;
use jiff::Timestamp;
use std::sync::Arc;

/// Rows that are taken from the inbox together.
const ROWS_TOGETHER: usize = 32;

/// The longest reason that is kept of a refusal, in bytes.
const REASON_LIMIT_BYTES: usize = 500;

/// Works on everything that waits in the inbox, oldest first; how many rows that were.
///
/// Killed at any moment a row still waits, or all that it gave is there and it is gone.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub async fn empty_inbox(parts: &Arc<Parts>) -> Result<usize, PipelineError> {
    let mut n_done = 0;
    loop {
        let rows = parts.store.inbox(ROWS_TOGETHER).await?;
        let n_rows = rows.len();
        for row in rows {
            if parts.is_stopping() {
                return Ok(n_done);
            }
            work_on(parts, row).await?;
            n_done += 1;
        }
        if n_rows < ROWS_TOGETHER {
            return Ok(n_done);
        }
    }
}

async fn work_on(parts: &Arc<Parts>, mut row: InboxRow) -> Result<(), PipelineError> {
    if let Some(pushed) = row.pushed.take() {
        return pushed::work_on(parts, row, pushed).await;
    }
    let now = (parts.clock)();
    let (id, source) = (row.id, row.source.clone());
    let Some(hook) = parts.settings.watch.hooks.iter().find(|hook| hook.spec.name == source).cloned() else {
        return refuse(parts, id, &source, format!("there is no webhook `{source}` in sources.toml any more"), now)
            .await;
    };
    let known = parts.store.source_state(&source).await?;
    let state = known.unwrap_or_else(|| SourceState::unread(source.clone()));
    let worker = Arc::clone(parts);
    let n_bytes = row.body.len();
    let act = move || {
        let batch = webhook::read(&hook, &row.body, row.at).map_err(|error| error.to_string());
        match batch {
            Ok(batch) if batch.items.is_empty() && batch.deletions.is_empty() && !batch.problems.is_empty() => {
                Ok(Err(in_words(&batch.problems)))
            }
            Ok(batch) => prepare(&worker, &hook, state, batch, now).map(Ok),
            Err(reason) => Ok(Err(reason)),
        }
    };
    let prepared = parts.turns.read(n_bytes, act).await;
    match prepared.unwrap_or_else(|| Ok(Err("it broke its reader; please report this".to_owned())))? {
        Ok(reading) => {
            let committed = parts.store.commit_inbox(id, reading).await?;
            let (n_items, n_kept) = (committed.new_items, committed.new_kept);
            tracing::debug!(%source, n_items, n_kept, "took {n_items} new items from what was posted to {source}");
            Ok(())
        }
        Err(reason) => refuse(parts, id, &source, reason, now).await,
    }
}

/// What a row gives, ready to be committed. Nothing of a webhook is a backlog but what is old: it was posted now.
fn prepare(
    parts: &Parts,
    hook: &Hook,
    mut state: SourceState,
    batch: Batch,
    now: Timestamp,
) -> Result<Reading, PipelineError> {
    let memory = std::mem::take(&mut state.memory);
    let read_before = Some(state.read_at.unwrap_or(now));
    let mut page = take_in(parts, &hook.spec, batch, (memory, read_before, true), now)?;
    state.memory = std::mem::take(&mut page.memory);
    let (mut state, recovered) = after_success(state, now, now);
    state.due_at = None;
    state.message = page.unread;
    Ok(Reading {
        source: hook.spec.name.clone(),
        at: now,
        kept: page.sorted.kept,
        passed: page.sorted.passed,
        departures: page.departures,
        looks: Vec::new(),
        glance: Glance::List,
        cursor: state.cursor.clone(),
        state,
        notices: recovered.into_iter().collect(),
    })
}

async fn refuse(
    parts: &Parts,
    id: i64,
    source: &crate::model::SourceName,
    mut reason: String,
    now: Timestamp,
) -> Result<(), PipelineError> {
    reason.truncate(reason.floor_char_boundary(REASON_LIMIT_BYTES));
    tracing::warn!(%source, "what was posted to {source} could not be read: {reason}");
    Ok(parts.store.refuse(id, reason, now).await?)
}
