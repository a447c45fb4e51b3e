//! Porterhouse listens where customers talk about a brand and finds the moments to surprise them.
//!
//! Data flows one way: source → item → mention → opportunity → alert.
//! `docs/ARCHITECTURE.md` has the map; a test holds the imports against it.

pub mod alert;
pub mod analyze;
pub mod app;
pub mod cli;
pub mod config;
pub mod desk;
pub mod digest;
pub mod extract;
pub mod fetch;
pub mod gazetteer;
pub mod lexicon;
pub mod model;
pub mod net;
pub mod opportunity;
pub mod pipeline;
pub mod playbook;
pub mod query;
pub mod source;
pub mod store;
pub mod story;
pub mod text;
pub mod web;
pub mod when;
pub mod wording;
