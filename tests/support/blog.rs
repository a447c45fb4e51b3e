//! A blog on loopback that answers as WordPress does: its front page, its interface, its feeds.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What the blog holds and how it behaves; tests change it between two requests.
#[derive(Default)]
pub struct World {
    /// Posts and comments: id, when, words.
    pub posts: Vec<(u32, Timestamp, String)>,
    pub comments: Vec<(u32, Timestamp, String)>,
    /// The interface refuses everybody with this status.
    pub closed: Option<u16>,
    /// So many pages of comments are answered; from then on the server has a fault.
    pub comment_pages_left: Option<u32>,
    /// After each page of comments the oldest is deleted, and a new one is written at this time.
    pub is_moving: Option<Timestamp>,
    /// Every path that was asked, with its query.
    pub asked: Vec<String>,
    base: String,
}

/// The running blog; it ends with the value.
pub struct Blog {
    world: Arc<Mutex<World>>,
    server: JoinHandle<()>,
}

impl Blog {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let world = Arc::new(Mutex::new(World { base, ..World::default() }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&world));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { world, server }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.world().base)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("unpoisoned")
    }
}

impl Drop for Blog {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A status, a type, further headers, a body.
type Told = (u16, &'static str, Vec<(&'static str, String)>, String);

async fn answer(State(world): State<Arc<Mutex<World>>>, request: Request) -> Response<Body> {
    let uri = request.uri().clone();
    let (status, content_type, headers, body) = {
        let mut world = world.lock().expect("unpoisoned");
        world.asked.push(uri.to_string());
        let query: HashMap<String, String> =
            url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()).into_owned().collect();
        told(&mut world, uri.path(), &query)
    };
    let builder = Response::builder().status(status).header("content-type", content_type);
    let builder = headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    builder.body(Body::from(body)).expect("a response")
}

fn told(world: &mut World, path: &str, query: &HashMap<String, String>) -> Told {
    let nothing = || (404, "text/html", Vec::new(), "<html>not found</html>".to_owned());
    match path {
        "/" if query.is_empty() => {
            let root = format!("<{}/wp-json/>; rel=\"https://api.w.org/\"", world.base);
            (200, "text/html; charset=UTF-8", vec![("link", root)], "<html><title>B</title></html>".to_owned())
        }
        _ if path.starts_with("/wp-json/") && world.closed.is_some() => {
            let body = json!({ "code": "rest_disabled", "message": "closed" }).to_string();
            (world.closed.unwrap_or(401), "application/json", Vec::new(), body)
        }
        "/wp-json/wp/v2/posts" => {
            let entries = world.posts.iter().map(|(id, at, words)| entry(*id, *at, words, &[])).collect();
            page(entries, query)
        }
        "/wp-json/wp/v2/comments" => comments(world, query),
        "/feed/" => feed(&world.posts, |id| format!("{}/?p={id}", world.base)),
        "/comments/feed/" => feed(&world.comments, |id| format!("{}/?p=1#comment-{id}", world.base)),
        _ => nothing(),
    }
}

fn comments(world: &mut World, query: &HashMap<String, String>) -> Told {
    if let Some(left) = &mut world.comment_pages_left {
        if *left == 0 {
            return (500, "text/html", Vec::new(), "fault".to_owned());
        }
        *left -= 1;
    }
    let further = [("post", json!(1)), ("parent", json!(0)), ("author_name", json!("Ina"))];
    let link = |id: u32| format!("{}/steak/comment-page-1/#comment-{id}", world.base);
    let entries = world.comments.iter().map(|(id, at, words)| {
        let mut entry = entry(*id, *at, words, &further);
        entry["link"] = json!(link(*id));
        entry
    });
    let told = page(entries.collect(), query);
    if let Some(at) = world.is_moving {
        world.comments.remove(0);
        let id = world.comments.iter().map(|(id, ..)| *id).max().unwrap_or(0) + 1;
        world.comments.push((id, at, format!("written meanwhile {id}")));
    }
    told
}

fn entry(id: u32, at: Timestamp, words: &str, further: &[(&str, Value)]) -> Value {
    let date = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut entry = json!({
        "id": id, "date": date, "date_gmt": date, "modified_gmt": date, "title": { "rendered": format!("No. {id}") },
        "content": { "rendered": format!("<p>{words}</p>") },
    });
    for (key, value) in further {
        entry[*key] = value.clone();
    }
    entry
}

/// A page of entries as the query wants them.
fn page(mut entries: Vec<Value>, query: &HashMap<String, String>) -> Told {
    let text = |entry: &Value, key: &str| entry[key].as_str().expect("a text").to_owned();
    for (name, key) in [("after", "date_gmt"), ("modified_after", "modified_gmt")] {
        let Some(after) = query.get(name) else { continue };
        entries.retain(|entry| text(entry, key).as_str() > after.trim_end_matches('Z'));
    }
    entries.sort_by_key(|entry| text(entry, "date_gmt"));
    if query.get("order").is_none_or(|order| order == "desc") {
        entries.reverse();
    }
    let number = |name: &str| query.get(name).and_then(|value| value.parse::<usize>().ok());
    let (per_page, number) = (number("per_page").unwrap_or(10), number("page").unwrap_or(1));
    let n_pages = entries.len().div_ceil(per_page);
    if number > 1 && number > n_pages {
        let body = json!({ "code": "rest_post_invalid_page_number", "message": "x", "data": { "status": 400 } });
        return (400, "application/json", Vec::new(), body.to_string());
    }
    let headers = vec![("x-wp-total", entries.len().to_string()), ("x-wp-totalpages", n_pages.to_string())];
    let entries: Vec<Value> = entries.into_iter().skip((number - 1) * per_page).take(per_page).collect();
    (200, "application/json", headers, Value::Array(entries).to_string())
}

/// The ten newest.
fn feed(entries: &[(u32, Timestamp, String)], guid: impl Fn(u32) -> String) -> Told {
    let mut entries = entries.to_vec();
    entries.sort_by_key(|(_, at, _)| std::cmp::Reverse(*at));
    let item = |(id, at, words): &(u32, Timestamp, String)| {
        let date = at.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let guid = guid(*id);
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>No. {id}</title><pubDate>{date}</pubDate><description>{words}</description></item>"
        )
    };
    let items: String = entries.iter().take(10).map(item).collect();
    let body = format!("<rss version=\"2.0\"><channel><title>B</title>{items}</channel></rss>");
    (200, "application/rss+xml", Vec::new(), body)
}
