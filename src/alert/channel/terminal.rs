//! The terminal that the program runs in.

use crate::model::{Alert, Delivered};
use std::io::Write;
use std::sync::Mutex;

/// What alerts are written to; `cli` hands in standard output, a test a buffer.
pub struct Terminal(Mutex<Box<dyn Write + Send>>);

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Terminal")
    }
}

impl Terminal {
    /// Writes alerts to `writer`.
    #[must_use]
    pub fn new(writer: Box<dyn Write + Send>) -> Self {
        Self(Mutex::new(writer))
    }

    /// Writes the text, whole or not at all as far as the writer can. A closed pipe is an acknowledgement: whoever
    /// listened has heard enough, and no later attempt would reach them.
    pub(in crate::alert) fn deliver(&self, alert: &Alert) -> Delivered {
        let text = &alert.body.text;
        // Why a mail came is of no use to somebody who started the program.
        let text = text.rsplit_once("\n-- \n").map_or(text.as_str(), |(page, _)| page);
        let page = format!("\n{}\n", text.trim_end());
        let mut writer = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match writer.write_all(page.as_bytes()).and_then(|()| writer.flush()) {
            Ok(()) => Delivered::Acknowledged,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Delivered::Acknowledged,
            Err(error) => Delivered::Retry(format!("terminal: {error}")),
        }
    }
}
