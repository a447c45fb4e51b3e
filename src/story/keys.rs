//! The keys under which the items are found that may tell the same.

use super::telling::{Telling, run_hash};
use twox_hash::XxHash3_64;

/// Words of a text that open it, and the fewest that a text must have for its opening to say anything.
const OPENING_WORDS: usize = 6;
pub(super) const FEWEST_WORDS: usize = 4;
/// Words from which an article may be known again by its text.
pub(super) const ARTICLE_WORDS: usize = 30;
/// How many of its runs of words, those with the smallest hashes, an article is found by: any text that holds most
/// of them shares one of the smallest (A. Broder, "On the resemblance and containment of documents", 1997).
const SKETCH_SIZE: usize = 4;

/// The keys of an item; two that share none tell nothing in common that we would see. At most nine.
///
/// Bands of a simhash, four of 16 bits, would find what differs in three bits: an edited paragraph differs in twelve,
/// and half of a text in more. The smallest hashes of its runs find both.
#[must_use]
pub fn keys(telling: &Telling) -> Vec<u64> {
    let mut keys: Vec<u64> = telling.addresses.iter().map(|address| salted("address", *address)).collect();
    if telling.words.len() >= FEWEST_WORDS {
        let words = telling.words.get(..OPENING_WORDS.min(telling.words.len())).unwrap_or_default();
        let opening = run_hash(words);
        let who = [telling.reposted, telling.handle.filter(|_| telling.reposted.is_none()), telling.name];
        keys.extend(who.into_iter().flatten().map(|who| salted("opening", opening ^ who.rotate_left(7))));
    }
    if telling.is_article && telling.words.len() >= ARTICLE_WORDS {
        let mut runs: Vec<u64> = telling.shingles().into_iter().collect();
        runs.sort_unstable();
        keys.extend(runs.into_iter().take(SKETCH_SIZE).map(|run| salted("run", run)));
    }
    keys
}

/// Of kinds that are stored together, so that none is taken for another.
fn salted(kind: &str, hash: u64) -> u64 {
    XxHash3_64::oneshot_with_seed(hash, kind.as_bytes())
}
