//! How a preset asks for single items again.

use serde::Deserialize;

/// How single items are asked for again. What comes back is read by the preset's `[[items]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainRule {
    /// What the ids look like that it is for: `{id}` is anything, `{n}` a whole number, `{host}` the name of a host;
    /// what they stand for fills the rest of the rule.
    #[serde(default = "any_id")]
    pub ids: String,
    /// The address of the service, where it is another.
    pub base: Option<String>,
    /// The path below it; `{ids}` where several can be asked for at once.
    pub path: String,
    /// Name and value of each part of the query.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// What stands between two ids that are asked for at once.
    pub join: Option<String>,
    /// The most ids that are asked for at once.
    #[serde(default = "one")]
    pub most: u32,
    /// Where an answer for one id stands; the answer itself where this is empty.
    #[serde(default)]
    pub entry: String,
    /// One of these holds in what was deleted by its author.
    #[serde(default)]
    pub deleted: Vec<String>,
    /// One of these holds in what somebody else took down, which may come back.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Statuses by which the service says that it does not have the item: 404, 410, and 403 where it means a single one.
    #[serde(default = "gone_statuses")]
    pub missing: Vec<u16>,
    /// Its text comes in the same form as in the list, so that another text is an edit. Else an edit is believed where
    /// the answer says that it came after our reading.
    #[serde(default)]
    pub same_form: bool,
    /// The list gives a part of its text, and this answer the whole: what names a brand is asked for at once.
    #[serde(default)]
    pub whole: bool,
}

fn any_id() -> String {
    "{id}".to_owned()
}

fn one() -> u32 {
    1
}

fn gone_statuses() -> Vec<u16> {
    vec![404, 410]
}
