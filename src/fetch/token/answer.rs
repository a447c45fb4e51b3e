//! Reads what a token endpoint answers. Never tells anything of the answer but a word of a closed list.

use crate::model::{Secret, TokenPlan};
use jiff::SignedDuration;
use serde_json::Value;

/// How long a token is believed to be good whose answer does not say.
const LIFE: i64 = 3_600;

/// The shortest and the longest life that is believed, in seconds. What is refused earlier is renewed then.
const LIVES: (f64, f64) = (30.0, 30.0 * 86_400.0);

/// A token is renewed so much before its end, or a tenth of its life where that is less.
const MARGIN: i64 = 60;

/// The longest token.
const TOKEN_LIMIT_BYTES: usize = 16 << 10;

/// The errors of RFC 6749 and of sessions, as the words of which one is told.
const ERRORS: [&str; 9] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "ExpiredToken",
    "InvalidToken",
    "AuthenticationRequired",
];

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenTrouble {
    /// A web page where JSON was expected.
    #[error("answers with a web page where a token was expected; check `token_url`")]
    Page,
    /// Neither JSON nor a page.
    #[error("answers with something else than JSON where a token was expected; check `token_url`")]
    NotJson,
    /// The endpoint says no.
    #[error("grants no token ({}); check `login`, `key` and `refresh` of this source", .word.unwrap_or("it says no"))]
    Refused {
        /// Its word, where it is one that we know.
        word: Option<&'static str>,
    },
    /// An error of the server.
    #[error("answers {status} where a token was expected; we go on trying")]
    Fault {
        /// The HTTP status.
        status: u16,
    },
    /// An answer without a token, or with one that cannot be sent.
    #[error("answers without a token that could be used; check `token_url` and `fields`")]
    NoToken,
    /// It sends us elsewhere.
    #[error("sends us elsewhere for a token; not followed, because the key is meant for it alone: check `token_url`")]
    Redirect,
    /// There is no refresh token.
    #[error("needs a refresh token; write `refresh = {{ env = \"NAME\" }}`")]
    NoRefresh,
}

impl TokenTrouble {
    /// Whether it may pass without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Fault { .. })
    }
}

/// A token that was granted.
pub(super) struct Granted {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    /// How long it may be used.
    pub(super) life: SignedDuration,
}

/// Reads an answer.
pub(super) fn read(status: u16, body: &[u8], plan: &TokenPlan) -> Result<Granted, TokenTrouble> {
    let value = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
    match (status, value) {
        (500..=599 | 408 | 425, _) => Err(TokenTrouble::Fault { status }),
        (_, Some(value)) if value.get("error").is_some_and(|error| !error.is_null()) => {
            Err(TokenTrouble::Refused { word: known(&value) })
        }
        (200..=299, Some(value)) => granted(&value, plan).ok_or(TokenTrouble::NoToken),
        (200..=299, None) if is_page(body) => Err(TokenTrouble::Page),
        (200..=299, None) => Err(TokenTrouble::NotJson),
        (400 | 401 | 403, _) => Err(TokenTrouble::Refused { word: None }),
        _ => Err(TokenTrouble::Fault { status }),
    }
}

fn granted(value: &Value, plan: &TokenPlan) -> Option<Granted> {
    let kind = value.get("token_type").and_then(Value::as_str);
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return None;
    }
    let access = token(value.get(&plan.fields.access)?)?;
    let refresh = value.get(&plan.fields.refresh).and_then(token);
    let life = value.get("expires_in").and_then(seconds).map_or(LIFE, |seconds| seconds as i64);
    Some(Granted { access, refresh, life: SignedDuration::from_secs(life - MARGIN.min(life / 10)) })
}

/// A token that can stand in a header.
fn token(value: &Value) -> Option<Secret> {
    let text = value.as_str()?;
    let can_be_sent = text.bytes().all(|byte| byte.is_ascii_graphic());
    (!text.is_empty() && text.len() <= TOKEN_LIMIT_BYTES && can_be_sent).then(|| Secret::new(text.to_owned()))
}

/// Seconds, as a number or as its text; within what is believed.
fn seconds(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    number.is_finite().then(|| number.clamp(LIVES.0, LIVES.1))
}

fn known(value: &Value) -> Option<&'static str> {
    let word = value.get("error")?.as_str()?;
    ERRORS.into_iter().find(|known| *known == word)
}

fn is_page(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(body.get(..200).unwrap_or(body)).to_ascii_lowercase();
    start.trim_start().starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientAuth, GrantKind, TokenFields};
    use proptest::prelude::*;

    fn plan() -> TokenPlan {
        TokenPlan {
            grant: GrantKind::ClientCredentials,
            token_url: "https://login.example/token".to_owned(),
            refresh_url: String::new(),
            login: "us".to_owned(),
            key: None,
            refresh: None,
            scope: String::new(),
            client: ClientAuth::Basic,
            fields: TokenFields::default(),
        }
    }

    fn life(body: &str) -> Result<i64, TokenTrouble> {
        read(200, body.as_bytes(), &plan()).map(|granted| granted.life.as_secs())
    }

    #[test]
    fn a_life_is_a_number_a_text_or_an_hour_less_a_margin() {
        assert_eq!(life(r#"{"access_token":"a","expires_in":3600,"token_type":"Bearer"}"#), Ok(3_540));
        assert_eq!(life(r#"{"access_token":"a","expires_in":" 300 "}"#), Ok(270));
        assert_eq!(life(r#"{"access_token":"a"}"#), Ok(3_540));
        assert_eq!(life(r#"{"access_token":"a","expires_in":null}"#), Ok(3_540));
        assert_eq!(life(r#"{"access_token":"a","expires_in":-5}"#), Ok(27));
        assert_eq!(life(r#"{"access_token":"a","expires_in":1e300}"#), Ok(30 * 86_400 - 60));
    }

    #[test]
    fn what_is_no_token_is_told_by_a_word_of_ours() {
        let no = |status, body: &str| read(status, body.as_bytes(), &plan()).err();
        assert_eq!(no(200, "<!doctype html><title>Sign in</title>"), Some(TokenTrouble::Page));
        assert_eq!(no(200, "ok"), Some(TokenTrouble::NotJson));
        assert_eq!(no(200, "[]"), Some(TokenTrouble::NotJson));
        let refused = |word| Some(TokenTrouble::Refused { word });
        assert_eq!(no(200, r#"{"error":"invalid_client"}"#), refused(Some("invalid_client")));
        assert_eq!(no(400, r#"{"error":"s3cret is wrong","error_description":"s3cret"}"#), refused(None));
        assert_eq!(no(401, ""), refused(None));
        assert_eq!(no(502, "<html>"), Some(TokenTrouble::Fault { status: 502 }));
        for body in [
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":5}"#,
            r#"{"access_token":"a\r\nhost: b"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
        ] {
            assert_eq!(no(200, body), Some(TokenTrouble::NoToken), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(status, &body, &plan());
        }
    }
}
