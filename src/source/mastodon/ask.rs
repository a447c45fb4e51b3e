//! What is asked of a server: its own document, a page of a tag, a page of a search.

use super::state::State;
use super::walk::{Way, begin, way};
use crate::model::{MastodonServer, MastodonSpec, Request, SecretRef};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Statuses of a page; more are not given.
const PAGE: u32 = 40;

/// The most bytes of an answer.
const BODY_LIMIT_BYTES: usize = 20_000_000;

/// What a request was for; lies in its note.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub server: String,
    /// The lane's name; none where the server was asked about itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
    /// The `min_id` or `max_id` that the page was asked from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// It is the first page of its lane in this reading.
    pub is_first: bool,
    /// It is the first request of the reading.
    pub begins: bool,
    /// Nothing is asked after it and what follows from it.
    pub ends: bool,
}

/// The lanes of a source on one server.
pub(super) fn lanes<'s>(spec: &'s MastodonSpec, server: &'s MastodonServer) -> impl Iterator<Item = String> + 's {
    let searches = spec.search.iter().filter(|_| server.token.is_some());
    spec.tags.iter().map(|tag| format!("#{tag}")).chain(searches.map(|words| format!("?{words}")))
}

/// What a reading begins with, the last first: each server about itself where that is due, else its lanes.
///
/// The order turns with each reading, so that no lane is always the one for which there is no room.
pub(super) fn plan(spec: &MastodonSpec, state: &State, now: Timestamp) -> Vec<Asked> {
    let mut plan: Vec<Asked> = Vec::new();
    for server in &spec.servers {
        if state.wants_facts(&server.url, now) {
            plan.push(Asked { server: server.url.clone(), ..Asked::default() });
        } else if state.closed(&server.url).is_none() {
            plan.extend(lanes(spec, server).map(|lane| first_page(state, &server.url, lane, now)));
        }
    }
    if plan.is_empty() {
        // All are closed: look whether they still are.
        plan.extend(spec.servers.iter().map(|server| Asked { server: server.url.clone(), ..Asked::default() }));
    }
    let turns = (state.n_readings as usize).checked_rem(plan.len()).unwrap_or(0);
    plan.rotate_left(turns);
    if let Some(last) = plan.first_mut() {
        last.ends = true;
    }
    if let Some(first) = plan.last_mut() {
        first.begins = true;
    }
    plan
}

/// The first page of a lane in this reading.
pub(super) fn first_page(state: &State, server: &str, name: String, now: Timestamp) -> Asked {
    let lane = state.lane(server, &name);
    let is_mastodon = state.servers.get(server).is_some_and(|facts| facts.is_mastodon);
    let from = begin(&lane, way(&lane, name.starts_with('?')), is_mastodon, now);
    Asked { server: server.to_owned(), lane: Some(name), from, is_first: true, ..Asked::default() }
}

/// The request for it. The token goes to its own server and to no other.
pub(super) fn request(spec: &MastodonSpec, state: &State, asked: &Asked) -> Request {
    let server = spec.servers.iter().find(|server| server.url == asked.server);
    let token = server.and_then(|server| server.token.clone());
    Request { note: serde_json::to_string(asked).ok(), ..plain(address(spec, state, asked), token) }
}

/// A request to `server` at `url`, which is an address of it.
pub(super) fn of_server(server: &MastodonServer, url: String) -> Request {
    plain(url, server.token.clone())
}

fn plain(url: String, bearer: Option<SecretRef>) -> Request {
    Request {
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        bearer,
        ..Request::plain(url, BODY_LIMIT_BYTES)
    }
}

fn address(spec: &MastodonSpec, state: &State, asked: &Asked) -> String {
    let server = &asked.server;
    let Some(name) = &asked.lane else { return format!("{server}/api/v2/instance") };
    let lane = state.lane(server, name);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &PAGE.to_string());
    let (path, way) = match name.strip_prefix('?') {
        Some(words) => {
            query.append_pair("type", "statuses").append_pair("q", words);
            ("/api/v2/search".to_owned(), way(&lane, true))
        }
        None => {
            let lists = [("any[]", &spec.any), ("all[]", &spec.all), ("none[]", &spec.none)];
            for (key, tag) in lists.into_iter().flat_map(|(key, tags)| tags.iter().map(move |tag| (key, tag))) {
                query.append_pair(key, tag);
            }
            (format!("/api/v1/timelines/tag/{}", encoded(name.trim_start_matches('#'))), way(&lane, false))
        }
    };
    if let Some(from) = &asked.from {
        query.append_pair(if way == Way::Up { "min_id" } else { "max_id" }, from);
    }
    format!("{server}{path}?{}", query.finish())
}

/// A part of a path or query.
pub(super) fn encoded(part: &str) -> String {
    url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20")
}
