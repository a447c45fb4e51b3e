//! Brands that are odd but harmless: they run, and a warning says what may come of it.

use super::value::Text;
use crate::lexicon::ordinary;
use crate::text::fold_to_string;
use std::collections::{HashMap, HashSet};

/// The names of one brand.
#[derive(Debug)]
pub(super) struct Names<'n, 'd> {
    /// The full name.
    pub(super) name: &'n Text<'d>,
    /// The other names.
    pub(super) aliases: &'n [Text<'d>],
    /// Where it can be addressed.
    pub(super) handles: &'n [Text<'d>],
    /// Context words, or what it is, tell it from others of its name.
    pub(super) has_context: bool,
}

/// The brands that were looked at so far: who has which name and handle.
#[derive(Debug, Default)]
pub(super) struct Company {
    names: HashMap<String, String>,
    handles: HashMap<String, String>,
}

impl Company {
    /// Warns of what is odd in one brand, alone and beside those before it.
    pub(super) fn look_at(&mut self, id: &str, names: &Names<'_, '_>) {
        let mut own_names = HashSet::new();
        for text in std::iter::once(names.name).chain(names.aliases) {
            let folded = fold_to_string(&text.text);
            if folded.chars().filter(|character| character.is_alphanumeric()).count() == 1 {
                text.warn("is one letter, which stands nearly everywhere", "write a longer name");
            } else if !names.has_context && ordinary::is_word(&folded, None) {
                text.warn(
                    "is an ordinary word",
                    "write `about` (what it is) or `context` words that tell the brand from it",
                );
            } else if !names.has_context && (ordinary::is_given_name(&folded) || ordinary::is_family_name(&folded)) {
                text.warn(
                    "is a common name of people",
                    "write `about` (what it is) or `context` words that tell the brand from them",
                );
            }
            if own_names.insert(folded.clone()) {
                warn_if_shared(&mut self.names, folded, id, text);
            } else {
                text.warn("repeats a name of this brand", "remove it");
            }
        }
        for text in names.handles {
            let folded = fold_to_string(text.text.trim_start_matches('@'));
            warn_if_shared(&mut self.handles, folded, id, text);
        }
    }
}

fn warn_if_shared(owners: &mut HashMap<String, String>, folded: String, id: &str, text: &Text<'_>) {
    if id.is_empty() {
        return;
    }
    let owner = owners.entry(folded).or_insert_with(|| id.to_owned());
    if owner != id {
        text.warn(&format!("belongs to brand `{owner}` as well"), "posts that name it count for both");
    }
}
