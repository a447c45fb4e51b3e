//! What can be reached: names, the hosts of sources, mail relays, webhooks; and what hosts say of our clock.

use super::machine::SKEW;
use super::{Checkup, counted};
use crate::pipeline::{Clock, Contact, Place, Reached, Settings, reach};
use jiff::SignedDuration;
use std::error::Error;

/// Hosts that are named one by one; the rest is counted.
const HOSTS_LISTED: usize = 20;

/// Knocks at every door and notes who opened.
pub(super) async fn look_around(
    settings: &Settings,
    clock: &Clock,
    on_progress: &mut (dyn FnMut(u64, u64) + Send),
    checkup: &mut Checkup,
) {
    match reach(settings, clock, on_progress).await {
        Ok(reached) => tell(&reached, checkup),
        Err(error) => checkup.wrong("network", words(&error), "the network cannot be used at all until this is mended"),
    }
}

fn tell(reached: &[Reached], checkup: &mut Checkup) {
    tell_names(reached, checkup);
    tell_hosts(reached, checkup);
    tell_clock(reached, checkup);
    for reached in reached {
        match &reached.place {
            Place::Host { .. } => {}
            Place::Relay { channel, relay } => {
                let name = format!("`{channel}`: {}:{}", relay.host, relay.port);
                let how = if relay.login.is_some() { "takes our login" } else { "answers; no login was tried" };
                let to_do = "check host, port, `security` and login of the channel, and the firewall";
                tell_channel("mail relay", &name, how, to_do, &reached.outcome, checkup);
            }
            Place::Webhook { channel, .. } => {
                let to_do = "check the `url` of the channel; a host inside the house needs `private = true`";
                let how = "its name leads somewhere; nothing was sent";
                tell_channel("webhook", &format!("`{channel}`"), how, to_do, &reached.outcome, checkup);
            }
        }
    }
}

fn tell_channel<E: Error>(
    topic: &'static str,
    name: &str,
    how: &str,
    to_do: &str,
    outcome: &Result<Contact, E>,
    checkup: &mut Checkup,
) {
    match outcome {
        Ok(_) => checkup.ok(topic, format!("{name} {how}")),
        Err(error) => checkup.wrong(topic, format!("{name}: {}", words(error)), to_do),
    }
}

/// Whether names can be looked up; where none can, that is one trouble and not one for each host.
fn tell_names(reached: &[Reached], checkup: &mut Checkup) {
    const TOPIC: &str = "names";
    let n_unknown = reached.iter().filter(|reached| is_unresolved(reached)).count();
    if reached.is_empty() {
        return;
    }
    let found = format!("{n_unknown} of {} names could not be looked up", reached.len());
    match n_unknown {
        0 => checkup.ok(TOPIC, format!("{} looked up", counted(reached.len(), "name"))),
        n if n == reached.len() => {
            checkup.wrong(TOPIC, found, "check the name server: /etc/resolv.conf, or `resolver` in [fetch]");
        }
        _ => checkup.warn(TOPIC, found, "check their spelling; they are named below"),
    }
}

fn is_unresolved(reached: &Reached) -> bool {
    matches!(&reached.outcome, Err(crate::pipeline::NetError::Unresolved { .. }))
}

fn tell_hosts(reached: &[Reached], checkup: &mut Checkup) {
    const TOPIC: &str = "sources";
    let hosts = reached.iter().filter_map(|reached| match &reached.place {
        Place::Host { origin, n_sources } => Some((origin, *n_sources, reached)),
        Place::Relay { .. } | Place::Webhook { .. } => None,
    });
    let hosts: Vec<_> = hosts.collect();
    if hosts.is_empty() {
        return;
    }
    let silent: Vec<_> = hosts.iter().filter(|(_, _, reached)| reached.outcome.is_err()).collect();
    let n_open = hosts.len() - silent.len();
    let found = format!("{n_open} of {} hosts answer", hosts.len());
    let to_do = "check the network of this machine: route, firewall, proxy";
    match n_open {
        n if n == hosts.len() => checkup.ok(TOPIC, found),
        0 => checkup.wrong(TOPIC, found, to_do),
        _ => checkup.warn(TOPIC, found, "`porterhouse sources` says how long each has been silent"),
    }
    for (origin, n_sources, reached) in silent.iter().take(HOSTS_LISTED) {
        if let Err(error) = &reached.outcome {
            let found = format!("{origin} ({}): {}", counted(*n_sources, "source"), words(error));
            checkup.warn(TOPIC, found, "open it in a browser; if it is gone, take its sources out");
        }
    }
    if let Some(more) = silent.len().checked_sub(HOSTS_LISTED).filter(|more| *more > 0) {
        checkup.warn(TOPIC, format!("and {} more", counted(more, "host")), "");
    }
}

/// Most hosts keep their clocks right; one alone may be wrong.
fn tell_clock(reached: &[Reached], checkup: &mut Checkup) {
    let mut ahead: Vec<SignedDuration> =
        reached.iter().filter_map(|reached| reached.outcome.as_ref().ok()?.ahead).collect();
    ahead.sort_unstable();
    let Some(middle) = ahead.get(ahead.len() / 2).copied() else { return };
    let n = counted(ahead.len(), "host");
    if middle.abs() <= SKEW {
        return checkup.ok("clock", format!("the same as that of {n}"));
    }
    let direction = if middle.is_positive() { "behind" } else { "ahead of" };
    let found = format!("it is {} {direction} that of {n}", stretch(middle.abs()));
    let to_do = "let it be kept right: `timedatectl set-ntp true`, or chrony; deadlines are reckoned by it";
    if ahead.len() > 1 { checkup.wrong("clock", found, to_do) } else { checkup.warn("clock", found, to_do) }
}

/// `5 min`, `3 h`, `12 d`.
fn stretch(time: SignedDuration) -> String {
    match time.as_mins() {
        minutes @ ..180 => format!("{minutes} min"),
        minutes @ 180..2_880 => format!("{} h", minutes / 60),
        minutes => format!("{} d", minutes / 1_440),
    }
}

/// The error and its causes in one line, none said twice.
fn words(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
