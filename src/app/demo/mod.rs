//! A small internet on loopback, for the demo and for tests.

pub mod ledger;
pub mod mail_sink;
pub mod webhook_sink;
