//! Cards that somebody wanted to see again: told once more when their time has come, by the routes of now.

use super::deliver::{decide, left_alerts};
use super::{Parts, PipelineError};
use crate::model::{Alert, AlertBody, AlertKey, Card, Opportunity};
use crate::store::{Snooze, Snoozed};
use crate::text::hash_hex;
use crate::wording::Language;

/// Cards that are told again in one round.
const CARDS_TOGETHER: usize = 50;

/// Puts the alerts of every card whose time has come into the outbox, each under a key of its own.
///
/// # Errors
/// [`PipelineError`] where the store fails; the time of what was not told is still to come.
pub async fn wake_due(parts: &Parts) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    let word = Language::from_tag(&parts.settings.alert.language).words().again;
    for Snoozed { snooze, notice } in parts.store.due_snoozes(now, CARDS_TOGETHER).await? {
        let is_over = |card: &Card| {
            let until = card.opportunity.as_ref().and_then(Opportunity::waits_until);
            until.is_some_and(|until| until <= now)
        };
        // Nobody was there to tell it in time: what was missed is told by the digest.
        let notice = notice.filter(|notice| !notice.card.as_ref().is_some_and(is_over));
        let alerts = match &notice {
            None => Vec::new(),
            Some(pending) => {
                let decided = decide(parts, pending, &left_alerts(parts).await?, now).into_iter();
                decided.flat_map(|decision| decision.alerts).map(|alert| again(alert, &snooze, word)).collect()
            }
        };
        parts.store.wake(snooze, alerts, now).await?;
    }
    Ok(())
}

/// The same alert as the one that a snooze ends with: the same key however often it is made.
fn again(alert: Alert, snooze: &Snooze, word: &str) -> Alert {
    let key = hash_hex(&["again", alert.key.as_str(), &snooze.link]);
    let body = AlertBody { subject: format!("{word}: {}", alert.body.subject), ..alert.body };
    Alert { key: AlertKey::new(key), body, ..alert }
}
