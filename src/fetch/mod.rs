//! The manners of a crawler on top of `net`: pace per host, validators, `Retry-After`, redirects, robots.txt, bounds.
//!
//! In: a [`Request`] of a source, what was stored to ask "has it changed?" with, and the time.
//! Out: a [`Fetched`] with the whole decoded body, or a [`FetchError`] that says in plain words what is wrong, how
//! the source fares and how long to wait. It retries nothing: when to ask again is decided by who asks.
//!
//! Redirects are followed up to [`REDIRECTS`] times, each hop through the gate and the manners of its own host.
//! Secrets and extra headers stay with the host that they were meant for; from `https` to `http` a chain is followed
//! only where nothing secret is sent.

mod body;
mod error;
mod freshness;
mod grant;
mod headers;
mod lane;
mod plea;
mod quota;
mod retry_after;
mod robots;
mod room;
mod rules;
#[cfg(test)]
mod tests;
mod token;
mod trail;
mod wall;

pub use error::FetchError;
pub use freshness::FRESH_CAP;
pub use room::Share;
pub use rules::{CRAWL_DELAY_CAP, ROBOTS_LIMIT_BYTES, Rules};
pub use token::TokenTrouble;

use crate::model::{Credential, Holder, HostLimit, Request, Response, Secret, SecretRef, Told, Validators};
use crate::net::{Answer, Call, Net, Trust};
use crate::text::hash64;
use bytes::Bytes;
use jiff::Timestamp;
use lane::{Lanes, Pass, Turn, Who};
use plea::Plea;
use quota::Quota;
use robots::RobotsCache;
use room::Room;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use token::Tokens;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use trail::Trail;
use url::Url;

/// The most decoded bytes of a feed.
pub const FEED_LIMIT_BYTES: usize = 10_000_000;

/// The most decoded bytes of a JSON answer of an interface.
pub const JSON_LIMIT_BYTES: usize = 20_000_000;

/// The most decoded bytes of a page.
pub const PAGE_LIMIT_BYTES: usize = 5_000_000;

/// Bodies in flight, all together: being read, or read and not yet let go.
pub const ROOM_BYTES: usize = 24_000_000;

/// The longest that one fetch may take on the wire, redirects included, waiting in our own queues not.
pub const TOTAL_DEADLINE: Duration = Duration::from_secs(30);

/// The longest silence between two pieces of an answer.
pub const IDLE_DEADLINE: Duration = Duration::from_secs(10);

/// Redirects followed in one fetch.
pub const REDIRECTS: usize = 5;

/// The longest that a `Retry-After` is believed.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(24 * 60 * 60);

/// The pause between two requests to one host before a page: pages were made for people.
pub const PAGE_PAUSE: Duration = Duration::from_secs(5);

/// How we behave toward the hosts that we read.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A link or mail address in the user agent, so that an operator can reach us.
    pub contact: String,
    /// Requests in flight, all hosts together.
    pub in_flight: usize,
    /// Requests in flight to one host.
    pub per_host_in_flight: usize,
    /// The pause between two requests to one host.
    pub per_host_pause: Duration,
    /// Whether robots.txt is asked before pages are read.
    pub robots: bool,
    /// The pause before a page, where that of its host is not longer.
    pub page_pause: Duration,
    /// The longest that one fetch may take on the wire. No key of the configuration: only tests shorten it.
    pub total_deadline: Duration,
    /// The longest silence between two pieces of an answer. Only tests shorten it.
    pub idle_deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            in_flight: 100,
            per_host_in_flight: 2,
            per_host_pause: Duration::from_secs(1),
            robots: true,
            page_pause: PAGE_PAUSE,
            total_deadline: TOTAL_DEADLINE,
            idle_deadline: IDLE_DEADLINE,
        }
    }
}

/// What a fetch brought.
#[derive(Debug)]
pub struct Fetched {
    /// The answer; its body is empty where nothing was modified.
    pub response: Response,
    /// To store for the next time, exactly as sent.
    pub validators: Validators,
    /// The server says that nothing changed since (304).
    pub not_modified: bool,
    /// Where the source has moved for good: set where all redirects on the way were permanent (301, 308).
    pub moved_to: Option<String>,
    /// How long the server says that asking again is of no use (`Cache-Control`, `Expires`), at most a day.
    pub fresh_for: Option<Duration>,
    /// The body's share of [`ROOM_BYTES`]. Drop it once what was made of the body is let go as well, and before the
    /// next fetch is awaited.
    pub share: Share,
}

/// Asks politely. Cheap to clone; all clones share pace, room and connections.
#[derive(Debug, Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
    secrets: Arc<HashMap<SecretRef, Secret>>,
    tokens: Arc<Tokens>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    user_agent: String,
    net: Net,
    lanes: Lanes,
    everyone: Arc<Semaphore>,
    room: Room,
    robots: RobotsCache,
}

/// The name that we ask under: `porterhouse/<version> (+<contact>)`.
#[must_use]
pub fn user_agent(contact: &str) -> String {
    let name = concat!("porterhouse/", env!("CARGO_PKG_VERSION"));
    let contact: String = contact.trim().chars().filter(|letter| letter.is_ascii() && !letter.is_control()).collect();
    if contact.is_empty() { name.to_owned() } else { format!("{name} (+{contact})") }
}

impl Fetcher {
    /// How many requests may be under way at once, all hosts together.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.inner.settings.in_flight
    }

    /// A fetcher without secrets.
    #[must_use]
    pub fn new(settings: Settings, net: Net) -> Self {
        let inner = Inner {
            user_agent: user_agent(&settings.contact),
            lanes: Lanes::new(settings.per_host_in_flight),
            everyone: Arc::new(Semaphore::new(settings.in_flight.clamp(1, Semaphore::MAX_PERMITS))),
            room: Room::new(ROOM_BYTES),
            robots: RobotsCache::default(),
            settings,
            net,
        };
        Self { inner: Arc::new(inner), secrets: Arc::default(), tokens: Arc::default() }
    }

    /// The same fetcher, knowing these secrets.
    #[must_use]
    pub fn with_secrets(self, secrets: HashMap<SecretRef, Secret>) -> Self {
        Self { secrets: Arc::new(secrets), ..self }
    }

    /// The same fetcher, keeping access tokens in the data folder `path`, where they outlast it.
    #[must_use]
    pub fn with_tokens_in(self, path: &Path) -> Self {
        Self { tokens: Arc::new(Tokens::kept_in(path)), ..self }
    }

    /// The same fetcher, sharing the access tokens of `other`.
    #[must_use]
    pub fn with_tokens_of(self, other: &Self) -> Self {
        Self { tokens: Arc::clone(&other.tokens), ..self }
    }

    /// Recalls what hosts said before the start; what no longer holds at `now` is passed over.
    pub fn recall(&self, limits: &[HostLimit], now: Timestamp) {
        self.inner.lanes.recall(limits, now, RETRY_AFTER_CAP);
    }

    /// What changed of the hosts' limits since this was last asked for, to be recalled after a restart.
    #[must_use]
    pub fn new_limits(&self, now: Timestamp) -> Vec<HostLimit> {
        self.inner.lanes.news(now)
    }

    /// Does as the body of an answer to `request` asks, for all sources that share its host and credential.
    pub fn heed_body(&self, request: &Request, told: Told, now: Timestamp) {
        let Ok(url) = Url::parse(&request.url) else { return };
        let who = who(&url, request, true);
        let count = |number: u64| number as f64;
        let resets_in = told.resets_at.and_then(|at| Duration::try_from(at.duration_since(now)).ok());
        let resets_in = resets_in.map(|wait| wait.min(RETRY_AFTER_CAP)).filter(|wait| !wait.is_zero());
        let quota = Quota { remaining: told.remaining.map(count), most: told.most.map(count), resets_in };
        self.inner.lanes.hear(&who, &quota);
        if told.backoff_s > 0 {
            self.inner.lanes.rest(&who, Duration::from_secs(told.backoff_s.into()).min(RETRY_AFTER_CAP));
        }
    }

    /// Asks for `request`, with `validators` where it is conditional; `now` reads dates in `Retry-After`. Once more
    /// where a token was renewed.
    ///
    /// # Errors
    /// [`FetchError`] for every answer that is no success, and where none came.
    pub async fn fetch(
        &self,
        request: &Request,
        validators: &Validators,
        now: Timestamp,
    ) -> Result<Fetched, FetchError> {
        match self.fetch_once(request, validators, now).await {
            Err(FetchError::TokenRenewed { .. }) => self.fetch_once(request, validators, now).await,
            other => other,
        }
    }

    /// [`Self::fetch`] for who counts requests: where a token was refused and renewed it is not repeated but told, by
    /// [`FetchError::TokenRenewed`].
    ///
    /// # Errors
    /// As [`Self::fetch`].
    pub async fn fetch_once(
        &self,
        request: &Request,
        validators: &Validators,
        now: Timestamp,
    ) -> Result<Fetched, FetchError> {
        let token = match &request.means.credential {
            Some(Credential::Token(plan)) => Some((&**plan, self.token(plan, now).await?)),
            _ => None,
        };
        let secret = match &token {
            Some((_, token)) => Some(token),
            None => self.secret(request)?,
        };
        let mut trail = Trail::start(request, secret.is_some(), self.inner.settings.total_deadline)?;
        loop {
            let turn = self.turn(request, trail.url(), now).await?;
            let headers = headers::of_request(request, validators, &trail, secret, &self.inner.user_agent)?;
            let (url, body) = carried(request, &trail, secret);
            let who = who(trail.url(), request, trail.is_at_home());
            let asked = Ask { who: &who, sent: url, headers, body, limit_bytes: request.body_limit_bytes, turn };
            let (answer, pass) = self.ask(asked, trail.time_left()).await?;
            let (plea, rest) = self.hear(&answer, &who, pass.entered(), now);
            if let Some((plan, token)) = token.as_ref().filter(|_| trail.is_at_home()) {
                match answer.status {
                    401 => {
                        drop(pass);
                        return Err(self.refused_token(plan, token, now).await);
                    }
                    200..=399 => self.good_token(plan, token).await,
                    _ => {}
                }
            }
            match (answer.status, plea) {
                (301 | 302 | 303 | 307 | 308, _) => trail.follow(&answer, pass.entered().elapsed())?,
                (304, _) if request.conditional && *validators != Validators::default() => {
                    return Ok(self.unmodified(answer, validators, &trail, now));
                }
                (200..=299, _) => return self.whole(answer, pass, &trail, request, now).await,
                (status, Plea::SlowDown(wait)) => {
                    return Err(FetchError::Throttled { host: answer.host().to_owned(), status, wait, rest });
                }
                _ => return Err(self.refusal(answer, pass, &trail, request).await),
            }
        }
    }

    /// The secret that `request` is sent with.
    fn secret(&self, request: &Request) -> Result<Option<&Secret>, FetchError> {
        match request.bearer.as_ref().or(request.means.credential.as_ref().and_then(Credential::secret)) {
            None => Ok(None),
            Some(name) => match self.secrets.get(name) {
                Some(secret) => Ok(Some(secret)),
                None => Err(FetchError::UnknownSecret { name: name.clone() }),
            },
        }
    }

    /// How `url` is to be asked, or the refusal of its robots.txt.
    async fn turn(&self, request: &Request, url: &Url, now: Timestamp) -> Result<Turn, FetchError> {
        let pause = self.inner.settings.per_host_pause.max(request.means.spacing.unwrap_or_default());
        if !(request.obeys_robots && self.inner.settings.robots) {
            return Ok(Turn { pause, is_page: false });
        }
        let told = robots::check(self, url, now).await?;
        Ok(Turn { pause: pause.max(self.inner.settings.page_pause).max(told), is_page: true })
    }

    /// Does as an answer asks, for all who share its host and credential; also how long the host is left alone.
    fn hear(&self, answer: &Answer, who: &Who, asked_at: Instant, now: Timestamp) -> (Plea, Option<Duration>) {
        let quota = quota::read(&answer.headers, now);
        self.inner.lanes.hear(who, &quota);
        let plea = plea::read(answer, &quota, now);
        // A server that is crowded is crowded for everybody.
        let crowded = Who { holder: Holder::Everybody, ..who.clone() };
        let whom = if answer.status == 503 { &crowded } else { who };
        (plea, self.heed(plea, whom, asked_at))
    }

    fn heed(&self, plea: Plea, who: &Who, asked_at: Instant) -> Option<Duration> {
        let lanes = &self.inner.lanes;
        match plea {
            Plea::None => lanes.forgive(who),
            Plea::Error => {}
            Plea::Pause(rest) => {
                lanes.forgive(who);
                lanes.rest(who, rest);
            }
            Plea::SlowDown(Some(told)) => {
                lanes.rest(who, told);
                return Some(told);
            }
            Plea::SlowDown(None) => return Some(lanes.back_off(who, asked_at)),
            Plea::Perhaps => return lanes.suspect(who, asked_at),
        }
        None
    }

    /// Waits for its turn, then asks.
    async fn ask(&self, ask: Ask<'_>, time_left: Duration) -> Result<(Answer, Pass), FetchError> {
        let pass = match self.inner.lanes.enter(ask.who, ask.turn, &self.inner.everyone).await {
            Ok(pass) => pass,
            Err(wait) => return Err(FetchError::Resting { host: ask.who.host.clone(), wait }),
        };
        let call = Call {
            url: ask.sent,
            headers: ask.headers,
            body: ask.body,
            trust: Trust::Content,
            body_limit_bytes: ask.limit_bytes,
            total_deadline: time_left,
            idle_deadline: self.inner.settings.idle_deadline,
        };
        Ok((self.inner.net.open(call).await?, pass))
    }
}

/// One hop that waits for its turn.
struct Ask<'a> {
    who: &'a Who,
    /// The address with the secret that belongs in it.
    sent: String,
    headers: Vec<(String, String)>,
    body: Option<Bytes>,
    limit_bytes: usize,
    turn: Turn,
}

/// The address and the body of the next hop; what was meant for the first host stays with it.
fn carried(request: &Request, trail: &Trail, secret: Option<&Secret>) -> (String, Option<Bytes>) {
    if !trail.is_at_home() {
        return (trail.url().to_string(), None);
    }
    let mut url = trail.url().clone();
    if let (Some(Credential::Query(name, _)), Some(secret)) = (&request.means.credential, secret) {
        url.query_pairs_mut().append_pair(name, secret.expose());
    }
    (url.into(), request.means.payload.as_ref().map(|payload| payload.body.clone()))
}

/// Who asks the host of `url`: what goes elsewhere goes without the credential.
fn who(url: &Url, request: &Request, is_at_home: bool) -> Who {
    let key = key_hash(request).filter(|_| is_at_home);
    Who { host: host_key(url), holder: key.map_or(Holder::Nobody, Holder::Key) }
}

/// A hash of where the credential of `request` is found; never of the secret itself.
#[must_use]
pub fn key_hash(request: &Request) -> Option<u64> {
    let place = |name: &SecretRef| format!("{name:?}");
    Some(match &request.means.credential {
        Some(Credential::Token(plan)) => token::key_hash_of_plan(plan),
        Some(Credential::Header(name, secret) | Credential::Query(name, secret) | Credential::Basic(name, secret)) => {
            hash64(&[name, &place(secret)])
        }
        None => hash64(&["bearer", &place(request.bearer.as_ref()?)]),
    })
}

/// What counts as one host: its name, with and without TLS, and a port that is not the usual one, so that neighbors
/// on one machine do not wait for each other.
fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
