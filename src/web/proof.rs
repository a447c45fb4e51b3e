//! Whether who posts knows the secret, in a time that does not tell how nearly.
//!
//! Three ways: the secret itself (`Authorization: Bearer …` or `X-Webhook-Secret`); `X-Signature: sha256=…`, the
//! HMAC-SHA256 of `timestamp.body` (or of the body alone) with `X-Timestamp` in seconds; and Standard Webhooks
//! (`webhook-id`, `webhook-timestamp`, `webhook-signature`), as porterhouse signs its own.

use crate::model::Secret;
use crate::net::Visit;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use ring::hmac;

/// How far the time of a signature may be from ours, in seconds.
pub const WINDOW_SECONDS: i64 = 5 * 60;

/// What a visit has proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The secret was told: what stands beside it is the sender's word.
    Told,
    /// Time and body are signed.
    Signed,
    /// The id, time and body are signed.
    SignedWithId,
    /// The body alone is signed: anybody who heard it can send it again.
    BodyOnly,
}

/// Why a visit proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoProof {
    /// Neither secret nor signature.
    None,
    /// They are wrong.
    Wrong,
    /// The signature is too old, or of the future.
    OutOfTime,
}

pub(super) fn prove(visit: &Visit, body: &[u8], secret: &Secret, now: Timestamp) -> Result<Proof, NoProof> {
    if let Some(signatures) = visit.header("webhook-signature") {
        let id = visit.header("webhook-id").ok_or(NoProof::Wrong)?;
        let time = in_time(visit.header("webhook-timestamp"), now)?;
        let key = standard_key(secret);
        let signed = [id.as_bytes(), b".", time.as_bytes(), b".", body].concat();
        let tags = signatures.split(' ').filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok());
        return if any_holds(&key, &signed, tags) { Ok(Proof::SignedWithId) } else { Err(NoProof::Wrong) };
    }
    if let Some(signature) = visit.header("x-signature") {
        let time = in_time(visit.header("x-timestamp"), now)?;
        let tag = signature.strip_prefix("sha256=").and_then(from_hex).ok_or(NoProof::Wrong)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let signed = [time.as_bytes(), b".", body].concat();
        let (with_time, alone) = (hmac::verify(&key, &signed, &tag), hmac::verify(&key, body, &tag));
        return match (with_time, alone) {
            (Ok(()), _) => Ok(Proof::Signed),
            (_, Ok(())) => Ok(Proof::BodyOnly),
            _ => Err(NoProof::Wrong),
        };
    }
    let bearer = visit.header("authorization").and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    match bearer.or_else(|| visit.header("x-webhook-secret")) {
        None => Err(NoProof::None),
        Some(told) if is_same(told, secret.expose()) => Ok(Proof::Told),
        Some(_) => Err(NoProof::Wrong),
    }
}

/// The time as it was sent, where it is about now.
fn in_time(told: Option<&str>, now: Timestamp) -> Result<&str, NoProof> {
    let told = told.ok_or(NoProof::OutOfTime)?;
    let second: i64 = told.parse().map_err(|_| NoProof::OutOfTime)?;
    let is_about_now = now.as_second().checked_sub(second).is_some_and(|age| age.abs() <= WINDOW_SECONDS);
    if is_about_now { Ok(told) } else { Err(NoProof::OutOfTime) }
}

/// `whsec_` and base64, else the text itself.
fn standard_key(secret: &Secret) -> hmac::Key {
    let text = secret.expose();
    let decoded = text.strip_prefix("whsec_").and_then(|encoded| STANDARD.decode(encoded).ok());
    hmac::Key::new(hmac::HMAC_SHA256, decoded.as_deref().unwrap_or(text.as_bytes()))
}

fn any_holds(key: &hmac::Key, signed: &[u8], tags: impl Iterator<Item = Vec<u8>>) -> bool {
    // The keys of a rotation, not a guessing game.
    tags.take(4).any(|tag| hmac::verify(key, signed, &tag).is_ok())
}

/// Compared by their HMACs: equal in length, and as far from the texts as can be.
fn is_same(told: &str, secret: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, secret.as_bytes());
    hmac::verify(&key, told.as_bytes(), tag.as_ref()).is_ok()
}

/// The bytes of pairs of hex digits, as many as the longest tag has at most.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > 128 || !text.len().is_multiple_of(2) {
        return None;
    }
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::IpAddr;

    const SECRET: &str = "correct horse battery staple";

    fn now() -> Timestamp {
        Timestamp::from_second(1_777_896_000).expect("a time")
    }

    fn visit(headers: &[(&str, &str)]) -> Visit {
        Visit {
            method: "POST".to_owned(),
            path: "/in/shop".to_owned(),
            query: None,
            authority: None,
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            peer: IpAddr::from([127, 0, 0, 1]),
        }
    }

    fn check(headers: &[(&str, &str)], body: &[u8]) -> Result<Proof, NoProof> {
        prove(&visit(headers), body, &Secret::new(SECRET.to_owned()), now())
    }

    fn signature(secret: &str, signed: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed);
        tag.as_ref().iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }

    #[test]
    fn the_secret_itself_is_a_proof() {
        assert_eq!(check(&[("authorization", &format!("Bearer {SECRET}"))], b"x"), Ok(Proof::Told));
        assert_eq!(check(&[("x-webhook-secret", SECRET)], b"x"), Ok(Proof::Told));
        assert_eq!(check(&[("x-webhook-secret", "correct horse")], b"x"), Err(NoProof::Wrong));
        assert_eq!(check(&[], b"x"), Err(NoProof::None));
        // A wrong signature is not healed by a right secret beside it.
        assert!(
            check(&[("x-webhook-secret", SECRET), ("x-signature", "sha256=00"), ("x-timestamp", "1777896000")], b"x")
                .is_err()
        );
    }

    #[test]
    fn standard_webhooks_are_understood() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = STANDARD.encode(hmac::sign(&key, b"m1.1777896000.{}").as_ref());
        let signatures = format!("v1a,zzz v1,{tag}");
        let headers = [("webhook-id", "m1"), ("webhook-timestamp", "1777896000"), ("webhook-signature", &*signatures)];
        assert_eq!(check(&headers, b"{}"), Ok(Proof::SignedWithId));
        assert_eq!(check(&headers, b"{ }"), Err(NoProof::Wrong));
    }

    proptest! {
        #[test]
        fn a_signature_holds_for_its_time_and_body_only(
            body in prop::collection::vec(any::<u8>(), 0..50),
            other in prop::collection::vec(any::<u8>(), 0..50),
            age in -1_000_i64..1_000,
        ) {
            let time = (now().as_second() - age).to_string();
            let signed = signature(SECRET, &[time.as_bytes(), b".", &body].concat());
            let of = |body: &[u8], signature: &str| check(&[("x-signature", signature), ("x-timestamp", &time)], body);
            if age.abs() <= WINDOW_SECONDS {
                prop_assert_eq!(of(&body, &signed), Ok(Proof::Signed));
                prop_assert_eq!(of(&body, &signature(SECRET, &body)), Ok(Proof::BodyOnly));
                prop_assert_eq!(of(&other, &signed).is_ok(), other == body);
                prop_assert_eq!(of(&body, &signature("guessed", &body)), Err(NoProof::Wrong));
            } else {
                prop_assert_eq!(of(&body, &signed), Err(NoProof::OutOfTime));
            }
        }

        #[test]
        fn any_headers_prove_something_or_nothing(signature in ".{0,80}", time in ".{0,20}", body in prop::collection::vec(any::<u8>(), 0..20)) {
            prop_assert!(check(&[("x-signature", &signature), ("x-timestamp", &time)], &body).is_err());
            prop_assert!(check(&[("webhook-signature", &signature), ("webhook-id", &time), ("webhook-timestamp", &time)], &body).is_err());
            prop_assert!(check(&[("authorization", &signature)], &body).is_err());
        }
    }
}
