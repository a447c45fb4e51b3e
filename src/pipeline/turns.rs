//! Turns at the cores: how many answers are read and analyzed at once, by their size.
//!
//! The network brings a hundred answers side by side; each that is read at the same time costs a thread and several
//! times its own bytes. So there are as many turns as cores, and a large answer takes those of several: at most one of
//! the largest is read at a time, while at least one core goes on with the small ones.

use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// What one core may take on at a time; a larger answer takes the turns of several.
const BYTES_PER_CORE: usize = 256 << 10;

/// The turns of all cores. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    cores: u32,
    free: Arc<Semaphore>,
}

impl Turns {
    /// Turns for every core of this machine, three at least: so that one of the largest answers leaves a turn to the small.
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(3, |cores| cores.get().clamp(3, 1024));
        let cores = u32::try_from(cores).unwrap_or(3);
        Self { cores, free: Arc::new(Semaphore::new(cores as usize)) }
    }

    /// Waits for the turn of an answer of `bytes`; first come, first served. The turn ends when it is dropped.
    pub(super) async fn take(&self, bytes: usize) -> SemaphorePermit<'_> {
        let turns = self.turns_for(bytes);
        self.free.acquire_many(turns).await.expect("the semaphore of the turns is never closed")
    }

    fn turns_for(&self, bytes: usize) -> u32 {
        let wanted = u32::try_from(bytes.div_ceil(BYTES_PER_CORE)).unwrap_or(u32::MAX);
        wanted.clamp(1, self.cores - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn large_answers_leave_a_core_to_the_small_ones() {
        use futures_util::FutureExt;
        let turns = Turns { cores: 4, free: Arc::new(Semaphore::new(4)) };
        let large = turns.take(10 << 20).now_or_never().expect("all are free");
        assert!(turns.take(10 << 20).now_or_never().is_none(), "one large answer at a time");
        let small = turns.take(10 << 10).now_or_never().expect("a core is left");
        drop((large, small));
        assert_eq!([0, 1, 256 << 10, (256 << 10) + 1, usize::MAX].map(|bytes| turns.turns_for(bytes)), [1, 1, 1, 2, 3]);
    }
}
