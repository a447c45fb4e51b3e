//! Items that tell the same thing, seen as one.

use serde::{Deserialize, Serialize};

/// How far the story goes that an item tells. The default is one that nobody else tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Items that tell it, this one counted; 0 where it stands alone.
    pub items: u64,
    /// Sources that gave them.
    pub sources: u64,
    /// Known followers of all who told it, added up; `None` where none is known.
    pub reach: Option<u64>,
}

impl Story {
    /// Whether nobody else tells it.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.items < 2
    }
}
