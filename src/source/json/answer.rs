//! Turns the bytes of an answer into JSON, or says what stands in its place.

use super::field::Context;
use super::{form, path};
use crate::model::Preset;
use crate::source::ReadError;
use serde_json::Value;
use std::collections::BTreeMap;

/// How much of an answer is looked through for the text of an error.
const LOOKED_THROUGH_BYTES: usize = 1 << 16;

/// How much of what a service says is told on.
const TOLD_CHARACTERS: usize = 200;

/// Reads `body`.
///
/// # Errors
/// [`ReadError`] where it is empty, no JSON, broken JSON, or an error in the words of the service.
pub(super) fn read(body: &[u8], preset: &Preset) -> Result<Value, ReadError> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(ReadError::Empty);
    }
    let beginning = text.get(..floor(text, LOOKED_THROUGH_BYTES)).unwrap_or(text);
    let telling = preset.errors.iter().find(|rule| rule.text.as_deref().is_some_and(|error| beginning.contains(error)));
    if telling.is_some() && !text.starts_with(['{', '[']) {
        return Err(ReadError::Service { says: cut(beginning) });
    }
    if !text.starts_with(['{', '[']) {
        return Err(not_json(text));
    }
    let value: Value =
        serde_json::from_str(text).map_err(|error| ReadError::BrokenJson { reason: error.to_string() })?;
    match refusal(&value, preset).or_else(|| telling.map(|_| cut(beginning))) {
        Some(says) => Err(ReadError::Service { says }),
        None => Ok(value),
    }
}

/// What the service says instead of an answer.
fn refusal(value: &Value, preset: &Preset) -> Option<String> {
    let variables = BTreeMap::new();
    let context = Context { entry: value, root: value, joined: &[], variables: &variables };
    let rule =
        preset.errors.iter().find(|rule| rule.when.as_deref().is_some_and(|condition| context.holds(condition)))?;
    let message = rule.message.as_deref().and_then(|path| path::first(value, path)).and_then(form::text);
    Some(cut(&message.unwrap_or_else(|| value.to_string())))
}

fn not_json(text: &str) -> ReadError {
    let lower: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.contains("<head") {
        return ReadError::NotJson { found: "an HTML page".to_owned() };
    }
    ReadError::NotJson { found: format!("a text that begins \"{}\"", cut(text.lines().next().unwrap_or_default())) }
}

fn cut(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(TOLD_CHARACTERS).collect()
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
