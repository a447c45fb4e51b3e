//! A connection that stays: server-sent events through the same gate as every call.
//!
//! In: an address, headers, bounds. Out: an [`EventWire`] that gives one event after the other, as the block of lines
//! that it was sent in. Comments (heartbeats) break the silence and are not given. Reconnecting is not its business.

use super::{Answer, Call, Dial, Heard, Net, NetError};
use bytes::Bytes;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What one connection may bring until it is opened anew: no bound of a single event, which the dial names.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

/// What is kept of the body of a refusal.
const REFUSAL_BYTES: usize = 2_000;

/// An open connection.
#[derive(Debug)]
pub struct EventWire {
    answer: Answer,
    limit_bytes: usize,
    idle: Duration,
    heard_at: Instant,
    gathered: Vec<u8>,
    /// So far `gathered` was looked through for the end of an event.
    looked_at: usize,
    is_over: bool,
}

impl Net {
    /// Opens a stream of server-sent events.
    ///
    /// # Errors
    /// [`NetError`] where the address is refused or nothing answers in time; [`NetError::NoUpgrade`] where it answers
    /// with something else than a stream.
    pub async fn tune_in(&self, dial: Dial) -> Result<EventWire, NetError> {
        let Dial { url, mut headers, trust, message_limit_bytes, connect_deadline, idle_deadline, .. } = dial;
        headers.push(("accept".to_owned(), "text/event-stream".to_owned()));
        let call = Call {
            url,
            headers,
            body: None,
            trust,
            body_limit_bytes: usize::MAX,
            total_deadline: LONGEST,
            idle_deadline,
        };
        let deadline = Instant::now() + connect_deadline;
        let host =
            url::Url::parse(&call.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let late = |_| Err(NetError::Late { host, limit: connect_deadline });
        let mut answer = timeout_at(deadline, self.open(call)).await.unwrap_or_else(late)?;
        let is_stream = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
        if answer.status != 200 || !is_stream {
            return Err(refusal(&mut answer, deadline).await);
        }
        Ok(EventWire {
            answer,
            limit_bytes: message_limit_bytes,
            idle: idle_deadline,
            heard_at: Instant::now(),
            gathered: Vec::new(),
            looked_at: 0,
            is_over: false,
        })
    }
}

/// What an answer that is no stream says.
async fn refusal(answer: &mut Answer, deadline: Instant) -> NetError {
    let mut body = Vec::new();
    while body.len() < REFUSAL_BYTES {
        let Ok(Ok(Some(piece))) = timeout_at(deadline, answer.piece()).await else { break };
        body.extend_from_slice(&piece);
    }
    body.truncate(REFUSAL_BYTES);
    let words = String::from_utf8_lossy(&body).into_owned();
    NetError::NoUpgrade { host: answer.host().to_owned(), status: answer.status, answer: words }
}

impl EventWire {
    /// Does not hold time against the server that we ourselves let pass.
    pub fn forgive(&mut self, waited: Duration) {
        self.heard_at += waited;
    }

    /// The next event, or [`Heard::Nothing`] at `until`. Nothing is lost where the future is dropped.
    ///
    /// # Errors
    /// [`NetError::Silent`] where nothing comes for too long, [`NetError::TooLarge`] for an event above the limit,
    /// [`NetError::Broken`]. The wire is of no use afterwards.
    pub async fn next(&mut self, until: Instant) -> Result<Heard, NetError> {
        loop {
            if let Some(event) = self.cut() {
                return Ok(Heard::Text(event));
            }
            if self.is_over {
                return Ok(Heard::Closed(String::new()));
            }
            if self.gathered.len() > self.limit_bytes {
                return Err(NetError::TooLarge { host: self.host(), limit_bytes: self.limit_bytes });
            }
            let silent_at = self.heard_at + self.idle;
            match timeout_at(until.min(silent_at), self.answer.piece()).await {
                Ok(Ok(Some(piece))) => {
                    self.heard_at = Instant::now();
                    self.gathered.extend_from_slice(&piece);
                }
                // Where the last event is not closed it may not be whole.
                Ok(Ok(None)) => self.is_over = true,
                Ok(Err(error)) => return Err(error),
                Err(_) if Instant::now() >= silent_at => {
                    return Err(NetError::Silent { host: self.host(), limit: self.idle });
                }
                Err(_) => return Ok(Heard::Nothing),
            }
        }
    }

    fn host(&self) -> String {
        self.answer.host().to_owned()
    }

    /// The next whole event; blocks without a field are passed over.
    fn cut(&mut self) -> Option<Bytes> {
        while let Some(end) = end_of_block(&self.gathered, self.looked_at) {
            let block: Vec<u8> = self.gathered.drain(..end).collect();
            self.looked_at = 0;
            let has_fields = block
                .split(|byte| matches!(byte, b'\n' | b'\r'))
                .any(|line| !(line.is_empty() || line.starts_with(b":")));
            if has_fields {
                return Some(block.into());
            }
        }
        // The end may be cut in two.
        self.looked_at = self.gathered.len().saturating_sub(3);
        None
    }
}

/// Behind the first empty line from `from` on: two ends of line, each in any of its three forms.
fn end_of_block(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let ends: [&[u8]; 4] = [b"\n\n", b"\r\r", b"\r\n\r\n", b"\n\r\n"];
    let at = |end: &[u8]| rest.windows(end.len()).position(|window| window == end).map(|at| from + at + end.len());
    ends.into_iter().filter_map(at).min()
}

#[cfg(test)]
mod tests {
    use super::end_of_block;

    #[test]
    fn blocks_end_at_an_empty_line_in_each_form() {
        for (bytes, end) in
            [("a\n\nb", Some(3)), ("a\r\n\r\nb", Some(5)), ("a\r\rb", Some(3)), ("a\nb\n", None), ("", None)]
        {
            assert_eq!(end_of_block(bytes.as_bytes(), 0), end, "{bytes:?}");
        }
        assert_eq!(end_of_block(b"a\n\nb", 9), None);
    }
}
