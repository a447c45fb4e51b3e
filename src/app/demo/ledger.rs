//! What a sink has received and which faults it is to show next.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The book of one sink: what came in, in order, and the faults that are still to come, one for each connection.
#[derive(Debug)]
pub struct Ledger<Received, Fault> {
    received: Mutex<Vec<Received>>,
    faults: Mutex<VecDeque<Fault>>,
    n_received: watch::Sender<usize>,
}

impl<Received, Fault> Default for Ledger<Received, Fault> {
    fn default() -> Self {
        Self { received: Mutex::default(), faults: Mutex::default(), n_received: watch::Sender::new(0) }
    }
}

impl<Received: Clone, Fault> Ledger<Received, Fault> {
    /// The next connection that has no fault yet shows this one.
    pub fn fail_next(&self, fault: Fault) {
        lock(&self.faults).push_back(fault);
    }

    /// Faults that no connection has shown yet are not shown any more.
    pub fn forget_faults(&self) {
        lock(&self.faults).clear();
    }

    /// The fault of a connection that begins now.
    pub fn next_fault(&self) -> Option<Fault> {
        lock(&self.faults).pop_front()
    }

    /// Writes down what came in.
    pub fn keep(&self, received: Received) {
        let n_received = {
            let mut book = lock(&self.received);
            book.push(received);
            book.len()
        };
        self.n_received.send_replace(n_received);
    }

    /// Everything that came in so far, in order.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        lock(&self.received).clone()
    }

    /// How much came in so far.
    #[must_use]
    pub fn n_received(&self) -> usize {
        *self.n_received.borrow()
    }

    /// Everything that came in, once it is at least `n`. Waits as long as that takes; the caller sets the bound.
    pub async fn wait_for(&self, n: usize) -> Vec<Received> {
        let mut count = self.n_received.subscribe();
        // The sender lives as long as `self`, so the wait ends only with enough.
        let _ = count.wait_for(|n_received| *n_received >= n).await;
        self.received()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
