//! Tokens, against an endpoint and a service on loopback.

use super::*;
use crate::fetch::Settings;
use crate::model::{Credential, Means, Request, SourceHealth, TokenFields, Validators};
use crate::net::loopback::{Act, Site, answer};
use crate::net::{Net, Settings as NetSettings};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

const SECRETS: [&str; 3] = ["kEy-of-us", "first-Refresh", "tok"];

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn name(name: &str) -> SecretRef {
    SecretRef::Env(name.to_owned())
}

fn fetcher() -> Fetcher {
    let door = NetSettings { allow_networks: vec!["127.0.0.0/8".parse().unwrap()], ..NetSettings::default() };
    let settings = Settings { per_host_pause: Duration::ZERO, ..Settings::default() };
    let secrets = [("KEY", SECRETS[0]), ("REFRESH", SECRETS[1])];
    let secrets = secrets.map(|(place, secret)| (name(place), Secret::new(secret.to_owned())));
    Fetcher::new(settings, Net::new(&door).unwrap()).with_secrets(HashMap::from(secrets))
}

fn plan(site: &Site, grant: GrantKind) -> TokenPlan {
    TokenPlan {
        grant,
        token_url: site.url("/token"),
        refresh_url: site.url("/refresh"),
        login: "us".to_owned(),
        key: Some(name("KEY")),
        refresh: (grant == GrantKind::RefreshToken).then(|| name("REFRESH")),
        scope: "read".to_owned(),
        client: ClientAuth::Basic,
        fields: TokenFields::default(),
    }
}

fn request(site: &Site, plan: TokenPlan) -> Request {
    Request {
        means: Means { credential: Some(Credential::Token(Arc::new(plan))), ..Means::default() },
        ..Request::plain(site.url("/list"), 1 << 20)
    }
}

/// A service that takes the tokens from `good_from` on; its endpoint grants `tok1`, `tok2` and so on.
async fn service(good_from: u32) -> (Site, Arc<AtomicU32>) {
    let granted = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&granted);
    let site = Site::start(move |head| {
        if head.starts_with("POST /token") || head.starts_with("POST /refresh") {
            let n = count.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!("{{\"access_token\":\"tok{n}\",\"expires_in\":3600,\"refresh_token\":\"ref{n}\"}}");
            return answer("200 OK", "", body.as_bytes());
        }
        let token = head.split("Bearer tok").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse::<u32>().ok());
        match token {
            Some(n) if n >= good_from => answer("200 OK", "", b"{}"),
            _ => answer("401 Unauthorized", "", b""),
        }
    })
    .await;
    (site, granted)
}

async fn fetch(fetcher: &Fetcher, request: &Request) -> Result<u16, FetchError> {
    let fetched = fetcher.fetch(request, &Validators::default(), now()).await;
    fetched.map(|fetched| fetched.response.status)
}

fn n_asked(site: &Site, path: &str) -> usize {
    site.requests().iter().filter(|head| head.split(' ').nth(1) == Some(path)).count()
}

#[tokio::test]
async fn a_token_is_got_once_and_serves_all_who_ask_together() {
    let (site, granted) = service(1).await;
    let (fetcher, request) = (fetcher(), request(&site, plan(&site, GrantKind::ClientCredentials)));
    let asked = (0..8).map(|_| fetch(&fetcher, &request));
    for told in futures_util::future::join_all(asked).await {
        assert_eq!(told.unwrap(), 200);
    }
    assert_eq!(granted.load(Ordering::SeqCst), 1);
    let head = &site.requests()[0];
    // `us:kEy-of-us`.
    assert!(head.contains("authorization: Basic dXM6a0V5LW9mLXVz\r\n"), "{head}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_and_the_request_repeated() {
    let (site, granted) = service(2).await;
    let (fetcher, request) = (fetcher(), request(&site, plan(&site, GrantKind::RefreshToken)));
    for told in futures_util::future::join_all((0..5).map(|_| fetch(&fetcher, &request))).await {
        assert_eq!(told.unwrap(), 200);
    }
    assert_eq!(granted.load(Ordering::SeqCst), 2);
    assert!(n_asked(&site, "/list") <= 10);
}

#[tokio::test]
async fn a_token_that_is_refused_although_it_is_new_needs_a_person_and_makes_no_storm() {
    let (site, granted) = service(99).await;
    let (fetcher, request) = (fetcher(), request(&site, plan(&site, GrantKind::ClientCredentials)));
    let error = fetch(&fetcher, &request).await.unwrap_err();
    assert!(matches!(error, FetchError::TokenRefused { .. }), "{error}");
    assert_eq!((error.health(), error.is_transient()), (SourceHealth::NeedsAttention, false));
    assert_eq!((granted.load(Ordering::SeqCst), n_asked(&site, "/list")), (2, 2));
    for _ in 0..20 {
        assert!(matches!(fetch(&fetcher, &request).await, Err(FetchError::TokenRefused { .. })));
    }
    assert_eq!((granted.load(Ordering::SeqCst), n_asked(&site, "/list")), (2, 2));
}

#[tokio::test]
async fn a_rotated_refresh_token_survives_a_restart_and_other_secrets_begin_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (site, granted) = service(1).await;
    let request = request(&site, plan(&site, GrantKind::RefreshToken));
    let first = fetcher().with_tokens_in(folder.path());
    assert_eq!(fetch(&first, &request).await.unwrap(), 200);
    let second = fetcher().with_tokens_in(folder.path());
    assert_eq!(fetch(&second, &request).await.unwrap(), 200);
    assert_eq!(granted.load(Ordering::SeqCst), 1, "the token is good still");
    let later = now() + Duration::from_secs(4_000);
    second.fetch(&request, &Validators::default(), later).await.unwrap();
    assert_eq!(granted.load(Ordering::SeqCst), 2);
    let kept = std::fs::read_to_string(folder.path().join("porterhouse.tokens")).unwrap();
    assert!(kept.contains("ref2") && !kept.contains("ref1") && !kept.contains(SECRETS[0]), "{kept}");
    let secrets = [("KEY", "another"), ("REFRESH", "another")];
    let secrets = secrets.map(|(place, secret)| (name(place), Secret::new(secret.to_owned())));
    let third = fetcher().with_secrets(HashMap::from(secrets)).with_tokens_in(folder.path());
    assert_eq!(fetch(&third, &request).await.unwrap(), 200);
    assert_eq!(granted.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_session_is_renewed_by_its_refresh_token_and_begun_anew_where_that_is_refused() {
    let site = Site::start(|head| match head.split(' ').nth(1) {
        Some("/token") => {
            answer("200 OK", "", b"{\"accessJwt\":\"tokA\",\"refreshJwt\":\"refA\",\"did\":\"did:plc:x\"}")
        }
        Some("/refresh") if head.contains("Bearer refA") => {
            answer("200 OK", "", b"{\"accessJwt\":\"tokB\",\"refreshJwt\":\"refB\"}")
        }
        Some("/refresh") => answer("400 Bad Request", "", b"{\"error\":\"ExpiredToken\"}"),
        _ => answer("200 OK", "", b"{}"),
    })
    .await;
    let fields =
        TokenFields { access: "accessJwt".to_owned(), refresh: "refreshJwt".to_owned(), ..TokenFields::default() };
    let request = request(&site, TokenPlan { fields, ..plan(&site, GrantKind::Session) });
    let fetcher = fetcher();
    for hours in 0..3 {
        let at = now() + Duration::from_secs(hours * 3_600);
        fetcher.fetch(&request, &Validators::default(), at).await.unwrap();
    }
    let paths: Vec<String> =
        site.requests().iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect();
    assert_eq!(paths, ["/token", "/list", "/refresh", "/list", "/refresh", "/token", "/list"]);
}

#[tokio::test]
async fn whatever_the_endpoint_says_it_is_told_without_a_secret_and_asked_once() {
    let big = vec![b'x'; 10 << 20];
    let elsewhere = Site::start(|_| answer("200 OK", "", b"{\"access_token\":\"stolen\"}")).await;
    let away = format!("Location: {}\r\n", elsewhere.url("/token"));
    let cases: Vec<(Act, &str)> = vec![
        (answer("200 OK", "content-type: text/html\r\n", b"<html>Sign in</html>"), "answers with a web page"),
        (answer("200 OK", "", b"{\"error\":\"invalid_client\"}"), "grants no token (invalid_client)"),
        (answer("400 Bad Request", "", b"{\"error\":\"kEy-of-us is wrong\"}"), "grants no token (it says no)"),
        (answer("200 OK", "", &big), "larger than 65536 bytes"),
        (answer("307 Temporary Redirect", &away, b""), "sends us elsewhere"),
        (answer("503 Service Unavailable", "", b""), "503"),
        (answer("429 Too Many Requests", "Retry-After: 60\r\n", b""), "wait 60 s"),
        (answer("200 OK", "", b"{\"access_token\":\"\"}"), "answers without a token"),
    ];
    for (act, expected) in cases {
        let site = Site::start(move |_| act.clone()).await;
        let (fetcher, request) = (fetcher(), request(&site, plan(&site, GrantKind::RefreshToken)));
        let error = fetch(&fetcher, &request).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(told.contains(expected), "{expected}: {told}");
        assert!(SECRETS[..2].iter().all(|secret| !told.contains(secret)), "{told}");
        assert_eq!(n_asked(&site, "/list"), 0, "nothing is asked without a token");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_token_never_goes_to_another_host() {
    let elsewhere = Site::start(|_| answer("200 OK", "", b"{}")).await;
    let away = format!("Location: {}\r\n", elsewhere.url("/list"));
    let site = Site::start(move |head| match head.split(' ').nth(1) {
        Some("/token") => answer("200 OK", "", b"{\"access_token\":\"tok1\"}"),
        _ => answer("302 Found", &away, b""),
    })
    .await;
    let request = request(&site, plan(&site, GrantKind::ClientCredentials));
    assert_eq!(fetch(&fetcher(), &request).await.unwrap(), 200);
    let heads = elsewhere.requests();
    assert!(heads.len() == 1 && !heads[0].contains("authorization") && !heads[0].contains("tok1"), "{heads:?}");
}
