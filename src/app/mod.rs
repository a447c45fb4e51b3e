//! Start, stop, signals, the clock: what a running program is made of.

mod clock;
mod correct;
mod crawl;
pub mod demo;
mod discover;
mod doctor;
mod folders;
mod house;
mod journey;
mod keep;
mod last_words;
mod limits;
mod look;
mod report;
mod run;
mod send;
mod supervisor;
mod trial;
mod web;
mod why;

pub use crate::pipeline::Terminal;
pub use clock::{clock, now};
pub use correct::{correct, corrections};
pub use crawl::{CrawlOutcome, crawl};
pub use discover::{Discovery, OfferKind, Probe, Tried, discover, try_source};
pub use doctor::{Checkup, Point, Verdict, doctor};
pub use folders::{Folders, NoDataFolder};
pub use house::{House, load_config, load_config_or_default};
pub use journey::{Along, journey};
pub use keep::{Kept, Restored, backup, check_data, restore};
pub use look::{LookedAt, WrongSince, mentions, opportunities, search, since, sources};
pub use report::{DigestFiles, preview, stats};
pub use run::run;
pub use send::{DigestSent, put_back, send_digest};
pub use trial::{Ground, Trial, TrialFound, items_of_lines, try_out};
pub use why::{Outlook, PageOutlook, SiteSource, Why, why};
