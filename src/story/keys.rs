//! The keys under which the items are found that may tell the same.

use super::telling::{Telling, run_hash};
use twox_hash::XxHash3_64;

/// Words that open a text, and the fewest that a text must have for them to say anything.
const OPENING_WORDS: usize = 6;
pub(super) const FEWEST_WORDS: usize = 4;
/// Words from which an article may be known again by its text.
pub(super) const ARTICLE_WORDS: usize = 30;
/// How many of its runs of words, those with the smallest hashes, an article is found by: any text that holds most
/// of them shares one of the smallest (A. Broder, "On the resemblance and containment of documents", 1997).
const SKETCH_SIZE: usize = 8;

/// The keys of an item; two that share none tell nothing in common that we would see. At most ten.
///
/// Bands of a simhash, four of 16 bits, would find what differs in three bits: an edited paragraph differs in twelve,
/// and half of a text in more. The smallest hashes of its runs find both.
#[must_use]
pub fn keys(telling: &Telling) -> Vec<u64> {
    let mut keys: Vec<u64> = telling.addresses.iter().map(|address| salted("address", *address)).collect();
    if telling.is_article && telling.words.len() >= ARTICLE_WORDS {
        let mut runs: Vec<u64> = telling.shingles().into_iter().collect();
        runs.sort_unstable();
        keys.extend(runs.into_iter().take(SKETCH_SIZE).map(|run| salted("run", run)));
    } else if telling.words.len() >= FEWEST_WORDS {
        let handle = telling.handle.filter(|_| telling.reposted.is_none());
        let opening = run_hash(telling.words.get(..OPENING_WORDS.min(telling.words.len())).unwrap_or_default());
        let who = [telling.reposted, handle, telling.name].into_iter().flatten();
        keys.extend(who.map(|who| salted("opening", opening ^ who.rotate_left(7))));
        keys.extend(copy_key(telling));
    }
    keys
}

/// The key of all with just these words, whoever wrote them; `None` where they are too few, or only passed on.
#[must_use]
pub fn copy_key(telling: &Telling) -> Option<u64> {
    let counts = telling.words.len() >= FEWEST_WORDS && telling.reposted.is_none();
    counts.then(|| salted("copy", run_hash(&telling.unaddressed)))
}

/// Of kinds that are stored together, so that none is taken for another.
fn salted(kind: &str, hash: u64) -> u64 {
    XxHash3_64::oneshot_with_seed(hash, kind.as_bytes())
}
