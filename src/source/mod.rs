//! Reads one family of sources each: says what to ask for and reads what came back. Does no I/O, holds no secret.

use crate::model::{Batch, Cursor, Request, Response};
use jiff::Timestamp;

/// One place that is read.
pub trait Source: Send + Sync {
    /// The first requests of a reading that begins at `cursor`.
    fn start(&self, cursor: &Cursor, now: Timestamp) -> Vec<Request>;

    /// Reads one answer. Broken entries land in `Batch::problems`; the rest still counts.
    ///
    /// # Errors
    /// [`ReadError`] where nothing of the answer could be read.
    fn read(&self, cursor: &Cursor, request: &Request, response: &Response, now: Timestamp)
    -> Result<Batch, ReadError>;
}

/// Nothing of an answer could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {}
