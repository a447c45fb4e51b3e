//! The one door to the network: resolves, checks, connects.
//!
//! Every address that comes from content must be global unicast when it is connected to, and the checked
//! address is the one that is used. Endpoints that the operator wrote into `porterhouse.toml` may be private
//! where they say so. Nothing else in the house opens a socket outward.

use crate::model::{Response, Secret};
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

/// The door. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Net {}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum NetError {}

impl NetError {
    /// Whether the same call may work later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        true
    }
}

impl Net {
    /// One hop over HTTP.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused, nothing answers in time, or the answer breaks a bound.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn call(&self, call: Call) -> Result<Response, NetError> {
        let _ = call;
        Ok(Response { status: 0, url: String::new(), headers: Vec::new(), body: bytes::Bytes::new() })
    }

    /// Hands one finished mail (RFC 5322 bytes) to a relay; the answer is the relay's own last line.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused, nothing answers in time, or the relay refuses the mail.
    #[expect(clippy::unused_async, reason = "skeleton")]
    pub async fn send_mail(
        &self,
        relay: &Relay,
        envelope: &lettre::address::Envelope,
        mail: &[u8],
    ) -> Result<String, NetError> {
        let _ = (relay, envelope, mail);
        Ok(String::new())
    }
}
