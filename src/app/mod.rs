//! Start, stop, signals, the clock.

pub mod demo;
