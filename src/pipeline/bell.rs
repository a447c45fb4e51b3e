//! What one part of the house tells another while it runs: which hub a source names now, which source to read soon.
//!
//! Nothing is lost where the program ends before somebody listens: both stand in the store as well.

use crate::model::{Hub, SourceName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by all that work on one store.
#[derive(Debug, Default)]
pub struct Bell {
    hubs: Mutex<BTreeMap<SourceName, Option<Hub>>>,
    hurried: Mutex<BTreeSet<SourceName>>,
}

impl Bell {
    /// An answer of `source` names another hub than the one before, or none any more.
    pub(super) fn name_hub(&self, source: SourceName, hub: Option<Hub>) {
        open(&self.hubs).insert(source, hub);
    }

    /// Takes what was named since the last look.
    pub(super) fn take_hubs(&self) -> BTreeMap<SourceName, Option<Hub>> {
        std::mem::take(&mut open(&self.hubs))
    }

    /// `source` is to be read as soon as may be.
    pub(super) fn hurry(&self, source: SourceName) {
        open(&self.hurried).insert(source);
    }

    /// Takes the sources that are to be read soon.
    #[must_use]
    pub fn take_hurried(&self) -> BTreeSet<SourceName> {
        std::mem::take(&mut open(&self.hurried))
    }
}

fn open<T>(told: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is one insertion: nobody leaves it half done.
    told.lock().unwrap_or_else(PoisonError::into_inner)
}
