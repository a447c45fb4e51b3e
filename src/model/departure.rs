//! That an item is no longer what it was at its origin: edited, deleted, hidden; and how we know.

use super::{BrandId, ItemId, ItemKey, SourceName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of an item at its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// It is as it was first read.
    Live,
    /// Its author changed it.
    Edited,
    /// It was deleted, and no copy of it comes back.
    Deleted,
    /// It is not shown, and comes back where it is read again: a closed account may be opened again.
    Hidden,
}

impl ItemState {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Hidden => "hidden",
        }
    }

    /// The state that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Live, Self::Edited, Self::Deleted, Self::Hidden].into_iter().find(|state| state.as_str() == name)
    }
}

/// How we know that an item is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Its source said so when it was read.
    Told,
    /// Its author's account was closed.
    AccountClosed,
    /// Asked for this item, the service marked it as gone.
    Marked,
    /// Asked for this item, the service did not have it, while it had others.
    MissingAmongOthers,
    /// Asked for this item twice, some time apart, the service did not have it.
    MissingTwice,
}

impl Proof {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::AccountClosed => "account_closed",
            Self::Marked => "marked",
            Self::MissingAmongOthers => "missing_among_others",
            Self::MissingTwice => "missing_twice",
        }
    }

    /// The proof that `as_str` names, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Told, Self::AccountClosed, Self::Marked, Self::MissingAmongOthers, Self::MissingTwice]
            .into_iter()
            .find(|proof| proof.as_str() == name)
    }
}

/// An item that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Which.
    pub key: ItemKey,
    /// Where to.
    pub to: Exit,
    /// The revision at which it left, where its stream numbers them: what is later is no old copy. Empty elsewhere.
    pub revision: String,
}

/// Where an item leaves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It was deleted: a tombstone without content stays, past which no copy comes back.
    Deleted(Proof),
    /// It is not shown: a tombstone stays until it is read again.
    Hidden(Proof),
    /// It was edited and names no brand any more: nothing of it stays, and a further edit may bring it back.
    Unsaid,
    /// It does not leave: it was deleted before and then published anew under its old id.
    Back,
}

impl Departure {
    /// Without a revision.
    #[must_use]
    pub fn new(key: ItemKey, to: Exit) -> Self {
        Self { key, to, revision: String::new() }
    }

    /// What its source said was deleted.
    #[must_use]
    pub fn told(key: ItemKey) -> Self {
        Self::new(key, Exit::Deleted(Proof::Told))
    }
}

/// What stays of an item that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoneTrace {
    /// The row that it had.
    pub item_id: ItemId,
    /// The source that gave it first.
    pub source: SourceName,
    /// Deleted or hidden.
    pub state: ItemState,
    /// How we know.
    pub proof: Proof,
    /// When we learned of it.
    pub gone_at: Timestamp,
}

/// What stays of the card of a mention whose item is gone. Nothing of what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedCard {
    /// The row that the item had.
    pub item_id: ItemId,
    /// The brand that it was about.
    pub brand: BrandId,
    /// Always `deleted` or `hidden`.
    pub state: ItemState,
    /// When it was first read.
    pub seen_at: Timestamp,
    /// When we learned that it is gone.
    pub closed_at: Timestamp,
    /// Somebody could still have acted on it.
    pub was_open: bool,
    /// When a team was told of it; `None` where nobody was.
    pub told_at: Option<Timestamp>,
}

/// An item that is to be looked at once more at its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct DueLook {
    /// It as it is kept.
    pub item: super::Item,
    /// When it was first read.
    pub seen_at: Timestamp,
    /// When the service first did not have it; `None` where it always had it.
    pub missed_at: Option<Timestamp>,
    /// Somebody may still act on it.
    pub is_open: bool,
    /// Its look is due; else it only shows whether the service answers at all.
    pub is_due: bool,
}

/// What a look left behind, to be written down with what it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The item.
    pub key: ItemKey,
    /// When to look next; `None` means never again.
    pub next_at: Option<Timestamp>,
    /// When the service first did not have it; `None` where it had it now.
    pub missed_at: Option<Timestamp>,
}

/// What of an opportunity is otherwise after an edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// Until when.
    pub deadline: bool,
    /// Where.
    pub place: bool,
    /// What it is.
    pub kinds: bool,
    /// There is none any more.
    pub vanished: bool,
}

impl Turn {
    /// Whether nothing is otherwise.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// The words used in SQL: `deadline place`.
    #[must_use]
    pub fn words(self) -> String {
        let words =
            [(self.deadline, "deadline"), (self.place, "place"), (self.kinds, "kinds"), (self.vanished, "vanished")];
        words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    }

    /// What `words` named; words that nobody knows say nothing.
    #[must_use]
    pub fn from_words(words: &str) -> Self {
        let has = |word: &str| words.split(' ').any(|other| other == word);
        Self { deadline: has("deadline"), place: has("place"), kinds: has("kinds"), vanished: has("vanished") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_comes_back_from_its_words() {
        for n in 0..16_u8 {
            let turn = Turn { deadline: n & 1 > 0, place: n & 2 > 0, kinds: n & 4 > 0, vanished: n & 8 > 0 };
            assert_eq!(Turn::from_words(&turn.words()), turn);
        }
    }
}
