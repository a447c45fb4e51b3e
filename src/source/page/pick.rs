//! A part of a recipe: which element, and its text or one of its attributes.

use scraper::{ElementRef, Selector};

/// `SELECTOR`, `SELECTOR@attribute`, `@attribute`; several in a row with commas, the first that gives something counts.
///
/// An attribute behind the last of several selectors counts for those before it that name none.
#[derive(Debug)]
pub struct Pick {
    choices: Vec<Choice>,
}

#[derive(Debug)]
struct Choice {
    /// `None` is the item itself.
    selector: Option<Selector>,
    attribute: Option<String>,
}

/// A part of a recipe cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PickError {
    /// It says nothing.
    #[error("it is empty; write a CSS selector, for instance \".post .author\", or remove it")]
    Empty,
    /// No CSS selector.
    #[error("`{0}` is no CSS selector; write for instance \".post .author\" or \"a.permalink@href\"")]
    Selector(String),
    /// No name of an attribute.
    #[error("`@{0}` names no attribute; write for instance \"time@datetime\"")]
    Attribute(String),
}

impl Pick {
    /// Reads a part of a recipe.
    ///
    /// # Errors
    /// [`PickError`].
    pub fn parse(text: &str) -> Result<Self, PickError> {
        let mut choices = Vec::new();
        let mut last: Option<String> = None;
        for part in parts(text).into_iter().rev() {
            let (selector, attribute) = match part.rsplit_once('@') {
                Some((selector, attribute)) if !attribute.contains([']', '"', '\'']) => {
                    let name = attribute.trim().to_ascii_lowercase();
                    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:".contains(c)) {
                        return Err(PickError::Attribute(attribute.to_owned()));
                    }
                    last = Some(name.clone());
                    (selector.trim(), Some(name))
                }
                _ => (part, last.clone()),
            };
            let parsed = (!selector.is_empty()).then(|| Selector::parse(selector)).transpose();
            let selector = parsed.map_err(|_| PickError::Selector(selector.to_owned()))?;
            choices.push(Choice { selector, attribute });
        }
        choices.reverse();
        if choices.is_empty() { Err(PickError::Empty) } else { Ok(Self { choices }) }
    }

    /// The first value that is not empty, blanks squeezed.
    pub fn text(&self, item: ElementRef<'_>) -> Option<String> {
        self.choices.iter().find_map(|choice| {
            elements(choice, item).map(|element| value(element, choice)).find(|value| !value.is_empty())
        })
    }

    /// The first element that it leads to, whatever is meant of it.
    pub fn element<'a>(&self, item: ElementRef<'a>) -> Option<ElementRef<'a>> {
        self.choices.iter().find_map(|choice| elements(choice, item).next())
    }
}

fn elements<'a, 's>(choice: &'s Choice, item: ElementRef<'a>) -> Box<dyn Iterator<Item = ElementRef<'a>> + 's>
where
    'a: 's,
{
    match &choice.selector {
        Some(selector) => Box::new(item.select(selector)),
        None => Box::new(std::iter::once(item)),
    }
}

fn value(element: ElementRef<'_>, choice: &Choice) -> String {
    match &choice.attribute {
        Some(name) => element.attr(name).unwrap_or_default().trim().to_owned(),
        None => squeezed(element),
    }
}

/// The text below `element`, blanks squeezed, without scripts and styles.
pub fn squeezed(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        let Some(part) = node.value().as_text() else { continue };
        let is_hidden = node.parent().and_then(|parent| parent.value().as_element().map(|e| e.name().to_owned()));
        if is_hidden.is_some_and(|name| matches!(name.as_str(), "script" | "style" | "noscript" | "template")) {
            continue;
        }
        for word in part.split_inclusive(char::is_whitespace) {
            let (word, has_blank) = (word.trim_end(), word.ends_with(char::is_whitespace));
            text.push_str(word);
            if has_blank && !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The parts between commas that stand outside brackets and quotation marks.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(mark), c) if mark == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn picked(part: &str) -> Option<String> {
        let page = "<div data-id=7><a class=n href='/u/1'>Ann\n  <b>B</b></a><time>now</time><i></i></div>";
        let html = Html::parse_fragment(page);
        let item = html.select(&Selector::parse("div").expect("a selector")).next().expect("an item");
        Pick::parse(part).expect("a part").text(item)
    }

    #[test]
    fn text_attribute_or_the_items_own() {
        assert_eq!(picked(".n").as_deref(), Some("Ann B"));
        assert_eq!(picked("a.n@href").as_deref(), Some("/u/1"));
        assert_eq!(picked("@data-id").as_deref(), Some("7"));
        assert_eq!(picked("i, .x, time").as_deref(), Some("now"), "the first that gives something");
        assert_eq!(picked("b, a@href").as_deref(), Some("/u/1"), "the attribute counts for both");
        assert_eq!(picked("time@datetime"), None);
        assert_eq!(picked("a:not(.x, .y)[href='/u/1,@']").as_deref(), None);
    }

    #[test]
    fn what_is_no_part_says_why() {
        let error = |part: &str| Pick::parse(part).expect_err("no part").to_string();
        assert!(error("a[").starts_with("`a[` is no CSS selector"));
        assert!(error("").starts_with("it is empty"));
        assert!(error("a@").starts_with("`@` names no attribute"));
    }

    proptest::proptest! {
        #[test]
        fn any_part_is_read_or_refused(part in "\\PC{0,40}") {
            let _ = Pick::parse(&part);
        }
    }
}
