//! Seals: what proves that a text was written by this house, and nobody changed it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use std::fmt;

/// The key of the house's seals. Prints `***` everywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// A key of these bytes, which nobody else may know.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The seal of `parts`: HMAC-SHA256 in base64 that fits into an address, 43 characters.
    #[must_use]
    pub fn seal(&self, parts: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key(), &joined(parts)).as_ref())
    }

    /// Whether `seal` is that of `parts`, in a time that does not tell how much of it is right.
    #[must_use]
    pub fn holds(&self, parts: &[&str], seal: &str) -> bool {
        URL_SAFE_NO_PAD.decode(seal).is_ok_and(|tag| hmac::verify(&self.key(), &joined(parts), &tag).is_ok())
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.0)
    }
}

/// Each part behind its length, so that no two lists of parts are one text.
fn joined(parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_printed_nowhere() {
        assert_eq!(format!("{:?}", SealKey::new([7; 32])), "***");
    }

    proptest! {
        #[test]
        fn a_seal_holds_for_its_own_parts_and_no_others(
            parts in prop::collection::vec(".{0,12}", 0..5),
            others in prop::collection::vec(".{0,12}", 0..5),
            forged in ".{0,50}",
        ) {
            let key = SealKey::new([7; 32]);
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            let seal = key.seal(&parts);
            prop_assert!(key.holds(&parts, &seal));
            prop_assert_eq!(key.holds(&others, &seal), parts == others);
            prop_assert!(!SealKey::new([8; 32]).holds(&parts, &seal));
            prop_assert!(!key.holds(&parts, &forged));
        }
    }
}
