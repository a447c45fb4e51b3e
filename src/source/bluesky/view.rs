//! Posts as the API shows them: a record with its author, its counts and when it was indexed; or the record alone.
//!
//! In: one view, with whatever is missing or of another kind. Out: an [`Item`], or what is wrong with it.

use super::post::{self, NAMESPACE};
use super::uri::{AtUri, POSTS, is_did};
use crate::model::{Item, ItemKey, PostedAt, SourceName};
use jiff::Timestamp;
use serde_json::Value;

/// Why a view is no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("a post has no address; skipped")]
    NoAddress,
    #[error("a post has no record; skipped")]
    NoRecord,
    #[error("a record is no post; skipped")]
    OtherRecord,
}

/// The item that a view, or an address with its record, is.
pub(super) fn item(source: &SourceName, view: &Value, now: Timestamp) -> Result<Item, Fault> {
    let address = address(view).ok_or(Fault::NoAddress)?;
    let uri = AtUri::parse(&address).ok_or(Fault::NoAddress)?;
    if uri.collection != POSTS {
        return Err(Fault::OtherRecord);
    }
    let record = ["record", "value"].iter().filter_map(|key| view.get(key)).find(|record| record.is_object());
    let record = record.ok_or(Fault::NoRecord)?;
    let indexed = view.get("indexedAt").and_then(Value::as_str).and_then(|at| at.trim().parse().ok());
    let mut item = post::item(source, &uri, record, indexed.unwrap_or(now));
    if indexed.is_none() && item.published == Some(PostedAt::utc(now)) {
        // Nobody says when; that of our reading says nothing.
        item.published = None;
    }
    if let Some(author) = view.get("author") {
        super::profile::fill(&mut item.author, author);
    }
    let count = |key: &str| view.get(key).and_then(number);
    item.counts.replies = count("replyCount");
    item.counts.reposts = count("repostCount");
    item.counts.likes = count("likeCount");
    Ok(item)
}

/// The key of the post that a view names.
pub(super) fn key(view: &Value) -> Option<ItemKey> {
    let id = address(view)?;
    (AtUri::parse(&id)?.collection == POSTS).then(|| ItemKey { namespace: NAMESPACE.to_owned(), id })
}

/// Where the post is gone.
pub(super) fn is_gone(view: &Value) -> bool {
    says(view, "notFound", "NotFound")
}

/// Where the post is there, but is not shown to us.
pub(super) fn is_closed(view: &Value) -> bool {
    says(view, "blocked", "Blocked") || form(view).ends_with("NoUnauthenticated")
}

/// Whether it says of itself that it is an entry of a thread.
pub(super) fn is_marked(view: &Value) -> bool {
    form(view).contains("#threadItem") || form(view).ends_with("Post") && form(view).contains("defs#")
}

fn form(view: &Value) -> &str {
    view.get("$type").and_then(Value::as_str).unwrap_or_default()
}

/// Whether a mark is set, or the form's name is that of what has it: `#notFoundPost`, `#threadItemNotFound`.
fn says(view: &Value, mark: &str, name: &str) -> bool {
    let marked = view.get(mark).is_some_and(|set| !matches!(set, Value::Bool(false) | Value::Null));
    let form = form(view).rsplit('#').next().unwrap_or_default().to_ascii_lowercase();
    marked || form.contains(&name.to_ascii_lowercase())
}

/// A whole number from 0, also as text or with `.0`.
pub(super) fn number(value: &Value) -> Option<u64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

/// The address of a view. One by a handle, which may change hands, becomes that by the author's DID.
fn address(view: &Value) -> Option<String> {
    let uri = view.get("uri").and_then(Value::as_str)?.trim();
    if AtUri::parse(uri).is_some() {
        return Some(uri.to_owned());
    }
    let (_, path) = uri.strip_prefix("at://")?.split_once('/')?;
    let did = view.get("author")?.get("did")?.as_str().filter(|did| is_did(did))?;
    Some(format!("at://{did}/{path}")).filter(|address| AtUri::parse(address).is_some())
}
