//! The use cases that people and programs ask for.

pub mod read;
