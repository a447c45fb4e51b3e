//! How the items of a page are found where the page does not tell programs.

use serde::{Deserialize, Serialize};

/// `[source.recipe]`: for each part of an item where it stands.
///
/// Each is a CSS selector below the item; `@attribute` behind it means that attribute instead of the text, and
/// `@attribute` alone one of the item itself. `item`, `next` and `last` are looked for in the whole page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// One item of the page.
    pub item: String,
    /// Its id, the same at every reading.
    pub id: Option<String>,
    /// The link to it.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its text; the whole item where it is left out.
    pub text: Option<String>,
    /// When it was published.
    pub time: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The author's page.
    pub author_url: Option<String>,
    /// The rating, a number.
    pub rating: Option<String>,
    /// The id of the item that it answers.
    pub parent: Option<String>,
    /// How often it was seen: "1.2K" is understood.
    pub views: Option<String>,
    /// The link to the next page.
    pub next: Option<String>,
    /// The link to the last page of a thread, where the newest items stand at its end.
    pub last: Option<String>,
}

impl Recipe {
    /// Its parts under the names that they are written with, those that are left out excepted.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("id", &self.id),
            ("url", &self.url),
            ("title", &self.title),
            ("text", &self.text),
            ("time", &self.time),
            ("author", &self.author),
            ("author_url", &self.author_url),
            ("rating", &self.rating),
            ("parent", &self.parent),
            ("views", &self.views),
            ("next", &self.next),
            ("last", &self.last),
        ];
        let optional = parts.into_iter().filter_map(|(key, part)| Some((key, part.as_deref()?)));
        std::iter::once(("item", self.item.as_str())).chain(optional)
    }
}
