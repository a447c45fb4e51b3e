//! The demo's small internet: feeds in three formats, one source that is down, one that is broken, on loopback.

use super::posts::{DemoPost, feed, posts};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The feeds that are served, with their media types.
const FEEDS: &[(&str, &str)] = &[
    ("chirper", "application/atom+xml"),
    ("tabletalk", "application/rss+xml"),
    ("netzleben", "application/feed+json"),
    ("kommentare", "application/rss+xml"),
];

/// A running site; it ends with the value.
#[derive(Debug)]
pub struct Site {
    base: String,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Pages {
    base: String,
    posts: Vec<DemoPost>,
}

impl Site {
    /// Starts the site on a free port of 127.0.0.1, with its posts written just before `now`.
    ///
    /// # Errors
    /// Where no port of the loopback address can be opened.
    pub async fn start(now: Timestamp) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let pages = Arc::new(Pages { base: base.clone(), posts: posts(now) });
        let router = Router::new().route("/{name}", get(serve)).with_state(pages);
        let server = tokio::spawn(async move {
            // Serving ends with the task; an error of one connection is that connection's own.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { base, server })
    }

    /// The site's address, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(State(pages): State<Arc<Pages>>, Path(name): Path<String>) -> Response {
    if name == "down" {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if name == "broken" {
        let page = "<!doctype html><title>We are moving</title><p>Our feed will be back soon.";
        return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    }
    let served = FEEDS.iter().find(|(known, _)| *known == name);
    match served.and_then(|(known, media_type)| Some((feed(known, &pages.posts, &pages.base)?, *media_type))) {
        Some((body, media_type)) => ([(header::CONTENT_TYPE, media_type)], body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
