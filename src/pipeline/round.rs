//! Which sources are due, and reading them side by side.

use super::health::{keep_limits, recall_limits};
use super::read::read_source;
use super::schedule::{Schedule, look_at, state_of};
use super::{Parts, PipelineError};
use crate::model::{Committed, SourceName, SourceSpec, SourceState};
use crate::source;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// States that brought nothing new are saved together once so many are gathered.
const STATES_TOGETHER: usize = 1_000;

/// Which sources to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only this one.
    pub source: Option<SourceName>,
    /// Due or not.
    pub force: bool,
}

/// What a round gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Sources that were asked.
    pub n_asked: u64,
    /// What was committed, all sources together.
    pub committed: Committed,
    /// Those that could not be read, in the order of the configuration.
    pub unread: Vec<SourceState>,
}

/// The sources that are due at `now`, with their states, longest due first.
#[must_use]
pub fn due_sources(
    sources: &[SourceSpec],
    mut states: HashMap<SourceName, SourceState>,
    selection: &Selection,
    now: Timestamp,
) -> Vec<(SourceSpec, SourceState)> {
    let asked_for = |spec: &&SourceSpec| selection.source.as_ref().is_none_or(|only| *only == spec.name);
    let mut due: Vec<(SourceSpec, SourceState)> = sources
        .iter()
        .filter(asked_for)
        // A stream is listened to, by the service.
        .filter(|spec| !source::is_stream(&spec.engine))
        .map(|spec| (spec.clone(), state_of(spec, states.remove(&spec.name))))
        .filter(|(spec, state)| selection.force || look_at(spec, state, now) <= now)
        .collect();
    due.sort_by_key(|(_, state)| state.due_at);
    due
}

/// Reads the selected sources once, side by side within the fetcher's bounds. `on_read` is called after each.
///
/// # Errors
/// [`PipelineError`] where the store fails; what was committed until then stays.
pub async fn crawl_once(
    parts: &Arc<Parts>,
    selection: &Selection,
    on_read: &(dyn Fn(&SourceState) + Sync),
) -> Result<Tally, PipelineError> {
    let states = parts.store.source_states().await?;
    recall_limits(parts).await?;
    let states = states.into_iter().map(|state| (state.source.clone(), state)).collect();
    let due = due_sources(&parts.settings.watch.sources, states, selection, (parts.clock)());
    let in_flight = parts.fetcher.in_flight();
    let mut schedule = Schedule::of_due(due, parts.per_host());
    let mut reads = FuturesUnordered::new();
    let mut tally = Tally::default();
    let mut gathered = Vec::new();
    loop {
        for (spec, state) in schedule.take_due(Timestamp::MIN, in_flight.saturating_sub(reads.len())) {
            reads.push(async move { read_source(parts, &spec, state).await });
        }
        let Some(read) = reads.next().await else { break };
        let read = read?;
        schedule.let_go(&read.state.source);
        on_read(&read.state);
        tally.add(&read.state, read.committed);
        if !read.is_saved {
            gathered.push(read.state);
        }
        if gathered.len() >= STATES_TOGETHER {
            parts.store.save_states(std::mem::take(&mut gathered)).await?;
            keep_limits(parts).await?;
        }
    }
    parts.store.save_states(gathered).await?;
    keep_limits(parts).await?;
    Ok(tally)
}

impl Tally {
    fn add(&mut self, state: &SourceState, committed: Committed) {
        self.n_asked += 1;
        self.committed += committed;
        if !state.health.is_good() {
            self.unread.push(state.clone());
        }
    }
}
