//! A query as a tree, and whether it holds.

use super::field::Field;
use super::pattern::{Exact, Phrase};
use super::subject::Subject;
use std::ops::Range;

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// All of them.
    All(Vec<Node>),
    /// At least one.
    Any(Vec<Node>),
    /// Not that one.
    Not(Box<Node>),
    /// A word or phrase of the text.
    Phrase(Phrase),
    /// Letters as they stand, capitals and all.
    Exact(Exact),
    /// Both, with at most so many words between them, in any order.
    Near(Box<Node>, Box<Node>, usize),
    /// Something that is known of the item.
    Field(Field),
}

/// The most places of one part that `NEAR` compares.
const PLACES_MOST: usize = 200;

impl Node {
    /// Whether it holds for `subject`.
    pub fn holds(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.holds(subject)),
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(subject)),
            Self::Not(node) => !node.holds(subject),
            Self::Phrase(phrase) => phrase.is_in(subject.words()),
            Self::Exact(exact) => exact.is_in(&subject.text()),
            Self::Near(..) => !self.places(subject).is_empty(),
            Self::Field(field) => field.holds(subject),
        }
    }

    /// Whether it asks for something that few items have.
    pub fn is_bounded(&self) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().any(Self::is_bounded),
            Self::Any(nodes) => nodes.iter().all(Self::is_bounded),
            Self::Not(_) => false,
            Self::Phrase(_) | Self::Exact(_) | Self::Near(..) => true,
            Self::Field(field) => {
                matches!(field, Field::Author(_) | Field::Site(_) | Field::Source(_) | Field::Title(_))
            }
        }
    }

    /// Where in the words of `subject` it stands.
    fn places(&self, subject: &Subject<'_>) -> Vec<Range<usize>> {
        let mut places = match self {
            Self::Phrase(phrase) => phrase.places(subject.words()),
            Self::Any(nodes) => nodes.iter().flat_map(|node| node.places(subject)).collect(),
            Self::Near(left, right, distance) => {
                let (left, right) = (left.places(subject), right.places(subject));
                let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
                pairs.filter_map(|(one, other)| around(one, other, *distance)).collect()
            }
            Self::All(_) | Self::Not(_) | Self::Exact(_) | Self::Field(_) => Vec::new(),
        };
        places.truncate(PLACES_MOST);
        places
    }
}

/// The stretch that holds both, if at most `distance` words lie between them.
fn around(one: &Range<usize>, other: &Range<usize>, distance: usize) -> Option<Range<usize>> {
    let gap = other.start.saturating_sub(one.end).max(one.start.saturating_sub(other.end));
    let overlap = one.start < other.end && other.start < one.end;
    (!overlap && gap <= distance).then(|| one.start.min(other.start)..one.end.max(other.end))
}
