//! `[web]`: where we can be reached.

use super::form;
use super::reader::Reader;
use super::value::Text;
use std::net::SocketAddr;

/// What `[web]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebPlan {
    /// Where the service listens.
    pub listen: SocketAddr,
    /// The address by which the world reaches it, without a slash at its end.
    pub public_url: Option<String>,
}

/// Reads `[web]`; without it nobody is listened to.
pub(super) fn read_web(root: &mut Reader<'_>) -> Option<WebPlan> {
    let mut table = root.table("web", "`[web]`")?;
    let has_public = table.has("public_url");
    let named = table.required("listen", "listen = \"127.0.0.1:8086\"");
    let public_url = table.text("public_url").and_then(|text| public_url(&text));
    let listen = named.as_ref().and_then(address);
    if let (Some(text), Some(address)) = (&named, listen)
        && !address.ip().is_loopback()
    {
        if !has_public {
            table.missing("public_url", "what others can connect to needs `public_url = \"https://...\"`, or loopback");
        }
        text.warn(
            "can be connected to from outside, without TLS",
            "listen on 127.0.0.1 behind a proxy that speaks TLS, or see to it that only that proxy gets there",
        );
    }
    table.finish();
    listen.map(|listen| WebPlan { listen, public_url })
}

fn address(text: &Text<'_>) -> Option<SocketAddr> {
    let address = text.text.parse().ok();
    if address.is_none() {
        text.reject("is no address with a port", "write an IP address and a port: \"127.0.0.1:8086\"");
    }
    address
}

/// `https://host`, nothing behind it; without TLS only where nobody but this machine is reached.
fn public_url(text: &Text<'_>) -> Option<String> {
    let url = form::address(text)?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_here = url.host().is_some_and(|host| match host {
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
        url::Host::Domain(name) => name == "localhost",
    });
    if !is_bare {
        text.reject("names a path", "write scheme and host alone: \"https://listen.example.com\"");
        return None;
    }
    if url.scheme() != "https" && !is_here {
        text.reject("is without TLS", "links in mails must not be read on their way: write \"https://...\"");
        return None;
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}
