//! Hashes that stay the same over versions and machines: they are stored.

use ring::digest;

/// The first 64 bits of SHA-256 over the parts, each followed by a zero byte.
#[must_use]
pub fn hash64(parts: &[&str]) -> u64 {
    let mut bytes = [0_u8; 8];
    for (slot, byte) in bytes.iter_mut().zip(digest_of(parts).as_ref()) {
        *slot = *byte;
    }
    u64::from_be_bytes(bytes)
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
    }
}
