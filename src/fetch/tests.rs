//! The manners, against a server on loopback and against rules alone.

use super::*;
use crate::model::SourceHealth;
use crate::net::loopback::{Act, Site, answer};
use expect_test::{Expect, expect};

fn settings() -> Settings {
    Settings { contact: "https://brand.example/bot".to_owned(), per_host_pause: Duration::ZERO, ..Settings::default() }
}

fn fetcher_with(settings: Settings) -> Fetcher {
    let door = crate::net::Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..crate::net::Settings::default()
    };
    Fetcher::new(settings, Net::new(&door).unwrap())
}

fn fetcher() -> Fetcher {
    fetcher_with(settings())
}

fn request(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        headers: Vec::new(),
        bearer: None,
        conditional: true,
        obeys_robots: false,
        body_limit_bytes: 1 << 20,
    }
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

async fn fetch(fetcher: &Fetcher, request: &Request) -> Result<Fetched, FetchError> {
    fetcher.fetch(request, &Validators::default(), now()).await
}

/// What is told of an answer: the words, the health, whether it may work later, the wait.
async fn check(act: Act, expected: Expect) {
    let site = Site::start(move |_| act.clone()).await;
    let outcome = fetch(&fetcher(), &request(&site.url("/feed"))).await;
    let told = match outcome {
        Ok(fetched) => format!("{} {} bytes", fetched.response.status, fetched.response.body.len()),
        Err(error) => {
            let later = if error.is_transient() { "transient" } else { "lasting" };
            let wait = error.retry_after().map(|wait| format!(", {} s", wait.as_secs())).unwrap_or_default();
            format!("{error}\n{}, {later}{wait}", error.health().as_str())
        }
    };
    expected.assert_eq(&told);
}

/// A site of pages: path to status line and extra headers; the body is the path.
async fn site(pages: &'static [(&'static str, &'static str, &'static str)]) -> Site {
    Site::start(move |head| {
        let path = head.split(' ').nth(1).unwrap_or("");
        match pages.iter().find(|(page, ..)| *page == path) {
            Some((_, status, headers)) => answer(status, headers, path.as_bytes()),
            None => answer("404 Not Found", "", b""),
        }
    })
    .await
}

#[tokio::test]
async fn we_say_who_we_are_and_what_we_read() {
    let site = site(&[("/feed", "200 OK", "")]).await;
    let fetched = fetch(&fetcher(), &request(&site.url("/feed#top"))).await.unwrap();
    assert_eq!((fetched.response.status, &*fetched.response.body, fetched.moved_to), (200, &b"/feed"[..], None));
    let head = &site.requests()[0];
    let name = format!("user-agent: porterhouse/{} (+https://brand.example/bot)\r\n", env!("CARGO_PKG_VERSION"));
    assert!(head.contains(&name) && head.contains("accept: application/atom+xml,"), "{head}");
    assert!(!head.contains("if-none-match") && !head.contains("authorization"), "{head}");
}

#[test]
fn a_contact_never_breaks_the_user_agent() {
    assert_eq!(user_agent(" \r\n"), concat!("porterhouse/", env!("CARGO_PKG_VERSION")));
    assert!(user_agent("desk@bränd.example\r\nHost: x").ends_with("(+desk@brnd.exampleHost: x)"));
}

#[tokio::test]
async fn validators_are_sent_back_exactly_as_they_came() {
    let site = Site::start(|head| {
        if head.contains("if-none-match: W/\"a b-gzip\"\r\n")
            && head.contains("if-modified-since: yesterday, or so\r\n")
        {
            answer("304 Not Modified", "last-modified: today\r\n", b"")
        } else {
            answer("200 OK", "ETag: W/\"a b-gzip\"\r\nLast-Modified: yesterday, or so\r\n", b"new")
        }
    })
    .await;
    let (fetcher, request) = (fetcher(), request(&site.url("/feed")));
    let first = fetch(&fetcher, &request).await.unwrap();
    assert!(!first.not_modified);
    let second = fetcher.fetch(&request, &first.validators, now()).await.unwrap();
    assert!(second.not_modified && second.response.body.is_empty());
    let expected = Validators { etag: Some("W/\"a b-gzip\"".to_owned()), last_modified: Some("today".to_owned()) };
    assert_eq!(second.validators, expected);
    let whole = Request { conditional: false, ..request };
    assert!(!fetcher.fetch(&whole, &first.validators, now()).await.unwrap().not_modified);
}

#[tokio::test]
async fn answers_are_told_in_plain_words() {
    let with = |status, headers| answer(status, headers, b"");
    check(
        with("503 Service Unavailable", "Retry-After: 120\r\n"),
        expect![[r#"
        `127.0.0.1` answered 503; it asks us to wait 120 s
        throttled, transient, 120 s"#]],
    )
    .await;
    check(
        with("429 Too Many Requests", "Retry-After: Sat, 21 Nov 2026 10:05:00 GMT\r\n"),
        expect![[r#"
        `127.0.0.1` answered 429; it asks us to wait 300 s
        throttled, transient, 300 s"#]],
    )
    .await;
    check(
        with("429 Too Many Requests", "Retry-After: 9999999\r\n"),
        expect![[r#"
        `127.0.0.1` answered 429; it asks us to wait, a day or longer
        throttled, transient, 86400 s"#]],
    )
    .await;
    check(
        with("429 Too Many Requests", ""),
        expect![[r#"
        `127.0.0.1` answered 429; it asks us to slow down
        throttled, transient"#]],
    )
    .await;
    check(
        with("503 Service Unavailable", ""),
        expect![[r#"
        `127.0.0.1` answered 503 (its server has a fault)
        down, transient"#]],
    )
    .await;
    check(
        with("403 Forbidden", "Retry-After: 60\r\n"),
        expect![[r#"
        `127.0.0.1` answered 403; it asks us to wait 60 s
        throttled, transient, 60 s"#]],
    )
    .await;
    check(
        with("401 Unauthorized", ""),
        expect![[r#"
        `127.0.0.1` does not let us in (401); check the secret of this source, or ask who runs the site
        blocked, lasting"#]],
    )
    .await;
    check(
        with("403 Forbidden", ""),
        expect![[r#"
        `127.0.0.1` does not let us in (403); check the secret of this source, or ask who runs the site
        blocked, lasting"#]],
    )
    .await;
    check(
        with("404 Not Found", ""),
        expect![[r#"
        `127.0.0.1` answered 404 (not found); check the address
        down, lasting"#]],
    )
    .await;
    check(
        with("410 Gone", ""),
        expect![[r#"
        `127.0.0.1` says that this address is gone for good (410); remove the source
        gone, lasting"#]],
    )
    .await;
    check(
        with("451 Unavailable", ""),
        expect![[r#"
        `127.0.0.1` answered 451 (withheld for legal reasons)
        blocked, lasting"#]],
    )
    .await;
    check(
        with("304 Not Modified", ""),
        expect![[r#"
        `127.0.0.1` answered 304 (not modified) although we asked for the whole; its server is misconfigured
        down, lasting"#]],
    )
    .await;
    check(
        with("302 Found", ""),
        expect![[r#"
        `127.0.0.1` answered 302 but does not say where to go
        down, lasting"#]],
    )
    .await;
    check(
        with("302 Found", "Location: file:///etc/passwd\r\n"),
        expect![[r#"
        the address begins with `file:`; only `http:` and `https:` are read
        down, lasting"#]],
    )
    .await;
    check(with("302 Found", "Location: http://10.0.0.1/admin\r\n"), expect![[r#"
        `10.0.0.1` leads to 10.0.0.1, which is in a private network; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        down, lasting"#]]).await;
    check(with("302 Found", "Location: http://169.254.169.254/latest\r\n"), expect![[r#"
        `169.254.169.254` leads to 169.254.169.254, which is a link-local address; only public addresses are read, unless `allow_networks` or `private = true` opens this one
        down, lasting"#]]).await;
    check(
        with("302 Found", "Location: http://user:pw@127.0.0.1/\r\n"),
        expect![[r#"
        the address of `127.0.0.1` carries a user name; leave it out
        down, lasting"#]],
    )
    .await;
    check(
        with("302 Found", "Location: /feed\r\n"),
        expect![[r#"
        `127.0.0.1` sent us on more than 5 times; the address leads in a circle
        down, lasting"#]],
    )
    .await;
    check(
        answer("200 OK", "content-encoding: gzip\r\n", b"<rss/>"),
        expect![[r#"
        the answer of `127.0.0.1` is not packed as it says; its server is misconfigured
        broken, transient"#]],
    )
    .await;
    check(
        Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b'x'),
        expect![[r#"
        the answer of `127.0.0.1` is larger than 1048576 bytes, the limit for its kind; skipped
        broken, lasting"#]],
    )
    .await;
    check(
        Act::Say(Vec::new()),
        expect![[r#"
        the answer of `127.0.0.1` broke off or cannot be understood
        down, transient"#]],
    )
    .await;
}

#[tokio::test]
async fn a_circle_of_redirects_ends_after_five() {
    let site = site(&[("/a", "302 Found", "location: /b\r\n"), ("/b", "302 Found", "location: /a\r\n")]).await;
    assert!(matches!(fetch(&fetcher(), &request(&site.url("/a"))).await, Err(FetchError::Redirects { .. })));
    assert_eq!(site.requests().len(), 1 + REDIRECTS);
}

#[tokio::test]
async fn only_a_wholly_permanent_way_moves_a_source() {
    let site = site(&[
        ("/old", "301 Moved", "location: /older?x=1\r\n"),
        ("/older?x=1", "308 Permanent", "location: new#part\r\n"),
        ("/mixed", "301 Moved", "location: /today\r\n"),
        ("/today", "302 Found", "location: /new\r\n"),
        ("/new", "200 OK", ""),
    ])
    .await;
    let fetcher = fetcher();
    let moved = fetch(&fetcher, &request(&site.url("/old"))).await.unwrap();
    assert_eq!((moved.moved_to, moved.response.url), (Some(site.url("/new")), site.url("/new")));
    let mixed = fetch(&fetcher, &request(&site.url("/mixed"))).await.unwrap();
    assert_eq!((mixed.moved_to, mixed.response.url), (None, site.url("/new")));
}

#[tokio::test]
async fn secrets_stay_with_the_host_that_they_are_for() {
    let other = Site::start(|head| {
        let back = head.lines().next().unwrap_or("").contains("/back");
        answer(if back { "302 Found" } else { "200 OK" }, "", b"")
    })
    .await;
    let location = format!("location: {}\r\n", other.url("/elsewhere"));
    let home = Site::start(move |head| {
        if head.starts_with("GET /inside") {
            answer("200 OK", "", b"")
        } else if head.starts_with("GET /near") {
            answer("302 Found", "location: /inside\r\n", b"")
        } else {
            answer("302 Found", &location, b"")
        }
    })
    .await;
    let name = SecretRef::Env("FORUM_TOKEN".to_owned());
    let request = Request {
        bearer: Some(name.clone()),
        headers: vec![("X-Api-Key".to_owned(), "key".to_owned()), ("Accept".to_owned(), "text/html".to_owned())],
        ..request(&home.url("/far"))
    };
    let told = fetch(&fetcher(), &request).await.unwrap_err().to_string();
    assert_eq!(told, "the secret `env = \"FORUM_TOKEN\"` of this source was not loaded");
    let fetcher = fetcher().with_secrets(HashMap::from([(name, Secret::new("s3cret".to_owned()))]));
    fetch(&fetcher, &request).await.unwrap();
    fetch(&fetcher, &Request { url: home.url("/near"), ..request }).await.unwrap();
    for head in home.requests() {
        assert!(head.contains("authorization: Bearer s3cret\r\n") && head.contains("x-api-key: key"), "{head}");
    }
    assert_eq!((home.requests().len(), other.requests().len()), (3, 1));
    let abroad = &other.requests()[0];
    assert!(!abroad.contains("s3cret") && !abroad.contains("x-api-key") && abroad.contains("accept: text/html"));
    assert!(!format!("{fetcher:?}").contains("s3cret"));
}

#[test]
fn encryption_is_not_given_up_while_a_secret_is_carried() {
    let here = |text| Url::parse(text).unwrap();
    for (from, to, same) in [
        ("https://a.example/x", "https://a.example/y", true),
        ("http://a.example/x", "https://a.example/y", true),
        ("https://a.example/x", "http://a.example/y", false),
        ("https://a.example/x", "https://a.example:444/y", false),
        ("http://a.example:81/x", "https://a.example/y", false),
        ("https://a.example/x", "https://b.example/x", false),
        ("https://a.example/x", "https://www.a.example/x", false),
    ] {
        assert_eq!(trail::is_same_home(&here(from), &here(to)), same, "{from} to {to}");
    }
}

#[tokio::test]
async fn a_source_cannot_change_who_we_are() {
    let site = site(&[("/feed", "200 OK", "")]).await;
    for name in ["User-Agent", "Cookie", "Host"] {
        let forged = Request { headers: vec![(name.to_owned(), "x".to_owned())], ..request(&site.url("/feed")) };
        assert!(fetch(&fetcher(), &forged).await.is_err(), "{name}");
    }
    assert!(site.requests().is_empty());
}

#[tokio::test]
async fn a_host_that_says_slow_down_is_left_alone() {
    let site = site(&[("/busy", "429 Too Many Requests", "Retry-After: 3600\r\n"), ("/feed", "200 OK", "")]).await;
    let fetcher = fetcher();
    let told = fetch(&fetcher, &request(&site.url("/busy"))).await.unwrap_err();
    assert_eq!(told.retry_after(), Some(Duration::from_secs(3600)));
    let neighbor = fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap_err();
    assert_eq!(neighbor.health(), SourceHealth::Throttled);
    assert!(neighbor.retry_after().unwrap() <= HOST_REST);
    assert_eq!(site.requests().len(), 1);
}

#[tokio::test]
async fn a_body_keeps_its_room_until_it_is_let_go() {
    let site = Site::start(|_| answer("200 OK", "", &[b'x'; 300_000])).await;
    let fetcher = fetcher();
    let fetched = fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap();
    assert_eq!(fetcher.inner.room.held(), 300_000 * READ_WEIGHT);
    drop(fetched);
    assert_eq!(fetcher.inner.room.held(), 0);
}

/// Answers to pages, and one robots.txt.
async fn guarded(status: &'static str, rules: &'static str) -> Site {
    Site::start(move |head| {
        if head.starts_with("GET /robots.txt") {
            answer(status, "", rules.as_bytes())
        } else {
            answer("200 OK", "", b"")
        }
    })
    .await
}

#[tokio::test]
async fn pages_obey_robots_txt_and_feeds_need_not() {
    let site = guarded("200 OK", "User-agent: porterhouse\nDisallow: /private\n\nUser-agent: *\nDisallow: /").await;
    let fetcher = fetcher();
    let page = |path: &str| Request { obeys_robots: true, ..request(&site.url(path)) };
    assert!(fetch(&fetcher, &page("/thread/1")).await.is_ok());
    let refused = fetch(&fetcher, &page("/private/1")).await.unwrap_err();
    assert_eq!((refused.health(), refused.is_transient()), (SourceHealth::Blocked, false));
    assert!(refused.to_string().contains("`Disallow: /private`"), "{refused}");
    assert!(fetch(&fetcher, &request(&site.url("/private/feed"))).await.is_ok());
    let asked = site.requests().iter().filter(|head| head.starts_with("GET /robots.txt")).count();
    assert_eq!(asked, 1, "robots.txt is remembered");
    let deaf = fetcher_with(Settings { robots: false, ..settings() });
    assert!(fetch(&deaf, &page("/private/1")).await.is_ok());
}

#[tokio::test]
async fn a_missing_robots_txt_allows_and_a_faulty_one_waits() {
    for (status, is_allowed) in
        [("404 Not Found", true), ("403 Forbidden", true), ("500 Oops", false), ("503 Busy", false)]
    {
        let site = guarded(status, "").await;
        let page = Request { obeys_robots: true, ..request(&site.url("/page")) };
        let outcome = fetch(&fetcher(), &page).await;
        assert_eq!(outcome.is_ok(), is_allowed, "{status}");
        if let Err(error) = outcome {
            assert!(error.is_transient() && matches!(error, FetchError::RobotsUnreachable { .. }), "{error}");
        }
    }
}

#[tokio::test]
async fn an_endless_robots_txt_is_cut_off() {
    let site = Site::start(|head| {
        if head.starts_with("GET /robots.txt") {
            Act::Flood(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n".to_vec(), b'#')
        } else {
            answer("200 OK", "", b"")
        }
    })
    .await;
    let fetcher = fetcher();
    let page = |path: &str| Request { obeys_robots: true, ..request(&site.url(path)) };
    assert!(fetch(&fetcher, &page("/public")).await.is_ok());
    assert!(fetch(&fetcher, &page("/private")).await.is_err());
}

#[tokio::test]
async fn hostile_hosts_do_not_hold_up_the_others() {
    let hostile = Site::start(|_| Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n".to_vec())).await;
    let good = site(&[("/feed", "200 OK", "")]).await;
    let fetcher = fetcher();
    let stuck: Vec<_> = (0..50)
        .map(|n| {
            let (fetcher, request) = (fetcher.clone(), request(&hostile.url(&format!("/{n}"))));
            tokio::spawn(async move { fetch(&fetcher, &request).await.is_ok() })
        })
        .collect();
    for _ in 0..50 {
        assert!(fetch(&fetcher, &request(&good.url("/feed"))).await.is_ok());
    }
    assert!(hostile.requests().len() <= settings().per_host_in_flight);
    stuck.iter().for_each(tokio::task::JoinHandle::abort);
}
