//! `[fetch]`: the manners of the crawler, and the knobs of the door.

use super::reader::Reader;
use super::secret::read_reference;
use super::value::{Text, Value};
use crate::model::SecretRef;
use crate::net::{Direct, Proxy, Roots};
use crate::{fetch, net};
use ipnet::IpNet;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use url::Url;

/// The most requests that may be in flight; each holds a socket.
const MOST_IN_FLIGHT: u32 = 10_000;

/// The most requests in flight to one host that are still polite to anybody.
const MOST_PER_HOST: u32 = 100;

/// The longest pause: with more, a host would be read less than once an hour.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

const DNS_PORT: u16 = 53;

/// The most bytes that a file of certificates may have: the whole store of a system is a quarter of it.
const CA_FILE_LIMIT_BYTES: u64 = 1 << 20;

/// What `[fetch]` says.
#[derive(Debug, Default)]
pub(super) struct Fetching {
    /// The manners of the crawler.
    pub(super) manners: fetch::Settings,
    /// The door; the proxy's login is not filled in.
    pub(super) door: net::Settings,
    /// The proxy's login.
    pub(super) proxy_login: Option<(String, SecretRef)>,
}

/// Reads `[fetch]`; absent keys keep their defaults, and files are found from `folder`.
pub(super) fn read_fetch(root: &mut Reader<'_>, folder: &Path) -> Fetching {
    let Fetching { mut manners, mut door, mut proxy_login } = Fetching::default();
    if let Some(mut table) = root.table("fetch", "`[fetch]`") {
        let contact = table.value("contact").and_then(Value::text);
        manners.contact = contact.and_then(|contact| contact_of(&contact)).unwrap_or_default();
        keep(&mut manners.in_flight, table.whole("in_flight", 1, MOST_IN_FLIGHT));
        keep(&mut manners.per_host_in_flight, table.whole("per_host_in_flight", 1, MOST_PER_HOST));
        let pause = table.duration("per_host_pause", Duration::ZERO, LONGEST_PAUSE);
        manners.per_host_pause = pause.unwrap_or(manners.per_host_pause);
        let pause = table.duration("page_pause", Duration::ZERO, LONGEST_PAUSE);
        manners.page_pause = pause.unwrap_or(manners.page_pause);
        manners.robots = table.flag("robots").unwrap_or(manners.robots);
        door.allow_networks = table.texts("allow_networks").iter().filter_map(network).collect();
        door.resolver = table.value("resolver").and_then(Value::text).and_then(|text| resolver(&text));
        (door.proxy, proxy_login) = read_proxy(&mut table);
        door.roots = table.text("ca_file").and_then(|file| roots(&file, folder)).unwrap_or_default();
        table.finish();
    }
    door.user_agent = user_agent(&manners.contact);
    Fetching { manners, door, proxy_login }
}

/// The keys of the proxy, none of which means anything without `proxy`.
fn read_proxy(table: &mut Reader<'_>) -> (Option<Proxy>, Option<(String, SecretRef)>) {
    let is_there = table.has("proxy");
    let (has_user, has_password) = (table.has("proxy_user"), table.has("proxy_password"));
    let url = table.text("proxy").and_then(|text| proxy_url(&text));
    let user = table.text("proxy_user").map(|user| user.text);
    let password = read_reference(table, "proxy_password");
    let has_direct = table.has("no_proxy");
    let direct = table.texts("no_proxy").iter().filter_map(direct).collect();
    if has_user != has_password {
        let missing = if has_user { "proxy_password" } else { "proxy_user" };
        table.missing(missing, "a login is a `proxy_user` and a `proxy_password`, or neither");
    } else if !is_there && (has_user || has_direct) {
        table.missing("proxy", "write `proxy = \"http://proxy.example:3128\"`, or remove what belongs to it");
    }
    (url.map(|url| Proxy { url, login: None, direct }), user.zip(password))
}

fn proxy_url(text: &Text<'_>) -> Option<Url> {
    if text.text.contains('@') {
        // Not quoted: what stands before the sign is a secret.
        let help = "write `proxy_user`, and `proxy_password` as a reference to a secret";
        text.document.error(text.span.clone(), "`proxy` carries a login".to_owned(), help);
        return None;
    }
    let url = Url::parse(&text.text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.filter(|url| matches!(url.path(), "" | "/") && url.query().is_none());
    match url {
        Some(_) => text.warn(
            "looks names up itself: where names lead that only it knows, nobody can check from here",
            "see to it that it lets nobody into closed networks",
        ),
        None => text.reject("is no address of a proxy", "write for instance \"http://proxy.example:3128\""),
    }
    url
}

/// A host with all below it, an address, or a network.
fn direct(text: &Text<'_>) -> Option<Direct> {
    if let Some(network) = text.text.parse().ok().or_else(|| text.text.parse::<IpAddr>().ok().map(IpNet::from)) {
        return Some(Direct::Network(network));
    }
    let name = text.text.trim_start_matches('*').trim_start_matches('.');
    let host = url::Host::parse(name).ok().filter(|host| matches!(host, url::Host::Domain(_)));
    if host.is_none() {
        text.reject("is neither a host nor a network", "write for instance \"brand.example\" or \"10.0.0.0/8\"");
    }
    host.map(|host| Direct::Host(host.to_string()))
}

fn roots(file: &Text<'_>, folder: &Path) -> Option<Roots> {
    let help = "name a file with the certificates of your authority in PEM form";
    let mut pem = Vec::new();
    let opened = std::fs::File::open(folder.join(&file.text)).map(|opened| opened.take(CA_FILE_LIMIT_BYTES));
    if let Err(error) = opened.and_then(|mut opened| opened.read_to_end(&mut pem)) {
        file.reject(&format!("cannot be read: {error}"), help);
        return None;
    }
    Roots::parse(&pem).inspect_err(|error| file.reject(&error.to_string(), help)).ok()
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
