//! A proxy that stands between this house and the internet, as companies have them.
//!
//! It looks names up and connects, so the gate cannot check the address that is connected to. What can be checked
//! still is: the scheme, the port, addresses that are written out, and names that lead inside as seen from here.

use super::resolve::Lookup;
use super::{Gate, NetError, Trust};
use crate::model::Secret;
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;
use url::{Host, Url};

/// How long a name is looked up on our side; where only the proxy knows names, nothing is learned by waiting.
const LOOKUP_DEADLINE: Duration = Duration::from_secs(2);

/// A proxy for HTTP.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxy {
    /// Its address: scheme, host and port.
    pub url: Url,
    /// The user name and password, where it asks for them.
    pub login: Option<(String, Secret)>,
    /// What is asked without it.
    pub direct: Vec<Direct>,
}

/// Hosts that are asked without the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Direct {
    /// This host and all below it.
    Host(String),
    /// Addresses of this network, where they are written out.
    Network(IpNet),
}

impl Direct {
    fn covers(&self, url: &Url) -> bool {
        match (self, url.host()) {
            (Self::Host(known), Some(Host::Domain(host))) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                host.strip_suffix(known.as_str()).is_some_and(|left| left.is_empty() || left.ends_with('.'))
            }
            (Self::Network(network), Some(Host::Ipv4(address))) => network.contains(&IpAddr::V4(address)),
            (Self::Network(network), Some(Host::Ipv6(address))) => network.contains(&IpAddr::V6(address)),
            _ => false,
        }
    }
}

impl Proxy {
    /// Whether `url` is asked through the proxy. What the operator calls private is in the house, as is the asker.
    pub(super) fn serves(&self, url: &Url, trust: Trust) -> bool {
        trust != Trust::Operator { private: true } && !self.direct.iter().any(|direct| direct.covers(url))
    }

    /// The host of the proxy, for messages.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

/// Refuses a name that leads inside as seen from here. One that cannot be looked up here is left to the proxy.
pub(super) async fn check_name(gate: &Gate, lookup: &dyn Lookup, url: &Url, trust: Trust) -> Result<(), NetError> {
    let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
    let Ok(Ok(addresses)) = timeout(LOOKUP_DEADLINE, lookup.lookup(name.to_owned())).await else { return Ok(()) };
    // The proxy may take any of them, so all must be admitted.
    let refused = addresses.into_iter().find_map(|address| Some((address, gate.check_address(address, trust).err()?)));
    match refused {
        None => Ok(()),
        Some((address, kind)) => Err(NetError::Refused { host: name.to_owned(), address, kind }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_directly_is_a_host_with_all_below_it_or_a_network() {
        let proxy = Proxy {
            url: Url::parse("http://proxy.example:3128").unwrap(),
            login: None,
            direct: vec![Direct::Host("brand.example".to_owned()), Direct::Network("10.0.0.0/8".parse().unwrap())],
        };
        for (url, is_served) in [
            ("https://news.example/", true),
            ("https://brand.example/", false),
            ("https://brand.example./", false),
            ("https://blog.brand.example/", false),
            ("https://otherbrand.example/", true),
            ("https://brand.example.net/", true),
            ("http://10.1.2.3/", false),
            ("http://11.1.2.3/", true),
            ("http://[::1]/", true),
        ] {
            assert_eq!(proxy.serves(&Url::parse(url).unwrap(), Trust::Content), is_served, "{url}");
        }
        let inside = Url::parse("http://chat.example/").unwrap();
        assert!(!proxy.serves(&inside, Trust::Operator { private: true }));
        assert!(proxy.serves(&inside, Trust::Operator { private: false }));
    }
}
