//! Which source is due next: the queue of a running service. Cost grows with what is due, not with what is known.

use crate::model::{SourceName, SourceSpec, SourceState};
use crate::text::hash64;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};

/// The sources that are not being read at the moment, by the time at which they are due.
#[derive(Debug)]
pub struct Schedule {
    queue: BTreeSet<(Timestamp, SourceName)>,
    sources: HashMap<SourceName, (SourceSpec, SourceState)>,
}

impl Schedule {
    /// A queue of all `sources`; one without a state is due at once.
    #[must_use]
    pub fn new(sources: &[SourceSpec], states: Vec<SourceState>) -> Self {
        let mut known: HashMap<SourceName, SourceState> =
            states.into_iter().map(|state| (state.source.clone(), state)).collect();
        let mut schedule = Self { queue: BTreeSet::new(), sources: HashMap::new() };
        for spec in sources {
            let state = state_of(spec, known.remove(&spec.name));
            schedule.put(spec.clone(), state);
        }
        schedule
    }

    /// Takes up to `most` sources that are due at `now`, longest due first.
    pub fn take_due(&mut self, now: Timestamp, most: usize) -> Vec<(SourceSpec, SourceState)> {
        let mut taken = Vec::new();
        while taken.len() < most {
            match self.queue.first() {
                Some((due_at, _)) if *due_at <= now => {}
                _ => break,
            }
            let Some((_, name)) = self.queue.pop_first() else { break };
            taken.extend(self.sources.remove(&name));
        }
        taken
    }

    /// The same queue for other `sources`: states are kept by name, sources that left are dropped. Those that are
    /// being read at the moment (`under_way`) are left out until they are put back.
    pub fn rewatch(&mut self, sources: &[SourceSpec], under_way: impl Fn(&SourceName) -> bool) {
        let mut before = std::mem::take(&mut self.sources);
        self.queue.clear();
        for spec in sources.iter().filter(|spec| !under_way(&spec.name)) {
            let state = match before.remove(&spec.name) {
                Some((old, state)) => carried_over(&old, spec, state),
                None => SourceState::unread(spec.name.clone()),
            };
            self.put(spec.clone(), state);
        }
    }

    /// Puts a source back after it was read.
    pub fn put(&mut self, spec: SourceSpec, state: SourceState) {
        self.queue.insert((state.due_at.unwrap_or(Timestamp::MIN), spec.name.clone()));
        self.sources.insert(spec.name.clone(), (spec, state));
    }
}

/// Hash of the engine and the address that a source is read by.
pub(super) fn place_hash(spec: &SourceSpec) -> u64 {
    hash64(&[&spec.engine, &spec.url])
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
    let wanted = jiff::SignedDuration::try_from(every).ok().and_then(|every| read_at.checked_add(every).ok());
    due_at.min(wanted.or(due_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceHealth, Validators};

    fn spec(name: &str) -> SourceSpec {
        let name = SourceName::new(name);
        SourceSpec { name, engine: "feed".to_owned(), url: String::new(), every: None, medium: None, lang: None }
    }

    #[test]
    fn due_sources_come_longest_due_first_and_once() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let state =
            |name: &str, due: i64| SourceState { due_at: Some(at(due)), ..SourceState::unread(SourceName::new(name)) };
        let specs = [spec("late"), spec("new"), spec("later"), spec("early")];
        let mut schedule = Schedule::new(&specs, vec![state("late", 20), state("later", 90), state("early", 10)]);
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
    fn a_new_watch_keeps_the_states_of_those_that_stay() {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let state =
            |name: &str, due: i64| SourceState { due_at: Some(at(due)), ..SourceState::unread(SourceName::new(name)) };
        let old = [spec("stays"), spec("leaves"), spec("moves"), spec("busy")];
        let here =
            |spec: &SourceSpec| SourceState { place_hash: Some(place_hash(spec)), ..state(spec.name.as_str(), 90) };
        let mut schedule = Schedule::new(&old, old.iter().map(here).collect());
        let moved = SourceSpec { url: "https://elsewhere.example/".to_owned(), ..spec("moves") };
        let new = [spec("stays"), moved, spec("busy"), spec("joins")];
        schedule.rewatch(&new, |name| name.as_str() == "busy");
        let names = |now| {
            let mut schedule = Schedule { queue: schedule.queue.clone(), sources: schedule.sources.clone() };
            let mut names: Vec<_> =
                schedule.take_due(now, 9).into_iter().map(|(spec, _)| spec.name.to_string()).collect();
            names.sort();
            names
        };
        assert_eq!(names(at(50)), ["joins", "moves"]);
        assert_eq!(names(at(90)), ["joins", "moves", "stays"]);
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
}
