//! Where a feed's items were said: guessed from the program that made the feed and from its address.

use crate::model::Medium;
use url::Url;

/// What the generator's name contains (lower case), and what it makes.
const GENERATORS: &[(&str, Medium)] = &[
    ("phpbb", Medium::Forum),
    ("vbulletin", Medium::Forum),
    ("discourse", Medium::Forum),
    ("xenforo", Medium::Forum),
    ("invision", Medium::Forum),
    ("mybb", Medium::Forum),
    ("simple machines", Medium::Forum),
    ("mastodon", Medium::Post),
    ("pleroma", Medium::Post),
    ("friendica", Medium::Post),
    ("peertube", Medium::Video),
    ("lemmy", Medium::Post),
    ("nfe/", Medium::News),
    ("wordpress", Medium::Blog),
    ("ghost", Medium::Blog),
    ("medium", Medium::Blog),
    ("blogger", Medium::Blog),
];

/// Hosts (or their ends) and what stands there.
const HOSTS: &[(&str, Medium)] = &[
    ("youtube.com", Medium::Video),
    ("reddit.com", Medium::Post),
    ("news.google.com", Medium::News),
    ("google.com", Medium::Web),
    ("bing.com", Medium::News),
    ("itunes.apple.com", Medium::Review),
    ("bsky.app", Medium::Post),
    ("github.com", Medium::Web),
];

/// The first label of a host, or the first part of a path, that gives a forum away.
const FORUM_PARTS: &[&str] = &["forum", "forums", "board", "boards", "community"];

/// The medium of a feed with these addresses (its own, the one it was read from, its page) made by `generator`;
/// `None` where nothing tells.
#[must_use]
pub fn guess(addresses: &[Option<&str>], generator: Option<&str>) -> Option<Medium> {
    let generator = generator.unwrap_or("").to_ascii_lowercase();
    let by_generator = GENERATORS.iter().find(|(name, _)| generator.contains(name)).map(|(_, medium)| *medium);
    by_generator.or_else(|| addresses.iter().flatten().find_map(|address| by_address(address)))
}

fn by_address(address: &str) -> Option<Medium> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let is_host = |name: &str| host.strip_suffix(name).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    let known = HOSTS.iter().find(|(name, _)| is_host(name)).map(|(_, medium)| *medium);
    let mut parts = host.split('.').take(1).chain(url.path_segments().into_iter().flatten().take(1));
    known.or_else(|| parts.any(|part| FORUM_PARTS.contains(&part)).then_some(Medium::Forum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generator_host_and_path_tell() {
        assert_eq!(guess(&[Some("https://social.example/tags/steak.rss")], Some("Mastodon v4.2")), Some(Medium::Post));
        assert_eq!(guess(&[Some("https://www.youtube.com/feeds/videos.xml")], None), Some(Medium::Video));
        assert_eq!(guess(&[Some("https://forum.example/feed")], None), Some(Medium::Forum));
        assert_eq!(guess(&[Some("https://shop.example/forums/index.rss")], None), Some(Medium::Forum));
        assert_eq!(guess(&[Some("https://steak.example/feed")], None), None);
    }
}
