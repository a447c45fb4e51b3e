//! What one part of an item is made of.

use serde::Deserialize;
use std::collections::BTreeMap;

/// One place or several, the first that holds something counts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Paths {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Paths {
    /// All of them, in order.
    #[must_use]
    pub fn list(&self) -> &[String] {
        match self {
            Self::One(path) => std::slice::from_ref(path),
            Self::Many(paths) => paths,
        }
    }
}

/// What a part of an item is made of: a path, a template where it holds `{`, several of them, or a rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Field {
    /// A path or a template; the first that gives something counts.
    Plain(Paths),
    /// More than that.
    Rule(Box<FieldRule>),
}

/// A part of an item that is more than a path.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldRule {
    /// A path or a template.
    pub path: Option<Paths>,
    /// What is there whatever the answer says.
    pub constant: Option<String>,
    /// How what is found is read.
    #[serde(rename = "as")]
    pub form: Form,
    /// What is found, and what it stands for; what is not in it gives nothing.
    pub map: BTreeMap<String, String>,
    /// A condition, without which `else` counts.
    pub when: Option<String>,
    /// What counts where the condition does not hold.
    #[serde(rename = "else")]
    pub otherwise: Option<Field>,
}

/// How what is found is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As the part wants it.
    #[default]
    Plain,
    /// Markup, of which the words are wanted.
    HtmlText,
    /// Markdown, made into markup.
    Markdown,
    /// Plain text, made into markup.
    TextHtml,
    /// Text with entities.
    Unescape,
    /// Seconds since 1970.
    UnixS,
    /// Milliseconds since 1970.
    UnixMs,
    /// Microseconds since 1970.
    UnixUs,
    /// The last but one part of a path of ids: `0.12.57` gives 12.
    ParentOfPath,
}
