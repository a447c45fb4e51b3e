//! Where a hub finds us (WebSub): an address for each subscription that nobody can guess, and the secret that it signs by.
//!
//! Both are made from the key of the data folder, so that neither has to be kept, and a second run makes the same.

use super::Links;
use crate::text::hash_hex;

/// The most bytes of a path that can be one of ours.
const PATH_LIMIT_BYTES: usize = 256;

impl Links {
    /// By which a subscription is named: the same source at another hub, topic or public address is another one.
    #[must_use]
    pub fn subscription_id(&self, source: &str, hub: &str, topic: &str) -> String {
        hash_hex(&["websub", &self.base, source, hub, topic])
    }

    /// The address at which the hub of subscription `id` finds us.
    #[must_use]
    pub fn callback(&self, id: &str) -> String {
        format!("{}/w/{id}/{}", self.base, self.key.seal(&["websub", id]))
    }

    /// The subscription that a path below `/w/` names, if the path is one of ours.
    #[must_use]
    pub fn subscription_at<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix("/w/").filter(|_| path.len() <= PATH_LIMIT_BYTES)?;
        let (id, seal) = rest.split_once('/')?;
        self.key.holds(&["websub", id], seal).then_some(id)
    }

    /// What the hub of subscription `id` signs by: 43 bytes.
    #[must_use]
    pub fn hub_secret(&self, id: &str) -> String {
        self.key.seal(&["websub secret", id])
    }
}

/// Whether a secret may be told to the hub at this address: over TLS, or to this machine.
#[must_use]
pub fn is_secret_line(hub: &str) -> bool {
    let Ok(url) = url::Url::parse(hub) else { return false };
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || is_here
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SealKey;
    use proptest::prelude::*;

    fn links() -> Links {
        Links { base: "https://listen.example".to_owned(), key: SealKey::new([3; 32]) }
    }

    #[test]
    fn a_callback_names_its_subscription_and_nobody_else_can_make_one() {
        let id = links().subscription_id("blog", "https://hub.example/", "https://blog.example/feed");
        let url = links().callback(&id);
        let path = url.strip_prefix("https://listen.example").expect("ours");
        assert_eq!(links().subscription_at(path), Some(id.as_str()));
        let other = Links { key: SealKey::new([4; 32]), ..links() };
        assert_eq!(other.subscription_at(path), None);
        assert_ne!(links().hub_secret(&id), url.rsplit('/').next().expect("a seal"));
        assert!(links().hub_secret(&id).len() < 200);
    }

    #[test]
    fn a_secret_is_told_over_tls_alone() {
        for (hub, is_told) in [
            ("https://hub.example/", true),
            ("http://hub.example/", false),
            ("http://127.0.0.1:9/", true),
            ("http://127.0.0.1.evil.example/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_secret_line(hub), is_told, "{hub}");
        }
    }

    proptest! {
        #[test]
        fn any_path_is_refused(path in "/w/.{0,120}") {
            prop_assert_eq!(links().subscription_at(&path), None);
        }
    }
}
