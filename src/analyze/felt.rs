//! What a feeling rests on: weighed anew without one row of the word lists, to see which rows help and which hurt.

use super::sentiment::{self, Charges, Listed};
use super::{BrandIndex, Sighting, token_ranges};
use crate::model::{BrandId, Feeling};
use crate::text::Tokens;
use std::ops::Range;

/// Whose feeling, toward whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About<'b> {
    /// That of the whole text.
    Text,
    /// That toward the brand of this id, which is one of the index.
    Brand(&'b BrandId),
    /// That toward what stands at this place of the text (bytes).
    Place(Range<usize>),
}

/// A text whose feeling can be weighed again and again.
#[derive(Debug)]
pub struct Felt<'t> {
    tokens: &'t Tokens<'t>,
    charges: Charges,
    /// The names of the brand in the text, and those of others; `None` for the whole text.
    names: Option<Names>,
}

/// Where a brand is named, and where others are (tokens).
#[derive(Debug)]
struct Names {
    own: Vec<Range<usize>>,
    others: Vec<Range<usize>>,
}

impl<'t> Felt<'t> {
    /// The text of `tokens` in the language `lang` (`None` where it is undecided), with the `sightings` of its brands.
    #[must_use]
    pub fn new(
        index: &BrandIndex,
        tokens: &'t Tokens<'t>,
        sightings: &[Sighting],
        lang: Option<&str>,
        about: &About<'_>,
    ) -> Self {
        let names = match about {
            About::Text => None,
            About::Brand(brand) => {
                let is_of = |sighting: &&Sighting| index.brands().get(sighting.brand).is_some_and(|b| b.id == **brand);
                let own = token_ranges(tokens, sightings.iter().filter(is_of));
                let others = token_ranges(tokens, sightings.iter().filter(|sighting| !is_of(sighting)));
                Some(Names { own, others })
            }
            About::Place(span) => Some(Names { own: vec![tokens.covering(span)], others: Vec::new() }),
        };
        Self { tokens, charges: sentiment::charges(tokens, lang), names }
    }

    /// The feeling as `analyze` weighs it.
    #[must_use]
    pub fn feeling(&self) -> Feeling {
        self.weigh(&self.charges)
    }

    /// The rows that bear feeling in the text, each once, with the rule of the first charge that comes from it.
    #[must_use]
    pub fn rows(&self) -> Vec<(Listed, &'static str)> {
        self.charges.rows()
    }

    /// The feeling if the row `listed` bore none.
    #[must_use]
    pub fn without(&self, listed: Listed) -> Feeling {
        self.weigh(&self.charges.without(listed))
    }

    fn weigh(&self, charges: &Charges) -> Feeling {
        match &self.names {
            None => sentiment::of_text(charges, self.tokens),
            Some(Names { own, others }) => sentiment::toward(charges, self.tokens, own, others),
        }
    }
}
