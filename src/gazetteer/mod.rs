//! Places on the map: cities and airports by the names people use for them, and distances between them.
//!
//! [`find()`] reads what a configuration writes ("Hackensack, NJ"); [`search()`] looks through a post and wants evidence,
//! for many a word is a city as well ("Nice", "Essen"). The tables are read on first use and never where a text has
//! nothing that could be a place. Streets and addresses are not known.

mod atlas;
mod choose;
mod codes;
mod distance;
mod evidence;
mod find;
mod key;
mod near;
mod search;
mod settle;
mod tags;

pub use codes::state_name;
pub use distance::distance_km;
pub use find::{find, find_in_text, is_town};
pub use key::key;
pub use near::city_near;
pub use search::{FoundPlace, Hints, PlaceKind, search};
