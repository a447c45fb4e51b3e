//! One form of a post's markup, whichever server sends it.
//!
//! Servers write the same post with other classes, other `rel`, other tags around a mention. Only what a person sees
//! is kept: lines, quotations, links. So the same post on two servers has the same content hash, and counts as
//! unchanged.

use crate::text::push_unescaped;

/// Tags that stay, without their attributes.
const KEPT: &[&str] = &["p", "br", "blockquote", "pre", "code", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"];

/// Tags that end a line and are not kept by name.
const LINES: &[&str] = &["div", "section", "article", "tr"];

/// Tags whose content nobody sees.
const UNSEEN: &[&str] = &["script", "style", "template", "noscript", "iframe"];

/// The most bytes of markup that are looked at; a post has some thousand.
const LIMIT_BYTES: usize = 1 << 20;

/// The markup of a post in our form. Linear in its length.
pub(super) fn plain_form(html: &str) -> String {
    let end = (0..=LIMIT_BYTES.min(html.len())).rev().find(|end| html.is_char_boundary(*end)).unwrap_or(0);
    let mut rest = html.get(..end).unwrap_or_default();
    let mut form = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('<') {
        push_words(&mut form, before);
        let Some((tag, behind)) = cut_tag(after) else {
            // No tag: the sign itself.
            form.push_str("&lt;");
            rest = after;
            continue;
        };
        rest = behind;
        let name = name_of(tag);
        if UNSEEN.contains(&name.as_str()) && !tag.starts_with('/') {
            rest = behind_element(behind, &name);
            continue;
        }
        push_tag(&mut form, tag, &name);
    }
    push_words(&mut form, rest);
    form
}

/// Words, with the same signs escaped whichever the server escapes.
fn push_words(form: &mut String, words: &str) {
    if !words.contains(['&', '>']) {
        return form.push_str(words);
    }
    let mut plain = String::with_capacity(words.len());
    push_unescaped(&mut plain, words);
    form.push_str(&escaped(&plain));
}

fn escaped(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The inside of a tag, and what stands behind it; `None` where it is none or has no end.
fn cut_tag(after: &str) -> Option<(&str, &str)> {
    if !after.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let mut quote = None;
    for (at, character) in after.char_indices() {
        match (quote, character) {
            (None, '>') => return Some((after.get(..at)?, after.get(at + 1..)?)),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

fn name_of(tag: &str) -> String {
    let name = tag.trim_start_matches('/');
    name.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase()
}

fn push_tag(form: &mut String, tag: &str, name: &str) {
    let is_end = tag.starts_with('/');
    let slash = if is_end { "/" } else { "" };
    if KEPT.contains(&name) {
        form.push_str(&format!("<{slash}{name}>"));
    } else if LINES.contains(&name) {
        form.push_str("<br>");
    } else if name == "a" {
        match attribute(tag, "href").filter(|_| !is_end) {
            Some(href) => form.push_str(&format!("<a href=\"{}\">", href.replace('"', "&quot;"))),
            None => form.push_str(&format!("<{slash}a>")),
        }
    } else if name == "img" {
        // Custom emoji as pictures, and pictures of other software.
        form.push_str(attribute(tag, "alt").unwrap_or_default());
    }
}

/// The value of an attribute, as written.
fn attribute<'t>(tag: &'t str, wanted: &str) -> Option<&'t str> {
    let (_, mut rest) = tag.split_once(char::is_whitespace)?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim().rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = after.trim_start();
        let (value, behind) = match after.chars().next()? {
            quote @ ('"' | '\'') => after.get(1..)?.split_once(quote)?,
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value.trim());
        }
        rest = behind;
    }
}

/// What stands behind the end of an element whose content nobody sees.
fn behind_element<'h>(rest: &'h str, name: &str) -> &'h str {
    let mut from = rest;
    while let Some((_, after)) = from.split_once("</") {
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after.split_once('>').map_or("", |(_, behind)| behind);
        }
        from = after;
    }
    ""
}

/// Plain words as a paragraph of markup.
pub(super) fn paragraph(words: &str) -> String {
    format!("<p>{}</p>", escaped(words.trim()).replace('\n', "<br>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_post_of_two_servers_has_one_form() {
        let here = "<p><a href=\"https://a.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>x</span></a> hi<br />there</p>";
        let there = "<p><a class='hashtag' rel=\"nofollow noopener\" href='https://a.example/tags/x' target=_blank>#<span class=\"y\">x</span></a> hi<br>there</p>";
        assert_eq!(plain_form(here), plain_form(there));
        assert_eq!(plain_form(here), "<p><a href=\"https://a.example/tags/x\">#x</a> hi<br>there</p>");
    }

    #[test]
    fn what_nobody_sees_goes_and_what_is_no_tag_stays() {
        for (html, form) in [
            ("a<script>b</script>c", "ac"),
            ("1 < 2 <b>d</b>", "1 &lt; 2 d"),
            ("it&#39;s > &amp; &lt;b&gt;", "it's &gt; &amp; &lt;b&gt;"),
            ("<div>e</div>", "<br>e<br>"),
            ("<img src=x alt=':cat:'>", ":cat:"),
            ("<a title='a > b' href=c>d</a> <p", "<a href=\"c\">d</a> &lt;p"),
            ("<style>never closed", ""),
        ] {
            assert_eq!(plain_form(html), form, "{html}");
        }
        assert_eq!(paragraph(" a <b> & c\nd "), "<p>a &lt;b&gt; &amp; c<br>d</p>");
    }

    proptest! {
        #[test]
        fn any_markup_has_a_form_that_is_bounded(html in "(<|>|/|a|p|br|script| |href|=|\"|'|é|&){0,60}") {
            let form = plain_form(&html);
            prop_assert!(form.len() <= html.len() * 12 + 16);
        }
    }
}
