//! The headers of a hop, and the validators that an answer leaves behind.

use super::FetchError;
use super::trail::Trail;
use crate::model::{Credential, Request, Secret, Validators};
use crate::net::{Answer, NetError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Feeds first, then what feeds are mislabeled as, then anything.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, \
                      application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.1";

/// Validators longer than this are not kept: no server needs them, and they are stored for every source.
const VALIDATOR_LIMIT_BYTES: usize = 2048;

/// Headers of the request that say nothing secret and may go along to another host.
const HARMLESS: [&str; 2] = ["accept", "accept-language"];

/// All headers of the next hop.
pub(super) fn of_request(
    request: &Request,
    validators: &Validators,
    trail: &Trail,
    secret: Option<&Secret>,
    user_agent: &str,
) -> Result<Vec<(String, String)>, FetchError> {
    let mut headers = vec![("user-agent".to_owned(), user_agent.to_owned())];
    let mut add = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
    let mut names_format = false;
    for (name, value) in &request.headers {
        let lower = name.to_ascii_lowercase();
        if lower == "user-agent" {
            // We say who we are; a source cannot change it.
            return Err(NetError::Header { name: name.clone() }.into());
        }
        if trail.is_at_home() || HARMLESS.contains(&lower.as_str()) {
            names_format |= lower == "accept";
            add(name, value);
        }
    }
    if !names_format {
        add("accept", ACCEPT);
    }
    if let Some(secret) = secret.filter(|_| trail.is_at_home()) {
        match &request.means.credential {
            None | Some(Credential::Token(_)) => add("authorization", &format!("Bearer {}", secret.expose())),
            Some(Credential::Header(name, _)) => add(name, secret.expose()),
            Some(Credential::Basic(user, _)) => {
                let login = STANDARD.encode(format!("{user}:{}", secret.expose()));
                add("authorization", &format!("Basic {login}"));
            }
            Some(Credential::Query(..)) => {}
        }
    }
    if let Some(payload) = request.means.payload.as_ref().filter(|_| trail.is_at_home()) {
        add("content-type", payload.content_type);
    }
    if request.conditional {
        if let Some(etag) = &validators.etag {
            add("if-none-match", etag);
        }
        if let Some(date) = &validators.last_modified {
            add("if-modified-since", date);
        }
    }
    Ok(headers)
}

/// The headers for a plain text file that belongs to no source.
pub(super) fn plain(user_agent: &str) -> Vec<(String, String)> {
    [("user-agent", user_agent), ("accept", "text/plain, */*;q=0.1")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// What to ask with the next time: what the answer says, else what was stored.
pub(super) fn validators(answer: &Answer, stored: &Validators) -> Validators {
    // A replacement sign stands where the header was no UTF-8: it could not be sent back as it came.
    let can_be_kept =
        |value: &str| !value.is_empty() && value.len() <= VALIDATOR_LIMIT_BYTES && !value.contains('\u{fffd}');
    let keep = |name: &str, old: &Option<String>| {
        answer.header(name).filter(|value| can_be_kept(value)).map(str::to_owned).or_else(|| old.clone())
    };
    Validators { etag: keep("etag", &stored.etag), last_modified: keep("last-modified", &stored.last_modified) }
}
