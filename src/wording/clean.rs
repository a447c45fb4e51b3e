//! Makes foreign text fit to be shown: bounded, without control characters or tricks with its direction.
//!
//! Escaping for HTML is not done here: the template does it for everything.

use unicode_segmentation::UnicodeSegmentation;

/// The most characters that one visible character may be made of; piled-up accents beyond are dropped.
const MARKS_LIMIT: usize = 12;
/// The most bytes for each visible character, on average; the longest scripts need about nine.
const BYTES_PER_CHARACTER: usize = 12;
/// The longest link that is shown.
const LINK_LIMIT_BYTES: usize = 2000;
/// The most line breaks in a row that a block keeps.
const BREAKS_LIMIT: usize = 2;

/// `text` on one line, at most `limit` visible characters; what was cut is marked by `…`.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut gap = false;
    let mut line = String::new();
    for character in text.chars().filter(|c| !is_hidden(*c)).take(reading_limit(limit)) {
        if character.is_whitespace() {
            gap = !line.is_empty();
        } else {
            if gap {
                line.push(' ');
            }
            gap = false;
            line.push(character);
        }
    }
    cut(&line, limit)
}

/// `text` with its line breaks (at most one empty line in a row), at most `limit` visible characters.
#[must_use]
pub fn block(text: &str, limit: usize) -> String {
    cut(lines_of(text, limit).trim(), limit)
}

/// One piece of a longer text, its outer blanks kept, and how many visible characters it has.
pub(super) fn piece(text: &str, limit: usize) -> (String, usize) {
    let kept = cut(&lines_of(text, limit), limit);
    let n_shown = kept.graphemes(true).count();
    (kept, n_shown)
}

fn lines_of(text: &str, limit: usize) -> String {
    let mut breaks = 0;
    let mut kept = String::new();
    for character in text.chars().filter(|c| *c != '\r' && !is_hidden(*c)).take(reading_limit(limit)) {
        if matches!(character, '\n' | '\u{2028}' | '\u{2029}') {
            breaks += 1;
            if breaks <= BREAKS_LIMIT {
                kept.truncate(kept.trim_end_matches(' ').len());
                kept.push('\n');
            }
        } else {
            if !character.is_whitespace() {
                breaks = 0;
            }
            kept.push(if character.is_whitespace() { ' ' } else { character });
        }
    }
    kept
}

/// The link where it leads to a host over http or https; `None` for everything else.
#[must_use]
pub fn safe_link(link: &str) -> Option<String> {
    if link.len() > LINK_LIMIT_BYTES {
        return None;
    }
    let url = url::Url::parse(link.trim()).ok()?;
    let leads_to_a_page = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let has_no_login = url.username().is_empty() && url.password().is_none();
    (leads_to_a_page && has_no_login).then(|| url.to_string()).filter(|shown| shown.len() <= LINK_LIMIT_BYTES)
}

/// How much of a text is looked at, so that a megabyte costs no more than what is shown of it.
fn reading_limit(limit: usize) -> usize {
    limit.saturating_add(1).saturating_mul(MARKS_LIMIT)
}

fn cut(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (index, grapheme) in text.graphemes(true).enumerate() {
        if index >= limit || shown.len() >= limit.saturating_mul(BYTES_PER_CHARACTER) {
            shown.truncate(shown.trim_end().len());
            shown.push('…');
            break;
        }
        shown.extend(grapheme.chars().take(MARKS_LIMIT));
    }
    shown
}

/// Control characters but for blanks; marks that turn the direction of what follows; characters without a shape.
/// The joiner of emoji (U+200D) stays.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_has_no_breaks_and_no_turned_direction() {
        assert_eq!(one_line(" a\r\nBcc: x@y\t\u{202e}b\u{0} ", 99), "a Bcc: x@y b");
        assert_eq!(one_line("abcdef", 3), "abc…");
        assert_eq!(one_line("abc", 3), "abc");
        assert_eq!(one_line("👨‍👩‍👧 ok", 3), "👨‍👩‍👧 o…");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("\n a\n \n\n\nb\r\nc\u{1b}[31m\n", 99), "a\n\nb\nc[31m");
    }

    #[test]
    fn only_links_to_pages_are_links() {
        assert_eq!(safe_link("https://x.example/a b\"c").as_deref(), Some("https://x.example/a%20b%22c"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "//x.example", "https://a:b@x.example/", "mailto:a@b.c"]
        {
            assert_eq!(safe_link(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_bounded(text in "\\PC{0,80}|[\u{300}-\u{310}\\x00-\\x20a]{0,200}", limit in 1_usize..20) {
            for shown in [one_line(&text, limit), block(&text, limit)] {
                prop_assert!(shown.chars().count() <= limit * MARKS_LIMIT + 1);
                prop_assert!(!shown.chars().any(is_hidden));
            }
            prop_assert!(!one_line(&text, limit).contains('\n'));
        }
    }
}
