//! Reading the answer of a feed with twenty items.

use super::posts;
use criterion::Criterion;
use jiff::Timestamp;
use porterhouse::model::{Cursor, Response};
use porterhouse::source;
use std::hint::black_box;

pub fn bench(criterion: &mut Criterion) {
    let source = source::open(&posts::spec("blog")).expect("a feed");
    let (cursor, now) = (Cursor::default(), Timestamp::UNIX_EPOCH);
    let request = source.start(&cursor, now).pop().expect("a request");
    let headers = vec![("content-type".to_owned(), "application/rss+xml".to_owned())];
    let response = Response { status: 200, url: request.url.clone(), headers, body: posts::rss(0).into() };
    criterion.bench_function("reading a feed of 20 items", |bencher| {
        bencher.iter(|| source.read(&cursor, &request, black_box(&response), now).expect("readable"));
    });
}
