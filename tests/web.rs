//! The listener of a running service: what it answers, what is posted to it, the links in its mails, and who attacks it.

use crate::support::{Dice, Service, TestHouse, Victim};
use porterhouse::model::{Change, Look};
use ring::hmac;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const SECRET: &str = "correct horse battery staple";

/// What a guest would say, as a sender posts it.
fn wish(id: &str) -> String {
    format!(
        "{{\"id\": \"{id}\", \"text\": \"Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? {id}\"}}"
    )
}

async fn house() -> TestHouse {
    let house = TestHouse::new().await;
    house.write("shop.secret", SECRET);
    house.append(
        "sources.toml",
        "\n[[source]]\nid = \"shop\"\nengine = \"webhook\"\nsecret = { file = \"shop.secret\" }\n\
         \n[[source]]\nid = \"mapped\"\nengine = \"webhook\"\nsecret = { file = \"shop.secret\" }\n\
         [source.map]\nitems = \"data\"\nid = \"uuid\"\ntext = \"body.plain\"\n",
    );
    house.append(
        "porterhouse.toml",
        "\n[web]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://listen.example\"\n[digest]\nchannel = \"team\"\n",
    );
    house.mail_alerts();
    house
}

/// A running service and where it answers.
struct Running {
    service: Service,
    address: String,
}

impl Running {
    fn start(house: &TestHouse) -> Self {
        let mut service = Service::start(&house.config_folder(), &house.data_folder(), &["-v", "run"]);
        let said = service.wait_for("answering at http://");
        let line = said.last().expect("the line").clone();
        let address = line.split("http://").nth(1).expect("an address");
        let address = address.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
        Self { service, address }
    }

    /// Sends raw bytes and reads until the end; empty where the door was shut.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        // It may have heard enough before the end.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        let answer = self.raw(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
        (status(&answer), answer)
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask("GET", path, &[], "")
    }

    fn post(&self, name: &str, body: &str) -> u16 {
        self.ask("POST", &format!("/in/{name}"), &[("authorization", &format!("Bearer {SECRET}"))], body).0
    }

    fn stop(mut self) {
        self.service.signal("TERM");
        let asked = Instant::now();
        assert!(self.service.ended(|_| {}).success());
        assert!(asked.elapsed() < Duration::from_secs(5));
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn signed(time: i64, body: &str) -> [(&'static str, String); 2] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), format!("{time}.{body}").as_bytes());
    let hex = tag.as_ref().iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"));
    [("x-timestamp", time.to_string()), ("x-signature", hex)]
}

async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(act).await.expect("it ran")
}

/// The kept items of a source by id, once there are `n`.
async fn kept(house: &TestHouse, n: usize) -> Vec<String> {
    let store = porterhouse::store::Store::open_read_only(&house.data_folder()).expect("a database");
    for _ in 0..600 {
        let cards = store.mentions(Look::newest(100)).await.expect("readable");
        let waiting = store.inbox_state().await.expect("readable").n_waiting;
        if cards.len() >= n && waiting == 0 {
            let mut ids: Vec<String> = cards.into_iter().map(|card| card.item.key.id).collect();
            ids.sort();
            return ids;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{n} items were not kept")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_how_it_goes_and_nothing_else() {
    let house = house().await;
    blocking(move || {
        let mut running = Running::start(&house);
        running.service.wait_for("listening");
        assert_eq!(running.get("/healthz").0, 200);
        let until = Instant::now() + Duration::from_secs(20);
        while running.get("/readyz").0 != 200 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let (ready, text) = running.get("/readyz");
        assert_eq!(ready, 200, "{text}");
        assert!(text.contains("store: ok\nsources: being read\nchannels: ok\n"), "{text}");
        let (told, metrics) = running.get("/metrics");
        assert_eq!(told, 200);
        for name in
            ["porterhouse_items_seen_total 0", "porterhouse_inbox_waiting 0", "porterhouse_trouble{part=\"channel\"} 0"]
        {
            assert!(metrics.contains(name), "{name}\n{metrics}");
        }
        assert!(!metrics.to_lowercase().contains("morton"), "no names");
        for (path, status) in
            [("/", 404), ("/in/other", 404), ("/../etc/passwd", 404), ("/in/../metrics", 404), ("/%2e%2e/metrics", 404)]
        {
            assert_eq!(running.get(path).0, status, "{path}");
        }
        let (refused, answer) = running.ask("DELETE", "/healthz", &[], "");
        assert_eq!(refused, 405);
        assert!(answer.contains("allow: GET, HEAD\r\n"), "{answer}");
        assert!(
            answer.contains("content-security-policy: default-src 'none'") && answer.contains("nosniff"),
            "{answer}"
        );
        assert!(!answer.contains("access-control"), "{answer}");
        assert_eq!(running.get("/in/shop").0, 405);
        // Through the public address, or a proxy, figures are not told.
        for headers in [("host", "listen.example"), ("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=x")] {
            assert_eq!(running.ask("GET", "/metrics", &[headers], "").0, 404, "{headers:?}");
        }
        assert_eq!(running.ask("GET", "/healthz", &[("host", "listen.example")], "").0, 200);
        assert_eq!(running.ask("GET", "/healthz", &[("host", "evil.example")], "").0, 421);
        running.stop();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_posted_becomes_an_opportunity_once() {
    let house = house().await;
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        assert_eq!(running.post("shop", &wish("w1")), 202);
        assert_eq!(running.post("shop", &wish("w1")), 202, "again, and nothing comes of it");
        assert_eq!(running.post("shop", &format!("[{}, {}]", wish("w1"), wish("w2"))), 202);
        assert_eq!(
            running.post(
                "mapped",
                "{\"data\": [{\"uuid\": \"m1\", \"body\": {\"plain\": \"I love Morton's in Hackensack\"}}]}"
            ),
            202
        );
        let now = porterhouse::app::now().as_second();
        let body = wish("w3");
        let [time, signature] = signed(now, &body);
        let headers = [(time.0, time.1.as_str()), (signature.0, signature.1.as_str())];
        assert_eq!(running.ask("POST", "/in/shop", &headers, &body).0, 202);
        assert_eq!(running.ask("POST", "/in/shop", &headers, &wish("forged")).0, 401);
        let [time, signature] = signed(now - 400, &body);
        assert_eq!(
            running.ask("POST", "/in/shop", &[(time.0, &time.1), (signature.0, &signature.1)], &body).0,
            401,
            "a replay"
        );
        assert_eq!(running.ask("POST", "/in/shop", &[], &body).0, 401);
        assert_eq!(running.ask("POST", "/in/shop", &[("x-webhook-secret", "correct horse")], &body).0, 401);
        assert_eq!(running.post("shop", "<html>no JSON"), 202, "taken in, and refused later");
        running
    })
    .await;
    assert_eq!(kept(&house, 4).await, ["m1", "w1", "w2", "w3"]);
    let store = porterhouse::store::Store::open_read_only(&house.data_folder()).expect("a database");
    let refused = store.refused(10).await.expect("readable");
    assert_eq!((refused.len(), refused[0].body.as_slice()), (1, b"<html>no JSON".as_slice()));
    assert!(refused[0].trouble.contains("broken JSON"), "{}", refused[0].trouble);
    let mails = house.mail.wait_for(4).await;
    assert!(mails.iter().any(|mail| String::from_utf8_lossy(&mail.data).contains("w1")));
    blocking(move || running.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_attacks_it_gets_nothing_and_breaks_nothing() {
    let house = house().await;
    blocking(move || {
        let running = Running::start(&house);
        let host = running.address.clone();
        let bearer = format!("authorization: Bearer {SECRET}");
        let many = "x: y\r\n".repeat(500);
        let long = "a".repeat(100_000);
        for (attack, wanted) in [
            // What stands behind the first request is never read.
            (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\nGET /metrics HTTP/1.1\r\nhost: {host}\r\n\r\n"), 200),
            (format!("POST /in/shop HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"), 400),
            (format!("POST /in/shop HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\n{{}}  "), 400),
            (format!("POST /in/shop HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\ncontent-length: 99999999\r\n\r\n"), 413),
            (format!("POST /in/shop HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\ncontent-length: -1\r\n\r\n"), 400),
            (format!("POST /in/shop HTTP/1.1\r\nhost: {host}\r\n{bearer}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"), 400),
            (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nhost: evil.example\r\n\r\n"), 400),
            ("GET /healthz HTTP/1.1\r\n\r\n".to_owned(), 400),
            (format!("GET http://evil.example/healthz HTTP/1.1\r\nhost: {host}\r\n\r\n"), 421),
            (format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\n{many}\r\n"), 431),
            (format!("GET /{long} HTTP/1.1\r\nhost: {host}\r\n\r\n"), 0),
            (format!("CONNECT evil.example:443 HTTP/1.1\r\nhost: {host}\r\n\r\n"), 0),
            ("\u{0}\u{1}\u{2} nonsense\r\n\r\n".to_owned(), 400),
        ] {
            let answer = running.raw(attack.as_bytes());
            let shown = attack.chars().take(120).collect::<String>();
            let got = status(&answer);
            assert!(if wanted == 0 { (400..500).contains(&got) || got == 0 } else { got == wanted }, "{shown}\n{answer}");
            assert!(!answer.contains("porterhouse_items"), "{shown}\n{answer}");
        }
        assert_eq!(running.ask("POST", "/in/shop", &[("x-webhook-secret", SECRET)], &" ".repeat((1 << 20) + 1)).0, 413);
        let (mut dice, _) = Dice::thrown(9);
        for _ in 0..200 {
            let mut bytes: Vec<u8> = (0..64).map(|_| u8::try_from(dice.below(256)).expect("a byte")).collect();
            bytes.extend_from_slice(b"\r\n\r\n");
            running.raw(&bytes);
        }
        // Slow ones hold their places for five seconds at most, and only their own.
        let slow: Vec<TcpStream> = (0..30).map(|_| connect(&running.address).expect("it listens")).collect();
        assert_eq!(running.get("/healthz").0, 200);
        drop(slow);
        running.stop();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_a_mail_asks_first_and_acts_once() {
    let house = house().await;
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        assert_eq!(running.post("shop", &wish("w1")), 202);
        running
    })
    .await;
    // The digest of the day comes as well.
    let mails = house.mail.wait_for(2).await;
    let is_alert = |mail: &mail_parser::Message<'_>| mail.body_html(0).is_some_and(|html| html.contains("/a/done/"));
    let mut parsed = mails.iter().filter_map(|mail| mail_parser::MessageParser::default().parse(&mail.data));
    let parsed = parsed.find(is_alert).expect("an alert");
    let text = parsed.body_text(0).expect("a text").into_owned();
    let html = parsed.body_html(0).expect("an HTML part").into_owned();
    let links: Vec<String> = html
        .split("https://listen.example")
        .skip(1)
        .map(|rest| rest.split(['"', '<', ' ']).next().expect("a path").replace("&amp;", "&"))
        .collect();
    let of = |act: &str| {
        links.iter().find(|path| path.starts_with(&format!("/a/{act}/"))).unwrap_or_else(|| panic!("{text}")).clone()
    };
    let (done, other) = (of("done"), of("other-brand"));
    let running = blocking(move || {
        for _ in 0..3 {
            let (status, page) = running.get(&done);
            assert_eq!(status, 200);
            assert!(page.contains("<form method=\"post\"><button>Somebody acted on it"), "{page}");
            assert!(!page.contains("<script"), "{page}");
        }
        assert_eq!(running.ask("HEAD", &done, &[], "").0, 200);
        let (status, page) = running.ask("POST", &done, &[], "");
        assert!(status == 200 && page.contains("It is noted."), "{page}");
        let (status, page) = running.ask("POST", &done, &[], "");
        assert!(status == 200 && page.contains("That was noted before."), "{page}");
        assert!(running.get(&done).1.contains("That was noted before."));
        let tampered = other.replace("/other-brand/", "/dismiss/");
        let longer = done.replace("/mortons/", "/mortons/9");
        for path in [tampered.as_str(), &longer, "/a/done/1/mortons/1/x", "/a/", "/a/done", "/u/digest/x/y"] {
            assert_eq!(running.ask("POST", path, &[], "").0, 404, "{path}");
        }
        running
    })
    .await;
    let store = porterhouse::store::Store::open_read_only(&house.data_folder()).expect("a database");
    let said = store.corrections().await.expect("readable");
    assert_eq!(
        said.iter().map(|said| (said.change.clone(), said.who.as_str())).collect::<Vec<_>>(),
        [(Change::Done(true), "link in a mail")]
    );
    blocking(move || running.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_the_digest_for_one_recipient_until_they_come_back() {
    let house = house().await;
    let data = house.data_folder();
    let sent = |house: &TestHouse| {
        let (config, data) = (house.config_folder(), house.data_folder());
        blocking(move || {
            let mut command = assert_cmd::Command::cargo_bin("porterhouse").expect("built");
            let output = command
                .arg("--config")
                .arg(&config)
                .arg("--data")
                .arg(&data)
                .args(["digest", "--send", "--again"])
                .output();
            let output = output.expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        })
    };
    sent(&house).await;
    let mails = house.mail.wait_for(1).await;
    let mail = String::from_utf8_lossy(&mails[0].data).replace("\r\n ", " ");
    assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{mail}");
    let url = mail
        .split("List-Unsubscribe:")
        .nth(1)
        .and_then(|rest| rest.split('<').nth(1)?.split('>').next())
        .expect("a link");
    let path = url.strip_prefix("https://listen.example").expect("ours").to_owned();
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        assert!(running.get(&path).1.contains("<button>Unsubscribe"), "looking changes nothing");
        assert!(running.get(&path).1.contains("<button>Unsubscribe"), "looking changes nothing");
        let form = [("content-type", "application/x-www-form-urlencoded"), ("host", "listen.example")];
        assert_eq!(running.ask("POST", &path, &form, "List-Unsubscribe=One-Click").0, 200);
        assert_eq!(running.ask("POST", &path, &form, "List-Unsubscribe=One-Click").0, 200);
        running
    })
    .await;
    blocking(move || running.stop()).await;
    sent(&house).await;
    assert_eq!(house.mail.n_received(), 1, "none is sent to who left");
    let (config, folder) = (house.config_folder(), data.clone());
    let back = blocking(move || {
        let mut command = assert_cmd::Command::cargo_bin("porterhouse").expect("built");
        let output = command
            .arg("--config")
            .arg(&config)
            .arg("--data")
            .arg(&folder)
            .args(["digest", "--put-back", "guests@example.com"])
            .output();
        String::from_utf8_lossy(&output.expect("it runs").stdout).into_owned()
    })
    .await;
    assert_eq!(back, "guests@example.com gets the digest again\n");
    sent(&house).await;
    assert_eq!(house.mail.wait_for(2).await.len(), 2);
}

/// The paths of the links in a mail.
fn paths_in(mail: &[u8]) -> Vec<String> {
    let parsed = mail_parser::MessageParser::default().parse(mail).expect("a mail");
    let html = parsed.body_html(0).expect("an HTML part").into_owned();
    let links = html.split("https://listen.example").skip(1);
    links.map(|rest| rest.split(['"', '<', ' ']).next().expect("a path").replace("&amp;", "&")).collect()
}

/// The mails about posts among all that came, once there are `n`.
async fn alerts(house: &TestHouse, n: usize) -> Vec<String> {
    for _ in 0..600 {
        let mails = house.mail.received();
        let about = |mail: &Vec<u8>| {
            String::from_utf8_lossy(mail).contains("X-Porterhouse-Alert-Id")
                && paths_in(mail).iter().any(|path| path.starts_with("/a/"))
        };
        let found: Vec<String> = mails
            .iter()
            .map(|mail| mail.data.clone())
            .filter(about)
            .map(|mail| String::from_utf8_lossy(&mail).into_owned())
            .collect();
        if found.len() >= n {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{n} alerts did not come")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_put_off_comes_again_once_and_never_too_late() {
    let house = house().await;
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        let question = "{\"id\": \"q1\", \"text\": \"Does anybody know whether Morton's has a vegan menu? Asking for a friend who would love to come with us.\"}";
        assert_eq!(running.post("shop", question), 202);
        running
    })
    .await;
    let mail = alerts(&house, 1).await.remove(0);
    let paths = paths_in(mail.as_bytes());
    let of = |act: &str| paths.iter().find(|path| path.starts_with(&format!("/a/{act}/"))).cloned();
    let (hour, tomorrow, done) =
        (of("in-an-hour").expect("offered"), of("tomorrow").expect("offered"), of("done").expect("offered"));
    let running = blocking({
        let (hour, tomorrow) = (hour.clone(), tomorrow.clone());
        move || {
            for _ in 0..2 {
                let (status, page) = running.get(&hour);
                assert!(status == 200 && page.contains("<button>Remind me in an hour"), "{page}");
            }
            let (status, page) = running.ask("POST", &hour, &[], "");
            assert!(status == 200 && page.contains("The card comes again: "), "{page}");
            assert!(running.ask("POST", &hour, &[], "").1.contains("That was noted before."));
            assert!(running.get(&hour).1.contains("That was noted before."));
            let (status, page) = running.ask("POST", &tomorrow, &[], "");
            assert!(status == 200 && page.contains("tomorrow, "), "{page}");
            assert_eq!(running.ask("POST", &hour.replace("/in-an-hour/", "/tomorrow/"), &[], "").0, 404);
            running
        }
    })
    .await;
    // The later wish stands; its time is brought near by hand.
    let connection = rusqlite::Connection::open(house.data_folder().join("porterhouse.db")).expect("a database");
    let waiting: i64 = connection
        .query_row("SELECT count(*) FROM snoozes WHERE over_at IS NULL", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(waiting, 1);
    connection.execute("UPDATE snoozes SET due_at = 0 WHERE over_at IS NULL", []).expect("brought near");
    let again = alerts(&house, 2).await.remove(1);
    assert!(again.contains("Subject: Again: "), "{again}");
    let id = |mail: &str| mail.split("Message-ID: <").nth(1).map(|rest| rest[..20].to_owned());
    assert_ne!(id(&again), id(&mail), "a message of its own");
    // Acted on meanwhile, it does not come a third time.
    let later =
        paths_in(again.as_bytes()).into_iter().find(|path| path.starts_with("/a/in-an-hour/")).expect("offered");
    let running = blocking(move || {
        assert_eq!(running.ask("POST", &later, &[], "").0, 200);
        assert_eq!(running.ask("POST", &done, &[], "").0, 200);
        running
    })
    .await;
    connection.execute("UPDATE snoozes SET due_at = 0 WHERE over_at IS NULL", []).expect("brought near");
    let is_over = || {
        let left: i64 = connection
            .query_row("SELECT count(*) FROM snoozes WHERE over_at IS NULL", [], |row| row.get(0))
            .expect("counted");
        left == 0
    };
    for _ in 0..200 {
        if is_over() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(is_over());
    assert_eq!(alerts(&house, 2).await.len(), 2);
    blocking(move || running.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_alerts_gets_none_until_they_come_back() {
    let house = house().await;
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("read");
    house.write(
        "porterhouse.toml",
        &settings.replace("to = [\"guests@example.com\"]", "to = [\"guests@example.com\", \"team@example.com\"]"),
    );
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        assert_eq!(running.post("shop", &wish("w1")), 202);
        running
    })
    .await;
    let mails = alerts(&house, 2).await;
    let mail = mails.iter().find(|mail| mail.contains("To: guests@example.com")).expect("theirs").replace("\r\n ", " ");
    assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{mail}");
    let url = mail.split("List-Unsubscribe: <").nth(1).and_then(|rest| rest.split('>').next()).expect("a link");
    let path = url.strip_prefix("https://listen.example").expect("ours").to_owned();
    assert!(path.starts_with("/u/alerts/") && !path.contains("guests"), "{path}");
    // What is due within two hours is put off by an hour at most.
    let paths = paths_in(mails[0].as_bytes());
    assert!(!paths.iter().any(|path| path.starts_with("/a/tomorrow/")), "{paths:?}");
    let running = blocking(move || {
        let (_, page) = running.get(&path);
        assert!(page.contains("No more alerts about posts to this address?"), "{page}");
        assert_eq!(running.ask("POST", &path, &[], "List-Unsubscribe=One-Click").0, 200);
        assert_eq!(running.ask("POST", &path.replace("/alerts/", "/digest/"), &[], "").0, 404, "one list, one link");
        assert_eq!(running.post("shop", &wish("w2")), 202);
        running
    })
    .await;
    let mails = alerts(&house, 3).await;
    assert!(mails[2].contains("To: team@example.com"), "{}", mails[2]);
    blocking(move || running.stop()).await;
    let n_alerts = alerts(&house, 3).await.len();
    assert_eq!(n_alerts, 3, "and none to who left");
    let (config, data) = (house.config_folder(), house.data_folder());
    let asked = |arguments: &'static [&'static str]| {
        let (config, data) = (config.clone(), data.clone());
        blocking(move || {
            let mut command = assert_cmd::Command::cargo_bin("porterhouse").expect("built");
            let output = command.arg("--config").arg(&config).arg("--data").arg(&data).args(arguments).output();
            String::from_utf8_lossy(&output.expect("it runs").stdout).into_owned()
        })
    };
    let stats = asked(&["stats"]).await;
    assert!(stats.contains("guests@example.com left the alerts"), "{stats}");
    assert_eq!(
        asked(&["digest", "--put-back", "guests@example.com"]).await,
        "guests@example.com gets the alerts again\n"
    );
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    let running = blocking(move || {
        assert_eq!(running.post("shop", &wish("w3")), 202);
        running
    })
    .await;
    assert_eq!(alerts(&house, 5).await.len(), 5);
    blocking(move || running.stop()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_nothing_that_was_acknowledged_and_keep_nothing_twice() {
    let house = house().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("read");
    house.write("porterhouse.toml", &settings.replace("127.0.0.1:0\"", &format!("127.0.0.1:{port}\"")));
    let rounds = crate::support::number("PORTERHOUSE_CRASH_ROUNDS").unwrap_or(3);
    let (mut acknowledged, mut n) = (Vec::new(), 0);
    for round in 0..rounds {
        let victim = Victim::start(&house, &["run"]);
        let until = Instant::now() + Duration::from_millis(400 + 97 * (round % 7));
        let mut sent = Vec::new();
        let mut first = true;
        while Instant::now() < until || first {
            let id = format!("k{n}");
            let answered = blocking({
                let id = id.clone();
                move || post_once(port, &wish(&id))
            })
            .await;
            first &= answered != 202 && victim.age() < Duration::from_secs(20);
            if answered == 202 {
                sent.push(id);
                n += 1;
            }
        }
        victim.kill_when(|_| true).await;
        acknowledged.append(&mut sent);
    }
    assert!(!acknowledged.is_empty());
    let (running, house) = blocking(move || (Running::start(&house), house)).await;
    acknowledged.sort();
    let mut found = kept_all(&house, acknowledged.len()).await;
    found.retain(|id| acknowledged.contains(id));
    assert_eq!(found, acknowledged, "each once");
    blocking(move || running.stop()).await;
}

#[expect(clippy::disallowed_methods, reason = "the test is the one who calls")]
fn connect(address: &str) -> std::io::Result<TcpStream> {
    TcpStream::connect(address)
}

fn post_once(port: u16, body: &str) -> u16 {
    let Ok(mut stream) = connect(&format!("127.0.0.1:{port}")) else { return 0 };
    let head = format!(
        "POST /in/shop HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {SECRET}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    status(&answer)
}

async fn kept_all(house: &TestHouse, n: usize) -> Vec<String> {
    let store = porterhouse::store::Store::open_read_only(&house.data_folder()).expect("a database");
    for _ in 0..600 {
        let cards = store.mentions(Look::newest(n + 1_000)).await.expect("readable");
        if cards.len() >= n && store.inbox_state().await.expect("readable").n_waiting == 0 {
            let mut ids: Vec<String> = cards.into_iter().map(|card| card.item.key.id).collect();
            ids.sort();
            return ids;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{n} items were not kept")
}
