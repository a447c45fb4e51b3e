//! The room that bodies in flight share, in bytes.
//!
//! A body takes its share as it arrives and waits where there is none. Handing out shares freely could end with
//! every body half read and all waiting for each other, so a share is given only while some order remains in which
//! all bodies can be finished (the banker's rule): one body alone always passes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// Shares grow in steps of this many bytes, so that not every piece asks anew.
pub(super) const STEP_BYTES: usize = 64 << 10;

/// The room. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Room {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    total: usize,
    books: Mutex<Books>,
    freed: Notify,
}

#[derive(Debug, Default, PartialEq)]
struct Books {
    next_id: u64,
    held: usize,
    bodies: BTreeMap<u64, Claim>,
}

/// What one body holds, and the most that it may come to hold.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Claim {
    held: usize,
    most: usize,
}

/// One body's share of the room, given back when dropped.
#[derive(Debug)]
pub struct Share {
    inner: Arc<Inner>,
    id: u64,
    held: usize,
}

impl Room {
    pub(super) fn new(total: usize) -> Self {
        Self { inner: Arc::new(Inner { total, books: Mutex::default(), freed: Notify::new() }) }
    }

    /// What is taken now.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.inner.books().held
    }

    /// An empty share for a body of at most `most` bytes.
    pub(super) fn share(&self, most: usize) -> Share {
        let mut books = self.inner.books();
        let id = books.next_id;
        books.next_id += 1;
        if most > 0 {
            books.bodies.insert(id, Claim { held: 0, most: most.min(self.inner.total) });
        }
        drop(books);
        Share { inner: Arc::clone(&self.inner), id, held: 0 }
    }
}

impl Share {
    /// Waits until the share is at least `bytes` (or all the room). Returns how long that took, `None` past
    /// `deadline`.
    pub(super) async fn hold(&mut self, bytes: usize, deadline: Duration) -> Option<Duration> {
        if bytes <= self.held || self.held >= self.inner.total {
            return Some(Duration::ZERO);
        }
        let wanted = bytes.next_multiple_of(STEP_BYTES).min(self.inner.total);
        let began = Instant::now();
        let inner = Arc::clone(&self.inner);
        loop {
            let freed = inner.freed.notified();
            tokio::pin!(freed);
            // Listens before looking, so that nothing given back in between is missed.
            freed.as_mut().enable();
            if inner.try_give(self.id, wanted) {
                self.held = wanted;
                return Some(began.elapsed());
            }
            timeout_at(began + deadline, freed).await.ok()?;
        }
    }

    /// The body is whole: gives back what is above its true size.
    pub(super) fn settle(&mut self, bytes: usize) {
        let kept = bytes.min(self.held);
        let mut books = self.inner.books();
        books.held -= self.held - kept;
        if let Some(claim) = books.bodies.get_mut(&self.id) {
            *claim = Claim { held: kept, most: kept };
        }
        drop(books);
        self.held = kept;
        self.inner.freed.notify_waiters();
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut books = self.inner.books();
        let known = books.bodies.remove(&self.id).is_some();
        books.held -= self.held;
        drop(books);
        if known {
            self.inner.freed.notify_waiters();
        }
    }
}

impl Inner {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_give(&self, id: u64, wanted: usize) -> bool {
        let mut books = self.books();
        let Some(before) = books.bodies.get(&id).copied() else { return true };
        let after = Claim { held: wanted, most: before.most.max(wanted) };
        books.bodies.insert(id, after);
        let held = books.held + wanted - before.held;
        let given = held <= self.total && can_all_finish(self.total - held, books.bodies.values());
        if given {
            books.held = held;
        } else {
            books.bodies.insert(id, before);
        }
        given
    }
}

/// Whether the bodies can be finished one after the other with `free` bytes left.
fn can_all_finish<'a>(free: usize, bodies: impl Iterator<Item = &'a Claim>) -> bool {
    let (at_once, mut later): (Vec<Claim>, Vec<Claim>) =
        bodies.copied().partition(|claim| claim.most - claim.held <= free);
    let mut free = free + at_once.iter().map(|claim| claim.held).sum::<usize>();
    // The smallest need first is the best order: whoever finishes gives back all it holds.
    later.sort_unstable_by_key(|claim| claim.most - claim.held);
    later.iter().all(|claim| {
        let fits = claim.most - claim.held <= free;
        free += claim.held;
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use proptest::prelude::*;

    const MEGABYTE: usize = 1 << 20;
    const MINUTE: Duration = Duration::from_secs(60);

    fn takes(share: &mut Share, bytes: usize) -> bool {
        share.hold(bytes, MINUTE).now_or_never().flatten().is_some()
    }

    #[tokio::test]
    async fn one_body_alone_always_passes() {
        let room = Room::new(MEGABYTE);
        let mut share = room.share(usize::MAX);
        assert!(takes(&mut share, MEGABYTE));
        assert!(takes(&mut share, 50 * MEGABYTE), "larger than all the room");
    }

    #[tokio::test]
    async fn two_half_read_bodies_never_wait_for_each_other() {
        let room = Room::new(3 * MEGABYTE);
        let (mut first, mut second) = (room.share(2 * MEGABYTE), room.share(2 * MEGABYTE));
        assert!(takes(&mut first, MEGABYTE));
        assert!(takes(&mut second, MEGABYTE));
        assert!(takes(&mut first, 2 * MEGABYTE), "the rest belongs to one of them");
        assert!(!takes(&mut second, MEGABYTE + 1));
        drop(first);
        assert!(takes(&mut second, 2 * MEGABYTE));
    }

    #[tokio::test]
    async fn a_waiting_body_goes_on_when_another_is_let_go() {
        let room = Room::new(MEGABYTE);
        let (mut first, mut second) = (room.share(MEGABYTE), room.share(MEGABYTE));
        assert!(takes(&mut first, MEGABYTE));
        let waiting = tokio::spawn(async move { second.hold(MEGABYTE, MINUTE).await });
        tokio::task::yield_now().await;
        drop(first);
        assert!(waiting.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn waiting_ends_at_the_deadline() {
        let room = Room::new(MEGABYTE);
        let (mut first, mut second) = (room.share(MEGABYTE), room.share(MEGABYTE));
        assert!(takes(&mut first, MEGABYTE));
        assert_eq!(second.hold(1, Duration::ZERO).await, None);
    }

    #[tokio::test]
    async fn a_whole_body_keeps_only_its_true_size() {
        let room = Room::new(MEGABYTE);
        let mut first = room.share(MEGABYTE);
        assert!(takes(&mut first, MEGABYTE));
        first.settle(1000);
        let mut second = room.share(MEGABYTE / 2);
        assert!(takes(&mut second, MEGABYTE / 2));
        drop((first, second));
        assert_eq!(*room.inner.books(), Books { next_id: 2, ..Books::default() });
    }

    proptest! {
        /// Bodies of any size, read in any order, whole ones let go: never more than the room, and never stuck.
        #[test]
        fn readers_in_any_order_all_finish(
            sizes in prop::collection::vec((1..3_000_000usize, 0..2_000_000usize), 1..12),
            turns in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let _entered = runtime.enter();
            let room = Room::new(4_000_000);
            let mut open: Vec<_> =
                sizes.iter().map(|(size, spare)| (room.share(size + spare), 0, *size)).collect();
            let mut turns = turns.iter();
            while !open.is_empty() {
                let from = turns.next().map_or(0, |turn| turn.index(open.len()));
                let mut moved = None;
                for place in (from..open.len()).chain(0..from) {
                    let (share, read, size) = &mut open[place];
                    let next = (*read + 300_000).min(*size);
                    if takes(share, next) {
                        *read = next;
                        moved = Some((place, *read == *size));
                        break;
                    }
                }
                prop_assert!(room.inner.books().held <= 4_000_000);
                let Some((place, is_whole)) = moved else {
                    return Err(TestCaseError::fail("all bodies wait for each other"));
                };
                if is_whole {
                    open.remove(place);
                }
            }
            prop_assert_eq!(room.inner.books().held, 0);
        }
    }
}
