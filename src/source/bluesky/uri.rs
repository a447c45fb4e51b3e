//! Addresses of records (`at://DID/COLLECTION/KEY`) and the links that people open.
//!
//! Nothing is taken over into a link that could lead elsewhere: each part is held against its own letters.

use std::fmt;

/// The collection of posts.
pub(super) const POSTS: &str = "app.bsky.feed.post";

/// The longest part of an address; the protocol allows 2,048 for a DID and 512 for a key.
const PART_BYTES: usize = 512;

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AtUri<'u> {
    pub(super) did: &'u str,
    pub(super) collection: &'u str,
    pub(super) rkey: &'u str,
}

impl<'u> AtUri<'u> {
    /// The address that these parts make; `None` where one of them is no such part.
    pub(super) fn of(did: &'u str, collection: &'u str, rkey: &'u str) -> Option<Self> {
        (is_did(did) && is_part(collection, b".-") && is_part(rkey, b".-_:~")).then_some(Self { did, collection, rkey })
    }

    /// Reads `at://DID/COLLECTION/KEY`.
    pub(super) fn parse(text: &'u str) -> Option<Self> {
        let mut parts = text.strip_prefix("at://")?.split('/');
        let uri = Self::of(parts.next()?, parts.next()?, parts.next()?);
        uri.filter(|_| parts.next().is_none())
    }

    /// The link that a person can open; posts have one.
    pub(super) fn link(&self) -> Option<String> {
        (self.collection == POSTS).then(|| format!("https://bsky.app/profile/{}/post/{}", self.did, self.rkey))
    }

    /// The author's page.
    pub(super) fn profile(&self) -> String {
        profile(self.did)
    }
}

impl fmt::Display for AtUri<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at://{}/{}/{}", self.did, self.collection, self.rkey)
    }
}

/// The page of the author with this DID.
pub(super) fn profile(did: &str) -> String {
    format!("https://bsky.app/profile/{did}")
}

/// The DID in the address of an author's page.
pub(super) fn did_of(profile: &str) -> Option<&str> {
    profile.strip_prefix("https://bsky.app/profile/").filter(|did| is_did(did))
}

/// Whether it is a DID: `did:METHOD:ID`.
pub(super) fn is_did(text: &str) -> bool {
    text.strip_prefix("did:").is_some_and(|rest| rest.contains(':') && is_part(rest, b".:_-%"))
}

fn is_part(text: &str, marks: &[u8]) -> bool {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || marks.contains(&byte);
    !text.is_empty() && text.len() <= PART_BYTES && text != "." && text != ".." && text.bytes().all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_link_and_what_is_none_becomes_nothing() {
        let uri = AtUri::parse("at://did:web:a.example/app.bsky.feed.post/3k~x").expect("an address");
        assert_eq!(uri.link().as_deref(), Some("https://bsky.app/profile/did:web:a.example/post/3k~x"));
        assert_eq!(did_of(&uri.profile()), Some("did:web:a.example"));
        for odd in [
            "",
            "at://",
            "at://did:plc:a/app.bsky.feed.post",
            "at://did:plc:a/app.bsky.feed.post/..",
            "at://did:plc:a/app.bsky.feed.post/3k/x",
            "at://did:plc/app.bsky.feed.post/3k",
            "at://did:plc:a b/app.bsky.feed.post/3k",
            "at://did:plc:a/app.bsky.feed.post/3k?x",
            "https://a.example/b/c",
        ] {
            assert_eq!(AtUri::parse(odd), None, "{odd}");
        }
        assert_eq!(AtUri::parse("at://did:plc:a/app.bsky.feed.like/3k").and_then(|uri| uri.link()), None);
    }
}
