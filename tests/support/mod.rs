//! The world of a test as a value: a folder, a clock, a site, a mail relay and a webhook receiver, all on loopback.

mod blog;
mod command;
mod dice;
mod fedi;
mod hostile;
mod house;
pub mod hub;
mod jet;
mod listing;
mod paid;
mod service;
mod site;
mod victim;

pub use blog::Blog;
pub use command::{run, words_of};
pub use dice::{Dice, number};
pub use fedi::{Fedi, FediSite, Server as FediServer, Talk};
pub use hostile::{HEAVY, HostileSite, QUICK, RESTLESS, SLOW};
pub use house::TestHouse;
pub use jet::{BEGIN_US, Jet, Visit, change, text as jet_text};
pub use listing::{Listing, ListingSite, STYLES, preset as listing_preset, preset_again};
pub use paid::{FORMS as PAID_FORMS, PaidSite, preset as paid_preset};
pub use service::Service;
pub use site::{Answer, Site};
pub use victim::{Remains, Victim, binary, let_time_pass, said};
