//! The use cases that people and programs ask for.
