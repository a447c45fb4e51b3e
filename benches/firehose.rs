//! A firehose from loopback: events a second, memory, and whether anything is lost over forced reconnects.
//!
//! `scripts/firehose` runs it. The server is a process of its own and makes each event when it is sent, so that the
//! figures are those of the listener.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    missing_docs,
    reason = "a measurement may panic, and prints"
)]

use porterhouse::app::House;
use porterhouse::config;
use porterhouse::model::{Dictionary, SourceName, SourceSpec, SourceState, StreamSpec};
use porterhouse::pipeline::{Clock, Rhythm, Terminal, keep_listening};
use porterhouse::store::Store;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use zstd::bulk::Compressor;

const BEGIN_US: u64 = 1_772_816_400_000_000;
/// Between two events: 2,000 a second, the most that the network has seen.
const STEP_US: u64 = 500;
/// One post in so many names a brand.
const NAMED: u64 = 997;
const BRANDS: u64 = 100;
/// Memory is noted each time that so many more events were heard.
const ROW: u64 = 250_000;
/// The page cache of the store (`cache_size` in `src/store/schema.rs`): memory that the database fills as it grows, up to
/// this and no further.
const PAGE_CACHE_KB: u64 = 16 << 10;
/// What memory may grow by over the last three quarters, beyond that cache, and still be called flat: less than two
/// bytes an event, and what an allocator breathes.
const FLAT_KB: u64 = 4 << 10;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Messages are packed with a dictionary.
fn is_packed() -> bool {
    number("FIREHOSE_COMPRESS", 0) > 0
}

/// A dictionary as a server would publish: what messages have in common, of events that come up much later.
fn dictionary() -> Vec<u8> {
    let mut all = String::new();
    (0..400).for_each(|n| event(900_000_007 + n * 31, &mut all));
    all.into_bytes()
}

fn main() {
    if std::env::var_os("FIREHOSE_SERVE").is_some() {
        serve();
    } else {
        listen();
    }
}

/// Words of posts: everyday ones, so that the glance has something to fold.
const WORDS: [&str; 12] = [
    "I really can't believe that this happened again today, and nobody said a word about it 😅",
    "Heute Morgen war der Zug schon wieder voll, aber immerhin gab es Kaffee und schönes Wetter.",
    "Does anybody know a good place for breakfast around here? Asking for a friend who is hungry.",
    "今日はとても天気がいいので、散歩に行きました。",
    "Bom dia! Mais um dia de trabalho, força para todos nós.",
    "New blog post: ten things that I learned from writing software for old machines, with pictures.",
    "lol",
    "Good morning everyone ☀️",
    "La verdad es que no esperaba que la película fuera tan larga, pero me gustó mucho.",
    "@somebody.example you were right about the garden, the tomatoes are finally turning red!",
    "Breaking: the council voted tonight on the new bridge; the result was closer than expected.",
    "i just think that cats should be allowed to vote. that is the whole post. thank you for listening",
];

fn event(n: u64, out: &mut String) {
    let time = BEGIN_US + n * STEP_US;
    let words = WORDS[(n % 12) as usize];
    let (did, rkey) = (n.wrapping_mul(0x9E37_79B9_7F4A_7C15), n);
    let name = if n.is_multiple_of(NAMED) {
        format!(" I was at Brandhaus{} today.", n / NAMED % BRANDS)
    } else {
        String::new()
    };
    let _ = write!(
        out,
        r#"{{"did":"did:plc:{did:024x}","time_us":{time},"kind":"commit","commit":{{"rev":"{n:013}","operation":"#
    );
    if n % 10 == 7 {
        let _ = write!(out, r#""delete","collection":"app.bsky.feed.post","rkey":"x{rkey:012}"}}}}"#);
        return;
    }
    let _ = write!(
        out,
        r#""create","collection":"app.bsky.feed.post","rkey":"x{rkey:012}","record":{{"$type":"app.bsky.feed.post","createdAt":"2026-03-06T16:59:00.000Z","langs":["en"],"#
    );
    if n.is_multiple_of(3) {
        let _ = write!(
            out,
            r#""reply":{{"parent":{{"cid":"bafyreiainko5un5pbcdosvxpbisjnjzemojnry6nsgtdftdgslbu37kxai","uri":"at://did:plc:j76trmiofvaxxpvx2vnb2vwf/app.bsky.feed.post/3mmojbrjwbs26"}},"root":{{"cid":"bafyreiainko5un5pbcdosvxpbisjnjzemojnry6nsgtdftdgslbu37kxai","uri":"at://did:plc:j76trmiofvaxxpvx2vnb2vwf/app.bsky.feed.post/3mmojbrjwbs26"}}}},"#
        );
    }
    if n.is_multiple_of(4) {
        let _ = write!(
            out,
            r#""embed":{{"$type":"app.bsky.embed.images","images":[{{"alt":"A picture of a garden number {n}","aspectRatio":{{"height":1280,"width":960}},"image":{{"$type":"blob","ref":{{"$link":"bafkreic3cp5ky525vsukjvrzxsc2h3jka2gud74l2hgeatw2rhj2qycnmq"}},"mimeType":"image/jpeg","size":474482}}}}]}},"#
        );
    }
    let _ = write!(
        out,
        r#""text":"{words}{name} \n{n}"}},"cid":"bafyreicl7rzkxdrm4zz2ehbx52kuk3mvfow6p3gzfys72r5grvskxoswy4"}}}}"#
    );
}

/// Speaks the legacy wire from the cursor on; cuts the line so often, evenly spread.
fn serve() {
    let (n_events, n_cuts) = (number("FIREHOSE_EVENTS", 1_000_000), number("FIREHOSE_CUTS", 20));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let mut cut = 0;
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let head = head_of(&mut stream);
        let path = head.split(' ').nth(1).unwrap_or_default();
        if path.starts_with("/xrpc/") {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            continue;
        }
        let cursor = path.split("cursor=").nth(1).and_then(|rest| rest.parse::<u64>().ok()).unwrap_or(0);
        let key = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim().to_owned())
        });
        let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.unwrap_or_default().as_bytes());
        let _ = write!(
            stream,
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
        );
        cut += 1;
        let to = if cut <= n_cuts { n_events * cut / (n_cuts + 1) } else { n_events };
        let (mut chunk, mut text) = (Vec::with_capacity(256 << 10), String::new());
        let mut packer = path.contains("compress=true").then(|| Compressor::with_dictionary(1, &dictionary()).unwrap());
        let from = cursor.saturating_sub(BEGIN_US).div_ceil(STEP_US);
        let mut is_open = true;
        for n in from..to {
            text.clear();
            event(n, &mut text);
            match &mut packer {
                None => frame(&mut chunk, 0x81, text.as_bytes()),
                Some(packer) => frame(&mut chunk, 0x82, &packer.compress(text.as_bytes()).unwrap()),
            }
            if chunk.len() > 200 << 10 {
                is_open = stream.write_all(&chunk).is_ok();
                chunk.clear();
                if !is_open {
                    break;
                }
            }
        }
        let _ = stream.write_all(&chunk);
        if is_open && cut > n_cuts {
            // The last one stays, until the listener has heard all and goes.
            let _ = stream.read(&mut [0; 1024]);
        }
    }
}

fn frame(chunk: &mut Vec<u8>, kind: u8, message: &[u8]) {
    chunk.push(kind);
    match message.len() {
        len @ 0..=125 => chunk.push(len as u8),
        len => {
            chunk.push(126);
            chunk.extend_from_slice(&(len as u16).to_be_bytes());
        }
    }
    chunk.extend_from_slice(message);
}

fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

fn listen() {
    let n_events = number("FIREHOSE_EVENTS", 1_000_000);
    let mut server = Command::new(std::env::current_exe().unwrap())
        .env("FIREHOSE_SERVE", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut sources = String::new();
    for n in 0..BRANDS {
        let _ = write!(
            sources,
            "[[brand]]\nid = \"b{n}\"\nname = \"Brandhaus{n}\"\naliases = [\"Brandhaus {n} GmbH\"]\nhandles = [\"@brandhaus{n}.example\"]\n"
        );
    }
    std::fs::write(folder.path().join("sources.toml"), sources).unwrap();
    let settings = "[fetch]\ncontact = \"https://example.com\"\nallow_networks = [\"127.0.0.0/8\"]\n";
    std::fs::write(folder.path().join("porterhouse.toml"), settings).unwrap();
    let clock: Clock = Arc::new(|| "2026-03-06T17:00:00Z".parse().unwrap());
    let terminal = Terminal::new(Box::new(std::io::sink()));
    let config = config::load(folder.path()).unwrap();
    let house = House::open_at(&folder.path().join("data"), config, terminal, clock).unwrap();
    let mut spec = SourceSpec::new(SourceName::new("sky"), "bluesky", "http://127.0.0.1/");
    let host = format!("ws://127.0.0.1:{}", port.trim());
    let dictionary = is_packed().then(|| Dictionary(dictionary().into()));
    let profiles = Some(host.replacen("ws", "http", 1));
    spec.stream = StreamSpec { hosts: vec![host], dictionary, profiles, ..StreamSpec::default() };
    let last = BEGIN_US + (n_events - 1) * STEP_US;
    let rhythm = Rhythm { pause: Duration::from_millis(10), ..Rhythm::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let before = Instant::now();
    let cpu_before = cpu_seconds();
    let database = folder.path().join("data").join("porterhouse.db");
    let rows = std::sync::Mutex::new(Vec::<Row>::new());
    runtime.block_on(async {
        let (done, is_done) = tokio::sync::oneshot::channel();
        let done = std::sync::Mutex::new(Some(done));
        let tell = |state: &SourceState, _| {
            let at = state.cursor.0["time_us"].as_u64().unwrap_or(0);
            let n_heard = at.saturating_sub(BEGIN_US) / STEP_US + 1;
            let mut rows = rows.lock().unwrap();
            if at > 0 && rows.last().map_or(0, |row| row.n_heard) / ROW < n_heard / ROW || at >= last {
                rows.push(Row { n_heard, memory_kb: memory_kb("VmRSS:"), database_kb: database_kb(&database) });
            }
            if at >= last
                && let Some(done) = done.lock().unwrap().take()
            {
                let _ = done.send(());
            }
        };
        tokio::select! {
            ended = keep_listening(&house.parts, &spec, &rhythm, &tell) => panic!("{ended:?}"),
            _ = is_done => {}
        }
    });
    let (wall, cpu) = (before.elapsed().as_secs_f64(), cpu_seconds() - cpu_before);
    let store = Store::open_read_only(&folder.path().join("data")).unwrap();
    let kept = runtime.block_on(store.kept_in("bluesky".to_owned())).unwrap().len() as u64;
    let expected = (0..n_events).filter(|n| n % NAMED == 0 && n % 10 != 7).count() as u64;
    let _ = server.kill();
    let _ = server.wait();
    // Behind each cut five seconds are heard again.
    let heard = n_events + number("FIREHOSE_CUTS", 20) * 5_000_000 / STEP_US;
    let wire = if is_packed() { "packed with a dictionary" } else { "plain" };
    println!("events: {n_events} {wire}, heard with repeats: {heard}, cuts: {}", number("FIREHOSE_CUTS", 20));
    println!("processor time: {cpu:.1} s, {:.0} events a second of one core", heard as f64 / cpu);
    println!("wall time: {wall:.1} s, {:.0} events a second", heard as f64 / wall);
    tell_memory(&rows.into_inner().unwrap(), n_events);
    println!("kept: {kept} of {expected}");
    assert_eq!(kept, expected, "something was lost or came twice");
}

/// What was noted at some point.
struct Row {
    n_heard: u64,
    memory_kb: u64,
    database_kb: u64,
}

/// Prints the memory by events, and whether it stayed flat: the most of the last three quarters against the first of
/// them, which holds all that is needed once.
fn tell_memory(rows: &[Row], n_events: u64) {
    println!("{:>12}  {:>9}  {:>11}", "events", "memory KB", "database KB");
    for Row { n_heard, memory_kb, database_kb } in rows {
        println!("{n_heard:>12}  {memory_kb:>9}  {database_kb:>11}");
    }
    let cached = |row: &Row| row.database_kb.min(PAGE_CACHE_KB);
    let late: Vec<&Row> = rows.iter().filter(|row| row.n_heard * 4 >= n_events).collect();
    let Some(first) = late.first() else { return };
    let own = |row: &Row| row.memory_kb.saturating_sub(cached(row) - cached(first));
    let growth = late.iter().map(|row| own(row)).max().unwrap_or(0).saturating_sub(first.memory_kb);
    let cache = late.iter().map(|row| cached(row)).max().unwrap_or(0) - cached(first);
    let verdict = if growth <= FLAT_KB { "flat" } else { "NOT FLAT" };
    println!(
        "memory: {verdict}: over the last three quarters {growth} KB more (at most {FLAT_KB}), beside {cache} KB of the \
         database's page cache; {} KB at most",
        memory_kb("VmHWM:")
    );
}

/// The size of the database with what is still in its log.
fn database_kb(path: &std::path::Path) -> u64 {
    let pages = || {
        let connection = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let one = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
        Ok::<_, rusqlite::Error>(one("PRAGMA page_count")? * one("PRAGMA page_size")?)
    };
    pages().map_or(0, |bytes| bytes as u64 >> 10)
}

fn memory_kb(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    line.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// What this process took of the processors, in hundredths of a second as the system counts.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields.get(11..13).unwrap_or_default().iter().filter_map(|text| text.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}
