//! Fills `{variables}` into texts.

use std::collections::BTreeMap;

/// The most bytes of a filled text.
const FILLED_LIMIT_BYTES: usize = 1 << 16;

/// One part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    Hole(&'t str),
}

/// The parts of `template`. A brace without its partner is text.
pub(super) fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, from)) = rest.split_once('{') {
        let Some((name, after)) = from.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Hole(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Whether `text` is a template.
pub(super) fn is_template(text: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Hole(_)))
}

/// The names of the holes.
pub(super) fn holes(template: &str) -> impl Iterator<Item = &str> {
    parts(template).into_iter().filter_map(|part| match part {
        Part::Hole(name) => Some(name),
        Part::Text(_) => None,
    })
}

/// `template` with every hole filled; `None` where `value_of` does not know one.
pub(super) fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::new();
    for part in parts(template) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Hole(name) => filled.push_str(&value_of(name)?),
        }
        if filled.len() > FILLED_LIMIT_BYTES {
            return None;
        }
    }
    Some(filled)
}

/// `template` with `variables`; what is not known or empty is empty.
pub(super) fn fill_with(template: &str, variables: &BTreeMap<String, String>, encode: fn(&str) -> String) -> String {
    fill(template, |name| Some(variables.get(name).map(|value| encode(value)).unwrap_or_default())).unwrap_or_default()
}

/// As a part of an address: everything but letters, digits and `-._~` as `%XX`.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_lone_braces_stay() {
        let variables = BTreeMap::from([("q".to_owned(), "a b&c/ü".to_owned())]);
        assert_eq!(fill_with("/x/{q}?y={none}", &variables, percent_encoded), "/x/a%20b%26c%2F%C3%BC?y=");
        assert_eq!(fill("{a} {b", |_| Some("1".to_owned())).as_deref(), Some("1 {b"));
        assert_eq!(fill("{a}{b}", |name| (name == "a").then(String::new)), None);
    }
}
