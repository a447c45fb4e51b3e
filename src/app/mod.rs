//! Start, stop, signals, the clock: what a running program is made of.

mod clock;
mod crawl;
pub mod demo;
mod folders;
mod house;
mod report;
mod run;

pub use clock::{clock, now};
pub use crawl::{CrawlOutcome, crawl};
pub use folders::{Folders, NoDataFolder};
pub use house::{House, load_config, load_config_or_default};
pub use report::{DigestFiles, preview, stats};
pub use run::run;
