//! What a reading does to the state of its source, and when that is worth a notice.

use super::pace::due_after_failure;
use super::rhythm::is_unusually_quiet;
use super::schedule::place_hash;
use super::{Parts, moves};
use crate::fetch::{FetchError, Fetcher};
use crate::model::{Cause, Notice, NoticeKind, SourceHealth, SourceName, SourceSpec, SourceState};
use crate::net::NetError;
use crate::source::ReadError;
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Failures in a row after which trouble that may pass (no answer, "please wait") is worth a notice.
const PASSING_FAILURES: u32 = 3;

/// A failed reading, in the words of the stage that saw it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    pub(super) health: SourceHealth,
    pub(super) cause: Cause,
    pub(super) message: String,
    /// How long the source asks us to wait.
    pub(super) wait: Option<Duration>,
}

impl Failure {
    /// What the fetch says.
    pub(super) fn of_fetch(error: &FetchError) -> Self {
        let health = error.health();
        Self { health, cause: cause_of(error, health), message: error.to_string(), wait: error.retry_after() }
    }

    /// An answer that is nothing of what its engine reads.
    pub(super) fn of_answer(error: &ReadError) -> Self {
        if let ReadError::Closed { .. } = error {
            let message = error.to_string();
            return Self { health: SourceHealth::Blocked, cause: Cause::Closed, message, wait: None };
        }
        let cause = match error {
            ReadError::Unreadable { .. } | ReadError::BrokenJson { .. } | ReadError::Empty => Cause::Damaged,
            _ => Cause::NotAFeed,
        };
        Self::broken(cause, error.to_string())
    }

    /// What came cannot be read.
    pub(super) fn broken(cause: Cause, message: String) -> Self {
        Self { health: SourceHealth::Broken, cause, message, wait: None }
    }
}

/// The cause as a word; where the error is none of those that have one of their own, by what it means for the source.
fn cause_of(error: &FetchError, health: SourceHealth) -> Cause {
    match error {
        FetchError::RobotsForbid { .. } => Cause::Robots,
        FetchError::UnknownSecret { .. } => Cause::Secret,
        FetchError::Redirects { .. } | FetchError::BadRedirect { .. } | FetchError::Downgrade { .. } => Cause::Circle,
        FetchError::Status { status: 404, .. } => Cause::NotFound,
        FetchError::Status { status: 451, .. } => Cause::Withheld,
        FetchError::Status { status: 500..=599, .. } | FetchError::RobotsUnreachable { .. } => Cause::ServerFault,
        FetchError::Denied { status: 401, .. } => Cause::Login,
        FetchError::BotWall { .. } => Cause::BotWall,
        FetchError::ConsentPage { .. } => Cause::Consent,
        FetchError::Net(NetError::TooLarge { .. }) => Cause::TooLarge,
        _ => match health {
            SourceHealth::Throttled => Cause::SlowDown,
            SourceHealth::Blocked => Cause::Closed,
            SourceHealth::NeedsAttention => Cause::Login,
            SourceHealth::Gone => Cause::Gone,
            SourceHealth::Broken => Cause::Damaged,
            _ => Cause::NoAnswer,
        },
    }
}

/// Leaves the hosts alone that asked for it before this process began, until what is remembered of their sources says.
pub fn keep_rests(parts: &Parts, states: &[SourceState], now: Timestamp) {
    leave_alone(&parts.fetcher, &parts.settings.watch.sources, states, now);
}

/// [`keep_rests`] for a fetcher of its own.
pub(super) fn leave_alone(fetcher: &Fetcher, specs: &[SourceSpec], states: &[SourceState], now: Timestamp) {
    let resting = states.iter().filter(|state| state.health == SourceHealth::Throttled);
    let resting: HashMap<&SourceName, &SourceState> = resting.map(|state| (&state.source, state)).collect();
    if resting.is_empty() {
        return;
    }
    for spec in specs {
        let state = resting.get(&spec.name).filter(|state| state.place_hash == Some(place_hash(spec)));
        let rest = state.and_then(|state| state.due_at).map(|due_at| due_at.duration_since(now));
        if let Some(Ok(rest)) = rest.map(Duration::try_from) {
            fetcher.leave_alone(&spec.url, rest);
        }
    }
}

/// The state after a reading that worked; a notice where the source was reported as bad.
pub(super) fn after_success(
    mut state: SourceState,
    due_at: Timestamp,
    now: Timestamp,
) -> (SourceState, Option<Notice>) {
    let recovered = is_reported(state.health, state.failures);
    let health = if is_unusually_quiet(&state.memory, now) { SourceHealth::Quiet } else { SourceHealth::Fresh };
    if state.health != health {
        state.health = health;
        state.since = if health == SourceHealth::Quiet { state.memory.news_at } else { Some(now) };
    }
    state.message.clear();
    state.cause = None;
    state.failures = 0;
    state.asked_at = Some(now);
    state.read_at = Some(now);
    state.due_at = Some(due_at);
    let notice = recovered.then(|| Notice {
        kind: NoticeKind::SourceRecovered { source: state.source.clone() },
        at: now,
        backlog: false,
    });
    (state, notice)
}

/// The state after a reading that failed; a notice where that makes the source one to report.
pub(super) fn after_failure(
    mut state: SourceState,
    spec: &SourceSpec,
    failure: Failure,
    now: Timestamp,
) -> (SourceState, Option<Notice>) {
    let turned_gone = failure.health == SourceHealth::Gone && state.health != SourceHealth::Gone;
    let was_reported = is_reported(state.health, state.failures) && !turned_gone;
    if state.health != failure.health {
        state.health = failure.health;
        state.since = Some(now);
    }
    state.failures = state.failures.saturating_add(1);
    state.message = failure.message;
    state.cause = Some(failure.cause);
    moves::note_failure(&mut state.memory, state.failures);
    state.asked_at = Some(now);
    state.due_at = match failure.health {
        // Gone for good: asked again only when the operator asks.
        SourceHealth::Gone => Some(Timestamp::MAX),
        _ => {
            let is_refused = matches!(failure.health, SourceHealth::Blocked | SourceHealth::NeedsAttention);
            Some(due_after_failure(spec, state.failures, failure.wait, is_refused, now))
        }
    };
    let turned = !was_reported && is_reported(state.health, state.failures);
    let notice = turned.then(|| Notice {
        kind: NoticeKind::SourceTrouble {
            source: state.source.clone(),
            cause: state.cause,
            message: state.message.clone(),
        },
        at: now,
        backlog: false,
    });
    (state, notice)
}

/// The state of a source whose reading ended without an answer of any kind: a fault of ours.
#[must_use]
pub fn broken_off(spec: &SourceSpec, state: SourceState, now: Timestamp) -> SourceState {
    let message = "reading it broke off inside the program; please report this".to_owned();
    after_failure(state, spec, Failure::broken(Cause::Ours, message), now).0
}

/// The state of a source that was not asked, because another one of its host was told to slow down a moment ago.
///
/// That is no failure of its own: it waits as long as the host rests, and is shown as throttled until it is read.
pub(super) fn after_rest(mut state: SourceState, spec: &SourceSpec, failure: Failure, now: Timestamp) -> SourceState {
    if state.health.is_good() {
        state.health = SourceHealth::Throttled;
        state.since = Some(now);
        state.cause = Some(failure.cause);
        state.message = failure.message;
    }
    state.asked_at = Some(now);
    state.due_at = Some(due_after_failure(spec, 1, failure.wait, false, now));
    state
}

/// Whether a person was told of this state, or is to be told now.
fn is_reported(health: SourceHealth, failures: u32) -> bool {
    match health {
        SourceHealth::New | SourceHealth::Fresh | SourceHealth::Quiet => false,
        SourceHealth::Down | SourceHealth::Throttled => failures >= PASSING_FAILURES,
        SourceHealth::Blocked | SourceHealth::NeedsAttention | SourceHealth::Broken | SourceHealth::Gone => {
            failures >= 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;

    fn spec() -> SourceSpec {
        let name = SourceName::new("s");
        SourceSpec::new(name, "feed", "")
    }

    /// Feeds a row of outcomes (`None` = read) and says which of them gave a notice.
    fn check(outcomes: &[Option<SourceHealth>], expected: &[Option<&str>]) {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let mut state = SourceState::unread(SourceName::new("s"));
        let mut told = Vec::new();
        for outcome in outcomes {
            let (next, notice) = match outcome {
                None => after_success(state, now, now),
                Some(health) => {
                    let failure = Failure {
                        health: *health,
                        cause: Cause::NoAnswer,
                        message: "no answer".to_owned(),
                        wait: None,
                    };
                    after_failure(state, &spec(), failure, now)
                }
            };
            state = next;
            told.push(notice.map(|notice| notice.kind.as_str()));
        }
        assert_eq!(told, expected);
    }

    #[test]
    fn passing_trouble_is_told_at_the_third_time_and_once() {
        let down = Some(SourceHealth::Down);
        check(&[down, down, down, down, None], &[None, None, Some("source_trouble"), None, Some("source_recovered")]);
        check(&[down, None, down, down, None], &[None; 5]);
    }

    #[test]
    fn that_it_is_gone_is_told_whatever_was_told_before() {
        let (blocked, gone) = (Some(SourceHealth::Blocked), Some(SourceHealth::Gone));
        check(&[blocked, gone, gone], &[Some("source_trouble"), Some("source_trouble"), None]);
    }

    #[test]
    fn lasting_trouble_is_told_at_once_and_once() {
        let broken = Some(SourceHealth::Broken);
        check(&[broken, broken, None], &[Some("source_trouble"), None, Some("source_recovered")]);
    }
}
