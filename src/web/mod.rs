//! The listener: how it goes, what is posted to us, and the links in our mails. A face beside `cli`.
//!
//! In: a [`Visit`] that `net` took in. Out: a [`Reply`], dressed in the same headers always. Whoever asks through the
//! public address gets at webhooks and signed links alone; figures are for the house. Nothing is worked on here: what
//! is posted is laid into the inbox. No scripts, no cookies, no login, no foreign words on a page.

mod act;
mod figures;
mod guard;
mod hook;
mod leave;
mod page;
mod proof;
mod push;

pub use crate::net::{Bounds, ListenError, Listener};
pub use crate::wording::Links;

use crate::model::{Secret, SourceName};
use crate::net::{Reception, Reply, Visit};
use crate::store::Store;
use crate::wording::Language;
use bytes::Bytes;
use figures::Tally;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{Notify, watch};

/// The most bytes that may be posted at once.
pub const BODY_LIMIT_BYTES: usize = 1 << 20;

/// The most bytes of a form.
const FORM_LIMIT_BYTES: usize = 1 << 10;

/// What the listener is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The host of the public address, in lower case and without a port.
    pub public_host: Option<String>,
    /// Who may post, and with which secret.
    pub hooks: Vec<(SourceName, Secret)>,
    /// What checks links; `None` where there are none.
    pub links: Option<Links>,
    /// The language of pages: `en` or `de`.
    pub language: String,
    /// The zone of the team (IANA).
    pub zone: String,
    /// Who gets the digest.
    pub recipients: Vec<String>,
    /// Who gets alerts by e-mail.
    pub alert_recipients: Vec<String>,
}

/// When the loop that reads sources last turned.
#[derive(Debug, Default)]
pub struct Pulse(AtomicI64);

impl Pulse {
    /// It turned.
    pub fn beat(&self, now: Timestamp) {
        self.0.store(now.as_second(), Ordering::Relaxed);
    }

    fn second(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Answers visits.
pub struct Web {
    store: Store,
    clock: Clock,
    settings: watch::Receiver<Arc<Settings>>,
    pulse: Arc<Pulse>,
    rung: Arc<Notify>,
    tally: Tally,
}

impl Web {
    /// A face of `store` that goes by the last of `settings`. `rung` is told when something was posted.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        settings: watch::Receiver<Arc<Settings>>,
        pulse: Arc<Pulse>,
        rung: Arc<Notify>,
    ) -> Self {
        Self { store, clock, settings, pulse, rung, tally: Tally::default() }
    }

    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// Every place there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place<'p> {
    /// Whether the process lives.
    Health,
    /// Whether it does its work.
    Readiness,
    /// Figures for a monitoring system.
    Figures,
    /// Something is posted to the source of this name.
    Hook(&'p str),
    /// A link of an act.
    Act,
    /// A link that unsubscribes.
    Leave,
    /// A hub asks whether we meant it, or brings what is new.
    Push,
}

impl<'p> Place<'p> {
    /// The place of a path; the list of all that can be asked for.
    fn of(path: &'p str) -> Option<Self> {
        match path {
            "/healthz" => Some(Self::Health),
            "/readyz" => Some(Self::Readiness),
            "/metrics" => Some(Self::Figures),
            path if path.starts_with("/a/") => Some(Self::Act),
            path if path.starts_with("/u/") => Some(Self::Leave),
            path if path.starts_with("/w/") => Some(Self::Push),
            path => path.strip_prefix("/in/").map(Self::Hook),
        }
    }

    /// The methods that are answered, and the most bytes of a body.
    fn methods(self) -> (&'static [&'static str], usize) {
        match self {
            Self::Health | Self::Readiness | Self::Figures => (&["GET", "HEAD"], 0),
            Self::Hook(_) => (&["POST"], BODY_LIMIT_BYTES),
            Self::Act | Self::Leave => (&["GET", "HEAD", "POST"], FORM_LIMIT_BYTES),
            // What a hub brings above it is read from its source.
            Self::Push => (&["GET", "POST"], BODY_LIMIT_BYTES),
        }
    }

    /// Only the house itself gets there.
    fn is_inner(self) -> bool {
        matches!(self, Self::Readiness | Self::Figures)
    }
}

impl Reception for Web {
    fn admit(&self, visit: &Visit) -> Result<usize, Reply> {
        let settings = self.settings();
        guard::check_host(visit, &settings)?;
        let place =
            Place::of(&visit.path).filter(|place| !place.is_inner() || guard::is_of_the_house(visit, &settings));
        let place = place.ok_or_else(not_found)?;
        if let Place::Hook(name) = place
            && !settings.hooks.iter().any(|(known, _)| known.as_str() == name)
        {
            return Err(not_found());
        }
        if matches!(place, Place::Act | Place::Leave) && settings.links.is_none() {
            return Err(not_found());
        }
        if place == Place::Push
            && settings.links.as_ref().is_none_or(|links| links.subscription_at(&visit.path).is_none())
        {
            return Err(not_found());
        }
        let (methods, limit) = place.methods();
        if !methods.contains(&visit.method.as_str()) {
            let mut reply = Reply::text(405, "this is not how it is asked for\n");
            reply.headers.push(("allow", methods.join(", ")));
            return Err(reply);
        }
        Ok(if visit.method == "POST" { limit } else { 0 })
    }

    fn answer(&self, visit: Visit, body: Bytes) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let settings = self.settings();
            let is_post = visit.method == "POST";
            match Place::of(&visit.path) {
                None => not_found(),
                Some(Place::Health) => Reply::text(200, "alive\n"),
                Some(Place::Readiness) => figures::readiness(self).await,
                Some(Place::Figures) => figures::metrics(self).await,
                Some(Place::Hook(name)) => hook::take_in(self, &settings, name, &visit, body).await,
                Some(Place::Act) => act::answer(self, &settings, &visit.path, is_post).await,
                Some(Place::Leave) => leave::answer(self, &settings, &visit.path, is_post).await,
                Some(Place::Push) => push::answer(self, &settings, &visit, is_post.then_some(body)).await,
            }
        })
    }

    fn dress(&self, reply: Reply) -> Reply {
        self.tally.count(reply.status);
        guard::dressed(reply)
    }
}

fn not_found() -> Reply {
    Reply::text(404, "there is nothing here\n")
}

/// The store fails; whoever asked may ask again.
fn out_of_order(error: &crate::store::StoreError) -> Reply {
    tracing::error!(%error, "the listener could not use the store: {error}");
    let mut reply = Reply::text(503, "that does not work just now; ask again in a minute\n");
    reply.headers.push(("retry-after", "60".to_owned()));
    reply
}

fn language(settings: &Settings) -> Language {
    Language::from_tag(&settings.language)
}
