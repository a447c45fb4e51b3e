//! Studying one item: one that names a brand, and one that names none.

use super::posts;
use criterion::{BatchSize, Criterion};
use jiff::Timestamp;
use porterhouse::analyze::{BrandIndex, judge_spam, sentiment};
use porterhouse::opportunity::Settings;
use porterhouse::pipeline::{History, study};
use porterhouse::text::{Tokens, simhash64};
use std::hint::black_box;

pub fn bench(criterion: &mut Criterion) {
    let index = BrandIndex::new(posts::brands());
    let settings = Settings::default();
    let mut check = |name: &str, html: &str| {
        let item = posts::item(html);
        criterion.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || item.clone(),
                |item| study(&index, &settings, black_box(item), Timestamp::UNIX_EPOCH, &History::default()),
                BatchSize::SmallInput,
            );
        });
    };
    check("analysis of a mention", posts::MENTION);
    check("analysis of what is none", &posts::passing_body(1));
    let text = posts::of_bytes(280);
    let tokens = Tokens::new(&text);
    criterion.bench_function("fingerprint of 280 bytes", |bencher| bencher.iter(|| simhash64(black_box(&tokens))));
    let tweet =
        "Dear Acme, third day without hot water and nobody answers your phone. The plumber was lovely, but still!";
    criterion.bench_function("sentiment of a short post", |bencher| {
        bencher.iter(|| {
            let tokens = Tokens::new(black_box(tweet));
            sentiment::of_text(&sentiment::charges(&tokens, Some("en")), &tokens)
        });
    });
    let item = posts::item("");
    criterion.bench_function("spam verdict on 280 bytes", |bencher| {
        bencher.iter(|| judge_spam(&item, black_box(&tokens)));
    });
    criterion.bench_function("place in 280 bytes that name none", |bencher| {
        bencher.iter(|| porterhouse::gazetteer::search(black_box(&tokens), Some("en"), Default::default()));
    });
}
