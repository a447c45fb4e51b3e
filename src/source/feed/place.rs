//! Where an element stands: the base that relative addresses refer to, and the language (`xml:base`, `xml:lang`).

use super::element::attribute;
use quick_xml::events::BytesStart;
use std::sync::Arc;
use url::Url;

/// Schemes that an address of an item may have; `javascript:` and its like are none.
const SCHEMES: &[&str] =
    &["http", "https", "ftp", "mailto", "magnet", "news", "urn", "tag", "at", "feed", "ipfs", "gemini"];

/// The longest `xml:base` that is followed. Every relative address below it grows to its length,
/// so that one long base would make gigabytes of a feed.
pub const BASE_LIMIT_BYTES: usize = 1024;

/// The longest `xml:lang` that is believed, for the same reason; BCP 47 asks for 35.
const LANG_LIMIT_BYTES: usize = 100;

/// The base address and the language that hold at one place.
#[derive(Debug, Clone, Default)]
pub struct Place {
    base: Option<Arc<Url>>,
    /// The base is not the document's own address.
    pub is_moved: bool,
    /// The language (BCP 47) as declared.
    pub lang: Option<Arc<str>>,
}

impl Place {
    /// A document at `url`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { base: Url::parse(url).ok().map(Arc::new), is_moved: false, lang: None }
    }

    /// The place inside `start`.
    #[must_use]
    pub fn within(&self, start: &BytesStart<'_>) -> Self {
        let mut place = self.clone();
        if start.attributes_raw().contains("xml:") {
            let base = attribute(start, "base").filter(|base| base.len() <= BASE_LIMIT_BYTES);
            let base = base.and_then(|base| self.join(&base)).filter(|base| base.as_str().len() <= BASE_LIMIT_BYTES);
            if let Some(base) = base {
                place.base = Some(Arc::new(base));
                place.is_moved = true;
            }
            let lang = attribute(start, "lang").map(|lang| Arc::from(lang.trim()));
            let is_likely = |lang: &Arc<str>| !lang.is_empty() && lang.len() <= LANG_LIMIT_BYTES;
            place.lang = lang.filter(is_likely).or(place.lang);
        }
        place
    }

    /// `address` as an absolute address, as written where it is one already; `None` where it is none.
    #[must_use]
    pub fn resolve(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() || address.contains(char::is_whitespace) && Url::parse(address).is_err() {
            return None;
        }
        match Url::parse(address) {
            Ok(url) => SCHEMES.contains(&url.scheme()).then(|| address.to_owned()),
            Err(_) => self.join(address).map(String::from),
        }
    }

    /// This place with `link` as its base, where that is a page on another host.
    #[must_use]
    pub fn moved_to(&self, link: &str) -> Option<Self> {
        let site = Url::parse(link).ok().filter(|site| site.has_host() && site.as_str().len() <= BASE_LIMIT_BYTES)?;
        let is_elsewhere = self.base.as_ref().is_none_or(|base| base.host() != site.host());
        is_elsewhere.then(|| Self { base: Some(Arc::new(site)), is_moved: true, lang: None })
    }

    /// Whether both have the same base.
    #[must_use]
    pub fn has_base_of(&self, other: &Self) -> bool {
        self.base == other.base
    }

    /// Takes over the base of `other`, not its language.
    pub fn take_base(&mut self, other: &Self) {
        self.base.clone_from(&other.base);
        self.is_moved = other.is_moved;
    }

    fn join(&self, address: &str) -> Option<Url> {
        match &self.base {
            Some(base) => base.join(address.trim()).ok(),
            None => Url::parse(address.trim()).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_follow_the_innermost_base() {
        let outer = Place::at("https://blog.example/feed/atom.xml");
        let inner = outer.within(&BytesStart::from_content("entry xml:base='/posts/' xml:lang='de'", 5));
        assert_eq!(inner.resolve("one").as_deref(), Some("https://blog.example/posts/one"));
        assert_eq!(outer.resolve("../one").as_deref(), Some("https://blog.example/one"));
        assert_eq!(inner.lang.as_deref(), Some("de"));
    }

    #[test]
    fn what_cannot_be_opened_is_no_address() {
        let place = Place::at("https://blog.example/");
        assert_eq!(place.resolve("javascript:alert(1)"), None);
        assert_eq!(place.resolve(" "), None);
        assert_eq!(place.resolve("HTTP://Blog.example/A").as_deref(), Some("HTTP://Blog.example/A"));
    }
}
