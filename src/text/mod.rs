//! String helpers that several stages share: folding for comparison, cutting into tokens, stable hashes,
//! fingerprints of near-duplicates, one form of a web address.
//!
//! In: any text, also hostile. Out: text or spans in bytes of the original. Never fails, linear in the text length.

mod address;
mod blank;
mod block;
mod entity;
mod fold;
mod hash;
mod seal;
mod simhash;
mod spelling;
mod token;

pub use address::{address_hash, canonical_address};
pub use blank::fold_blanks;
pub use block::BLOCK_ELEMENTS;
pub use entity::{from_windows_1252, named_entity, push_unescaped};
pub use fold::{Folded, fold, fold_to_string, is_disguised, push_folded};
pub use hash::{WordMap, content_hash64, hash_hex, hash64};
pub use seal::SealKey;
pub use simhash::{SIMHASH_NEAR, simhash_bands, simhash_distance, simhash64};
pub use spelling::{long_spelling, plain_spelling};
pub use token::{Token, TokenKind, Tokens};
