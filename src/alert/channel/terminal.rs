//! The terminal that the program runs in, or what stands in its place: a file, a pipe, the journal.
//!
//! What people wrote is shown to somebody who looks. Where nobody does, it would be kept by a log that knows nothing of
//! retention and erasure: there an alert is one line with its kind, its key and the link.

use crate::model::{Alert, Delivered};
use crate::wording::safe_link;
use serde_json::Value;
use std::io::Write;
use std::sync::Mutex;

/// What alerts are written to; `cli` hands in standard output, a test a buffer.
pub struct Terminal {
    writer: Mutex<Box<dyn Write + Send>>,
    is_terse: bool,
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Terminal")
    }
}

impl Terminal {
    /// Writes alerts to `writer`, as a person reads them.
    #[must_use]
    pub fn new(writer: Box<dyn Write + Send>) -> Self {
        Self { writer: Mutex::new(writer), is_terse: false }
    }

    /// Writes one line for each alert to `writer`: its kind, its key, and the link where there is one; no texts.
    #[must_use]
    pub fn terse(writer: Box<dyn Write + Send>) -> Self {
        Self { writer: Mutex::new(writer), is_terse: true }
    }

    /// Writes the text, whole or not at all as far as the writer can. A closed pipe is an acknowledgement: whoever
    /// listened has heard enough, and no later attempt would reach them.
    pub(in crate::alert) fn deliver(&self, alert: &Alert) -> Delivered {
        let page = if self.is_terse { entry(alert) } else { page(alert) };
        let mut writer = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match writer.write_all(page.as_bytes()).and_then(|()| writer.flush()) {
            Ok(()) => Delivered::Acknowledged,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Delivered::Acknowledged,
            Err(error) => Delivered::Retry(format!("terminal: {error}")),
        }
    }
}

fn page(alert: &Alert) -> String {
    let text = &alert.body.text;
    // Why a mail came is of no use to somebody who started the program.
    let text = text.rsplit_once("\n-- \n").map_or(text.as_str(), |(page, _)| page);
    format!("\n{}\n", text.trim_end())
}

fn entry(alert: &Alert) -> String {
    let told = |pointer| alert.body.json.pointer(pointer).and_then(Value::as_str);
    let kind = told("/type").unwrap_or("alert");
    let link = told("/data/item/url").and_then(safe_link).map(|link| format!(" link={link}"));
    format!("{kind} key={}{}\n", alert.key, link.unwrap_or_default())
}
