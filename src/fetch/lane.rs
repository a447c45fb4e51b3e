//! One lane for each host: how many at once, how far apart, and whether the host wants to be left alone.
//!
//! Waiting for a lane holds nothing else, so that a slow host delays only itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Above this number of lanes, those that no longer matter are dropped; doubled while all matter.
const LANES_BEFORE_SWEEP: usize = 4096;

/// All lanes.
#[derive(Debug)]
pub(super) struct Lanes {
    per_host: usize,
    map: Mutex<Map>,
}

#[derive(Debug)]
struct Map {
    lanes: HashMap<String, Arc<Lane>>,
    sweep_at: usize,
}

#[derive(Debug)]
struct Lane {
    slots: Arc<Semaphore>,
    /// When the last request was sent. Held while waiting for the next start, so starts queue up in order.
    last_start: tokio::sync::Mutex<Option<Instant>>,
    times: Mutex<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    rests_until: Instant,
    matters_until: Instant,
}

/// Leave to ask one host, until dropped.
#[derive(Debug)]
pub(super) struct Pass {
    entered: Instant,
    _lane: Arc<Lane>,
    _slot: OwnedSemaphorePermit,
    _seat: OwnedSemaphorePermit,
}

impl Pass {
    /// When the waiting ended.
    pub(super) fn entered(&self) -> Instant {
        self.entered
    }
}

impl Lanes {
    pub(super) fn new(per_host: usize) -> Self {
        let map = Map { lanes: HashMap::new(), sweep_at: LANES_BEFORE_SWEEP };
        Self { per_host: per_host.clamp(1, Semaphore::MAX_PERMITS), map: Mutex::new(map) }
    }

    /// Waits for a slot of `host`, for `pause` since its last start, and for a seat among `everyone`.
    ///
    /// # Errors
    /// What is left of the host's rest, without waiting for it.
    pub(super) async fn enter(&self, host: &str, pause: Duration, everyone: &Arc<Semaphore>) -> Result<Pass, Duration> {
        let lane = self.lane(host);
        lane.refuse_while_resting()?;
        let slot = permit(&lane.slots).await;
        let seat = if pause.is_zero() {
            permit(everyone).await
        } else {
            let mut last = lane.last_start.lock().await;
            if let Some(start) = next_start(*last, pause) {
                sleep_until(start).await;
            }
            let seat = permit(everyone).await;
            *last = Some(Instant::now());
            seat
        };
        // Somebody may have been told to slow down while we queued.
        lane.refuse_while_resting()?;
        let entered = Instant::now();
        lane.times().matters_until = entered + pause;
        Ok(Pass { entered, _lane: lane, _slot: slot, _seat: seat })
    }

    /// Leaves `host` alone for `rest`.
    pub(super) fn rest(&self, host: &str, rest: Duration) {
        let lane = self.lane(host);
        let mut times = lane.times();
        times.rests_until = times.rests_until.max(Instant::now() + rest);
    }

    fn lane(&self, host: &str) -> Arc<Lane> {
        let mut map = lock(&self.map);
        if let Some(lane) = map.lanes.get(host) {
            return Arc::clone(lane);
        }
        if map.lanes.len() >= map.sweep_at {
            let now = Instant::now();
            map.lanes.retain(|_, lane| lane.matters(now));
            map.lanes.shrink_to_fit();
            map.sweep_at = LANES_BEFORE_SWEEP.max(map.lanes.len() * 2);
        }
        let lane = Arc::new(Lane::new(self.per_host));
        map.lanes.insert(host.to_owned(), Arc::clone(&lane));
        lane
    }
}

impl Lane {
    fn new(per_host: usize) -> Self {
        let now = Instant::now();
        Self {
            slots: Arc::new(Semaphore::new(per_host)),
            last_start: tokio::sync::Mutex::new(None),
            times: Mutex::new(Times { rests_until: now, matters_until: now }),
        }
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        lock(&self.times)
    }

    fn refuse_while_resting(&self) -> Result<(), Duration> {
        let left = self.times().rests_until.saturating_duration_since(Instant::now());
        if left.is_zero() { Ok(()) } else { Err(left) }
    }

    fn matters(self: &Arc<Self>, now: Instant) -> bool {
        let times = *self.times();
        Arc::strong_count(self) > 1 || times.rests_until > now || times.matters_until > now
    }
}

/// When the next request may start; `None` for at once.
fn next_start(last: Option<Instant>, pause: Duration) -> Option<Instant> {
    last.map(|last| last + pause)
}

async fn permit(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(semaphore).acquire_owned().await.expect("no semaphore of the lanes is ever closed")
}

/// What these locks guard stays whole even where a holder panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn everyone(seats: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(seats))
    }

    /// Whether `future` is done without waiting for anything.
    fn is_ready<T>(future: impl Future<Output = T>) -> bool {
        use futures_util::FutureExt;
        future.now_or_never().is_some()
    }

    #[test]
    fn the_next_start_is_a_pause_after_the_last() {
        let now = Instant::now();
        assert_eq!(next_start(None, MINUTE), None);
        assert_eq!(next_start(Some(now), MINUTE), Some(now + MINUTE));
    }

    #[tokio::test]
    async fn a_second_start_to_one_host_waits_and_other_hosts_do_not() {
        let (lanes, seats) = (Lanes::new(2), everyone(9));
        drop(lanes.enter("a:80", MINUTE, &seats).await.unwrap());
        assert!(!is_ready(lanes.enter("a:80", MINUTE, &seats)));
        assert!(is_ready(lanes.enter("b:80", MINUTE, &seats)));
        assert!(is_ready(lanes.enter("a:80", Duration::ZERO, &seats)), "no pause, no wait");
    }

    #[tokio::test]
    async fn a_host_has_its_slots_and_all_have_their_seats() {
        let (lanes, seats) = (Lanes::new(2), everyone(3));
        let pause = Duration::ZERO;
        let first = lanes.enter("a:80", pause, &seats).await.unwrap();
        let _second = lanes.enter("a:80", pause, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter("a:80", pause, &seats)), "both slots of the host are taken");
        let _third = lanes.enter("b:80", pause, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter("c:80", pause, &seats)), "all seats are taken");
        drop(first);
        assert!(is_ready(lanes.enter("c:80", pause, &seats)));
    }

    #[tokio::test]
    async fn waiting_for_a_host_takes_no_seat() {
        let (lanes, seats) = (Lanes::new(1), everyone(2));
        let _first = lanes.enter("slow:80", Duration::ZERO, &seats).await.unwrap();
        let mut waiting = Box::pin(lanes.enter("slow:80", Duration::ZERO, &seats));
        assert!(is_ready(async { futures_util::poll!(&mut waiting) }));
        assert!(is_ready(lanes.enter("b:80", Duration::ZERO, &seats)));
    }

    #[tokio::test]
    async fn a_resting_host_is_refused_at_once() {
        let (lanes, seats) = (Lanes::new(1), everyone(9));
        lanes.rest("a:80", MINUTE);
        lanes.rest("a:80", Duration::ZERO);
        let left = lanes.enter("a:80", Duration::ZERO, &seats).await.unwrap_err();
        assert!(left > MINUTE / 2 && left <= MINUTE);
        assert!(lanes.enter("b:80", Duration::ZERO, &seats).await.is_ok());
    }

    #[tokio::test]
    async fn lanes_that_no_longer_matter_are_dropped() {
        let (lanes, seats) = (Lanes::new(1), everyone(9));
        lanes.rest("resting:80", MINUTE);
        let _held = lanes.enter("held:80", Duration::ZERO, &seats).await.unwrap();
        for n in 0..3 * LANES_BEFORE_SWEEP {
            drop(lanes.enter(&format!("host-{n}:80"), Duration::ZERO, &seats).await.unwrap());
        }
        let map = lock(&lanes.map);
        assert!(map.lanes.len() <= LANES_BEFORE_SWEEP, "{}", map.lanes.len());
        assert!(map.lanes.contains_key("resting:80") && map.lanes.contains_key("held:80"));
    }
}
