//! Committing what a feed of twenty new items without a brand leaves behind: alone, and fifty at once.

use criterion::{BatchSize, Criterion};
use futures_util::future::join_all;
use jiff::Timestamp;
use porterhouse::model::{Fingerprint, Glance, PassReason, Reading, SourceName, SourceState};
use porterhouse::store::{DataFolder, Store};
use std::cell::Cell;

pub fn bench(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&DataFolder::open(folder.path()).expect("a data folder")).expect("a store");
    let next = Cell::new(0);
    let mut check = |name: &str, n_readings: u64| {
        let readings = || (0..n_readings).map(|_| reading(next.replace(next.get() + 1))).collect::<Vec<_>>();
        criterion.bench_function(name, |bencher| {
            bencher.iter_batched(
                readings,
                |readings| runtime.block_on(join_all(readings.into_iter().map(|reading| store.commit(reading)))),
                BatchSize::SmallInput,
            );
        });
    };
    check("commit of one reading", 1);
    check("commit of fifty readings", 50);
    runtime.block_on(store.close());
}

fn reading(n: u64) -> Reading {
    // Hashes fall anywhere, as those of real items do.
    let scattered = |k: u64| (n * 20 + k).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let print = |k| Fingerprint {
        key_hash: scattered(k),
        url_hash: scattered(k).rotate_left(7),
        content_hash: scattered(k).rotate_left(31),
        reason: PassReason::NoBrand,
    };
    let source = SourceName::new(format!("s{}", n % 1_000));
    Reading {
        state: SourceState::unread(source.clone()),
        source,
        at: Timestamp::UNIX_EPOCH,
        kept: Vec::new(),
        passed: (0..20).map(print).collect(),
        departures: Vec::new(),
        looks: Vec::new(),
        glance: Glance::List,
        cursor: Default::default(),
        notices: Vec::new(),
    }
}
