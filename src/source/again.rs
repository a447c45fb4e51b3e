//! The second look: is what was kept still there, and as it was?
//!
//! In: keys of kept items. Out: questions to ask their service, and what an answer says of each of them. An engine only
//! says what it saw; what follows from it is decided by who asks, because one answer alone may lie.

use crate::model::{Item, ItemKey, Request};

/// One question about some items.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What to ask.
    pub request: Request,
    /// The items that it asks about.
    pub keys: Vec<ItemKey>,
}

/// What an answer says of one item. Of what is not named nothing was learned.
#[derive(Debug, Clone, PartialEq)]
pub enum Sight {
    /// It is there.
    There {
        /// As it is now; parts that this answer does not give are empty.
        item: Box<Item>,
        /// Its text comes in the form that the list gives, so that another text is an edit.
        same_form: bool,
    },
    /// The service marks it as deleted.
    Deleted,
    /// The service marks it as taken down.
    Hidden,
    /// The service does not have it.
    Missing,
    /// The service does not show it to us: it, or everything.
    Refused,
}
