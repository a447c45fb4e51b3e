//! A connection that stays: WebSocket through the same gate as HTTP.
//!
//! In: a [`Dial`]. Out: a [`Wire`] that gives one message after the other. Checked address, TLS for the host's name,
//! caps on messages and frames, pings where it is silent, a deadline on silence. Extensions are not offered, so a
//! message cannot grow while it is read. Reconnecting is not its business.

use super::proxy;
use super::resolve::{Lookup, admitted};
use super::{Gate, NetError, Proxy, Roots, Trust};
use base64::Engine as _;
use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use url::Url;

/// What is read from the socket at a time.
const READ_BUFFER_BYTES: usize = 64 << 10;

/// What may wait to be sent: pongs and pings, and a server that does not read them is none to wait for.
const WRITE_BUFFER_BYTES: usize = 64 << 10;

/// The head that a proxy may answer with.
const PROXY_HEAD_BYTES: usize = 8 << 10;

/// What is kept of the body of a refusal.
const REFUSAL_CHARS: usize = 2_000;

/// Where to listen, and within which bounds.
#[derive(Debug, Clone)]
pub struct Dial {
    /// The absolute `ws` or `wss` address.
    pub url: String,
    /// Request headers.
    pub headers: Vec<(String, String)>,
    /// Where the address comes from.
    pub trust: Trust,
    /// The most bytes that one message may have.
    pub message_limit_bytes: usize,
    /// The longest that connecting may take, TLS and the upgrade included.
    pub connect_deadline: Duration,
    /// The longest silence.
    pub idle_deadline: Duration,
    /// Whether pings and the answers to ours break the silence: true for streams that may have nothing to say.
    pub pong_is_life: bool,
}

/// What came over a wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message of text, checked to be UTF-8.
    Text(Bytes),
    /// A message of bytes.
    Binary(Bytes),
    /// The server closed, with its words; empty where it said none.
    Closed(String),
    /// Nothing until the time that was named.
    Nothing,
}

trait Pipe: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Pipe for T {}

/// What connecting needs of the door.
pub(super) struct Door<'a> {
    pub(super) gate: &'a Gate,
    pub(super) lookup: &'a dyn Lookup,
    pub(super) proxy: Option<&'a Proxy>,
    pub(super) roots: &'a Roots,
    pub(super) tls: &'a OnceLock<Arc<ClientConfig>>,
    pub(super) user_agent: &'a str,
}

/// An open connection.
pub struct Wire {
    host: String,
    socket: WebSocketStream<Box<dyn Pipe>>,
    limit_bytes: usize,
    idle: Duration,
    pong_is_life: bool,
    heard_at: Instant,
    has_pinged: bool,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Wire {
    /// The host that it leads to.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Does not hold time against the server that we ourselves let pass.
    pub fn forgive(&mut self, waited: Duration) {
        self.heard_at += waited;
    }

    /// Sends a message of text.
    ///
    /// # Errors
    /// [`NetError::Broken`] where it cannot be sent, [`NetError::Silent`] where that takes as long as a silence may.
    pub async fn send(&mut self, text: &str) -> Result<(), NetError> {
        let sent = timeout(self.idle, self.socket.send(Message::text(text))).await;
        let sent = sent.map_err(|_| NetError::Silent { host: self.host.clone(), limit: self.idle })?;
        sent.map_err(|error| self.error(error))
    }

    /// The next message, or [`Heard::Nothing`] at `until`. Nothing is lost where the future is dropped.
    ///
    /// # Errors
    /// [`NetError::Silent`] where nothing comes for too long, [`NetError::TooLarge`], [`NetError::Broken`]. The wire is
    /// of no use afterwards.
    pub async fn next(&mut self, until: Instant) -> Result<Heard, NetError> {
        loop {
            // A message that is there costs no timer.
            let message = match self.socket.next().now_or_never() {
                Some(message) => message,
                None => match self.wait(until).await? {
                    Some(message) => message,
                    None => return Ok(Heard::Nothing),
                },
            };
            let message = match message {
                None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => {
                    return Ok(Heard::Closed(String::new()));
                }
                Some(Err(error)) => return Err(self.error(error)),
                Some(Ok(message)) => message,
            };
            let is_control = matches!(message, Message::Ping(_) | Message::Pong(_));
            if !is_control || self.pong_is_life {
                self.heard_at = Instant::now();
                self.has_pinged = false;
            }
            match message {
                Message::Text(text) => return Ok(Heard::Text(text.into())),
                Message::Binary(bytes) => return Ok(Heard::Binary(bytes)),
                Message::Close(frame) => {
                    return Ok(Heard::Closed(frame.map(|frame| frame.reason.to_string()).unwrap_or_default()));
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
            // Where pings come faster than they are read, nothing below ever waits.
            let now = Instant::now();
            if now >= self.heard_at + self.idle {
                return Err(NetError::Silent { host: self.host.clone(), limit: self.idle });
            }
            if now >= until {
                return Ok(Heard::Nothing);
            }
        }
    }

    /// Waits for a message until `until`; pings where it is silent.
    async fn wait(&mut self, until: Instant) -> Result<Option<Option<Result<Message, Error>>>, NetError> {
        loop {
            let silent_at = self.heard_at + self.idle;
            let ping_at = if self.has_pinged { silent_at } else { self.heard_at + self.idle / 2 };
            if let Ok(message) = timeout_at(until.min(ping_at), self.socket.next()).await {
                return Ok(Some(message));
            }
            let now = Instant::now();
            if now >= silent_at {
                return Err(NetError::Silent { host: self.host.clone(), limit: self.idle });
            }
            if now >= until {
                return Ok(None);
            }
            self.has_pinged = true;
            // One that cannot be sent is as good as one that is not answered.
            let _ = timeout_at(silent_at, self.socket.send(Message::Ping(Bytes::new()))).await;
        }
    }

    fn error(&self, error: Error) -> NetError {
        let host = self.host.clone();
        match error {
            Error::Capacity(_) => NetError::TooLarge { host, limit_bytes: self.limit_bytes },
            error => NetError::Broken { host, cause: Box::new(error) },
        }
    }
}

/// Connects and upgrades.
pub(super) async fn open(door: &Door<'_>, dial: Dial) -> Result<Wire, NetError> {
    let request = request(door, &dial)?;
    let mut url = Url::parse(&dial.url).map_err(NetError::NotUrl)?;
    let is_tls = match url.scheme() {
        "ws" => false,
        "wss" => true,
        other => return Err(NetError::Scheme { scheme: other.to_owned() }),
    };
    let told = url.set_scheme(if is_tls { "https" } else { "http" });
    told.map_err(|()| NetError::Scheme { scheme: url.scheme().to_owned() })?;
    let host = door.gate.check_url(&url, dial.trust)?;
    let late = |_| Err(NetError::Late { host: host.clone(), limit: dial.connect_deadline });
    let connecting = async {
        let stream = reach(door, &url, &host, dial.trust).await?;
        let pipe = if is_tls { secure(door, &host, stream).await? } else { Box::new(stream) };
        upgrade(&host, pipe, request, dial.message_limit_bytes).await
    };
    let socket = timeout(dial.connect_deadline, connecting).await.unwrap_or_else(late)?;
    Ok(Wire {
        host,
        socket,
        limit_bytes: dial.message_limit_bytes,
        idle: dial.idle_deadline,
        pong_is_life: dial.pong_is_life,
        heard_at: Instant::now(),
        has_pinged: false,
    })
}

fn request(door: &Door<'_>, dial: &Dial) -> Result<Request, NetError> {
    let broken = |error| NetError::Broken { host: String::new(), cause: Box::new(error) };
    let mut request = dial.url.as_str().into_client_request().map_err(broken)?;
    let agent = [("user-agent".to_owned(), door.user_agent.to_owned())];
    let agent = agent.into_iter().filter(|(_, agent)| !agent.is_empty());
    for (name, value) in agent.chain(dial.headers.iter().cloned()) {
        let refuse = || NetError::Header { name: name.clone() };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refuse())?;
        if super::http::is_forging(key.as_str()) {
            return Err(refuse());
        }
        request.headers_mut().insert(key, value);
    }
    Ok(request)
}

/// A connection to the host itself, or to it through the proxy.
async fn reach(door: &Door<'_>, url: &Url, host: &str, trust: Trust) -> Result<TcpStream, NetError> {
    let port = url.port_or_known_default().unwrap_or(443);
    match door.proxy.filter(|proxy| proxy.serves(url, trust)) {
        None => {
            let addresses = admitted(door.lookup, door.gate, trust, host).await?;
            connect_any(host, &addresses, port).await
        }
        Some(proxy) => {
            proxy::check_name(door.gate, door.lookup, url, trust).await?;
            through(door, proxy, host, port).await
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door: the addresses given here went through the gate")]
async fn connect_any(host: &str, addresses: &[IpAddr], port: u16) -> Result<TcpStream, NetError> {
    let mut last = NetError::Connect { host: host.to_owned(), cause: "no address".into() };
    for address in addresses {
        match TcpStream::connect(SocketAddr::new(*address, port)).await {
            Ok(stream) => {
                // Only delays pongs where it fails.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = NetError::Connect { host: host.to_owned(), cause: Box::new(error) },
        }
    }
    Err(last)
}

/// A tunnel through the proxy (`CONNECT`).
async fn through(door: &Door<'_>, proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, NetError> {
    let failed =
        |cause: String| NetError::Proxy { host: host.to_owned(), proxy: proxy.host().to_owned(), cause: cause.into() };
    if proxy.url.scheme() != "http" {
        return Err(failed("streams go only through a proxy that is spoken to without TLS (`http:`)".to_owned()));
    }
    let inside = Trust::Operator { private: true };
    let addresses = admitted(door.lookup, door.gate, inside, proxy.host()).await?;
    let proxy_port = proxy.url.port_or_known_default().unwrap_or(80);
    let mut stream =
        connect_any(proxy.host(), &addresses, proxy_port).await.map_err(|error| failed(error.to_string()))?;
    let mut ask = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some((user, password)) = &proxy.login {
        let login = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{}", password.expose()));
        ask.push_str(&format!("Proxy-Authorization: Basic {login}\r\n"));
    }
    ask.push_str("\r\n");
    stream.write_all(ask.as_bytes()).await.map_err(|error| failed(error.to_string()))?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        // Byte by byte: what follows the head belongs to the host.
        head.push(stream.read_u8().await.map_err(|error| failed(error.to_string()))?);
        if head.len() > PROXY_HEAD_BYTES {
            return Err(failed("its answer has no end".to_owned()));
        }
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.split_ascii_whitespace().nth(1).unwrap_or_default();
    if status == "200" { Ok(stream) } else { Err(failed(format!("it answered {status}"))) }
}

async fn secure(door: &Door<'_>, host: &str, stream: TcpStream) -> Result<Box<dyn Pipe>, NetError> {
    let failed = |cause: Box<dyn std::error::Error + Send + Sync>| NetError::Connect { host: host.to_owned(), cause };
    let config = match door.tls.get() {
        Some(config) => Arc::clone(config),
        None => {
            let made = tls_config(door.roots).map_err(|error| NetError::Setup(Box::new(error)))?;
            Arc::clone(door.tls.get_or_init(|| made))
        }
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|error| failed(Box::new(error)))?;
    let stream = TlsConnector::from(config).connect(name, stream).await.map_err(|error| failed(Box::new(error)))?;
    Ok(Box::new(stream))
}

/// The system's trust store and the house's own roots, as for HTTP.
fn tls_config(roots: &Roots) -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let own: Vec<CertificateDer<'static>> = roots.ders().map(|der| CertificateDer::from(der.to_vec())).collect();
    let verifier = Verifier::new_with_extra_roots(own, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    Ok(Arc::new(config))
}

async fn upgrade(
    host: &str,
    pipe: Box<dyn Pipe>,
    request: Request,
    limit_bytes: usize,
) -> Result<WebSocketStream<Box<dyn Pipe>>, NetError> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(limit_bytes))
        .max_frame_size(Some(limit_bytes));
    match tokio_tungstenite::client_async_with_config(request, pipe, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => {
            let body = answer.body().as_deref().unwrap_or_default();
            let answer_text = String::from_utf8_lossy(body).chars().take(REFUSAL_CHARS).collect();
            Err(NetError::NoUpgrade { host: host.to_owned(), status: answer.status().as_u16(), answer: answer_text })
        }
        Err(error) => Err(NetError::Broken { host: host.to_owned(), cause: Box::new(error) }),
    }
}
