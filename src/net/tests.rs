//! The door, against a server on loopback.

mod wires;

use super::loopback::{Act, Site, answer};
use super::*;
use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, Write};
use std::net::IpAddr;

/// A resolver that knows what a test tells it.
#[derive(Debug, Default)]
struct Known(HashMap<String, Vec<IpAddr>>);

impl Known {
    fn names(names: &[(&str, &[&str])]) -> Arc<dyn Lookup> {
        let parse = |list: &[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
        Arc::new(Self(names.iter().map(|(name, list)| ((*name).to_owned(), parse(list))).collect()))
    }
}

impl Lookup for Known {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let found = self.0.get(&host).cloned().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such name"));
        Box::pin(std::future::ready(found))
    }
}

fn call(url: &str) -> Call {
    Call {
        url: url.to_owned(),
        headers: Vec::new(),
        body: None,
        trust: Trust::Content,
        body_limit_bytes: 1 << 20,
        total_deadline: Duration::from_secs(20),
        idle_deadline: Duration::from_secs(10),
    }
}

fn loopback_settings() -> Settings {
    Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        user_agent: "porterhouse-test".to_owned(),
        ..Settings::default()
    }
}

async fn told(net: &Net, call: Call) -> String {
    match net.call(call).await {
        Ok(response) => format!("{} {:?}", response.status, String::from_utf8_lossy(&response.body)),
        Err(error) => format!("{error}{}", if error.is_transient() { " (transient)" } else { "" }),
    }
}

async fn check(act: Act, expected: Expect) {
    let site = Site::start(move |_| act.clone()).await;
    let net = Net::new(&loopback_settings()).unwrap();
    let call = Call { idle_deadline: Duration::from_millis(200), ..call(&site.url("/")) };
    expected.assert_eq(&told(&net, call).await.replace(&site.address.port().to_string(), "PORT"));
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A zstd frame of `blocks` times 128 KiB of zeros, four bytes each.
fn zstd_bomb(blocks: usize) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for block in 1..=blocks {
        let head = u32::from(block == blocks) | 1 << 1 | (128 << 10) << 3;
        frame.extend_from_slice(&head.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

#[tokio::test]
async fn a_get_carries_our_name_and_returns_head_and_body() {
    let site = Site::start(|_| answer("200 OK", "X-Kind: Feed\r\n", b"hello")).await;
    let net = Net::new(&loopback_settings()).unwrap();
    let response = net.call(call(&site.url("/feed?a=1"))).await.unwrap();
    assert_eq!((response.status, response.header("x-kind"), &*response.body), (200, Some("Feed"), &b"hello"[..]));
    assert_eq!(response.url, site.url("/feed?a=1"));
    let head = &site.requests()[0];
    assert!(
        head.starts_with("GET /feed?a=1 HTTP/1.1\r\n") && head.contains("user-agent: porterhouse-test\r\n"),
        "{head}"
    );
    assert!(
        head.contains("gzip") && head.contains("br") && head.contains("zstd") && head.contains("deflate"),
        "{head}"
    );
}

#[tokio::test]
async fn a_body_makes_it_a_post_and_a_redirect_is_an_answer() {
    let site = Site::start(|_| answer("307 Temporary Redirect", "location: /other\r\n", b"")).await;
    let net = Net::new(&loopback_settings()).unwrap();
    let response = net.call(Call { body: Some(bytes::Bytes::from_static(b"{}")), ..call(&site.url("/hook")) }).await;
    assert_eq!(response.unwrap().status, 307);
    assert_eq!(site.requests().len(), 1);
    assert!(site.requests()[0].starts_with("POST /hook"));
}

#[tokio::test]
async fn a_packed_body_is_unpacked() {
    let body = gzip("Fünf Sterne".as_bytes());
    check(answer("200 OK", "content-encoding: gzip\r\n", &body), expect![[r#"200 "Fünf Sterne""#]]).await;
}

#[tokio::test]
async fn a_wrong_word_for_no_packing_means_nothing() {
    check(answer("200 OK", "content-encoding: utf-8\r\n", b"plain"), expect![[r#"200 "plain""#]]).await;
}

#[tokio::test]
async fn a_gzip_bomb_stops_at_the_limit_of_decoded_bytes() {
    let body = gzip(&vec![0; 64 << 20]);
    assert!(body.len() < 70_000);
    check(
        answer("200 OK", "content-encoding: gzip\r\n", &body),
        expect!["the answer of `127.0.0.1` is larger than 1048576 bytes, the limit for its kind; skipped"],
    )
    .await;
}

#[tokio::test]
async fn a_zstd_bomb_stops_at_the_limit_of_decoded_bytes() {
    let body = zstd_bomb(4096);
    check(
        answer("200 OK", "content-encoding: zstd\r\n", &body),
        expect!["the answer of `127.0.0.1` is larger than 1048576 bytes, the limit for its kind; skipped"],
    )
    .await;
}

#[tokio::test]
async fn an_endless_body_stops_at_the_limit() {
    check(
        Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), b'x'),
        expect!["the answer of `127.0.0.1` is larger than 1048576 bytes, the limit for its kind; skipped"],
    )
    .await;
}

#[tokio::test]
async fn an_announced_excess_is_not_even_read() {
    check(
        Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n".to_vec()),
        expect!["the answer of `127.0.0.1` is larger than 1048576 bytes, the limit for its kind; skipped"],
    )
    .await;
}

#[tokio::test]
async fn a_body_that_is_not_packed_as_it_says_is_told() {
    check(
        answer("200 OK", "content-encoding: gzip\r\n", b"<rss></rss>"),
        expect!["the answer of `127.0.0.1` is not packed as it says; its server is misconfigured (transient)"],
    )
    .await;
    check(
        answer("200 OK", "content-encoding: br\r\n", b"<rss></rss> and some more"),
        expect!["the answer of `127.0.0.1` is not packed as it says; its server is misconfigured (transient)"],
    )
    .await;
    let half = &gzip(&[b'a'; 5000])[..20];
    check(
        answer("200 OK", "content-encoding: gzip\r\n", half),
        expect!["the answer of `127.0.0.1` is not packed as it says; its server is misconfigured (transient)"],
    )
    .await;
    check(
        answer("200 OK", "content-encoding: gzip, br\r\n", b"..."),
        expect!["the answer of `127.0.0.1` is not packed as it says; its server is misconfigured (transient)"],
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_told() {
    check(
        Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_vec()),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood (transient)"],
    )
    .await;
    let mut packed = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 9000\r\n\r\n".to_vec();
    packed.extend_from_slice(&gzip(b"some text")[..15]);
    check(Act::Say(packed), expect!["the answer of `127.0.0.1` broke off or cannot be understood (transient)"]).await;
    check(
        Act::Say(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood (transient)"],
    )
    .await;
    check(Act::Say(Vec::new()), expect!["the answer of `127.0.0.1` broke off or cannot be understood (transient)"])
        .await;
}

#[tokio::test]
async fn silence_in_the_middle_is_told_before_the_total_deadline() {
    check(
        Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_vec()),
        expect!["`127.0.0.1` fell silent for 0.2 s in the middle of its answer (transient)"],
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_never_begins_meets_the_total_deadline() {
    let site = Site::start(|_| Act::Hang(Vec::new())).await;
    let net = Net::new(&loopback_settings()).unwrap();
    let call = Call { total_deadline: Duration::from_millis(200), ..call(&site.url("/")) };
    expect!["`127.0.0.1` took longer than 0.2 s (transient)"].assert_eq(&told(&net, call).await);
}

#[tokio::test]
async fn a_closed_port_is_told_without_the_path() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let net = Net::new(&loopback_settings()).unwrap();
    let error = net.call(call(&format!("http://{address}/secret-token"))).await.unwrap_err();
    expect!["`127.0.0.1` could not be connected to"].assert_eq(&error.to_string());
    let mut chain = format!("{error:?}");
    let mut cause: Option<&dyn Error> = error.source();
    while let Some(link) = cause {
        chain.push_str(&link.to_string());
        cause = link.source();
    }
    assert!(!chain.contains("secret-token"), "{chain}");
}

#[tokio::test]
async fn headers_that_forge_are_refused_for_content_only() {
    let site = Site::start(|_| answer("200 OK", "", b"")).await;
    let net = Net::new(&loopback_settings()).unwrap();
    for name in ["Host", "cookie", "Proxy-Authorization", "X-Forwarded-For", "Remote-User", "bad name", "Forwarded"] {
        let call = Call { headers: vec![(name.to_owned(), "x".to_owned())], ..call(&site.url("/")) };
        assert!(matches!(net.call(call).await, Err(NetError::Header { .. })), "{name}");
    }
    let line_break = Call { headers: vec![("x".to_owned(), "a\r\nHost: b".to_owned())], ..call(&site.url("/")) };
    assert!(matches!(net.call(line_break).await, Err(NetError::Header { .. })));
    assert!(site.requests().is_empty());
}

#[tokio::test]
async fn the_checked_address_is_the_one_connected_to() {
    let site = Site::start(|_| answer("200 OK", "", b"here")).await;
    // The name leads to a private place first; only the admitted address may be tried.
    let names = Known::names(&[("shop.example", &["10.0.0.1", "169.254.169.254", "127.0.0.1"])]);
    let net = Net::with_lookup(&loopback_settings(), names).unwrap();
    let url = format!("http://shop.example:{}/", site.address.port());
    assert_eq!(told(&net, call(&url)).await, r#"200 "here""#);
    assert!(site.requests()[0].contains(&format!("host: shop.example:{}\r\n", site.address.port())));
}

/// A name that leads somewhere else each time it is asked for.
#[derive(Debug)]
struct Rebinding(std::sync::Mutex<Vec<&'static str>>);

impl Lookup for Rebinding {
    fn lookup(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let address = self.0.lock().unwrap().pop().unwrap_or("127.0.0.1").parse().unwrap();
        Box::pin(std::future::ready(Ok(vec![address])))
    }
}

#[tokio::test]
async fn a_name_that_moves_inside_is_refused_at_the_next_connection() {
    let site = Site::start(|_| answer("200 OK", "connection: close\r\n", b"outside")).await;
    let lookup = Arc::new(Rebinding(std::sync::Mutex::new(vec!["10.0.0.1", "127.0.0.1"])));
    let net = Net::with_lookup(&loopback_settings(), lookup).unwrap();
    let url = format!("http://rebind.example:{}/", site.address.port());
    assert_eq!(told(&net, call(&url)).await, r#"200 "outside""#);
    assert!(matches!(net.call(call(&url)).await, Err(NetError::Refused { kind: AddressKind::Private, .. })));
    assert_eq!(site.requests().len(), 1);
}

#[tokio::test]
async fn an_operator_reaches_a_private_place_only_where_the_operator_says_so() {
    let site = Site::start(|_| answer("200 OK", "", b"chat")).await;
    let net = Net::with_lookup(&Settings::default(), Known::names(&[("chat.example", &["127.0.0.1"])])).unwrap();
    let url = format!("http://chat.example:{}/", site.address.port());
    for (trust, expected) in [
        (Trust::Content, false),
        (Trust::Operator { private: false }, false),
        (Trust::Operator { private: true }, true),
        // The connection that the last call left open must not serve a stricter one.
        (Trust::Content, false),
    ] {
        let outcome = net.call(Call { trust, ..call(&url) }).await;
        assert_eq!(outcome.is_ok(), expected, "{trust:?}");
    }
}

#[tokio::test]
async fn a_name_without_address_is_told() {
    let net = Net::with_lookup(&Settings::default(), Known::names(&[("empty.example", &[])])).unwrap();
    let unknown = told(&net, call("http://gone.example/feed")).await;
    assert_eq!(unknown, told(&net, call("http://empty.example/feed")).await.replace("empty", "gone"));
    expect!["the name `gone.example` could not be looked up; check its spelling and the name server (transient)"]
        .assert_eq(&unknown);
}

#[tokio::test]
async fn a_named_dns_server_is_asked_instead_of_the_system() {
    let (server, queries) = dns_server([127, 0, 0, 1]).await;
    let site = Site::start(|_| answer("200 OK", "", b"by name")).await;
    let settings = Settings { resolver: Some(server), ..loopback_settings() };
    let net = Net::new(&settings).unwrap();
    let url = format!("http://forum.example:{}/", site.address.port());
    assert_eq!(told(&net, call(&url)).await, r#"200 "by name""#);
    assert!(queries.load(std::sync::atomic::Ordering::SeqCst) > 0);
}

/// A DNS server that gives one IPv4 address for every name, with a lifetime of zero.
async fn dns_server(address: [u8; 4]) -> (std::net::SocketAddr, Arc<std::sync::atomic::AtomicUsize>) {
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let server = socket.local_addr().unwrap();
    let queries = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = Arc::clone(&queries);
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((_, from)) = socket.recv_from(&mut buffer).await {
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let name_end = 12 + buffer[12..].iter().position(|byte| *byte == 0).unwrap() + 1;
            let wants_v4 = buffer[name_end..name_end + 2] == [0, 1];
            let mut reply = buffer[..name_end + 4].to_vec();
            reply[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(wants_v4), 0, 0, 0, 0]);
            if wants_v4 {
                reply.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                reply.extend_from_slice(&address);
            }
            let _ = socket.send_to(&reply, from).await;
        }
    });
    (server, queries)
}

/// What relays say, one line for each of ours; the talk ends where the lines do.
async fn relay(lines: &'static [&'static str]) -> (Relay, tokio::task::JoinHandle<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let talk = tokio::spawn(async move {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut heard = String::new();
        for line in lines {
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            if line.get(3..4) == Some("-") {
                continue;
            }
            let in_data = line.starts_with("354");
            loop {
                let from = heard.len();
                let n_read = stream.read_line(&mut heard).await.unwrap_or(0);
                if n_read == 0 || !in_data || heard.get(from..) == Some(".\r\n") {
                    break;
                }
            }
        }
        heard
    });
    let relay = Relay {
        host: "127.0.0.1".to_owned(),
        port,
        security: MailSecurity::None,
        login: None,
        private: true,
        timeout: Duration::from_secs(10),
    };
    (relay, talk)
}

fn envelope() -> lettre::address::Envelope {
    let address = |text: &str| text.parse::<lettre::Address>().unwrap();
    lettre::address::Envelope::new(Some(address("desk@brand.example")), vec![address("team@brand.example")]).unwrap()
}

async fn mailed(relay: &Relay) -> String {
    let net = Net::new(&Settings::default()).unwrap();
    let outcome = net.send_mail(relay, &envelope(), b"Subject: hi\r\n\r\n.dot first\r\n").await;
    let outcome = match outcome {
        Ok(answer) => answer,
        Err(error) => format!("{error}{}", if error.is_transient() { " (transient)" } else { "" }),
    };
    outcome.replace(&relay.port.to_string(), "PORT")
}

#[tokio::test]
async fn a_mail_is_handed_over_whole() {
    let (relay, talk) =
        relay(&["220 hi", "250 relay", "250 ok", "250 ok", "354 go on", "250 taken as 42", "221 bye"]).await;
    assert_eq!(mailed(&relay).await, "250 taken as 42");
    let heard = talk.await.unwrap();
    assert!(
        heard.contains("MAIL FROM:<desk@brand.example>") && heard.contains("RCPT TO:<team@brand.example>"),
        "{heard}"
    );
    assert!(heard.contains("Subject: hi\r\n\r\n..dot first\r\n.\r\n"), "{heard}");
}

#[tokio::test]
async fn a_login_is_sent_where_one_is_given() {
    let (relay, talk) = relay(&[
        "220 hi",
        "250-relay",
        "250 AUTH PLAIN LOGIN",
        "235 welcome",
        "250 ok",
        "250 ok",
        "354 go on",
        "250 taken",
        "221 bye",
    ])
    .await;
    let relay = Relay { login: Some(("desk".to_owned(), Secret::new("pw".to_owned()))), ..relay };
    assert_eq!(mailed(&relay).await, "250 taken");
    assert!(talk.await.unwrap().contains("AUTH PLAIN AGRlc2sAcHc="));
}

#[tokio::test]
async fn refusals_tell_later_from_never() {
    let (later, _talk) = relay(&["220 hi", "250 relay", "451 try again in an hour"]).await;
    expect!["the mail relay `127.0.0.1` answered 451: try again in an hour (transient)"]
        .assert_eq(&mailed(&later).await);
    let (never, _talk) = relay(&["220 hi", "250 relay", "250 ok", "550 no such person"]).await;
    expect!["the mail relay `127.0.0.1` answered 550: no such person"].assert_eq(&mailed(&never).await);
    let (busy, _talk) = relay(&["421 too many"]).await;
    expect!["the mail relay `127.0.0.1` answered 421: too many (transient)"].assert_eq(&mailed(&busy).await);
    let (gone, _talk) = relay(&["220 hi", "250 relay"]).await;
    expect!["the answer of `127.0.0.1` broke off or cannot be understood (transient)"].assert_eq(&mailed(&gone).await);
    let (no_login, _talk) = relay(&["220 hi", "250 relay"]).await;
    let no_login = Relay { login: Some(("desk".to_owned(), Secret::new("pw".to_owned()))), ..no_login };
    expect!["the mail cannot be handed to `127.0.0.1`: it offers no login or encoding that we can use"]
        .assert_eq(&mailed(&no_login).await);
}

#[tokio::test]
async fn a_relay_without_starttls_gets_no_mail() {
    let (relay, talk) = relay(&["220 hi", "250 relay", "221 bye"]).await;
    let relay = Relay { security: MailSecurity::StartTls, ..relay };
    expect!["the mail relay `127.0.0.1` offers no STARTTLS; use port 465 with `tls`, or another relay"]
        .assert_eq(&mailed(&relay).await);
    assert!(!talk.await.unwrap().contains("MAIL FROM"));
}

#[tokio::test]
async fn a_relay_is_behind_the_gate_too() {
    let (open, _talk) = relay(&["220 hi"]).await;
    expect!["the mail relay `127.0.0.1` is set to no TLS; use `tls` or `starttls`, or say `private = true`"]
        .assert_eq(&mailed(&Relay { private: false, ..open.clone() }).await);
    let tls = Relay { private: false, security: MailSecurity::StartTls, ..open };
    expect!["`127.0.0.1` leads to 127.0.0.1, which is this machine itself; only public addresses are read, unless `allow_networks` or `private = true` opens this one"].assert_eq(&mailed(&tls).await);
}

#[tokio::test]
async fn a_relay_that_says_nothing_meets_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mut relay, _talk) = relay(&[]).await;
    relay.port = listener.local_addr().unwrap().port();
    relay.timeout = Duration::from_millis(200);
    let told = mailed(&relay).await;
    assert!(told.ends_with("(transient)"), "{told}");
}

/// A proxy, as the operator names it, and what is known of names on our side.
fn proxied(port: u16, names: &[(&str, &[&str])]) -> Net {
    let proxy = Proxy {
        url: format!("http://proxy.example:{port}").parse().unwrap(),
        login: Some(("listen".to_owned(), Secret::new("hunter2".to_owned()))),
        direct: vec![Direct::Host("direct.example".to_owned())],
    };
    let names: Vec<_> = names.iter().copied().chain([("proxy.example", &["127.0.0.1"][..])]).collect();
    let settings = Settings { proxy: Some(proxy), ..Settings::default() };
    Net::with_lookup(&settings, Known::names(&names)).unwrap()
}

#[tokio::test]
async fn a_proxy_is_asked_for_names_that_only_it_knows() {
    let proxy = Site::start(|_| answer("200 OK", "", b"news")).await;
    let net = proxied(proxy.address.port(), &[]);
    assert_eq!(told(&net, call("http://news.example/feed")).await, r#"200 "news""#);
    let head = &proxy.requests()[0];
    assert!(head.starts_with("GET http://news.example/feed HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("proxy-authorization: Basic bGlzdGVuOmh1bnRlcjI=\r\n"), "{head}");
    let shown = format!("{net:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("bGlzdGVuOmh1bnRlcjI="), "{shown}");
}

#[tokio::test]
async fn a_proxy_gets_nothing_that_leads_inside_as_seen_from_here() {
    let proxy = Site::start(|_| answer("200 OK", "", b"inside")).await;
    let port = proxy.address.port();
    let names: [(&str, &[&str]); 2] = [("inside.example", &["10.0.0.1"]), ("both.example", &["93.184.216.34", "::1"])];
    let net = proxied(port, &names);
    for url in
        ["http://inside.example/", "https://both.example/", "http://10.0.0.1/", "http://[::1]/", "http://2130706433/"]
    {
        assert!(matches!(net.call(call(url)).await, Err(NetError::Refused { .. })), "{url}");
    }
    let own = format!("http://proxy.example:{port}/");
    assert!(matches!(net.call(call(&own)).await, Err(NetError::Refused { .. })), "the proxy itself is inside");
    assert!(matches!(net.call(call("http://news.example:25/")).await, Err(NetError::Port { port: 25, .. })));
    assert!(matches!(net.call(call("ftp://news.example/")).await, Err(NetError::Scheme { .. })));
    assert_eq!(proxy.requests().len(), 0);
}

#[tokio::test]
async fn what_is_asked_directly_meets_the_gate_and_what_is_private_needs_no_proxy() {
    let proxy = Site::start(|_| answer("200 OK", "", b"proxy")).await;
    let house = Site::start(|_| answer("200 OK", "", b"house")).await;
    let net = proxied(proxy.address.port(), &[("direct.example", &["127.0.0.1"]), ("chat.example", &["127.0.0.1"])]);
    let url = |host: &str| format!("http://{host}:{}/", house.address.port());
    assert!(matches!(net.call(call(&url("direct.example"))).await, Err(NetError::Refused { .. })));
    let private = Call { trust: Trust::Operator { private: true }, ..call(&url("chat.example")) };
    assert_eq!(told(&net, private).await, r#"200 "house""#);
    let hook = Call { trust: Trust::Operator { private: false }, ..call("http://hooks.example/") };
    assert_eq!(told(&net, hook).await, r#"200 "proxy""#);
}

#[tokio::test]
async fn a_proxy_that_does_not_connect_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let net = proxied(listener.local_addr().unwrap().port(), &[]);
    drop(listener);
    let expected = "`news.example` could not be reached through the proxy `proxy.example`; \
                    check `proxy` and its login in `[fetch]` (transient)";
    assert_eq!(told(&net, call("http://news.example/")).await, expected);
    let refusing = Site::start(|_| answer("407 Proxy Authentication Required", "", b"")).await;
    let net = proxied(refusing.address.port(), &[]);
    assert_eq!(told(&net, call("https://news.example/")).await, expected);
    assert_eq!(told(&net, call("http://news.example/")).await, r#"407 """#);
}

/// A site with TLS under the name `shop.example`, and the certificate of the authority that vouches for it.
async fn site_with_tls() -> (u16, String) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    install_crypto();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["shop.example".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().der().clone();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nshop").await;
            let _ = stream.shutdown().await;
        }
    });
    (port, pem)
}

fn trusting(pem: &str) -> Settings {
    Settings { roots: Roots::parse(pem.as_bytes()).unwrap(), ..loopback_settings() }
}

#[tokio::test]
async fn an_authority_of_the_house_is_believed_where_its_certificate_is_given() {
    let (port, pem) = site_with_tls().await;
    let names = || Known::names(&[("shop.example", &["127.0.0.1"]), ("other.example", &["127.0.0.1"])]);
    let url = format!("https://shop.example:{port}/");
    let net = Net::with_lookup(&loopback_settings(), names()).unwrap();
    assert!(matches!(net.call(call(&url)).await, Err(NetError::Connect { .. })), "nobody vouches for it");
    let net = Net::with_lookup(&trusting(&pem), names()).unwrap();
    assert_eq!(told(&net, call(&url)).await, r#"200 "shop""#);
    let other = format!("https://other.example:{port}/");
    assert!(matches!(net.call(call(&other)).await, Err(NetError::Connect { .. })), "for its name only");
}

#[tokio::test]
async fn a_proxy_passes_tls_through() {
    let (port, pem) = site_with_tls().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy_port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
        #[expect(clippy::disallowed_methods, reason = "the proxy of a test connects to the site of a test")]
        let mut site = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut site).await;
        String::from_utf8(head).unwrap()
    });
    let proxy =
        Proxy { url: format!("http://127.0.0.1:{proxy_port}").parse().unwrap(), login: None, direct: Vec::new() };
    let settings = Settings { proxy: Some(proxy), allow_networks: Vec::new(), ..trusting(&pem) };
    let net = Net::with_lookup(&settings, Known::names(&[])).unwrap();
    assert_eq!(told(&net, call("https://shop.example/")).await, r#"200 "shop""#);
    drop(net);
    assert!(asked.await.unwrap().starts_with("CONNECT shop.example:443 HTTP/1.1\r\n"));
}

#[test]
fn certificates_that_are_none_are_told() {
    let told = |pem: &str| Roots::parse(pem.as_bytes()).unwrap_err().to_string();
    assert_eq!(told(""), "holds no certificate in PEM form");
    assert_eq!(told("hello"), "holds no certificate in PEM form");
    assert!(told("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").contains("the 1. in it"));
    assert!(told("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").starts_with("is no PEM"));
}

#[tokio::test]
async fn ports_of_other_protocols_are_not_asked() {
    let net = Net::new(&loopback_settings()).unwrap();
    for port in [22, 25, 6379] {
        assert!(matches!(net.call(call(&format!("http://127.0.0.1:{port}/"))).await, Err(NetError::Port { .. })));
    }
}
