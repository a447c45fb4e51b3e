//! A whole poll in one process, from opening the house to closing it: fifty feeds that are new, then unchanged.

use super::posts;
use super::support::{Answer, TestHouse};
use criterion::{BatchSize, Criterion};

const FEEDS: usize = 50;

pub fn bench(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let house = || runtime.block_on(house());
    criterion.bench_function("poll of fifty new feeds", |bencher| {
        bencher.iter_batched_ref(house, |house| runtime.block_on(house.crawl()), BatchSize::PerIteration);
    });
    let known = house();
    runtime.block_on(known.crawl());
    criterion.bench_function("poll of fifty unchanged feeds", |bencher| {
        bencher.iter(|| runtime.block_on(known.crawl()));
    });
}

async fn house() -> TestHouse {
    let house = TestHouse::new().await;
    for feed in 0..FEEDS {
        let path = format!("/{feed}");
        house.site.put(&path, Answer::feed(&posts::rss(feed)));
        house.watch(&format!("s{feed}"), &path);
    }
    house
}
