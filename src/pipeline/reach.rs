//! Who can be reached from here: the hosts of sources, the mail relays, the hosts of webhooks.
//!
//! In: the settings. Out: for each place what came of one knock at its door. A host is asked for its robots.txt, of
//! which only the head is read; a relay is greeted and gets no mail; a webhook's name is looked up and nothing more,
//! because a request there might do something. A bounded number of knocks at once, each within a deadline.

use super::{Clock, Settings};
use crate::alert::ChannelKind;
use crate::model::ChannelName;
use crate::net::{Call, Net, NetError, Relay, Trust};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::Duration;
use url::Url;

/// The longest that one knock may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Knocks at once, each at another host.
const AT_ONCE: usize = 16;

/// Of robots.txt only the head is read; a longer one that says so is an answer as well.
const BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// A door to knock at.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// The host of some sources.
    Host {
        /// Scheme, host and port.
        origin: String,
        /// How many sources read there.
        n_sources: usize,
    },
    /// The mail relay of a channel.
    Relay {
        /// The channel.
        channel: ChannelName,
        /// The relay. Without its password it is only greeted.
        relay: Relay,
    },
    /// The receiver of a webhook.
    Webhook {
        /// The channel.
        channel: ChannelName,
        /// Its address.
        url: String,
        /// It may have a private address.
        private: bool,
    },
}

/// What a host said of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contact {
    /// The HTTP status, of a host.
    pub status: Option<u16>,
    /// How far our clock is behind its own, where it told the time; a second or two mean nothing.
    pub ahead: Option<SignedDuration>,
}

/// A door and who opened.
#[derive(Debug)]
pub struct Reached {
    /// The door.
    pub place: Place,
    /// What was said, or why nothing was.
    pub outcome: Result<Contact, NetError>,
}

/// Knocks once at every door that `settings` lead to; `on_progress` is told how many of how many are done.
///
/// # Errors
/// [`NetError`] where the network cannot be set up.
pub async fn reach(
    settings: &Settings,
    clock: &Clock,
    on_progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Vec<Reached>, NetError> {
    let net = Net::new(&settings.net)?;
    let places = places(settings);
    let n_all = places.len() as u64;
    let behind_proxy = settings.net.proxy.is_some();
    let mut knocks = stream::iter(places)
        .map(|place| async {
            let outcome = knock(&net, &place, clock, behind_proxy).await;
            Reached { place, outcome }
        })
        .buffered(AT_ONCE);
    let mut reached = Vec::new();
    while let Some(knocked) = knocks.next().await {
        reached.push(knocked);
        on_progress(reached.len() as u64, n_all);
    }
    Ok(reached)
}

/// The hosts in the order of their sources, then the channels.
fn places(settings: &Settings) -> Vec<Place> {
    let mut origins: Vec<(String, usize)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    // A folder has no host to knock at.
    for spec in settings.watch.sources.iter().filter(|spec| spec.import.is_none()) {
        let Ok(url) = Url::parse(&spec.url) else { continue };
        let origin = url.origin().ascii_serialization();
        let index = *known.entry(origin.clone()).or_insert(origins.len());
        match origins.get_mut(index) {
            Some((_, n_sources)) => *n_sources += 1,
            None => origins.push((origin, 1)),
        }
    }
    let hosts = origins.into_iter().map(|(origin, n_sources)| Place::Host { origin, n_sources });
    let channels = settings.alert.channels.iter().filter_map(|channel| {
        let name = channel.name.clone();
        match &channel.kind {
            ChannelKind::Terminal => None,
            ChannelKind::Email { relay, .. } => Some(Place::Relay { channel: name, relay: short(relay) }),
            ChannelKind::Webhook { url, private, .. } => {
                Some(Place::Webhook { channel: name, url: url.clone(), private: *private })
            }
        }
    });
    hosts.chain(channels).collect()
}

/// The relay with our deadline, and without a login that has no password here.
fn short(relay: &Relay) -> Relay {
    let login = relay.login.clone().filter(|(_, password)| !password.expose().is_empty());
    Relay { login, timeout: DEADLINE, ..relay.clone() }
}

async fn knock(net: &Net, place: &Place, clock: &Clock, behind_proxy: bool) -> Result<Contact, NetError> {
    match place {
        Place::Host { origin, .. } => ask(net, origin, clock).await,
        Place::Relay { relay, .. } => net.greet_relay(relay).await.map(|()| Contact::default()),
        // The proxy looks the name up; from here it may not be known at all.
        Place::Webhook { private: false, .. } if behind_proxy => Ok(Contact::default()),
        Place::Webhook { url, private, .. } => {
            let url = Url::parse(url).map_err(NetError::NotUrl)?;
            let trust = Trust::Operator { private: *private };
            let host = url.host_str().unwrap_or_default();
            let looked = tokio::time::timeout(DEADLINE, net.resolve(host, trust)).await;
            let late = |_| Err(NetError::Late { host: host.to_owned(), limit: DEADLINE });
            looked.unwrap_or_else(late).map(|_| Contact::default())
        }
    }
}

async fn ask(net: &Net, origin: &str, clock: &Clock) -> Result<Contact, NetError> {
    let call = Call {
        url: format!("{origin}/robots.txt"),
        headers: Vec::new(),
        body: None,
        trust: Trust::Content,
        body_limit_bytes: BODY_LIMIT_BYTES,
        total_deadline: DEADLINE,
        idle_deadline: DEADLINE,
    };
    let answer = match net.open(call).await {
        Ok(answer) => answer,
        // Who has so much to say is there.
        Err(NetError::TooLarge { .. } | NetError::Encoding { .. }) => return Ok(Contact::default()),
        Err(error) => return Err(error),
    };
    let ahead = answer.header("date").and_then(|date| ahead_of(date, clock()));
    Ok(Contact { status: Some(answer.status), ahead })
}

/// How far the time in a `Date` header is ahead of `now`.
fn ahead_of(date: &str, now: Timestamp) -> Option<SignedDuration> {
    let date = rfc2822::parse(date).ok()?.timestamp();
    Some(date.duration_since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_host_is_held_against_ours() {
        let now: Timestamp = "2026-03-06T17:00:00Z".parse().unwrap();
        assert_eq!(ahead_of("Fri, 06 Mar 2026 17:05:00 GMT", now), Some(SignedDuration::from_mins(5)));
        assert_eq!(ahead_of("Fri, 06 Mar 2026 16:59:00 GMT", now), Some(SignedDuration::from_mins(-1)));
        assert_eq!(ahead_of("soon", now), None);
    }
}
