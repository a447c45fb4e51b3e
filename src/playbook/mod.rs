//! Ideas for what to do about an opportunity: plays that people wrote, chosen by kinds and conditions.
//!
//! In: one judged mention and `now`. Out: [`Ideas`] of the one play that fits best, or none. The plays stand in
//! `lexicons/<language>/playbooks.toml`, a user's own go before ours; the words that show an occasion stand in
//! `lexicons/<language>/occasions.tsv`. What to do and what to avoid is told in the team's language, how to word it in
//! the customer's. Nothing is made up and nothing is stored: ideas are chosen anew whenever a card is shown, so that a
//! changed playbook changes open cards. No clock, no network.

mod book;
mod case;
mod choice;
mod condition;
mod play;
#[cfg(test)]
mod tests;

pub use book::{Play, languages, plays, text};
pub use case::Case;
pub use choice::ideas;
pub use condition::Condition;
pub use play::{Purpose, read};

use crate::model::{Card, Ideas};
use jiff::Timestamp;

/// The ideas for `card`, in the team's language `team` (ISO 639-1); `None` where nobody should act.
#[must_use]
pub fn of_card(card: &Card, team: &str, now: Timestamp) -> Option<Ideas> {
    let opportunity = card.opportunity.as_ref()?;
    let (judgement, nearest) = (&opportunity.judgement, opportunity.nearest.as_ref());
    let is_missed = card.why_missed(now).is_some();
    ideas(&Case { item: &card.item, mention: &card.mention, judgement, nearest, is_missed, now }, team)
}
