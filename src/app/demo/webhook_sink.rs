//! A receiver of webhooks on loopback that keeps what it gets and fails on command. One request a connection.

use super::ledger::Ledger;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The longest head of a request.
const HEAD_LIMIT_BYTES: u64 = 64 * 1024;
/// The largest body that is taken.
const BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// What goes wrong on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookFault {
    /// Hangs up before reading.
    HangUp,
    /// Answers with this status; what came is kept, not acknowledged.
    Status(u16),
    /// Keeps the request and hangs up before answering: the answer is lost.
    LoseAnswer,
    /// Waits so long before the answer.
    Slow(Duration),
}

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedCall {
    /// The first line: method, path, version.
    pub request: String,
    /// Header names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it was answered with 2xx.
    pub acknowledged: bool,
}

impl ReceivedCall {
    /// The first header of that name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The running receiver; it stops when this is dropped.
#[derive(Debug)]
pub struct WebhookSink {
    address: SocketAddr,
    ledger: Arc<Ledger<ReceivedCall, WebhookFault>>,
    task: JoinHandle<()>,
}

impl WebhookSink {
    /// Starts a receiver on a free port of loopback.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let task = tokio::spawn(serve(listener, Arc::clone(&ledger)));
        Ok(Self { address, ledger, task })
    }

    /// The address to send to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next connection that has no fault yet shows this one.
    pub fn fail_next(&self, fault: WebhookFault) {
        self.ledger.fail_next(fault);
    }

    /// From now on no connection shows a fault.
    pub fn forget_faults(&self) {
        self.ledger.forget_faults();
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedCall> {
        self.ledger.received()
    }

    /// How many requests came so far.
    #[must_use]
    pub fn n_received(&self) -> usize {
        self.ledger.n_received()
    }

    /// Every request, once there are at least `n`. Waits as long as that takes.
    pub async fn wait_for(&self, n: usize) -> Vec<ReceivedCall> {
        self.ledger.wait_for(n).await
    }
}

impl Drop for WebhookSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, ledger: Arc<Ledger<ReceivedCall, WebhookFault>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            let (reader, writer) = stream.into_split();
            let fault = ledger.next_fault();
            // A client that hangs up is no concern of the sink; what it kept tells the story.
            let _ = answer(BufReader::new(reader), writer, fault, &ledger).await;
        });
    }
}

async fn answer(
    mut reader: impl AsyncBufRead + Unpin,
    mut writer: impl AsyncWrite + Unpin,
    fault: Option<WebhookFault>,
    ledger: &Ledger<ReceivedCall, WebhookFault>,
) -> io::Result<()> {
    if fault == Some(WebhookFault::HangUp) {
        return Ok(());
    }
    let Some(call) = read_call(&mut reader).await? else { return Ok(()) };
    let status = match fault {
        Some(WebhookFault::Status(status)) => status,
        _ => 204,
    };
    let is_lost = fault == Some(WebhookFault::LoseAnswer);
    ledger.keep(ReceivedCall { acknowledged: !is_lost && (200..300).contains(&status), ..call });
    if is_lost {
        return Ok(());
    }
    if let Some(WebhookFault::Slow(pause)) = fault {
        tokio::time::sleep(pause).await;
    }
    let head = format!("HTTP/1.1 {status} sink\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    writer.write_all(head.as_bytes()).await?;
    writer.shutdown().await
}

/// One request with a body of a stated length; `None` where it is cut short or too large.
async fn read_call(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<ReceivedCall>> {
    let mut head = reader.take(HEAD_LIMIT_BYTES);
    let mut request = String::new();
    head.read_line(&mut request).await?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if head.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut call =
        ReceivedCall { request: request.trim_end().to_owned(), headers, body: Vec::new(), acknowledged: false };
    let length: usize = call.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if length > BODY_LIMIT_BYTES {
        return Ok(None);
    }
    call.body.resize(length, 0);
    head.into_inner().read_exact(&mut call.body).await?;
    Ok(Some(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = "POST /hook HTTP/1.1\r\nHost: x\r\nWebhook-Id: k1\r\nContent-Length: 2\r\n\r\n{}";

    async fn check(fault: Option<WebhookFault>, sent: &str) -> (String, Vec<ReceivedCall>) {
        let ledger = Ledger::default();
        let mut written = Vec::new();
        let _ = answer(sent.as_bytes(), &mut written, fault, &ledger).await;
        let first = String::from_utf8_lossy(&written).lines().next().unwrap_or_default().to_owned();
        (first, ledger.received())
    }

    #[tokio::test]
    async fn a_call_is_kept_with_its_headers_and_body() {
        let (first, kept) = check(None, CALL).await;
        assert_eq!(first, "HTTP/1.1 204 sink");
        assert_eq!(kept[0].header("webhook-id"), Some("k1"));
        assert_eq!((kept[0].request.as_str(), kept[0].body.as_slice()), ("POST /hook HTTP/1.1", b"{}".as_slice()));
        assert!(kept[0].acknowledged);
    }

    #[tokio::test]
    async fn each_fault_shows_at_its_place() {
        let (first, kept) = check(Some(WebhookFault::Status(410)), CALL).await;
        assert!(first == "HTTP/1.1 410 sink" && !kept[0].acknowledged);
        let (first, kept) = check(Some(WebhookFault::LoseAnswer), CALL).await;
        assert!(first.is_empty() && kept.len() == 1 && !kept[0].acknowledged);
        assert_eq!(check(Some(WebhookFault::HangUp), CALL).await, (String::new(), Vec::new()));
    }

    #[tokio::test]
    async fn a_call_that_is_cut_short_is_not_kept() {
        assert_eq!(check(None, "POST /hook HTTP/1.1\r\nContent-Length: 9\r\n\r\n{}").await.1, Vec::new());
        assert_eq!(check(None, "POST /hook HTTP/1.1\r\n").await.1, Vec::new());
    }

    #[tokio::test]
    async fn what_arrives_can_be_waited_for() {
        let ledger = Ledger::default();
        let waiting = ledger.wait_for(1);
        answer(CALL.as_bytes(), Vec::new(), None, &ledger).await.expect("memory does not fail");
        assert_eq!(waiting.await.len(), 1);
    }
}
