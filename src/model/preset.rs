//! What an engine needs to know of one service, as data: the content of a file `presets/NAME.toml`.

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

/// How a key of the user (`key = { env = "..." }`) is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// By what means.
    pub style: AuthStyle,
    /// The name of the header or of the part of the query; the login's name for `basic`.
    #[serde(default)]
    pub name: String,
    /// Whether nothing can be read without it.
    #[serde(default)]
    pub required: bool,
}

/// By what means a key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthStyle {
    /// `Authorization: Bearer`.
    Bearer,
    /// A header of its own.
    Header,
    /// A part of the query.
    Query,
    /// `Authorization: Basic`, the key as password.
    Basic,
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

/// How often a service may be asked.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitRule {
    /// The least time between two requests: `2s`.
    pub min_spacing: Option<String>,
    /// Requests in an hour.
    pub per_hour: Option<u32>,
    /// Where an answer says how many seconds it wants to be left alone.
    pub backoff: Option<String>,
    /// Where an answer says how many requests are left.
    pub remaining: Option<String>,
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

/// One kind of items in an answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRule {
    /// Where they stand; the first place that is there counts. Empty for the answer itself.
    pub path: Paths,
    /// Only those for which all conditions hold.
    #[serde(default)]
    pub take: Vec<String>,
    /// None for which one of these conditions holds.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Those for which one of these conditions holds were deleted.
    #[serde(default)]
    pub deleted: Vec<String>,
    /// Other lists of the answer, by the name under which an entry of them is known.
    #[serde(default)]
    pub join: BTreeMap<String, Join>,
    /// Its id.
    pub id: Field,
    /// What it is: a word of the item kinds.
    pub kind: Option<Field>,
    /// Where it was said.
    pub medium: Option<Medium>,
    /// The link to it.
    pub url: Option<Field>,
    /// Its title.
    pub title: Option<Field>,
    /// Its text as markup.
    pub html: Option<Field>,
    /// Its text without markup.
    pub text: Option<Field>,
    /// Its language.
    pub lang: Option<Field>,
    /// When it was published.
    pub created_at: Option<Field>,
    /// When it was changed.
    pub edited_at: Option<Field>,
    /// What the cursor is made of, where it is neither the time nor the id.
    pub position: Option<Field>,
    /// Who wrote it: `name`, `handle`, `url`, `followers`, `bio`.
    #[serde(default)]
    pub author: AuthorRule,
    /// How often: `replies`, `reposts`, `likes`, `views`.
    #[serde(default)]
    pub counts: CountRule,
    /// The rating.
    pub rating: Option<Field>,
    /// The id of what it answers.
    pub parent_id: Option<Field>,
    /// The id of its thread.
    pub thread_id: Option<Field>,
    /// The link of what it is about.
    pub target: Option<Field>,
    /// The handle that it answers.
    pub in_reply_to: Option<Field>,
    /// Its tags.
    pub tags: Option<Field>,
}

/// Where the parts of an author stand.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorRule {
    /// The name that is shown.
    pub name: Option<Field>,
    /// The handle.
    pub handle: Option<Field>,
    /// The profile.
    pub url: Option<Field>,
    /// Followers.
    pub followers: Option<Field>,
    /// What they say of themselves.
    pub bio: Option<Field>,
}

/// Where the counts stand.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountRule {
    /// Answers.
    pub replies: Option<Field>,
    /// Times it was passed on.
    pub reposts: Option<Field>,
    /// Likes, points, a score.
    pub likes: Option<Field>,
    /// Views.
    pub views: Option<Field>,
}

/// Another list of the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Where it stands.
    pub from: String,
    /// Which part of the item names its entry.
    pub on: String,
    /// Which part of the entry is named.
    pub key: String,
}

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
