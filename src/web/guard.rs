//! Who may ask, and what every answer wears.

use super::{Settings, page};
use crate::net::{AddressKind, Reply, Visit, address_kind};
use std::net::IpAddr;

/// What a proxy adds to the requests that it passes on.
const PASSED_ON: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"];

/// Refuses a visit that means another house: a name that was turned to our address would make a browser ask us.
///
/// # Errors
/// The answer, where the visit names no host, several, or another one.
pub(super) fn check_host(visit: &Visit, settings: &Settings) -> Result<(), Reply> {
    if visit.n_headers("host") > 1 {
        return Err(Reply::text(400, "the host is named twice\n"));
    }
    let hosts = [visit.authority.as_deref(), visit.header("host")];
    let mut named = hosts.into_iter().flatten().peekable();
    if named.peek().is_none() {
        return Err(Reply::text(400, "no host is named\n"));
    }
    if named.all(|host| is_ours(host, settings)) { Ok(()) } else { Err(Reply::text(421, "this is another house\n")) }
}

/// Whether somebody of the house asks, directly: not through the public address, a proxy or the internet.
pub(super) fn is_of_the_house(visit: &Visit, settings: &Settings) -> bool {
    let is_passed_on = PASSED_ON.iter().any(|name| visit.header(name).is_some());
    let is_public =
        visit.header("host").is_some_and(|host| Some(bare(host).as_str()) == settings.public_host.as_deref());
    let is_far = !matches!(address_kind(visit.peer), AddressKind::Loopback | AddressKind::Private);
    !(is_passed_on || is_public && !is_local(&bare(visit.header("host").unwrap_or_default())) || is_far)
}

/// A written-out address cannot be turned to anywhere else; of names ours are two.
fn is_ours(host: &str, settings: &Settings) -> bool {
    let bare = bare(host);
    is_local(&bare) || bare.parse::<IpAddr>().is_ok() || settings.public_host.as_deref() == Some(bare.as_str())
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host in lower case, without its port and the brackets of IPv6.
fn bare(host: &str) -> String {
    let host = host.trim();
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if port.is_empty() || port.starts_with(':') => address,
        _ => match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        },
    };
    name.to_ascii_lowercase()
}

/// The headers that every answer wears: nothing runs, nothing is framed, kept, guessed or told on.
pub(super) fn dressed(mut reply: Reply) -> Reply {
    reply.headers.extend([
        ("content-security-policy", page::policy().to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("x-frame-options", "DENY".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("permissions-policy", "interest-cohort=()".to_owned()),
        ("x-robots-tag", "noindex, nofollow".to_owned()),
        ("cache-control", "no-store".to_owned()),
        ("connection", "close".to_owned()),
    ]);
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn settings() -> Settings {
        Settings { public_host: Some("listen.example".to_owned()), ..Settings::default() }
    }

    fn visit(host: &str) -> Visit {
        Visit {
            method: "GET".to_owned(),
            path: "/metrics".to_owned(),
            query: None,
            authority: None,
            headers: vec![("host".to_owned(), host.to_owned())],
            peer: IpAddr::from([127, 0, 0, 1]),
        }
    }

    #[test]
    fn a_name_that_was_turned_to_us_is_refused() {
        for host in ["localhost:8086", "127.0.0.1", "[::1]:8086", "LISTEN.example", "listen.example:443", "10.0.0.7"] {
            assert_eq!(check_host(&visit(host), &settings()), Ok(()), "{host}");
        }
        for host in ["evil.example", "listen.example.evil.example", "127.0.0.1.evil.example", "", "localhost:8086@evil"]
        {
            assert_eq!(check_host(&visit(host), &settings()).map_err(|reply| reply.status), Err(421), "{host}");
        }
        let other = Visit { authority: Some("evil.example".to_owned()), ..visit("localhost") };
        assert!(check_host(&other, &settings()).is_err());
    }

    #[test]
    fn figures_are_for_the_house() {
        assert!(is_of_the_house(&visit("127.0.0.1:8086"), &settings()));
        assert!(!is_of_the_house(&visit("listen.example"), &settings()));
        let mut passed_on = visit("127.0.0.1:8086");
        passed_on.headers.push(("x-forwarded-for".to_owned(), "127.0.0.1".to_owned()));
        assert!(!is_of_the_house(&passed_on, &settings()));
        assert!(!is_of_the_house(&Visit { peer: IpAddr::from([9, 9, 9, 9]), ..visit("10.0.0.1") }, &settings()));
    }

    proptest! {
        #[test]
        fn any_host_is_ours_or_not(host in ".{0,40}") {
            let _ = check_host(&visit(&host), &settings());
        }
    }
}
