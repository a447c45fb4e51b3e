//! What a reading does to the state of its source, and when that is worth a notice.

use super::pace::due_after_failure;
use super::rhythm::is_unusually_quiet;
use super::{Parts, PipelineError, moves};
use crate::fetch::FetchError;
use crate::model::{Cause, Notice, NoticeKind, SourceHealth, SourceName, SourceSpec, SourceState, Usage, amount};
use crate::net::NetError;
use crate::source::ReadError;
use crate::text::hash64;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Failures in a row after which trouble that may pass (no answer, "please wait") is worth a notice.
const PASSING_FAILURES: u32 = 3;

/// How often a source is looked at whose money is spent.
const BUDGET_LOOK: SignedDuration = SignedDuration::from_hours(1);

/// How often a service is looked at that says of itself that it shows nobody what is asked for.
const CLOSED_LOOK: Duration = Duration::from_secs(24 * 3_600);

/// The time after a reset over which the sources that waited for it are spread.
const RESET_SPREAD_S: u64 = 60;

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
            return Self { health: SourceHealth::Blocked, cause: Cause::Closed, message, wait: Some(CLOSED_LOOK) };
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
        FetchError::Token { trouble, .. } if trouble.is_transient() => Cause::ServerFault,
        FetchError::Token { .. } | FetchError::TokenRenewed { .. } | FetchError::TokenRefused { .. } => Cause::Token,
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

/// Recalls what hosts said before this process began, as far as it still holds.
///
/// # Errors
/// [`PipelineError`] where the store cannot be read.
pub async fn recall_limits(parts: &Parts) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    parts.fetcher.recall(&parts.store.host_limits(now).await?, now);
    Ok(())
}

/// Keeps what hosts said since this was last called.
///
/// # Errors
/// [`PipelineError`] where the store fails.
pub async fn keep_limits(parts: &Parts) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    Ok(parts.store.save_host_limits(parts.fetcher.new_limits(now), now).await?)
}

/// The state of a source whose budget is used up: it was not asked. A notice where that costs money.
///
/// That is no failure: it waits until there is more. A budget of money is looked at again within the hour, as somebody
/// may have raised it; that costs nothing.
pub(super) fn after_used_up(mut state: SourceState, usage: &Usage, now: Timestamp) -> (SourceState, Option<Notice>) {
    let (health, cause) = match usage.currency {
        Some(_) => (SourceHealth::NeedsAttention, Cause::Budget),
        None => (SourceHealth::Throttled, Cause::Quota),
    };
    let turned = state.cause != Some(cause);
    if state.health != health {
        state.health = health;
        state.since = Some(now);
    }
    state.cause = Some(cause);
    state.message = used_up_words(usage);
    state.asked_at = Some(now);
    let soonest = usage.ends_at.checked_add(after_reset(&state.source)).unwrap_or(usage.ends_at);
    let next_look = now.checked_add(BUDGET_LOOK).unwrap_or(now);
    state.due_at = Some(if usage.currency.is_some() { soonest.min(next_look) } else { soonest });
    let notice = (turned && usage.currency.is_some()).then(|| trouble(&state, now));
    (state, notice)
}

/// What is told of a source that cannot be read.
fn trouble(state: &SourceState, now: Timestamp) -> Notice {
    let kind =
        NoticeKind::SourceTrouble { source: state.source.clone(), cause: state.cause, message: state.message.clone() };
    Notice { kind, at: now, backlog: false }
}

/// `212 of 212 requests of this day are used; more from 2026-11-23T08:00:00Z on`.
pub(super) fn used_up_words(usage: &Usage) -> String {
    let (used, most) = match &usage.currency {
        Some(currency) => (amount(usage.used), format!("{} {currency}", amount(usage.most))),
        None => (usage.used.to_string(), format!("{} requests", usage.most)),
    };
    format!("{used} of {most} of this {} are used; not asked until {:.0}", usage.stretch.as_str(), usage.ends_at)
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
    let notice = turned.then(|| trouble(&state, now));
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

/// How long after a reset `source` is asked, so that not all are asked in the same second.
fn after_reset(source: &SourceName) -> SignedDuration {
    let seconds = 1 + hash64(&[source.as_str()]) % RESET_SPREAD_S;
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(1))
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
