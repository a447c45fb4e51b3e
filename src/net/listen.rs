//! The one door inward: takes HTTP requests one a connection, within bounds, and hands them to a [`Reception`].
//!
//! In: a [`Listener`] and whoever answers. Out: each [`Visit`], first its head alone, then with its body. One request
//! a connection: what stands behind it, smuggled or not, is never read. Every step has a deadline, every part a bound;
//! beyond the most connections nobody is accepted until one ends. Who may ask what is not its business.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The bounds of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at a time; further ones wait in the system's queue.
    pub connections: usize,
    /// Bodies that are held at a time.
    pub bodies: usize,
    /// The longest that the head of a request may take.
    pub head_deadline: Duration,
    /// The longest that a connection may last.
    pub total_deadline: Duration,
    /// How long connections that are open at the end may go on.
    pub last_deadline: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 64,
            bodies: 16,
            head_deadline: Duration::from_secs(5),
            total_deadline: Duration::from_secs(20),
            last_deadline: Duration::from_secs(1),
        }
    }
}

/// The longest head of a request, and the most headers in it.
const HEAD_LIMIT_BYTES: usize = 16 << 10;
const HEADERS_MOST: usize = 64;

/// After a failed accept (no files left), the pause before the next one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The door could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("nobody can be listened to at {address}; write another address or port into `[web] listen`")]
pub struct ListenError {
    /// Where.
    pub address: SocketAddr,
    /// Why not.
    #[source]
    pub source: std::io::Error,
}

/// An open door; nobody is let in before [`Listener::serve`].
#[derive(Debug)]
pub struct Listener {
    inner: TcpListener,
    address: SocketAddr,
}

/// The head of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// `GET`, `POST` and so on, as sent.
    pub method: String,
    /// The path, still escaped.
    pub path: String,
    /// What stands behind the `?`, still escaped.
    pub query: Option<String>,
    /// The host that the request line names, where it does.
    pub authority: Option<String>,
    /// Header names in lower case, in the order sent; what is no UTF-8 is replaced.
    pub headers: Vec<(String, String)>,
    /// Who connected; behind a proxy it is the proxy.
    pub peer: IpAddr,
}

impl Visit {
    /// The first header of that name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// How many headers of that name (lower case) there are.
    #[must_use]
    pub fn n_headers(&self, name: &str) -> usize {
        self.headers.iter().filter(|(key, _)| key == name).count()
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers beside the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// A status with a body of plain text.
    #[must_use]
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("content-type", "text/plain; charset=utf-8".to_owned())];
        Self { status, headers, body: Bytes::from(body.into()) }
    }
}

/// Who answers.
pub trait Reception: Send + Sync {
    /// Whether the body of this request is to be read, and the most bytes that it may have; else the answer.
    ///
    /// # Errors
    /// The answer to a request that goes no further.
    fn admit(&self, visit: &Visit) -> Result<usize, Reply>;

    /// The answer to a request that was admitted.
    fn answer(&self, visit: Visit, body: Bytes) -> BoxFuture<'_, Reply>;

    /// What every answer wears, also those to requests that cannot be read to their end.
    fn dress(&self, reply: Reply) -> Reply {
        reply
    }
}

impl Listener {
    /// Opens the door at `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// [`ListenError`] where the address cannot be had.
    pub async fn open(address: SocketAddr) -> Result<Self, ListenError> {
        let failed = |source| ListenError { address, source };
        let inner = TcpListener::bind(address).await.map_err(failed)?;
        let address = inner.local_addr().map_err(failed)?;
        Ok(Self { inner, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets `reception` answer until `stop`; then what is under way has [`Bounds::last_deadline`] to end.
    pub async fn serve(self, reception: Arc<dyn Reception>, bounds: Bounds, stop: impl Future<Output = ()>) {
        let (places, bodies) = (Arc::new(Semaphore::new(bounds.connections)), Arc::new(Semaphore::new(bounds.bodies)));
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let place = Arc::clone(&places).acquire_owned();
            let accepted = async { (place.await, self.inner.accept().await) };
            tokio::select! {
                () = &mut stop => break,
                (place, accepted) = accepted => match accepted {
                    Ok((stream, peer)) => {
                        let guest = Guest { reception: Arc::clone(&reception), bodies: Arc::clone(&bodies), peer: peer.ip() };
                        connections.spawn(async move {
                            let _place = place;
                            attend(stream, guest, bounds).await;
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                // What ended, or broke, is forgotten.
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.inner);
        // What is open longer is cut off when the set is dropped.
        let _ = timeout(bounds.last_deadline, async { while connections.join_next().await.is_some() {} }).await;
    }
}

/// One connection's part of what all share.
#[derive(Clone)]
struct Guest {
    reception: Arc<dyn Reception>,
    bodies: Arc<Semaphore>,
    peer: IpAddr,
}

async fn attend(stream: TcpStream, guest: Guest, bounds: Bounds) {
    let service = service_fn(move |request| {
        let guest = guest.clone();
        async move { Ok::<_, Infallible>(guest.serve(request).await) }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head_deadline)
        .keep_alive(false)
        .max_headers(HEADERS_MOST)
        .max_buf_size(HEAD_LIMIT_BYTES);
    // Whoever hangs up, sends rubbish or is too slow has nothing to be told.
    let _ = timeout(bounds.total_deadline, builder.serve_connection(TokioIo::new(stream), service)).await;
}

impl Guest {
    async fn serve(&self, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
        let reply = self.reply(request).await;
        response(self.reception.dress(reply))
    }

    async fn reply(&self, request: hyper::Request<Incoming>) -> Reply {
        let (head, body) = request.into_parts();
        let n_lengths = head.headers.get_all(CONTENT_LENGTH).iter().count();
        if n_lengths > 1 || n_lengths == 1 && head.headers.contains_key(TRANSFER_ENCODING) {
            return Reply::text(400, "the length of the body is told twice\n");
        }
        let visit = visit(&head, self.peer);
        let limit = match self.reception.admit(&visit) {
            Ok(limit) => limit,
            Err(reply) => return reply,
        };
        let told: Option<usize> = visit.header("content-length").and_then(|length| length.parse().ok());
        if told.is_some_and(|told| told > limit) {
            return too_large(limit);
        }
        let _share = if limit > 0 { Arc::clone(&self.bodies).acquire_owned().await.ok() } else { None };
        match Limited::new(body, limit).collect().await {
            Ok(body) => self.reception.answer(visit, body.to_bytes()).await,
            Err(error) if error.is::<LengthLimitError>() => too_large(limit),
            Err(_) => Reply::text(400, "the body was cut off or is not what its head says\n"),
        }
    }
}

fn too_large(limit: usize) -> Reply {
    Reply::text(413, format!("the body is larger than {limit} bytes\n"))
}

fn visit(head: &hyper::http::request::Parts, peer: IpAddr) -> Visit {
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
    Visit {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        authority: head.uri.authority().map(|authority| authority.as_str().to_owned()),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        peer,
    }
}

fn response(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut builder = hyper::Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(reply.body)).unwrap_or_else(|_| {
        let mut broken = hyper::Response::new(Full::default());
        *broken.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}
