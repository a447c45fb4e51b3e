//! Who the authors are: handles, names and followers, asked for many at a time.

use super::uri::{did_of, is_did, profile};
use crate::model::{Author, Request, Response};
use serde_json::Value;

/// The public interface.
pub(super) const SERVICE: &str = "https://public.api.bsky.app";

/// So many authors one call may name, by its documentation.
pub(super) const AT_ONCE: usize = 25;

/// An answer is some kilobytes an author.
const BODY_LIMIT_BYTES: usize = 1 << 20;

/// The request that tells of the authors with these pages; `None` where none of them is one.
pub(super) fn request(service: &str, urls: &[&str]) -> Option<Request> {
    let actors: Vec<String> =
        urls.iter().filter_map(|url| did_of(url)).take(AT_ONCE).map(|did| format!("actors={did}")).collect();
    let url = format!("{}/xrpc/app.bsky.actor.getProfiles?{}", service.trim_end_matches('/'), actors.join("&"));
    (!actors.is_empty()).then(|| Request::plain(url, BODY_LIMIT_BYTES))
}

/// The authors of an answer.
pub(super) fn authors(response: &Response) -> Vec<Author> {
    let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let list = answer.get("profiles").and_then(Value::as_array).into_iter().flatten();
    let mut authors = Vec::new();
    for view in list {
        if let Some(did) = view.get("did").and_then(Value::as_str).filter(|did| is_did(did)) {
            let mut author = Author { url: Some(profile(did)), ..Author::default() };
            fill(&mut author, view);
            authors.push(author);
        }
    }
    authors
}

/// Fills in what a view of an author says.
pub(super) fn fill(author: &mut Author, view: &Value) {
    let text = |key: &str| view.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    author.name = text("displayName").map(str::to_owned);
    // Whose name could not be verified has this one.
    author.handle = text("handle").filter(|handle| *handle != "handle.invalid").map(str::to_owned);
    author.bio = text("description").map(str::to_owned);
    author.followers = view.get("followersCount").and_then(super::view::number);
}
