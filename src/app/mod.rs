//! Start, stop, signals, the clock.
