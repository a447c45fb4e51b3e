//! `POST /in/…`: takes what is posted into the inbox, and acknowledges only what lies there.

use super::proof::{NoProof, Proof, prove};
use super::{Settings, Web, not_found, out_of_order};
use crate::net::{Reply, Visit};
use crate::store::{Posted, TakenIn};
use crate::text::hash_hex;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use ring::digest;
use std::time::Duration;

/// How long what a sender named or signed is known again.
const REMEMBERED: Duration = Duration::from_secs(30 * 86_400);
/// How long a body is known again that was neither named nor signed: a retry, not an edit that was taken back.
const RETRIED_WITHIN: Duration = Duration::from_secs(10 * 60);
/// The longest name that a sender may give.
const NAME_LIMIT_BYTES: usize = 256;

pub(super) async fn take_in(web: &Web, settings: &Settings, name: &str, visit: &Visit, body: Bytes) -> Reply {
    let Some((source, secret)) = settings.hooks.iter().find(|(known, _)| known.as_str() == name) else {
        return not_found();
    };
    let now = web.now();
    let proof = match prove(visit, &body, secret, now) {
        Ok(proof) => proof,
        Err(no_proof) => {
            web.tally.deny();
            tracing::debug!(%source, ?no_proof, "somebody without the secret posted to {source}");
            return denied(no_proof);
        }
    };
    if body.iter().all(u8::is_ascii_whitespace) {
        return Reply::text(400, "the body is empty\n");
    }
    let keys = match keys(visit, &body, proof) {
        Ok(keys) => keys.into_iter().map(|(key, time)| (hash_hex(&[name, &key]), time)).collect(),
        Err(reply) => return reply,
    };
    let posted = Posted { source: source.clone(), at: now, body: body.to_vec(), pushed: None, keys };
    match web.store.take_in(posted).await {
        Ok(TakenIn::New) => {
            web.rung.notify_one();
            Reply::text(202, "taken in\n")
        }
        Ok(TakenIn::Known) => Reply::text(202, "taken in before\n"),
        Ok(TakenIn::Full) => {
            tracing::warn!(%source, "the inbox is full; {source} is asked to come back");
            let mut reply = Reply::text(503, "the inbox is full; come back in a minute\n");
            reply.headers.push(("retry-after", "60".to_owned()));
            reply
        }
        Err(error) => out_of_order(&error),
    }
}

/// By what it is known again, and for how long each. A name that is not signed is not enough: whoever heard a signed
/// body could give it another one.
fn keys(visit: &Visit, body: &[u8], proof: Proof) -> Result<Vec<(String, Duration)>, Reply> {
    let named = match proof {
        Proof::SignedWithId => visit.header("webhook-id"),
        _ => visit.header("idempotency-key").or_else(|| visit.header("webhook-id")),
    };
    if named.is_some_and(|name| name.is_empty() || name.len() > NAME_LIMIT_BYTES) {
        return Err(Reply::text(400, format!("the key is empty or longer than {NAME_LIMIT_BYTES} bytes\n")));
    }
    let by_body = || STANDARD.encode(digest::digest(&digest::SHA256, body).as_ref());
    let mut keys: Vec<_> = named.map(|name| (format!("name {name}"), REMEMBERED)).into_iter().collect();
    match proof {
        Proof::SignedWithId => {}
        Proof::Told if named.is_some() => {}
        Proof::Told => keys.push((format!("body {}", by_body()), RETRIED_WITHIN)),
        Proof::BodyOnly => keys.push((format!("body {}", by_body()), REMEMBERED)),
        Proof::Signed => {
            let time = visit.header("x-timestamp").unwrap_or_default();
            keys.push((format!("signed {time} {}", by_body()), RETRIED_WITHIN));
        }
    }
    Ok(keys)
}

fn denied(no_proof: NoProof) -> Reply {
    let words = match no_proof {
        NoProof::None => "prove that you know the secret: `Authorization: Bearer`, or sign the body\n",
        NoProof::Wrong => "the secret or the signature is wrong\n",
        NoProof::OutOfTime => "the time of the signature is missing, or more than 5 minutes off\n",
    };
    let mut reply = Reply::text(401, words);
    reply.headers.push(("www-authenticate", "Bearer".to_owned()));
    reply
}
