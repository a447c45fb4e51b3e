//! A web site on loopback that answers as told and remembers what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the site answers on one path.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    pause: Duration,
}

impl Answer {
    /// A feed with an ETag made of its length.
    pub fn feed(body: &str) -> Self {
        let answer = Self { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec(), pause: Duration::ZERO };
        answer.header("content-type", "application/rss+xml").header("etag", &format!("\"{}\"", body.len()))
    }

    /// Bytes of any type.
    pub fn bytes(content_type: &str, body: &[u8]) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.to_vec(), pause: Duration::ZERO }
            .header("content-type", content_type)
    }

    /// Nothing but a status.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), pause: Duration::ZERO }
    }

    /// Comes so much later.
    pub fn after(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// With one header more.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The running site; it ends with the value.
pub struct Site {
    base: String,
    state: Arc<Told>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Told {
    answers: Mutex<HashMap<String, Answer>>,
    asked: Mutex<Vec<(String, HeaderMap)>>,
}

impl Site {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Told::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { base, state, server }
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// How many requests came in all.
    pub fn n_asked(&self) -> usize {
        self.state.asked.lock().expect("unpoisoned").len()
    }

    /// What `path` answers from now on.
    pub fn put(&self, path: &str, answer: Answer) {
        self.state.answers.lock().expect("unpoisoned").insert(path.to_owned(), answer);
    }

    /// The headers of every request for `path`, oldest first.
    pub fn asked(&self, path: &str) -> Vec<HeaderMap> {
        let asked = self.state.asked.lock().expect("unpoisoned");
        asked.iter().filter(|(asked, _)| asked == path).map(|(_, headers)| headers.clone()).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(told): State<Arc<Told>>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    told.asked.lock().expect("unpoisoned").push((path.clone(), request.headers().clone()));
    let answer = told.answers.lock().expect("unpoisoned").get(&path).cloned().unwrap_or(Answer::status(404));
    tokio::time::sleep(answer.pause).await;
    let etag = answer.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.as_str());
    let asks_for = request.headers().get("if-none-match").and_then(|value| value.to_str().ok());
    if etag.is_some() && etag == asks_for {
        return Response::builder().status(StatusCode::NOT_MODIFIED).body(Body::empty()).expect("a response");
    }
    let builder = Response::builder().status(answer.status);
    let builder = answer.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    builder.body(Body::from(answer.body)).expect("a response")
}
