//! The service: reads sources when they are due, tells what is worth telling, stops when it is asked to.

use super::house::House;
use crate::model::{SourceHealth, SourceSpec, SourceState};
use crate::pipeline::{self, Parts, PipelineError, Schedule, SourceRead};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often due sources, the outbox and the digest are looked at.
const BEAT: Duration = Duration::from_secs(1);

/// How long a delivery that is under way may go on once the program is to stop: cut off, it would be repeated.
const LAST_DELIVERY: Duration = Duration::from_secs(3);

/// How long the store may take to close. Cut off, it only has more to do at the next start.
const CLOSING: Duration = Duration::from_secs(1);

/// What is remembered of a source while it is read, in case its task ends without an answer.
type UnderWay = HashMap<tokio::task::Id, (SourceSpec, SourceState)>;

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// Where the store fails: a supervisor starts the service anew.
pub async fn run(house: &House) -> anyhow::Result<()> {
    let parts = &house.parts;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let stop = Arc::new(Notify::new());
    let mut messenger = tokio::spawn(carry_messages(Arc::clone(parts), Arc::clone(&stop)));
    let mut listening = Box::pin(listen(Arc::clone(parts)));
    tracing::info!(
        n_sources = parts.settings.watch.sources.len(),
        n_brands = parts.settings.watch.brands.len(),
        "listening"
    );
    let ended = tokio::select! {
        ended = &mut listening => ended,
        ended = &mut messenger => ended.unwrap_or(Ok(())),
        _ = terminated.recv() => Ok(()),
        _ = interrupted.recv() => Ok(()),
    };
    drop(listening);
    parts.stop_soon();
    stop.notify_one();
    if !messenger.is_finished() && timeout(LAST_DELIVERY, &mut messenger).await.is_err() {
        tracing::warn!("a delivery was cut off; where the receiver had it, it is repeated once");
        messenger.abort();
    }
    if timeout(CLOSING, parts.store.close()).await.is_err() {
        tracing::warn!("the database was not closed in time; nothing is lost");
    }
    tracing::info!("stopped");
    ended.map_err(Into::into)
}

/// Reads sources as they fall due, for ever. Dropping it cuts off what is under way: a batch is wholly there or will
/// be read again.
async fn listen(parts: Arc<Parts>) -> Result<(), PipelineError> {
    let mut schedule = Schedule::new(&parts.settings.watch.sources, parts.store.source_states().await?);
    let mut reads: JoinSet<Result<SourceRead, PipelineError>> = JoinSet::new();
    let mut under_way = UnderWay::new();
    let mut gathered: Vec<SourceState> = Vec::new();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beat.tick() => {
                parts.store.check_log().await?;
                if !gathered.is_empty() {
                    parts.store.save_states(std::mem::take(&mut gathered)).await?;
                }
            }
            Some(ended) = reads.join_next_with_id() => {
                let id = ended.as_ref().map_or_else(tokio::task::JoinError::id, |(id, _)| *id);
                let Some((spec, state)) = under_way.remove(&id) else { continue };
                let state = match ended {
                    Ok((_, read)) => {
                        let read = read?;
                        report(&read);
                        if !read.is_saved {
                            gathered.push(read.state.clone());
                        }
                        read.state
                    }
                    Err(error) => {
                        let source = &spec.name;
                        tracing::error!(%source, %error, "reading {source} broke off; it is read again");
                        pipeline::broken_off(&spec, state, (parts.clock)())
                    }
                };
                schedule.put(spec, state);
            }
        }
        let free = parts.fetcher.in_flight().saturating_sub(reads.len());
        for (spec, state) in schedule.take_due((parts.clock)(), free) {
            let kept = (spec.clone(), state.clone());
            let parts = Arc::clone(&parts);
            let task = reads.spawn(async move { pipeline::read_source(&parts, &spec, state).await });
            under_way.insert(task.id(), kept);
        }
    }
}

fn report(read: &SourceRead) {
    let source = &read.state.source;
    let (n_items, n_kept) = (read.committed.new_items, read.committed.new_kept);
    if read.state.health == SourceHealth::Fresh {
        tracing::debug!(%source, n_items, n_kept, "read {n_items} new items from {source}");
    } else {
        let message = &read.state.message;
        tracing::warn!(%source, health = read.state.health.as_str(), "could not read {source}: {message}");
    }
}

/// Routes notices, delivers alerts and makes the digest, until `stop`. Ends with an error where the store fails: to
/// go on would send again what could not be noted.
async fn carry_messages(parts: Arc<Parts>, stop: Arc<Notify>) -> Result<(), PipelineError> {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beat.tick() => {}
            () = stop.notified() => return Ok(()),
        }
        match carry_once(&parts).await {
            Err(PipelineError::Email(error)) => tracing::error!("a mail could not be written: {error}"),
            carried => carried?,
        }
    }
}

async fn carry_once(parts: &Arc<Parts>) -> Result<(), PipelineError> {
    pipeline::route_pending(parts).await?;
    pipeline::digest_due(parts).await?;
    pipeline::deliver_due(parts).await?;
    Ok(())
}
