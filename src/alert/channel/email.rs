//! E-mail: builds the message and hands it to the relay.
//!
//! The same alert gives the same bytes at every attempt: its date, Message-ID and part boundary come from the alert.
//! `List-Unsubscribe` (RFC 8058) stands only where the alert brings its link: where nobody listens, it would be untrue.

use super::chain;
use crate::model::{Alert, Delivered};
use crate::net::{Net, Relay};
use crate::wording::one_line;
use lettre::address::{AddressError, Envelope};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartBuilder, SinglePart};
use std::time::SystemTime;

/// What stands right of the `@` in every Message-ID. Reserved by RFC 2606, so that it is nobody's; fixed, so that a
/// sender address that changes between two attempts does not make two mails of one.
const MESSAGE_ID_DOMAIN: &str = "porterhouse.invalid";
/// The longest subject, in visible characters.
const SUBJECT_LIMIT: usize = 160;

/// Why a mail could not be built.
#[derive(Debug, thiserror::Error)]
pub enum EmailError {
    /// An address is none.
    #[error("`{address}` is no mail address; write `name@example.com` or `Name <name@example.com>`")]
    Address {
        /// As it was written.
        address: String,
        /// What is wrong with it.
        #[source]
        source: AddressError,
    },
    /// The parts do not make a mail.
    #[error("the mail could not be built")]
    Build(#[source] lettre::error::Error),
}

/// The whole mail (RFC 5322) that `alert` goes out as: text and HTML as alternatives, lines below 998 octets.
///
/// # Errors
/// [`EmailError`] where `from` or the recipient is no address.
pub fn email_bytes(alert: &Alert, from: &str) -> Result<Vec<u8>, EmailError> {
    Ok(build(alert, from)?.formatted())
}

pub(super) async fn deliver(net: &Net, relay: &Relay, from: &str, alert: &Alert) -> Delivered {
    let mail = match build(alert, from) {
        Ok(mail) => mail,
        Err(error) => return Delivered::Refused(chain(&error)),
    };
    let envelope: &Envelope = mail.envelope();
    match net.send_mail(relay, envelope, &mail.formatted()).await {
        Ok(_) => Delivered::Acknowledged,
        Err(error) if error.is_transient() => Delivered::Retry(chain(&error)),
        Err(error) => Delivered::Refused(chain(&error)),
    }
}

fn build(alert: &Alert, from: &str) -> Result<Message, EmailError> {
    let key = alert.key.as_str();
    let mut builder = Message::builder()
        .from(mailbox(from)?)
        .to(mailbox(&alert.recipient)?)
        .subject(one_line(&alert.body.subject, SUBJECT_LIMIT))
        .date(SystemTime::from(alert.created_at))
        .message_id(Some(format!("<{key}@{MESSAGE_ID_DOMAIN}>")))
        .raw_header(raw(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"))
        .raw_header(raw(HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All"))
        .raw_header(raw(HeaderName::new_from_ascii_str("X-Porterhouse-Alert-Id"), key));
    if let Some(url) = &alert.unsubscribe {
        builder = builder
            .raw_header(raw(HeaderName::new_from_ascii_str("List-Unsubscribe"), &format!("<{url}>")))
            .raw_header(raw(HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click"));
    }
    let text = SinglePart::plain(alert.body.text.clone());
    if alert.body.html.is_empty() {
        return builder.singlepart(text).map_err(EmailError::Build);
    }
    let parts: MultiPartBuilder =
        MultiPart::builder().kind(lettre::message::MultiPartKind::Alternative).boundary(format!("porterhouse-{key}"));
    let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(alert.body.html.clone());
    builder.multipart(parts.singlepart(text).singlepart(html)).map_err(EmailError::Build)
}

fn raw(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}

fn mailbox(address: &str) -> Result<Mailbox, EmailError> {
    address.trim().parse().map_err(|source| EmailError::Address { address: address.to_owned(), source })
}
