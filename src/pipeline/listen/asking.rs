//! A stream that repeats nothing is asked as well: after each connecting, from time to time, and while it is not heard.
//!
//! Hearing and asking take turns, so that the cursor of asking has one owner; what is said meanwhile waits on the line.

use super::super::health::Failure;
use super::super::read::{SourceRead, read_source};
use super::{Ear, Rhythm};
use crate::model::Cause;
use crate::pipeline::PipelineError;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Commits after connecting, until when the server has surely taken in what we wish to hear: it does not say so.
const SETTLED_AFTER: u32 = 10;

/// The pause between two attempts to make up for what was missed doubles so often.
const DOUBLINGS: u32 = 8;

/// When a source was last asked, and when it would be asked next if it had no stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    at: Timestamp,
    pub(super) due_at: Option<Timestamp>,
}

/// What was said before the stream was heard. It counts as missed until one reading that was begun after the stream
/// was surely heard has come to its end: any before that, or one that fails or is cut off, may lack some of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missed {
    ask_at: Instant,
    n_failed: u32,
    /// When the first reading was begun that counts.
    since: Option<Timestamp>,
}

impl Missed {
    /// Everything up to now, on a connection that was just opened.
    pub(super) fn since_connected(rhythm: &Rhythm) -> Self {
        Self { ask_at: Instant::now() + rhythm.commit * SETTLED_AFTER, n_failed: 0, since: None }
    }
}

impl Ear<'_> {
    /// Asks for what was missed where it is time, however well the stream is heard meanwhile.
    pub(super) async fn make_up(&mut self, rhythm: &Rhythm) -> Result<(), PipelineError> {
        let Some(missed) = self.missed.filter(|missed| missed.ask_at <= Instant::now()) else { return Ok(()) };
        let since = missed.since.unwrap_or((self.parts.clock)());
        self.ask().await?;
        let is_answered = self.state.health.is_good() || self.state.cause == Some(Cause::Closed);
        let is_read = is_answered && self.stream.has_read_all(&self.state.cursor, since);
        self.missed = (!is_read).then(|| {
            let pause = rhythm.commit * SETTLED_AFTER * 2_u32.pow(missed.n_failed.min(DOUBLINGS));
            Missed { ask_at: Instant::now() + pause, n_failed: missed.n_failed.saturating_add(1), since: Some(since) }
        });
        Ok(())
    }

    /// Asks the source, where its stream repeats nothing.
    pub(super) async fn ask(&mut self) -> Result<(), PipelineError> {
        if self.stream.asked_every(&self.state.cursor).is_none() {
            return Ok(());
        }
        let SourceRead { mut state, committed, is_saved } =
            read_source(self.parts, self.spec, self.state.clone()).await?;
        if state.health.is_good() && state.message.is_empty() {
            state.message = self.in_words(&state.memory.gaps, (self.parts.clock)());
        }
        if !is_saved || state.message != self.state.message {
            self.parts.store.save_states(vec![state.clone()]).await?;
        }
        self.asked = Some(Asked { at: (self.parts.clock)(), due_at: state.due_at });
        self.state = state;
        // What was kept, and what the server calls it: by that it will say what is deleted, where it is heard at all.
        if self.deaf.is_none() {
            let namespace = self.stream.namespace().to_owned();
            self.kept = self.parts.store.kept_in(namespace).await?.into_iter().collect();
        }
        (self.tell)(&self.state, committed);
        Ok(())
    }

    /// Asks the source where it is time: seldom while its stream is heard, else at the pace of one without a stream.
    pub(super) async fn ask_if_due(&mut self) -> Result<(), PipelineError> {
        let Some(every) = self.stream.asked_every(&self.state.cursor) else { return Ok(()) };
        let now = (self.parts.clock)();
        let is_at_pace = every.is_zero() || self.deaf.is_some() || !self.state.health.is_good();
        let every = SignedDuration::try_from(every).unwrap_or(SignedDuration::MAX);
        let is_due = match self.asked {
            None => true,
            Some(asked) if is_at_pace => asked.due_at.is_none_or(|due_at| due_at <= now),
            Some(asked) => now.duration_since(asked.at) >= every,
        };
        if is_due {
            self.ask().await?;
        }
        Ok(())
    }

    /// The stream cannot be heard: no failure of the source, as long as it can be asked.
    pub(super) async fn deaf(&mut self, failure: Failure) -> Result<(), PipelineError> {
        let source = &self.spec.name;
        let message = &failure.message;
        tracing::warn!(%source, "could not listen to {source}, which is asked meanwhile: {message}");
        self.deaf = Some(failure.message);
        if self.state.health.is_good() {
            self.state.message = self.in_words(&self.state.memory.gaps, (self.parts.clock)());
            self.parts.store.save_states(vec![self.state.clone()]).await?;
        }
        (self.tell)(&self.state, Default::default());
        Ok(())
    }
}
