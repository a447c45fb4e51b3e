//! Whether and where the service can be reached, and who left its lists. Nobody is connected to.

use super::super::clock::now;
use super::{Checkup, Patient, counted, open_store};
use crate::model::Wish;

pub(super) fn look_at_listener(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "listener";
    let Some(config) = &patient.config else { return };
    let Some(plan) = &config.web else {
        if !config.watch.hooks.is_empty() {
            let found = format!("{} posted to, but nobody listens", counted(config.watch.hooks.len(), "source"));
            checkup.warn(TOPIC, found, "write `[web]` with `listen = \"127.0.0.1:8086\"` into porterhouse.toml");
        }
        return;
    };
    let hooks = counted(config.watch.hooks.len(), "webhook");
    let found = match &plan.public_url {
        Some(url) => format!("listens at {}, for {hooks}; the world comes by {url}", plan.listen),
        None => format!("listens at {}, for {hooks}; mails hold no links without `public_url`", plan.listen),
    };
    if plan.listen.ip().is_loopback() {
        return checkup.ok(TOPIC, found);
    }
    let to_do = "listen on 127.0.0.1 behind a proxy that speaks TLS, or let nobody but that proxy get there";
    checkup.warn(TOPIC, format!("{found}; it can be connected to from outside, without TLS"), to_do);
}

/// What is agreed with hubs; nothing where no source has one.
pub(super) async fn look_at_hubs(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "hubs";
    let Some(Ok(store)) = patient.data.as_deref().map(open_store) else { return };
    let known = store.subscriptions().await.unwrap_or_default();
    store.close().await;
    let now = now();
    let (told, untold): (Vec<_>, Vec<_>) =
        known.iter().filter(|known| known.wish == Wish::Subscribe).partition(|known| known.is_trusted(now));
    if !told.is_empty() {
        checkup.ok(TOPIC, format!("{} told by a hub what is new", counted(told.len(), "source")));
    }
    for known in untold.iter().filter(|known| !known.message.is_empty()) {
        let found = format!("{}: {}", known.source, known.message);
        checkup.warn(TOPIC, found, "nothing is lost: it is read as often as without a hub");
    }
}

pub(super) async fn look_at_lists(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "recipients";
    // A database that cannot be opened is told by those who look at it.
    let Some(Ok(store)) = patient.data.as_deref().map(open_store) else { return };
    let left = store.left_lists().await.unwrap_or_default();
    store.close().await;
    for left in left {
        let found = format!("{} left the {} at {:.0}", left.recipient, left.list, left.at);
        checkup.warn(
            TOPIC,
            found,
            format!("where that was a mistake: `porterhouse digest --put-back {}`", left.recipient),
        );
    }
}
