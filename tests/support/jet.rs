//! A simulator of a firehose on loopback: pages by cursor, and does by plan what real ones do by accident.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// What one connection does.
#[derive(Debug, Clone)]
pub enum Visit {
    /// Sends so many messages from the cursor on, and cuts the line without a word.
    Cut(usize),
    /// Sends so many, and closes as the protocol wants it.
    Close(usize),
    /// Sends so many, and then nothing, without closing.
    Stall(usize),
    /// Sends all there is, and stays.
    Stay,
    /// Answers the request with this instead of an upgrade.
    Say(String),
}

/// Messages of the legacy wire by the time that a cursor counts, and what the next connections do; when the plan is at its
/// end, each further one stays.
pub struct Jet {
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    messages: Vec<(u64, Message)>,
    visits: VecDeque<Visit>,
    asked: Vec<String>,
    /// The newer wire is spoken as well, and this is what is known of authors.
    newer: Option<String>,
    search: Option<Search>,
}

/// What is known of searches.
#[derive(Default)]
struct Search {
    /// Posts, as answers show them.
    posts: Vec<Value>,
    /// What the next searches are answered with, whole.
    plan: VecDeque<String>,
    refuses_cursors: bool,
}

/// Posts of one answer to a search.
const FOUND_AT_ONCE: usize = 3;

impl Jet {
    /// A server that speaks the legacy wire alone, and answers the newer one with 404.
    pub async fn start(messages: Vec<(u64, Message)>, visits: Vec<Visit>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
        let url = format!("ws://{}", listener.local_addr().expect("bound"));
        let state = State { messages, visits: visits.into(), asked: Vec::new(), newer: None, search: None };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { url, state }
    }

    /// From now on the newer wire is spoken as well.
    pub fn speak_newer(&self, profiles: String) {
        self.state.lock().expect("unpoisoned").newer = Some(profiles);
    }

    /// From now on accounts may log in and search these posts; the first searches are answered with `plan`.
    pub fn know_posts(&self, posts: Vec<Value>, plan: &[&str]) {
        let plan = plan.iter().map(|answer| (*answer).to_owned()).collect();
        self.state.lock().expect("unpoisoned").search = Some(Search { posts, plan, refuses_cursors: false });
    }

    /// From now on a search that names a cursor is refused.
    pub fn refuse_cursors(&self) {
        self.state.lock().expect("unpoisoned").search.get_or_insert_default().refuses_cursors = true;
    }

    /// The paths that were asked for, with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().expect("unpoisoned").asked.clone()
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let path = peeked_path(&stream).await;
    let (visit, messages) = {
        let mut state = state.lock().expect("unpoisoned");
        state.asked.push(path.clone());
        let cursor = path.split("cursor=").nth(1).and_then(|rest| rest.split('&').next()?.parse::<u64>().ok());
        if let Some(answer) = state.search.as_mut().and_then(|search| search.answer(&path)) {
            (Visit::Say(answer), Vec::new())
        } else if path.starts_with("/xrpc/") && (state.newer.is_none() || path.contains("getProfiles")) {
            let answer = match &state.newer {
                Some(profiles) => format!("200 OK\r\ncontent-length: {}\r\n\r\n{profiles}", profiles.len()),
                None => "404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            };
            (Visit::Say(format!("HTTP/1.1 {answer}")), Vec::new())
        } else {
            let visit = state.visits.pop_front().unwrap_or(Visit::Stay);
            // In the order of the stream, from the first that the cursor does not lie behind.
            let from = cursor.map_or(0, |cursor| {
                state.messages.iter().position(|(at, _)| *at >= cursor).unwrap_or(state.messages.len())
            });
            (visit, state.messages[from..].iter().map(|(_, message)| message.clone()).collect())
        }
    };
    let (n, ending) = match visit {
        Visit::Say(answer) => {
            let mut head = vec![0; 64 << 10];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
            return;
        }
        Visit::Cut(n) => (n, 'x'),
        Visit::Close(n) => (n, 'c'),
        Visit::Stall(n) => (n, 's'),
        Visit::Stay => (usize::MAX, 's'),
    };
    #[allow(clippy::result_large_err, reason = "the library's own type")]
    let accept = |_: &Request, response: Response| Ok(response);
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, accept).await else { return };
    for message in messages.into_iter().take(n) {
        if socket.feed(message).await.is_err() {
            return;
        }
    }
    let _ = socket.flush().await;
    match ending {
        'c' => {
            let _ = socket.close(None).await;
        }
        's' => while let Some(Ok(_)) = socket.next().await {},
        _ => {}
    }
}

impl Search {
    /// The answer to a login or a search; `None` to anything else.
    fn answer(&mut self, path: &str) -> Option<String> {
        let method = path.strip_prefix("/xrpc/")?.split('?').next()?;
        let answer = |status: &str, body: &Value| {
            let body = body.to_string();
            let kind = "content-type: application/json";
            format!("HTTP/1.1 {status}\r\n{kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        };
        Some(match method {
            "com.atproto.server.createSession" | "com.atproto.server.refreshSession" => answer(
                "200 OK",
                &json!({ "accessJwt": format!("of-{method}"), "refreshJwt": "again", "did": "did:plc:us" }),
            ),
            "app.bsky.feed.searchPosts" => {
                let planned = self.plan.pop_front();
                planned.unwrap_or_else(|| match self.find(path) {
                    Some(found) => answer("200 OK", &found),
                    None => answer("400 Bad Request", &json!({ "error": "InvalidRequest", "message": "no cursor" })),
                })
            }
            _ => return None,
        })
    }

    /// The posts that hold the words and lie between the bounds, the newest first; `None` where a cursor is refused.
    fn find(&self, path: &str) -> Option<Value> {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let query: std::collections::HashMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let part = |key: &str| query.get(key).map_or("", String::as_str);
        if self.refuses_cursors && !part("cursor").is_empty() {
            return None;
        }
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
        let words = part("q").trim_matches('"').to_lowercase();
        let written = |post: &Value| at(post["record"]["createdAt"].as_str().expect("a time"));
        let is_found = |post: &&Value| {
            let is_between = (at(part("since"))..at(part("until"))).contains(&written(post));
            is_between && post["record"]["text"].as_str().is_some_and(|text| text.to_lowercase().contains(&words))
        };
        let mut found: Vec<&Value> = self.posts.iter().filter(is_found).collect();
        found.sort_by_key(|post| std::cmp::Reverse(written(post)));
        let from: usize = part("cursor").parse().unwrap_or(0);
        let page: Vec<&&Value> = found.iter().skip(from).take(FOUND_AT_ONCE).collect();
        let more = (from + page.len() < found.len()).then(|| (from + page.len()).to_string());
        Some(json!({ "posts": page, "cursor": more }))
    }
}

/// The path of the request, which stays to be read.
async fn peeked_path(stream: &TcpStream) -> String {
    let mut head = vec![0; 4096];
    loop {
        let n = stream.peek(&mut head).await.unwrap_or(0);
        let text = String::from_utf8_lossy(&head[..n]).into_owned();
        if n == 0 || text.contains("\r\n") {
            return text.split(' ').nth(1).unwrap_or_default().to_owned();
        }
    }
}

/// When the stream of the simulator begins, in microseconds.
pub const BEGIN_US: u64 = 1_772_816_400_000_000;

/// The message of a post's change.
pub fn change(time_us: u64, operation: &str, (did, rkey, rev): (&str, &str, u64), text: &str) -> Value {
    let mut commit = json!({
        "rev": format!("{rev:013}"), "operation": operation, "collection": "app.bsky.feed.post", "rkey": rkey,
    });
    if operation != "delete" {
        commit["record"] = json!({ "$type": "app.bsky.feed.post", "createdAt": "2026-03-06T16:59:00.000Z", "langs": ["en"], "text": text });
        commit["cid"] = json!("bafyreicl7rzkxdrm4zz2ehbx52kuk3mvfow6p3gzfys72r5grvskxoswy4");
    }
    json!({ "did": did, "time_us": time_us, "kind": "commit", "commit": commit })
}

/// A message as it goes over the wire.
pub fn text(value: &Value) -> Message {
    Message::text(value.to_string())
}
