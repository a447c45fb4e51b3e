//! One lane for each host: how many at once, how far apart, and whether the host wants to be left alone.
//!
//! All sources of a host share its lane, so that what one of them is told holds for all. Waiting for a lane holds
//! nothing else, so that a slow host delays only itself. Slots and pauses are the host's; what it grants, and how long it
//! wants to be left alone, is each holder's own (`grant`).

use super::grant::{Grant, Leave};
use super::quota::Quota;
use crate::model::{Holder, HostLimit};
use crate::text::hash64;
use jiff::{SignedDuration, Timestamp};
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
    grants: Mutex<Grants>,
}

#[derive(Debug)]
struct Grants {
    matters_until: Instant,
    /// Mostly one: nearly every host is asked in one way.
    by_holder: Vec<(Holder, Grant)>,
}

/// Who asks whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) host: String,
    pub(super) holder: Holder,
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

    /// Waits for a slot of the host, for the quota and the pause since the last start, and for a seat among `everyone`.
    ///
    /// # Errors
    /// What is left of the rest, or of a pause too long to wait for in line.
    pub(super) async fn enter(&self, who: &Who, turn: Turn, everyone: &Arc<Semaphore>) -> Result<Pass, Duration> {
        let (lane, holder) = (self.lane(&who.host), who.holder);
        lane.refuse_while_resting(holder)?;
        let page = if turn.is_page { Some(Arc::clone(&lane.page).lock_owned().await) } else { None };
        let slot = permit(&lane.slots).await;
        lane.take(holder).await?;
        let seat = match lane.seat(turn, everyone).await {
            Ok(seat) => seat,
            Err(left) => {
                lane.change(holder, |grant, _| grant.give_back());
                return Err(left);
            }
        };
        // Somebody may have been told to slow down while we queued.
        if let Err(left) = lane.refuse_while_resting(holder) {
            lane.change(holder, |grant, _| grant.give_back());
            return Err(left);
        }
        let entered = Instant::now();
        lane.matters_for(turn.pause);
        Ok(Pass { entered, _lane: lane, _slot: slot, _seat: seat, _page: page })
    }

    /// Leaves the host alone for `rest`.
    pub(super) fn rest(&self, who: &Who, rest: Duration) {
        self.lane(&who.host).change(who.holder, |grant, now| grant.rest(rest, now));
    }

    /// Hears what an answer says of the quota.
    pub(super) fn hear(&self, who: &Who, quota: &Quota) {
        if quota.remaining.is_some() && quota.resets_in.is_some() {
            self.lane(&who.host).change(who.holder, |grant, now| grant.hear(quota, now));
        }
    }

    /// Leaves the host alone after it refused a request that was sent at `asked_at` and did not say for how long.
    /// Returns the rest: 30 s to 6 h, longer with each refusal in a row that is not forgiven.
    pub(super) fn back_off(&self, who: &Who, asked_at: Instant) -> Duration {
        self.strike(who, asked_at, Some).unwrap_or(BACKOFF_LEAST)
    }

    /// Counts a fault of the host that may be its being crowded, met by a request that was sent at `asked_at`. The
    /// first in a row costs nothing, as it may be one page's own; then as [`Lanes::back_off`].
    pub(super) fn suspect(&self, who: &Who, asked_at: Instant) -> Option<Duration> {
        self.strike(who, asked_at, |strikes| strikes.checked_sub(1).filter(|strikes| *strikes > 0))
    }

    fn strike(&self, who: &Who, asked_at: Instant, counting: impl Fn(u32) -> Option<u32>) -> Option<Duration> {
        let lane = self.lane(&who.host);
        lane.matters_for(2 * BACKOFF_MOST);
        lane.change(who.holder, |grant, now| {
            grant.strike(asked_at, now);
            let strikes = counting(grant.strikes)?;
            let rest = jittered(backoff(strikes), &who.host, strikes);
            grant.rest(rest, now);
            Some(rest)
        })
    }

    /// Forgets the refusals of the host: it answered.
    pub(super) fn forgive(&self, who: &Who) {
        self.lane(&who.host).forgive(who.holder);
    }

    /// Recalls what was known of hosts before the start, seen from `now`.
    pub(super) fn recall(&self, limits: &[HostLimit], now: Timestamp, longest: Duration) {
        let ahead = |at: Option<Timestamp>| {
            let wait = at.map_or(SignedDuration::ZERO, |at| at.duration_since(now)).max(SignedDuration::ZERO);
            wait.unsigned_abs().min(longest)
        };
        for limit in limits.iter().filter(|limit| limit.until().is_some_and(|until| until > now)) {
            let resets_in = Some(ahead(limit.resets_at)).filter(|wait| !wait.is_zero());
            let quota = Quota { remaining: limit.remaining, most: limit.most, resets_in };
            let recall = |grant: &mut Grant, at| grant.recall(ahead(limit.rests_until), limit.strikes, &quota, at);
            self.lane(&limit.host).change(limit.holder, recall);
        }
    }

    /// What changed of the limits since this was last asked for, on a clock that shows `now`.
    pub(super) fn news(&self, now: Timestamp) -> Vec<HostLimit> {
        let lanes: Vec<_> = lock(&self.map).lanes.iter().map(|(host, lane)| (host.clone(), Arc::clone(lane))).collect();
        let mut news = Vec::new();
        for (host, lane) in lanes {
            let mut grants = lock(&lane.grants);
            for (holder, grant) in grants.by_holder.iter_mut().filter(|(_, grant)| grant.is_news) {
                grant.is_news = false;
                news.push(limit(&host, *holder, grant, now));
            }
        }
        news
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
        Self {
            slots: Arc::new(Semaphore::new(per_host)),
            last_start: tokio::sync::Mutex::new(None),
            page: Arc::default(),
            grants: Mutex::new(Grants { matters_until: Instant::now(), by_holder: Vec::new() }),
        }
    }

    /// Changes what is known of `holder`.
    fn change<T>(&self, holder: Holder, act: impl FnOnce(&mut Grant, Instant) -> T) -> T {
        let now = Instant::now();
        let mut grants = lock(&self.grants);
        if let Some((_, grant)) = grants.by_holder.iter_mut().find(|(known, _)| *known == holder) {
            return act(grant, now);
        }
        let mut grant = Grant::new(now);
        let done = act(&mut grant, now);
        grants.by_holder.push((holder, grant));
        done
    }

    fn forgive(&self, holder: Holder) {
        let mut grants = lock(&self.grants);
        let both =
            grants.by_holder.iter_mut().filter(|(known, _)| matches!(known, Holder::Everybody) || *known == holder);
        both.for_each(|(_, grant)| grant.strikes = 0);
    }

    /// Takes one of the requests that `holder` has left, as soon as it may be taken.
    async fn take(&self, holder: Holder) -> Result<(), Duration> {
        loop {
            match self.change(holder, Grant::take) {
                Leave::Now => return Ok(()),
                Leave::At(at) => {
                    let left = at.saturating_duration_since(Instant::now());
                    if left > LINE_MOST {
                        return Err(left);
                    }
                    sleep_until(at).await;
                }
            }
        }
    }

    /// Waits for the pause since the last start, and for a seat.
    async fn seat(&self, turn: Turn, everyone: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Duration> {
        if turn.pause.is_zero() {
            return Ok(permit(everyone).await);
        }
        let mut last = self.last_start.lock().await;
        if let Some(start) = next_start(*last, turn.pause) {
            let left = start.saturating_duration_since(Instant::now());
            if left > LINE_MOST && turn.pause > LINE_MOST {
                return Err(left);
            }
            sleep_until(start).await;
        }
        let seat = permit(everyone).await;
        *last = Some(Instant::now());
        Ok(seat)
    }

    fn matters_for(&self, time: Duration) {
        let mut grants = lock(&self.grants);
        grants.matters_until = grants.matters_until.max(Instant::now() + time);
    }

    fn refuse_while_resting(&self, holder: Holder) -> Result<(), Duration> {
        let now = Instant::now();
        let grants = lock(&self.grants);
        let both = grants.by_holder.iter().filter(|(known, _)| matches!(known, Holder::Everybody) || *known == holder);
        let left = both.map(|(_, grant)| grant.rests_until.saturating_duration_since(now)).max().unwrap_or_default();
        if left.is_zero() { Ok(()) } else { Err(left) }
    }

    fn matters(self: &Arc<Self>, now: Instant) -> bool {
        let grants = lock(&self.grants);
        Arc::strong_count(self) > 1
            || grants.matters_until > now
            || grants.by_holder.iter().any(|(_, grant)| grant.is_news || grant.matters(now))
    }
}

/// What is to be kept of `grant`.
fn limit(host: &str, holder: Holder, grant: &Grant, now: Timestamp) -> HostLimit {
    let begin = Instant::now();
    let at = |instant: Instant| {
        let wait = SignedDuration::try_from(instant.checked_duration_since(begin)?).ok()?;
        now.checked_add(wait).ok().filter(|at| *at > now)
    };
    let left = grant.left.filter(|left| left.resets_at > begin);
    HostLimit {
        host: host.to_owned(),
        holder,
        rests_until: at(grant.rests_until),
        strikes: grant.strikes,
        remaining: left.map(|left| left.requests),
        most: left.and_then(|left| left.most),
        resets_at: left.and_then(|left| at(left.resets_at)),
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

    fn who(host: &str) -> Who {
        Who { host: host.to_owned(), holder: Holder::Nobody }
    }

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
        drop(lanes.enter(&who("a:80"), turn(MINUTE), &seats).await.unwrap());
        assert!(!is_ready(lanes.enter(&who("a:80"), turn(MINUTE), &seats)));
        assert!(is_ready(lanes.enter(&who("b:80"), turn(MINUTE), &seats)));
        assert!(is_ready(lanes.enter(&who("a:80"), Turn::default(), &seats)), "no pause, no wait");
    }

    #[tokio::test]
    async fn a_host_has_its_slots_and_all_have_their_seats() {
        let (lanes, seats) = (Lanes::new(2), everyone(3));
        let pause = Turn::default();
        let first = lanes.enter(&who("a:80"), pause, &seats).await.unwrap();
        let _second = lanes.enter(&who("a:80"), pause, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter(&who("a:80"), pause, &seats)), "both slots of the host are taken");
        let _third = lanes.enter(&who("b:80"), pause, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter(&who("c:80"), pause, &seats)), "all seats are taken");
        drop(first);
        assert!(is_ready(lanes.enter(&who("c:80"), pause, &seats)));
    }

    #[tokio::test]
    async fn waiting_for_a_host_takes_no_seat() {
        let (lanes, seats) = (Lanes::new(1), everyone(2));
        let _first = lanes.enter(&who("slow:80"), Turn::default(), &seats).await.unwrap();
        let slow = who("slow:80");
        let mut waiting = Box::pin(lanes.enter(&slow, Turn::default(), &seats));
        assert!(is_ready(async { futures_util::poll!(&mut waiting) }));
        assert!(is_ready(lanes.enter(&who("b:80"), Turn::default(), &seats)));
    }

    #[tokio::test]
    async fn a_resting_host_is_refused_at_once() {
        let (lanes, seats) = (Lanes::new(1), everyone(9));
        lanes.rest(&who("a:80"), MINUTE);
        lanes.rest(&who("a:80"), Duration::ZERO);
        let left = lanes.enter(&who("a:80"), Turn::default(), &seats).await.unwrap_err();
        assert!(left > MINUTE / 2 && left <= MINUTE);
        assert!(lanes.enter(&who("b:80"), Turn::default(), &seats).await.is_ok());
    }

    #[tokio::test]
    async fn pages_of_one_host_are_read_one_after_the_other() {
        let (lanes, seats) = (Lanes::new(2), everyone(9));
        let page = Turn { pause: Duration::ZERO, is_page: true };
        let first = lanes.enter(&who("a:80"), page, &seats).await.unwrap();
        assert!(!is_ready(lanes.enter(&who("a:80"), page, &seats)));
        assert!(is_ready(lanes.enter(&who("a:80"), Turn::default(), &seats)), "a feed need not wait for a page");
        assert!(is_ready(lanes.enter(&who("b:80"), page, &seats)));
        drop(first);
        assert!(is_ready(lanes.enter(&who("a:80"), page, &seats)));
    }

    #[tokio::test]
    async fn a_pause_too_long_to_wait_for_sends_away() {
        let (lanes, seats) = (Lanes::new(2), everyone(9));
        let hour = turn(60 * MINUTE);
        drop(lanes.enter(&who("a:80"), hour, &seats).await.unwrap());
        let left = lanes.enter(&who("a:80"), hour, &seats).await.unwrap_err();
        assert!(left > 59 * MINUTE && left <= 60 * MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_in_a_row_double_the_rest_from_half_a_minute_to_six_hours() {
        let lanes = Lanes::new(1);
        let mut least = BACKOFF_LEAST;
        for _ in 0..20 {
            let rest = lanes.back_off(&who("a:80"), Instant::now());
            assert!(rest >= least && rest <= least.mul_f64(1.0 + JITTER_SHARE).min(BACKOFF_MOST), "{rest:?}");
            assert_eq!(lanes.enter(&who("a:80"), Turn::default(), &everyone(1)).await.unwrap_err(), rest);
            least = (least * 2).min(BACKOFF_MOST);
            tokio::time::advance(rest).await;
        }
        lanes.forgive(&who("a:80"));
        assert!(lanes.back_off(&who("a:80"), Instant::now()) < 2 * BACKOFF_LEAST, "an answer forgives");
        assert!(lanes.enter(&who("b:80"), Turn::default(), &everyone(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_were_under_way_together_are_refused_once() {
        let lanes = Lanes::new(9);
        let asked_at = Instant::now();
        tokio::time::advance(MINUTE / 60).await;
        for _ in 0..9 {
            assert!(lanes.back_off(&who("a:80"), asked_at) < 2 * BACKOFF_LEAST);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_fault_is_suffered_and_faults_in_a_row_are_not() {
        let lanes = Lanes::new(1);
        let fault = async || {
            tokio::time::advance(MINUTE).await;
            lanes.suspect(&who("a:80"), Instant::now())
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
        lanes.rest(&who("resting:80"), MINUTE);
        let _held = lanes.enter(&who("held:80"), Turn::default(), &seats).await.unwrap();
        for n in 0..3 * LANES_BEFORE_SWEEP {
            drop(lanes.enter(&who(&format!("host-{n}:80")), Turn::default(), &seats).await.unwrap());
        }
        let map = lock(&lanes.map);
        assert!(map.lanes.len() <= LANES_BEFORE_SWEEP, "{}", map.lanes.len());
        assert!(map.lanes.contains_key("resting:80") && map.lanes.contains_key("held:80"));
    }
}
