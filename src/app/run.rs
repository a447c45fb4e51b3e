//! The service: reads sources when they are due, tells what is worth telling, stops when it is asked to.
//!
//! SIGTERM and SIGINT stop it. SIGHUP makes it read both documents again: with a mistake in them the old
//! configuration runs on; with none, what is under way ends as it began, and all that follows goes by the new one.
//! systemd is told of all that, and by the loop that reads sources that it still turns.

use super::house::{House, watch_only};
use super::last_words;
use super::supervisor::{self, Heartbeat};
use super::web;
use crate::config::{ConfigError, Severity};
use crate::model::{Committed, SourceName, SourceSpec, SourceState};
use crate::pipeline::{self, Parts, PipelineError, Rhythm, Schedule, SourceRead, carried_over};
use crate::web::Pulse;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often due sources, the outbox and the digest are looked at.
const BEAT: Duration = Duration::from_secs(1);

/// Beats between two looks at our own house.
const HOUSE_BEATS: u64 = 60;

/// How often it is looked whether a hub is to be asked.
const HUBS_BEAT: Duration = Duration::from_secs(2);

/// How long the inbox is left alone where nobody rings.
const INBOX_PAUSE: Duration = Duration::from_secs(10);

/// How long a delivery that is under way may go on once the program is to stop: cut off, it would be repeated.
const LAST_DELIVERY: Duration = Duration::from_secs(3);

/// How long the store may take to close. Cut off, it only has more to do at the next start.
const CLOSING: Duration = Duration::from_secs(1);

/// The parts to work with: the last ones that were sent.
type Told = watch::Receiver<Arc<Parts>>;

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// Where the store fails: a supervisor starts the service anew.
pub async fn run(house: &House) -> anyhow::Result<()> {
    let parts = &house.parts;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let (tell, told) = watch::channel(Arc::clone(parts));
    let stop = Arc::new(Notify::new());
    let (pulse, rung) = (Arc::new(Pulse::default()), Arc::new(Notify::new()));
    let web = web::Listening::open(house, Arc::clone(&pulse), Arc::clone(&rung)).await?;
    let mut messenger = tokio::spawn(carry_messages(told.clone(), Arc::clone(&stop)));
    let mut inbox = tokio::spawn(empty_inbox(told.clone(), rung));
    let mut hubs = tokio::spawn(keep_subscriptions(told.clone()));
    let mut listening = Box::pin(listen(told, pulse));
    say_listening(parts, "listening");
    let ended = loop {
        tokio::select! {
            ended = &mut listening => break ended,
            ended = &mut messenger => break ended.unwrap_or(Ok(())),
            ended = &mut inbox => break ended.unwrap_or(Ok(())),
            ended = &mut hubs => break ended.unwrap_or(Ok(())),
            _ = terminated.recv() => break Ok(()),
            _ = interrupted.recv() => break Ok(()),
            _ = hung_up.recv() => reload(house, &tell, &web),
        }
    };
    drop(listening);
    supervisor::stopping();
    if ended.is_ok()
        && let Err(error) = pipeline::keep_limits(&Arc::clone(&tell.borrow())).await
    {
        tracing::warn!(%error, "what hosts said in the last second could not be kept");
    }
    if let Err(error) = &ended {
        last_words::say(parts, error).await;
    }
    parts.stop_soon();
    stop.notify_one();
    // What waits in the inbox waits on; what was being worked on is wholly there or waits as well.
    inbox.abort();
    hubs.abort();
    web.close().await;
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

fn say_listening(parts: &Parts, sentence: &str) {
    let watch = &parts.settings.watch;
    tracing::info!(n_sources = watch.sources.len(), n_brands = watch.brands.len(), "{sentence}");
}

/// Reads the configuration again and tells everybody, or says what is wrong with it.
fn reload(house: &House, tell: &watch::Sender<Arc<Parts>>, web: &web::Listening) {
    let before = Arc::clone(&tell.borrow());
    supervisor::reloading();
    match house.reread(&before) {
        Ok((parts, setting)) => {
            web.turn_to(setting);
            supervisor::reloaded("listening by the new configuration");
            say_listening(&parts, "listening by the new configuration");
            tell.send_replace(Arc::new(parts));
        }
        Err(error) => {
            match error.downcast_ref::<ConfigError>() {
                Some(wrong) => {
                    let errors = wrong.findings.iter().filter(|finding| finding.severity == Severity::Error);
                    errors.for_each(|finding| tracing::error!(file = finding.file, "{}", finding.headline()));
                }
                None => tracing::error!("{error:#}"),
            }
            tracing::error!("the new configuration has mistakes; the old one runs on");
            supervisor::reloaded("the new configuration has mistakes; the old one runs on");
        }
    }
}

/// Reads sources as they fall due, for ever. Dropping it cuts off what is under way: a batch is wholly there or will
/// be read again.
async fn listen(mut told: Told, pulse: Arc<Pulse>) -> Result<(), PipelineError> {
    let parts = Arc::clone(&told.borrow_and_update());
    watch_only(&parts).await?;
    let states = parts.store.source_states().await?;
    pipeline::recall_limits(&parts).await?;
    let mut listening = Listening::new(parts, states);
    let mut heartbeat = Heartbeat::from_environment();
    let mut beat = interval(heartbeat.rhythm(BEAT));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut is_beat = false;
        tokio::select! {
            _ = beat.tick() => {
                is_beat = true;
                listening.save_gathered().await?;
            }
            Ok(()) = told.changed() => {
                let parts = Arc::clone(&told.borrow_and_update());
                listening.turn_to(parts).await?;
            }
            Some(ended) = listening.reads.join_next_with_id() => listening.put_back(ended).await?,
            Some(ended) = listening.streams.join_next_with_id() => listening.listen_again(ended)?,
        }
        listening.begin_due();
        if is_beat {
            pulse.beat((listening.parts.clock)());
            heartbeat.beat(|| listening.status());
        }
    }
}

/// Works on what is posted, as soon as it is there, for ever. Dropping it cuts off what is under way: a row is worked on
/// wholly or waits.
async fn empty_inbox(told: Told, rung: Arc<Notify>) -> Result<(), PipelineError> {
    loop {
        let parts = Arc::clone(&told.borrow());
        pipeline::empty_inbox(&parts).await?;
        // A look without a ring: what another configuration may be able to read, and what waited at the start.
        let _ = timeout(INBOX_PAUSE, rung.notified()).await;
    }
}

/// Asks hubs to tell us what is new, for ever. Dropping it cuts off what is asked: it is asked again.
async fn keep_subscriptions(mut told: Told) -> Result<(), PipelineError> {
    let mut beat = interval(HUBS_BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let parts = Arc::clone(&told.borrow_and_update());
    pipeline::settle_subscriptions(&parts).await?;
    drop(parts);
    loop {
        beat.tick().await;
        let is_other = told.has_changed().unwrap_or(false);
        let parts = Arc::clone(&told.borrow_and_update());
        if is_other {
            pipeline::settle_subscriptions(&parts).await?;
        }
        pipeline::keep_subscriptions(&parts).await?;
    }
}

/// What is under way in a running service.
struct Listening {
    parts: Arc<Parts>,
    schedule: Schedule,
    reads: JoinSet<Result<SourceRead, PipelineError>>,
    under_way: HashMap<tokio::task::Id, UnderWay>,
    /// The streams that are listened to.
    streams: JoinSet<Result<(), PipelineError>>,
    stream_specs: HashMap<tokio::task::Id, SourceSpec>,
    /// How often the configuration has changed.
    n_turns: u64,
    /// States that brought nothing new, to be saved together.
    gathered: Vec<SourceState>,
    /// When a source was last read to its end.
    last_read_at: Option<Timestamp>,
}

/// What is remembered of a source while it is read, in case its task ends without an answer.
struct UnderWay {
    spec: SourceSpec,
    state: SourceState,
    /// [`Listening::n_turns`] when it began.
    begun_at: u64,
}

impl Listening {
    fn new(parts: Arc<Parts>, states: Vec<SourceState>) -> Self {
        let now = (parts.clock)();
        let polled = pipeline::polled(&parts.settings.watch.sources);
        let mut schedule = Schedule::new(&polled, states, parts.per_host(), now);
        schedule.spread(now);
        let mut listening = Self {
            parts,
            schedule,
            reads: JoinSet::new(),
            under_way: HashMap::new(),
            streams: JoinSet::new(),
            stream_specs: HashMap::new(),
            n_turns: 0,
            gathered: Vec::new(),
            last_read_at: None,
        };
        listening.begin_streams();
        listening
    }

    /// Listens to every stream by the parts of now. Those that were listened to are cut off: what they had not committed
    /// is heard again.
    fn begin_streams(&mut self) {
        (self.streams, self.stream_specs) = (JoinSet::new(), HashMap::new());
        for spec in pipeline::streams(&self.parts.settings.watch.sources) {
            self.begin_stream(spec);
        }
    }

    fn begin_stream(&mut self, spec: SourceSpec) {
        let (parts, own) = (Arc::clone(&self.parts), spec.clone());
        let task = self.streams.spawn(async move {
            let tell = |state: &SourceState, committed: Committed| {
                let (source, n_kept) = (&state.source, committed.new_kept);
                tracing::debug!(%source, n_kept, "kept {n_kept} new items of {source}");
            };
            pipeline::keep_listening(&parts, &own, &Rhythm::default(), &tell).await
        });
        self.stream_specs.insert(task.id(), spec);
    }

    /// After a stream's task ended: an error where the store failed; one that broke off is begun again.
    fn listen_again(&mut self, ended: EndedStream) -> Result<(), PipelineError> {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let spec = self.stream_specs.remove(&id);
        match (ended, spec) {
            (Ok((_, ended)), _) => ended,
            (Err(error), Some(spec)) => {
                let source = &spec.name;
                tracing::error!(%source, %error, "listening to {source} broke off; it is begun again");
                self.begin_stream(spec);
                Ok(())
            }
            (Err(_), None) => Ok(()),
        }
    }

    /// One line for whoever asks systemd how it goes.
    fn status(&self) -> String {
        let (n_sources, n_under_way) = (self.parts.settings.watch.sources.len(), self.reads.len());
        let last = self.last_read_at.map_or_else(|| "none yet".to_owned(), |at| format!("{at:.0}"));
        let n_waiting = self.schedule.n_waiting();
        format!("{n_sources} sources, {n_under_way} being read, {n_waiting} due and waiting; last reading: {last}")
    }

    async fn save_gathered(&mut self) -> Result<(), PipelineError> {
        self.parts.store.check_log().await?;
        if !self.gathered.is_empty() {
            self.parts.store.save_states(std::mem::take(&mut self.gathered)).await?;
        }
        pipeline::keep_limits(&self.parts).await
    }

    /// Goes by `parts` from now on. What is being read is read to its end by the old ones.
    async fn turn_to(&mut self, parts: Arc<Parts>) -> Result<(), PipelineError> {
        self.save_gathered().await?;
        self.parts = parts;
        self.n_turns += 1;
        watch_only(&self.parts).await?;
        let busy: HashSet<&SourceName> = self.under_way.values().map(|under_way| &under_way.spec.name).collect();
        let now = (self.parts.clock)();
        let is_busy = |name: &SourceName| busy.contains(name);
        let polled = pipeline::polled(&self.parts.settings.watch.sources);
        self.schedule.rewatch(&polled, is_busy, self.parts.per_host(), now);
        self.schedule.spread(now);
        self.begin_streams();
        pipeline::recall_limits(&self.parts).await
    }

    /// Begins to read what is due, as far as the bounds allow.
    fn begin_due(&mut self) {
        for source in self.parts.bell.take_hurried() {
            self.schedule.hurry(&source);
        }
        let free = self.parts.fetcher.in_flight().saturating_sub(self.reads.len());
        for (spec, state) in self.schedule.take_due((self.parts.clock)(), free) {
            let kept = UnderWay { spec: spec.clone(), state: state.clone(), begun_at: self.n_turns };
            let parts = Arc::clone(&self.parts);
            let task = self.reads.spawn(async move { pipeline::read_source(&parts, &spec, state).await });
            self.under_way.insert(task.id(), kept);
        }
    }

    /// Puts a source back into the queue after it was read, as it is watched now.
    async fn put_back(&mut self, ended: Ended) -> Result<(), PipelineError> {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(UnderWay { spec, state, begun_at }) = self.under_way.remove(&id) else { return Ok(()) };
        let read = match ended {
            Ok((_, read)) => read?,
            Err(error) => {
                let source = &spec.name;
                tracing::error!(%source, %error, "reading {source} broke off; it is read again");
                let state = pipeline::broken_off(&spec, state, (self.parts.clock)());
                self.reschedule(spec, state, begun_at).await?;
                return Ok(());
            }
        };
        self.last_read_at = Some((self.parts.clock)());
        if !read.is_saved {
            self.gathered.push(read.state.clone());
        }
        self.reschedule(spec, read.state.clone(), begun_at).await?;
        report(&read);
        Ok(())
    }

    /// Puts a source that was begun to be read in the turn `begun_at` where it belongs now.
    async fn reschedule(&mut self, spec: SourceSpec, state: SourceState, begun_at: u64) -> Result<(), PipelineError> {
        if begun_at == self.n_turns {
            self.schedule.put(spec, state);
            return Ok(());
        }
        match self.parts.settings.watch.sources.iter().find(|new| new.name == spec.name) {
            Some(new) => self.schedule.put(new.clone(), carried_over(&spec, new, state)),
            None => {
                self.schedule.let_go(&spec.name);
                // What it committed said that it is watched.
                self.save_gathered().await?;
                watch_only(&self.parts).await?;
            }
        }
        Ok(())
    }
}

/// How the task of a stream ended.
type EndedStream = Result<(tokio::task::Id, Result<(), PipelineError>), JoinError>;

type Ended = Result<(tokio::task::Id, Result<SourceRead, PipelineError>), JoinError>;

fn report(read: &SourceRead) {
    let source = &read.state.source;
    let (n_items, n_kept) = (read.committed.new_items, read.committed.new_kept);
    if read.state.health.is_good() {
        tracing::debug!(%source, n_items, n_kept, "read {n_items} new items from {source}");
    } else {
        let message = &read.state.message;
        tracing::warn!(%source, health = read.state.health.as_str(), "could not read {source}: {message}");
    }
}

/// Routes notices, delivers alerts and makes the digest, until `stop`. Ends with an error where the store fails: to
/// go on would send again what could not be noted.
async fn carry_messages(told: Told, stop: Arc<Notify>) -> Result<(), PipelineError> {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let before = Arc::clone(&told.borrow());
    last_words::take_back(&before).await?;
    drop(before);
    for n_beats in 0_u64.. {
        tokio::select! {
            _ = beat.tick() => {}
            () = stop.notified() => return Ok(()),
        }
        let parts = Arc::clone(&told.borrow());
        if n_beats % HOUSE_BEATS == 0 {
            pipeline::look_after_house(&parts).await?;
        }
        match carry_once(&parts).await {
            Err(PipelineError::Email(error)) => tracing::error!("a mail could not be written: {error}"),
            carried => carried?,
        }
    }
    Ok(())
}

async fn carry_once(parts: &Arc<Parts>) -> Result<(), PipelineError> {
    pipeline::route_pending(parts).await?;
    pipeline::wake_due(parts).await?;
    pipeline::digest_due(parts).await?;
    pipeline::deliver_due(parts).await?;
    Ok(())
}
