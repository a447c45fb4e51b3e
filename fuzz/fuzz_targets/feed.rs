//! A feed as any server might send it: read or refused, mended or not, within the bounds of its bytes.
//!
//! Input: the content type, a line break, the bytes of the answer.

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use porterhouse::desk::read_file;

/// Where the answer is said to come from.
const URL: &str = "https://example.com/blog/feed.xml";

/// What one byte of a feed may become: fields that stand for others are written twice or three times,
/// one byte of an old encoding is up to three of UTF-8, a control character is six of JSON.
const GROWTH: usize = 64;

/// What the form of the answer costs, feed and items alike.
const FORM_BYTES: usize = 2048;

// feed-rs is only the second reader, and a panic in it is caught; libFuzzer's hook would end the run before that.
// A panic that is not caught still ends it.
fuzz_target!(init: drop(std::panic::take_hook()), |input: &[u8]| {
    let at = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (kind, body) = input.split_at(at);
    let headers = [("Content-Type".to_owned(), String::from_utf8_lossy(kind).into_owned())];
    let read = || read_file("feed", body, URL, &headers, Timestamp::UNIX_EPOCH);
    let answer = read();
    assert_eq!(answer, read(), "the same bytes read the same");
    let Ok(lines) = answer else { return };
    let n_items = lines.iter().filter(|line| line.get("item").is_some()).count();
    assert!(n_items <= body.len() / 4, "an item has a tag of its own: {n_items}");
    let written: usize = lines.iter().map(|line| line.to_string().len()).sum();
    let bound = GROWTH * body.len() + FORM_BYTES * (n_items + 1);
    assert!(written <= bound, "{written} bytes from {}, {n_items} items", body.len());
});
