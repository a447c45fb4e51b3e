//! Mends the characters of an XML document: stray `&` and `<`, entities that only HTML knows, control characters.
//!
//! In: decoded text. Out: text in which every reference resolves, borrowed where nothing had to be mended.
//! CDATA, comments and processing instructions are left as they are, except for control characters.
//! Structure (tags that do not match) is [`super::balance`]'s work. Linear; the output is bounded by the input.

use super::problems::Tally;
use crate::text::{from_windows_1252, named_entity};
use quick_xml::escape::{partial_escape, resolve_xml_entity};
use std::borrow::Cow;

/// The longest name of a reference that is looked up (HTML's longest has 31 letters).
const LONGEST_REFERENCE: usize = 33;

/// Most entities that a document type may declare, and the longest value of one: no bombs.
const DECLARED_ENTITIES: usize = 64;
const DECLARED_VALUE_BYTES: usize = 256;

/// What declared entities may add to the smallest document.
const DECLARED_BYTES_ALWAYS: usize = 64 * 1024;

/// Mends the characters of `text`, noting in `tally` what was done.
#[must_use]
pub fn clean<'t>(text: &'t str, tally: &mut Tally) -> Cow<'t, str> {
    match without_controls(text, tally) {
        Cow::Borrowed(text) => references(text, tally),
        Cow::Owned(text) => Cow::Owned(references(&text, tally).into_owned()),
    }
}

/// Drops what XML 1.0 forbids; characters of windows-1252 that were taken for Unicode become what was meant.
fn without_controls<'t>(text: &'t str, tally: &mut Tally) -> Cow<'t, str> {
    let bytes = text.as_bytes();
    let has_control = bytes.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    let has_c1 = !text.is_ascii() && bytes.windows(2).any(|pair| matches!(pair, [0xc2, 0x80..=0x9f]));
    if !has_control && !has_c1 && !text.contains('\u{fffe}') && !text.contains('\u{ffff}') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '\t' | '\n' | '\r' => kept.push(character),
            '\u{80}'..='\u{9f}' => {
                tally.note("a character of windows-1252 stood as a control character; read as meant", at);
                kept.extend(from_windows_1252(u32::from(character)));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => tally.note("a control character was dropped", at),
            _ => kept.push(character),
        }
    }
    Cow::Owned(kept)
}

/// Copies only from the first damage on.
struct Copier<'t> {
    text: &'t str,
    copied: String,
    copied_to: usize,
    /// How much declared entities have added.
    declared_bytes: usize,
}

impl Copier<'_> {
    /// The value of a declared entity while all of them together are not longer than the text itself.
    fn affordable<'v>(&mut self, declared: Option<&(&str, &'v str)>) -> Option<&'v str> {
        let (_, value) = declared?;
        self.declared_bytes += value.len();
        (self.declared_bytes <= self.text.len().max(DECLARED_BYTES_ALWAYS)).then_some(*value)
    }

    fn replace(&mut self, from: usize, to: usize, by: &str) {
        self.copied.push_str(self.text.get(self.copied_to..from).unwrap_or(""));
        self.copied.push_str(by);
        self.copied_to = to;
    }
}

fn references<'t>(text: &'t str, tally: &mut Tally) -> Cow<'t, str> {
    let declared = declared_entities(text);
    let mut copier = Copier { text, copied: String::new(), copied_to: 0, declared_bytes: 0 };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['&', '<'])) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or("");
        at = if rest.starts_with('&') {
            start + mend_reference(&mut copier, start, rest, &declared, tally)
        } else {
            start + skip_markup(&mut copier, start, rest, tally)
        };
    }
    if copier.copied_to == 0 {
        return Cow::Borrowed(text);
    }
    copier.replace(text.len(), text.len(), "");
    Cow::Owned(copier.copied)
}

/// Mends the reference that `rest` begins with; returns how far to go on.
fn mend_reference(
    copier: &mut Copier<'_>,
    start: usize,
    rest: &str,
    declared: &[(&str, &str)],
    tally: &mut Tally,
) -> usize {
    let reach = rest.as_bytes().get(1..).unwrap_or(&[]);
    let length = reach.iter().take(LONGEST_REFERENCE).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    let name = rest.get(1..=length).unwrap_or("");
    if name.is_empty() || reach.get(length) != Some(&b';') {
        tally.note("a stray `&` was escaped", start);
        copier.replace(start, start + 1, "&amp;");
        return 1;
    }
    let end = length + 2;
    if let Some(number) = name.strip_prefix('#') {
        mend_number(copier, start, start + end, number, tally);
    } else if resolve_xml_entity(name).is_some() {
    } else if let Some(value) = copier.affordable(declared.iter().find(|(key, _)| *key == name)) {
        copier.replace(start, start + end, value);
    } else if let Some(characters) = named_entity(name) {
        tally.note("an entity that only HTML knows was resolved", start);
        let value: String = characters.into_iter().flatten().collect();
        copier.replace(start, start + end, &partial_escape(value.as_str()));
    } else {
        tally.note("an unknown entity was kept as text", start);
        copier.replace(start, start + 1, "&amp;");
    }
    end
}

fn mend_number(copier: &mut Copier<'_>, start: usize, end: usize, number: &str, tally: &mut Tally) {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    let code = code.ok();
    match code.and_then(char::from_u32) {
        Some('\u{80}'..='\u{9f}') => {
            let meant = code.and_then(from_windows_1252).map(String::from).unwrap_or_default();
            copier.replace(start, end, &meant);
        }
        Some('\t' | '\n' | '\r') => {}
        Some(character) if character >= ' ' && !matches!(character, '\u{fffe}' | '\u{ffff}') => {
            // XML writes a lower-case x; readers refuse the other.
            if number.starts_with('X') {
                copier.replace(start, end, &format!("&#x{:x};", u32::from(character)));
            }
        }
        _ => {
            tally.note("a reference to no character was dropped", start);
            copier.replace(start, end, "");
        }
    }
}

/// Passes over what `<` begins, or escapes it where it begins nothing; returns how far to go on.
fn skip_markup(copier: &mut Copier<'_>, start: usize, rest: &str, tally: &mut Tally) -> usize {
    let past = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    if rest.starts_with("<![CDATA[") {
        return past("]]>");
    }
    if rest.starts_with("<!--") {
        return past("-->");
    }
    if rest.starts_with("<!DOCTYPE") || rest.starts_with("<!doctype") {
        return doctype_length(rest);
    }
    if rest.starts_with("<?xml") {
        return past("?>");
    }
    let next = rest.chars().nth(1);
    if next.is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '_' | '?')) {
        // Attributes are looked at like text: their references need the same mending.
        return 1;
    }
    tally.note("a stray `<` was escaped", start);
    copier.replace(start, start + 1, "&lt;");
    1
}

/// The length of a document type declaration, with its internal subset.
fn doctype_length(rest: &str) -> usize {
    let close = rest.find('>').unwrap_or(rest.len());
    match rest.get(..close).and_then(|head| head.find('[')) {
        Some(open) => {
            let subset = rest.get(open..).and_then(|subset| subset.find(']')).map_or(rest.len(), |at| open + at);
            rest.get(subset..).and_then(|after| after.find('>')).map_or(rest.len(), |at| subset + at + 1)
        }
        None => (close + 1).min(rest.len()),
    }
}

/// `<!ENTITY name "value">` of the internal subset; values that refer to others are left out.
fn declared_entities(text: &str) -> Vec<(&str, &str)> {
    let Some(start) = text.find("<!DOCTYPE") else { return Vec::new() };
    let doctype = text.get(start..).and_then(|rest| rest.get(..doctype_length(rest))).unwrap_or("");
    let entity = |part: &'_ str| {
        let (name, after) = part.trim_start().split_once(char::is_whitespace)?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = after.get(1..)?.find(quote)?;
        Some((name.len(), after.len(), end))
    };
    let parts = doctype.split("<!ENTITY").skip(1).take(DECLARED_ENTITIES);
    parts
        .filter_map(|part| {
            let (name_length, after_length, end) = entity(part)?;
            let part = part.trim_start();
            let value = part.get(part.len() - after_length + 1..)?.get(..end)?;
            let is_plain = value.len() <= DECLARED_VALUE_BYTES && !value.contains(['&', '<', '%']);
            is_plain.then(|| (part.get(..name_length).unwrap_or(""), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, cleaned: &str, n_problems: usize) {
        let mut tally = Tally::default();
        assert_eq!(clean(text, &mut tally), cleaned);
        assert_eq!(tally.into_problems(text).len(), n_problems, "{text}");
    }

    #[test]
    fn a_clean_document_is_not_copied() {
        let text = "<a b='&amp;'>&lt;p&gt; <![CDATA[&nbsp; & <]]> &#8217;<!-- & --></a>";
        assert!(matches!(clean(text, &mut Tally::default()), Cow::Borrowed(_)));
    }

    #[test]
    fn stray_signs_are_escaped() {
        check("<a>Tom & Jerry, 1 < 2, a=1&b=2</a>", "<a>Tom &amp; Jerry, 1 &lt; 2, a=1&amp;b=2</a>", 2);
        check("<a h='?x&y'>&foo;</a>", "<a h='?x&amp;y'>&amp;foo;</a>", 2);
    }

    #[test]
    fn html_entities_become_characters() {
        check("<a>f&uuml;r&nbsp;dich &rsquo;</a>", "<a>für\u{a0}dich ’</a>", 1);
        check("<a>&LT;b&#146;s&#0;</a>", "<a>&lt;b’s</a>", 2);
    }

    #[test]
    fn entities_of_the_document_type_are_resolved() {
        let head = "<!DOCTYPE rss [<!ENTITY shop \"Müller\"><!ENTITY bomb \"&shop;&shop;\">]>";
        check(&format!("{head}<a>&shop; &bomb;</a>"), &format!("{head}<a>Müller &amp;bomb;</a>"), 1);
    }

    #[test]
    fn control_characters_go_and_windows_1252_is_read_as_meant() {
        check("<a>x\u{8}y don\u{92}t</a>", "<a>xy don’t</a>", 2);
    }

    proptest! {
        #[test]
        fn cleaning_never_panics_and_is_bounded(text in "(<|&|;|#|x[0-9a-f]{2}|<!\\[CDATA\\[|\\]\\]>|<!--|<!DOCTYPE|\\[|<!ENTITY|nbsp|\"|\\PC){0,60}") {
            let mut tally = Tally::default();
            let cleaned = clean(&text, &mut tally);
            prop_assert!(cleaned.len() <= (5 + DECLARED_VALUE_BYTES) * text.len());
        }
    }
}
