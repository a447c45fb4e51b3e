//! Looking for brands: posts that name none and one that names one, among 1,000 and 20,000 names.
//!
//! Goals, on one core with folding included: 6 µs and 10 µs where none is named, 60 µs for matching and weighing where
//! one is, and an automaton of at most 20 MB.

use super::posts;
use criterion::Criterion;
use porterhouse::analyze::{self, BrandIndex};
use porterhouse::text::Tokens;
use std::hint::black_box;

/// 280 bytes of plain letters that name nobody.
const NOBODY: &str = "Spent the whole morning in the garden, then soup and a long walk along the river with the \
    neighbours and their two dogs. The little one fell into the water, of course, and came out with a stick twice \
    her size. Back home there was tea, and a film that nobody watched to the end. A good day.";

/// About as much with umlauts, a hashtag and a handle.
const NIEMAND: &str = "Den ganzen Vormittag im Garten, danach Suppe und ein langer Spaziergang am Fluß mit den Nachbarn \
    und ihren zwei Hunden. Der kleine fiel natürlich ins Wasser und kam mit einem Stöckchen zurück, doppelt so groß \
    wie er. #sonntag mit @nachbarin, Tee und einem Film, den keiner zu Ende sah.";

const MENTION: &str = "Landed at Newark two hours late, so hungry that I dream of a porterhouse. Hey @Mortons, can you \
    meet me at the airport with one? K, thanks. :-) The flight was full, the film was old and there were no peanuts, \
    so please hurry, my friends at Morton's, the baggage belt has just begun to move.";

pub fn bench(criterion: &mut Criterion) {
    for n_names in [1_000, 20_000] {
        let index = BrandIndex::new(posts::many_brands(n_names));
        let megabytes = index.heap_bytes() as f64 / 1e6;
        assert!(megabytes <= 20.0, "an automaton of {n_names} names takes {megabytes:.1} MB");
        for (name, text) in [("plain", NOBODY), ("umlauts", NIEMAND)] {
            let item = posts::item(text);
            criterion.bench_function(&format!("brands: none of {n_names} named, {name}"), |bencher| {
                bencher.iter(|| assert!(!analyze::may_name_a_brand(&index, black_box(&item))));
            });
        }
        let item = posts::item(MENTION);
        let tokens = Tokens::new(MENTION);
        criterion.bench_function(&format!("brands: one of {n_names} named and weighed"), |bencher| {
            bencher.iter(|| {
                let sightings = analyze::sightings(&index, black_box(&item), MENTION);
                let found = analyze::relevance_of(&index, &item, &tokens, &sightings, Some("en"));
                assert_eq!(found.len(), 1);
            });
        });
    }
}
