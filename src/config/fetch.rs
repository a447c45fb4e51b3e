//! `[fetch]`: the manners of the crawler, and the two knobs of the door.

use super::reader::Reader;
use super::value::Text;
use crate::{fetch, net};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The most requests that may be in flight; each holds a socket.
const MOST_IN_FLIGHT: u32 = 10_000;

/// The most requests in flight to one host that are still polite to anybody.
const MOST_PER_HOST: u32 = 100;

/// The longest pause: with more, a host would be read less than once an hour.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

const DNS_PORT: u16 = 53;

/// Reads `[fetch]`; absent keys keep their defaults.
pub(super) fn read_fetch(root: &mut Reader<'_>) -> (fetch::Settings, net::Settings) {
    let mut manners = fetch::Settings::default();
    let mut door = net::Settings::default();
    if let Some(mut table) = root.table("fetch", "`[fetch]`") {
        let contact = table.value("contact").and_then(super::value::Value::text);
        manners.contact = contact.and_then(|contact| contact_of(&contact)).unwrap_or_default();
        keep(&mut manners.in_flight, table.whole("in_flight", 1, MOST_IN_FLIGHT));
        keep(&mut manners.per_host_in_flight, table.whole("per_host_in_flight", 1, MOST_PER_HOST));
        let pause = table.duration("per_host_pause", Duration::ZERO, LONGEST_PAUSE);
        manners.per_host_pause = pause.unwrap_or(manners.per_host_pause);
        manners.robots = table.flag("robots").unwrap_or(manners.robots);
        door.allow_networks = table.texts("allow_networks").iter().filter_map(network).collect();
        door.resolver = table.value("resolver").and_then(super::value::Value::text).and_then(|text| resolver(&text));
        table.finish();
    }
    door.user_agent = user_agent(&manners.contact);
    (manners, door)
}

/// Who we say we are: name, version, and the contact where there is one.
#[must_use]
pub fn user_agent(contact: &str) -> String {
    let name = concat!("porterhouse/", env!("CARGO_PKG_VERSION"));
    if contact.is_empty() { name.to_owned() } else { format!("{name} (+{contact})") }
}

fn keep(setting: &mut usize, written: Option<u32>) {
    if let Some(number) = written.and_then(|number| usize::try_from(number).ok()) {
        *setting = number;
    }
}

/// It becomes part of a header, so it may hold nothing that a header may not.
fn contact_of(text: &Text<'_>) -> Option<String> {
    let is_plain = |character: char| character.is_ascii_graphic() && !matches!(character, '(' | ')');
    if !text.text.chars().all(is_plain) {
        text.reject("cannot stand in a user agent", "write a link or a mail address");
        return None;
    }
    Some(text.text.clone())
}

fn network(text: &Text<'_>) -> Option<IpNet> {
    let network = text.text.parse().ok().or_else(|| text.text.parse::<IpAddr>().ok().map(IpNet::from));
    match network {
        Some(_) => text.warn("opens a closed network to what sources link to", "keep it to tests and closed houses"),
        None => text.reject("is no network", "write for instance \"10.0.0.0/8\" or \"::1/128\""),
    }
    network
}

/// An empty text means the system's resolver.
fn resolver(text: &Text<'_>) -> Option<SocketAddr> {
    if text.text.is_empty() {
        return None;
    }
    let address = text.text.parse().ok();
    let address = address.or_else(|| text.text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, DNS_PORT)));
    match address {
        Some(_) => text.warn("is asked instead of the system's resolver", "leave it out unless that is meant"),
        None => text.reject("is no address of a DNS server", "write for instance \"9.9.9.9\" or \"127.0.0.1:5353\""),
    }
    address
}
