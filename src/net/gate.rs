//! The gate: which addresses may be connected to, by where they come from.
//!
//! In: a parsed URL or an address that a name led to. Out: nothing, or the reason of the refusal.
//! It admits by list (global unicast), it does not deny by list. It parses no address itself: the `url` crate
//! does, once, so that no second parser can disagree with the one that connects.

use super::{NetError, Trust};
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use url::{Host, Url};

/// What kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// Global unicast: the public internet.
    Global,
    /// This machine.
    Loopback,
    /// A network of one's own (RFC 1918, RFC 4193, site-local, local-use NAT64).
    Private,
    /// The carrier's network (RFC 6598), also used by overlay networks.
    Carrier,
    /// The wire only, where clouds keep their metadata service.
    LinkLocal,
    /// A service of the hosting cloud behind an address that looks public.
    CloudInside,
    /// Many receivers.
    Multicast,
    /// An IPv4 address in a tunnel's clothes (6to4, Teredo, v4-compatible).
    Tunnel,
    /// Unspecified, reserved, for documentation or for benchmarks.
    Reserved,
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Global => "a public address",
            Self::Loopback => "this machine itself",
            Self::Private => "in a private network",
            Self::Carrier => "in a carrier's inner network",
            Self::LinkLocal => "a link-local address",
            Self::CloudInside => "an inner service of a cloud",
            Self::Multicast => "a multicast address",
            Self::Tunnel => "an address inside a tunnel",
            Self::Reserved => "a reserved address",
        })
    }
}

/// Ports of protocols that a request could be mistaken for (those that browsers refuse, and of databases and caches).
const FOREIGN_PORTS: [u16; 48] = [
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 110, 111, 119, 135, 137, 139, 143,
    161, 179, 389, 445, 465, 512, 513, 514, 515, 548, 587, 636, 993, 995, 2049, 3306, 5432, 6379, 6667, 11211, 27017,
];

/// Decides by address and [`Trust`]. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    allow: Arc<[IpNet]>,
}

impl Gate {
    /// A gate that also lets content into `allow`.
    pub(super) fn new(allow: &[IpNet]) -> Self {
        Self { allow: allow.into() }
    }

    /// Checks all of a URL that can be checked before its name is looked up. Returns the host for messages.
    pub(super) fn check_url(&self, url: &Url, trust: Trust) -> Result<String, NetError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NetError::Scheme { scheme: url.scheme().to_owned() });
        }
        let Some(host) = url.host() else {
            return Err(NetError::NotUrl(url::ParseError::EmptyHost));
        };
        let name = host.to_string();
        if trust == Trust::Content && (!url.username().is_empty() || url.password().is_some()) {
            return Err(NetError::UserInfo { host: name });
        }
        if trust == Trust::Content
            && let Some(port) = url.port().filter(|port| FOREIGN_PORTS.contains(port))
        {
            return Err(NetError::Port { host: name, port });
        }
        // Connectors never ask a resolver for a literal, so it is checked here or nowhere.
        let literal = match host {
            Host::Domain(_) => return Ok(name),
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        match self.check_address(literal, trust) {
            Ok(()) => Ok(name),
            Err(kind) => Err(NetError::Refused { host: name, address: literal, kind }),
        }
    }

    /// Checks one address, as literal or as answer of a resolver.
    pub(super) fn check_address(&self, address: IpAddr, trust: Trust) -> Result<(), AddressKind> {
        let kind = address_kind(address);
        let private_is_fine = trust == Trust::Operator { private: true };
        let admitted = match kind {
            AddressKind::Global => true,
            AddressKind::Loopback | AddressKind::Private | AddressKind::Carrier | AddressKind::LinkLocal => {
                private_is_fine
            }
            _ => false,
        };
        if admitted || self.is_allowed(address) { Ok(()) } else { Err(kind) }
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allow.iter().any(|network| network.contains(&address))
    }

    /// Keeps the admitted ones of the addresses that `host` has.
    pub(super) fn admit(&self, host: &str, addresses: Vec<IpAddr>, trust: Trust) -> Result<Vec<IpAddr>, NetError> {
        let mut refused = None;
        let mut admitted = Vec::with_capacity(addresses.len());
        for address in addresses {
            match self.check_address(address, trust) {
                Ok(()) => admitted.push(address),
                Err(kind) => refused = refused.or(Some((address, kind))),
            }
        }
        match refused {
            Some((address, kind)) if admitted.is_empty() => {
                Err(NetError::Refused { host: host.to_owned(), address, kind })
            }
            _ => Ok(admitted),
        }
    }
}

/// What kind of place `address` is; addresses that wrap an IPv4 address are judged by what they wrap.
#[must_use]
pub fn address_kind(address: IpAddr) -> AddressKind {
    match address.to_canonical() {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    }
}

/// Azure's inner service (DNS, metadata, health) has one address, the same in all regions, that looks public.
const AZURE_INSIDE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

// The special-purpose registry of IANA (RFC 6890 and what updates it), as of 2026.
fn kind_of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        [127, ..] => AddressKind::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => AddressKind::Private,
        [100, 64..=127, ..] => AddressKind::Carrier,
        [169, 254, ..] => AddressKind::LinkLocal,
        [224..=239, ..] => AddressKind::Multicast,
        [192, 88, 99, _] => AddressKind::Tunnel,
        [0, ..]
        | [192, 0, 0 | 2, _]
        | [192, 52, 193, _]
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [240..=255, ..] => AddressKind::Reserved,
        _ if address == AZURE_INSIDE => AddressKind::CloudInside,
        _ => AddressKind::Global,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> AddressKind {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressKind::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] => AddressKind::Reserved,
        // v4-compatible, deprecated by RFC 4291.
        [0, 0, 0, 0, 0, 0, ..] => AddressKind::Tunnel,
        // NAT64: a DNS64 resolver gives these for every IPv4 site, so what is wrapped decides.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => kind_of_v4(v4_of(high, low)),
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => AddressKind::Private,
        [0xfe80..=0xfebf, ..] => AddressKind::LinkLocal,
        [0xff00..=0xffff, ..] => AddressKind::Multicast,
        // Teredo, 6to4.
        [0x2001, 0, ..] | [0x2002, ..] => AddressKind::Tunnel,
        // IETF protocol assignments, documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => AddressKind::Reserved,
        [0x2000..=0x3fff, ..] => AddressKind::Global,
        _ => AddressKind::Reserved,
    }
}

fn v4_of(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests;
