//! When an outlet is open: by its own clock, and as instants of the days to come.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// When an outlet is open in a week, by its own clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    /// Of two rules for the same day the later one counts; a day without a rule is closed.
    pub rules: Vec<HoursRule>,
}

/// The hours of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursRule {
    /// For which days of the week it holds, Monday first.
    pub days: [bool; 7],
    /// Whether it holds on public holidays, whatever day of the week they are.
    pub holidays: bool,
    /// When it is open on these days, in the order written; none where it is closed.
    pub spans: Vec<HoursSpan>,
}

/// One stretch of opening in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursSpan {
    /// 0 to 1439.
    pub from: u16,
    /// Later than `from`, 2880 at most: beyond 1440 it ends on the next day.
    pub to: u16,
}

/// A stretch in which an outlet is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// When it opens.
    pub from: Timestamp,
    /// When it closes.
    pub to: Timestamp,
}

impl Opening {
    /// When work that takes `time` can begin, from `ready` on; `None` where it would not be done before closing.
    ///
    /// What takes longer than the whole opening only has to begin in it.
    #[must_use]
    pub fn start(&self, ready: Timestamp, time: Duration) -> Option<Timestamp> {
        let start = ready.max(self.from);
        (start <= self.last_start(time)).then_some(start)
    }

    /// When work that takes `time` has to begin at the latest.
    #[must_use]
    pub fn last_start(&self, time: Duration) -> Timestamp {
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        let moment_before = self.to.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(self.to);
        self.to.saturating_sub(time).ok().filter(|last| *last >= self.from).unwrap_or(moment_before)
    }
}
