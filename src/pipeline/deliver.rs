//! From notices to alerts in the outbox, and from the outbox to the channels.

use super::{Parts, PipelineError};
use crate::alert::{self, Channel, Decision, Doors};
use crate::model::{Alert, Brand, ChannelName, Delivered, NoticeKind, PendingNotice};
use crate::store::OutboxEntry;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Notices that are routed in one transaction.
const NOTICES_TOGETHER: usize = 200;

/// Alerts that are looked at in one round of deliveries.
const ALERTS_TOGETHER: usize = 200;

/// Lets the routes decide on every notice that is pending.
///
/// # Errors
/// [`PipelineError`] where the store fails; what was routed until then stays.
pub async fn route_pending(parts: &Parts) -> Result<(), PipelineError> {
    loop {
        let pending = parts.store.pending_notices(NOTICES_TOGETHER).await?;
        let n_pending = pending.len();
        if n_pending == 0 {
            return Ok(());
        }
        let now = (parts.clock)();
        let left = left_alerts(parts).await?;
        let mut verdicts = Vec::new();
        let mut alerts = Vec::new();
        for notice in &pending {
            for decision in decide(parts, notice, &left, now) {
                verdicts.push((notice.id, decision.route, decision.verdict));
                alerts.extend(decision.alerts);
            }
        }
        parts.store.route(verdicts, alerts, now).await?;
        if n_pending < NOTICES_TOGETHER {
            return Ok(());
        }
    }
}

/// What the routes make of `notice`, without those who left the list of alerts.
pub(super) fn decide(parts: &Parts, notice: &PendingNotice, left: &[String], now: Timestamp) -> Vec<Decision> {
    let settings = &parts.settings.alert;
    let mut decisions = alert::decide(notice, settings, brand_of(parts, notice), now);
    alert::spare(&mut decisions, &notice.notice.kind, settings, left);
    decisions
}

/// The recipients who left the list of alerts.
pub(super) async fn left_alerts(parts: &Parts) -> Result<Vec<String>, PipelineError> {
    let left = parts.store.left_lists().await?.into_iter().filter(|left| left.list == alert::ALERT_LIST);
    Ok(left.map(|left| left.recipient).collect())
}

fn brand_of<'p>(parts: &'p Parts, pending: &PendingNotice) -> Option<&'p Brand> {
    let (NoticeKind::Opportunity { brand, .. } | NoticeKind::OpportunityTurned { brand, .. }) = &pending.notice.kind
    else {
        return None;
    };
    parts.settings.watch.brands.iter().find(|watched| watched.id == *brand)
}

/// Delivers every alert that is due, the channels side by side; answers how many were delivered and how many wait.
///
/// A channel that fails once is left alone until its next attempt is due, so that it holds up no other. Once the
/// program is to stop, no further attempt begins.
///
/// # Errors
/// [`PipelineError`] where the store fails; what was acknowledged but not recorded is sent once more.
pub async fn deliver_due(parts: &Parts) -> Result<(u64, u64), PipelineError> {
    let due = parts.store.due_alerts((parts.clock)(), ALERTS_TOGETHER).await?;
    if due.is_empty() {
        return Ok((0, 0));
    }
    parts.store.prove_writable(due.iter().map(|entry| entry.alert.key.clone()).collect()).await?;
    let mut by_channel: BTreeMap<ChannelName, Vec<OutboxEntry>> = BTreeMap::new();
    for entry in due {
        by_channel.entry(entry.alert.channel.clone()).or_default().push(entry);
    }
    let deliveries = by_channel.into_iter().map(|(name, entries)| deliver_on(parts, name, entries));
    let mut totals = (0, 0);
    for outcome in join_all(deliveries).await {
        let (n_delivered, n_waiting) = outcome?;
        totals = (totals.0 + n_delivered, totals.1 + n_waiting);
    }
    Ok(totals)
}

async fn deliver_on(parts: &Parts, name: ChannelName, entries: Vec<OutboxEntry>) -> Result<(u64, u64), PipelineError> {
    let channel = channel_named(parts, &name);
    let (mut n_delivered, mut n_waiting) = (0, 0);
    let mut is_failing = false;
    for OutboxEntry { alert, attempts, .. } in entries {
        if is_failing || parts.is_stopping() {
            n_waiting += 1;
            continue;
        }
        // While others were tried, its post may have been deleted.
        if !parts.store.still_waits(alert.key.clone()).await? {
            continue;
        }
        let delivered = attempt(parts, channel.as_ref(), &alert).await;
        match &delivered {
            Delivered::Acknowledged => n_delivered += 1,
            Delivered::Retry(reason) | Delivered::Refused(reason) => {
                let channel = &alert.channel;
                tracing::warn!(%channel, key = %alert.key, attempts, "an alert was not delivered: {reason}");
                is_failing = matches!(delivered, Delivered::Retry(_));
                n_waiting += u64::from(is_failing);
            }
        }
        let now = (parts.clock)();
        let pause = alert::next_attempt(attempts + 1, alert.key.as_str());
        let pause = pause.and_then(|pause| SignedDuration::try_from(pause).ok());
        let next_attempt_at = pause.and_then(|pause| now.checked_add(pause).ok());
        parts.store.record_delivery(alert.key, delivered, next_attempt_at, now).await?;
    }
    Ok((n_delivered, n_waiting))
}

pub(super) async fn attempt(parts: &Parts, channel: Option<&Channel>, alert: &Alert) -> Delivered {
    match channel {
        Some(channel) => {
            let doors = Doors { net: &parts.net, terminal: &parts.terminal };
            alert::deliver(channel, alert, doors, (parts.clock)()).await
        }
        None => Delivered::Refused(format!("the channel `{}` is no longer in porterhouse.toml", alert.channel)),
    }
}

pub(super) fn channel_named(parts: &Parts, name: &ChannelName) -> Option<Channel> {
    let configured = parts.settings.alert.channels.iter().find(|channel| channel.name == *name).cloned();
    let terminal = alert::terminal_channel();
    configured.or_else(|| (parts.settings.alert.channels.is_empty() && terminal.name == *name).then_some(terminal))
}
