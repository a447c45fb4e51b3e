//! The plays of one language: the user's own before ours, what they replace or switch off left out.

pub use super::play::Play;
use super::play::read;
use crate::lexicon::{self, PLAYBOOKS};
use std::sync::OnceLock;

/// The language that stands in where a playbook does not speak the team's.
const USUAL: &str = "en";

/// The plays of each language of [`PLAYBOOKS`], read on first use.
static BOOKS: [OnceLock<Vec<Play>>; PLAYBOOKS.len()] = [const { OnceLock::new() }; PLAYBOOKS.len()];

/// Every play for `language` (a tag as `de-CH` counts as `de`), the user's own first; English for any other language.
#[must_use]
pub fn plays(language: &str) -> &'static [Play] {
    book(language).or_else(|| book(USUAL)).unwrap_or_default()
}

/// The plays for `language` where there is a playbook for it.
pub(super) fn book(language: &str) -> Option<&'static [Play]> {
    let primary = primary(language);
    let index = PLAYBOOKS.iter().position(|(of, _)| of.eq_ignore_ascii_case(primary))?;
    let (language, ours) = PLAYBOOKS.get(index)?;
    let plays = BOOKS.get(index)?.get_or_init(|| laid_over(ours, lexicon::own_playbooks(language)));
    Some(plays)
}

/// The languages that have a playbook.
#[must_use]
pub fn languages() -> Vec<&'static str> {
    PLAYBOOKS.iter().map(|(language, _)| *language).collect()
}

/// The built-in playbook for `language` as it is written.
#[must_use]
pub fn text(language: &str) -> Option<&'static str> {
    PLAYBOOKS.iter().find(|(of, _)| *of == language).map(|(_, text)| *text)
}

/// The language of a tag, without region.
pub(super) fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

/// `own` before `ours`: a play replaces the one of the same id, `off` takes it away.
pub(super) fn laid_over<'t>(ours: &str, own: impl Iterator<Item = &'t str>) -> Vec<Play> {
    let mut plays: Vec<Play> = Vec::new();
    for play in own.flat_map(|text| read(text).0) {
        if plays.iter().all(|known| known.id != play.id) {
            plays.push(Play { is_users: true, ..play });
        }
    }
    for play in read(ours).0 {
        if plays.iter().all(|known| known.id != play.id) {
            plays.push(play);
        }
    }
    plays.retain(|play| !play.off);
    plays
}
