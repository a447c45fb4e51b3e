//! Which source is due next: the queue of a running service. Cost grows with what is due, not with what is known.

use crate::model::{SourceName, SourceSpec, SourceState};
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
            let state = known.remove(&spec.name).unwrap_or_else(|| SourceState::unread(spec.name.clone()));
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

    /// Puts a source back after it was read.
    pub fn put(&mut self, spec: SourceSpec, state: SourceState) {
        self.queue.insert((state.due_at.unwrap_or(Timestamp::MIN), spec.name.clone()));
        self.sources.insert(spec.name.clone(), (spec, state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
