//! What the work costs: analysis of a mention and of what is none, reading a feed, a commit, a whole poll.
//!
//! `cargo bench` runs all, `cargo bench -- analysis` those whose name has the word. No network beyond loopback.

#![allow(
    dead_code,
    unused_imports,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "benches need less of the world than tests do, and may panic as they may"
)]

#[path = "../tests/support/mod.rs"]
mod support;

mod analysis;
mod brands;
mod feed;
mod language;
mod poll;
mod posts;
mod schedule;
mod store;

criterion::criterion_group!(
    benches,
    analysis::bench,
    brands::bench,
    language::bench,
    feed::bench,
    store::bench,
    poll::bench,
    schedule::bench
);
criterion::criterion_main!(benches);
