//! Tags items: which brands, which language, which feeling, spam or not. Pure, synchronous, deterministic.

pub mod sentiment;
