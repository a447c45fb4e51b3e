//! Strings the stages together: from a source that is due to what the store keeps, and from there to people.
//!
//! Only here (and in `desk`, which asks about single texts) the order of the stages is known.

mod again;
mod asking;
mod bell;
mod deliver;
mod discover;
mod flood;
mod health;
mod import;
mod inbox;
mod learning;
mod listen;
mod moves;
mod outlook;
mod pace;
mod probe;
mod pushed;
mod reach;
mod read;
mod reading;
mod report;
mod rhythm;
mod round;
mod schedule;
mod snooze;
mod study;
mod subscribe;
mod trouble;
mod turns;
mod twins;
mod workers;

pub use bell::Bell;
pub use deliver::{deliver_due, route_pending};
pub use discover::{Discovery, Tried, discover, try_source};
pub use health::{broken_off, keep_limits, recall_limits};
pub use import::{ImportError, ImportPreview, ImportReport, OnProgress, import_file, preview_file};
pub use inbox::empty_inbox;
pub use listen::{Rhythm, Tell, is_only_heard, keep_listening, polled, streams};
pub use outlook::{Outlook, PageOutlook, outlook};
pub use pace::due_after;
pub use probe::Probe;
pub use reach::{Contact, Place, Reached, reach};
pub use read::{SourceRead, read_source};
pub use report::{DIGEST_LIST, DigestPreview, digest_due, digest_now, preview_digest};
pub use round::{Selection, Tally, crawl_once, due_sources};
pub use schedule::{Schedule, carried_over};
pub use snooze::wake_due;
pub use study::{History, Judged, Studied, Studying, study, study_fully};
pub use subscribe::{keep_subscriptions, settle_subscriptions};
pub use trouble::{cry_out, is_room_low, look_after_house, store_recovered};

pub use crate::alert::{ALERT_LIST, Terminal};
use crate::analyze::BrandIndex;
use crate::fetch::Fetcher;
use crate::model::{Card, Secret, SecretRef, Watch};
use crate::net::Net;
pub use crate::net::NetError;
pub use crate::source::OfferKind;
use crate::store::Store;
use crate::wording::Reader;
use crate::{alert, digest, fetch, net, opportunity};
use jiff::Timestamp;
use learning::Learning;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use turns::Turns;

/// Says what time it is; handed in by `app`.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the pipeline is told: the watch and the settings of its stages.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is listened to.
    pub watch: Watch,
    /// The door to the network.
    pub net: net::Settings,
    /// The manners of the crawler.
    pub fetch: fetch::Settings,
    /// What the team decides about opportunities.
    pub opportunity: opportunity::Settings,
    /// Channels and routes.
    pub alert: alert::Settings,
    /// The digest.
    pub digest: digest::Settings,
    /// Items older than this do not alert, unless their deadline lies ahead.
    pub alert_max_age: Duration,
    /// The keys of sources, as far as they are there.
    pub secrets: HashMap<SecretRef, Secret>,
}

/// What the pipeline works with.
pub struct Parts {
    /// Where things are kept.
    pub store: Store,
    /// Asks sources.
    pub fetcher: Fetcher,
    /// What it is told.
    pub settings: Settings,
    /// What time it is.
    pub clock: Clock,
    /// What its parts tell each other.
    pub bell: Arc<Bell>,
    net: Net,
    index: BrandIndex,
    terminal: Arc<Terminal>,
    stopping: Arc<AtomicBool>,
    turns: Turns,
    learning: Learning,
}

impl Parts {
    /// Opens the door to the network and prepares the brands. Alerts for the terminal go to `terminal`.
    ///
    /// # Errors
    /// [`NetError`] where the network cannot be set up.
    pub fn new(settings: Settings, store: Store, clock: Clock, terminal: Terminal) -> Result<Self, NetError> {
        let net = Net::new(&settings.net)?;
        let fetcher = Fetcher::new(settings.fetch.clone(), net.clone())
            .with_secrets(settings.secrets.clone())
            .with_tokens_in(store.folder());
        let index = BrandIndex::new(settings.watch.brands.clone());
        Ok(Self {
            store,
            fetcher,
            settings,
            clock,
            bell: Arc::default(),
            net,
            index,
            terminal: Arc::new(terminal),
            stopping: Arc::default(),
            turns: Turns::new(),
            learning: Learning::default(),
        })
    }

    /// The same house, told something else: store, clock and terminal are shared with `self`.
    ///
    /// The network, with the pace of every host and what robots.txt said, is shared too unless its settings changed;
    /// then it begins anew, and what is under way ends on the old one.
    ///
    /// # Errors
    /// [`NetError`] where the network cannot be set up.
    pub fn retold(&self, settings: Settings) -> Result<Self, NetError> {
        let is_same_door = settings.net == self.settings.net;
        let net = if is_same_door { self.net.clone() } else { Net::new(&settings.net)? };
        let fetcher = if is_same_door && settings.fetch == self.settings.fetch {
            self.fetcher.clone()
        } else {
            Fetcher::new(settings.fetch.clone(), net.clone()).with_tokens_of(&self.fetcher)
        };
        let fetcher = fetcher.with_secrets(settings.secrets.clone());
        Ok(Self {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            bell: Arc::clone(&self.bell),
            terminal: Arc::clone(&self.terminal),
            stopping: Arc::clone(&self.stopping),
            turns: self.turns.clone(),
            learning: self.learning.clone(),
            index: BrandIndex::new(settings.watch.brands.clone()),
            fetcher,
            settings,
            net,
        })
    }

    /// From now on no delivery begins; the one under way ends as it would.
    pub fn stop_soon(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Sources of one host that are read at a time. More than the host answers at once: while one is read and kept,
    /// the next may be asked.
    #[must_use]
    pub fn per_host(&self) -> usize {
        self.settings.fetch.per_host_in_flight.saturating_mul(2).max(4)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// The text of `card` as an alert would say it now.
    #[must_use]
    pub fn card_text(&self, card: &Card) -> String {
        let alert = &self.settings.alert;
        let brand = self.settings.watch.brands.iter().find(|brand| brand.id == card.mention.brand);
        let reader = Reader::new(&alert.language, &alert.zone);
        alert::render(card, brand.map_or("", |brand| &brand.name), &reader, (self.clock)()).text
    }
}

/// A stage that the pipeline could not do without failed.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The store.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// A mail that cannot be written.
    #[error(transparent)]
    Email(#[from] alert::EmailError),
}
