//! Dates and time phrases: what a feed writes as a date, and what a person means by "in two hours".
//!
//! Pure: what "now" is, the caller says. A zone is an offset here; clock changes between a post and
//! the hour it speaks of are not known.

mod date;
mod iso;
mod names;

pub use date::read_date;
