//! The threads that read and analyze answers: few, and always the same.
//!
//! The runtime's own threads for such work come by the dozen and take turns, and each keeps for itself some of the
//! memory that it once needed for a large answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;
type Queue = Arc<Mutex<mpsc::Receiver<Job>>>;

/// The threads, begun when the first job comes. They end with the value.
#[derive(Debug)]
pub(super) struct Workers {
    n_threads: usize,
    jobs: OnceLock<mpsc::Sender<Job>>,
}

impl Workers {
    pub(super) fn new(n_threads: usize) -> Self {
        Self { n_threads, jobs: OnceLock::new() }
    }

    /// What `act` gives on one of the threads, where it may block; `None` where it panicked. To be called on a
    /// runtime, which the threads use from then on.
    pub(super) async fn run<T: Send + 'static>(&self, act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        // Nobody may wait any more: then the service is stopping.
        let job = Box::new(move || drop(reply.send(act())));
        self.jobs.get_or_init(|| start(self.n_threads, &Handle::current())).send(job).ok()?;
        answer.await.ok()
    }
}

fn start(n_threads: usize, runtime: &Handle) -> mpsc::Sender<Job> {
    let (jobs, queue) = mpsc::channel();
    let queue: Queue = Arc::new(Mutex::new(queue));
    for _ in 0..n_threads {
        let (queue, runtime) = (Arc::clone(&queue), runtime.clone());
        let work = move || {
            let _inside = runtime.enter();
            while let Some(job) = next(&queue) {
                // The answer's state says that it broke its reader.
                drop(catch_unwind(AssertUnwindSafe(job)));
            }
        };
        if let Err(error) = thread::Builder::new().name("answers".to_owned()).spawn(work) {
            tracing::error!(%error, "a thread that reads answers could not be begun");
        }
    }
    jobs
}

fn next(queue: &Queue) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_panics_ends_no_thread() {
        let workers = Workers::new(1);
        assert_eq!(workers.run(|| panic!("as it should")).await, None::<()>);
        assert_eq!(workers.run(|| 7).await, Some(7));
    }
}
