//! A service that grants tokens and counts what it is asked: tokens end, quotas run out, each in its own form of header.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::Timestamp;
use serde_json::json;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The forms in which services say that they were asked too often.
pub const FORMS: [&str; 9] =
    ["seconds", "date", "iso", "epoch", "epoch_ms", "left", "ietf", "ietf_old", "remaining_403"];

/// What the service does.
#[derive(Debug, Default)]
pub struct Paid {
    /// In seconds since 1970.
    pub now: i64,
    /// Answers 429 until then, in the form `form`.
    pub closed_until: Option<i64>,
    pub form: &'static str,
    /// Requests that it still grants, told in `quota_remaining` of each answer.
    pub remaining: Option<u64>,
    /// Items of an answer.
    pub n_items: usize,
    /// Tokens before this one are refused.
    pub good_from: u32,
    pub n_granted: u32,
    /// When each request for items came.
    pub asked: Vec<i64>,
}

/// The service on loopback; it ends with the value.
pub struct PaidSite {
    paid: Arc<Mutex<Paid>>,
    server: JoinHandle<()>,
    pub base: String,
}

/// The preset of the service at `base`, with `limits` and `auth`.
pub fn preset(base: &str, limits: &str, auth: &str) -> String {
    format!(
        "name = 'paid'\nabout = 'a paid list'\nengine = 'json'\nbase = '{base}'\n{auth}\n[[request]]\npath = '/list'\n\
         paging = {{ style = 'none', size = 10 }}\n[limits]\n{limits}\n[[items]]\npath = 'items'\nid = 'id'\n\
         created_at = 'at'\ntitle = \"Morton's number {{id}}\"\nurl = '{{base}}/item/{{id}}'\n"
    )
}

impl PaidSite {
    pub async fn start(now: Timestamp) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let paid = Arc::new(Mutex::new(Paid { now: now.as_second(), n_items: 3, ..Paid::default() }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&paid));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { paid, server, base }
    }

    pub fn paid(&self) -> MutexGuard<'_, Paid> {
        self.paid.lock().expect("unpoisoned")
    }
}

impl Drop for PaidSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Paid {
    /// The status and headers of a refusal until `until`.
    fn refusal(&self, until: i64) -> (u16, Vec<(&'static str, String)>) {
        let left = until - self.now;
        let at = Timestamp::from_second(until).expect("in range");
        let none = |name| (name, "0".to_owned());
        match self.form {
            "seconds" => (429, vec![("retry-after", left.to_string())]),
            "date" => (429, vec![("retry-after", at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())]),
            "iso" => (429, vec![none("x-ratelimit-remaining"), ("x-ratelimit-reset", format!("{at:.6}"))]),
            "epoch" => (429, vec![none("ratelimit-remaining"), ("ratelimit-reset", until.to_string())]),
            "epoch_ms" => (429, vec![("x-ratelimit-reset", (until * 1000).to_string())]),
            "left" => {
                (429, vec![("x-ratelimit-remaining", "0.0".to_owned()), ("x-ratelimit-reset", format!("{left}.0"))])
            }
            "ietf" => (
                429,
                vec![
                    ("ratelimit", format!("\"day\";r=0;t={left}")),
                    ("ratelimit-policy", "\"day\";q=100;w=86400".to_owned()),
                ],
            ),
            "ietf_old" => (429, vec![("ratelimit", format!("limit=100, remaining=0, reset={left}"))]),
            _ => (403, vec![none("x-ratelimit-remaining"), ("x-ratelimit-reset", until.to_string())]),
        }
    }

    fn list(&mut self, token: Option<u32>) -> (u16, Vec<(&'static str, String)>, String) {
        self.asked.push(self.now);
        if self.good_from > 0 && token.is_none_or(|token| token < self.good_from) {
            return (401, Vec::new(), "{}".to_owned());
        }
        if let Some(until) = self.closed_until.filter(|until| *until > self.now) {
            let (status, headers) = self.refusal(until);
            return (status, headers, "{}".to_owned());
        }
        self.remaining = self.remaining.map(|left| left.saturating_sub(1));
        let entry = |n| json!({ "id": self.now * 100 + n, "at": self.now });
        let items: Vec<_> = (0..i64::try_from(self.n_items).expect("few")).map(entry).collect();
        (200, Vec::new(), json!({ "items": items, "quota_remaining": self.remaining }).to_string())
    }
}

async fn answer(State(paid): State<Arc<Mutex<Paid>>>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = bearer.strip_prefix("Bearer access-token-").and_then(|n| n.parse().ok());
    let body = to_bytes(request.into_body(), 1 << 16).await.expect("a small body");
    let (status, headers, body) = {
        let mut paid = paid.lock().expect("unpoisoned");
        if path == "/token" {
            assert!(body.starts_with(b"grant_type="), "a form");
            paid.n_granted += 1;
            let n = paid.n_granted;
            let granted = json!({
                "access_token": format!("access-token-{n}"), "refresh_token": format!("refresh-token-{n}"),
                "expires_in": "3600", "token_type": "bearer",
            });
            (200, Vec::new(), granted.to_string())
        } else {
            paid.list(token)
        }
    };
    let builder =
        headers.iter().fold(Response::builder().status(status), |builder, (name, value)| builder.header(*name, value));
    builder.body(Body::from(body)).expect("a response")
}
