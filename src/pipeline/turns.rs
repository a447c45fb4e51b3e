//! Turns at the cores: how many answers are read and analyzed at once, by their size.
//!
//! The network brings a hundred answers side by side; each that is read at the same time costs a thread and several
//! times its own bytes. So there are as many turns as cores, and a large answer takes those of several: at most one of
//! the largest is read at a time, while at least one core goes on with the small ones.

use super::workers::Workers;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What one core may take on at a time; a larger answer takes the turns of several.
const BYTES_PER_CORE: usize = 256 << 10;

/// The turns of all cores. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    cores: u32,
    free: Arc<Semaphore>,
    workers: Arc<Workers>,
}

impl Turns {
    /// Turns for every core of this machine, three at least: so that one of the largest answers leaves a turn to the small.
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(3, |cores| cores.get().clamp(3, 1024));
        let cores = u32::try_from(cores).unwrap_or(3);
        Self::of(cores)
    }

    fn of(cores: u32) -> Self {
        let workers = Arc::new(Workers::new(cores as usize));
        Self { cores, free: Arc::new(Semaphore::new(cores as usize)), workers }
    }

    /// Reads an answer of `bytes` by `act`, away from the network's threads, once it is its turn: first come, first
    /// served. `None` where it panicked.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        act: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turns = self.turns_for(bytes);
        let _turn = self.free.acquire_many(turns).await.expect("the semaphore of the turns is never closed");
        self.workers.run(act).await
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
        let turns = Turns::of(4);
        assert_eq!([0, 1, 256 << 10, (256 << 10) + 1, usize::MAX].map(|bytes| turns.turns_for(bytes)), [1, 1, 1, 2, 3]);
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (let_go, wait) = std::sync::mpsc::channel::<()>();
        let of_large = turns.clone();
        let large = tokio::spawn(async move {
            let act = move || {
                begun.send(()).expect("awaited");
                wait.recv().expect("told");
            };
            of_large.read(10 << 20, act).await
        });
        has_begun.await.expect("its turn");
        assert_eq!(turns.free.available_permits(), 1, "another large answer has to wait");
        assert_eq!(turns.read(10 << 10, || 7).await, Some(7), "a small one goes on");
        let_go.send(()).expect("waited for");
        assert_eq!(large.await.expect("read"), Some(()));
        assert_eq!(turns.free.available_permits(), 4);
    }
}
