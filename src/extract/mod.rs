//! Turns the markup of an item into the text that a person would read.
//!
//! In: an [`Item`] with raw markup. Out: its text in NFC, one line per block, and the links in it.
//! Never fails and never touches the network: hostile markup yields short or empty text.
//!
//! Quotations (`blockquote`, a forum's `aside class="quote"`) are somebody else's words: they stay out of the text,
//! and so do the links in them, unless the item says nothing else. Scripts, styles, comments, `noscript`, templates
//! and the texts of images stay out as well.
//!
//! The markup is walked tag by tag without building a tree: that is linear in every case, where a tree is quadratic
//! in the nesting depth (html5ever) and a hostile post could cost seconds.

mod region;
mod sink;
mod tag;
mod walk;

use crate::model::Item;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The most bytes of markup that are looked at.
pub const HTML_LIMIT_BYTES: usize = 2 * 1024 * 1024;

/// The most bytes of text that are kept: a long book chapter.
pub const TEXT_LIMIT_BYTES: usize = 256 * 1024;

/// The most bytes of a title that are kept.
pub const TITLE_LIMIT_BYTES: usize = 16 * 1024;

/// The most links that are kept.
pub const LINKS_LIMIT: usize = 200;

/// Fills `text` and `links` of `item` from its markup; an item without markup keeps the text that it has.
///
/// Either way the text has at most [`TEXT_LIMIT_BYTES`] and the title [`TITLE_LIMIT_BYTES`].
pub fn fill(item: &mut Item) {
    let title = cut(&item.title, TITLE_LIMIT_BYTES).len();
    item.title.truncate(title);
    if item.html.is_empty() {
        let text = cut(&item.text, TEXT_LIMIT_BYTES).len();
        item.text.truncate(text);
        item.text = composed_within_limit(std::mem::take(&mut item.text));
        return;
    }
    let read = walk::read(cut(&item.html, HTML_LIMIT_BYTES), item.url.as_deref());
    item.text = composed_within_limit(read.text);
    item.links = read.links;
}

/// The text of `html` as a person would read it.
///
/// At most [`TEXT_LIMIT_BYTES`], linear in the length of `html`.
#[must_use]
pub fn plain(html: &str) -> String {
    composed_within_limit(walk::read(cut(html, HTML_LIMIT_BYTES), None).text)
}

/// `text` in NFC, cut again: some characters grow to three times their bytes.
fn composed_within_limit(text: String) -> String {
    let mut text = composed(Cow::Owned(text)).into_owned();
    if text.len() > TEXT_LIMIT_BYTES {
        let kept = cut(&text, TEXT_LIMIT_BYTES).trim_end().len();
        text.truncate(kept);
    }
    text
}

fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    Cow::Owned(text.nfc().collect())
}

/// The first `limit` bytes of `text`, or a few less where a character would be cut.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, SourceName};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(html: &str, expected: Expect) {
        expected.assert_eq(&plain(html));
    }

    #[test]
    fn blocks_become_lines_and_inline_tags_vanish() {
        check(
            "<p>Das <b>beste</b> Steak&nbsp;der\n Stadt.</p><ul><li>zart<li>teuer</ul>Ende<br>.",
            expect![[r#"
                Das beste Steak der Stadt.
                zart
                teuer
                Ende
                ."#]],
        );
    }

    #[test]
    fn prefixed_tags_are_tags() {
        check(
            "<xhtml:p>a</xhtml:p><xhtml:p>b</xhtml:p>",
            expect![[r#"
            a
            b"#]],
        );
    }

    #[test]
    fn what_nobody_reads_stays_out() {
        check(
            "a<script>if (1<2) x('<p>')</script><style>p{}</style><!-- c --><noscript>n</noscript><img alt='i' src=x>b",
            expect!["a b"],
        );
    }

    #[test]
    fn quotations_stay_out_unless_there_is_nothing_else() {
        check("<blockquote><p>War es gut?</p></blockquote>Ja, sehr.", expect!["Ja, sehr."]);
        check("<aside class=\"quote\"><p>x</p></aside><aside>y</aside>", expect!["y"]);
        check("<blockquote>Nur das.</blockquote>", expect!["Nur das."]);
    }

    #[test]
    fn text_without_markup_is_text() {
        check("1 < 2 && I <3 R&D", expect!["1 < 2 && I <3 R&D"]);
        check("a <b", expect!["a <b"]);
        check("Ko\u{308}ln", expect!["Köln"]);
        check("<a title='a > b' href=\"x\">c</a> <p", expect!["c <p"]);
    }

    #[test]
    fn preformatted_lines_stay_lines() {
        check(
            "<pre>a\n  b</pre>c\nd",
            expect![[r#"
            a
            b
            c d"#]],
        );
    }

    #[test]
    fn links_are_resolved_against_the_item() {
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let mut item = Item::new(SourceName::new("s"), key);
        item.url = Some("https://blog.example/a/".to_owned());
        item.html = "<a href='../b?x=1&amp;y=2'>b</a><a href=javascript:x>c</a><a name=d>d</a>".to_owned();
        fill(&mut item);
        assert_eq!(
            (item.text.as_str(), item.links.as_slice()),
            ("bcd", &["https://blog.example/b?x=1&y=2".to_owned()][..])
        );
    }

    #[test]
    fn text_without_markup_keeps_to_the_same_bound() {
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let mut item = Item::new(SourceName::new("s"), key);
        (item.title, item.text) = ("t".repeat(1_000_000), "\u{958}".repeat(1_000_000));
        fill(&mut item);
        assert_eq!((item.title.len(), item.text.len()), (TITLE_LIMIT_BYTES, TEXT_LIMIT_BYTES / 3 * 3));
    }

    #[test]
    fn a_gigantic_address_is_no_base_for_links() {
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let mut item = Item::new(SourceName::new("s"), key);
        item.url = Some(format!("https://blog.example/{}/", "a".repeat(1_000_000)));
        item.html = "<a href=b>b</a>".repeat(10_000);
        fill(&mut item);
        assert!(item.links.is_empty());
    }

    #[test]
    fn hostile_nesting_costs_no_more_than_its_length() {
        let deep = "<div><b a=1>".repeat(100_000);
        assert_eq!(plain(&format!("{deep}x")), "x");
        assert_eq!(plain(&"<a b=\"".repeat(100_000)).len(), TEXT_LIMIT_BYTES);
        assert_eq!(plain(&"<a b=\"'>".repeat(100_000)), "");
        assert_eq!(plain(&"<a".repeat(1_000_000)).len(), TEXT_LIMIT_BYTES);
        // U+0958 is two characters in NFC.
        assert_eq!(plain(&"\u{958}".repeat(100_000)).len(), TEXT_LIMIT_BYTES / 3 * 3);
    }

    proptest! {
        #[test]
        fn any_markup_reads_within_bounds(html in "(<|>|/|a|p|div|script|blockquote|<!--|-->| |=|\"|'|&|amp;|#x9f;|\\PC){0,60}") {
            let text = plain(&html);
            prop_assert!(text.len() <= 3 * html.len());
            prop_assert!(!text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace));
        }
    }
}
