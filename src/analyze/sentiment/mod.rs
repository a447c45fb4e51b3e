//! What a text feels, as a whole and toward each brand that it names.
//!
//! In: the tokens of a text and its language. Out: a [`Feeling`](crate::model::Feeling) with the words that it rests on.
//! One scan ([`charges`]) reads the word lists against the text; weighing it for the text and for every brand
//! costs little more. No clock, no state, no failure; linear in the text length but for what few charges a text holds.
//! It does not decide the language and does not look for brands.

mod confidence;
mod listed;
mod marks;
mod scan;
mod spelling;
mod stated;
mod terms;
mod toward;
mod weigh;
mod words;

#[cfg(test)]
mod tests;

pub use listed::Listed;
pub use scan::{Charges, charges};
pub use toward::toward;
pub use weigh::of_text;
