//! Titles as plain text: entities decoded, the tags of HTML gone, blanks folded.

use super::raw::RawText;
use crate::text::{fold_blanks, push_unescaped};

/// Tags that people put into titles. Others stay: `List<T>` is a title as well.
const TAGS: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "center", "cite", "code", "del", "dfn", "div", "em",
    "font", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "label", "mark", "nobr", "p", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// The most bytes of a title or description that are looked at.
const LIMIT_BYTES: usize = 16 * 1024;

/// A title or a name as a person would read it.
#[must_use]
pub fn plain(text: &RawText) -> String {
    let mut end = text.value.len().min(LIMIT_BYTES);
    while !text.value.is_char_boundary(end) {
        end -= 1;
    }
    let value = text.value.get(..end).unwrap_or("");
    if text.is_plain || !value.contains(['<', '&']) {
        return fold_blanks(value);
    }
    let mut plain = String::with_capacity(value.len());
    push_unescaped(&mut plain, &without_tags(value));
    fold_blanks(&plain)
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let name = after.strip_prefix('/').unwrap_or(after);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_ascii_lowercase();
        match after.split_once('>') {
            Some(_) if matches!(name.as_str(), "script" | "style") => rest = behind_element(after, &name),
            Some((tag, behind)) if name == "img" => {
                plain.push_str(alternative(tag));
                rest = behind;
            }
            Some((_, behind)) if TAGS.contains(&name.as_str()) || after.starts_with("!--") => {
                plain.push_str(if matches!(name.as_str(), "br" | "p" | "div") { " " } else { "" });
                rest = behind;
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// What follows the element of that name in which `inside` begins.
fn behind_element<'t>(inside: &'t str, name: &str) -> &'t str {
    let closing = |(at, _): &(usize, &str)| {
        let end = inside.get(at + 2..at + 2 + name.len());
        end.is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    let end = inside.match_indices("</").find(closing).and_then(|(at, _)| inside.get(at..));
    end.and_then(|end| end.split_once('>')).map_or("", |(_, behind)| behind)
}

/// What a picture says to those who do not see it.
fn alternative(tag: &str) -> &str {
    let value = tag.split_once("alt=").map_or("", |(_, value)| value);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    quote.and_then(|quote| value.get(1..)?.split(quote).next()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(value: &str, expected: &str) {
        assert_eq!(plain(&RawText { value: value.to_owned(), is_plain: false }), expected);
    }

    #[test]
    fn html_in_a_title_becomes_text() {
        check(" <b>Porterhaus</b>\n er&ouml;ffnet &#8211; &quot;bald&quot; ", "Porterhaus eröffnet – \"bald\"");
        check("<img src='x.png' alt='Menu'/>: steak<script>alert('</p>')</script >!", "Menu: steak!");
        check("AT&amp;T &amp; List<T> & 1 < 2 &nix;", "AT&T & List<T> & 1 < 2 &nix;");
    }

    #[test]
    fn a_title_that_is_declared_plain_is_taken_literally() {
        assert_eq!(
            plain(&RawText { value: "How <b> works &amp; why".to_owned(), is_plain: true }),
            "How <b> works &amp; why"
        );
    }

    proptest! {
        #[test]
        fn titles_never_grow(value in "(<b>|</|>|&|amp;|#|\\PC){0,40}") {
            let title = plain(&RawText { value: value.clone(), is_plain: false });
            prop_assert!(title.len() <= value.len() * 2);
        }
    }
}
