//! One XML element: its attributes, and what stands between its tags.

use super::raw::RawText;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

/// Types of content that nobody reads.
const BINARY: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "application/pdf"];

/// What one element holds.
#[derive(Debug)]
pub struct Captured<'x> {
    /// Its text, references resolved, without the tags within.
    pub text: Cow<'x, str>,
    /// What stands between its tags.
    pub inner: &'x str,
    /// It has elements of its own.
    pub has_markup: bool,
}

/// The value of an attribute, whatever its prefix and case, references resolved.
#[must_use]
pub fn attribute(start: &BytesStart<'_>, local: &str) -> Option<String> {
    let mut attributes = start.html_attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| {
        let key = attribute.key.into_inner();
        key.rsplit(':').next().is_some_and(|key| key.eq_ignore_ascii_case(local))
    })?;
    Some(quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), Cow::into_owned))
}

/// The text of an element as Atom's `type` (or Atom 0.3's `mode`) means it.
#[must_use]
pub fn typed_text(start: &BytesStart<'_>, captured: &Captured<'_>) -> RawText {
    let kind = attribute(start, "type").unwrap_or_default().to_ascii_lowercase();
    let mode = attribute(start, "mode").unwrap_or_default().to_ascii_lowercase();
    if mode == "base64" || (mode.is_empty() && kind == "application/octet-stream") {
        let compact: String = captured.text.split_ascii_whitespace().collect();
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, compact).unwrap_or_default();
        return RawText { value: String::from_utf8_lossy(&bytes).into_owned(), is_plain: false };
    }
    if mode.is_empty() && BINARY.iter().any(|beginning| kind.starts_with(beginning)) {
        return RawText::default();
    }
    if captured.has_markup {
        // Markup beside CDATA: what the CDATA holds is markup of the same text.
        let inner = captured.inner.trim();
        let has_data = inner.contains("<![CDATA[");
        let value = if has_data { inner.replace("<![CDATA[", "").replace("]]>", "") } else { inner.to_owned() };
        return RawText { value, is_plain: false };
    }
    let is_plain = matches!(kind.as_str(), "text" | "text/plain") && mode != "escaped";
    RawText { value: captured.text.trim().to_owned(), is_plain }
}

/// Appends a part; the first one is borrowed.
pub fn push<'x>(text: &mut Cow<'x, str>, part: Cow<'x, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_beside_cdata_is_one_text() {
        let start = BytesStart::from_content("description", 11);
        let captured = Captured { text: "".into(), inner: "<![CDATA[<p>a</p>]]><br/>b", has_markup: true };
        assert_eq!(typed_text(&start, &captured).value, "<p>a</p><br/>b");
    }

    #[test]
    fn base64_is_decoded_and_plain_is_said() {
        let typed = |content: &str, text: &str| {
            let captured = Captured { text: Cow::Owned(text.to_owned()), inner: "", has_markup: false };
            typed_text(&BytesStart::from_content(content, 7), &captured)
        };
        assert_eq!(typed("content mode='base64'", "U3RlYWs=").value, "Steak");
        assert!(typed("content type='text'", "a < b").is_plain);
        assert!(!typed("content type='html'", "a &lt; b").is_plain);
    }
}
