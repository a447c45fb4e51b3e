//! A service that lists items in JSON, in each form of paging, while items come, go and appear late.
//!
//! In memory by [`Listing::answer`], for thousands of schedules; on loopback by [`ListingSite`], for real headers.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// Entries of a page.
pub const SIZE: usize = 10;

/// One item.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: i64,
    pub at: i64,
    /// From when on it is listed.
    pub listed_at: i64,
    pub is_deleted: bool,
    /// What it says, and what the list says that it says: a list may lag behind.
    pub words: String,
    pub listed_words: String,
}

/// A status and headers to answer with, once.
pub type Fault = (u16, Vec<(&'static str, String)>);

/// What the service holds.
#[derive(Debug, Default)]
pub struct Listing {
    pub style: &'static str,
    pub entries: Vec<Entry>,
    /// What is deleted stays listed, marked as such.
    pub has_tombstones: bool,
    /// Asked for a single item, the service says that it was deleted; else it knows nothing of it.
    pub has_marks: bool,
    /// Asked for a single item, the service answers so, whatever was asked.
    pub closed: Option<u16>,
    /// In seconds since 1970.
    pub now: i64,
    pub faults: VecDeque<Fault>,
    pub asked: Vec<String>,
    pub base: String,
}

/// The styles of paging that there are.
///
/// `questions` is asked for odd and even ids apart, because it knows no `OR`.
pub const STYLES: [&str; 9] = ["page", "offset", "token", "link", "next", "until", "forward", "window", "questions"];

/// The preset that reads a listing of `style` at `base`.
pub fn preset(style: &str, base: &str) -> String {
    let (query, paging) = match style {
        "page" => ("[['page', '{page0}']]", "{ style = 'page', size = 10, last = 'pages', pages = 3 }"),
        "offset" => ("[['offset', '{offset}']]", "{ style = 'offset', size = 10, total = 'total', pages = 3 }"),
        "token" => ("[['after', '{cursor}']]", "{ style = 'token', token = 'token', pages = 18 }"),
        "link" => ("[]", "{ style = 'link', pages = 18 }"),
        "next" => ("[]", "{ style = 'next', token = 'next', pages = 18 }"),
        "until" => (
            "[['until', '{until_unix}'], ['page', '{page0}']]",
            "{ style = 'until', size = 10, last = 'pages', pages = 3 }",
        ),
        "forward" => (
            "[['since', '{since_unix}'], ['page', '{page0}']]",
            "{ style = 'forward', size = 10, more = 'more', pages = 3 }",
        ),
        "questions" => (
            "[['until', '{until_unix}'], ['page', '{page0}'], ['remainder', '{query}']]",
            "{ style = 'until', size = 10, last = 'pages', pages = 3 }",
        ),
        _ => ("[['before', '{until_id}']]", "{ style = 'until', window = 10, pages = 3 }"),
    };
    let variables = if style == "questions" {
        "[variables.query]\nabout = 'odd or even'\ndefault = '1 OR 0'\n[dialect]\nor = ''\n"
    } else {
        ""
    };
    let cursor = if style == "window" {
        "kind = 'id'\noverlap = '60 items'"
    } else {
        "kind = 'time'\noverlap = '60m'\nfirst = '1d'"
    };
    format!(
        "name = 'listing'\nabout = 'a listing'\nengine = 'json'\nbase = '{base}'\n{variables}[[request]]\npath = '/list'\nquery = {query}\n\
         paging = {paging}\n[cursor]\n{cursor}\n[limits]\nbackoff = 'backoff'\n[[errors]]\nwhen = 'error'\nmessage = 'error'\n\
         [[items]]\npath = 'entries'\ndeleted = ['deleted']\nid = 'id'\ncreated_at = 'at'\ntitle = \"Morton's number {{id}}\"\nhtml = 'words'\n\
         url = '{{base}}/item/{{id}}'\n"
    )
}

/// The same, with a way to ask for single items.
pub fn preset_again(style: &str, base: &str) -> String {
    let single = "[[again]]\nids = '{n}'\npath = '/entry/{n}'\ndeleted = ['deleted']\nsame_form = true\n\
                  [[items]]\npath = ''\ntake = ['id']\ndeleted = ['deleted']\nid = 'id'\ncreated_at = 'at'\n\
                  title = \"Morton's number {id}\"\nhtml = 'words'\nurl = '{base}/item/{id}'\n";
    format!("{}{single}", preset(style, base))
}

impl Listing {
    /// The answer to a request at `url`: a status, headers and a body.
    pub fn answer(&mut self, url: &str) -> (u16, Vec<(&'static str, String)>, String) {
        self.asked.push(url.to_owned());
        if let Some((status, headers)) = self.faults.pop_front() {
            let body = if status == 200 { "<!doctype html><title>Sign in</title>" } else { "" };
            return (status, headers, body.to_owned());
        }
        let url = Url::parse(url).expect("an address");
        if let Some(id) = url.path().strip_prefix("/entry/") {
            return self.single(id.parse().expect("a number"));
        }
        let query: HashMap<String, i64> =
            url.query_pairs().filter_map(|(name, value)| Some((name.into_owned(), value.parse().ok()?))).collect();
        let page = usize::try_from(query.get("page").copied().unwrap_or(0)).expect("a page");
        let mut listed: Vec<&Entry> = self.entries.iter().filter(|entry| self.is_listed(entry)).collect();
        listed.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
        let mut headers = vec![("content-type", "application/json".to_owned())];
        let mut body = json!({});
        match self.style {
            "offset" => {
                let offset = usize::try_from(query.get("offset").copied().unwrap_or(0)).expect("an offset");
                body["total"] = json!(listed.len());
                listed = listed.into_iter().skip(offset).take(SIZE).collect();
            }
            "token" | "next" => {
                let after =
                    query.get("after").and_then(|after| listed.iter().find(|entry| entry.id == *after).copied());
                if let Some(after) = after {
                    let mark = (after.at, after.id);
                    listed.retain(|entry| (entry.at, entry.id) < mark);
                }
                let last = listed.get(SIZE - 1).filter(|_| listed.len() > SIZE).map(|entry| entry.id);
                body["token"] = json!(last.map(|id| id.to_string()));
                body["next"] = json!(last.map(|id| format!("/list?after={id}")));
                listed.truncate(SIZE);
            }
            "window" => {
                let newest = self.entries.iter().map(|entry| entry.id).max().unwrap_or(0);
                let until = query.get("before").copied().unwrap_or(newest);
                listed.retain(|entry| entry.id <= until && entry.id > until - 10);
                listed.sort_by_key(|entry| std::cmp::Reverse(entry.id));
            }
            style => {
                listed.retain(|entry| query.get("remainder").is_none_or(|of| entry.id.rem_euclid(2) == *of));
                if style == "until" || style == "questions" {
                    listed.retain(|entry| query.get("until").is_none_or(|until| entry.at <= *until));
                }
                if style == "forward" {
                    listed.retain(|entry| query.get("since").is_none_or(|since| entry.at > *since));
                    listed.reverse();
                }
                let n_pages = listed.len().div_ceil(SIZE);
                body["pages"] = json!(n_pages);
                body["more"] = json!(page + 1 < n_pages);
                if style == "link" && page + 1 < n_pages {
                    let next = page + 1;
                    headers.push(("link", format!("<{}/list?page={next}>; rel=\"next\"", self.base)));
                }
                listed = listed.into_iter().skip(page * SIZE).take(SIZE).collect();
            }
        }
        let entries: Vec<Value> =
            listed.iter().map(|entry| {
            json!({ "id": entry.id, "at": entry.at, "deleted": entry.is_deleted, "words": entry.listed_words })
        }).collect();
        body["entries"] = json!(entries);
        (200, headers, body.to_string())
    }

    fn single(&self, id: i64) -> (u16, Vec<(&'static str, String)>, String) {
        let headers = vec![("content-type", "application/json".to_owned())];
        if let Some(status) = self.closed {
            return (status, headers, "<!doctype html><title>Sign in</title>".to_owned());
        }
        match self.entries.iter().find(|entry| entry.id == id) {
            Some(entry) if entry.is_deleted && self.has_marks => {
                (200, headers, json!({ "id": id, "deleted": true }).to_string())
            }
            Some(entry) if !entry.is_deleted => {
                (200, headers, json!({ "id": id, "at": entry.at, "words": entry.words }).to_string())
            }
            _ => (404, headers, json!({ "error": "not found" }).to_string()),
        }
    }

    fn is_listed(&self, entry: &Entry) -> bool {
        entry.listed_at <= self.now && (self.has_tombstones || !entry.is_deleted)
    }

    /// A new item, written `ago` seconds ago and listed from now on.
    pub fn write(&mut self, ago: i64) -> i64 {
        let id = self.entries.iter().map(|entry| entry.id).max().unwrap_or(0) + 1;
        self.entries.push(Entry {
            id,
            at: self.now - ago,
            listed_at: self.now,
            is_deleted: false,
            words: String::new(),
            listed_words: String::new(),
        });
        id
    }

    /// Its author changes an item; the list may never hear of it.
    pub fn edit(&mut self, at: usize, words: &str, list_lags: bool) {
        let entry = &mut self.entries[at];
        words.clone_into(&mut entry.words);
        if !list_lags {
            words.clone_into(&mut entry.listed_words);
        }
    }
}

/// A listing on loopback; it ends with the value.
pub struct ListingSite {
    listing: Arc<Mutex<Listing>>,
    server: JoinHandle<()>,
    pub base: String,
}

impl ListingSite {
    pub async fn start(style: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let listing = Arc::new(Mutex::new(Listing { style, base: base.clone(), ..Listing::default() }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&listing));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { listing, server, base }
    }

    pub fn listing(&self) -> MutexGuard<'_, Listing> {
        self.listing.lock().expect("unpoisoned")
    }
}

impl Drop for ListingSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(listing): State<Arc<Mutex<Listing>>>, request: Request) -> Response<Body> {
    let url = {
        let listing = listing.lock().expect("unpoisoned");
        format!("{}{}", listing.base, request.uri())
    };
    let (status, headers, body) = listing.lock().expect("unpoisoned").answer(&url);
    let builder =
        headers.iter().fold(Response::builder().status(status), |builder, (name, value)| builder.header(*name, value));
    builder.body(Body::from(body)).expect("a response")
}
