//! The world of a test as a value: a folder, a clock, a site, a mail relay and a webhook receiver, all on loopback.

mod house;
mod site;

pub use house::TestHouse;
pub use site::{Answer, Site};
