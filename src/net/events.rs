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
    use super::super::loopback::{Act, Site, answer};
    use super::super::{Dial, Heard, Net, Settings, Trust};
    use super::end_of_block;
    use std::time::Duration;
    use tokio::time::Instant;

    const LIMIT_BYTES: usize = 10_000;
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n";

    /// What a stream gives, one word each, up to its end or what is wrong with it.
    async fn told(act: Act, networks: &[&str]) -> (Vec<String>, usize) {
        let site = Site::start(move |_| act.clone()).await;
        let allow_networks = networks.iter().map(|network| network.parse().unwrap()).collect();
        let net = Net::new(&Settings { allow_networks, ..Settings::default() }).unwrap();
        let dial = Dial {
            url: site.url("/stream"),
            headers: vec![("authorization".to_owned(), "Bearer member".to_owned())],
            trust: Trust::Content,
            message_limit_bytes: LIMIT_BYTES,
            connect_deadline: Duration::from_secs(5),
            idle_deadline: Duration::from_millis(150),
            pong_is_life: true,
        };
        let port = site.address.port().to_string();
        let mut told = Vec::new();
        let mut wire = match net.tune_in(dial).await {
            Ok(wire) => wire,
            Err(error) => return (vec![error.to_string().replace(&port, "PORT")], site.requests().len()),
        };
        loop {
            match wire.next(Instant::now() + Duration::from_secs(5)).await {
                Ok(Heard::Text(text)) if text.len() > 60 => told.push(format!("{} bytes", text.len())),
                Ok(Heard::Text(text)) => told.push(String::from_utf8_lossy(&text).into_owned()),
                Ok(Heard::Closed(_)) => told.push("closed".to_owned()),
                Ok(_) => continue,
                Err(error) => told.push(error.to_string()),
            }
            if told.last().is_some_and(|last| last == "closed" || last.contains("127.0.0.1")) {
                return (told, site.requests().len());
            }
        }
    }

    async fn heard(act: Act) -> Vec<String> {
        told(act, &["127.0.0.0/8"]).await.0
    }

    fn stream(body: &[u8]) -> Vec<u8> {
        [HEAD.as_bytes(), b"\r\n", body].concat()
    }

    #[tokio::test]
    async fn events_come_one_after_the_other_and_one_that_is_cut_off_is_none() {
        let body = b":)\n\nevent: update\ndata: 1\n\n:thump\n\ndata: 2\r\n\r\ndata: 3\n";
        assert_eq!(heard(Act::Say(stream(body))).await, ["event: update\ndata: 1\n\n", "data: 2\r\n\r\n", "closed"]);
    }

    #[tokio::test]
    async fn a_large_event_is_heard_up_to_the_bound_and_one_without_end_is_given_up() {
        let line = [b"data: ".as_slice(), &[b'x'; LIMIT_BYTES - 100], b"\n\n"].concat();
        assert_eq!(heard(Act::Say(stream(&line))).await, [format!("{} bytes", line.len()), "closed".to_owned()]);
        let [last] = &heard(Act::Flood(stream(b"data: "), b'x')).await[..] else { panic!("more than one") };
        assert!(last.contains("10000") || last.contains("larger") || last.contains("kB"), "{last}");
    }

    #[tokio::test]
    async fn silence_ends_a_stream() {
        let told = heard(Act::Hang(stream(b"data: 1\n\n"))).await;
        assert!(told[0] == "data: 1\n\n" && told[1].contains("silent"), "{told:?}");
    }

    #[tokio::test]
    async fn a_packed_stream_is_unpacked() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, b"data: 1\n\ndata: 2\n\n").unwrap();
        let head = format!("{HEAD}content-encoding: gzip\r\n\r\n").into_bytes();
        let packed = [head, encoder.finish().unwrap()].concat();
        assert_eq!(heard(Act::Say(packed)).await, ["data: 1\n\n", "data: 2\n\n", "closed"]);
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_a_page_is_no_stream() {
        let (moved, n_requests) =
            told(answer("302 Found", "location: http://other.example/\r\n", b""), &["127.0.0.0/8"]).await;
        assert!(moved[0].contains("302") && n_requests == 1, "{moved:?}");
        let page = heard(answer("200 OK", "content-type: text/html\r\n", b"<html>")).await;
        assert!(page[0].contains("200"), "{page:?}");
    }

    #[tokio::test]
    async fn a_stream_goes_through_the_gate() {
        let (refused, n_requests) = told(Act::Say(stream(b"data: 1\n\n")), &[]).await;
        assert!(refused[0].contains("127.0.0.1") && n_requests == 0, "{refused:?}");
    }

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
