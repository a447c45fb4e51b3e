//! One new source as the lines of its `[[source]]` block.

use super::super::duration::duration_text;
use super::super::source::MEDIA;
use crate::model::Medium;
use std::time::Duration;
use toml_edit::{Key, Value};

/// The longest line of a comment, in characters.
const COMMENT_CHARACTERS: usize = 200;

/// A source to add. Empty fields are left out of the block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSource {
    /// The id that is wished; one is made of title and host where it is `None`.
    pub id: Option<String>,
    /// What the source calls itself; only its id is made of it.
    pub title: Option<String>,
    /// The engine that reads it.
    pub engine: Option<String>,
    /// The preset that reads it.
    pub preset: Option<String>,
    /// Its address, absolute.
    pub url: String,
    /// How often it is read.
    pub every: Option<Duration>,
    /// What its items are.
    pub medium: Option<Medium>,
    /// The language that its items are mostly in (ISO 639-1).
    pub lang: Option<String>,
    /// Whether a page is a list of links to read.
    pub follow: Option<bool>,
    /// The keys of `[source.recipe]`, in order.
    pub recipe: Vec<(String, String)>,
    /// What stands above the block; each line becomes a line of comment.
    pub comment: Option<String>,
}

/// Appends the block of `source`, with a blank line before it unless it is the first.
pub(super) fn push(blocks: &mut String, source: &NewSource, id: &str, url: &str) {
    if !blocks.is_empty() {
        blocks.push('\n');
    }
    push_comment(blocks, source.comment.as_deref().unwrap_or_default());
    blocks.push_str("[[source]]\n");
    let every = source.every.map(duration_text);
    let medium = source.medium.and_then(medium_name);
    for (key, value) in [
        ("id", Some(id)),
        ("engine", source.engine.as_deref()),
        ("preset", source.preset.as_deref()),
        ("url", Some(url)),
        ("every", every.as_deref()),
        ("medium", medium),
        ("lang", source.lang.as_deref()),
    ] {
        if let Some(value) = value {
            push_line(blocks, key, value);
        }
    }
    if let Some(follow) = source.follow {
        blocks.push_str(&format!("follow = {follow}\n"));
    }
    if !source.recipe.is_empty() {
        blocks.push_str("\n[source.recipe]\n");
        source.recipe.iter().for_each(|(key, value)| push_line(blocks, key, value));
    }
}

/// `medium` as it is written.
fn medium_name(medium: Medium) -> Option<&'static str> {
    MEDIA.into_iter().find(|name| name.parse() == Ok(medium))
}

fn push_line(blocks: &mut String, key: &str, value: &str) {
    let (key, value) = (Key::new(key), Value::from(value));
    // The library writes a text with line ends over several lines, which is right and reads badly nowhere else.
    blocks.push_str(&format!("{} = {value}\n", key.display_repr()));
}

/// Each line behind a `#`; what TOML forbids in comments is left out.
fn push_comment(blocks: &mut String, comment: &str) {
    for line in comment.lines() {
        let words: String = line.chars().filter(|letter| !letter.is_control()).take(COMMENT_CHARACTERS).collect();
        if !words.trim().is_empty() {
            blocks.push_str(&format!("# {}\n", words.trim()));
        }
    }
}
