//! `porterhouse why`: the address that somebody means, and the sources that read the same site.
//!
//! Pure: no network, no data folder.

use crate::model::SourceSpec;
use crate::text::canonical_address;
use serde::Serialize;
use url::Url;

/// What was typed is no address of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no web address; paste the whole link, for instance https://example.com/page")]
pub struct WrongAddress(pub String);

/// How near a source is to an address, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// It gave what was read at the address.
    Gave,
    /// The address is the source's own.
    Itself,
    /// It reads a folder in which the address lies.
    Folder,
    /// It reads something else on the same host.
    Host,
    /// It reads a neighboring host: `blog.example.com` beside `example.com`.
    Domain,
}

/// The address that `typed` means, without a login; `https` where it names no scheme.
///
/// # Errors
/// [`WrongAddress`] where it leads to no host over http or https.
pub fn web_address(typed: &str) -> Result<String, WrongAddress> {
    let wrong = || WrongAddress(typed.to_owned());
    let text = typed.trim();
    let lower = text.to_ascii_lowercase();
    let meant = if lower.starts_with("http://") || lower.starts_with("https://") {
        text.to_owned()
    } else if has_other_scheme(text) {
        return Err(wrong());
    } else {
        format!("https://{}", text.trim_start_matches('/'))
    };
    let mut url = Url::parse(&meant).map_err(|_| wrong())?;
    url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| wrong())?;
    let url = url.to_string();
    canonical_address(&url).map(|_| url).ok_or_else(wrong)
}

/// `mailto:a@b` has one; in `example.com:8080` a port stands behind the colon.
fn has_other_scheme(text: &str) -> bool {
    let is_port = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    text.contains("://") || text.split_once(':').is_some_and(|(_, rest)| Url::parse(text).is_ok() && !is_port(rest))
}

/// The sources that read the site of `url`, the nearest first; none where `url` is no web address.
#[must_use]
pub fn sources_near<'s>(url: &str, sources: &'s [SourceSpec]) -> Vec<(Nearness, &'s SourceSpec)> {
    let Some(here) = Place::of(url) else { return Vec::new() };
    let near = |spec: &'s SourceSpec| Some((here.nearness(&Place::of(&spec.url)?)?, spec));
    let mut near: Vec<_> = sources.iter().filter_map(near).collect();
    near.sort_by_key(|(nearness, _)| *nearness);
    near
}

/// An address taken apart.
struct Place {
    form: String,
    host: String,
    port: Option<u16>,
    path: String,
}

impl Place {
    fn of(address: &str) -> Option<Self> {
        let form = canonical_address(address)?;
        let url = Url::parse(&form).ok()?;
        let host = url.host_str()?.to_owned();
        Some(Self { port: url.port(), path: url.path().trim_end_matches('/').to_owned(), host, form })
    }

    /// How near `source` is, if it is of the same site.
    fn nearness(&self, source: &Self) -> Option<Nearness> {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if self.form == source.form {
            Some(Nearness::Itself)
        } else if self.port != source.port {
            None
        } else if self.host != source.host {
            let is_below = |whole: &str, part: &str| {
                part.contains('.') && whole.strip_suffix(part).is_some_and(|rest| rest.ends_with('.'))
            };
            (is_below(&self.host, &source.host) || is_below(&source.host, &self.host)).then_some(Nearness::Domain)
        } else if self.lies_in(&source.path) || self.lies_in(folder) {
            Some(Nearness::Folder)
        } else {
            Some(Nearness::Host)
        }
    }

    /// Whether the path lies in `folder`, which is not the root.
    fn lies_in(&self, folder: &str) -> bool {
        !folder.is_empty()
            && self.path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceName;
    use proptest::prelude::*;

    fn nearness(url: &str, source: &str) -> Option<Nearness> {
        let spec = SourceSpec::new(SourceName::new("s"), "feed", source);
        sources_near(url, &[spec]).first().map(|(nearness, _)| *nearness)
    }

    #[test]
    fn an_address_without_a_scheme_is_meant_for_the_web() {
        for (typed, meant) in [
            ("example.com/a", "https://example.com/a"),
            (" //example.com ", "https://example.com/"),
            ("localhost:8080/x", "https://localhost:8080/x"),
            ("HTTP://Example.com", "http://example.com/"),
            ("https://user:secret@example.com/", "https://example.com/"),
        ] {
            assert_eq!(web_address(typed).as_deref(), Ok(meant), "{typed}");
        }
        for typed in ["", "mailto:a@b.example", "ftp://example.com/", "javascript:alert(1)", "a b", "https://"] {
            assert_eq!(web_address(typed), Err(WrongAddress(typed.to_owned())), "{typed}");
        }
    }

    #[test]
    fn a_source_is_as_near_as_its_address() {
        let url = "https://www.example.com/blog/2026/a?utm_source=x";
        assert_eq!(nearness(url, "http://example.com/blog/2026/a/"), Some(Nearness::Itself));
        assert_eq!(nearness(url, "https://example.com/blog/feed"), Some(Nearness::Folder));
        assert_eq!(nearness(url, "https://example.com/blog"), Some(Nearness::Folder));
        assert_eq!(nearness(url, "https://example.com/feed"), Some(Nearness::Host));
        assert_eq!(nearness(url, "https://example.com/blogs/feed"), Some(Nearness::Host));
        assert_eq!(nearness(url, "https://forum.example.com/feed"), Some(Nearness::Domain));
        assert_eq!(nearness(url, "https://notexample.com/feed"), None);
        assert_eq!(nearness(url, "https://example.com:8080/feed"), None);
    }

    proptest! {
        #[test]
        fn any_words_are_read_or_refused(typed in "\\PC{0,60}") {
            if let Ok(url) = web_address(&typed) {
                prop_assert!(sources_near(&url, &[]).is_empty());
            }
        }
    }
}
