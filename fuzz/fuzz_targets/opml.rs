//! A list of feeds: read, or refused; what it gives stays within the list.

#![no_main]

use libfuzzer_sys::fuzz_target;
use porterhouse::source::opml;

fuzz_target!(|input: &[u8]| {
    let Ok(list) = opml::read(input) else { return };
    // An outline has nine letters with its bracket; decoding may make three bytes of one.
    assert!(list.found.len() <= input.len() / 8 + 1, "{} of {} bytes", list.found.len(), input.len());
    assert!(list.found.is_sorted_by_key(|found| found.line), "in the order of the list");
    for found in list.found {
        assert!(found.url.len() <= 3 * input.len() && found.folders.len() <= 4);
        assert!(found.title.is_none_or(|title| title.chars().count() <= 120));
    }
});
