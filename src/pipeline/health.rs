//! What a reading does to the state of its source, and when that is worth a notice.

use super::pace::due_after_failure;
use crate::model::{Notice, NoticeKind, SourceHealth, SourceSpec, SourceState};
use jiff::Timestamp;
use std::time::Duration;

/// Failures in a row after which trouble that may pass (no answer, "please wait") is worth a notice.
const PASSING_FAILURES: u32 = 3;

/// A failed reading, in the words of the stage that saw it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    pub(super) health: SourceHealth,
    pub(super) message: String,
    /// How long the source asks us to wait.
    pub(super) wait: Option<Duration>,
}

/// The state after a reading that worked; a notice where the source was reported as bad.
pub(super) fn after_success(
    mut state: SourceState,
    due_at: Timestamp,
    now: Timestamp,
) -> (SourceState, Option<Notice>) {
    let recovered = is_reported(state.health, state.failures);
    if state.health != SourceHealth::Fresh {
        state.health = SourceHealth::Fresh;
        state.since = Some(now);
    }
    state.message.clear();
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
    let was_reported = is_reported(state.health, state.failures);
    if state.health != failure.health {
        state.health = failure.health;
        state.since = Some(now);
    }
    state.failures = state.failures.saturating_add(1);
    state.message = failure.message;
    state.asked_at = Some(now);
    state.due_at = match failure.health {
        // Gone for good: asked again only when the operator asks.
        SourceHealth::Gone => Some(Timestamp::MAX),
        _ => Some(due_after_failure(spec, state.failures, failure.wait, now)),
    };
    let turned = !was_reported && is_reported(state.health, state.failures);
    let notice = turned.then(|| Notice {
        kind: NoticeKind::SourceTrouble { source: state.source.clone(), message: state.message.clone() },
        at: now,
        backlog: false,
    });
    (state, notice)
}

/// The state of a source whose reading ended without an answer of any kind: a fault of ours.
#[must_use]
pub fn broken_off(spec: &SourceSpec, state: SourceState, now: Timestamp) -> SourceState {
    let message = "reading it broke off inside the program; please report this".to_owned();
    after_failure(state, spec, Failure { health: SourceHealth::Broken, message, wait: None }, now).0
}

/// Whether a person was told of this state, or is to be told now.
fn is_reported(health: SourceHealth, failures: u32) -> bool {
    match health {
        SourceHealth::New | SourceHealth::Fresh => false,
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
        SourceSpec { name, engine: "feed".to_owned(), url: String::new(), every: None, medium: None, lang: None }
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
                    let failure = Failure { health: *health, message: "no answer".to_owned(), wait: None };
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
    fn lasting_trouble_is_told_at_once_and_once() {
        let broken = Some(SourceHealth::Broken);
        check(&[broken, broken, None], &[Some("source_trouble"), None, Some("source_recovered")]);
    }
}
