//! Judges mentions: kinds, phase, slots, surprise or care, and a score with its reasons.

mod cue;
pub mod deadline;
pub mod place;
pub mod slack;

use std::time::Duration;

/// What the team decides for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long it takes until somebody has said yes.
    pub approval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { approval: Duration::from_secs(10 * 60) }
    }
}
