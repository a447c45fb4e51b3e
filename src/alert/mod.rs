//! Turns notices into alerts and hands them to channels.
//!
//! In: a [`PendingNotice`](crate::model::PendingNotice) and the settings. Out: [`Decision`]s with rendered
//! [`Alert`](crate::model::Alert)s for the outbox; later, what came of one attempt to deliver one of them.
//! It reads no store and no clock: what to route and when to try again is handed in.

mod channel;
mod idea;
mod links;
mod message;
mod news;
mod outbox;
mod payload;
mod route;
mod section;
mod turned;

pub use channel::{Doors, EmailError, Terminal, deliver, email_bytes};
pub use message::render;
pub use news::{house_recovered, house_trouble, source_moved, source_recovered, source_trouble};
pub use outbox::{ATTEMPTS_LIMIT, next_attempt};
pub use route::{ALERT_LIST, Decision, decide, spare, terminal_channel};

use crate::model::{BrandId, ChannelName, RouteName, Secret};
use crate::net::Relay;
use crate::query::Query;
use crate::wording::Links;

/// Where alerts go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The channels by name. None means: the terminal.
    pub channels: Vec<Channel>,
    /// The routes, in order; a notice goes out on every route that takes it. None means: everything to every channel.
    pub routes: Vec<Route>,
    /// The language of alerts: `en` or `de`.
    pub language: String,
    /// The time zone that times are shown in (IANA).
    pub zone: String,
    /// What makes links in mails; `None` where nobody could follow them.
    pub links: Option<Links>,
}

/// A place that alerts are sent to.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Its name.
    pub name: ChannelName,
    /// What it is.
    pub kind: ChannelKind,
}

/// What a channel is.
#[derive(Debug, Clone, PartialEq)]
pub enum ChannelKind {
    /// The terminal that the program runs in.
    Terminal,
    /// E-mail.
    Email {
        /// The relay.
        relay: Relay,
        /// The sender: `Porterhouse <listen@example.com>` or a bare address.
        from: String,
        /// The recipients, one mail each.
        to: Vec<String>,
    },
    /// A POST to an address, signed in the Standard Webhooks form.
    Webhook {
        /// The address.
        url: String,
        /// The signing secret: `whsec_` and base64.
        secret: Option<Secret>,
        /// It may have a private address.
        private: bool,
    },
}

/// Which notices go to which channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its name.
    pub name: RouteName,
    /// The channels that it sends to.
    pub channels: Vec<ChannelName>,
    /// Only these brands; empty means all.
    pub brands: Vec<BrandId>,
    /// Only opportunities that score at least this (0 to 1).
    pub min_score: f32,
    /// Only opportunities with `surprise`, or care cases.
    pub surprise_only: bool,
    /// Whether trouble of sources is told here.
    pub sources: bool,
    /// Only opportunities that this query means.
    pub query: Option<Query>,
}

#[cfg(test)]
mod tests;
