//! Which changes were heard already: streams repeat themselves, and sometimes turn their order around.
//!
//! Two generations of a fixed size: what was not heard of for long is forgotten, so that memory stays flat.

use std::collections::HashMap;

/// Changes that one generation knows.
const GENERATION: usize = 1 << 15;

/// The beginning of a revision; longer ones than those of any network are cut.
type Revision = [u8; 16];

/// The last revision of each item that was heard of lately.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    young: HashMap<u64, Revision>,
    old: HashMap<u64, Revision>,
}

impl Repeats {
    /// Whether `revision` of the item with that key hash is later than all heard of; it is noted. One without a revision
    /// always is.
    pub(super) fn is_news(&mut self, key_hash: u64, revision: &str) -> bool {
        if revision.is_empty() {
            return true;
        }
        let mut this = Revision::default();
        for (slot, byte) in this.iter_mut().zip(revision.bytes()) {
            *slot = byte;
        }
        if self.young.get(&key_hash).or_else(|| self.old.get(&key_hash)).is_some_and(|known| *known >= this) {
            return false;
        }
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key_hash, this);
        true
    }

    /// Whether a change of the item with that key hash was heard of lately.
    pub(super) fn knows(&self, key_hash: u64) -> bool {
        self.young.contains_key(&key_hash) || self.old.contains_key(&key_hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_what_was_overtaken_are_no_news_and_memory_is_bounded() {
        let mut repeats = Repeats::default();
        let news = [(1, "b"), (1, "b"), (1, "a"), (1, "c"), (2, "a"), (2, ""), (2, "")];
        let told: Vec<bool> = news.iter().map(|(key, revision)| repeats.is_news(*key, revision)).collect();
        assert_eq!(told, [true, false, false, true, true, true, true]);
        for key in 10..200_000 {
            repeats.is_news(key, "a");
        }
        assert!(repeats.young.len() + repeats.old.len() <= 2 * GENERATION);
        assert!(!repeats.is_news(199_999, "a") && !repeats.is_news(199_999 - GENERATION as u64, "a"));
    }
}
