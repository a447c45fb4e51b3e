//! The one integration binary: a module per theme.

#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_macros,
    reason = "a test may panic: that is how it fails"
)]

mod again;
mod architecture;
mod beside;
mod budget;
mod cli;
mod crash;
mod crawl;
mod delivery;
mod demo;
mod discover;
mod doctor;
mod evaluate;
mod fedi;
mod harm;
mod health;
mod hostile;
mod hostile_half;
mod import;
mod jsonl;
mod lists;
mod pages;
mod pathological;
mod playbooks;
mod presets;
mod punctual;
mod recorded;
mod service;
mod stop;
mod streams;
mod supervised;
mod support;
mod trial;
mod web;
mod websub;
mod why;
mod wordpress;
