//! The wall clock: the only place that reads it.

use crate::pipeline::Clock;
use jiff::Timestamp;
use std::sync::Arc;

/// What time it is.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The wall clock, to be handed to the pipeline.
#[must_use]
pub fn clock() -> Clock {
    Arc::new(now)
}
