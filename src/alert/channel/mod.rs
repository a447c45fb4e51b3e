//! Hands one alert to one channel, once. Whether and when to try again is decided by `outbox`.

mod email;
mod terminal;
mod webhook;

pub use email::{EmailError, email_bytes};
pub use terminal::Terminal;

use super::{Channel, ChannelKind};
use crate::model::{Alert, Delivered};
use crate::net::Net;
use jiff::Timestamp;

/// What delivering needs from the outside.
#[derive(Debug, Clone, Copy)]
pub struct Doors<'d> {
    /// The door to the network.
    pub net: &'d Net,
    /// What the terminal channel writes to.
    pub terminal: &'d Terminal,
}

/// Tries once to deliver `alert` through `channel`. Never fails: what went wrong is the answer.
///
/// `now` is the moment of this attempt; the alert, its key and its mail stay the same over all attempts.
pub async fn deliver(channel: &Channel, alert: &Alert, doors: Doors<'_>, now: Timestamp) -> Delivered {
    match &channel.kind {
        ChannelKind::Terminal => doors.terminal.deliver(alert),
        ChannelKind::Email { relay, from, .. } => email::deliver(doors.net, relay, from, alert).await,
        ChannelKind::Webhook { url, secret, private } => {
            let target = webhook::Target { url, secret: secret.as_ref(), private: *private };
            webhook::deliver(doors.net, target, alert, now).await
        }
    }
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    crate::wording::one_line(&line, REASON_LIMIT)
}

/// The longest reason that is kept of a failed attempt.
const REASON_LIMIT: usize = 400;
