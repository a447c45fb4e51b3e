//! Works on what a hub brought: read by the source's own reader, under the source's own ids, so that the next reading
//! finds nothing new.
//!
//! Only what is new is taken in as it was brought. What is known in another form, what cannot be read, what is empty,
//! and what comes of a source whose ids change is a reason to read the source itself: a hub may be late, and bring what
//! was true an hour ago.

use super::read::take_in;
use super::reading::hashes;
use super::subscribe::is_told;
use super::{Parts, PipelineError, moves};
use crate::model::{Batch, Cursor, Glance, Hub, Reading, Response, SourceSpec, SourceState};
use crate::source;
use crate::store::{InboxRow, Known, Pushed, Pushing};
use jiff::Timestamp;
use std::sync::Arc;

/// What a body gave.
struct Brought {
    reading: Option<Reading>,
    is_hurried: bool,
}

impl Brought {
    /// Nothing that could be taken in: the source itself is to be read.
    fn hint() -> Self {
        Self { reading: None, is_hurried: true }
    }
}

/// Works on `row`; it is gone afterwards.
///
/// # Errors
/// [`PipelineError`] where the store fails; then the row still waits.
pub(super) async fn work_on(parts: &Arc<Parts>, row: InboxRow, pushed: Pushed) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    let InboxRow { id, source, body, .. } = row;
    let subscription = pushed.subscription.clone();
    let spec = parts.settings.watch.sources.iter().find(|spec| spec.name == source && is_told(spec)).cloned();
    let state = parts.store.source_state(&source).await?.filter(|state| state.read_at.is_some());
    let Brought { reading, is_hurried } = match spec.zip(state) {
        // Nobody listens to it any more, or it is still to be read for the first time.
        None => Brought { reading: None, is_hurried: false },
        Some((spec, state)) => {
            let (worker, n_bytes) = (Arc::clone(parts), body.len());
            let act = move || read(&worker, &spec, state, &pushed, body, now);
            // What breaks its reader is read from the source, whose reading says what is wrong.
            parts.turns.read(n_bytes, act).await.unwrap_or_else(|| Ok(Brought::hint()))?
        }
    };
    let pushing = Pushing { row: id, subscription, source: source.clone(), reading, is_hurried, at: now };
    let committed = parts.store.commit_pushed(pushing).await?;
    if is_hurried {
        parts.bell.hurry(source.clone());
    }
    let (n_items, n_kept) = (committed.new_items, committed.new_kept);
    tracing::debug!(%source, n_items, n_kept, "took {n_items} new items of {source} from a hub");
    Ok(())
}

fn read(
    parts: &Parts,
    spec: &SourceSpec,
    mut state: SourceState,
    pushed: &Pushed,
    body: Vec<u8>,
    now: Timestamp,
) -> Result<Brought, PipelineError> {
    let memory = std::mem::take(&mut state.memory);
    // Of a source whose ids change nothing that is brought could be known again.
    let has_steady_ids = memory.each_content.is_empty();
    let Some(hub) = memory.hub.clone().filter(|_| has_steady_ids && !body.is_empty()) else {
        return Ok(Brought::hint());
    };
    let spec = moves::as_moved(spec, &memory);
    let Some(mut batch) = batch_of(&spec, &state, (&hub, pushed, body), now) else {
        return Ok(Brought::hint());
    };
    let known = parts.store.known_blocking(hashes(&batch.items), now)?;
    let is_hurried = known.contains(&Known::Changed);
    let mut is_new = known.iter().map(|known| *known == Known::New);
    batch.items.retain(|_| is_new.next().unwrap_or(false));
    let page = take_in(parts, &spec, batch, (memory, state.read_at, true), now)?;
    let reading = Reading {
        source: state.source.clone(),
        at: now,
        kept: page.sorted.kept,
        passed: page.sorted.passed,
        // A hub tells what is there; what is gone, a reading finds out.
        departures: Vec::new(),
        looks: page.looks,
        glance: Glance::List,
        cursor: Cursor::default(),
        state,
        notices: Vec::new(),
    };
    Ok(Brought { reading: Some(reading), is_hurried })
}

/// What the reader of the source makes of a body; `None` where that is nothing, or where it says that it is of another
/// topic than the one that was asked for.
fn batch_of(
    spec: &SourceSpec,
    state: &SourceState,
    (hub, pushed, body): (&Hub, &Pushed, Vec<u8>),
    now: Timestamp,
) -> Option<Batch> {
    let source = source::open(spec).ok()?;
    let request = source.start(&state.cursor, now).pop()?;
    let told = [("content-type", &pushed.content_type), ("link", &pushed.links)];
    let told = told.into_iter().filter(|(_, value)| !value.is_empty());
    let headers = told.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let response = Response { status: 200, url: hub.base.clone(), headers, body: body.into() };
    let batch = source.read(&state.cursor, &request, &response, now).ok()?;
    let is_foreign = batch.hub.as_ref().is_some_and(|told| told.topic != hub.topic);
    (!batch.items.is_empty() && !is_foreign).then_some(batch)
}
