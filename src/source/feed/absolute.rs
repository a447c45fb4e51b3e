//! Links within a text, made absolute where its feed says by `xml:base` what they refer to.
//!
//! In: markup and the place where it stood. Out: the same with the relative `href` and `src` of its tags resolved,
//! borrowed where there is none. Values without quotes stay as they are. Linear; grows by a limited number of bytes.

use super::place::Place;
use super::raw::RawText;
use super::title::plain;
use quick_xml::escape::escape;
use std::borrow::Cow;

/// What a text may always grow by, however short it is; a longer one at most to twice its length.
const GROWTH_BYTES: usize = 4 * 1024;

/// The attributes that hold an address.
const ADDRESSES: &[&str] = &["href", "src", "cite", "poster"];

/// Resolves the relative addresses of `html`.
#[must_use]
pub fn absolute<'h>(html: &'h str, place: &Place) -> Cow<'h, str> {
    let mut budget = html.len().max(GROWTH_BYTES);
    let mut resolved = String::new();
    let mut copied_to = 0;
    let mut at = 0;
    while let Some(found) = html.get(at..).and_then(|rest| rest.find('=')) {
        let equals = at + found;
        at = equals + 1;
        let Some((from, to)) = value_behind(html, equals) else { continue };
        at = to;
        let Some(address) = html.get(from..to).and_then(|value| resolve(value, place)) else { continue };
        let growth = address.len().saturating_sub(to - from);
        if growth > budget {
            break;
        }
        budget -= growth;
        resolved.push_str(html.get(copied_to..from).unwrap_or(""));
        resolved.push_str(&address);
        copied_to = to;
    }
    if copied_to == 0 {
        return Cow::Borrowed(html);
    }
    resolved.push_str(html.get(copied_to..).unwrap_or(""));
    Cow::Owned(resolved)
}

/// Where the quoted value behind `=` stands, if an attribute with an address ends there.
fn value_behind(html: &str, equals: usize) -> Option<(usize, usize)> {
    let name = html.get(..equals)?.as_bytes().iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let name = html.get(equals - name..equals)?;
    if !ADDRESSES.iter().any(|address| name.eq_ignore_ascii_case(address)) {
        return None;
    }
    let quote = html.get(equals + 1..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let from = equals + 2;
    let length = html.get(from..)?.find([quote, '<', '>'])?;
    html.get(from + length..)?.starts_with(quote).then_some((from, from + length))
}

/// A relative address resolved and escaped; `None` where it is absolute, a fragment, or none at all.
fn resolve(value: &str, place: &Place) -> Option<String> {
    let is_relative = !value.contains(':') && !value.trim().is_empty() && !value.starts_with('#');
    let address = is_relative.then(|| plain(&RawText { value: value.to_owned(), is_plain: false }))?;
    place.resolve(&address).map(|address| escape(address).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn relative_links_are_resolved_and_others_stay() {
        let place = Place::at("https://blog.example/a/");
        let html = "<a href=\"b?x=1&amp;y=2\">b</a><img SRC='/c.png'> href=\"no\" <a href=\"#d\"><a href=\"mailto:e\">";
        assert_eq!(
            absolute(html, &place),
            "<a href=\"https://blog.example/a/b?x=1&amp;y=2\">b</a><img SRC='https://blog.example/c.png'> \
             href=\"https://blog.example/a/no\" <a href=\"#d\"><a href=\"mailto:e\">"
        );
        assert!(matches!(absolute("<p>a = b</p>", &place), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn a_text_grows_by_a_limit(html in "(<a |href=|src=|\"|'|>|b|/|\\PC){0,60}", base in "[a-z]{0,900}") {
            let place = Place::at(&format!("https://blog.example/{base}/"));
            prop_assert!(absolute(&html, &place).len() <= 2 * html.len() + GROWTH_BYTES);
        }
    }
}
