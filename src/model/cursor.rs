//! Where a source was last read up to.

use serde::{Deserialize, Serialize};

/// A source's own note of how far it was read: opaque JSON to everybody but its engine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub serde_json::Value);
