//! Where the store fails, nothing can be kept and the outbox is closed: the last words before the service ends go
//! straight to every channel, once a day. A mark in the data folder remembers that they were said; where not even
//! that can be left, they are only logged, because a supervisor starts us again and again.

use crate::pipeline::{self, Parts, PipelineError};
use jiff::{SignedDuration, Timestamp};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::time::timeout;

/// The mark's name in the data folder.
const MARK: &str = "store-trouble-told";

/// Words are not repeated before.
const ONCE_IN: SignedDuration = SignedDuration::from_hours(24);

/// How long saying them may take.
const SAYING: Duration = Duration::from_secs(10);

/// Tells every channel that the store fails with `error`, unless that was said today.
pub(super) async fn say(parts: &Parts, error: &PipelineError) {
    let now = (parts.clock)();
    let PipelineError::Store(error) = error else { return };
    tracing::error!(%error, "the database fails; the service ends");
    if was_said(&mark(parts.store.folder()), now) || leave(&mark(parts.store.folder()), now).is_err() {
        return;
    }
    if timeout(SAYING, pipeline::cry_out(parts, &error.to_string())).await.is_err() {
        tracing::warn!("not every channel could be told in time");
    }
}

/// The store works again: says so by the usual way where its trouble was told.
///
/// # Errors
/// [`PipelineError`] where it does not, after all.
pub(super) async fn take_back(parts: &Parts) -> Result<(), PipelineError> {
    let mark = mark(parts.store.folder());
    if mark.exists() {
        pipeline::store_recovered(parts).await?;
        if let Err(error) = std::fs::remove_file(&mark) {
            tracing::warn!(%error, "`{}` could not be removed", mark.display());
        }
    }
    Ok(())
}

fn mark(folder: &Path) -> PathBuf {
    folder.join(MARK)
}

fn was_said(mark: &Path, now: Timestamp) -> bool {
    let said_at = mark.metadata().and_then(|mark| mark.modified()).ok();
    let said_at = said_at.and_then(|said_at| Timestamp::try_from(said_at).ok());
    said_at.is_some_and(|said_at| now.duration_since(said_at).abs() < ONCE_IN)
}

fn leave(mark: &Path, now: Timestamp) -> std::io::Result<()> {
    File::create(mark)?.set_modified(SystemTime::from(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_silences_for_a_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = mark(folder.path());
        let now: Timestamp = "2026-03-06T12:00:00Z".parse().expect("a time");
        assert!(!was_said(&mark, now));
        leave(&mark, now).expect("written");
        assert!(was_said(&mark, now + SignedDuration::from_hours(23)));
        assert!(!was_said(&mark, now + SignedDuration::from_hours(25)));
    }
}
