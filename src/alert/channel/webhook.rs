//! A signed POST in the Standard Webhooks form (`webhook-id`, `webhook-timestamp`, `webhook-signature`).

use super::chain;
use crate::model::{Alert, Delivered, Secret};
use crate::net::{Call, Net, Trust};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use ring::hmac;
use std::time::Duration;

/// What a signing secret starts with; base64 follows.
const SECRET_PREFIX: &str = "whsec_";
/// The most that is read of an answer; only its status counts.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;
/// The longest that a receiver may take (Standard Webhooks recommends 15 to 30 seconds).
const TOTAL_DEADLINE: Duration = Duration::from_secs(20);
/// The longest silence within an answer.
const IDLE_DEADLINE: Duration = Duration::from_secs(10);

/// Where to, and how it is signed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'t> {
    /// The address.
    pub url: &'t str,
    /// The signing secret; without one nothing is signed.
    pub secret: Option<&'t Secret>,
    /// The operator allows a private address.
    pub private: bool,
}

pub(super) async fn deliver(net: &Net, target: Target<'_>, alert: &Alert, now: Timestamp) -> Delivered {
    let call = match call_for(target, alert, now) {
        Ok(call) => call,
        Err(words) => return Delivered::Refused(words),
    };
    match net.call(call).await {
        Ok(response) => verdict(response.status),
        Err(error) if error.is_transient() => Delivered::Retry(chain(&error)),
        Err(error) => Delivered::Refused(chain(&error)),
    }
}

fn call_for(target: Target<'_>, alert: &Alert, now: Timestamp) -> Result<Call, String> {
    let key = alert.key.as_str();
    let body = alert.body.json.to_string();
    let timestamp = now.as_second().to_string();
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("webhook-id".to_owned(), key.to_owned()),
        ("webhook-timestamp".to_owned(), timestamp.clone()),
        ("X-Porterhouse-Alert-Id".to_owned(), key.to_owned()),
    ];
    if let Some(secret) = target.secret {
        headers.push(("webhook-signature".to_owned(), signature(secret, key, &timestamp, &body)?));
    }
    Ok(Call {
        url: target.url.to_owned(),
        headers,
        body: Some(bytes::Bytes::from(body)),
        trust: Trust::Operator { private: target.private },
        body_limit_bytes: ANSWER_LIMIT_BYTES,
        total_deadline: TOTAL_DEADLINE,
        idle_deadline: IDLE_DEADLINE,
    })
}

/// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
fn signature(secret: &Secret, id: &str, timestamp: &str, body: &str) -> Result<String, String> {
    let encoded = secret.expose().trim();
    let encoded = encoded.strip_prefix(SECRET_PREFIX).unwrap_or(encoded);
    let key = STANDARD
        .decode(encoded)
        .map_err(|_| format!("the webhook's secret is not `{SECRET_PREFIX}` followed by base64"))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(tag.as_ref())))
}

/// What an answer's status means. A redirect is refused: the operator writes the new address.
fn verdict(status: u16) -> Delivered {
    match status {
        200..=299 => Delivered::Acknowledged,
        300..=399 => Delivered::Refused(format!("answered {status}: it has moved; write the new address")),
        410 => Delivered::Refused("answered 410: it is gone for good".to_owned()),
        408 | 425 | 429 => Delivered::Retry(format!("answered {status}: it asks us to wait")),
        400..=499 => Delivered::Refused(format!("answered {status}: it does not take this")),
        _ => Delivered::Retry(format!("answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks specification.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}");
        assert_eq!(signed.as_deref(), Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_secret_that_is_no_base64_is_refused_without_being_shown() {
        let refused = signature(&Secret::new("whsec_hunter2!".to_owned()), "a", "1", "{}");
        assert!(refused.is_err_and(|words| !words.contains("hunter2")));
    }

    #[test]
    fn statuses_part_into_done_later_and_never() {
        for (status, wanted) in [(204, "ack"), (302, "no"), (400, "no"), (410, "no"), (408, "later"), (429, "later")] {
            let got = match verdict(status) {
                Delivered::Acknowledged => "ack",
                Delivered::Retry(_) => "later",
                Delivered::Refused(_) => "no",
            };
            assert_eq!(got, wanted, "{status}");
        }
        assert_eq!(verdict(503), Delivered::Retry("answered 503".to_owned()));
    }
}
