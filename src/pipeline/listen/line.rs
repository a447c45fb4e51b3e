//! One open connection of a stream, whichever way it speaks.

use crate::net::{Dial, EventWire, Heard, Net, NetError, Wire};
use crate::source::Hail;
use std::time::Duration;
use tokio::time::Instant;

/// An open connection.
pub(super) enum Line {
    Socket(Box<Wire>),
    Events(Box<EventWire>),
}

impl Line {
    /// Connects, and says what the stream is to be told first.
    pub(super) async fn open(net: &Net, dial: Dial, hail: &Hail) -> Result<Self, NetError> {
        if hail.is_events {
            return Ok(Self::Events(Box::new(net.tune_in(dial).await?)));
        }
        let mut wire = net.dial(dial).await?;
        for message in &hail.first {
            wire.send(message).await?;
        }
        Ok(Self::Socket(Box::new(wire)))
    }

    /// The next message, as [`Wire::next`].
    pub(super) async fn next(&mut self, until: Instant) -> Result<Heard, NetError> {
        match self {
            Self::Socket(wire) => wire.next(until).await,
            Self::Events(wire) => wire.next(until).await,
        }
    }

    /// As [`Wire::forgive`].
    pub(super) fn forgive(&mut self, waited: Duration) {
        match self {
            Self::Socket(wire) => wire.forgive(waited),
            Self::Events(wire) => wire.forgive(waited),
        }
    }
}
