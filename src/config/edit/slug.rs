//! Ids for new sources: readable, in the letters that an id may have, each one once.

use crate::text::long_spelling;
use std::collections::HashMap;
use url::Url;

/// The longest id that is made of a title or host; a number may follow.
const SLUG_CHARACTERS: usize = 40;

/// What is called so has a name that says nothing.
const EMPTY_WORDS: [&str; 8] = ["feed", "rss", "atom", "blog", "news", "home", "untitled", "rss-feed"];

/// The ids that are taken.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// For each id, the number to try next behind it.
    taken: HashMap<String, usize>,
}

impl Ids {
    /// `id` is taken.
    pub(super) fn take(&mut self, id: &str) {
        self.taken.entry(id.to_owned()).or_insert(2);
    }

    /// `wished`, or `wished-2` and so on where that is taken; it is taken from now on.
    pub(super) fn next(&mut self, wished: &str) -> String {
        let Some(mut number) = self.taken.get(wished).copied() else {
            self.take(wished);
            return wished.to_owned();
        };
        let mut id = format!("{wished}-{number}");
        while self.taken.contains_key(&id) {
            number += 1;
            id = format!("{wished}-{number}");
        }
        // The next one goes on from here, so that a thousand feeds named alike are not counted again and again.
        self.taken.insert(wished.to_owned(), number + 1);
        self.take(&id);
        id
    }
}

/// An id for the source at `url` by its title, or by its host where the title says nothing.
pub(super) fn of(title: Option<&str>, url: &str) -> String {
    let title = title.map(plain).filter(|slug| !EMPTY_WORDS.contains(&slug.as_str()) && slug.len() > 1);
    title.filter(|slug| !slug.is_empty()).unwrap_or_else(|| of_host(url))
}

fn of_host(url: &str) -> String {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let slug = plain(host.strip_prefix("www.").unwrap_or(&host));
    if slug.is_empty() { "source".to_owned() } else { slug }
}

/// `text` in the letters a to z, digits and hyphens; empty where it has none of them.
pub(super) fn plain(text: &str) -> String {
    let mut slug = String::new();
    // A letter may be spelled in several, and no title that is longer says more.
    let start: String = text.chars().take(4 * SLUG_CHARACTERS).collect();
    for word in long_spelling(&start).split(|letter: char| !letter.is_ascii_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if slug.len() + 1 + word.len() > SLUG_CHARACTERS {
            if slug.is_empty() {
                slug.extend(word.chars().take(SLUG_CHARACTERS));
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_the_title_in_plain_letters_or_the_host() {
        for (title, id) in [
            (Some("Die Küchen-Schlacht: Neues"), "die-kuechen-schlacht-neues"),
            (Some("日本語"), "forum-example-com"),
            (Some("RSS feed"), "forum-example-com"),
            (None, "forum-example-com"),
            (Some("A title that is much longer than any id should be"), "a-title-that-is-much-longer-than-any-id"),
        ] {
            assert_eq!(of(title, "https://www.forum.example.com/feed"), id);
        }
        assert_eq!(of(None, "http://[::1]/"), "1");
    }

    #[test]
    fn what_is_taken_is_numbered() {
        let mut ids = Ids::default();
        ids.take("a-3");
        let made: Vec<String> = (0..4).map(|_| ids.next("a")).collect();
        assert_eq!(made, ["a", "a-2", "a-4", "a-5"]);
    }

    proptest! {
        #[test]
        fn any_title_gives_an_id(title in "\\PC{0,60}") {
            let id = of(Some(&title), "https://example.com/");
            prop_assert!(!id.is_empty() && id.len() <= SLUG_CHARACTERS);
            prop_assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert!(!id.starts_with('-'));
        }
    }
}
