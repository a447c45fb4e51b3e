//! One hop over HTTP: a checked address, two deadlines, and a cap on what the body may grow to.
//!
//! Follows no redirect, keeps no cookie, uses no proxy but the one that the operator names (a proxy looks names up
//! behind the gate's back); those of the environment are not used.

use super::resolve::{Gated, Lookup};
use super::{Call, Gate, NetError, Proxy, Roots, Settings, Trust, proxy};
use crate::model::Response;
use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// The longest that connecting may take, TLS included; within the total deadline.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);

/// How long an unused connection is kept: a page and its neighbor share it, ten thousand hosts do not pile up
/// against the limit of open files.
const POOL_IDLE: Duration = Duration::from_secs(3);

/// Unused connections kept for one host.
const POOL_IDLE_PER_HOST: usize = 4;

/// What one HTTP/2 answer may send before we read it; the library's 2 MB would escape the budget of bodies.
const STREAM_WINDOW_BYTES: u32 = 128 << 10;

/// What one HTTP/2 connection may send before we read it.
const CONNECTION_WINDOW_BYTES: u32 = 512 << 10;

/// The most that HTTP/2 headers may hold together.
const HEADER_LIST_BYTES: u32 = 64 << 10;

/// Headers that would forge who asks or what is asked; refused where content or presets set them.
const FORGING_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "cookie",
    "forwarded",
    "host",
    "remote-user",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Packings that the client would have undone; one that is still named was stacked or misspelt.
const PACKINGS: &[&str] = &["gzip", "br", "zstd", "deflate", "compress"];

/// One client for each kind of trust, so that a pooled connection never serves a stricter call.
#[derive(Debug)]
pub(super) struct Clients {
    public: reqwest::Client,
    /// Asks through the proxy.
    proxied: Option<(Proxy, reqwest::Client)>,
    /// Made when it is first asked for: each client reads the system's whole trust store, and most houses have no
    /// private endpoint.
    private: OnceLock<reqwest::Client>,
    gate: Gate,
    lookup: Arc<dyn Lookup>,
    user_agent: String,
    roots: Roots,
}

impl Clients {
    pub(super) fn new(gate: &Gate, lookup: &Arc<dyn Lookup>, settings: &Settings) -> Result<Self, NetError> {
        let Settings { user_agent, roots, .. } = settings;
        let build = |builder: reqwest::ClientBuilder| builder.build().map_err(setup_error);
        let public = build(builder(Gated::new(lookup, gate, Trust::Content), user_agent, roots)?)?;
        let proxied = match &settings.proxy {
            None => None,
            Some(proxy) => {
                // The operator names it, and it stands in the house.
                let resolver = Gated::new(lookup, gate, Trust::Operator { private: true }).only(proxy.host());
                let through = through(proxy)?;
                Some((proxy.clone(), build(builder(resolver, user_agent, roots)?.proxy(through))?))
            }
        };
        Ok(Self {
            public,
            proxied,
            private: OnceLock::new(),
            gate: gate.clone(),
            lookup: Arc::clone(lookup),
            user_agent: user_agent.clone(),
            roots: roots.clone(),
        })
    }

    fn of(&self, trust: Trust) -> Result<&reqwest::Client, NetError> {
        match (trust, self.private.get()) {
            (Trust::Content | Trust::Operator { private: false }, _) => Ok(&self.public),
            (Trust::Operator { private: true }, Some(private)) => Ok(private),
            (Trust::Operator { private: true }, None) => {
                let resolver = Gated::new(&self.lookup, &self.gate, trust);
                let private = builder(resolver, &self.user_agent, &self.roots)?.build().map_err(setup_error)?;
                Ok(self.private.get_or_init(|| private))
            }
        }
    }

    /// The proxy and the client that asks through it, where `url` goes that way.
    fn through_proxy(&self, url: &Url, trust: Trust) -> Option<(&Proxy, &reqwest::Client)> {
        let (proxy, client) = self.proxied.as_ref()?;
        proxy.serves(url, trust).then_some((proxy, client))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door: the resolver given here is behind the gate")]
fn builder(resolver: Gated, user_agent: &str, roots: &Roots) -> Result<reqwest::ClientBuilder, NetError> {
    let roots: Result<Vec<_>, _> = roots.ders().map(reqwest::Certificate::from_der).collect();
    let builder = reqwest::Client::builder()
        .dns_resolver(Arc::new(resolver))
        .tls_certs_merge(roots.map_err(setup_error)?)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_DEADLINE)
        // No answer outlives its deadlines, and an idle connection only some seconds: probes would find nothing.
        .tcp_keepalive(None)
        .tcp_keepalive_interval(None)
        .tcp_keepalive_retries(None)
        .tcp_user_timeout(None)
        .pool_idle_timeout(POOL_IDLE)
        .pool_max_idle_per_host(POOL_IDLE_PER_HOST)
        .http2_initial_stream_window_size(STREAM_WINDOW_BYTES)
        .http2_initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .http2_max_header_list_size(HEADER_LIST_BYTES);
    Ok(if user_agent.is_empty() { builder } else { builder.user_agent(user_agent) })
}

fn through(proxy: &Proxy) -> Result<reqwest::Proxy, NetError> {
    let through = reqwest::Proxy::all(proxy.url.clone()).map_err(setup_error)?;
    Ok(match &proxy.login {
        Some((user, password)) => through.basic_auth(user, password.expose()),
        None => through,
    })
}

fn setup_error(cause: reqwest::Error) -> NetError {
    // Without its URL: that of a proxy may hold a login.
    NetError::Setup(Box::new(cause.without_url()))
}

/// The head of an answer; its body waits to be read.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The address that was asked.
    pub url: String,
    /// Header names in lower case, in the order sent. `content-encoding` is gone where the body is being unpacked.
    pub headers: Vec<(String, String)>,
    host: String,
    limit_bytes: usize,
    taken_bytes: usize,
    total: Duration,
    deadline: Instant,
    idle: Duration,
    body: reqwest::Response,
}

impl Answer {
    /// The first header of that name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The host that was asked.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The most decoded bytes that the body may have.
    #[must_use]
    pub fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Adds time that we ourselves let pass (waiting for room) to the deadline, so that it is not held against
    /// the server.
    pub fn forgive(&mut self, waited: Duration) {
        self.deadline += waited;
    }

    /// The next decoded piece, some kilobytes; `None` at the end.
    ///
    /// # Errors
    /// [`NetError`] past a deadline or the limit, or where the body breaks off or is packed wrongly.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, NetError> {
        let silent_at = Instant::now() + self.idle;
        let chunk = timeout_at(self.deadline.min(silent_at), self.body.chunk()).await;
        let piece = match chunk {
            Err(_) if silent_at < self.deadline => {
                return Err(NetError::Silent { host: self.host.clone(), limit: self.idle });
            }
            Err(_) => return Err(NetError::Late { host: self.host.clone(), limit: self.total }),
            Ok(Err(error)) => return Err(body_error(&self.host, error)),
            Ok(Ok(None)) => return Ok(None),
            Ok(Ok(Some(piece))) => piece,
        };
        self.taken_bytes = self.taken_bytes.saturating_add(piece.len());
        if self.taken_bytes > self.limit_bytes {
            return Err(NetError::TooLarge { host: self.host.clone(), limit_bytes: self.limit_bytes });
        }
        Ok(Some(piece))
    }

    /// Reads the rest of the body.
    ///
    /// # Errors
    /// As [`Answer::piece`].
    pub async fn into_response(mut self) -> Result<Response, NetError> {
        let mut body = BytesMut::new();
        while let Some(piece) = self.piece().await? {
            body.extend_from_slice(&piece);
        }
        Ok(Response { status: self.status, url: self.url, headers: self.headers, body: body.freeze() })
    }
}

/// Asks, and waits for the head of the answer.
pub(super) async fn open(gate: &Gate, clients: &Clients, call: Call) -> Result<Answer, NetError> {
    let url = Url::parse(&call.url).map_err(NetError::NotUrl)?;
    let host = gate.check_url(&url, call.trust)?;
    let headers = request_headers(&call)?;
    let (client, proxy_host) = match clients.through_proxy(&url, call.trust) {
        None => (clients.of(call.trust)?, None),
        Some((proxy, client)) => {
            proxy::check_name(gate, clients.lookup.as_ref(), &url, call.trust).await?;
            (client, Some(proxy.host()))
        }
    };
    let request = match call.body {
        Some(body) => client.post(url).body(body),
        None => client.get(url),
    };
    let deadline = Instant::now() + call.total_deadline;
    let body = match timeout_at(deadline, request.headers(headers).send()).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => return Err(send_error(&host, proxy_host, error)),
        Err(_) => return Err(NetError::Late { host, limit: call.total_deadline }),
    };
    check_head(&host, body.headers(), call.body_limit_bytes)?;
    Ok(Answer {
        status: body.status().as_u16(),
        url: body.url().to_string(),
        headers: body.headers().iter().map(header_text).collect(),
        host,
        limit_bytes: call.body_limit_bytes,
        taken_bytes: 0,
        total: call.total_deadline,
        deadline,
        idle: call.idle_deadline,
        body,
    })
}

fn request_headers(call: &Call) -> Result<HeaderMap, NetError> {
    let mut headers = HeaderMap::with_capacity(call.headers.len());
    for (name, value) in &call.headers {
        let refuse = || NetError::Header { name: name.clone() };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?;
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refuse())?;
        if call.trust == Trust::Content && is_forging(key.as_str()) {
            return Err(refuse());
        }
        value.set_sensitive(key == "authorization");
        headers.append(key, value);
    }
    Ok(headers)
}

/// Whether a header (lower case) could forge who asks or what is asked.
pub(super) fn is_forging(name: &str) -> bool {
    FORGING_HEADERS.contains(&name) || name.starts_with("proxy-") || name.starts_with("x-forwarded-")
}

/// Refuses early what is sure to break a bound or to be unreadable.
fn check_head(host: &str, headers: &HeaderMap, limit_bytes: usize) -> Result<(), NetError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit_bytes as u64) {
        return Err(NetError::TooLarge { host: host.to_owned(), limit_bytes });
    }
    let packing =
        headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("").to_ascii_lowercase();
    // Other words (`utf-8`, `none`) are a common slip of servers and mean nothing.
    if PACKINGS.iter().any(|known| packing.contains(known)) {
        let cause = format!("Content-Encoding `{packing}` is not one of gzip, br, zstd, deflate").into();
        return Err(NetError::Encoding { host: host.to_owned(), cause });
    }
    Ok(())
}

fn header_text((name, value): (&HeaderName, &HeaderValue)) -> (String, String) {
    (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn send_error(host: &str, proxy: Option<&str>, error: reqwest::Error) -> NetError {
    let host = host.to_owned();
    if let Some(ours) = ours_within(&error) {
        return ours;
    }
    // Without its URL: the path may hold a token.
    let error = error.without_url();
    if error.is_connect() {
        let cause = Box::new(error);
        return match proxy {
            None => NetError::Connect { host, cause },
            Some(proxy) => NetError::Proxy { host, proxy: proxy.to_owned(), cause },
        };
    }
    NetError::Broken { host, cause: Box::new(error) }
}

fn body_error(host: &str, error: reqwest::Error) -> NetError {
    let host = host.to_owned();
    let error = error.without_url();
    // The decoder reports plain I/O errors; a failed transfer comes wrapped by the HTTP library.
    if error.is_decode() && error.source().is_some_and(<dyn Error>::is::<std::io::Error>) {
        return NetError::Encoding { host, cause: Box::new(error) };
    }
    NetError::Broken { host, cause: Box::new(error) }
}

/// Our own refusal, which the client wraps in its errors.
fn ours_within(error: &reqwest::Error) -> Option<NetError> {
    let causes = std::iter::successors(error.source(), |link| (*link).source());
    causes.into_iter().find_map(|link| match link.downcast_ref()? {
        NetError::Refused { host, address, kind } => {
            Some(NetError::Refused { host: host.clone(), address: *address, kind: *kind })
        }
        NetError::Unresolved { host, cause } => {
            let cause = std::io::Error::new(cause.kind(), cause.to_string());
            Some(NetError::Unresolved { host: host.clone(), cause })
        }
        _ => None,
    })
}
