//! Keeps a stream alive: connects, hears, keeps what matters, connects again where it was.
//!
//! In: a source whose engine is a stream. Out: commits, each with the cursor up to which everything was heard, so that
//! a process that is killed at any moment hears the rest again. What names no brand costs a glance and leaves nothing,
//! not even a fingerprint.

mod asking;
mod authors;
mod fill;
mod gathered;
mod keep;
mod line;
mod repeats;

use super::health::{Failure, after_failure};
use super::schedule::place_hash;
use super::{Parts, PipelineError};
use crate::analyze;
use crate::fetch::FetchError;
use crate::model::{Cause, Committed, Cursor, Glance, Item, Reading, SourceHealth, SourceSpec, SourceState};
use crate::net::{Dial, Heard, NetError, Trust};
use crate::source::{self, Hail, Listener, Message, Refusal, Stream};
use crate::text::hash64;
use asking::{Asked, Missed};
use authors::Authors;
use fill::Fill;
use gathered::Gathered;
use line::Line;
use repeats::Repeats;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The most bytes of one message: above anything that a network lets people post.
const MESSAGE_BYTES: usize = 16 << 20;

/// The longest that connecting may take.
const CONNECT_DEADLINE: Duration = Duration::from_secs(15);

/// Ways around a refusal that are tried at once.
const WAYS_AT_ONCE: u32 = 4;

/// The pause before connecting again doubles so often.
const DOUBLINGS: u32 = 8;

/// Changes that are committed together at most.
const TOGETHER: usize = 500;

/// Messages between two looks at the clock.
const LOOK_EVERY: u32 = 64;

/// Messages in a row that cannot be read before the connection is given up.
const UNREADABLE_MOST: u32 = 200;

/// How a stream is kept alive. The default is for services; tests hurry.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The first pause before connecting again.
    pub pause: Duration,
    /// What was heard is kept this often.
    pub commit: Duration,
    /// Where nothing was to be kept, the cursor is saved this often.
    pub cursor: Duration,
    /// The longest silence.
    pub idle: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { pause: seconds(1), commit: seconds(1), cursor: seconds(5), idle: seconds(30) }
    }
}

/// Is told of every commit: the state with the cursor, and what was new.
pub type Tell<'a> = &'a (dyn Fn(&SourceState, Committed) + Send + Sync);

/// The sources that are read by asking alone.
#[must_use]
pub fn polled(sources: &[SourceSpec]) -> Vec<SourceSpec> {
    sources.iter().filter(|spec| source::open_stream(spec).is_none()).cloned().collect()
}

/// The sources that are listened to.
#[must_use]
pub fn streams(sources: &[SourceSpec]) -> Vec<SourceSpec> {
    sources.iter().filter(|spec| source::open_stream(spec).is_some()).cloned().collect()
}

/// Whether a source cannot be asked.
#[must_use]
pub fn is_only_heard(spec: &SourceSpec) -> bool {
    source::is_stream(&spec.engine)
}

/// Listens to `spec`, from where its stored state says on, until it is dropped or the program is to stop. What was not
/// committed by then is heard again.
///
/// # Errors
/// [`PipelineError`] where the store fails. A stream that fails is no error: its state says so, and it is tried again.
pub async fn keep_listening(
    parts: &Arc<Parts>,
    spec: &SourceSpec,
    rhythm: &Rhythm,
    tell: Tell<'_>,
) -> Result<(), PipelineError> {
    let Some(mut ear) = Ear::new(parts, spec, tell).await? else { return Ok(()) };
    while !parts.is_stopping() {
        ear.ask_if_due().await?;
        ear.hear_once(rhythm).await?;
        sleep(ear.pause(rhythm)).await;
    }
    Ok(())
}

/// What is remembered between two connections.
struct Ear<'a> {
    parts: &'a Arc<Parts>,
    spec: &'a SourceSpec,
    stream: Box<dyn Stream>,
    state: SourceState,
    /// Connections in a row that gave nothing.
    failures: u32,
    gathered: Gathered,
    repeats: Repeats,
    /// Key hashes of what the store has.
    kept: HashSet<u64>,
    authors: Authors,
    /// Messages of this connection that could not be read, and what was wrong with the last.
    unread: Option<(u32, String)>,
    saved_at: Option<Instant>,
    /// Why the stream is not heard, where the source is asked meanwhile.
    deaf: Option<String>,
    /// When the source was last asked, where it is.
    asked: Option<Asked>,
    /// What was said before the stream was heard, until it was read by asking.
    missed: Option<Missed>,
    /// The gap that is being searched.
    fill: Option<Fill>,
    /// A search has ended, which is not committed yet.
    has_filled: bool,
    /// The connection has shown that it speaks, or need not.
    is_alive: bool,
    /// What is kept of it is looked at again where it is asked.
    looks_again: bool,
    tell: Tell<'a>,
}

/// How a connection ended.
enum End {
    Failed(Failure),
    /// It closed; an ordinary thing where something had come.
    Closed(String),
}

impl<'a> Ear<'a> {
    async fn new(parts: &'a Arc<Parts>, spec: &'a SourceSpec, tell: Tell<'a>) -> Result<Option<Self>, PipelineError> {
        let Some(stream) = source::open_stream(spec) else { return Ok(None) };
        let states = parts.store.source_states().await?;
        let place = Some(place_hash(spec));
        let state = states.into_iter().find(|state| state.source == spec.name && state.place_hash == place);
        let mut state = state.unwrap_or_else(|| SourceState::unread(spec.name.clone()));
        state.place_hash = place;
        let is_asked = stream.asked_every(&state.cursor).is_some();
        let looks_again = is_asked && source::open(spec).is_ok_and(|source| source.can_look_again());
        let kept = parts.store.kept_in(stream.namespace().to_owned()).await?.into_iter().collect();
        Ok(Some(Self {
            parts,
            spec,
            stream,
            state,
            failures: 0,
            gathered: Gathered::default(),
            repeats: Repeats::default(),
            kept,
            authors: Authors::default(),
            unread: None,
            saved_at: None,
            deaf: None,
            asked: None,
            missed: None,
            fill: None,
            has_filled: false,
            is_alive: false,
            looks_again,
            tell,
        }))
    }

    /// The pause before connecting again: doubled with each failure, lengthened by a share that follows from the name.
    fn pause(&self, rhythm: &Rhythm) -> Duration {
        let pause = rhythm.pause * 2_u32.pow(self.failures.min(DOUBLINGS));
        let share = hash64(&[self.spec.name.as_str(), &self.failures.to_string()]) % 100;
        pause + pause * u32::try_from(share).unwrap_or(0) / 200
    }

    /// Connects, hears until the connection ends, and keeps what was heard.
    async fn hear_once(&mut self, rhythm: &Rhythm) -> Result<(), PipelineError> {
        let (wire, mut listener) = match self.connect(rhythm).await {
            Ok(open) => open,
            Err(failure) => return self.failed(failure).await,
        };
        (self.unread, self.deaf) = (None, None);
        self.missed = Some(Missed::since_connected(rhythm));
        // What was said until now is not repeated; what is said meanwhile waits on the line.
        self.ask().await?;
        let (end, n_heard) = self.hear(wire, listener.as_mut(), rhythm).await?;
        self.missed = None;
        self.keep(self.place(listener.as_ref()), rhythm, true).await?;
        if n_heard > 0 {
            self.failures = 0;
        }
        let source = &self.spec.name;
        match end {
            End::Failed(failure) => self.failed(failure).await,
            End::Closed(words) if n_heard > 0 => {
                tracing::debug!(%source, words, "{source} closed; connecting again");
                Ok(())
            }
            End::Closed(words) => {
                let message = match words.as_str() {
                    "" => "the stream closed before it said anything; connecting again".to_owned(),
                    words => format!("the stream closed before it said anything ({words}); connecting again"),
                };
                self.failed(down(Cause::Reconnecting, message)).await
            }
        }
    }

    /// Opens a connection; the ways around a refusal that the engine knows are tried at once.
    async fn connect(&mut self, rhythm: &Rhythm) -> Result<(Line, Box<dyn Listener>), Failure> {
        for way in 0_u32.. {
            let now = (self.parts.clock)();
            let hail = self.stream.hail(&self.state.cursor, self.failures, now);
            let dial = Dial {
                url: hail.url.clone(),
                headers: self.headers(&hail)?,
                trust: Trust::Content,
                message_limit_bytes: MESSAGE_BYTES,
                connect_deadline: CONNECT_DEADLINE,
                idle_deadline: rhythm.idle * hail.patience.max(1),
                pong_is_life: hail.pong_is_life,
            };
            let error = match Line::open(&self.parts.net, dial, &hail).await {
                Ok(wire) => {
                    self.is_alive = hail.pong_is_life;
                    return Ok((wire, self.stream.listen(&self.state.cursor, &hail)));
                }
                Err(error) => error,
            };
            if let NetError::NoUpgrade { status, answer, .. } = &error {
                let refusal = Refusal { status: *status, answer: answer.clone() };
                let retry = self.stream.refused(&self.state.cursor, &hail, &refusal, now);
                self.state.cursor = retry.cursor;
                if retry.at_once && way < WAYS_AT_ONCE {
                    continue;
                }
            }
            return Err(failure_of(&error));
        }
        Err(down(Cause::Reconnecting, "no way to connect was found".to_owned()))
    }

    /// Hears until the connection ends; how, and how many messages could be read.
    async fn hear(
        &mut self,
        mut wire: Line,
        listener: &mut dyn Listener,
        rhythm: &Rhythm,
    ) -> Result<(End, u64), PipelineError> {
        let parts = Arc::clone(self.parts);
        let matters = |item: &Item| analyze::may_name_a_brand(&parts.index, item);
        let (mut n_heard, mut n_unreadable) = (0_u64, 0_u32);
        let mut keep_at = Instant::now() + rhythm.commit;
        for n_messages in 1_u32.. {
            let heard = match wire.next(keep_at).await {
                Ok(heard) => heard,
                Err(error) => return Ok((End::Failed(failure_of(&error)), n_heard)),
            };
            let message = match &heard {
                Heard::Text(text) => Some(Message::Text(text)),
                Heard::Binary(bytes) => Some(Message::Binary(bytes)),
                Heard::Closed(words) => return Ok((End::Closed(words.clone()), n_heard)),
                Heard::Nothing => None,
            };
            if let Some(message) = message {
                match listener.hear(message, &mut |item| matters(item)) {
                    Ok(event) => {
                        (n_heard, n_unreadable) = (n_heard + 1, 0);
                        self.is_alive = true;
                        let known = (&mut self.repeats, &self.kept);
                        if let Some(words) = self.gathered.take(event, known, &matters) {
                            return Ok((End::Closed(words), n_heard));
                        }
                    }
                    Err(error) => {
                        n_unreadable += 1;
                        self.unread = Some((self.unread.as_ref().map_or(0, |(n, _)| *n) + 1, error.to_string()));
                        if n_unreadable >= UNREADABLE_MOST {
                            let failure = Failure::broken(Cause::Damaged, error.to_string());
                            return Ok((End::Failed(failure), n_heard));
                        }
                    }
                }
            }
            let is_full = self.gathered.len() >= TOGETHER;
            if is_full || message.is_none() || n_messages % LOOK_EVERY == 0 {
                let now = Instant::now();
                if is_full || now >= keep_at {
                    self.keep(self.place(listener), rhythm, false).await?;
                    self.make_up(rhythm).await?;
                    self.ask_if_due().await?;
                    self.fill_gaps().await;
                    keep_at = Instant::now() + rhythm.commit;
                    wire.forgive(now.elapsed());
                    if self.parts.is_stopping() {
                        return Ok((End::Closed(String::new()), n_heard));
                    }
                }
            }
        }
        Ok((End::Closed(String::new()), n_heard))
    }

    /// Where the stream goes on.
    fn place(&self, listener: &dyn Listener) -> Cursor {
        if listener.has_place() { listener.cursor() } else { self.state.cursor.clone() }
    }

    /// The headers of a hail, with its secret.
    fn headers(&self, hail: &Hail) -> Result<Vec<(String, String)>, Failure> {
        let Some(name) = &hail.bearer else { return Ok(Vec::new()) };
        let missing = || {
            let message = FetchError::UnknownSecret { name: name.clone() }.to_string();
            Failure { health: SourceHealth::NeedsAttention, cause: Cause::Secret, message, wait: None }
        };
        let secret = self.parts.settings.secrets.get(name).ok_or_else(missing)?;
        Ok(vec![("authorization".to_owned(), format!("Bearer {}", secret.expose()))])
    }

    /// Notes a failure in the source's state; a person is told where it lasts.
    async fn failed(&mut self, failure: Failure) -> Result<(), PipelineError> {
        self.failures = self.failures.saturating_add(1);
        if self.stream.asked_every(&self.state.cursor).is_some() {
            return self.deaf(failure).await;
        }
        let now = (self.parts.clock)();
        let (state, notice) = after_failure(self.state.clone(), self.spec, failure, now);
        let (source, message) = (&self.spec.name, &state.message);
        tracing::warn!(%source, health = state.health.as_str(), "could not listen to {source}: {message}");
        self.state = state.clone();
        let reading = Reading {
            source: source.clone(),
            at: now,
            kept: Vec::new(),
            passed: Vec::new(),
            departures: Vec::new(),
            looks: Vec::new(),
            glance: Glance::List,
            cursor: state.cursor.clone(),
            state,
            notices: notice.into_iter().collect(),
        };
        let committed = self.parts.store.commit(reading).await?;
        (self.tell)(&self.state, committed);
        Ok(())
    }
}

fn down(cause: Cause, message: String) -> Failure {
    Failure { health: SourceHealth::Down, cause, message, wait: None }
}

/// What a broken connection means for the source.
fn failure_of(error: &NetError) -> Failure {
    let (health, cause) = match error {
        NetError::Silent { .. } => (SourceHealth::Down, Cause::Stalled),
        NetError::NoUpgrade { status: 401, .. } => (SourceHealth::NeedsAttention, Cause::Login),
        NetError::NoUpgrade { status: 403 | 451, .. } => (SourceHealth::Blocked, Cause::Closed),
        NetError::NoUpgrade { status: 429, .. } => (SourceHealth::Throttled, Cause::SlowDown),
        NetError::NoUpgrade { status: 500..=599, .. } => (SourceHealth::Down, Cause::ServerFault),
        NetError::NoUpgrade { .. } => (SourceHealth::Broken, Cause::NotAFeed),
        NetError::TooLarge { .. } => (SourceHealth::Broken, Cause::TooLarge),
        _ => (SourceHealth::Down, Cause::Reconnecting),
    };
    Failure { health, cause, message: error.to_string(), wait: None }
}
