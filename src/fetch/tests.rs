//! The manners, against a server on loopback and against rules alone.

use super::body::READ_WEIGHT;
use super::*;
use crate::model::SourceHealth;
use crate::net::loopback::{Act, Site, answer};
use expect_test::{Expect, expect};

fn settings() -> Settings {
    Settings {
        contact: "https://brand.example/bot".to_owned(),
        per_host_pause: Duration::ZERO,
        page_pause: Duration::ZERO,
        ..Settings::default()
    }
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
    Request { conditional: true, ..Request::plain(url.to_owned(), 1 << 20) }
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
            let wait = match error {
                // The share that it is lengthened by follows from the port.
                FetchError::Throttled { wait: None, rest: Some(rest), .. } if rest < Duration::from_secs(40) => {
                    ", 30 s or so".to_owned()
                }
                _ => error.retry_after().map(|wait| format!(", {} s", wait.as_secs())).unwrap_or_default(),
            };
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
        throttled, transient, 30 s or so"#]],
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
        needs_attention, lasting"#]],
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
        with("403 Forbidden", "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1795255500\r\n"),
        expect![[r#"
        `127.0.0.1` answered 403; it asks us to wait 300 s
        throttled, transient, 300 s"#]],
    )
    .await;
    check(
        with("429 Too Many Requests", "Retry-After: 0\r\nX-RateLimit-Reset: 2026-11-21T10:05:00.000000Z\r\n"),
        expect![[r#"
        `127.0.0.1` answered 429; it asks us to wait 300 s
        throttled, transient, 300 s"#]],
    )
    .await;
    check(
        answer("403 Forbidden", "", b"{\"message\": \"API rate limit exceeded\"}"),
        expect![[r#"
        `127.0.0.1` answered 403; it asks us to slow down
        throttled, transient, 30 s or so"#]],
    )
    .await;
    check(
        answer("403 Forbidden", "", b"<!doctype html><title>Just a moment...</title>"),
        expect![[r#"
        `127.0.0.1` shows a wall against robots (Cloudflare) in place of its answer; use a feed that it offers to programs, or ask who runs the site to let us in
        blocked, lasting"#]],
    )
    .await;
    check(
        answer("200 OK", "", b"<html><title>Log in</title><input type=password>"),
        expect![[r#"
        `127.0.0.1` asks for a login in place of its answer; choose an address that is open to all, or have the site give out one for programs
        needs_attention, lasting"#]],
    )
    .await;
    check(
        with("407 Proxy Authentication Required", ""),
        expect![[r#"
        `127.0.0.1` answered 407 (the proxy wants a login); check `proxy_user` and `proxy_password` in `[fetch]`
        needs_attention, lasting"#]],
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
async fn a_host_that_says_slow_down_is_left_alone_as_long_as_it_says() {
    let site = site(&[("/busy", "429 Too Many Requests", "Retry-After: 3600\r\n"), ("/feed", "200 OK", "")]).await;
    let fetcher = fetcher();
    let told = fetch(&fetcher, &request(&site.url("/busy"))).await.unwrap_err();
    assert_eq!(told.retry_after(), Some(Duration::from_secs(3600)));
    let neighbor = fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap_err();
    assert_eq!(neighbor.health(), SourceHealth::Throttled);
    assert!(neighbor.retry_after().unwrap() > Duration::from_secs(3590));
    assert_eq!(site.requests().len(), 1);
}

#[tokio::test]
async fn a_rest_of_before_the_start_is_kept() {
    let site = site(&[("/feed", "200 OK", "")]).await;
    let fetcher = fetcher();
    let rests_until = Some(now() + Duration::from_secs(60));
    let host = site.address.to_string();
    let limit = |host, rests_until| HostLimit {
        host,
        holder: Holder::Nobody,
        rests_until,
        strikes: 1,
        remaining: None,
        most: None,
        resets_at: None,
    };
    let over = Some(now());
    fetcher.recall(&[limit(host, rests_until), limit("elsewhere".to_owned(), over)], now());
    assert!(matches!(fetch(&fetcher, &request(&site.url("/feed"))).await, Err(FetchError::Resting { .. })));
    assert!(site.requests().is_empty());
}

#[tokio::test]
async fn the_last_request_that_is_granted_is_the_last_until_there_are_new_ones() {
    let site = site(&[("/feed", "200 OK", "RateLimit: \"hour\";r=0;t=900\r\n")]).await;
    let fetcher = fetcher();
    assert!(fetch(&fetcher, &request(&site.url("/feed"))).await.is_ok());
    let second = fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap_err();
    assert!(second.retry_after().unwrap() > Duration::from_secs(890));
    assert_eq!(site.requests().len(), 1);
}

/// Fetches while the clock stands still, so that no deadline passes while the loopback is at work.
async fn fetch_in_no_time(fetcher: &Fetcher, request: &Request, now: Timestamp) -> Result<Fetched, FetchError> {
    let (done, wait) = std::sync::mpsc::channel::<()>();
    // A paused clock does not run ahead while a blocking task is at work.
    let held = tokio::task::spawn_blocking(move || wait.recv());
    let outcome = fetcher.fetch(request, &Validators::default(), now).await;
    drop(done);
    let _ = held.await;
    outcome
}

/// A day with a host that refuses a tenth of all requests, told by `refusal`: at each request, the time of day in
/// seconds and until when the host wants no other.
async fn simulated_day(refusal: fn(u64, u64) -> String) -> Vec<(u64, u64)> {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};
    const WAITS: [u64; 5] = [45, 600, 3_600, 61, 10_000];
    let (clock, log) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (seen, noted) = (Arc::clone(&clock), Arc::clone(&log));
    let site = Site::start(move |_| {
        let (at, mut log) = (seen.load(Ordering::SeqCst), noted.lock().unwrap());
        let nth = log.len();
        let wait = if nth.is_multiple_of(10) { WAITS[nth / 10 % WAITS.len()] } else { 0 };
        log.push((at, at + wait));
        let status = if nth.is_multiple_of(20) { "429 Too Many Requests" } else { "503 Service Unavailable" };
        if wait > 0 { answer(status, &refusal(at, wait), b"") } else { answer("200 OK", "", b"") }
    })
    .await;
    let fetcher = fetcher();
    let midnight: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    for second in (0..86_400).step_by(7) {
        clock.store(second, Ordering::SeqCst);
        let now = midnight.checked_add(jiff::SignedDuration::from_secs(second.try_into().unwrap())).unwrap();
        // Ten sources of this one host, each of which asks without regard to what it was told.
        let source = request(&site.url(&format!("/feed-{}", second % 10)));
        let _ = fetch_in_no_time(&fetcher, &source, now).await;
        tokio::time::advance(Duration::from_secs(7)).await;
    }
    log.lock().unwrap().clone()
}

fn check_day(log: &[(u64, u64)]) {
    let mut closed_until = 0;
    for (at, until) in log {
        assert!(*at >= closed_until, "asked at {at} s, although closed until {closed_until} s");
        closed_until = *until;
    }
    let n_refused = log.iter().filter(|(at, until)| until > at).count();
    assert!(log.len() > 100 && n_refused > 10, "{} requests, {n_refused} refused", log.len());
}

#[tokio::test(start_paused = true)]
async fn in_a_day_no_request_is_sent_before_retry_after_in_seconds() {
    check_day(&simulated_day(|_, wait| format!("Retry-After: {wait}\r\n")).await);
}

#[tokio::test(start_paused = true)]
async fn in_a_day_no_request_is_sent_before_retry_after_as_a_date() {
    let date = |at: u64, wait: u64| {
        let midnight: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let until = midnight.checked_add(jiff::SignedDuration::from_secs((at + wait).try_into().unwrap())).unwrap();
        format!("Retry-After: {}\r\n", until.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    };
    check_day(&simulated_day(date).await);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_never_says_for_how_long_is_asked_ever_less_often() {
    let site = site(&[("/feed", "429 Too Many Requests", "")]).await;
    let fetcher = fetcher();
    for _ in 0..24 * 60 {
        let _ = fetch_in_no_time(&fetcher, &request(&site.url("/feed")), now()).await;
        tokio::time::advance(Duration::from_secs(60)).await;
    }
    // 30 s doubled ten times is six hours: some eleven requests on the way there, and three of the rest of the day.
    let n_asked = site.requests().len();
    assert!((10..=14).contains(&n_asked), "{n_asked}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_forgives_and_an_error_does_not() {
    let site = site(&[
        ("/busy", "429 Too Many Requests", ""),
        ("/error", "500 Oops", ""),
        ("/feed", "200 OK", ""),
        ("/moved", "301 Moved", "location: /feed\r\n"),
    ])
    .await;
    let fetcher = fetcher();
    let mut told = Vec::new();
    for path in ["/busy", "/error", "/busy", "/feed", "/busy", "/moved", "/busy"] {
        tokio::time::advance(Duration::from_secs(3600)).await;
        if let Err(error) = fetch_in_no_time(&fetcher, &request(&site.url(path)), now()).await {
            told.extend(error.retry_after().map(|rest| rest.as_secs() / 30 * 30));
        }
    }
    assert_eq!(told, [30, 60, 30, 30]);
}

#[tokio::test]
async fn repeats_are_conditional_whatever_the_validators_look_like() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    // Each path has validators of its own kind; every third answer is new, and a 304 keeps quiet about them.
    let site = Site::start(|head| {
        let nth = ASKED.fetch_add(1, Ordering::SeqCst);
        let is_conditional = head.contains("if-none-match: ") || head.contains("if-modified-since: ");
        let validators = match head.split_whitespace().nth(1) {
            Some("/strong") => format!("ETag: \"v{nth}\"\r\n"),
            Some("/weak") => format!("ETag: W/\"v{nth}\"\r\n"),
            Some("/bare") => format!("ETag: {nth}\r\n"),
            Some("/empty") => "ETag: \"\"\r\n".to_owned(),
            _ => "Last-Modified: Sat, 21 Nov 2026 09:00:00 +0000\r\n".to_owned(),
        };
        match nth % 3 {
            0 | 1 if is_conditional => answer("304 Not Modified", "", b""),
            _ => answer("200 OK", &validators, b"<rss/>"),
        }
    })
    .await;
    let fetcher = fetcher();
    let mut n_repeats = 0;
    for path in ["/strong", "/weak", "/bare", "/empty", "/dated"] {
        let mut validators = Validators::default();
        for nth in 0..20 {
            let fetched = fetcher.fetch(&request(&site.url(path)), &validators, now()).await.unwrap();
            validators = fetched.validators;
            n_repeats += usize::from(nth > 0);
        }
    }
    let heads = site.requests();
    let n_conditional =
        heads.iter().filter(|head| head.contains("if-none-match") || head.contains("if-modified")).count();
    assert_eq!((n_conditional, n_repeats), (95, 95));
}

#[tokio::test]
async fn freshness_is_told() {
    let site = site(&[("/feed", "200 OK", "Cache-Control: max-age=600\r\nAge: 100\r\n"), ("/b", "200 OK", "")]).await;
    let fetcher = fetcher();
    assert_eq!(fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap().fresh_for, Some(Duration::from_secs(500)));
    assert_eq!(fetch(&fetcher, &request(&site.url("/b"))).await.unwrap().fresh_for, None);
}

#[tokio::test]
async fn a_way_to_a_login_is_told_by_the_host_that_was_asked() {
    let site = Site::start(|head| {
        if head.starts_with("GET /feed") {
            answer("302 Found", "location: /login?next=/feed\r\n", b"")
        } else {
            answer("200 OK", "content-type: text/html\r\n", b"<!doctype html><title>Welcome</title>")
        }
    })
    .await;
    let told = fetch(&fetcher(), &request(&site.url("/feed"))).await.unwrap_err();
    assert!(matches!(told, FetchError::LoginWall { .. }) && told.health() == SourceHealth::NeedsAttention, "{told}");
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
async fn a_robots_txt_of_ten_megabytes_costs_its_limit() {
    let site = Site::start(|head| {
        if head.starts_with("GET /robots.txt") {
            let many = b"User-agent: *\nDisallow: /private\nDisallow: /*a*b*c\n".repeat(200_000);
            answer("200 OK", "", &many)
        } else {
            answer("200 OK", "", b"")
        }
    })
    .await;
    let fetcher = fetcher();
    let page = |path: &str| Request { obeys_robots: true, ..request(&site.url(path)) };
    assert!(fetch(&fetcher, &page(&format!("/{}", "ab".repeat(2_000)))).await.is_ok());
    assert!(fetch(&fetcher, &page("/private")).await.is_err());
    assert_eq!(fetcher.inner.room.held(), 0);
}

#[tokio::test]
async fn a_refusal_that_never_ends_is_told_by_its_status() {
    let short = Settings { total_deadline: Duration::from_millis(300), ..settings() };
    for act in [
        Act::Hang(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>".to_vec()),
        Act::Flood(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>".to_vec(), b'x'),
    ] {
        let site = Site::start(move |_| act.clone()).await;
        let fetcher = fetcher_with(short.clone());
        let told = fetch(&fetcher, &request(&site.url("/feed"))).await.unwrap_err();
        assert!(matches!(told, FetchError::Denied { status: 403, .. }), "{told}");
        assert_eq!(fetcher.inner.room.held(), 0);
    }
}

#[tokio::test]
async fn a_robots_txt_elsewhere_holds_for_the_host_that_was_asked() {
    let elsewhere = guarded("200 OK", "User-agent: *\nDisallow: /private").await;
    let location = format!("location: {}\r\n", elsewhere.url("/robots.txt"));
    let site = Site::start(move |head| {
        if head.starts_with("GET /robots.txt") {
            answer("301 Moved", &location, b"")
        } else {
            answer("200 OK", "", b"")
        }
    })
    .await;
    let fetcher = fetcher();
    let page = |path: &str| Request { obeys_robots: true, ..request(&site.url(path)) };
    assert!(fetch(&fetcher, &page("/public")).await.is_ok());
    assert!(matches!(fetch(&fetcher, &page("/private")).await, Err(FetchError::RobotsForbid { .. })));
}

#[tokio::test]
async fn a_circle_of_robots_txt_counts_as_missing() {
    let site = Site::start(|head| {
        let is_robots = head.starts_with("GET /robots.txt");
        answer(if is_robots { "302 Found" } else { "200 OK" }, "location: /robots.txt\r\n", b"")
    })
    .await;
    let page = Request { obeys_robots: true, ..request(&site.url("/page")) };
    assert!(fetch(&fetcher(), &page).await.is_ok());
    assert_eq!(site.requests().len(), 1 + REDIRECTS + 1);
}

#[tokio::test(start_paused = true)]
async fn rules_hold_a_day_and_longer_while_they_cannot_be_asked_for() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let site = Site::start(|head| {
        if !head.starts_with("GET /robots.txt") {
            return answer("200 OK", "", b"");
        }
        match ASKED.fetch_add(1, Ordering::SeqCst) {
            0 => answer("200 OK", "", b"User-agent: *\nDisallow: /private"),
            1 => answer("500 Oops", "", b""),
            _ => answer("404 Not Found", "", b""),
        }
    })
    .await;
    let fetcher = fetcher();
    let mut told = Vec::new();
    for hours in [0, 23, 2, 1] {
        tokio::time::advance(Duration::from_secs(hours * 3600)).await;
        for path in ["/private", "/public"] {
            let page = Request { obeys_robots: true, ..request(&site.url(path)) };
            told.push((fetch_in_no_time(&fetcher, &page, now()).await.is_ok(), ASKED.load(Ordering::SeqCst)));
        }
    }
    let expected = [(false, 1), (true, 1), (false, 1), (true, 1), (false, 2), (true, 2), (true, 3), (true, 3)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_long_crawl_delay_is_kept() {
    let site = guarded("200 OK", "User-agent: *\nCrawl-delay: 3600").await;
    let fetcher = fetcher();
    let page = Request { obeys_robots: true, ..request(&site.url("/page")) };
    assert!(fetch(&fetcher, &page).await.is_ok());
    let told = fetch(&fetcher, &page).await.unwrap_err();
    assert!(told.is_transient() && told.retry_after().unwrap() > Duration::from_secs(3500), "{told}");
    assert_eq!(site.requests().len(), 2, "robots.txt and one page");
}

#[test]
fn one_host_is_one_with_and_without_tls() {
    let key = |text| host_key(&Url::parse(text).unwrap());
    assert_eq!(key("https://a.example/x"), key("http://a.example:80/y"));
    assert_ne!(key("https://a.example/x"), key("https://a.example:8443/x"));
    assert_ne!(key("https://a.example/"), key("https://b.a.example/"));
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
