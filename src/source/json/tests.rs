//! Readings in memory.
