//! Wires against servers that do not keep to the protocol: each a named error, none a hang.

use super::super::loopback::{Act, Site, answer};
use super::*;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Frames of a server by their first byte; the last one of a message has the highest bit set.
const TEXT: u8 = 0x81;
const TEXT_BEGINS: u8 = 0x01;
const GOES_ON: u8 = 0x00;
const ENDS: u8 = 0x80;
const PING: u8 = 0x89;
const CLOSE: u8 = 0x88;

const LIMIT_BYTES: usize = 64 << 10;

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    match payload.len() {
        len @ 0..=125 => bytes.push(len as u8),
        len => {
            bytes.push(126);
            bytes.extend_from_slice(&u16::try_from(len).unwrap().to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// The head that begins a wire, to the request with this head.
fn upgraded(head: &str) -> Vec<u8> {
    let key = head.lines().filter_map(|line| line.split_once(": ")).find(|(name, _)| *name == "Sec-WebSocket-Key");
    let accept = derive_accept_key(key.map_or("", |(_, key)| key.trim()).as_bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
    )
    .into_bytes()
}

fn dial(url: &str) -> Dial {
    Dial {
        url: url.to_owned(),
        headers: Vec::new(),
        trust: Trust::Content,
        message_limit_bytes: LIMIT_BYTES,
        connect_deadline: Duration::from_millis(400),
        idle_deadline: Duration::from_millis(200),
        pong_is_life: false,
    }
}

/// What is heard at `url` until it ends, a line each.
async fn heard(net: &Net, dial: Dial) -> String {
    let mut told = Vec::new();
    let mut wire = match net.dial(dial).await {
        Ok(wire) => wire,
        Err(error) => return format!("{error}"),
    };
    while told.len() < 20 {
        match wire.next(Instant::now() + Duration::from_millis(50)).await {
            Ok(Heard::Text(text)) => told.push(String::from_utf8_lossy(&text).chars().take(40).collect()),
            Ok(Heard::Binary(bytes)) => told.push(format!("{} bytes", bytes.len())),
            Ok(Heard::Closed(words)) => {
                told.push(format!("closed: {words}"));
                break;
            }
            // How often that is depends on the machine.
            Ok(Heard::Nothing) => {}
            Err(error) => {
                told.push(error.to_string());
                break;
            }
        }
    }
    told.join("\n")
}

/// Says `frames` on a wire and then does as `act` does.
async fn check(frames: Vec<u8>, act: fn(Vec<u8>) -> Act, expected: Expect) {
    let site = Site::start(move |head| act([upgraded(head), frames.clone()].concat())).await;
    let net = Net::new(&loopback_settings()).unwrap();
    expected.assert_eq(&heard(&net, dial(&site.url("/").replacen("http", "ws", 1))).await);
}

/// What an answer that begins no wire is told as.
async fn check_answer(act: Act, expected: Expect) {
    let site = Site::start(move |_| act.clone()).await;
    let net = Net::new(&loopback_settings()).unwrap();
    expected.assert_eq(&heard(&net, dial(&site.url("/").replacen("http", "ws", 1))).await);
}

#[tokio::test]
async fn messages_in_pieces_are_put_together_and_pings_between_them_harm_nothing() {
    let pieces = [frame(TEXT_BEGINS, b"Rare "), frame(PING, b"?"), frame(GOES_ON, b"or "), frame(ENDS, b"medium?")];
    let close = frame(CLOSE, b"\x03\xe8bye");
    check(
        [pieces.concat(), frame(0x82, &[7; 300]), close].concat(),
        Act::Hang,
        expect![[r#"
        Rare or medium?
        300 bytes
        closed: bye"#]],
    )
    .await;
}

#[tokio::test]
async fn frames_against_the_protocol_break_the_wire() {
    let good = frame(TEXT, b"good");
    let with = |bad: Vec<u8>| [good.clone(), bad].concat();
    check(
        with(frame(TEXT | 0x40, b"packed, which nobody agreed to")),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with(frame(0x83, b"of no kind")),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with(frame(TEXT, b"\xff\xfe")),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with(vec![TEXT, 0x84, 1, 2, 3, 4, 5, 6, 7, 8]),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with([frame(TEXT_BEGINS, b"a"), frame(TEXT, b"b")].concat()),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with(frame(GOES_ON, b"of nothing")),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
    check(
        with(frame(PING, &[0; 126])),
        Act::Hang,
        expect![[r#"
        good
        the answer of `127.0.0.1` broke off or cannot be understood"#]],
    )
    .await;
}

#[tokio::test]
async fn frames_whose_length_lies_are_no_wait_and_no_memory() {
    // Ten bytes that are five, and the end; the same, and nothing more.
    check(b"\x81\x0ashort".to_vec(), Act::Say, expect!["the answer of `127.0.0.1` broke off or cannot be understood"])
        .await;
    check(b"\x81\x0ashort".to_vec(), Act::Hang, expect!["the answer of `127.0.0.1` broke off or cannot be understood"])
        .await;
    let huge = [&[TEXT, 127][..], &(1_u64 << 62).to_be_bytes(), b"x"].concat();
    check(
        huge,
        Act::Hang,
        expect!["the answer of `127.0.0.1` is larger than 65536 bytes, the limit for its kind; skipped"],
    )
    .await;
    let pieces = [frame(TEXT_BEGINS, &[b'x'; 40_000]), frame(GOES_ON, &[b'x'; 40_000])].concat();
    check(
        pieces,
        Act::Hang,
        expect!["the answer of `127.0.0.1` is larger than 65536 bytes, the limit for its kind; skipped"],
    )
    .await;
    // Pieces of nothing, for ever.
    check(
        frame(TEXT_BEGINS, b""),
        |bytes| Act::Flood(bytes, 0),
        expect!["`127.0.0.1` fell silent for 0.2 s in the middle of its answer"],
    )
    .await;
}

#[tokio::test]
async fn a_flood_of_pings_is_silence_and_does_not_keep_its_caller() {
    let site = Site::start(|head| Act::Repeat(upgraded(head), frame(PING, b"?").repeat(2_000))).await;
    let net = Net::new(&loopback_settings()).unwrap();
    let mut wire = net.dial(dial(&site.url("/").replacen("http", "ws", 1))).await.unwrap();
    let now = Instant::now();
    assert_eq!(wire.next(now + Duration::from_millis(20)).await.unwrap(), Heard::Nothing);
    let error = wire.next(now + Duration::from_secs(60)).await.unwrap_err();
    assert!(matches!(error, NetError::Silent { .. }), "{error}");
    let patient = Dial { pong_is_life: true, ..dial(&site.url("/").replacen("http", "ws", 1)) };
    let mut wire = net.dial(patient).await.unwrap();
    let now = Instant::now();
    assert_eq!(wire.next(now + Duration::from_millis(400)).await.unwrap(), Heard::Nothing, "it lives");
}

#[tokio::test]
async fn answers_that_begin_no_wire_are_told() {
    check_answer(
        answer("302 Found", "location: ws://127.0.0.1:1/\r\n", b""),
        expect!["`127.0.0.1` answered 302 where a stream was asked for"],
    )
    .await;
    check_answer(
        answer("200 OK", "content-type: text/html\r\n", b"<html>"),
        expect!["`127.0.0.1` answered 200 where a stream was asked for"],
    )
    .await;
    check_answer(answer("403 Forbidden", "", b"{}"), expect!["`127.0.0.1` answered 403 where a stream was asked for"])
        .await;
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
    let wrong = format!("{head}sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    check_answer(Act::Hang(wrong.into_bytes()), expect!["the answer of `127.0.0.1` broke off or cannot be understood"])
        .await;
    check_answer(
        Act::Hang(format!("{head}\r\n").into_bytes()),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood"],
    )
    .await;
    check_answer(
        Act::Say(b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec()),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood"],
    )
    .await;
    check_answer(
        Act::Say(b"no HTTP at all\r\n\r\n".to_vec()),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood"],
    )
    .await;
    check_answer(Act::Say(Vec::new()), expect!["the answer of `127.0.0.1` broke off or cannot be understood"]).await;
    check_answer(Act::Hang(Vec::new()), expect!["`127.0.0.1` took longer than 0.4 s"]).await;
    check_answer(
        Act::Flood(b"HTTP/1.1 101 ".to_vec(), b'x'),
        expect!["the answer of `127.0.0.1` broke off or cannot be understood"],
    )
    .await;
}

#[tokio::test]
async fn a_wire_needs_a_certificate_for_its_name() {
    let (port, pem) = site_with_tls().await;
    let names = || Known::names(&[("shop.example", &["127.0.0.1"]), ("other.example", &["127.0.0.1"])]);
    let at = |host: &str| dial(&format!("wss://{host}:{port}/"));
    let net = Net::with_lookup(&loopback_settings(), names()).unwrap();
    assert!(matches!(net.dial(at("shop.example")).await, Err(NetError::Connect { .. })), "nobody vouches for it");
    let net = Net::with_lookup(&trusting(&pem), names()).unwrap();
    assert!(matches!(net.dial(at("other.example")).await, Err(NetError::Connect { .. })), "for its name only");
    assert!(matches!(net.dial(at("shop.example")).await, Err(NetError::NoUpgrade { status: 200, .. })));
    // No TLS where it was to be, and none that comes to an end.
    let plain = Site::start(|_| answer("200 OK", "", b"")).await;
    let url = format!("wss://shop.example:{}/", plain.address.port());
    assert!(matches!(net.dial(dial(&url)).await, Err(NetError::Connect { .. } | NetError::Late { .. })));
}

/// A proxy that answers `CONNECT` with `answer`, and is the host behind it as well.
async fn proxy(answer: &'static [u8]) -> (u16, tokio::task::JoinHandle<String>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heads = String::new();
        for turn in 0..2 {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { return heads };
                head.push(byte);
            }
            let head = String::from_utf8(head).unwrap();
            let said = match turn {
                0 => answer.to_vec(),
                _ => [upgraded(&head), frame(TEXT, b"through"), frame(CLOSE, b"")].concat(),
            };
            let _ = stream.write_all(&said).await;
            heads.push_str(&head);
        }
        let _ = stream.read_u8().await;
        heads
    });
    (port, serving)
}

#[tokio::test]
async fn a_wire_goes_through_a_proxy() {
    let (port, serving) = proxy(b"HTTP/1.1 200 Connected\r\n\r\n").await;
    assert_eq!(heard(&proxied(port, &[]), dial("ws://news.example/")).await, "through\nclosed: ");
    let heads = serving.await.unwrap();
    assert!(heads.starts_with("CONNECT news.example:80 HTTP/1.1\r\nHost: news.example:80\r\n"), "{heads}");
    assert_eq!(heads.matches("Proxy-Authorization: Basic bGlzdGVuOmh1bnRlcjI=\r\n").count(), 1, "not to the host");
}

#[tokio::test]
async fn a_proxy_that_leads_nowhere_is_told() {
    let refused = "`news.example` could not be reached through the proxy `proxy.example`; \
                   check `proxy` and its login in `[fetch]`";
    let endless: &'static [u8] = vec![b'x'; 20_000].leak();
    for answer in [b"HTTP/1.1 407 No\r\n\r\n", &b"<html>\r\n\r\n"[..], endless] {
        let (port, _serving) = proxy(answer).await;
        assert_eq!(heard(&proxied(port, &[]), dial("ws://news.example/")).await, refused);
    }
    let (port, _serving) = proxy(b"HTTP/1.1 200 Conn").await;
    assert_eq!(heard(&proxied(port, &[]), dial("ws://news.example/")).await, "`news.example` took longer than 0.4 s");
    let (port, _serving) = proxy(b"HTTP/1.1 200 Connected\r\n\r\n").await;
    let net = proxied(port, &[("inside.example", &["10.0.0.1"])]);
    assert!(matches!(net.dial(dial("ws://inside.example/")).await, Err(NetError::Refused { .. })));
}
