//! `/w/…`: what hubs ask and bring (WebSub). A path that is not sealed by us is refused before a body is read.
//!
//! GET: whether we meant what we asked for; the challenge goes back, as plain text, for that alone. POST: what is new;
//! it lies in the inbox before it is acknowledged. A wrong signature is answered like a right one, and dropped.

use super::{Settings, Web, not_found, out_of_order};
use crate::model::{Subscription, Wish};
use crate::net::{Reply, Visit};
use crate::store::{Posted, Pushed, StoreError, TakenIn};
use crate::wording::is_secret_line;
use bytes::Bytes;
use ring::hmac;
use std::time::Duration;

/// The longest question.
const QUERY_LIMIT_BYTES: usize = 8 << 10;
/// The most parts of a question.
const PARTS_MOST: usize = 32;
/// The longest reason and content type that are kept.
const REASON_LIMIT_BYTES: usize = 300;
const TYPE_LIMIT_BYTES: usize = 200;
/// The longest `Link` headers that are kept.
const LINKS_LIMIT_BYTES: usize = 4_000;

/// The longest time that a hub may promise; a longer one is asked anew within this.
const LEASE_MOST: Duration = Duration::from_secs(30 * 86_400);
/// What is agreed where a hub does not say for how long.
const LEASE_UNTOLD: Duration = Duration::from_secs(86_400);
/// A hub is not asked more often than this, however short its lease.
const RENEWAL_LEAST: Duration = Duration::from_secs(10 * 60);

pub(super) async fn answer(web: &Web, settings: &Settings, visit: &Visit, body: Option<Bytes>) -> Reply {
    let id = settings.links.as_ref().and_then(|links| links.subscription_at(&visit.path));
    let Some(id) = id else { return not_found() };
    let answered = match body {
        None => hear(web, id, visit.query.as_deref().unwrap_or_default()).await,
        Some(body) => take_in(web, settings, id, visit, body).await,
    };
    answered.unwrap_or_else(|error| out_of_order(&error))
}

/// What a hub asks, or says, of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    /// It asks whether we meant it.
    Intent { wish: Wish, topic: String, challenge: String, lease: Duration },
    /// It does not tell us, or no more.
    Denied { topic: String, reason: String },
}

async fn hear(web: &Web, id: &str, query: &str) -> Result<Reply, StoreError> {
    if query.len() > QUERY_LIMIT_BYTES {
        return Ok(Reply::text(414, "the question is too long\n"));
    }
    match question(query) {
        None => Ok(not_found()),
        Some(Question::Denied { topic, reason }) => {
            let is_ours = web.store.deny(id, &topic, reason, web.now()).await?;
            if is_ours {
                web.rung.notify_one();
            }
            Ok(if is_ours { Reply::text(200, "heard\n") } else { not_found() })
        }
        Some(Question::Intent { wish, topic, challenge, lease }) => {
            let times = (lease, renewal(lease));
            let is_meant = web.store.confirm(id, wish, &topic, times, web.now()).await?;
            Ok(if is_meant { Reply::text(200, challenge) } else { not_found() })
        }
    }
}

/// At four fifths of the lease.
fn renewal(lease: Duration) -> Duration {
    (lease / 5 * 4).max(RENEWAL_LEAST)
}

/// Reads a question; one that says a thing twice, or promises no time, is none.
fn question(query: &str) -> Option<Question> {
    let mut told: Vec<(String, String)> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if told.len() >= PARTS_MOST || told.iter().any(|(known, _)| *known == name) {
            return None;
        }
        told.push((name.into_owned(), value.into_owned()));
    }
    let get = |name: &str| told.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let topic = get("hub.topic")?.to_owned();
    let mode = get("hub.mode")?;
    if mode == "denied" {
        let reason = get("hub.reason").unwrap_or("it gave no reason");
        let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
        let reason = reason.get(..reason.floor_char_boundary(REASON_LIMIT_BYTES)).unwrap_or_default();
        return Some(Question::Denied { topic, reason: format!("the hub does not tell: {reason}") });
    }
    let wish = Wish::from_name(mode)?;
    let challenge = get("hub.challenge").filter(|challenge| !challenge.is_empty())?.to_owned();
    let lease = match (wish, get("hub.lease_seconds")) {
        (Wish::Unsubscribe, _) => Duration::ZERO,
        (Wish::Subscribe, None) => LEASE_UNTOLD,
        (Wish::Subscribe, Some(seconds)) => lease(seconds)?,
    };
    Some(Question::Intent { wish, topic, challenge, lease })
}

/// A number of seconds above zero; one that is too large to count is as long as any.
fn lease(seconds: &str) -> Option<Duration> {
    let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    let lease = seconds.parse().map_or(LEASE_MOST, Duration::from_secs).min(LEASE_MOST);
    (is_number && !lease.is_zero()).then_some(lease)
}

async fn take_in(web: &Web, settings: &Settings, id: &str, visit: &Visit, body: Bytes) -> Result<Reply, StoreError> {
    let known = web.store.subscription(id).await?.filter(|known| known.wish == Wish::Subscribe);
    // A hub that hears this may stop by itself.
    let Some(known) = known else { return Ok(Reply::text(410, "nobody wants to hear this any more\n")) };
    let taken_in = || Reply::text(202, "taken in\n");
    let Some(body) = proven(settings, &known, visit, body) else {
        web.tally.drop_one();
        let source = &known.source;
        tracing::debug!(%source, "what came for {source} was not signed by its hub");
        return Ok(taken_in());
    };
    let content_type = visit.header("content-type").filter(|kind| kind.len() <= TYPE_LIMIT_BYTES);
    let links: Vec<&str> = visit.headers.iter().filter(|(name, _)| name == "link").map(|(_, value)| &**value).collect();
    let links = Some(links.join(", ")).filter(|links| links.len() <= LINKS_LIMIT_BYTES).unwrap_or_default();
    let content_type = content_type.unwrap_or_default().to_owned();
    let pushed = Pushed { subscription: known.id, content_type, links };
    let posted =
        Posted { source: known.source, at: web.now(), body: body.to_vec(), pushed: Some(pushed), keys: Vec::new() };
    Ok(match web.store.take_in(posted).await? {
        TakenIn::New | TakenIn::Known => {
            web.rung.notify_one();
            taken_in()
        }
        TakenIn::Full => {
            let mut reply = Reply::text(503, "the inbox is full; come back in a minute\n");
            reply.headers.push(("retry-after", "60".to_owned()));
            reply
        }
    })
}

/// What of a body is proven to come from the hub: all, where it is signed. A hub that was told no secret can prove
/// nothing; its word is enough to look at the source, so its body counts as empty.
fn proven(settings: &Settings, known: &Subscription, visit: &Visit, body: Bytes) -> Option<Bytes> {
    if !is_secret_line(&known.hub) {
        return Some(Bytes::new());
    }
    let secret = settings.links.as_ref()?.hub_secret(&known.id);
    let is_one = visit.n_headers("x-hub-signature") == 1;
    let signature = visit.header("x-hub-signature").filter(|_| is_one)?;
    is_signed(signature, secret.as_bytes(), &body).then_some(body)
}

/// Whether `signature` (`method=hex`) is that of `body`, in a time that does not tell how much of it is right.
fn is_signed(signature: &str, secret: &[u8], body: &[u8]) -> bool {
    let Some((method, hex)) = signature.split_once('=') else { return false };
    let algorithm = match method.trim().to_ascii_lowercase().as_str() {
        // Old hubs know no other; as a HMAC it is not broken.
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let Some(tag) = super::proof::from_hex(hex.trim()) else { return false };
    hmac::verify(&hmac::Key::new(algorithm, secret), body, &tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sign(algorithm: hmac::Algorithm, name: &str, body: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(algorithm, b"secret"), body);
        tag.as_ref().iter().fold(format!("{name}="), |text, byte| text + &format!("{byte:02x}"))
    }

    fn lease_of(query: &str) -> Option<u64> {
        match question(query)? {
            Question::Intent { lease, .. } => Some(lease.as_secs()),
            Question::Denied { .. } => None,
        }
    }

    #[test]
    fn every_method_of_signing_is_known_and_no_other() {
        for (algorithm, name) in [
            (hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, "sha1"),
            (hmac::HMAC_SHA256, "SHA256"),
            (hmac::HMAC_SHA384, "sha384"),
            (hmac::HMAC_SHA512, "sha512"),
        ] {
            let signature = sign(algorithm, name, b"body");
            assert!(is_signed(&signature, b"secret", b"body"), "{name}");
            assert!(!is_signed(&signature, b"secret", b"bodY") && !is_signed(&signature, b"other", b"body"), "{name}");
        }
        for signature in ["", "sha256", "sha256=", "md5=00", "sha256=zz", "=00"] {
            assert!(!is_signed(signature, b"secret", b"body"), "{signature}");
        }
    }

    #[test]
    fn a_lease_is_a_number_above_zero_within_bounds() {
        let of = |lease: &str| lease_of(&format!("hub.mode=subscribe&hub.topic=t&hub.challenge=c{lease}"));
        assert_eq!(of("&hub.lease_seconds=864000"), Some(864_000));
        assert_eq!(of(""), Some(86_400));
        assert_eq!(of(&format!("&hub.lease_seconds={}", "9".repeat(60))), Some(30 * 86_400));
        for wrong in ["0", "-1", "ten", "", "1e9", "%2B5", "3.5", "000"] {
            assert_eq!(of(&format!("&hub.lease_seconds={wrong}")), None, "{wrong}");
        }
        assert_eq!(renewal(Duration::from_secs(10_000)), Duration::from_secs(8_000));
        assert_eq!(renewal(Duration::from_secs(1)), RENEWAL_LEAST);
    }

    #[test]
    fn what_is_said_twice_or_not_at_all_is_no_question() {
        for query in [
            "",
            "hub.mode=subscribe",
            "hub.mode=subscribe&hub.topic=t",
            "hub.mode=subscribe&hub.topic=t&hub.challenge=",
            "hub.mode=subscribe&hub.mode=subscribe&hub.topic=t&hub.challenge=c",
            "hub.mode=publish&hub.topic=t&hub.challenge=c",
        ] {
            assert_eq!(question(query), None, "{query}");
        }
        let denied = question("hub.mode=denied&hub.topic=t&hub.reason=no%0A%1B%5B31mway");
        let reason = "the hub does not tell: no[31mway".to_owned();
        assert_eq!(denied, Some(Question::Denied { topic: "t".to_owned(), reason }));
    }

    proptest! {
        #[test]
        fn any_question_is_read_or_not(query in "[a-z.&=%0-9]{0,80}|\\PC{0,80}") {
            if let Some(Question::Intent { lease, .. }) = question(&query) {
                prop_assert!(lease <= LEASE_MOST);
            }
        }

        #[test]
        fn no_guess_is_a_signature(signature in "sha(1|256|384|512)=[0-9a-f]{0,130}|\\PC{0,60}") {
            prop_assert!(!is_signed(&signature, b"secret", b"body"));
        }
    }
}
