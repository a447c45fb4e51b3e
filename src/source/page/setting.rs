//! What all items of one page share.

use crate::model::{Item, ItemKey, ItemKind, Medium, PostedAt, SourceName};
use crate::source::likely::is_likely;
use crate::text::{canonical_address, hash_hex};
use crate::when::read_date;
use jiff::Timestamp;
use url::Url;

/// The longest address that is kept.
const ADDRESS_LIMIT_BYTES: usize = 8 * 1024;

/// What all items of one page share.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The source.
    pub source: SourceName,
    /// The address that answered.
    pub url: String,
    /// Where its items are said, where the page does not tell.
    pub medium: Medium,
    /// When it was read.
    pub now: Timestamp,
}

impl Setting {
    /// An item of this page.
    pub fn item(&self, id: String, kind: ItemKind) -> Item {
        let key = ItemKey { namespace: self.source.to_string(), id };
        let mut item = Item::new(self.source.clone(), key);
        (item.kind, item.medium) = (kind, self.medium);
        item
    }

    /// The id of the article that the page is: one form of its address.
    pub fn article_id(&self) -> String {
        canonical_address(&self.url).unwrap_or_else(|| self.url.clone())
    }

    /// The id of an item that names none: the same at every reading, as long as its text is.
    pub fn own_id(&self, author: Option<&str>, title: &str, html: &str) -> String {
        format!("own:{}", hash_hex(&[&self.article_id(), author.unwrap_or_default(), title, html]))
    }

    /// `address` as a person can open it; `None` where it leads to no web page.
    pub fn absolute(&self, address: &str) -> Option<String> {
        if address.len() > ADDRESS_LIMIT_BYTES || self.url.len() > ADDRESS_LIMIT_BYTES {
            return None;
        }
        let url = Url::parse(&self.url).ok()?.join(address.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.to_string())
    }

    /// A date that can be right.
    pub fn date(&self, text: &str) -> Option<PostedAt> {
        read_date(text).filter(|date| is_likely(date.at, self.now))
    }
}
