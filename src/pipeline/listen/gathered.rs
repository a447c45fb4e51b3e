//! What was heard since the last commit: of each item its latest form, or that it is gone.

use super::repeats::Repeats;
use crate::model::{Exit, Gap, Item, ItemKey, Proof};
use crate::source::Event;
use crate::store::key_hash;
use std::collections::{HashMap, HashSet};

/// What waits to be committed.
#[derive(Default)]
pub(super) struct Gathered {
    items: HashMap<u64, Item>,
    deleted: HashMap<u64, ItemKey>,
    gone: Vec<(String, String, Exit)>,
    gaps: Vec<Gap>,
    revisions: HashMap<u64, String>,
}

/// What a commit takes on.
#[derive(Default)]
pub(super) struct Haul {
    pub(super) items: Vec<Item>,
    pub(super) deleted: Vec<ItemKey>,
    /// Namespace and beginning of the ids of authors that are gone, and where to.
    pub(super) gone: Vec<(String, String, Exit)>,
    pub(super) gaps: Vec<Gap>,
    /// The revisions of `items` and `deleted`, by the hashes of their keys.
    pub(super) revisions: HashMap<u64, String>,
}

impl Haul {
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.deleted.is_empty() && self.gone.is_empty() && self.gaps.is_empty()
    }
}

impl Gathered {
    /// Takes in what a message means; its words, where the stream is about to end. `kept` are the key hashes of what the
    /// store has; `matters` says of a changed item that is not kept whether it is to be.
    pub(super) fn take(
        &mut self,
        event: Event,
        (repeats, kept): (&mut Repeats, &HashSet<u64>),
        matters: &dyn Fn(&Item) -> bool,
    ) -> Option<String> {
        match event {
            Event::Nothing => None,
            Event::Ending(words) => Some(words),
            Event::Item { item, revision } => {
                let key = key_hash(&item.key);
                let is_known = kept.contains(&key) || self.items.contains_key(&key);
                if (is_known || matters(&item)) && repeats.is_news(key, &revision) {
                    self.deleted.remove(&key);
                    self.items.insert(key, *item);
                    self.revisions.insert(key, revision);
                }
                None
            }
            Event::Deleted { key: of, revision } => {
                let key = key_hash(&of);
                if repeats.is_news(key, &revision) {
                    self.items.remove(&key);
                    if kept.contains(&key) {
                        self.deleted.insert(key, of);
                        self.revisions.insert(key, revision);
                    }
                }
                None
            }
            Event::AuthorGone { namespace, id_prefix, is_deleted, revision } => {
                // An author has no item's key, and shares the memory of repeats with those.
                let author = key_hash(&ItemKey { namespace: namespace.clone(), id: id_prefix.clone() });
                if !repeats.is_news(author, &revision) {
                    return None;
                }
                self.items.retain(|_, item| item.key.namespace != namespace || !item.key.id.starts_with(&id_prefix));
                let proof = Proof::AccountClosed;
                let to = if is_deleted { Exit::Deleted(proof) } else { Exit::Hidden(proof) };
                self.gone.push((namespace, id_prefix, to));
                None
            }
            Event::Gap { from, to, then } => {
                self.gaps.push(Gap::new(from, to));
                self.take(*then, (repeats, kept), matters)
            }
        }
    }

    /// Takes in an item that was found otherwise; whether it is new. What the stream says of it goes before.
    pub(super) fn find(&mut self, item: Item, repeats: &Repeats, kept: &HashSet<u64>) -> bool {
        let key = key_hash(&item.key);
        if self.items.contains_key(&key) || repeats.knows(key) {
            return false;
        }
        self.items.insert(key, item);
        !kept.contains(&key)
    }

    /// How many changes wait.
    pub(super) fn len(&self) -> usize {
        self.items.len() + self.deleted.len() + self.gone.len()
    }

    /// Everything that waits; nothing does afterwards.
    pub(super) fn haul(&mut self) -> Haul {
        let Self { items, deleted, gone, gaps, revisions } = std::mem::take(self);
        Haul { items: items.into_values().collect(), deleted: deleted.into_values().collect(), gone, gaps, revisions }
    }
}
