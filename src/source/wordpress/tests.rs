//! Readings of a WordPress site in memory.

use super::*;
use crate::model::{Item, SourceName};
use serde_json::json;

const HOME: &str = "https://b.example/";

fn now() -> Timestamp {
    "2026-03-06T17:00:00Z".parse().expect("a time")
}

fn spec(url: &str) -> SourceSpec {
    let name = SourceName::new("blog");
    SourceSpec::new(name, "wordpress", url)
}

/// What a site answers: a status, headers, a body.
type Told = (u16, Vec<(&'static str, String)>, String);

/// Reads a site as the pipeline does; what was asked, what came of it, and the cursor.
fn reading(
    url: &str,
    cursor: &mut Cursor,
    site: impl Fn(&str) -> Told,
) -> (Vec<String>, Vec<Item>, Result<(), String>) {
    let source = open(&spec(url));
    let mut waiting = source.start(cursor, now());
    let (mut asked, mut items) = (Vec::new(), Vec::new());
    while let Some(request) = waiting.pop() {
        asked.push(request.url.clone());
        assert!(asked.len() < 30, "{asked:#?}");
        let (status, headers, body) = site(&request.url);
        let batch = if status == 200 {
            let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let response = Response { status, url: request.url.clone(), headers, body: body.into() };
            source.read(cursor, &request, &response, now()).map_err(|error| error.to_string())
        } else {
            source.refused(cursor, &request, Some(status), now()).ok_or_else(|| status.to_string())
        };
        match batch {
            Ok(mut batch) => {
                items.append(&mut batch.items);
                *cursor = batch.cursor;
                if asked.len() < 20 {
                    waiting.append(&mut batch.next);
                }
            }
            Err(error) => return (asked, items, Err(error)),
        }
    }
    (asked, items, Ok(()))
}

fn ids(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.key.id.as_str()).collect()
}

fn ok(body: impl ToString) -> Told {
    (200, Vec::new(), body.to_string())
}

fn home() -> Told {
    ok("<html><link rel='https://api.w.org/' href='https://b.example/wp-json/' /></html>")
}

fn post(id: u32) -> Value {
    json!({ "id": id, "date_gmt": "2026-03-05T10:00:00", "title": { "rendered": "T" } })
}

fn feed(guid: &str) -> Told {
    ok(format!(
        "<rss version='2.0'><channel><title>B</title><item><guid>{guid}</guid><title>T</title></item></channel></rss>"
    ))
}

#[test]
fn the_first_reading_finds_the_root_and_takes_the_newest_of_both_lists() {
    let mut cursor = Cursor::default();
    let site = |url: &str| match address::asked(url) {
        None => home(),
        Some((List::Posts, Query::Newest)) => {
            (200, vec![("x-wp-totalpages", "9".to_owned())], json!([post(2), post(1)]).to_string())
        }
        Some((List::Posts, _)) => ok(json!([post(2)])),
        Some((List::Comments, _)) => ok(json!([{ "id": 7, "post": 2, "date_gmt": "2026-03-05T11:00:00" }])),
    };
    let (asked, items, outcome) = reading(HOME, &mut cursor, site);
    assert_eq!((asked.len(), ids(&items), outcome), (3, vec!["post-2", "post-1", "comment-7"], Ok(())));
    assert!(asked[1].contains("order=desc"), "{asked:?}");
    let (asked, _, _) = reading(HOME, &mut cursor, site);
    assert!(asked[0].contains("wp/v2/posts") && asked[0].contains("after=2026-03-05T09%3A59%3A59Z"), "{asked:?}");
    assert!(asked.iter().all(|url| url != HOME), "the page is not asked again");
    assert!(asked.iter().any(|url| url.contains("modified_after")));
    let (asked, _, _) = reading(HOME, &mut cursor, site);
    assert!(!asked.iter().any(|url| url.contains("modified_after")), "edits are looked for every few hours");
}

#[test]
fn a_closed_interface_is_left_for_the_feeds_and_tried_again_after_a_week() {
    for closed in [
        (401, Vec::new(), String::new()),
        (404, Vec::new(), String::new()),
        ok("<html>log in</html>"),
        ok(json!({ "code": "rest_disabled", "message": "no", "data": { "status": 401 } })),
    ] {
        let mut cursor = Cursor::default();
        let site = |url: &str| match url {
            HOME => home(),
            "https://b.example/feed/" => feed("https://b.example/?p=2"),
            "https://b.example/comments/feed/" => (404, Vec::new(), String::new()),
            "https://b.example/?feed=comments-rss2" => feed("https://b.example/?p=2#comment-7"),
            _ => closed.clone(),
        };
        let (asked, items, outcome) = reading(HOME, &mut cursor, site);
        assert_eq!((asked.len(), ids(&items), outcome), (6, vec!["post-2", "comment-7"], Ok(())), "{asked:#?}");
        let (asked, _, _) = reading(HOME, &mut cursor, site);
        assert_eq!(asked, ["https://b.example/feed/", "https://b.example/?feed=comments-rss2"]);
        let later = now().checked_add(jiff::SignedDuration::from_hours(7 * 24)).expect("in range");
        let requests = open(&spec(HOME)).start(&cursor, later);
        assert_eq!(requests.iter().map(|request| request.url.as_str()).collect::<Vec<_>>(), [HOME]);
    }
}

#[test]
fn a_site_that_names_no_root_is_tried_at_both_places() {
    let mut cursor = Cursor::default();
    let site = |url: &str| match url {
        HOME => ok("<html>hello</html>"),
        _ if url.contains("rest_route") && url.contains("posts") => ok(json!([post(2)])),
        _ if url.contains("rest_route") => ok("[]"),
        _ => (404, Vec::new(), String::new()),
    };
    let (asked, items, outcome) = reading(HOME, &mut cursor, site);
    assert_eq!((ids(&items), outcome), (vec!["post-2"], Ok(())));
    assert_eq!(asked.len(), 5, "{asked:#?}");
}

#[test]
fn a_site_that_is_none_of_wordpress_fails_with_its_reason() {
    let site = |url: &str| if url == HOME { ok("<html>hello</html>") } else { (404, Vec::new(), String::new()) };
    let (_, items, outcome) = reading(HOME, &mut Cursor::default(), site);
    assert_eq!((items.len(), outcome), (0, Err("404".to_owned())));
    let (_, _, outcome) = reading(HOME, &mut Cursor::default(), |_| ok("<html>hello</html>"));
    assert!(outcome.is_err_and(|error| error.contains("HTML page")));
}

#[test]
fn a_site_without_comments_is_a_whole_one() {
    let site = |url: &str| match url {
        HOME => home(),
        _ if url.contains("wp/v2/posts") => ok(json!([post(2)])),
        _ => (403, Vec::new(), String::new()),
    };
    let mut cursor = Cursor::default();
    let (_, items, outcome) = reading(HOME, &mut cursor, site);
    assert_eq!((ids(&items), outcome), (vec!["post-2"], Ok(())));
    let (asked, ..) = reading(HOME, &mut cursor, site);
    assert!(asked.iter().all(|url| url.contains("posts")), "{asked:?}");
}

#[test]
fn the_page_behind_the_last_is_the_end() {
    let after = "2026-03-05T10:00:00Z".parse().expect("a time");
    let place = state::Place {
        resume: Some(state::Resume { after, page: 3, reached: after }),
        high: Some(after),
        ..state::Place::default()
    };
    let beyond = json!({ "code": "rest_post_invalid_page_number", "message": "x", "data": { "status": 400 } });
    for told in [(400, Vec::new(), String::new()), ok(beyond)] {
        let state = State {
            root: Some("https://b.example/wp-json/".to_owned()),
            posts: place.clone(),
            edits_at: Some(now()),
            ..State::default()
        };
        let mut cursor = state.write();
        let site = |url: &str| if url.contains("posts") { told.clone() } else { ok("[]") };
        let (_, _, outcome) = reading(HOME, &mut cursor, site);
        let state = State::read(&cursor);
        assert_eq!((outcome, state.posts.resume, state.posts.way), (Ok(()), None, Way::Interface));
    }
}

#[test]
fn a_server_that_knows_no_dates_is_paged_by_number() {
    let mut cursor = State {
        root: Some("https://b.example/wp-json/".to_owned()),
        posts: state::Place { high: Some("2026-03-01T10:00:00Z".parse().expect("a time")), ..state::Place::default() },
        edits_at: Some(now()),
        ..State::default()
    }
    .write();
    let site = |url: &str| {
        let Some((List::Posts, Query::After(_, page))) = address::asked(url) else { return ok("[]") };
        (200, vec![("x-wp-totalpages", "3".to_owned())], json!([post(page)]).to_string())
    };
    let (_, items, outcome) = reading(HOME, &mut cursor, site);
    let mut found = ids(&items);
    found.sort_unstable();
    found.dedup();
    assert_eq!((found, outcome), (vec!["post-1", "post-2", "post-3"], Ok(())));
    assert_eq!(State::read(&cursor).posts.resume, None);
}

#[test]
fn a_site_of_wordpress_com_is_read_where_all_of_them_answer() {
    let requests = open(&spec("https://food.wordpress.com/")).start(&Cursor::default(), now());
    let begins = "https://public-api.wordpress.com/wp/v2/sites/food.wordpress.com/";
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.url.starts_with(begins) && !request.obeys_robots));
}

#[test]
fn an_address_that_is_a_feed_is_read_as_one_and_leads_to_the_interface() {
    let url = "https://b.example/comments/feed/";
    let site = |asked: &str| match asked {
        _ if asked == url => feed("https://b.example/?p=2#comment-7"),
        _ => ok(json!([post(3)])),
    };
    let (asked, items, outcome) = reading(url, &mut Cursor::default(), site);
    assert_eq!((asked.len(), items[0].key.id.as_str(), outcome), (3, "comment-7", Ok(())));
}

#[test]
fn a_saved_answer_of_the_interface_is_read_by_its_address() {
    let url = "https://b.example/wp-json/wp/v2/comments?per_page=100";
    let body = json!([{ "id": 7, "post": 2, "date_gmt": "2026-03-05T11:00:00", "content": { "rendered": "Yes" } }]);
    let (source, cursor) = (open(&spec(url)), Cursor::default());
    let request = source.start(&cursor, now()).into_iter().next().expect("a request");
    let response = Response { status: 200, url: url.to_owned(), headers: Vec::new(), body: body.to_string().into() };
    let batch = source.read(&cursor, &request, &response, now()).expect("a list");
    assert_eq!(ids(&batch.items), ["comment-7"]);
}
