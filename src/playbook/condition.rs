//! What a play may ask for: the closed list of conditions.

use crate::lexicon::OCCASIONS;

/// Something that holds of an opportunity, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It is known of the mention.
    Fact(&'static str),
    /// The words of the post show it: one of [`OCCASIONS`].
    Occasion(&'static str),
}

/// What is known of a mention without looking for words.
const FACTS: [&str; 9] = ["angry", "broken", "deadline", "direct", "late", "outlet", "overheard", "place", "reach"];

impl Condition {
    /// The condition called `name`, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let fact = FACTS.into_iter().find(|known| *known == name).map(Self::Fact);
        fact.or_else(|| OCCASIONS.into_iter().find(|known| *known == name).map(Self::Occasion))
    }

    /// The word used in playbooks.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fact(name) | Self::Occasion(name) => name,
        }
    }

    /// The names of all conditions, in the order of the alphabet.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        let mut names: Vec<_> = FACTS.into_iter().chain(OCCASIONS).collect();
        names.sort_unstable();
        names
    }
}
