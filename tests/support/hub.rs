//! A hub on loopback (WebSub): agrees, brings what is new, and fails in every way that hubs fail.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use ring::hmac;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the hub makes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Asks back, and agrees.
    #[default]
    Fine,
    /// Is broken.
    Down,
    /// Says yes, and never asks back.
    Silent,
    /// Does not want to.
    Denies,
    /// Asks back for something that nobody asked for.
    Confused,
}

/// One subscription as the hub knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub topic: String,
    pub secret: String,
    pub lease_seconds: String,
}

/// A running hub; it ends with the value.
pub struct Hub {
    pub url: String,
    state: Arc<Mutex<World>>,
    server: JoinHandle<()>,
}

/// What the hub knows, by callback.
#[derive(Default)]
pub struct World {
    pub mood: Mood,
    /// What it promises instead of what it is asked for.
    pub lease: Option<String>,
    pub agreed: BTreeMap<String, Agreement>,
    /// Every request, as name and value.
    pub asked: Vec<BTreeMap<String, String>>,
    /// The statuses that its questions got.
    pub heard: Vec<u16>,
}

impl Hub {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(World::default()));
        let router = Router::new().fallback(asked).with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { url, state, server }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("unpoisoned")
    }

    /// The callbacks that were agreed on.
    pub fn callbacks(&self) -> Vec<(String, Agreement)> {
        self.world().agreed.iter().map(|(callback, agreed)| (callback.clone(), agreed.clone())).collect()
    }

    /// Brings `body` to everybody; the statuses.
    pub async fn bring(&self, body: &str) -> Vec<u16> {
        let mut heard = Vec::new();
        for (callback, agreed) in self.callbacks() {
            heard.push(bring(&callback, "sha256", &agreed.secret, body).await);
        }
        heard
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Brings `body` to `callback`, signed by `secret`; the status, 0 where nobody answered.
pub async fn bring(callback: &str, method: &str, secret: &str, body: &str) -> u16 {
    bring_linked(callback, method, secret, "", body).await
}

/// [`bring`], with a `Link` header.
pub async fn bring_linked(callback: &str, method: &str, secret: &str, links: &str, body: &str) -> u16 {
    let algorithm = match method {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret.as_bytes()), body.as_bytes());
    let hex = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let link = if links.is_empty() { String::new() } else { format!("link: {links}\r\n") };
    let headers = format!("content-type: application/rss+xml\r\n{link}x-hub-signature: {method}={hex}\r\n");
    request("POST", callback, &headers, body).await.0
}

/// One request over HTTP/1.1; the status and the whole answer.
pub async fn request(method: &str, url: &str, headers: &str, body: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").expect("without TLS");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(mut stream) = connect(host).await else { return (0, String::new()) };
    let head = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

#[expect(clippy::disallowed_methods, reason = "the hub is the one who calls")]
async fn connect(host: &str) -> std::io::Result<TcpStream> {
    TcpStream::connect(host).await
}

/// A question as a hub asks it.
pub fn question(callback: &str, pairs: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    format!("{callback}?{}", form.finish())
}

async fn asked(State(state): State<Arc<Mutex<World>>>, body: Bytes) -> StatusCode {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    let (mood, lease) = {
        let mut world = state.lock().expect("unpoisoned");
        world.asked.push(form.clone());
        (world.mood, world.lease.clone())
    };
    let (mode, topic, callback) = (get("hub.mode"), get("hub.topic"), get("hub.callback"));
    let lease = lease.unwrap_or_else(|| get("hub.lease_seconds"));
    let topic_asked = if mood == Mood::Confused { "https://foreign.example/feed".to_owned() } else { topic.clone() };
    let asks = match mood {
        // Without a plea to slow down, which would be heeded by the clock of the machine.
        Mood::Down => return StatusCode::INTERNAL_SERVER_ERROR,
        Mood::Silent => return StatusCode::ACCEPTED,
        Mood::Denies => {
            vec![("hub.mode", "denied"), ("hub.topic", topic.as_str()), ("hub.reason", "members only")]
        }
        Mood::Fine | Mood::Confused => vec![
            ("hub.mode", mode.as_str()),
            ("hub.topic", topic_asked.as_str()),
            ("hub.challenge", "c0ffee<b>"),
            ("hub.lease_seconds", lease.as_str()),
        ],
    };
    let (status, answer) = request("GET", &question(&callback, &asks), "", "").await;
    let mut world = state.lock().expect("unpoisoned");
    world.heard.push(status);
    if status == 200 && answer.ends_with("\r\n\r\nc0ffee<b>") {
        match mode.as_str() {
            "subscribe" => {
                world.agreed.insert(callback, Agreement { topic, secret: get("hub.secret"), lease_seconds: lease });
            }
            _ => {
                world.agreed.remove(&callback);
            }
        }
    }
    StatusCode::ACCEPTED
}
