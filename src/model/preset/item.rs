//! Where the parts of an item stand in an answer.

use super::{Field, Paths};
use crate::model::Medium;
use serde::Deserialize;
use std::collections::BTreeMap;

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
