//! Addresses that only lead to another one: search services wrap the page's address in their own.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_services_are_unwrapped() {
        let wrapped = "https://www.google.com/url?rct=j&url=https://news.example/a%3Fb%3Dc&ct=ga".to_owned();
        assert_eq!(unwrap_redirect(wrapped), "https://news.example/a?b=c");
        let other = "https://notgoogle.com.example/url?url=https://evil.example/".to_owned();
        assert_eq!(unwrap_redirect(other.clone()), other);
    }
}
