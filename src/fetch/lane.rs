//! One lane for each host: how many at once, how far apart, and whether the host wants to be left alone.
//!
//! All sources of a host share its lane, so that what one of them is told holds for all. Waiting for a lane holds
//! nothing else, so that a slow host delays only itself.

use crate::text::hash64;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Above this number of lanes, those that no longer matter are dropped; doubled while all matter.
const LANES_BEFORE_SWEEP: usize = 4096;

/// How long a crowded host is left alone that does not say for how long: from here, doubled with each refusal in a
/// row, up to the most.
const BACKOFF_LEAST: Duration = Duration::from_secs(30);
const BACKOFF_MOST: Duration = Duration::from_secs(6 * 3600);

/// A back-off is lengthened by up to this share, so that hosts that fail together are not asked together again.
const JITTER_SHARE: f64 = 0.25;

/// Longer pauses are not waited for in line; who asks is sent away until the pause has passed.
const LINE_MOST: Duration = Duration::from_secs(60);

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
    /// Held by the one page that is being read.
    page: Arc<tokio::sync::Mutex<()>>,
    /// When the last request was sent. Held while waiting for the next start, so starts queue up in order.
    last_start: tokio::sync::Mutex<Option<Instant>>,
    times: Mutex<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    rests_until: Instant,
    matters_until: Instant,
    /// Refusals in a row of a host that is crowded.
    strikes: u32,
    last_strike: Option<Instant>,
}

/// How a request is to be sent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turn {
    /// Since the last start, of whatever request.
    pub(super) pause: Duration,
    /// Only after the page before it was read.
    pub(super) is_page: bool,
}

/// Leave to ask one host, until dropped.
#[derive(Debug)]
pub(super) struct Pass {
    entered: Instant,
    _lane: Arc<Lane>,
    _slot: OwnedSemaphorePermit,
    _seat: OwnedSemaphorePermit,
    _page: Option<OwnedMutexGuard<()>>,
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

    /// Waits for a slot of `host`, for the pause since its last start, and for a seat among `everyone`.
    ///
    /// # Errors
    /// What is left of the host's rest, or of a pause too long to wait for in line.
    pub(super) async fn enter(&self, host: &str, turn: Turn, everyone: &Arc<Semaphore>) -> Result<Pass, Duration> {
        let lane = self.lane(host);
        lane.refuse_while_resting()?;
        let page = if turn.is_page { Some(Arc::clone(&lane.page).lock_owned().await) } else { None };
        let slot = permit(&lane.slots).await;
        let seat = if turn.pause.is_zero() {
            permit(everyone).await
        } else {
            let mut last = lane.last_start.lock().await;
            if let Some(start) = next_start(*last, turn.pause) {
                let left = start.saturating_duration_since(Instant::now());
                if left > LINE_MOST && turn.pause > LINE_MOST {
                    return Err(left);
                }
                sleep_until(start).await;
            }
            let seat = permit(everyone).await;
            *last = Some(Instant::now());
            seat
        };
        // Somebody may have been told to slow down while we queued.
        lane.refuse_while_resting()?;
        let entered = Instant::now();
        lane.matters_for(turn.pause);
        Ok(Pass { entered, _lane: lane, _slot: slot, _seat: seat, _page: page })
    }

    /// Leaves `host` alone for `rest`.
    pub(super) fn rest(&self, host: &str, rest: Duration) {
        self.lane(host).rest(rest);
    }

    /// Leaves `host` alone after it refused a request that was sent at `asked_at` and did not say for how long.
    /// Returns the rest: 30 s to 6 h, longer with each refusal in a row that is not forgiven.
    pub(super) fn back_off(&self, host: &str, asked_at: Instant) -> Duration {
        let lane = self.lane(host);
        lane.strike(asked_at);
        let strikes = lane.times().strikes;
        let rest = jittered(backoff(strikes), host, strikes);
        lane.rest(rest);
        rest
    }

    /// Counts a fault of `host` that may be its being crowded, met by a request that was sent at `asked_at`. The
    /// first in a row costs nothing, as it may be one page's own; then as [`Lanes::back_off`].
    pub(super) fn suspect(&self, host: &str, asked_at: Instant) -> Option<Duration> {
        let lane = self.lane(host);
        lane.strike(asked_at);
        let strikes = lane.times().strikes.checked_sub(1).filter(|strikes| *strikes > 0)?;
        let rest = jittered(backoff(strikes), host, strikes);
        lane.rest(rest);
        Some(rest)
    }

    /// Forgets the refusals of `host`: it answered.
    pub(super) fn forgive(&self, host: &str) {
        self.lane(host).times().strikes = 0;
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
            page: Arc::default(),
            times: Mutex::new(Times { rests_until: now, matters_until: now, strikes: 0, last_strike: None }),
        }
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        lock(&self.times)
    }

    fn rest(&self, rest: Duration) {
        let mut times = self.times();
        times.rests_until = times.rests_until.max(Instant::now() + rest);
    }

    /// Refusals of requests that were under way at the last strike are the same refusal.
    fn strike(&self, asked_at: Instant) {
        let mut times = self.times();
        if times.last_strike.is_none_or(|last| asked_at > last) {
            times.strikes = times.strikes.saturating_add(1);
            times.last_strike = Some(Instant::now());
        }
        drop(times);
        self.matters_for(2 * BACKOFF_MOST);
    }

    fn matters_for(&self, time: Duration) {
        let mut times = self.times();
        times.matters_until = times.matters_until.max(Instant::now() + time);
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

fn backoff(strikes: u32) -> Duration {
    let doubled = 1_u32.checked_shl(strikes.saturating_sub(1)).unwrap_or(u32::MAX);
    BACKOFF_LEAST.saturating_mul(doubled).min(BACKOFF_MOST)
}

/// `rest`, lengthened by a share that follows from the host and its refusals, within the most.
fn jittered(rest: Duration, host: &str, strikes: u32) -> Duration {
    let share = u16::try_from(hash64(&[host, &strikes.to_string()]) >> 48).unwrap_or(0);
    rest.mul_f64(1.0 + JITTER_SHARE * f64::from(share) / f64::from(u16::MAX)).min(BACKOFF_MOST)
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

    fn turn(pause: Duration) -> Turn {
        Turn { pause, is_page: false }
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
        drop(lanes.enter("a:80", turn(MINUTE), &seats).await.unwrap());
        assert!(!is_ready(lanes.enter("a:80", turn(MINUTE), &seats)));
        assert!(is_ready(lanes.enter("b:80", turn(MINUTE), &seats)));
        assert!(is_ready(lanes.enter("a:80", Turn::default(), &seats)), "no pause, no wait");
    }

    #[tokio::test]
    async fn a_host_has_its_slots_and_all_have_their_seats() {
        let (lanes, seats) = (Lanes::new(2), everyone(3));
        let pause = Turn::default();
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
        let _first = lanes.enter("slow:80", Turn::default(), &seats).await.unwrap();
        let mut waiting = Box::pin(lanes.enter("slow:80", Turn::default(), &seats));
        assert!(is_ready(async { futures_util::poll!(&mut waiting) }));
        assert!(is_ready(lanes.enter("b:80", Turn::default(), &seats)));
    }

    #[tokio::test]
    async fn a_resting_host_is_refused_at_once() {
        let (lanes, seats) = (Lanes::new(1), everyone(9));
        lanes.rest("a:80", MINUTE);
        lanes.rest("a:80", Duration::ZERO);
        let left = lanes.enter("a:80", Turn::default(), &seats).await.unwrap_err();
        assert!(left > MINUTE / 2 && left <= MINUTE);
        assert!(lanes.enter("b:80", Turn::default(), &seats).await.is_ok());
    }

    #[tokio::test]
    async fn pages_of_one_host_are_read_one_after_the_other() {
        let (lanes, seats) = (Lanes::new(2), everyone(9));
        let page = Turn { pause: Duration::ZERO, is_page: true };
        let first = lanes.enter("a:80", page, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter("a:80", page, &seats)));
        assert!(is_ready(lanes.enter("a:80", Turn::default(), &seats)), "a feed need not wait for a page");
        assert!(is_ready(lanes.enter("b:80", page, &seats)));
        drop(first);
        assert!(is_ready(lanes.enter("a:80", page, &seats)));
    }

    #[tokio::test]
    async fn a_pause_too_long_to_wait_for_sends_away() {
        let (lanes, seats) = (Lanes::new(2), everyone(9));
        let hour = turn(60 * MINUTE);
        drop(lanes.enter("a:80", hour, &seats).await.unwrap());
        let left = lanes.enter("a:80", hour, &seats).await.unwrap_err();
        assert!(left > 59 * MINUTE && left <= 60 * MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_in_a_row_double_the_rest_from_half_a_minute_to_six_hours() {
        let lanes = Lanes::new(1);
        let mut least = BACKOFF_LEAST;
        for _ in 0..20 {
            let rest = lanes.back_off("a:80", Instant::now());
            assert!(rest >= least && rest <= least.mul_f64(1.0 + JITTER_SHARE).min(BACKOFF_MOST), "{rest:?}");
            assert_eq!(lanes.enter("a:80", Turn::default(), &everyone(1)).await.unwrap_err(), rest);
            least = (least * 2).min(BACKOFF_MOST);
            tokio::time::advance(rest).await;
        }
        lanes.forgive("a:80");
        assert!(lanes.back_off("a:80", Instant::now()) < 2 * BACKOFF_LEAST, "an answer forgives");
        assert!(lanes.enter("b:80", Turn::default(), &everyone(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_were_under_way_together_are_refused_once() {
        let lanes = Lanes::new(9);
        let asked_at = Instant::now();
        tokio::time::advance(MINUTE / 60).await;
        for _ in 0..9 {
            assert!(lanes.back_off("a:80", asked_at) < 2 * BACKOFF_LEAST);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_fault_is_suffered_and_faults_in_a_row_are_not() {
        let lanes = Lanes::new(1);
        let fault = async || {
            tokio::time::advance(MINUTE).await;
            lanes.suspect("a:80", Instant::now())
        };
        assert_eq!(fault().await, None);
        assert!(fault().await.is_some_and(|rest| rest >= BACKOFF_LEAST && rest < 2 * BACKOFF_LEAST));
        assert!(fault().await.is_some_and(|rest| rest >= 2 * BACKOFF_LEAST));
    }

    #[test]
    fn no_two_hosts_rest_alike_and_none_beyond_the_most() {
        let rests: Vec<Duration> = ["a", "b", "c"].map(|host| jittered(MINUTE, host, 1)).into();
        assert!(rests.iter().all(|rest| *rest >= MINUTE && *rest <= MINUTE.mul_f64(1.0 + JITTER_SHARE)));
        assert!(rests.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(jittered(BACKOFF_MOST, "a", 1), BACKOFF_MOST);
    }

    #[tokio::test]
    async fn lanes_that_no_longer_matter_are_dropped() {
        let (lanes, seats) = (Lanes::new(1), everyone(9));
        lanes.rest("resting:80", MINUTE);
        let _held = lanes.enter("held:80", Turn::default(), &seats).await.unwrap();
        for n in 0..3 * LANES_BEFORE_SWEEP {
            drop(lanes.enter(&format!("host-{n}:80"), Turn::default(), &seats).await.unwrap());
        }
        let map = lock(&lanes.map);
        assert!(map.lanes.len() <= LANES_BEFORE_SWEEP, "{}", map.lanes.len());
        assert!(map.lanes.contains_key("resting:80") && map.lanes.contains_key("held:80"));
    }
}
