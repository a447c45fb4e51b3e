//! The periodic summary by e-mail.

use crate::model::ChannelName;

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
}

impl Default for Settings {
    fn default() -> Self {
        Self { channel: None, at: jiff::civil::time(7, 30, 0, 0), zone: "UTC".to_owned(), language: "en".to_owned() }
    }
}
