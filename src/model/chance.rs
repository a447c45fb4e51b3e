//! What can still be done about an opportunity at a moment, and why not.
//!
//! In: an [`Opportunity`] as it was judged, and `now`. Out: a [`Chance`]. Nothing is stored: who asks later hears what
//! holds then.

use super::{Card, NearestOutlet, NoOutlet, Opening, Opportunity};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::time::Duration;

/// What can still be done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chance {
    /// No deadline is named.
    Open,
    /// There is time: `deadline − now − approval − preparation − travel`, and until the outlet opens.
    InTime {
        /// Seconds, 0 or more.
        slack_seconds: i64,
    },
    /// It cannot be done any more.
    Missed(Missed),
}

/// Why it cannot be done any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// The deadline lies behind us.
    Passed {
        /// By so many seconds.
        seconds: i64,
    },
    /// Approval, preparation and travel take longer than what is left.
    TooLate {
        /// By so many seconds.
        seconds: i64,
    },
    /// There would be time, but no outlet opens soon enough.
    Closed {
        /// When the soonest could begin, where that was looked up.
        begins_at: Option<Timestamp>,
    },
    /// No outlet can be there at all.
    Nobody(NoOutlet),
    /// There was time when it was read, and nobody did anything.
    NobodyActed {
        /// Until when somebody could have begun.
        until: Timestamp,
    },
}

impl NearestOutlet {
    /// Approval, preparation and travel together.
    #[must_use]
    pub fn needed(&self) -> Duration {
        self.approval.saturating_add(self.preparation).saturating_add(self.travel)
    }

    /// When somebody who says yes from `now` on can begin there; `None` where it does not open as far as we looked.
    #[must_use]
    pub fn begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        let ready = after(now, self.approval);
        match &self.open {
            None => Some(ready),
            Some(openings) => openings.iter().find_map(|opening| opening.start(ready, self.preparation)),
        }
    }

    /// When somebody from there can be at the place.
    #[must_use]
    pub fn arrives_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.begins_at(now).map(|begin| after(begin, self.preparation.saturating_add(self.travel)))
    }

    /// `deadline − now − approval − preparation − travel`, less the wait until it opens, in seconds; negative when it
    /// is too late. `None` where it does not open as far as we looked.
    #[must_use]
    pub fn slack_seconds(&self, deadline: Timestamp, now: Timestamp) -> Option<i64> {
        self.arrives_at(now).map(|arrival| deadline.as_second() - arrival.as_second())
    }

    /// How long nobody can begin because it is closed.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Duration {
        let seconds = self.begins_at(now).map_or(0, |begin| begin.as_second() - after(now, self.approval).as_second());
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// The opening that `now` lies in, else the next one.
    #[must_use]
    pub fn opening(&self, now: Timestamp) -> Option<&Opening> {
        self.open.as_ref()?.iter().find(|opening| opening.to > now)
    }

    /// The last moment at which approving it would still be in time for `deadline`.
    #[must_use]
    pub fn act_by(&self, deadline: Timestamp) -> Option<Timestamp> {
        let start = before(deadline, self.preparation.saturating_add(self.travel));
        let begin = match &self.open {
            None => start,
            Some(openings) => openings
                .iter()
                .rev()
                .find(|opening| opening.from <= start)
                .map(|opening| start.min(opening.last_start(self.preparation)))?,
        };
        Some(before(begin, self.approval))
    }
}

impl Opportunity {
    /// The outlet that can be there soonest for somebody who acts at `now`; the nearest where none opens.
    #[must_use]
    pub fn outlet(&self, now: Timestamp) -> Option<&NearestOutlet> {
        let nearest = self.nearest.as_ref()?;
        let all = std::iter::once(nearest).chain(&self.plan.others);
        let soonest = all.filter_map(|outlet| Some((outlet.arrives_at(now)?, outlet)));
        Some(soonest.min_by_key(|(arrival, _)| *arrival).map_or(nearest, |(_, outlet)| outlet))
    }

    /// What can still be done at `now`.
    ///
    /// Without an outlet the slack is `deadline − now − approval`. That nobody can be there ends only a surprise: a
    /// question is answered from anywhere.
    #[must_use]
    pub fn chance(&self, now: Timestamp) -> Chance {
        let Some(deadline) = self.judgement.slots.deadline.as_ref().map(|deadline| deadline.at.at) else {
            return Chance::Open;
        };
        let left = deadline.as_second() - now.as_second();
        if left <= 0 {
            return Chance::Missed(Missed::Passed { seconds: -left });
        }
        if let Some(nobody) = self.plan.nobody.as_ref().filter(|_| self.judgement.surprise) {
            return Chance::Missed(Missed::Nobody(nobody.clone()));
        }
        let Some(outlet) = self.outlet(now) else {
            return chance_of(left - seconds(self.plan.approval));
        };
        let without_hours = left - seconds(outlet.needed());
        match outlet.slack_seconds(deadline, now) {
            Some(slack) if slack >= 0 => Chance::InTime { slack_seconds: slack },
            _ if without_hours < 0 => chance_of(without_hours),
            _ => Chance::Missed(Missed::Closed { begins_at: outlet.begins_at(now) }),
        }
    }

    /// The moment up to which it can be put off; `None` where it has no deadline. What could never be done in time
    /// cannot be put off at all.
    #[must_use]
    pub fn waits_until(&self) -> Option<Timestamp> {
        self.judgement.slots.deadline.as_ref()?;
        Some(self.act_by().unwrap_or(Timestamp::MIN))
    }

    /// The last moment at which somebody could act in time; `None` without a deadline, or where there never was one.
    #[must_use]
    pub fn act_by(&self) -> Option<Timestamp> {
        let deadline = self.judgement.slots.deadline.as_ref()?.at.at;
        if self.judgement.surprise && self.plan.nobody.is_some() {
            return None;
        }
        match &self.nearest {
            None => Some(before(deadline, self.plan.approval)),
            Some(nearest) => {
                std::iter::once(nearest).chain(&self.plan.others).filter_map(|outlet| outlet.act_by(deadline)).max()
            }
        }
    }
}

impl Card {
    /// Why what it asks for was not done, seen at `now`; `None` where it still can be or was done, has no deadline, or
    /// asks for a person's care.
    ///
    /// What could not be done when it was read says so; else nobody acted while there was time.
    #[must_use]
    pub fn why_missed(&self, now: Timestamp) -> Option<Missed> {
        let opportunity = self.opportunity.as_ref().filter(|found| !self.done && !found.judgement.care)?;
        let missed = |chance| if let Chance::Missed(missed) = chance { Some(missed) } else { None };
        let by_now = missed(opportunity.chance(now))?;
        let when_read = missed(opportunity.chance(self.seen_at.min(now)));
        Some(match (when_read, opportunity.act_by()) {
            (Some(when_read), _) => when_read,
            (None, Some(until)) => Missed::NobodyActed { until },
            (None, None) => by_now,
        })
    }
}

fn chance_of(slack_seconds: i64) -> Chance {
    if slack_seconds >= 0 {
        Chance::InTime { slack_seconds }
    } else {
        Chance::Missed(Missed::TooLate { seconds: -slack_seconds })
    }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

fn after(at: Timestamp, time: Duration) -> Timestamp {
    at.saturating_add(signed(time)).unwrap_or(Timestamp::MAX)
}

fn before(at: Timestamp, time: Duration) -> Timestamp {
    at.saturating_sub(signed(time)).unwrap_or(Timestamp::MIN)
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
