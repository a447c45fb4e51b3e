//! Who wrote an item: names out of "mail (Name)", handles out of "/u/name" and of profile links.

use super::raw::RawPerson;
use super::title::plain;
use crate::model::Author;
use crate::text::fold_blanks;
use url::Url;

/// Longest name that is believed; longer "names" are texts in the wrong place.
const LONGEST_NAME_BYTES: usize = 300;

/// Makes the author of an item from what the feed says and from the item's own address.
#[must_use]
pub fn author(person: Option<&RawPerson>, item_url: Option<&str>) -> Author {
    let mut author = Author::default();
    if let Some(person) = person {
        author.name = person.name.as_deref().and_then(name);
        author.url = person.url.clone();
    }
    if let Some(handle) = author.name.as_deref().and_then(|name| name.strip_prefix("/u/")) {
        author.handle = Some(handle.to_owned());
        author.name = Some(handle.to_owned());
    }
    if author.handle.is_none() {
        author.handle = item_url.and_then(fediverse_handle).or_else(|| author.url.as_deref().and_then(profile_handle));
    }
    author
}

/// The name in "Name", "mail@host (Name)", "Name <mail@host>"; a mail address alone is no name to show.
#[must_use]
pub fn name(text: &str) -> Option<String> {
    let text = plain_name(text);
    let bracket = text.split_once('(');
    let in_brackets = bracket.filter(|(mail, _)| mail.contains('@')).map(|(_, rest)| rest.trim_end_matches(')'));
    let before_mail = text.split_once(['<', '(']).filter(|(_, mail)| mail.contains('@')).map(|(name, _)| name);
    let after_mail = text.split_once(") ").filter(|(head, _)| head.contains('@')).map(|(_, rest)| rest);
    let is_mail = text.contains('@') && !text.contains(' ') && !text.starts_with('@');
    let alone = (!is_mail).then_some(text.as_str());
    let name = before_mail.or(in_brackets).or(after_mail).or(alone)?.trim().trim_matches('"').trim();
    (!name.is_empty() && name.len() <= LONGEST_NAME_BYTES).then(|| name.to_owned())
}

fn plain_name(text: &str) -> String {
    if text.contains('&') {
        return plain(&super::raw::RawText { value: text.to_owned(), is_plain: false });
    }
    fold_blanks(text)
}

/// `https://host/@name` as the author's own address: the profile of `@name@host`.
fn profile_handle(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let mut segments = url.path_segments()?;
    let name = segments.next()?.strip_prefix('@').filter(|name| !name.is_empty())?;
    let is_profile = segments.next().is_none_or(str::is_empty);
    let host = url.host_str()?;
    is_profile.then(|| if name.contains('@') { format!("@{name}") } else { format!("@{name}@{host}") })
}

/// `https://host/@name/123` of Mastodon and its like is written by `@name@host`; `/@name@other/123` by `@name@other`.
fn fediverse_handle(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let mut segments = url.path_segments()?;
    let name = segments.next()?.strip_prefix('@').filter(|name| !name.is_empty())?;
    let is_status = segments.next()?.chars().all(|c| c.is_ascii_alphanumeric());
    let host = url.host_str()?;
    is_status.then(|| if name.contains('@') { format!("@{name}") } else { format!("@{name}@{host}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_of_mail_addresses() {
        assert_eq!(name("ines@blog.example (Ines Probe)").as_deref(), Some("Ines Probe"));
        assert_eq!(name("Ines Probe <ines@blog.example>").as_deref(), Some("Ines Probe"));
        assert_eq!(name("Ines Probe (ines@blog.example)").as_deref(), Some("Ines Probe"));
        assert_eq!(name("ines@blog.example"), None);
        assert_eq!(name(" Ines &amp; Uwe ").as_deref(), Some("Ines & Uwe"));
    }

    #[test]
    fn handles_come_out_of_links_and_prefixes() {
        let person = RawPerson { name: Some("/u/surfturf".to_owned()), ..RawPerson::default() };
        assert_eq!(author(Some(&person), None).handle.as_deref(), Some("surfturf"));
        let toot = author(None, Some("https://social.example/@ines/112233"));
        assert_eq!(toot.handle.as_deref(), Some("@ines@social.example"));
        assert_eq!(author(None, Some("https://blog.example/@ines")).handle, None);
    }
}
