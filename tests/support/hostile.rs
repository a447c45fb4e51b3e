//! A server on loopback that does what no server should: the path says what.
//!
//! Raw TCP, because an HTTP library would refuse to write most of this. Each server has a port of its own and so
//! counts as a host of its own. What it sends without end is made anew piece by piece: it costs no memory.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What ends by itself within a second or so, or is cut off by a bound on bytes.
pub const QUICK: &[&str] = &[
    "/endless",
    "/short",
    "/long",
    "/gzip-then-garbage",
    "/text-as-gzip",
    "/bomb.gz",
    "/bomb.br",
    "/bomb.zst",
    "/loop",
    "/circle/0",
    "/inside/10.0.0.1",
    "/inside/169.254.169.254",
    "/inside/[::1]",
    "/inside/[::ffff:192.168.0.1]",
    "/inside/167772161",
    "/to-file",
    "/endless-headers",
    "/huge-header",
    "/nonsense-chunks",
    "/huge-chunk",
    "/cut-chunks",
    "/reset",
    "/no-http",
    "/html",
    "/image",
    "/empty",
    "/zeros",
    "/entities",
    "/deep-xml/5000",
    "/deep-html/5000",
    "/open-tags/5000",
    "/one-line/100000",
    "/one-item/5000",
    "/many-items/500",
    "/rest-for-ever",
];

/// What costs the most to read within the bounds: nearly 10 MB each, or a bomb of 64 MB.
pub const HEAVY: &[&str] = &[
    "/deep-xml/3000000",
    "/deep-html/850000",
    "/open-tags/800000",
    "/one-line/9900000",
    "/one-item/400000",
    "/many-items/90000",
    "/bomb.br/64",
    "/stall",
];

/// What only a deadline ends.
pub const SLOW: &[&str] =
    &["/drip", "/drip-head", "/silent", "/stall", "/drip-bomb", "/early-hints", "/endless-chunk-line"];

/// What is a feed, and still no good: everything in it is always new.
pub const RESTLESS: &[&str] = &["/new-items", "/new-ids"];

const PIECE_BYTES: usize = 64 << 10;

/// The running server; it ends with the value.
pub struct HostileSite {
    base: String,
    server: JoinHandle<()>,
}

impl HostileSite {
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port of loopback");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let server = tokio::spawn(async move {
            let mut nth = 0;
            while let Ok((stream, _)) = listener.accept().await {
                nth += 1;
                // The other side hangs up: that is what it should do.
                tokio::spawn(async move { drop(serve(stream, nth).await) });
            }
        });
        Self { base, server }
    }

    /// The address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for HostileSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Outcome = std::io::Result<()>;

async fn serve(mut stream: TcpStream, nth: usize) -> Outcome {
    let path = path_of(&mut stream).await?;
    let (name, rest) = path.get(1..).and_then(|path| path.split_once('/')).unwrap_or((path.trim_matches('/'), ""));
    let size = |usual: usize| rest.parse().unwrap_or(usual);
    match name {
        "endless" => {
            stream.write_all(head("content-type: application/rss+xml").as_bytes()).await?;
            stream.write_all(b"<rss version=\"2.0\"><channel><item><description>").await?;
            repeat(&mut stream, &[b'a'; PIECE_BYTES]).await
        }
        "drip" => {
            stream.write_all(head("content-type: application/rss+xml").as_bytes()).await?;
            drip(&mut stream, b"<rss version=\"2.0\"><channel><title>slow</title>".iter().cycle()).await
        }
        "drip-head" => drip(&mut stream, b"HTTP/1.1 200 OK\r\nx: ".iter().chain(std::iter::repeat(&b'y'))).await,
        "silent" => wait(&mut stream).await,
        "late-feed" => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            say(&mut stream, "content-type: text/xml", feed(&items(1)).as_bytes()).await
        }
        "stall" => {
            stream.write_all(head("content-length: 9500000").as_bytes()).await?;
            stream.write_all(&vec![b' '; 9_400_000]).await?;
            wait(&mut stream).await
        }
        "drip-bomb" => {
            let mut bomb = head("content-encoding: zstd").into_bytes();
            bomb.extend_from_slice(&zstd_beginning());
            bomb.extend(zstd_run().repeat(70));
            stream.write_all(&bomb).await?;
            let runs = zstd_run();
            drip(&mut stream, runs.iter().cycle()).await
        }
        "early-hints" => loop {
            stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n").await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        },
        "endless-chunk-line" => {
            stream.write_all(head("transfer-encoding: chunked").as_bytes()).await?;
            drip(&mut stream, b"5;".iter().chain(std::iter::repeat(&b'e'))).await
        }
        "short" => say(&mut stream, "content-length: 5000", feed(&items(3)).as_bytes()).await,
        "long" => say(&mut stream, "content-length: 20", feed(&items(3)).as_bytes()).await,
        "gzip-then-garbage" => {
            let mut bytes = gzip(feed(&items(3)).as_bytes());
            bytes.truncate(30);
            bytes.extend_from_slice(&[0xff; 5000]);
            say(&mut stream, "content-encoding: gzip", &bytes).await
        }
        "text-as-gzip" => say(&mut stream, "content-encoding: gzip", feed(&items(3)).as_bytes()).await,
        "bomb.gz" => {
            stream.write_all(head("content-encoding: gzip").as_bytes()).await?;
            let (beginning, block) = gzip_bomb();
            stream.write_all(beginning).await?;
            repeat(&mut stream, block).await
        }
        "bomb.br" => say(&mut stream, "content-encoding: br", &brotli_bomb(size(11))).await,
        "bomb.zst" => {
            stream.write_all(head("content-encoding: zstd").as_bytes()).await?;
            stream.write_all(&zstd_beginning()).await?;
            repeat(&mut stream, &zstd_run().repeat(16)).await
        }
        "loop" => redirect(&mut stream, "/loop").await,
        "circle" => redirect(&mut stream, &format!("/circle/{}", rest.parse::<u64>().unwrap_or(0) + 1)).await,
        "inside" => redirect(&mut stream, &format!("http://{rest}/feed")).await,
        "to-file" => redirect(&mut stream, "file:///etc/passwd").await,
        "endless-headers" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            repeat(&mut stream, "x-more: and more\r\n".repeat(1000).as_bytes()).await
        }
        "huge-header" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-huge: ").await?;
            repeat(&mut stream, &[b'h'; PIECE_BYTES]).await
        }
        "nonsense-chunks" => {
            say(&mut stream, "transfer-encoding: chunked", b"zz\r\n<rss>\r\n-5\r\nnonsense\r\n0\r\n\r\n").await
        }
        "huge-chunk" => say(&mut stream, "transfer-encoding: chunked", b"ffffffffffffffff\r\n<rss>").await,
        "cut-chunks" => say(&mut stream, "transfer-encoding: chunked", b"6\r\n<rss> \r\n400\r\n<channel>").await,
        "reset" => {
            stream.write_all(head("content-length: 100000").as_bytes()).await?;
            stream.write_all(b"<rss version=\"2.0\"><channel>").await?;
            // Closing at once with a linger of zero sends a reset instead of an end.
            stream.set_zero_linger()
        }
        "no-http" => {
            stream.write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n").await?;
            stream.shutdown().await
        }
        "html" => say(&mut stream, "content-type: application/rss+xml", HTML.as_bytes()).await,
        "image" => say(&mut stream, "content-type: application/rss+xml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").await,
        "empty" => say(&mut stream, "content-length: 0", b"").await,
        "zeros" => say(&mut stream, "content-type: text/xml", &[0; 100_000]).await,
        "entities" => say(&mut stream, "content-type: text/xml", entities().as_bytes()).await,
        "deep-xml" => say(&mut stream, "content-type: text/xml", feed(&"<a>".repeat(size(5000))).as_bytes()).await,
        "deep-html" => {
            let tags = "&lt;div&gt;".repeat(size(5000));
            let item = format!("<item><guid>d</guid><description>{tags}</description></item>");
            say(&mut stream, "content-type: text/xml", feed(&item).as_bytes()).await
        }
        "open-tags" => say(&mut stream, "content-type: text/xml", "<rss><item>".repeat(size(5000)).as_bytes()).await,
        "one-line" => say(&mut stream, "content-type: text/xml", &vec![b'x'; size(100_000)]).await,
        "one-item" => {
            let words = "Mortons and a long line ".repeat(size(5000));
            let item = format!("<item><guid>l</guid><description>{words}</description></item>");
            say(&mut stream, "content-type: text/xml", feed(&item).as_bytes()).await
        }
        "many-items" => say(&mut stream, "content-type: text/xml", feed(&items(size(500))).as_bytes()).await,
        "rest-for-ever" => {
            let bytes =
                "HTTP/1.1 429 Too Many Requests\r\nretry-after: 99999999999999999999\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(bytes.as_bytes()).await?;
            stream.shutdown().await
        }
        "new-items" => {
            let items: String = (0..200).fold(String::new(), |mut text, n| {
                let _ = write!(text, "<item><guid>{nth}-{n}</guid><description>talk {nth} {n}</description></item>");
                text
            });
            say(&mut stream, "content-type: text/xml", feed(&items).as_bytes()).await
        }
        "new-ids" => {
            let items: String = (0..200).fold(String::new(), |mut text, n| {
                let _ = write!(text, "<item><guid>{nth}-{n}</guid><description>the same talk {n}</description></item>");
                text
            });
            say(&mut stream, "content-type: text/xml", feed(&items).as_bytes()).await
        }
        _ => {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await?;
            stream.shutdown().await
        }
    }
}

const HTML: &str =
    "<!doctype html><html><head><title>Parked</title></head><body><p>This name is for sale</p></body></html>";

async fn path_of(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or("/").to_owned())
}

fn head(header: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n")
}

/// Sends the head with `header`, then `body` and the end, whatever the header promised.
async fn say(stream: &mut TcpStream, header: &str, body: &[u8]) -> Outcome {
    stream.write_all(head(header).as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}

async fn redirect(stream: &mut TcpStream, to: &str) -> Outcome {
    let bytes = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(bytes.as_bytes()).await?;
    stream.shutdown().await
}

/// Sends `bytes` again and again, as fast as they are read.
async fn repeat(stream: &mut TcpStream, bytes: &[u8]) -> Outcome {
    loop {
        stream.write_all(bytes).await?;
    }
}

/// Sends one byte a second.
async fn drip<'b>(stream: &mut TcpStream, bytes: impl Iterator<Item = &'b u8>) -> Outcome {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// Says nothing until the other side gives up.
async fn wait(stream: &mut TcpStream) -> Outcome {
    stream.read_u8().await.map(|_| ())
}

fn feed(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>")
}

fn items(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let _ = write!(
            text,
            "<item><guid>{n}</guid><title>Talk {n}</title><description>talk of the town</description></item>"
        );
        text
    })
}

/// Ten billion laughs, were anybody to laugh at them.
fn entities() -> String {
    let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"laugh\">");
    for n in 1..11 {
        let _ = write!(text, "<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    }
    text + "]>" + &feed("<item><guid>e</guid><description>&a10;</description></item>")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// The beginning of a gzip stream, and a block that unpacks to a megabyte and may follow itself for ever.
fn gzip_bomb() -> (&'static [u8], &'static [u8]) {
    static BOMB: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (beginning, block) = BOMB.get_or_init(|| {
        let spaces = vec![b' '; 1 << 20];
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&spaces).and_then(|()| encoder.flush()).expect("in memory");
        let beginning = encoder.get_ref().clone();
        encoder.write_all(&spaces).and_then(|()| encoder.flush()).expect("in memory");
        let block = encoder.get_ref()[beginning.len()..].to_vec();
        (beginning, block)
    });
    (beginning, block)
}

/// That many megabytes of blanks in some hundred bytes.
fn brotli_bomb(megabytes: usize) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 1 << 16, 1, 22);
    for _ in 0..megabytes {
        encoder.write_all(&[b' '; 1 << 20]).expect("in memory");
    }
    drop(encoder);
    packed
}

/// The magic number, and a frame without a length whose window is 128 MB.
fn zstd_beginning() -> [u8; 6] {
    [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88]
}

/// A block that says: this blank, 131,072 times (RFC 8878, 3.1.1.2).
fn zstd_run() -> [u8; 4] {
    [0x02, 0x00, 0x10, b' ']
}
