//! Whether two items tell the same story: repeats, cross-posts, reposts without words, syndicated texts.
//!
//! In: items with their text. Out: the keys under which candidates are found, and for a pair whether, and how, the one
//! repeats the other. Pure, linear in the length of the texts. Stories are made of texts, never of people: what two
//! customers write is never one story, however alike it is. It does not translate: a story in two languages is two.

mod keys;
#[cfg(test)]
mod measure;
mod sameness;
mod telling;
#[cfg(test)]
mod tests;

pub use keys::{copy_key, keys};
pub use sameness::{Sameness, sameness};
pub use telling::Telling;
