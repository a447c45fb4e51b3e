//! The cheap look before anything costlier: whether an item could name a brand at all.
//!
//! In: an [`Item`] as its source gave it, markup and all. Out: no, where no name of a brand can be in what a person
//! would read of it; else yes. It may err toward yes only: markup that it does not know by heart (scripts, frames,
//! unclosed quotes, letters that combine) counts as yes, and `extract` then reads it with care.
//! One pass over the markup into one folded text, one pass of the automaton over that; links are not looked at.

use super::BrandIndex;
use crate::model::Item;
use crate::text::{is_disguised, push_folded, push_unescaped};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// Longer markup is left to `extract`, which bounds what is read of it.
const LIMIT_BYTES: usize = 64 * 1024;

/// Elements within a line: the letters before and after them make one word.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span",
    "strike", "strong", "sub", "sup", "tt", "u", "wbr",
];

/// Elements that part words.
const PARTING: &[&str] = &[
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "img",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "figure",
    "figcaption",
    "pre",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "section",
    "article",
    "header",
    "footer",
    "aside",
    "dl",
    "dt",
    "dd",
    "center",
];

/// Whether `item` could name a brand of `index`; where it says no, [`super::sightings`] finds none.
///
/// `item.text` need not be filled. Linear in the length of title and markup.
#[must_use]
pub fn may_name_a_brand(index: &BrandIndex, item: &Item) -> bool {
    if !index.accounts().of(item, index.brands()).is_empty() {
        return true;
    }
    skimmed(item).is_none_or(|folded| index.may_be_named_in(&folded) || index.wanted().may_be_in(item, &folded))
}

/// Title and body, folded; `None` where that takes more than skimming.
fn skimmed(item: &Item) -> Option<String> {
    let is_markup = !item.html.is_empty();
    let body = if is_markup { &item.html } else { &item.text };
    if body.len() > LIMIT_BYTES {
        return None;
    }
    let mut skim = Skim { folded: String::with_capacity(item.title.len() + body.len() + 8), parts: false };
    for character in item.title.chars() {
        skim.sure(character)?;
        push_folded(&mut skim.folded, character);
    }
    skim.folded.push('\n');
    if is_markup {
        skim.markup(body)?;
    } else {
        for character in body.chars() {
            skim.sure(character)?;
            push_folded(&mut skim.folded, character);
        }
    }
    // Letters of another script that stand for Latin ones are seen with care.
    Some(skim.folded).filter(|folded| !is_disguised(folded))
}

struct Skim {
    folded: String,
    /// The next letter stands apart from the last.
    parts: bool,
}

impl Skim {
    fn markup(&mut self, html: &str) -> Option<()> {
        let mut rest = html;
        while let Some((before, from)) = rest.split_once('<') {
            self.piece(before)?;
            rest = if from.starts_with("!--") {
                // `<!-->` is a whole comment.
                from.split_once("-->")?.1
            } else if from.starts_with(['!', '?']) {
                return None;
            } else if from.strip_prefix('/').unwrap_or(from).starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.tag(from)?
            } else {
                self.piece("<")?;
                from
            };
        }
        self.piece(rest)
    }

    /// What follows the tag that `from` begins with (its `<` cut off).
    fn tag<'h>(&mut self, from: &'h str) -> Option<&'h str> {
        let named = from.strip_prefix('/').unwrap_or(from);
        let length = named.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (name, tail) = named.split_at_checked(length)?;
        if !tail.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')) {
            return None;
        }
        let is_any = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is_any(PARTING) {
            self.parts = true;
        } else if !is_any(INLINE) {
            return None;
        }
        behind_tag(tail)
    }

    /// A piece of markup without tags.
    fn piece(&mut self, piece: &str) -> Option<()> {
        if piece.contains('&') {
            let mut plain = String::with_capacity(piece.len());
            push_unescaped(&mut plain, piece);
            plain.chars().try_for_each(|character| self.character(character))
        } else {
            piece.chars().try_for_each(|character| self.character(character))
        }
    }

    fn character(&mut self, character: char) -> Option<()> {
        if character.is_whitespace() || character.is_control() {
            self.parts = true;
            return Some(());
        }
        self.sure(character)?;
        if std::mem::take(&mut self.parts) {
            self.folded.push(' ');
        }
        push_folded(&mut self.folded, character);
        Some(())
    }

    /// Nothing where the character may melt with its neighbors into another one.
    fn sure(&self, character: char) -> Option<()> {
        let is_common = matches!(character, '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{1f300}'..='\u{1faff}');
        let is_alone = || {
            canonical_combining_class(character) == 0 && is_nfc_quick(std::iter::once(character)) == IsNormalized::Yes
        };
        (is_common || is_alone()).then_some(())
    }
}

/// What follows the `>` that closes a tag's attributes; a `>` in quotes does not close it.
fn behind_tag(tail: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in tail.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return tail.get(at + 1..),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, _) => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, SourceName};

    fn check(title: &str, html: &str, expected: bool) {
        let brand =
            serde_json::json!({ "id": "bahn", "name": "Deutsche Bahn", "aliases": ["Bahn"], "handles": ["@DB"] });
        let index = BrandIndex::new(vec![serde_json::from_value(brand).expect("a brand")]);
        let key = ItemKey { namespace: "s".to_owned(), id: "1".to_owned() };
        let mut item = Item::new(SourceName::new("s"), key);
        (item.title, item.html) = (title.to_owned(), html.to_owned());
        assert_eq!(may_name_a_brand(&index, &item), expected, "{title} {html}");
    }

    #[test]
    fn names_are_seen_through_markup() {
        check("Die Bahn kommt", "", true);
        check("", "<p>Die <b class='x>y'>B</b>ahn<!-- ! --> kommt", true);
        check("", "Deutsche&nbsp;\n B&#97;hn", true);
        check("", "<td>Bahn</td>hof", true);
        check("", "Hey<br>@DB!", true);
        check("", "<!-->Bahn-->", true);
    }

    #[test]
    fn what_names_none_goes_no_further() {
        check(
            "Autobahn",
            "<p>Der <a href='https://bahn.example/bahn'>Bahnhof</a></p> < Die Bah<br>n, x@db.example",
            false,
        );
    }

    #[test]
    fn what_cannot_be_skimmed_is_a_maybe() {
        check("Baß\u{308}hn", "", true);
        check("B\u{430}hn", "", true);
        for html in ["<script>x</script>", "<p title=\"", "<!DOCTYPE x>", "Ko\u{308}ln", "<x-y>", "<!-- "] {
            check("", html, true);
        }
    }
}
