//! A mail relay on loopback that keeps what it gets and fails on command. Plain SMTP, no TLS, no login.

use super::ledger::Ledger;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The longest line that is read; a mail's own lines end at 998 octets.
const LINE_LIMIT_BYTES: u64 = 64 * 1024;
/// The largest mail that is taken.
const MAIL_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// What goes wrong on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFault {
    /// Hangs up instead of answering what follows EHLO.
    HangUpAfterEhlo,
    /// Answers RCPT with this code: 4xx for later, 5xx for never.
    RefuseRecipient(u16),
    /// Answers DATA with this code.
    RefuseData(u16),
    /// Answers the end of the mail with this code.
    RefuseMail(u16),
    /// Keeps the mail and hangs up before saying so: the answer is lost.
    LoseAnswer,
    /// Waits so long before each answer.
    Slow(Duration),
}

/// One mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The mail (RFC 5322), dots unstuffed.
    pub data: Vec<u8>,
    /// Whether the sender was told that it arrived.
    pub acknowledged: bool,
}

/// The running relay; it stops when this is dropped.
#[derive(Debug)]
pub struct MailSink {
    address: SocketAddr,
    ledger: Arc<Ledger<ReceivedMail, MailFault>>,
    task: JoinHandle<()>,
}

impl MailSink {
    /// Starts a relay on a free port of loopback.
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

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connection that has no fault yet shows this one.
    pub fn fail_next(&self, fault: MailFault) {
        self.ledger.fail_next(fault);
    }

    /// From now on no connection shows a fault.
    pub fn forget_faults(&self) {
        self.ledger.forget_faults();
    }

    /// Every mail so far, in order.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedMail> {
        self.ledger.received()
    }

    /// How many mails came so far.
    #[must_use]
    pub fn n_received(&self) -> usize {
        self.ledger.n_received()
    }

    /// Every mail, once there are at least `n`. Waits as long as that takes.
    pub async fn wait_for(&self, n: usize) -> Vec<ReceivedMail> {
        self.ledger.wait_for(n).await
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, ledger: Arc<Ledger<ReceivedMail, MailFault>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            let (reader, writer) = stream.into_split();
            let fault = ledger.next_fault();
            let mut talk = Talk { reader: BufReader::new(reader), writer, fault };
            // A client that hangs up is no concern of the sink; what it kept tells the story.
            let _ = talk.run(&ledger).await;
        });
    }
}

/// One conversation with a client.
struct Talk<R, W> {
    reader: R,
    writer: W,
    fault: Option<MailFault>,
}

impl<R: AsyncBufRead + Unpin, W: AsyncWrite + Unpin> Talk<R, W> {
    async fn run(&mut self, ledger: &Ledger<ReceivedMail, MailFault>) -> io::Result<()> {
        let mut mail = empty_mail();
        let mut is_greeted = false;
        self.say("220 sink.example ESMTP").await?;
        while let Some(line) = self.line().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if is_greeted && self.fault == Some(MailFault::HangUpAfterEhlo) {
                return Ok(());
            }
            match verb.as_str() {
                "EHLO" => {
                    is_greeted = true;
                    self.say("250-sink.example\r\n250 8BITMIME").await?;
                }
                "HELO" | "NOOP" => self.say("250 ok").await?,
                "MAIL" => {
                    mail = ReceivedMail { from: path_of(&line), ..empty_mail() };
                    self.say("250 ok").await?;
                }
                "RCPT" => self.recipient(&line, &mut mail).await?,
                "DATA" => {
                    if !self.data(&mut mail, ledger).await? {
                        return Ok(());
                    }
                    mail = empty_mail();
                }
                "RSET" => {
                    mail = empty_mail();
                    self.say("250 ok").await?;
                }
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("502 not known here").await?,
            }
        }
        Ok(())
    }

    async fn recipient(&mut self, line: &str, mail: &mut ReceivedMail) -> io::Result<()> {
        if let Some(MailFault::RefuseRecipient(code)) = self.fault {
            return self.say(&format!("{code} not this one")).await;
        }
        mail.to.push(path_of(line));
        self.say("250 ok").await
    }

    /// Takes the mail itself; `false` where the connection ends with it.
    async fn data(&mut self, mail: &mut ReceivedMail, ledger: &Ledger<ReceivedMail, MailFault>) -> io::Result<bool> {
        if let Some(MailFault::RefuseData(code)) = self.fault {
            self.say(&format!("{code} not now")).await?;
            return Ok(true);
        }
        self.say("354 go on").await?;
        loop {
            let Some(line) = self.line().await? else { return Ok(false) };
            if line == b".\r\n" || line == b".\n" {
                break;
            }
            mail.data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if mail.data.len() > MAIL_LIMIT_BYTES {
                self.say("552 too large").await?;
                return Ok(false);
            }
        }
        match self.fault {
            Some(MailFault::RefuseMail(code)) => self.say(&format!("{code} not this mail")).await?,
            Some(MailFault::LoseAnswer) => {
                ledger.keep(mail.clone());
                return Ok(false);
            }
            _ => {
                ledger.keep(ReceivedMail { acknowledged: true, ..mail.clone() });
                self.say("250 kept").await?;
            }
        }
        Ok(true)
    }

    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let n_bytes = (&mut self.reader).take(LINE_LIMIT_BYTES).read_until(b'\n', &mut line).await?;
        Ok((n_bytes > 0).then_some(line))
    }

    async fn say(&mut self, answer: &str) -> io::Result<()> {
        if let Some(MailFault::Slow(pause)) = self.fault {
            tokio::time::sleep(pause).await;
        }
        self.writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
        self.writer.flush().await
    }
}

fn empty_mail() -> ReceivedMail {
    ReceivedMail { from: String::new(), to: Vec::new(), data: Vec::new(), acknowledged: false }
}

/// What stands between `<` and `>`.
fn path_of(line: &str) -> String {
    let after = line.split_once('<').map_or("", |(_, after)| after);
    after.split_once('>').map_or("", |(path, _)| path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a client that sends `lines` is answered, and what the sink kept.
    async fn check(fault: Option<MailFault>, lines: &str) -> (String, Vec<ReceivedMail>) {
        let ledger = Ledger::default();
        let mut written = Vec::new();
        let mut talk = Talk { reader: lines.as_bytes(), writer: &mut written, fault };
        talk.run(&ledger).await.expect("memory does not fail");
        let answers =
            String::from_utf8_lossy(&written).lines().filter_map(|line| line.get(..3)).collect::<Vec<_>>().join(" ");
        (answers, ledger.received())
    }

    const MAIL: &str = "EHLO me\r\nMAIL FROM:<a@b.example> BODY=8BITMIME\r\nRCPT TO:<c@d.example>\r\nDATA\r\n\
                        Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n";

    #[tokio::test]
    async fn a_mail_is_kept_as_it_was_sent() {
        let (answers, kept) = check(None, MAIL).await;
        assert_eq!(answers, "220 250 250 250 250 354 250 221");
        let [mail] = kept.as_slice() else { panic!("one mail, not {}", kept.len()) };
        assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("a@b.example", ["c@d.example".to_owned()].as_slice()));
        assert_eq!(mail.data, b"Subject: x\r\n\r\n.dot\r\n");
        assert!(mail.acknowledged);
    }

    #[tokio::test]
    async fn each_fault_shows_at_its_place() {
        let answers = |fault| async move { check(Some(fault), MAIL).await };
        assert_eq!(answers(MailFault::HangUpAfterEhlo).await.0, "220 250 250");
        assert_eq!(answers(MailFault::RefuseRecipient(451)).await.0.get(..23), Some("220 250 250 250 451 354"));
        assert_eq!(answers(MailFault::RefuseData(421)).await.0.get(..23), Some("220 250 250 250 250 421"));
        let (refused, kept) = answers(MailFault::RefuseMail(554)).await;
        assert_eq!((refused.as_str(), kept.len()), ("220 250 250 250 250 354 554 221", 0));
        let (lost, kept) = answers(MailFault::LoseAnswer).await;
        assert_eq!(lost, "220 250 250 250 250 354");
        assert!(kept.len() == 1 && !kept[0].acknowledged);
    }

    #[tokio::test]
    async fn it_listens_on_loopback_and_stops_when_dropped() {
        let sink = MailSink::start().await.expect("a port");
        assert!(sink.address().ip().is_loopback());
        assert!(sink.received().is_empty());
    }
}
