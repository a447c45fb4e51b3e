//! Cards that somebody wanted to see again: told once more when their time has come, by the routes of now.

use super::{Parts, PipelineError};
use crate::alert;
use crate::model::{Alert, NoticeKind};
use crate::store::{Snooze, Snoozed};
use crate::text::hash_hex;

/// Cards that are told again in one round.
const CARDS_TOGETHER: usize = 50;

/// Puts the alerts of every card whose time has come into the outbox, each under a key of its own.
///
/// # Errors
/// [`PipelineError`] where the store fails; the time of what was not told is still to come.
pub async fn wake_due(parts: &Parts) -> Result<(), PipelineError> {
    let now = (parts.clock)();
    for Snoozed { snooze, notice } in parts.store.due_snoozes(now, CARDS_TOGETHER).await? {
        let alerts = match &notice {
            None => Vec::new(),
            Some(pending) => {
                let NoticeKind::Opportunity { brand, .. } = &pending.notice.kind else { continue };
                let brand = parts.settings.watch.brands.iter().find(|watched| watched.id == *brand);
                let decided = alert::decide(pending, &parts.settings.alert, brand, now);
                decided.into_iter().flat_map(|decision| decision.alerts).map(|alert| again(alert, &snooze)).collect()
            }
        };
        parts.store.wake(snooze, alerts, now).await?;
    }
    Ok(())
}

/// The same alert as the one that a snooze ends with: the same key however often it is made.
fn again(alert: Alert, snooze: &Snooze) -> Alert {
    let key = hash_hex(&["again", alert.key.as_str(), &snooze.link]);
    Alert { key: crate::model::AlertKey::new(key), ..alert }
}
