//! A few servers of a federated network: each knows a part of the posts, under ids of its own, some of them late.
//!
//! In memory by [`Fedi::answer`], for many schedules; on loopback by [`FediSite`], with a stream.

use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use url::Url;

/// Posts of a page, whatever limit is asked for.
pub const PAGE: usize = 5;

/// The pause between two heartbeats of a stream of events: well below the silence that the tests bear.
const HEARTBEAT: Duration = Duration::from_millis(40);

/// A post of the network.
#[derive(Debug, Clone)]
pub struct Post {
    pub uri: String,
    pub at_ms: i64,
    pub edited_ms: Option<i64>,
    pub text: String,
    pub is_deleted: bool,
}

/// One server.
#[derive(Debug, Default)]
pub struct Server {
    /// What it calls the posts that it knows, and which version of them: place in the network, edited when, words.
    pub known: BTreeMap<String, (usize, Option<i64>, String)>,
    /// Its ids are numbers that tell the time; otherwise texts of one length.
    pub is_numeric: bool,
    /// It passes `min_id` over, as some do.
    pub is_deaf: bool,
    /// Statuses and headers to answer with next; a status of 0 answers as ever.
    pub faults: VecDeque<(u16, Vec<(&'static str, String)>)>,
    pub asked: Vec<String>,
    pub n_ids: i64,
}

/// The network.
#[derive(Debug, Default)]
pub struct Fedi {
    pub posts: Vec<Post>,
    pub servers: BTreeMap<String, Server>,
    pub now_ms: i64,
}

impl Fedi {
    /// Writes a post `ago_ms` before now; nobody knows it yet.
    pub fn write(&mut self, ago_ms: i64, text: &str) -> usize {
        let n = self.posts.len();
        let uri = format!("https://home.example/users/ann/statuses/{n}");
        self.posts.push(Post {
            uri,
            at_ms: self.now_ms - ago_ms,
            edited_ms: None,
            text: text.to_owned(),
            is_deleted: false,
        });
        n
    }

    /// A server hears of a post, or of its latest version; what it calls it.
    pub fn tell(&mut self, server: &str, n: usize) -> String {
        let post = self.posts[n].clone();
        let server = self.servers.get_mut(server).expect("a server");
        let known = server.known.iter().find(|(_, (known, ..))| *known == n).map(|(id, _)| id.clone());
        let id = known.unwrap_or_else(|| {
            server.n_ids += 1;
            let number = (post.at_ms << 16) + server.n_ids;
            if server.is_numeric { number.to_string() } else { format!("01{number:024X}") }
        });
        server.known.insert(id.clone(), (n, post.edited_ms, post.text));
        id
    }

    /// The status that a server shows as `id`.
    pub fn status(&self, server: &str, id: &str) -> Value {
        let (n, edited_ms, text) = &self.servers[server].known[id];
        let post = &self.posts[*n];
        let time = |ms: i64| Timestamp::from_millisecond(ms).expect("in range").to_string();
        json!({
            "id": id, "uri": post.uri, "url": post.uri, "created_at": time(post.at_ms), "edited_at": edited_ms.map(time),
            "content": format!("<p>{text}</p>"), "visibility": "public", "language": "en", "spoiler_text": "",
            "account": { "acct": "ann@home.example", "display_name": "Ann", "url": "https://home.example/@ann" },
            "tags": [{ "name": "steak" }], "replies_count": 0, "reblog": null,
        })
    }

    /// The answer to a request at `url`: a status, headers and a body.
    pub fn answer(&mut self, url: &str) -> (u16, Vec<(&'static str, String)>, String) {
        let parsed = Url::parse(url).expect("an address");
        let name = parsed.origin().ascii_serialization();
        let server = self.servers.get_mut(&name).expect("a server");
        server.asked.push(url.to_owned());
        if let Some((status, headers)) = server.faults.pop_front().filter(|(status, _)| *status != 0) {
            let body = if status == 200 { "<!doctype html><title>Sign in</title>" } else { "{\"error\":\"no\"}" };
            return (status, headers, body.to_owned());
        }
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if parsed.path() == "/api/v2/instance" {
            let version = if server.is_numeric { "4.5.1" } else { "0.17.3+git" };
            let streaming = name.replacen("http", "ws", 1);
            let urls = json!({ "streaming": streaming });
            let body = json!({ "domain": name, "version": version, "configuration": { "urls": urls } });
            return (200, headers, body.to_string());
        }
        if let Some(id) = parsed.path().strip_prefix("/api/v1/statuses/") {
            let is_there = server.known.get(id).is_some_and(|(n, ..)| !self.posts[*n].is_deleted);
            let missing = || (404, headers.clone(), "{\"error\":\"Record not found\"}".to_owned());
            return if is_there { (200, headers, self.status(&name, id).to_string()) } else { missing() };
        }
        let query: HashMap<String, String> = parsed.query_pairs().into_owned().collect();
        let rank = |id: &str| (id.len(), id.to_owned());
        let posts = &self.posts;
        let mut ids: Vec<&String> =
            server.known.iter().filter(|(_, (n, ..))| !posts[*n].is_deleted).map(|(id, _)| id).collect();
        ids.sort_by_key(|id| rank(id));
        let mut page: Vec<String> = match (query.get("min_id").filter(|_| !server.is_deaf), query.get("max_id")) {
            (Some(min), _) => ids.into_iter().filter(|id| rank(id) > rank(min)).take(PAGE).cloned().collect(),
            (_, Some(max)) => ids.into_iter().rev().filter(|id| rank(id) < rank(max)).take(PAGE).cloned().collect(),
            _ => ids.into_iter().rev().take(PAGE).cloned().collect(),
        };
        page.sort_by_key(|id| std::cmp::Reverse(rank(id)));
        if let (Some(first), Some(last)) = (page.first(), page.last()) {
            let at = format!("{name}{}", parsed.path());
            headers.push(("link", format!("<{at}?max_id={last}>; rel=\"next\", <{at}?min_id={first}>; rel=\"prev\"")));
        }
        let body: Vec<Value> = page.iter().map(|id| self.status(&name, id)).collect();
        (200, headers, json!(body).to_string())
    }

    /// What exists, by uri.
    pub fn existing(&self) -> BTreeMap<String, String> {
        self.posts.iter().filter(|post| !post.is_deleted).map(|post| (post.uri.clone(), post.text.clone())).collect()
    }
}

/// What a connection of the stream does.
#[derive(Debug, Clone, Copy)]
pub enum Talk {
    /// Sends so many events, and closes.
    Cut(usize),
    /// Sends nothing, not even heartbeats.
    Stall,
    /// Answers with this status.
    Refuse(u16),
    Stay,
}

/// One server on loopback, which streams to whoever has its token.
pub struct FediSite {
    pub url: String,
    fedi: Arc<Mutex<Fedi>>,
    events: broadcast::Sender<(String, String)>,
    talks: Arc<Mutex<VecDeque<Talk>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl FediSite {
    pub async fn start(talks: Vec<Talk>, now_ms: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let server = Server { is_numeric: true, ..Server::default() };
        let servers = BTreeMap::from([(url.clone(), server)]);
        let site = Self {
            fedi: Arc::new(Mutex::new(Fedi { servers, now_ms, ..Fedi::default() })),
            events: broadcast::channel(1_000).0,
            talks: Arc::new(Mutex::new(talks.into())),
            heads: Arc::default(),
            url,
        };
        let (fedi, events, talks, heads) =
            (Arc::clone(&site.fedi), site.events.clone(), Arc::clone(&site.talks), Arc::clone(&site.heads));
        let url = site.url.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = (url.clone(), Arc::clone(&fedi), Arc::clone(&talks), Arc::clone(&heads));
                tokio::spawn(serve(stream, shared, events.clone()));
            }
        });
        site
    }

    pub fn fedi(&self) -> MutexGuard<'_, Fedi> {
        self.fedi.lock().expect("unpoisoned")
    }

    /// The heads of all requests.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("unpoisoned").clone()
    }

    /// How many listen at the moment.
    pub fn listeners(&self) -> usize {
        self.events.receiver_count()
    }

    /// Whether the plan of its connections is at its end, and somebody listens: what is said now is heard.
    pub fn is_heard(&self) -> bool {
        self.talks.lock().expect("unpoisoned").is_empty() && self.listeners() > 0
    }

    /// Tells all who listen.
    pub fn say(&self, event: &str, payload: &str) {
        let _ = self.events.send((event.to_owned(), payload.to_owned()));
    }

    /// Writes a post, files it, and tells of it.
    pub fn post(&self, text: &str) -> usize {
        self.file(text, true)
    }

    /// Writes a post, and files it; nobody who listens hears of it.
    pub fn whisper(&self, text: &str) -> usize {
        self.file(text, false)
    }

    fn file(&self, text: &str, is_said: bool) -> usize {
        let (n, status) = {
            let mut fedi = self.fedi();
            fedi.now_ms += 1_000;
            let n = fedi.write(0, text);
            let id = fedi.tell(&self.url, n);
            fedi.posts[n].uri = format!("{}/users/ann/statuses/{id}", self.url);
            (n, fedi.status(&self.url, &id))
        };
        if is_said {
            self.say("update", &status.to_string());
        }
        n
    }

    pub fn edit(&self, n: usize, text: &str) {
        let status = {
            let mut fedi = self.fedi();
            fedi.now_ms += 1_000;
            let now = fedi.now_ms;
            (fedi.posts[n].edited_ms, fedi.posts[n].text) = (Some(now), text.to_owned());
            let id = fedi.tell(&self.url, n);
            fedi.status(&self.url, &id)
        };
        self.say("status.update", &status.to_string());
    }

    pub fn delete(&self, n: usize) {
        let id = {
            let mut fedi = self.fedi();
            fedi.posts[n].is_deleted = true;
            fedi.tell(&self.url, n)
        };
        self.say("delete", &id);
    }
}

type Shared = (String, Arc<Mutex<Fedi>>, Arc<Mutex<VecDeque<Talk>>>, Arc<Mutex<Vec<String>>>);

async fn serve(mut stream: TcpStream, (url, fedi, talks, heads): Shared, events: broadcast::Sender<(String, String)>) {
    let mut head = vec![0; 8192];
    let text = loop {
        let n = stream.peek(&mut head).await.unwrap_or(0);
        let text = String::from_utf8_lossy(&head[..n]).into_owned();
        if text.contains("\r\n\r\n") {
            break text;
        }
        if n == 0 {
            return;
        }
        tokio::task::yield_now().await;
    };
    heads.lock().expect("unpoisoned").push(text.clone());
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    if !path.starts_with("/api/v1/streaming") {
        let (status, headers, body) = fedi.lock().expect("unpoisoned").answer(&format!("{url}{path}"));
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        return say(stream, status, &headers, &body).await;
    }
    let is_socket = text.to_lowercase().contains("upgrade: websocket");
    let talk = talks.lock().expect("unpoisoned").pop_front().unwrap_or(Talk::Stay);
    if !text.contains("authorization: Bearer member") {
        return say(stream, 401, "", "{\"error\":\"Missing access token\"}").await;
    }
    let most = match talk {
        Talk::Refuse(status) => return say(stream, status, "", "{}").await,
        Talk::Cut(n) => n,
        Talk::Stall => 0,
        Talk::Stay => usize::MAX,
    };
    let is_stall = matches!(talk, Talk::Stall);
    // From the answer on it is heard: what is said before can be read by asking.
    let told = events.subscribe();
    drop(events);
    if is_socket {
        let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
        let Some(Ok(wish)) = socket.next().await else { return };
        assert!(wish.to_string().contains("\"tag\":\"steak\""), "{wish}");
        if is_stall {
            drop(told);
            return std::future::pending().await;
        }
        by_socket(socket, told, most).await;
    } else {
        let _ = stream.read(&mut head).await;
        let begin = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n:)\n\n";
        let _ = stream.write_all(begin.as_bytes()).await;
        if is_stall {
            drop(told);
            return std::future::pending().await;
        }
        by_events(stream, told, most).await;
    }
}

/// Tells `most` events; pings are answered meanwhile, and it ends when the other side does.
async fn by_socket(
    mut socket: WebSocketStream<TcpStream>,
    mut told: broadcast::Receiver<(String, String)>,
    most: usize,
) {
    let mut n_told = 0;
    while n_told < most {
        tokio::select! {
            sent = socket.next() => if !matches!(sent, Some(Ok(_))) { return },
            said = told.recv() => {
                let Ok((event, payload)) = said else { return };
                n_told += 1;
                let frame = json!({ "stream": ["hashtag", "steak"], "event": event, "payload": payload });
                if socket.send(Message::text(frame.to_string())).await.is_err() {
                    return;
                }
            }
        }
    }
    let _ = socket.close(None).await;
}

/// As above; heartbeats come meanwhile.
async fn by_events(mut stream: TcpStream, mut told: broadcast::Receiver<(String, String)>, most: usize) {
    let mut beat = tokio::time::interval(HEARTBEAT);
    let mut n_told = 0;
    while n_told < most {
        let block = tokio::select! {
            _ = beat.tick() => ":thump\n".to_owned(),
            said = told.recv() => {
                let Ok((event, payload)) = said else { return };
                n_told += 1;
                format!("event: {event}\ndata: {payload}\n\n")
            }
        };
        if stream.write_all(block.as_bytes()).await.is_err() {
            return;
        }
    }
    let _ = stream.shutdown().await;
}

async fn say(mut stream: TcpStream, status: u16, headers: &str, body: &str) {
    let mut head = vec![0; 8192];
    let _ = stream.read(&mut head).await;
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} Told\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
