//! Which source is due next: the queue of a running service. Cost grows with what is due, not with what is known.
//!
//! What is due waits in a lane of its host, and the lanes take turns: a host with thousands of sources fills neither
//! the places in flight nor the time of the others. A start, a reload or a suspended machine makes many sources due
//! at once; those are spread, the longest due first. A clock that jumps back silences nobody.

use super::pace::{SET_BACK, pulled_in};
use crate::model::{SourceHealth, SourceName, SourceSpec, SourceState};
use crate::text::hash64;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use url::Url;

/// So many sources that fall due together are asked at once; more are spread.
const AT_ONCE: usize = 100;
/// The time between two of them.
const SPREAD_STEP: SignedDuration = SignedDuration::from_millis(10);
/// The longest time over which they are spread.
const SPREAD_MOST: SignedDuration = SignedDuration::from_mins(10);

/// Between two readings that somebody else asked for lies this at least.
const HURRY_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Between two looks at the queue lies about a second: after this the machine was suspended, or its clock was set.
const JUMP: SignedDuration = SignedDuration::from_secs(60);

/// The sources that are not being read at the moment, by the time at which they are due.
#[derive(Debug)]
pub struct Schedule {
    /// Those that are not due yet, by the time at which they are looked at next.
    queue: BTreeSet<(Timestamp, SourceName)>,
    /// Boxed: a table of large values costs its empty places too.
    sources: HashMap<SourceName, Box<Entry>>,
    /// Those that are due, by host.
    lanes: HashMap<u64, Lane>,
    /// The hosts of which one may be taken now, in turn.
    turns: VecDeque<u64>,
    /// The hosts of those that were taken and not put back.
    under_way: HashMap<SourceName, u64>,
    /// Those of them that are to be read once more soon.
    hurried: HashSet<SourceName>,
    per_host: usize,
    looked_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Entry {
    spec: SourceSpec,
    state: SourceState,
    host: u64,
}

#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<SourceName>,
    n_under_way: usize,
    has_turn: bool,
}

impl Schedule {
    /// A queue of all `sources` at `now`; one without a state is due at once. Of one host at most `per_host` are taken
    /// at a time.
    #[must_use]
    pub fn new(sources: &[SourceSpec], states: Vec<SourceState>, per_host: usize, now: Timestamp) -> Self {
        let mut known: HashMap<SourceName, SourceState> =
            states.into_iter().map(|state| (state.source.clone(), state)).collect();
        let mut schedule = Self::empty(per_host);
        for spec in sources {
            let state = state_of(spec, known.remove(&spec.name));
            let look_at = look_at(spec, &state, now);
            schedule.enqueue(spec.clone(), state, look_at);
        }
        schedule
    }

    /// A queue of sources that are all due, in this order.
    pub(super) fn of_due(due: Vec<(SourceSpec, SourceState)>, per_host: usize) -> Self {
        let mut schedule = Self::empty(per_host);
        for (spec, state) in due {
            let (name, host) = (spec.name.clone(), host_of(&spec, &state));
            schedule.sources.insert(name.clone(), Box::new(Entry { spec, state, host }));
            schedule.line_up(host, name);
        }
        schedule
    }

    fn empty(per_host: usize) -> Self {
        Self {
            queue: BTreeSet::new(),
            sources: HashMap::new(),
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            under_way: HashMap::new(),
            hurried: HashSet::new(),
            per_host: per_host.max(1),
            looked_at: None,
        }
    }

    /// Spreads what is due at `now`, where it is more than is asked at once: the longest due first, the last after a
    /// time that grows with their number, ten minutes at most.
    pub fn spread(&mut self, now: Timestamp) {
        let due: Vec<SourceName> =
            self.queue.iter().take_while(|(at, _)| *at <= now).map(|(_, name)| name.clone()).collect();
        let n_due = i32::try_from(due.len()).unwrap_or(i32::MAX);
        if due.len() <= AT_ONCE {
            return;
        }
        let step = SPREAD_STEP.min(SPREAD_MOST / n_due);
        self.queue = self.queue.split_off(&(now, SourceName::new("\u{10ffff}")));
        for (n, name) in (0..).zip(due) {
            let at = step.checked_mul(n).and_then(|pause| now.checked_add(pause).ok()).unwrap_or(now);
            self.queue.insert((at, name));
        }
    }

    /// Takes up to `most` sources that are due at `now`: the hosts in turn, of each host the longest due first.
    pub fn take_due(&mut self, now: Timestamp, most: usize) -> Vec<(SourceSpec, SourceState)> {
        self.mind_the_clock(now);
        while self.queue.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, name)) = self.queue.pop_first() else { break };
            if let Some(host) = self.sources.get(&name).map(|entry| entry.host) {
                self.line_up(host, name);
            }
        }
        let mut taken = Vec::new();
        while taken.len() < most {
            let Some(host) = self.turns.pop_front() else { break };
            let Some(lane) = self.lanes.get_mut(&host) else { continue };
            lane.has_turn = false;
            let Some(name) = lane.waiting.pop_front() else { continue };
            lane.n_under_way += 1;
            self.under_way.insert(name.clone(), host);
            self.give_turn(host);
            taken.extend(self.sources.remove(&name).map(|entry| (entry.spec, entry.state)));
        }
        taken
    }

    /// How many sources were due at the last look and wait for their turn.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.lanes.values().map(|lane| lane.waiting.len()).sum()
    }

    /// The same queue for other `sources`: states are kept by name, sources that left are dropped. Those that are
    /// being read at the moment (`under_way`) are left out until they are put back.
    pub fn rewatch(
        &mut self,
        sources: &[SourceSpec],
        under_way: impl Fn(&SourceName) -> bool,
        per_host: usize,
        now: Timestamp,
    ) {
        let mut before = std::mem::take(&mut self.sources);
        self.queue.clear();
        self.turns.clear();
        self.per_host = per_host.max(1);
        self.lanes.retain(|_, lane| {
            lane.waiting.clear();
            lane.has_turn = false;
            lane.n_under_way > 0
        });
        for spec in sources.iter().filter(|spec| !under_way(&spec.name)) {
            let state = match before.remove(&spec.name) {
                Some(entry) => carried_over(&entry.spec, spec, entry.state),
                None => SourceState::unread(spec.name.clone()),
            };
            let look_at = look_at(spec, &state, now);
            self.enqueue(spec.clone(), state, look_at);
        }
    }

    /// Puts a source back after it was read.
    pub fn put(&mut self, spec: SourceSpec, state: SourceState) {
        self.let_go(&spec.name);
        let look_at = state.due_at.unwrap_or(Timestamp::MIN);
        let is_hurried = self.hurried.remove(&spec.name);
        let look_at = if is_hurried { soon(&state, look_at) } else { look_at };
        self.enqueue(spec, state, look_at);
    }

    /// Lets a source be read soon, as somebody says that something is new there: a minute after its last reading, or
    /// after the one that is under way. One that cannot be read waits on.
    pub fn hurry(&mut self, name: &SourceName) {
        if self.under_way.contains_key(name) {
            self.hurried.insert(name.clone());
            return;
        }
        let Some(entry) = self.sources.get(name) else { return };
        // What is in no queue waits for its turn already.
        let Some(queued) = self.queue.iter().find(|(_, queued)| queued == name).cloned() else { return };
        let at = soon(&entry.state, queued.0);
        self.queue.remove(&queued);
        self.queue.insert((at, queued.1));
    }

    /// A source that was taken is not put back: its host has a place more.
    pub fn let_go(&mut self, name: &SourceName) {
        let Some(host) = self.under_way.remove(name) else { return };
        if let Some(lane) = self.lanes.get_mut(&host) {
            lane.n_under_way = lane.n_under_way.saturating_sub(1);
            if lane.n_under_way == 0 && lane.waiting.is_empty() {
                self.lanes.remove(&host);
            } else {
                self.give_turn(host);
            }
        }
    }

    fn enqueue(&mut self, spec: SourceSpec, state: SourceState, look_at: Timestamp) {
        self.queue.insert((look_at, spec.name.clone()));
        let host = host_of(&spec, &state);
        self.sources.insert(spec.name.clone(), Box::new(Entry { spec, state, host }));
    }

    fn line_up(&mut self, host: u64, name: SourceName) {
        self.lanes.entry(host).or_default().waiting.push_back(name);
        self.give_turn(host);
    }

    /// Lets a host take part in the turns where one of its sources waits and it has a place.
    fn give_turn(&mut self, host: u64) {
        if let Some(lane) = self.lanes.get_mut(&host)
            && !lane.has_turn
            && !lane.waiting.is_empty()
            && lane.n_under_way < self.per_host
        {
            lane.has_turn = true;
            self.turns.push_back(host);
        }
    }

    /// After a jump of the clock: ahead, what became due is spread; back, nobody waits for a time that was.
    fn mind_the_clock(&mut self, now: Timestamp) {
        let Some(before) = self.looked_at.replace(now) else { return };
        if now.duration_since(before) > JUMP {
            self.spread(now);
        } else if before.duration_since(now) > SET_BACK {
            let queued = std::mem::take(&mut self.queue);
            let look = |(at, name): (Timestamp, SourceName)| {
                let at = self.sources.get(&name).map_or(at, |entry| look_at(&entry.spec, &entry.state, now));
                (at, name)
            };
            self.queue = queued.into_iter().map(look).collect();
            self.spread(now);
        }
    }
}

/// When a source is read that somebody asks for, and would be at `look_at`.
fn soon(state: &SourceState, look_at: Timestamp) -> Timestamp {
    if state.failures > 0 {
        return look_at;
    }
    let soon = state.asked_at.and_then(|asked_at| asked_at.checked_add(HURRY_PAUSE).ok());
    soon.map_or(look_at, |soon| soon.min(look_at))
}

/// When a source is looked at next, on a clock that shows `now`.
pub(super) fn look_at(spec: &SourceSpec, state: &SourceState, now: Timestamp) -> Timestamp {
    match state.due_at {
        None => Timestamp::MIN,
        Some(due_at) if state.health == SourceHealth::Gone => due_at,
        Some(due_at) => pulled_in(spec, due_at, state.asked_at, now),
    }
}

/// What counts as one host: name and port of the address that is asked.
fn host_of(spec: &SourceSpec, state: &SourceState) -> u64 {
    let url = Url::parse(state.memory.adopted.as_deref().unwrap_or(&spec.url)).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("");
    let port = url.as_ref().and_then(Url::port_or_known_default).unwrap_or(0);
    hash64(&[host, &port.to_string()])
}

/// Hash of the engine and the address that a source is read by.
pub(super) fn place_hash(spec: &SourceSpec) -> u64 {
    let recipe = spec.recipe.as_ref().map(|recipe| {
        let parts: Vec<String> = recipe.parts().map(|(key, part)| format!("{key}={part}")).collect();
        parts.join("\n")
    });
    match recipe {
        Some(recipe) => hash64(&[&spec.engine, &spec.url, &recipe]),
        None => hash64(&[&spec.engine, &spec.url]),
    }
}

/// What is remembered of `spec`: the `stored` state, unless it speaks of another place.
///
/// At another address, or read by another engine, a source begins anew: what the old place answered says nothing of
/// the new one.
pub(super) fn state_of(spec: &SourceSpec, stored: Option<SourceState>) -> SourceState {
    let is_of_here = |state: &SourceState| state.place_hash.is_none_or(|hash| hash == place_hash(spec));
    stored.filter(is_of_here).unwrap_or_else(|| SourceState::unread(spec.name.clone()))
}

/// What `state` of a source is worth now that it is told `new` and not `old`.
///
/// One that is to be read more often does not wait for the end of its old, longer pause.
#[must_use]
pub fn carried_over(old: &SourceSpec, new: &SourceSpec, state: SourceState) -> SourceState {
    let state = state_of(new, Some(state));
    let due_at = if old.every == new.every { state.due_at } else { earlier(state.due_at, &state, new) };
    SourceState { due_at, ..state }
}

fn earlier(due_at: Option<Timestamp>, state: &SourceState, new: &SourceSpec) -> Option<Timestamp> {
    let (Some(every), Some(read_at), true) = (new.every, state.read_at, state.health.is_good()) else { return due_at };
    let wanted = SignedDuration::try_from(every).ok().and_then(|every| read_at.checked_add(every).ok());
    due_at.min(wanted.or(due_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceHealth, Validators};

    fn spec(name: &str) -> SourceSpec {
        let name = SourceName::new(name);
        SourceSpec::new(name, "feed", "")
    }

    #[test]
    fn due_sources_come_longest_due_first_and_once() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let state =
            |name: &str, due: i64| SourceState { due_at: Some(at(due)), ..SourceState::unread(SourceName::new(name)) };
        let specs = [spec("late"), spec("new"), spec("later"), spec("early")];
        let mut schedule =
            Schedule::new(&specs, vec![state("late", 20), state("later", 90), state("early", 10)], 8, at(0));
        let names =
            |taken: &[(SourceSpec, SourceState)]| taken.iter().map(|(s, _)| s.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&schedule.take_due(at(50), 2)), ["new", "early"]);
        let taken = schedule.take_due(at(50), 2);
        assert_eq!(names(&taken), ["late"]);
        assert!(schedule.take_due(at(50), 2).is_empty());
        schedule.put(spec("late"), state("late", 60));
        assert_eq!(names(&schedule.take_due(at(60), 2)), ["late"]);
    }

    #[test]
    fn a_source_that_somebody_tells_of_is_read_a_minute_after_its_last_reading() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let state = |name: &str, failures: u32| SourceState {
            due_at: Some(at(9_000)),
            asked_at: Some(at(0)),
            failures,
            ..SourceState::unread(SourceName::new(name))
        };
        let specs = [spec("told"), spec("down"), spec("other")];
        let mut schedule = Schedule::new(&specs, vec![state("told", 0), state("down", 1), state("other", 0)], 8, at(1));
        for name in ["told", "down", "nobody"] {
            schedule.hurry(&SourceName::new(name));
        }
        assert!(schedule.take_due(at(59), 9).is_empty());
        let taken = schedule.take_due(at(60), 9);
        assert_eq!(taken.iter().map(|(spec, _)| spec.name.as_str()).collect::<Vec<_>>(), ["told"]);
        // Told again while it is read: once more after that.
        schedule.hurry(&SourceName::new("told"));
        schedule.put(spec("told"), SourceState { asked_at: Some(at(60)), ..state("told", 0) });
        assert!(schedule.take_due(at(119), 9).is_empty());
        assert_eq!(schedule.take_due(at(120), 9).len(), 1);
    }

    #[test]
    fn a_new_watch_keeps_the_states_of_those_that_stay() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let state =
            |name: &str, due: i64| SourceState { due_at: Some(at(due)), ..SourceState::unread(SourceName::new(name)) };
        let old = [spec("stays"), spec("leaves"), spec("moves"), spec("busy")];
        let here =
            |spec: &SourceSpec| SourceState { place_hash: Some(place_hash(spec)), ..state(spec.name.as_str(), 90) };
        let mut schedule = Schedule::new(&old, old.iter().map(here).collect(), 8, at(0));
        let moved = SourceSpec { url: "https://elsewhere.example/".to_owned(), ..spec("moves") };
        let new = [spec("stays"), moved, spec("busy"), spec("joins")];
        schedule.rewatch(&new, |name| name.as_str() == "busy", 8, at(0));
        let mut names = |now| {
            let mut names: Vec<_> =
                schedule.take_due(now, 9).into_iter().map(|(spec, _)| spec.name.to_string()).collect();
            names.sort();
            names
        };
        assert_eq!(names(at(50)), ["joins", "moves"]);
        assert_eq!(names(at(90)), ["stays"]);
    }

    #[test]
    fn at_a_new_address_nothing_is_sent_that_the_old_one_gave() {
        let gone = SourceState {
            place_hash: Some(place_hash(&spec("s"))),
            health: SourceHealth::Gone,
            due_at: Some(Timestamp::MAX),
            validators: Validators { etag: Some("\"old\"".to_owned()), last_modified: None },
            ..SourceState::unread(SourceName::new("s"))
        };
        let moved = SourceSpec { url: "https://elsewhere.example/".to_owned(), ..spec("s") };
        assert_eq!(carried_over(&spec("s"), &moved, gone.clone()), SourceState::unread(SourceName::new("s")));
        assert_eq!(carried_over(&spec("s"), &spec("s"), gone.clone()), gone);
        assert_eq!(state_of(&moved, Some(gone.clone())), SourceState::unread(SourceName::new("s")), "after a restart");
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).expect("a time")
    }

    fn many(n: usize, url: &str) -> Vec<SourceSpec> {
        (0..n).map(|n| SourceSpec { url: url.to_owned(), ..spec(&format!("{url}{n:05}")) }).collect()
    }

    #[test]
    fn a_host_with_five_thousand_sources_starves_nobody() {
        let mut specs = many(5_000, "https://large.example/");
        specs.extend((0..50).flat_map(|n| many(1, &format!("https://small{n}.example/"))));
        let mut schedule = Schedule::new(&specs, Vec::new(), 4, at(0));
        let taken = schedule.take_due(at(0), 100);
        let of_large =
            |taken: &[(SourceSpec, SourceState)]| taken.iter().filter(|(spec, _)| spec.url.contains("large")).count();
        assert_eq!((taken.len(), of_large(&taken)), (54, 4), "every small host, and the large one's places");
        assert!(schedule.take_due(at(1), 100).is_empty(), "nobody else has a place");
        for (spec, _) in taken.into_iter().filter(|(spec, _)| spec.url.contains("large")) {
            schedule.put(spec.clone(), SourceState { due_at: Some(at(900)), ..SourceState::unread(spec.name) });
        }
        let taken = schedule.take_due(at(1), 100);
        assert_eq!((taken.len(), of_large(&taken)), (4, 4));
        schedule.let_go(&taken[0].0.name);
        assert_eq!(schedule.take_due(at(1), 100).len(), 1);
    }

    #[test]
    fn what_became_due_in_a_night_off_is_spread_longest_due_first() {
        let specs: Vec<SourceSpec> = (0..10_000).flat_map(|n| many(1, &format!("https://h{n}.example/"))).collect();
        let state = |(n, spec): (i64, &SourceSpec)| SourceState {
            due_at: Some(at(-n)),
            asked_at: Some(at(-20_000)),
            ..SourceState::unread(spec.name.clone())
        };
        let states = (0..).zip(&specs).map(state).collect();
        let mut schedule = Schedule::new(&specs, states, 4, at(0));
        schedule.spread(at(0));
        let first = schedule.take_due(at(0), 10_000);
        assert_eq!((first.len(), first[0].0.name.as_str()), (1, "https://h9999.example/00000"));
        assert_eq!(schedule.take_due(at(1), 10_000).len(), 100, "a hundred a second");
        assert_eq!(schedule.take_due(at(50), 10_000).len(), 4_900);
        assert_eq!(schedule.take_due(at(100), 10_000).len(), 4_999);
    }

    #[test]
    fn a_suspended_machine_spreads_and_a_clock_set_back_waits_for_nothing() {
        let specs: Vec<SourceSpec> = (0..1_000).flat_map(|n| many(1, &format!("https://h{n}.example/"))).collect();
        let state = |(n, spec): (i64, &SourceSpec)| SourceState {
            due_at: Some(at(600 + n)),
            asked_at: Some(at(0)),
            ..SourceState::unread(spec.name.clone())
        };
        let states: Vec<SourceState> = (0..).zip(&specs).map(state).collect();
        let mut schedule = Schedule::new(&specs, states.clone(), 4, at(0));
        assert!(schedule.take_due(at(0), 9_999).is_empty());
        assert_eq!(schedule.take_due(at(7_200), 9_999).len(), 1, "after a sleep of two hours");
        assert_eq!(schedule.take_due(at(7_210), 9_999).len(), 999);
        let mut schedule = Schedule::new(&specs, states, 4, at(0));
        assert!(schedule.take_due(at(1), 9_999).is_empty());
        assert!(schedule.take_due(at(-9_000_000), 9_999).is_empty());
        assert_eq!(schedule.take_due(at(-9_000_000 + 1_700), 9_999).len(), 1, "the pauses begin anew");
    }
}
