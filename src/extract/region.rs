//! Parts of the markup that are not the writer's own text: skipped or set aside as a quotation.

use super::tag::Tag;

/// What happens to a region's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// Nobody reads it.
    Skip,
    /// Somebody else said it.
    Quote,
}

/// Elements whose content nobody reads, beside `script` and `style`.
const SKIPPED: &[&str] = &[
    "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea", "button", "audio", "video", "head",
];

/// The region that the walk is in.
#[derive(Debug)]
pub struct Region {
    name: &'static str,
    depth: usize,
    /// What happens to its text.
    pub treatment: Treatment,
}

impl Region {
    /// The region that `tag` opens.
    #[must_use]
    pub fn opened_by(tag: &Tag<'_>) -> Option<Self> {
        if tag.is_end || tag.is_empty() {
            return None;
        }
        let skipped = SKIPPED.iter().find(|name| tag.is(name)).map(|name| (*name, Treatment::Skip));
        let quoted = || {
            let is_quote = tag.attribute("class").is_some_and(|class| class.to_ascii_lowercase().contains("quote"));
            match () {
                () if tag.is("blockquote") => Some(("blockquote", Treatment::Quote)),
                () if tag.is("aside") && is_quote => Some(("aside", Treatment::Quote)),
                () => None,
            }
        };
        let (name, treatment) = skipped.or_else(quoted)?;
        Some(Self { name, depth: 1, treatment })
    }

    /// Takes a tag inside the region into account; says whether the region ends with it.
    pub fn ends_with(&mut self, tag: &Tag<'_>) -> bool {
        if tag.is(self.name) {
            self.depth = if tag.is_end { self.depth - 1 } else { self.depth + 1 };
        }
        self.depth == 0
    }
}
