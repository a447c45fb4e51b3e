//! Identifiers as types, so that a function cannot be called with the wrong one.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps `text` as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text inside.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// The `id` of a `[[source]]`.
    SourceName
}
text_id! {
    /// The `id` of a `[[brand]]`.
    BrandId
}
text_id! {
    /// The stable key of one alert to one recipient: the same for every attempt to deliver it.
    ///
    /// It becomes the Message-ID, the `webhook-id` and `X-Porterhouse-Alert-Id`.
    AlertKey
}

/// The row of an item in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub i64);

/// The row of a notice in the store; grows with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(pub i64);

/// What makes an item unique: where its id is valid, and the id.
///
/// The namespace is the preset only where that declares `ids = "global"`, else the source's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemKey {
    /// Where `id` is unique: a preset's or a source's name.
    pub namespace: String,
    /// The source's own id, or one made from the item's raw fields where it has none.
    pub id: String,
}
