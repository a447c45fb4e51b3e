//! An answer of a WordPress interface as any server might send it: read or refused, no more items than bytes.
//!
//! Input: an `x-wp-totalpages`, a line break, the bytes of the answer; its first byte chooses the list.

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use porterhouse::desk::read_file;

/// Where the answer is said to come from.
const URLS: [&str; 4] = [
    "https://example.com/wp-json/wp/v2/comments?after=2026-03-01T10:00:00Z&page=2",
    "https://example.com/?rest_route=/wp/v2/posts",
    "https://example.com/comments/feed/",
    "https://example.com/",
];

fuzz_target!(|input: &[u8]| {
    let at = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (n_pages, body) = input.split_at(at);
    let url = URLS[usize::from(input.first().copied().unwrap_or(0)) % URLS.len()];
    let headers = [("X-WP-TotalPages".to_owned(), String::from_utf8_lossy(n_pages).into_owned())];
    let read = || read_file("wordpress", body, url, &headers, Timestamp::UNIX_EPOCH);
    let answer = read();
    assert_eq!(answer, read(), "the same bytes read the same");
    let n_items = answer.iter().flatten().filter(|line| line.get("item").is_some()).count();
    assert!(n_items <= body.len() / 2, "{n_items} items of {} bytes", body.len());
});
