//! A beat of the service while fifty sources fall due, with a thousand sources known and with a hundred thousand.
//!
//! "queue" is the schedule alone: taking what is due and putting it back. "beat" is all that the service does once a
//! second besides reading: the queue, the states of the fifty written, notices routed, digest and outbox looked at.

use super::support::TestHouse;
use criterion::Criterion;
use jiff::{SignedDuration, Timestamp};
use porterhouse::app::House;
use porterhouse::model::{SourceHealth, SourceName, SourceSpec, SourceState};
use porterhouse::pipeline::{self, Schedule};

const DUE: i64 = 50;
const PER_HOST: usize = 4;

pub fn bench(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for n_known in [1_000, 100_000] {
        let world = runtime.block_on(TestHouse::new());
        let open = world.open();
        let mut known = Known::new(n_known, world.clock());
        criterion.bench_function(&format!("schedule: queue of fifty due of {n_known}"), |bencher| {
            bencher.iter(|| known.round().len());
        });
        runtime.block_on(known.keep(&open));
        criterion.bench_function(&format!("schedule: beat with fifty due of {n_known}"), |bencher| {
            bencher.iter(|| {
                let states = known.round();
                runtime.block_on(beat(&open, states));
            });
        });
    }
}

async fn beat(open: &House, states: Vec<SourceState>) {
    let parts = &open.parts;
    parts.store.check_log().await.expect("in place");
    parts.store.save_states(states).await.expect("written");
    pipeline::route_pending(parts).await.expect("routed");
    pipeline::digest_due(parts).await.expect("made");
    pipeline::deliver_due(parts).await.expect("sent");
}

/// Sources of which fifty fall due every second.
struct Known {
    schedule: Schedule,
    states: Vec<SourceState>,
    now: Timestamp,
    every: SignedDuration,
}

impl Known {
    fn new(n: i64, now: Timestamp) -> Self {
        let specs: Vec<SourceSpec> = (0..n).map(spec).collect();
        let state = |(k, spec): (i64, &SourceSpec)| SourceState {
            health: SourceHealth::Fresh,
            asked_at: Some(now),
            read_at: Some(now),
            due_at: Some(now + SignedDuration::from_millis((k + 1) * 1_000 / DUE)),
            ..SourceState::unread(spec.name.clone())
        };
        let states: Vec<SourceState> = (0..).zip(&specs).map(state).collect();
        let schedule = Schedule::new(&specs, states.clone(), PER_HOST, now);
        Self { schedule, states, now, every: SignedDuration::from_secs(n / DUE) }
    }

    /// Writes every state once.
    async fn keep(&self, open: &House) {
        for states in self.states.chunks(2_000) {
            open.parts.store.save_states(states.to_vec()).await.expect("written");
        }
    }

    /// A second passes: what is due is taken and put back; the states as they are then.
    fn round(&mut self) -> Vec<SourceState> {
        self.now += SignedDuration::from_secs(1);
        let taken = self.schedule.take_due(self.now, 100);
        assert_eq!(taken.len(), usize::try_from(DUE).expect("small"));
        let mut states = Vec::with_capacity(taken.len());
        for (spec, state) in taken {
            let due_at = state.due_at.map(|due_at| due_at + self.every);
            let state = SourceState { asked_at: Some(self.now), read_at: Some(self.now), due_at, ..state };
            states.push(state.clone());
            self.schedule.put(spec, state);
        }
        states
    }
}

fn spec(n: i64) -> SourceSpec {
    SourceSpec::new(
        SourceName::new(format!("source-{:08}", n.wrapping_mul(7_919) % 100_000_000)),
        "feed",
        format!("https://host{}.example/feed/{n}", n % 20_000),
    )
}
