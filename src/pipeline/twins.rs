//! Items whose ids change from reading to reading, known again by what they say.
//!
//! Only an answer of which not one id is known comes under suspicion. In it, what the last answer held already, or
//! what the source gave before by the same author, is nothing new. Two people who say the same in one source at
//! different times keep their two items: their answers hold ids that are known. Ids that several sources share do not
//! change: who says the same twice under two of them has said it twice.

use crate::model::{Item, Memory, SourceName};
use crate::store::{ItemHashes, Known, Store, StoreError};

/// Contents that are remembered of one answer.
const CONTENTS_KEPT: usize = 500;

/// Marks as known what `known` calls new only because its id has changed; how many. Remembers the contents.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(super) fn recognize(
    memory: &mut Memory,
    (store, source): (&Store, &SourceName),
    (items, hashes): (&[Item], &[ItemHashes]),
    known: &mut [Known],
    is_first: bool,
) -> Result<usize, StoreError> {
    let contents = of_all(hashes);
    let is_named_here = items.iter().any(|item| item.key.namespace == source.as_str());
    let is_suspicious = !is_first && is_named_here && known.iter().all(|known| *known == Known::New);
    let mut n_twins = 0;
    // One item alone may be said again by somebody else.
    let is_comparable = known.len() > 1;
    if is_suspicious && is_comparable && contents == memory.contents {
        n_twins = known.len();
        known.fill(Known::Same);
    } else if is_suspicious {
        let given = given_before(store, source, items, hashes)?;
        for ((known, hashes), given) in known.iter_mut().zip(hashes).zip(given) {
            if given || is_comparable && memory.each_content.contains(&short(hashes)) {
                *known = Known::Same;
                n_twins += 1;
            }
        }
    }
    memory.contents = contents;
    memory.each_content =
        if is_suspicious { hashes.iter().take(CONTENTS_KEPT).map(short).collect() } else { Vec::new() };
    Ok(n_twins)
}

/// Which items the source has given before, by the same author.
fn given_before(
    store: &Store,
    source: &SourceName,
    items: &[Item],
    hashes: &[ItemHashes],
) -> Result<Vec<bool>, StoreError> {
    let contents: Vec<u64> = hashes.iter().map(|hashes| hashes.content_hash).collect();
    let authors = store.authors_of_contents_blocking(source, &contents)?;
    let is_by = |item: &Item, authors: &[crate::model::Author]| {
        authors.iter().any(|author| author.name == item.author.name && author.handle == item.author.handle)
    };
    Ok(items.iter().zip(&authors).map(|(item, authors)| is_by(item, authors)).collect())
}

/// One hash over the contents, whatever their order.
fn of_all(hashes: &[ItemHashes]) -> u64 {
    hashes.iter().fold(0, |sum: u64, hashes| sum.wrapping_add(hashes.content_hash.rotate_left(17)))
}

fn short(hashes: &ItemHashes) -> u32 {
    u32::try_from(hashes.content_hash >> 32).unwrap_or_default()
}
