//! Dates and time phrases: what a feed or a page writes as a date, and what a person means by "in two hours".
//!
//! Pure: what "now" is, the caller says. Where only an offset is known, clock changes between a post and
//! the hour it speaks of are not; with a zone they are.

mod ago;
mod calendar;
mod date;
mod de;
mod en;
mod es;
mod fr;
mod holidays;
mod hours;
mod iso;
mod it;
mod line;
mod names;
mod page;
mod pattern;
mod phrase;
mod slot;
mod words;
mod zone;

#[cfg(test)]
mod tests;

pub use date::read_date;
pub use holidays::knows_holidays;
pub use hours::{HoursError, HoursMistake, openings, read_hours};
pub use page::{PageDate, read_page_date};
pub use phrase::{TimePhrase, phrases, phrases_in_zone};
