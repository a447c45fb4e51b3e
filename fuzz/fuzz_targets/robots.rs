//! A robots.txt and the path of a page: a verdict, whatever the bytes.
//!
//! Input: the path, a line end, the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use porterhouse::fetch::{CRAWL_DELAY_CAP, Rules};

fuzz_target!(|input: &[u8]| {
    let (path, file) = match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (&b"/"[..], input),
    };
    let path = String::from_utf8_lossy(path);
    let rules = Rules::parse(file, "porterhouse");
    assert_eq!(rules.allows(&path), rules.forbidding(&path).is_none());
    assert!(rules.allows("/robots.txt"), "the file itself may always be read");
    assert!(rules.crawl_delay().is_none_or(|delay| delay <= CRAWL_DELAY_CAP));
});
