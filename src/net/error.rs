//! Why nothing came back, in words that may be logged: hosts, never paths, queries or secrets.

use super::AddressKind;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The door itself could not be opened.
    #[error(
        "the HTTP client could not be set up; check the system's certificates, and `contact` and `proxy` in `[fetch]`"
    )]
    Setup(#[source] Cause),
    /// The text is no URL.
    #[error("the address is not a URL; write it as `https://host/path`")]
    NotUrl(#[source] url::ParseError),
    /// Neither `http` nor `https`.
    #[error("the address begins with `{scheme}:`; only `http:` and `https:` are read")]
    Scheme {
        /// What it begins with.
        scheme: String,
    },
    /// A port that belongs to another protocol.
    #[error("the address of `{host}` names port {port}, which belongs to another protocol; leave it out")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// A user name or password stands in an address that comes from content.
    #[error("the address of `{host}` carries a user name; leave it out")]
    UserInfo {
        /// The host.
        host: String,
    },
    /// The address leads where it may not.
    #[error(
        "`{host}` leads to {address}, which is {kind}; only public addresses are read, unless `allow_networks` or `private = true` opens this one"
    )]
    Refused {
        /// The host as written.
        host: String,
        /// Where it leads.
        address: IpAddr,
        /// What kind of address that is.
        kind: AddressKind,
    },
    /// The name has no address, or no name server answers.
    #[error("the name `{host}` could not be looked up; check its spelling and the name server")]
    Unresolved {
        /// The host.
        host: String,
        /// What the resolver said.
        #[source]
        cause: io::Error,
    },
    /// A request header that may not be sent, or is none.
    #[error("the request header `{name}` cannot be sent; remove it")]
    Header {
        /// Its name.
        name: String,
    },
    /// No connection, or no TLS.
    #[error("`{host}` could not be connected to")]
    Connect {
        /// The host.
        host: String,
        /// What went wrong.
        #[source]
        cause: Cause,
    },
    /// The proxy of the house did not connect us.
    #[error("`{host}` could not be reached through the proxy `{proxy}`; check `proxy` and its login in `[fetch]`")]
    Proxy {
        /// The host.
        host: String,
        /// The host of the proxy.
        proxy: String,
        /// What went wrong.
        #[source]
        cause: Cause,
    },
    /// The exchange took longer than it may.
    #[error("`{host}` took longer than {} s", .limit.as_secs_f32())]
    Late {
        /// The host.
        host: String,
        /// The deadline.
        limit: Duration,
    },
    /// The answer stopped coming.
    #[error("`{host}` fell silent for {} s in the middle of its answer", .limit.as_secs_f32())]
    Silent {
        /// The host.
        host: String,
        /// The deadline.
        limit: Duration,
    },
    /// The answer is larger than it may be.
    #[error("the answer of `{host}` is larger than {limit_bytes} bytes, the limit for its kind; skipped")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit, in decoded bytes.
        limit_bytes: usize,
    },
    /// The answer is not packed as its `Content-Encoding` says.
    #[error("the answer of `{host}` is not packed as it says; its server is misconfigured")]
    Encoding {
        /// The host.
        host: String,
        /// What the decoder said.
        #[source]
        cause: Cause,
    },
    /// The answer broke off, or is no HTTP.
    #[error("the answer of `{host}` broke off or cannot be understood")]
    Broken {
        /// The host.
        host: String,
        /// What went wrong.
        #[source]
        cause: Cause,
    },
    /// A stream was asked for, and something else answered.
    #[error("`{host}` answered {status} where a stream was asked for")]
    NoUpgrade {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The beginning of its answer. Never shown: it is for the engine, which knows its words.
        answer: String,
    },
    /// A relay without TLS that is not marked as private.
    #[error("the mail relay `{host}` is set to no TLS; use `tls` or `starttls`, or say `private = true`")]
    PlainMail {
        /// The host.
        host: String,
    },
    /// The relay does not offer STARTTLS.
    #[error("the mail relay `{host}` offers no STARTTLS; use port 465 with `tls`, or another relay")]
    NoStartTls {
        /// The host.
        host: String,
    },
    /// The relay answered with a refusal.
    #[error("the mail relay `{host}` answered {code}: {answer}")]
    Relay {
        /// The host.
        host: String,
        /// Its code: 4xx for later, 5xx for never.
        code: u16,
        /// Its words.
        answer: String,
    },
    /// Mail and relay do not fit together.
    #[error("the mail cannot be handed to `{host}`: it offers no login or encoding that we can use")]
    Unfit {
        /// The host.
        host: String,
        /// What does not fit.
        #[source]
        cause: Cause,
    },
}

impl NetError {
    /// Whether the same call may work later without anybody changing anything on our side.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unresolved { .. }
            | Self::Connect { .. }
            | Self::Proxy { .. }
            | Self::Late { .. }
            | Self::Silent { .. }
            | Self::Encoding { .. }
            | Self::Broken { .. } => true,
            Self::Relay { code, .. } => *code < 500,
            Self::NoUpgrade { status, .. } => *status == 429 || *status >= 500,
            Self::Setup(_)
            | Self::NotUrl(_)
            | Self::Scheme { .. }
            | Self::Port { .. }
            | Self::UserInfo { .. }
            | Self::Refused { .. }
            | Self::Header { .. }
            | Self::TooLarge { .. }
            | Self::PlainMail { .. }
            | Self::NoStartTls { .. }
            | Self::Unfit { .. } => false,
        }
    }
}
