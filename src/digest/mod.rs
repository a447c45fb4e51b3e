//! The periodic summary by e-mail: what needs a hand first, what could not be read last.
//!
//! In: [`DigestFacts`](crate::model::DigestFacts) and the settings. Out: when one is due ([`due`]), what it says
//! ([`render`]), and the alert that the outbox sends ([`alert`]). It asks no store and no clock.

mod feelings;
mod letter;
mod sources;
mod window;

pub use letter::render;
pub use window::{Due, day, due};

use crate::model::{Alert, AlertBody, AlertKey, ChannelName, ItemId, RouteName};
use crate::text::hash_hex;
use crate::wording::Links;
use jiff::{Timestamp, civil::Date};

/// When the digest is made, and for whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The e-mail channel that sends it; `None` means that none is sent.
    pub channel: Option<ChannelName>,
    /// The local time, for instance 07:30.
    pub at: jiff::civil::Time,
    /// The zone of that time (IANA).
    pub zone: String,
    /// The language: `en` or `de`.
    pub language: String,
    /// What makes the link by which a recipient leaves; `None` where nobody could follow it.
    pub links: Option<Links>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channel: None,
            at: jiff::civil::time(7, 30, 0, 0),
            zone: "UTC".to_owned(),
            language: "en".to_owned(),
            links: None,
        }
    }
}

/// One digest, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestMail {
    /// The subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A whole HTML document below 102 kB; foreign text escaped.
    pub html: String,
    /// The items that it may tell of, so that it can be taken back when one of them is deleted before it is sent.
    pub items: Vec<ItemId>,
}

/// The alert that brings the digest of the local day `date` to `recipient`.
///
/// Its key is hash("digest", recipient, date): one digest for each recipient and local day, however often it is made.
#[must_use]
pub fn alert(mail: &DigestMail, date: Date, recipient: &str, channel: &ChannelName, now: Timestamp) -> Alert {
    let day = date.to_string();
    Alert {
        key: AlertKey::new(hash_hex(&["digest", recipient, &day])),
        route: RouteName("digest".to_owned()),
        channel: channel.clone(),
        recipient: recipient.to_owned(),
        notices: Vec::new(),
        body: AlertBody {
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            json: serde_json::json!({
                "type": "digest.made",
                "timestamp": now.to_string(),
                "data": { "date": day, "items": mail.items, "subject": mail.subject, "text": mail.text },
            }),
        },
        unsubscribe: None,
        created_at: now,
    }
}

#[cfg(test)]
mod tests;
