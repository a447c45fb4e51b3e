//! The one integration binary: a module per theme.

#![allow(clippy::panic, reason = "a test may panic")]

mod architecture;
mod beside;
mod cli;
mod crash;
mod crawl;
mod delivery;
mod demo;
mod harm;
mod hostile;
mod hostile_half;
mod jsonl;
mod pathological;
mod punctual;
mod recorded;
mod service;
mod stop;
mod support;
