//! Hashes that stay the same over versions and machines, because they are stored; and a table of words.

use foldhash::fast::FixedState;
use ring::digest;
use std::collections::HashMap;
use twox_hash::XxHash3_64;

/// A table of our own words, looked up for every token of every text: faster than the standard one, which guards
/// against keys that somebody chose to collide. Nobody from outside puts anything in. Its hashes are never stored.
pub type WordMap<K, V> = HashMap<K, V, FixedState>;

/// The first 64 bits of SHA-256 over the parts, each followed by a zero byte.
#[must_use]
pub fn hash64(parts: &[&str]) -> u64 {
    let mut bytes = [0_u8; 8];
    for (slot, byte) in bytes.iter_mut().zip(digest_of(parts).as_ref()) {
        *slot = *byte;
    }
    u64::from_be_bytes(bytes)
}

/// The XXH3 hash (64 bits) of the parts, each seeded with the hash of those before it.
///
/// For long texts that are compared with themselves: ten times as fast as [`hash64`], but whoever wants to can make
/// two texts that share it. XXH3 is specified and does not change; nor may this.
#[must_use]
pub fn content_hash64(parts: &[&str]) -> u64 {
    parts.iter().fold(0, |before, part| XxHash3_64::oneshot_with_seed(before, part.as_bytes()))
}

/// The first 128 bits of SHA-256 over the parts, each followed by a zero byte, as 32 hex digits.
#[must_use]
pub fn hash_hex(parts: &[&str]) -> String {
    digest_of(parts).as_ref().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

fn digest_of(parts: &[&str]) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    context.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(hash64(&["ab", "c"]), hash64(&["a", "bc"]));
        assert_eq!(hash64(&["ab", "c"]), hash64(&["ab", "c"]));
        assert_eq!(hash_hex(&["x"]).len(), 32);
        assert_ne!(content_hash64(&["ab", "c"]), content_hash64(&["a", "bc"]));
    }

    #[test]
    fn what_is_stored_stays_comparable() {
        assert_eq!(hash64(&["blog", "1"]), 15_136_553_166_478_416_444);
        assert_eq!(
            content_hash64(&["A title", "<p>A body that is longer than sixteen bytes.</p>", ""]),
            8_811_897_496_468_481_325
        );
    }
}
