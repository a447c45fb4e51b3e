//! The next rows of a file, studied: what a commit of an import consists of.

use super::super::Parts;
use super::super::reading::{Occasion, hashes, sort};
use super::ImportError;
use crate::model::{Fingerprint, Item, KeptItem, Refusal, SourceSpec};
use crate::source::import::{Entry, Rows};
use crate::store::Known;
use jiff::Timestamp;

/// Rows of one commit, and the bytes of text after which it ends sooner.
const ROWS: u64 = 1_000;
const TEXT_BYTES: usize = 4 << 20;

/// A file that is being read.
pub(super) struct Reader {
    pub(super) rows: Rows,
    pub(super) spec: SourceSpec,
    pub(super) is_first: bool,
    pub(super) now: Timestamp,
}

/// What some rows gave.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) kept: Vec<KeptItem>,
    pub(super) passed: Vec<Fingerprint>,
    pub(super) refused: Vec<Refusal>,
    pub(super) n_rows: u64,
    pub(super) n_changed: u64,
    pub(super) n_mentions: u64,
    /// Bytes of the file that were read until here.
    pub(super) n_bytes: u64,
    pub(super) is_last: bool,
}

/// Reads and studies the next rows.
pub(super) fn next_batch(parts: &Parts, mut reader: Reader) -> Result<(Batch, Reader), ImportError> {
    let mut batch = Batch::default();
    let mut items: Vec<Item> = Vec::new();
    let mut n_text_bytes = 0;
    while batch.n_rows < ROWS && n_text_bytes < TEXT_BYTES {
        match reader.rows.next_entry()? {
            None => {
                batch.is_last = true;
                break;
            }
            Some(Entry::Refused(refusal)) => batch.refused.push(refusal),
            Some(Entry::Item(mut item)) => {
                n_text_bytes += item.text.len();
                item.medium = reader.spec.medium.unwrap_or(item.medium);
                item.lang = item.lang.take().or_else(|| reader.spec.lang.clone());
                items.push(*item);
            }
        }
        batch.n_rows += 1;
    }
    batch.n_bytes = reader.rows.n_bytes();
    let hashes = hashes(&items);
    let known = parts.store.known_blocking(hashes.clone(), reader.now)?;
    batch.n_changed = known.iter().filter(|known| **known == Known::Changed).count() as u64;
    let learned = parts.learning.now(&parts.store)?;
    let occasion = Occasion { is_first: reader.is_first, has_stories: reader.spec.stories, now: reader.now };
    let sorted = sort((parts, &learned), items, &hashes, &known, occasion);
    batch.n_mentions = sorted.kept.iter().map(|kept| kept.analysis.mentions.len() as u64).sum();
    (batch.kept, batch.passed) = (sorted.kept, sorted.passed);
    Ok((batch, reader))
}
