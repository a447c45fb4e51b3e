//! What the stream no longer has is searched for, where somebody gave us an account: once for a gap, and never else.
//!
//! In: a gap, and the names of brands. Out: requests, page after page, newest posts first; and what their answers hold.
//! Each name is a question of its own, since nothing documents how to ask for one of several; but a name that holds
//! another one ("Morton's The Steakhouse") is found with that. What the service means by its words is not trusted:
//! whoever asks matches each post again.

use super::{answer, view};
use crate::model::{
    ClientAuth, Credential, Gap, GrantKind, Means, Request, Response, SourceName, StreamSearch, TokenFields, TokenPlan,
};
use crate::source::{Filler, Found, ReadError, Searches};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Posts of one answer, the most by its documentation.
const AT_ONCE: usize = 100;

/// Answers to one question: a thousand posts, the newest first.
const PAGES_MOST: u32 = 10;

/// Questions about one gap.
const QUESTIONS_MOST: usize = 25;

/// The service goes by a time of its own, so that it is asked a little beyond the gap; what is known already is no news.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);

/// A hundred posts have some 500 KB.
const BODY_LIMIT_BYTES: usize = 8 << 20;

/// Searches as one account.
pub(super) struct Search {
    source: SourceName,
    service: String,
    plan: Arc<TokenPlan>,
}

/// One page of a question, as its request carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Page {
    words: String,
    since: Timestamp,
    until: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
    /// The oldest post of the pages before.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest: Option<Timestamp>,
    /// Cursors are refused: each page ends where the one before did.
    #[serde(default)]
    by_time: bool,
    /// Pages before this one.
    n_before: u32,
}

impl Search {
    pub(super) fn new(source: SourceName, search: &StreamSearch) -> Self {
        let service = search.service.trim_end_matches('/').to_owned();
        let of = |method: &str| format!("{service}/xrpc/com.atproto.server.{method}");
        let fields =
            TokenFields { access: "accessJwt".to_owned(), refresh: "refreshJwt".to_owned(), ..TokenFields::default() };
        let plan = TokenPlan {
            grant: GrantKind::Session,
            token_url: of("createSession"),
            refresh_url: of("refreshSession"),
            login: search.login.clone(),
            key: Some(search.key.clone()),
            refresh: None,
            scope: String::new(),
            client: ClientAuth::default(),
            fields,
        };
        Self { source, service, plan: Arc::new(plan) }
    }

    fn request(&self, page: &Page) -> Request {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &page.words).append_pair("sort", "latest");
        query.append_pair("since", &page.since.to_string()).append_pair("until", &page.until.to_string());
        query.append_pair("limit", &AT_ONCE.to_string());
        if let Some(cursor) = &page.cursor {
            query.append_pair("cursor", cursor);
        }
        Request {
            means: Means { credential: Some(Credential::Token(Arc::clone(&self.plan))), ..Means::default() },
            note: serde_json::to_string(page).ok(),
            ..Request::plain(
                format!("{}/xrpc/app.bsky.feed.searchPosts?{}", self.service, query.finish()),
                BODY_LIMIT_BYTES,
            )
        }
    }
}

fn page_of(request: &Request) -> Option<Page> {
    serde_json::from_str(request.note.as_deref()?).ok()
}

impl Filler for Search {
    fn start(&self, gap: &Gap, names: &[&str]) -> Searches {
        let all = questions(names);
        let bound = |at: Timestamp, by: SignedDuration| at.saturating_add(by).unwrap_or(at);
        let (since, until) = (bound(gap.from, -MARGIN), bound(gap.to, MARGIN));
        let page = |words: &String| Page {
            words: words.clone(),
            since,
            until,
            cursor: None,
            oldest: None,
            by_time: false,
            n_before: 0,
        };
        let requests = all.iter().take(QUESTIONS_MOST).map(|words| self.request(&page(words))).collect();
        Searches { requests, is_cut: all.len() > QUESTIONS_MOST }
    }

    fn found(&self, request: &Request, response: &Response, now: Timestamp) -> Result<Found, ReadError> {
        let batch = answer::read(&self.source, &response.body, now)?;
        let Some(page) = page_of(request) else { return Ok(Found { items: batch.items, ..Found::default() }) };
        let n_posts = batch.items.len();
        let oldest = batch.items.iter().filter_map(|item| item.published).map(|at| at.at).chain(page.oldest).min();
        let next = match cursor_of(&response.body) {
            _ if n_posts == 0 => None,
            _ if page.by_time => page.before(oldest),
            Some(cursor) if page.cursor.as_ref() != Some(&cursor) => {
                Some(Page { cursor: Some(cursor), oldest, ..page.clone() })
            }
            _ => None,
        };
        let is_last = page.n_before + 1 >= PAGES_MOST;
        // Behind a page full of posts of one moment nothing is found by time.
        let is_stuck = page.by_time && next.is_none() && n_posts >= AT_ONCE;
        let is_cut = is_stuck || (is_last && next.is_some());
        let next = next.filter(|_| !is_last).map(|next| self.request(&Page { n_before: page.n_before + 1, ..next }));
        Ok(Found { items: batch.items, next, is_cut })
    }

    fn otherwise(&self, request: &Request) -> Option<Request> {
        let page = page_of(request).filter(|page| page.cursor.is_some())?;
        let by_time = Page { cursor: None, by_time: true, ..page };
        by_time.before(by_time.oldest).map(|page| self.request(&page))
    }
}

impl Page {
    /// The page that ends at `oldest`, which may not be the only post of its moment; `None` where that is no other one.
    fn before(&self, oldest: Option<Timestamp>) -> Option<Self> {
        let until = oldest?.saturating_add(SignedDuration::from_millis(1)).ok()?;
        (until < self.until).then(|| Self { until, ..self.clone() })
    }
}

fn cursor_of(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let cursor = answer.get("cursor")?;
    cursor.as_str().map(str::to_owned).or_else(|| view::number(cursor).map(|number| number.to_string()))
}

/// The questions that find every one of `names`: in quotes where there is more than one word, each once, and none that
/// another one finds as well. Words are found with the sign of a handle or a hashtag too.
fn questions(names: &[&str]) -> Vec<String> {
    let bare = |name: &str| name.trim_start_matches(['@', '#']).to_lowercase();
    let words = |name: &&str| bare(name).replace('"', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut all: Vec<String> = names.iter().map(words).filter(|name| !name.is_empty()).collect();
    // The shorter ones first: they find the longer ones.
    all.sort_by_key(|name| (name.len(), name.clone()));
    let mut kept: Vec<String> = Vec::new();
    for name in all {
        let is_found = kept.iter().any(|known| format!(" {name} ").contains(&format!(" {known} ")));
        if !is_found {
            kept.push(name);
        }
    }
    kept.into_iter().map(|name| if name.contains(' ') { format!("\"{name}\"") } else { name }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SecretRef;
    use serde_json::json;

    fn search() -> Search {
        let key = SecretRef::Env("BSKY_APP_PASSWORD".to_owned());
        let (login, service) = ("ann.example".to_owned(), "https://pds.example/".to_owned());
        Search::new(SourceName::new("sky"), &StreamSearch { login, key, service })
    }

    fn gap() -> Gap {
        let at = |at: &str| at.parse().expect("a time");
        Gap::new(at("2026-03-06T17:00:00Z"), at("2026-03-06T19:00:00Z"))
    }

    fn answer(n: u32, minute: u32, cursor: Option<&str>) -> Response {
        let post = |n: u32| {
            json!({
                "uri": format!("at://did:plc:abc/app.bsky.feed.post/{minute}x{n}"),
                "record": { "text": "x", "createdAt": format!("2026-03-06T18:{minute:02}:00Z") },
                "indexedAt": format!("2026-03-06T18:{minute:02}:01Z"),
            })
        };
        let body = json!({ "posts": (0..n).map(post).collect::<Vec<_>>(), "cursor": cursor }).to_string();
        Response { status: 200, url: String::new(), headers: Vec::new(), body: body.into() }
    }

    #[test]
    fn questions_are_as_few_as_find_all_names() {
        let names =
            ["Morton's The Steakhouse", "Morton's", "Mortons", "@mortons", "Big  Steak", "big steak house", " "];
        assert_eq!(questions(&names), ["mortons", "morton's", "\"big steak\""]);
        let many: Vec<String> = (0..40).map(|n| format!("name{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let start = search().start(&gap(), &many);
        assert_eq!((start.requests.len(), start.is_cut), (QUESTIONS_MOST, true));
    }

    #[test]
    fn pages_follow_by_cursor_and_by_time_where_that_is_refused() {
        let (search, now) = (search(), Timestamp::UNIX_EPOCH);
        let first = search.start(&gap(), &["a b"]).requests.remove(0);
        assert_eq!(
            first.url,
            "https://pds.example/xrpc/app.bsky.feed.searchPosts?q=%22a+b%22&sort=latest\
             &since=2026-03-06T16%3A50%3A00Z&until=2026-03-06T19%3A10%3A00Z&limit=100"
        );
        assert!(matches!(first.means.credential, Some(Credential::Token(_))));
        assert_eq!(search.otherwise(&first), None);
        let second = search.found(&first, &answer(100, 40, Some("100")), now).expect("read").next.expect("a page");
        assert!(second.url.ends_with("&limit=100&cursor=100") && second.url.contains("until=2026-03-06T19"));
        let by_time = search.otherwise(&second).expect("another way");
        assert!(by_time.url.contains("until=2026-03-06T18%3A40%3A00.001Z") && !by_time.url.contains("cursor"));
        let found = search.found(&by_time, &answer(3, 20, Some("3")), now).expect("read");
        let next = found.next.expect("a page");
        assert!(next.url.contains("until=2026-03-06T18%3A20%3A00.001Z&limit=100") && !found.is_cut);
        let end = search.found(&next, &answer(1, 20, Some("1")), now).expect("read");
        assert_eq!((end.next, end.is_cut), (None, false));
        assert!(search.found(&next, &answer(100, 20, None), now).expect("read").is_cut, "all of one moment");
    }

    #[test]
    fn a_question_ends_at_its_bound_and_says_so() {
        let (search, now) = (search(), Timestamp::UNIX_EPOCH);
        let mut request = search.start(&gap(), &["a"]).requests.remove(0);
        for n in 1..PAGES_MOST {
            let found = search.found(&request, &answer(100, 40, Some(&n.to_string())), now).expect("read");
            request = found.next.expect("a page");
        }
        let found = search.found(&request, &answer(100, 40, Some("last")), now).expect("read");
        assert_eq!((found.next, found.is_cut), (None, true));
    }
}
