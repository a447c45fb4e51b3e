//! What the house has learned of spam, read anew when somebody said something of it.

use crate::analyze::Learned;
use crate::store::{Store, StoreError};
use std::sync::{Arc, Mutex, PoisonError};

/// What was learned, and the mark of the lessons it was learned from; shared by all who read sources.
#[derive(Clone, Default)]
pub(super) struct Learning(Arc<Mutex<(i64, Arc<Learned>)>>);

impl Learning {
    /// What is learned now, for a thread that may block: corrections are made by other processes, too.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub(super) fn now(&self, store: &Store) -> Result<Arc<Learned>, StoreError> {
        let (mark, learned) = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(lessons) = store.spam_lessons_blocking(mark)? else { return Ok(learned) };
        let learned = Arc::new(Learned::of(&lessons));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (lessons.mark, Arc::clone(&learned));
        Ok(learned)
    }
}
