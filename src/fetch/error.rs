//! Why a fetch brought nothing, for people and for the scheduler.

use super::{REDIRECTS, RETRY_AFTER_CAP, TokenTrouble};
use crate::model::{SecretRef, SourceHealth};
use crate::net::NetError;
use std::time::Duration;

/// Why a fetch brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server asks us to slow down (429, or 403 and 503 with `Retry-After`).
    #[error("`{host}` answered {status}{}", asks(.wait))]
    Throttled {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// How long it asks us to wait, capped at 24 h; `None` where it does not say.
        wait: Option<Duration>,
        /// How long we leave the host alone of our own accord where it does not say.
        rest: Option<Duration>,
    },
    /// We did not ask, because the host told us to slow down a while ago, or wants longer pauses than we wait in line.
    #[error("`{host}` asked us to slow down; not asked again for {} s", .wait.as_secs().max(1))]
    Resting {
        /// The host and port.
        host: String,
        /// What is left of the rest.
        wait: Duration,
    },
    /// A wall against robots stands where the answer should be.
    #[error(
        "`{host}` shows a wall against robots ({by}) in place of its answer; use a feed that it offers to programs, or ask who runs the site to let us in"
    )]
    BotWall {
        /// The host.
        host: String,
        /// Who built it.
        by: &'static str,
    },
    /// A login stands where the answer should be.
    #[error(
        "`{host}` asks for a login in place of its answer; choose an address that is open to all, or have the site give out one for programs"
    )]
    LoginWall {
        /// The host.
        host: String,
    },
    /// A page that asks for consent stands where the answer should be.
    #[error(
        "`{host}` shows a page that asks for consent in place of its answer; choose another address of the site, such as its feed"
    )]
    ConsentPage {
        /// The host.
        host: String,
    },
    /// The server refuses us (401, 403).
    #[error("`{host}` does not let us in ({status}); check the secret of this source, or ask who runs the site")]
    Denied {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The site's robots.txt forbids this page.
    #[error("the robots.txt of `{host}` forbids this page (`{rule}`); choose another, or ask who runs the site")]
    RobotsForbid {
        /// The host.
        host: String,
        /// The rule that forbids it.
        rule: String,
    },
    /// The site's robots.txt cannot be read, so nobody knows what it allows.
    #[error("`{host}` answered {status} when asked for its robots.txt; its pages wait until that works")]
    RobotsUnreachable {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The source is gone for good (410).
    #[error("`{host}` says that this address is gone for good (410); remove the source")]
    Gone {
        /// The host.
        host: String,
    },
    /// Another answer that is no success.
    #[error("`{host}` answered {status}{}", meaning(*.status))]
    Status {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// More redirects than are followed.
    #[error("`{host}` sent us on more than {REDIRECTS} times; the address leads in a circle")]
    Redirects {
        /// The host of the first address.
        host: String,
    },
    /// A redirect that leads nowhere.
    #[error("`{host}` answered {status} but does not say where to go")]
    BadRedirect {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// A redirect from `https` to `http` while a secret is sent.
    #[error("`{host}` sends us on without encryption; not followed, because a secret goes with this source")]
    Downgrade {
        /// The host.
        host: String,
    },
    /// The request names a secret that was not loaded.
    #[error("the secret {} of this source was not loaded", named(.name))]
    UnknownSecret {
        /// Its name.
        name: SecretRef,
    },
    /// There is no access token to ask with.
    #[error("`{host}` {trouble}")]
    Token {
        /// The host that should grant it.
        host: String,
        /// Why not.
        trouble: TokenTrouble,
    },
    /// The access token was refused and renewed; the request may be sent once more.
    #[error("the access token of `{host}` was refused and renewed; asked again")]
    TokenRenewed {
        /// The host that granted it.
        host: String,
    },
    /// The access token was refused although it was new.
    #[error(
        "the access token of `{host}` is refused although it is new; check what the key of this source is allowed to do"
    )]
    TokenRefused {
        /// The host that granted it.
        host: String,
    },
    /// Too many large answers at once, for too long.
    #[error("no room for the answer among those being read, after {} s", .waited.as_secs())]
    NoRoom {
        /// How long we waited.
        waited: Duration,
    },
    /// Nothing came back, or not what may come.
    #[error(transparent)]
    Net(#[from] NetError),
}

fn asks(wait: &Option<Duration>) -> String {
    match wait {
        Some(wait) if *wait >= RETRY_AFTER_CAP => "; it asks us to wait, a day or longer".to_owned(),
        Some(wait) => format!("; it asks us to wait {} s", wait.as_secs()),
        None => "; it asks us to slow down".to_owned(),
    }
}

fn meaning(status: u16) -> &'static str {
    match status {
        404 => " (not found); check the address",
        304 => " (not modified) although we asked for the whole; its server is misconfigured",
        406 => " (no format that we asked for)",
        407 => " (the proxy wants a login); check `proxy_user` and `proxy_password` in `[fetch]`",
        408 | 504 => " (too slow)",
        451 => " (withheld for legal reasons)",
        500..=599 => " (its server has a fault)",
        _ => "",
    }
}

fn named(name: &SecretRef) -> String {
    match name {
        SecretRef::Env(name) => format!("`env = \"{name}\"`"),
        SecretRef::File(name) => format!("`file = \"{name}\"`"),
        SecretRef::Credential(name) => format!("`credential = \"{name}\"`"),
    }
}

impl FetchError {
    /// Whether the same request may work later without anybody changing anything on our side.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Throttled { .. }
            | Self::Resting { .. }
            | Self::RobotsUnreachable { .. }
            | Self::NoRoom { .. }
            | Self::TokenRenewed { .. } => true,
            Self::Token { trouble, .. } => trouble.is_transient(),
            Self::Status { status, .. } => matches!(status, 408 | 425 | 500..=599),
            Self::Net(error) => error.is_transient(),
            Self::Denied { .. }
            | Self::BotWall { .. }
            | Self::LoginWall { .. }
            | Self::ConsentPage { .. }
            | Self::RobotsForbid { .. }
            | Self::Gone { .. }
            | Self::Redirects { .. }
            | Self::BadRedirect { .. }
            | Self::Downgrade { .. }
            | Self::UnknownSecret { .. }
            | Self::TokenRefused { .. } => false,
        }
    }

    /// The status of an answer that says no to this request and may not mean the whole site; a wall counts as 403, a
    /// login in place of the answer as 401.
    #[must_use]
    pub fn refusal(&self) -> Option<u16> {
        match self {
            Self::Denied { status, .. } => Some(*status),
            Self::Status { status, .. } if matches!(status, 400 | 404) => Some(*status),
            Self::Gone { .. } => Some(410),
            Self::BotWall { .. } => Some(403),
            Self::LoginWall { .. } => Some(401),
            _ => None,
        }
    }

    /// How long to wait before asking again: as the other side says, else as we leave its host alone; at most 24 h.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { wait, rest, .. } => wait.or(*rest),
            Self::Resting { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// What this means for the source.
    #[must_use]
    pub fn health(&self) -> SourceHealth {
        match self {
            Self::Throttled { .. } | Self::Resting { .. } => SourceHealth::Throttled,
            Self::TokenRenewed { .. } => SourceHealth::Down,
            Self::Token { trouble, .. } if trouble.is_transient() => SourceHealth::Down,
            // Only a person has the right key, the login or the consent to give.
            Self::Denied { status: 401, .. }
            | Self::Status { status: 407, .. }
            | Self::LoginWall { .. }
            | Self::ConsentPage { .. }
            | Self::Token { .. }
            | Self::TokenRefused { .. }
            | Self::UnknownSecret { .. } => SourceHealth::NeedsAttention,
            Self::Denied { .. }
            | Self::BotWall { .. }
            | Self::RobotsForbid { .. }
            | Self::Status { status: 451, .. } => SourceHealth::Blocked,
            Self::Gone { .. } => SourceHealth::Gone,
            Self::Net(NetError::TooLarge { .. } | NetError::Encoding { .. }) => SourceHealth::Broken,
            _ => SourceHealth::Down,
        }
    }
}
