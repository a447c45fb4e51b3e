//! What an engine needs to know of one service, as data: the content of a file `presets/NAME.toml`.

mod again;
mod auth;
mod field;
mod item;
mod limit;
mod request;

pub use again::AgainRule;
pub use auth::{Auth, AuthStyle, ClientAuth, GrantKind, TokenFields};
pub use field::{Field, FieldRule, Form, Paths};
pub use item::{AuthorRule, CountRule, ItemRule, Join};
pub use limit::{CostRule, LimitRule};
pub use request::{Ask, Dialect, PageStyle, Paging};

use super::{Medium, Recipe};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One preset. Every text in it may hold `{variables}`; see `docs/PRESETS.md`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What `preset = "..."` names it.
    pub name: String,
    /// What it reads, in one line.
    pub about: String,
    /// The engine that reads it.
    pub engine: String,
    /// Where its items are said.
    pub medium: Option<Medium>,
    /// An address as it is to be given, where the user gives one.
    #[serde(default)]
    pub example: String,
    /// How its items are found on a page.
    pub recipe: Option<Recipe>,
    /// Under which terms it may be read.
    #[serde(default)]
    pub terms: Terms,
    /// What a person should know: limits, gaps, where to get a key.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How often it is read unless the source says otherwise: `15m`.
    pub every: Option<String>,
    /// The address of the service: `https://hn.algolia.com`.
    pub base: Option<String>,
    /// The address of a feed, with variables; the user gives none then.
    pub url: Option<String>,
    /// What the user fills in, by name.
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    /// Where its ids are valid.
    #[serde(default)]
    pub ids: IdScope,
    /// How it is asked; where the first way is closed, the next.
    #[serde(default)]
    pub request: Vec<Ask>,
    /// How a phrase of the user is written in its query language.
    #[serde(default)]
    pub dialect: Dialect,
    /// How a key of the user is sent.
    pub auth: Option<Auth>,
    /// By what is remembered how far it was read.
    #[serde(default)]
    pub cursor: CursorRule,
    /// Where the items stand in an answer.
    #[serde(default)]
    pub items: Vec<ItemRule>,
    /// How often it may be asked.
    #[serde(default)]
    pub limits: LimitRule,
    /// Answers that are errors although their status is 200.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// How single items are asked for again, to learn that they were edited or deleted; the first rule that fits an id
    /// counts.
    #[serde(default)]
    pub again: Vec<AgainRule>,
}

/// Under which terms a service may be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Terms {
    /// By anybody.
    #[default]
    Ok,
    /// With a key, which is free.
    Key,
    /// With the operator's permission, or for personal use.
    Permission,
    /// Not by programs.
    Forbidden,
}

/// What the user fills in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// What it is, in one line.
    pub about: String,
    /// What stands there where the user says nothing; without it the user has to.
    pub default: Option<String>,
    /// A value as it is to be given.
    #[serde(default)]
    pub example: String,
}

/// Where the ids of a service are valid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdScope {
    /// At this source.
    #[default]
    Source,
    /// In the whole service: what two sources bring is one item.
    Global,
}

/// By what is remembered how far a service was read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CursorRule {
    /// Times or ids.
    pub kind: CursorKind,
    /// What is read again: `24h`, or `50 items`.
    pub overlap: String,
    /// How far the first reading goes back where the service is asked since when: `7d`.
    pub first: String,
}

impl Default for CursorRule {
    fn default() -> Self {
        Self { kind: CursorKind::Time, overlap: "24h".to_owned(), first: "7d".to_owned() }
    }
}

/// What grows from item to item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CursorKind {
    /// The time of publication.
    #[default]
    Time,
    /// The id, a whole number.
    Id,
}

/// An answer that is an error although its status is 200.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The condition under which it is one.
    pub when: Option<String>,
    /// A text that stands in the body.
    pub text: Option<String>,
    /// Where the answer says what is wrong.
    pub message: Option<String>,
}
