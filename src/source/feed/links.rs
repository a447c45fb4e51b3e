//! Addresses that only lead to another one: search services wrap the page's address in their own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

/// Host (or its end), path beginning, and the query key that holds the page's address.
const WRAPPERS: &[(&str, &str, &str)] = &[
    ("google.com", "/url", "url"),
    ("google.com", "/url", "q"),
    ("bing.com", "/news/apiclick.aspx", "url"),
    ("facebook.com", "/l.php", "u"),
];

/// The address of the page that a person ends up on.
#[must_use]
pub fn unwrap_redirect(address: String) -> String {
    if address.contains("news.google.com/") {
        return google_news_target(&address).unwrap_or(address);
    }
    if !WRAPPERS.iter().any(|(host, path, _)| address.contains(host) && address.contains(path)) {
        return address;
    }
    let Ok(url) = Url::parse(&address) else { return address };
    let host = url.host_str().unwrap_or("");
    let is_host = |name: &str| host == name || host.strip_suffix(name).is_some_and(|sub| sub.ends_with('.'));
    let keys = WRAPPERS.iter().filter(|(name, path, _)| is_host(name) && url.path().starts_with(path));
    let target = |key: &str| url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned());
    keys.filter_map(|(_, _, key)| target(key)).find(|target| target.starts_with("http")).unwrap_or(address)
}

/// The address that the id of an article of Google News holds: until 2024 it was a small message of numbered fields
/// in base64, the fourth of which is the address. Newer ids say nothing.
fn google_news_target(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| url.host_str() == Some("news.google.com"))?;
    let mut parts = url.path_segments()?.skip_while(|part| *part != "articles");
    let id = parts.nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(id.trim_end_matches('=')).ok()?;
    let [0x08, _, 0x22, rest @ ..] = bytes.as_slice() else { return None };
    let (length, text) = varint(rest)?;
    let target = std::str::from_utf8(text.get(..length)?).ok()?;
    let is_web = target.starts_with("http") && Url::parse(target).is_ok();
    is_web.then(|| target.to_owned())
}

/// A number of one or two bytes, seven bits each, the low ones first.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [low, rest @ ..] if *low < 0x80 => Some((usize::from(*low), rest)),
        [low, high, rest @ ..] if *high < 0x80 => Some((usize::from(*low & 0x7f) | usize::from(*high) << 7, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_services_are_unwrapped() {
        let wrapped = "https://www.google.com/url?rct=j&url=https://news.example/a%3Fb%3Dc&ct=ga".to_owned();
        assert_eq!(unwrap_redirect(wrapped), "https://news.example/a?b=c");
        let id = URL_SAFE_NO_PAD.encode(b"\x08\x13\x22\x16https://news.example/a/\xd2\x01\x00");
        let wrapped = format!("https://news.google.com/rss/articles/{id}?oc=5");
        assert_eq!(unwrap_redirect(wrapped), "https://news.example/a");
        for id in ["CBMif0FVX3lxTE5vNHRZ", "CBMi", "x", "CBMi_w"] {
            let opaque = format!("https://news.google.com/rss/articles/{id}?oc=5");
            assert_eq!(unwrap_redirect(opaque.clone()), opaque);
        }
        let other = "https://notgoogle.com.example/url?url=https://evil.example/".to_owned();
        assert_eq!(unwrap_redirect(other.clone()), other);
    }
}
