//! How a service is asked: requests, pages, its query language.

use serde::Deserialize;
use std::collections::BTreeMap;

/// One way to ask a service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The path below `base`.
    pub path: String,
    /// Name and value of each part of the query, in order; a part is left out where a variable in it is empty.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// Extra headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The JSON of a POST, with variables in its texts.
    pub json: Option<toml::Value>,
    /// The form of a POST.
    #[serde(default)]
    pub form: Vec<(String, String)>,
    /// How further pages are asked.
    #[serde(default)]
    pub paging: Paging,
}

/// How further pages are asked, and when there are none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// By what a page is named.
    pub style: PageStyle,
    /// Entries of a full page; 0 where it is not known.
    pub size: u32,
    /// Where the answer says how many pages there are.
    pub last: Option<String>,
    /// Where the answer says that there are more.
    pub more: Option<String>,
    /// Where the answer says how many entries there are in all.
    pub total: Option<String>,
    /// The header that says how many pages there are.
    pub header: Option<String>,
    /// Where the token or the address of the next page stands.
    pub token: Option<String>,
    /// `until` over ids: how many ids a page spans, whether or not they are to be seen.
    pub window: u32,
    /// Pages that one reading asks for; 0 means 8.
    pub pages: u32,
    /// Pages that the service gives in all; 0 means that it does not end.
    pub most: u32,
}

/// By what a page is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageStyle {
    /// There is one page.
    #[default]
    None,
    /// A number, the newest page first: `{page0}`, `{page1}`.
    Page,
    /// How many entries come before it, the newest first: `{offset}`.
    Offset,
    /// A token of the answer before: `{cursor}`.
    Token,
    /// `Link: <..>; rel="next"`.
    Link,
    /// An address in the answer before.
    Next,
    /// The oldest position so far: `{until_unix}`, `{until_iso}`, `{until_id}`.
    Until,
    /// Oldest first, each page from the newest position so far: `{since_unix}`, `{since_iso}`, `{since_id}`.
    Forward,
}

/// How a phrase of the user is written in the query language of a service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// What stands around a phrase of several words.
    pub quote: String,
    /// What stands between alternatives.
    pub or: String,
    /// What stands between words that must all occur.
    pub and: String,
    /// What stands before a word that must not occur.
    pub not: String,
    /// The most characters of a query; 0 means any number.
    pub longest: u32,
}

impl Default for Dialect {
    fn default() -> Self {
        let text = str::to_owned;
        Self { quote: text("\""), or: text(" OR "), and: text(" "), not: text("-"), longest: 0 }
    }
}
