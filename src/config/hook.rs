//! `[[source]]` with `engine = "webhook"`: what others post to us.

use super::brand::unique_id;
use super::form;
use super::reader::Reader;
use super::secret::read_reference;
use super::source::read_medium;
use crate::model::{Hook, SourceName, SourceSpec};
use crate::source::webhook::{MAP_KEYS, is_path};
use std::collections::{BTreeMap, HashMap};

/// The word that makes a source one that is posted to.
pub(super) const ENGINE: &str = "webhook";

/// Reads one; its `engine` was looked at before.
pub(super) fn read_hook(table: &mut Reader<'_>, taken_ids: &mut HashMap<String, usize>) -> Option<Hook> {
    let id = table.required("id", "id = \"...\"").and_then(|id| unique_id(&id, taken_ids));
    table.value("engine");
    for key in ["url", "every", "follow", "preset"] {
        if let Some(value) = table.value(key) {
            value.reject("is of sources that are asked", "remove it: a webhook is posted to, at /in/ and its id");
        }
    }
    let has_secret = table.has("secret");
    let secret = read_reference(table, "secret");
    if !has_secret {
        table.missing("secret", "write `secret = { env = \"NAME\" }`: what senders prove themselves with");
    }
    let medium = read_medium(table);
    let lang = table.text("lang").and_then(|lang| form::language(&lang));
    let stories = table.flag("stories").unwrap_or(true);
    let map = read_map(table);
    let id = id?;
    let url = format!("webhook:{id}");
    let spec = SourceSpec { medium, lang, stories, ..SourceSpec::new(SourceName::new(id), ENGINE, url) };
    Some(Hook { spec, secret: secret?, map })
}

/// `[source.map]`.
fn read_map(table: &mut Reader<'_>) -> BTreeMap<String, String> {
    let Some(mut table) = table.table("map", "`[source.map]`") else { return BTreeMap::new() };
    let mut map = BTreeMap::new();
    for key in MAP_KEYS {
        let Some(text) = table.text(key) else { continue };
        if is_path(&text.text) {
            map.insert(key.to_owned(), text.text);
        } else {
            text.reject("is no path", "write keys and numbers with dots between them: \"data.posts.0.text\"");
        }
    }
    if !map.contains_key("text") && !map.contains_key("html") && !map.contains_key("title") {
        table.missing("text", "write where the words of an item stand: `text = \"body.text\"`");
    }
    table.finish();
    map
}
