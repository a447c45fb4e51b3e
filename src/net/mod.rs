//! The one door to the network: resolves, checks, connects.
//!
//! In: a [`Call`] or a mail for a [`Relay`], each with the [`Trust`] that its address deserves.
//! Out: an [`Answer`] to read piece by piece, a whole [`Response`], a [`Wire`] or an [`EventWire`] that stays, or a [`NetError`] that names the host only
//! (paths and queries may hold tokens). Every address that comes from content must be global unicast when it is
//! connected to, and the checked address is the one that is used; a [`Proxy`] that the operator names connects in our
//! place, and then only what can be seen from here is checked. Endpoints that the operator wrote into
//! `porterhouse.toml` may be private where they say so. Nothing else in the house opens a socket outward.
//! [`Listener`] is the way in: it opens no address but the one that it is told.
//! Redirects, pace and retries are not its business: they belong to `fetch` and `alert`.

mod error;
mod events;
mod gate;
mod http;
mod listen;
#[cfg(test)]
pub(crate) mod loopback;
mod proxy;
mod resolve;
mod roots;
mod smtp;
#[cfg(test)]
mod tests;
mod wire;

pub use error::NetError;
pub use events::EventWire;
pub use gate::{AddressKind, address_kind};
pub use http::Answer;
pub use listen::{Bounds, ListenError, Listener, Reception, Reply, Visit};
pub use proxy::{Direct, Proxy};
pub use roots::{Roots, RootsError};
pub use wire::{Dial, Heard, Wire};

use crate::model::{Response, Secret};
use gate::Gate;
use http::Clients;
use resolve::Lookup;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How the door is set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Closed networks that content may lead into as well (tests, houses without internet).
    pub allow_networks: Vec<ipnet::IpNet>,
    /// A DNS server to ask instead of the system's resolver.
    pub resolver: Option<std::net::SocketAddr>,
    /// The user agent.
    pub user_agent: String,
    /// A proxy that connects in our place.
    pub proxy: Option<Proxy>,
    /// Certificates believed beside those of the system.
    pub roots: Roots,
}

/// Where an address comes from, which decides what it may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// From content, from a page or from `sources.toml`: global unicast only.
    Content,
    /// From `porterhouse.toml`: private only where the operator says `private = true`.
    Operator {
        /// `private = true` stands beside it.
        private: bool,
    },
}

/// How a mail relay is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailSecurity {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    #[default]
    StartTls,
    /// None: only for a relay in the house that the operator marks `private = true`.
    None,
}

/// A mail relay as the operator wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct Relay {
    /// Its host name, which its certificate must name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub security: MailSecurity,
    /// The user name and password, where it asks for them.
    pub login: Option<(String, Secret)>,
    /// It may have a private address.
    pub private: bool,
    /// The longest that one delivery may take.
    pub timeout: Duration,
}

/// One GET or POST: a single hop, redirects are answers.
#[derive(Debug, Clone)]
pub struct Call {
    /// The absolute `http` or `https` address.
    pub url: String,
    /// Request headers.
    pub headers: Vec<(String, String)>,
    /// The body of a POST; `None` makes it a GET.
    pub body: Option<bytes::Bytes>,
    /// Where the address comes from.
    pub trust: Trust,
    /// The most decoded bytes that the answer may have.
    pub body_limit_bytes: usize,
    /// The longest that the whole exchange may take.
    pub total_deadline: Duration,
    /// The longest silence between two pieces of the answer.
    pub idle_deadline: Duration,
}

/// The door. Cheap to clone; all clones share their connections.
#[derive(Debug, Clone)]
pub struct Net {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    gate: Gate,
    lookup: Arc<dyn Lookup>,
    clients: Clients,
    roots: Roots,
    proxy: Option<Proxy>,
    user_agent: String,
    /// For streams; made when the first one needs it.
    tls: OnceLock<Arc<rustls::ClientConfig>>,
}

/// Installs the TLS provider for the process. Harmless when called again.
pub fn install_crypto() {
    // An error only means that somebody installed one before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Net {
    /// Opens the door: installs the TLS provider and builds the clients. Connects to nothing yet.
    ///
    /// # Errors
    /// [`NetError::Setup`] when the system has no usable trust store, the user agent is no header text or the proxy cannot
    /// be used.
    pub fn new(settings: &Settings) -> Result<Self, NetError> {
        let lookup = resolve::lookup_for(settings.resolver)?;
        Self::with_lookup(settings, lookup)
    }

    fn with_lookup(settings: &Settings, lookup: Arc<dyn Lookup>) -> Result<Self, NetError> {
        install_crypto();
        let gate = Gate::new(&settings.allow_networks);
        let clients = Clients::new(&gate, &lookup, settings)?;
        let Settings { roots, proxy, user_agent, .. } = settings.clone();
        let tls = OnceLock::new();
        Ok(Self { inner: Arc::new(Inner { gate, lookup, clients, roots, proxy, user_agent, tls }) })
    }

    /// One hop over HTTP, up to the head of the answer; its body waits to be read piece by piece.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused or nothing answers in time.
    pub async fn open(&self, call: Call) -> Result<Answer, NetError> {
        http::open(&self.inner.gate, &self.inner.clients, call).await
    }

    /// One hop over HTTP, with the whole body.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused, nothing answers in time, or the answer breaks a bound.
    pub async fn call(&self, call: Call) -> Result<Response, NetError> {
        self.open(call).await?.into_response().await
    }

    /// Opens a connection that stays (WebSocket), up to its upgrade.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused or nothing answers in time; [`NetError::NoUpgrade`] where it answers
    /// with something else.
    pub async fn dial(&self, dial: Dial) -> Result<Wire, NetError> {
        let Inner { gate, lookup, roots, proxy, user_agent, tls, .. } = self.inner.as_ref();
        let door = wire::Door { gate, lookup: lookup.as_ref(), proxy: proxy.as_ref(), roots, tls, user_agent };
        wire::open(&door, dial).await
    }

    /// The addresses of `host` that may be connected to. Nothing is connected to.
    ///
    /// # Errors
    /// [`NetError::Unresolved`] and [`NetError::Refused`].
    pub async fn resolve(&self, host: &str, trust: Trust) -> Result<Vec<IpAddr>, NetError> {
        resolve::admitted(self.inner.lookup.as_ref(), &self.inner.gate, trust, host).await
    }

    /// Connects to a relay, secures the connection and logs in as configured, and hangs up: nothing is sent.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused, nothing answers in time, or the relay refuses us.
    pub async fn greet_relay(&self, relay: &Relay) -> Result<(), NetError> {
        let Inner { gate, lookup, roots, .. } = self.inner.as_ref();
        smtp::greet(gate, lookup.as_ref(), roots, relay).await
    }

    /// Hands one finished mail (RFC 5322 bytes) to a relay; the answer is the relay's own last line.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused, nothing answers in time, or the relay refuses the mail.
    pub async fn send_mail(
        &self,
        relay: &Relay,
        envelope: &lettre::address::Envelope,
        mail: &[u8],
    ) -> Result<String, NetError> {
        let Inner { gate, lookup, roots, .. } = self.inner.as_ref();
        smtp::send(gate, lookup.as_ref(), roots, relay, envelope, mail).await
    }
}
