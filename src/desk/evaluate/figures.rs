//! Counts how well what was said agrees with what people say.
//!
//! In: one [`Outcome`] a post, all of one form. Out: [`Figures`]. A label that nobody gave among people's has no F1 of
//! its own; giving it is an error of the label that was right.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What people say of one post, and what we say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// One label each.
    Label { gold: String, said: String },
    /// Any number of labels each.
    Labels { gold: BTreeSet<String>, said: BTreeSet<String> },
    /// Whether there is such a thing in the post, and how ours fits.
    Slot { name: &'static str, fit: Fit },
}

/// How a thing that was found in a post fits the one that people found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The same.
    Right,
    /// Another one.
    Wrong,
    /// People found one, we none.
    Missed,
    /// We found one, people none.
    Extra,
    /// Neither found one.
    Nothing,
}

impl Outcome {
    pub fn is_right(&self) -> bool {
        match self {
            Self::Label { gold, said } => gold == said,
            Self::Labels { gold, said } => gold == said,
            Self::Slot { fit, .. } => matches!(fit, Fit::Right | Fit::Nothing),
        }
    }

    /// What people say.
    pub fn gold(&self) -> String {
        match self {
            Self::Label { gold, .. } => gold.clone(),
            Self::Labels { gold, .. } => listed(gold),
            Self::Slot { fit: Fit::Extra | Fit::Nothing, .. } => "none".to_owned(),
            Self::Slot { .. } => "set".to_owned(),
        }
    }

    /// What we say.
    pub fn said(&self) -> String {
        match self {
            Self::Label { said, .. } => said.clone(),
            Self::Labels { said, .. } => listed(said),
            Self::Slot { fit, .. } => match fit {
                Fit::Right => "right",
                Fit::Wrong => "wrong",
                Fit::Missed => "missed",
                Fit::Extra => "extra",
                Fit::Nothing => "none",
            }
            .to_owned(),
        }
    }
}

fn listed(labels: &BTreeSet<String>) -> String {
    if labels.is_empty() { "none".to_owned() } else { labels.iter().cloned().collect::<Vec<_>>().join(", ") }
}

/// Precision, recall and F1 of one label.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Posts that have the label.
    pub n: usize,
    /// Of those that were given it, the share that have it.
    pub precision: f64,
    /// Of those that have it, the share that were given it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Figures of some posts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Posts.
    pub n: usize,
    /// The share that is wholly right.
    pub accuracy: f64,
    /// The mean F1 of the labels that occur among people's.
    pub macro_f1: f64,
    /// The F1 of all labels counted together, where a post may have several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_f1: Option<f64>,
    /// Each label that occurs among people's.
    pub classes: BTreeMap<String, Class>,
    /// How often which label of people's was taken for which; empty where a post may have several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confusion: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Posts that have a label, that were given it, and both.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    has: usize,
    given: usize,
    both: usize,
}

impl Count {
    fn class(self) -> Class {
        Class {
            n: self.has,
            precision: share(self.both, self.given),
            recall: share(self.both, self.has),
            f1: share(2 * self.both, self.has + self.given),
        }
    }
}

/// The figures of `outcomes`.
pub(super) fn figures<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Figures {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut confusion: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let (mut n, mut n_right, mut has_sets) = (0, 0, false);
    for outcome in outcomes {
        n += 1;
        n_right += usize::from(outcome.is_right());
        match outcome {
            Outcome::Label { gold, said } => {
                count(&mut counts, std::iter::once(gold.as_str()), std::iter::once(said.as_str()));
            }
            Outcome::Labels { gold, said } => {
                has_sets = true;
                count(&mut counts, gold.iter().map(String::as_str), said.iter().map(String::as_str));
                continue;
            }
            Outcome::Slot { name, fit } => {
                let counted = counts.entry(name).or_default();
                counted.has += usize::from(matches!(fit, Fit::Right | Fit::Wrong | Fit::Missed));
                counted.given += usize::from(matches!(fit, Fit::Right | Fit::Wrong | Fit::Extra));
                counted.both += usize::from(*fit == Fit::Right);
            }
        }
        *confusion.entry(outcome.gold()).or_default().entry(outcome.said()).or_default() += 1;
    }
    let all = counts.values().fold(Count::default(), |all, one| Count {
        has: all.has + one.has,
        given: all.given + one.given,
        both: all.both + one.both,
    });
    let of_people = counts.into_iter().filter(|(_, count)| count.has > 0);
    let classes: BTreeMap<String, Class> = of_people.map(|(label, count)| (label.to_owned(), count.class())).collect();
    let macro_f1 = mean(classes.values().map(|class| class.f1));
    let micro_f1 = has_sets.then(|| all.class().f1);
    Figures { n, accuracy: share(n_right, n), macro_f1, micro_f1, classes, confusion }
}

fn count<'l>(
    counts: &mut BTreeMap<&'l str, Count>,
    gold: impl Iterator<Item = &'l str> + Clone,
    said: impl Iterator<Item = &'l str>,
) {
    gold.clone().for_each(|label| counts.entry(label).or_default().has += 1);
    for label in said {
        let is_right = gold.clone().any(|gold| gold == label);
        let counted = counts.entry(label).or_default();
        counted.given += 1;
        counted.both += usize::from(is_right);
    }
}

/// Posts of which we are about equally sure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// From this confidence on.
    pub from: f32,
    /// Posts.
    pub n: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right; near the confidence where that is worth its name.
    pub right: f64,
}

/// Where bands of confidence begin.
const BANDS: [f32; 7] = [0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// The posts by bands of confidence: each post with how sure we were, and whether we were right.
pub(super) fn bands(posts: &[(f32, bool)]) -> Vec<Band> {
    let ends = BANDS.iter().skip(1).copied().chain([f32::INFINITY]);
    let of_band = |(from, to): (f32, f32)| {
        let inside = || posts.iter().filter(move |(sureness, _)| *sureness >= from && *sureness < to);
        let n = inside().count();
        let n_right = inside().filter(|(_, is_right)| *is_right).count();
        Band { from, n, confidence: mean(inside().map(|(sureness, _)| f64::from(*sureness))), right: share(n_right, n) }
    };
    BANDS.into_iter().zip(ends).map(of_band).filter(|band| band.n > 0).collect()
}

/// `part` of `of`; 0 of nothing.
pub(super) fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = numbers.fold((0.0, 0_usize), |(sum, n), number| (sum + number, n + 1));
    if n == 0 { 0.0 } else { sum / n as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label((gold, said): (&str, &str)) -> Outcome {
        Outcome::Label { gold: gold.to_owned(), said: said.to_owned() }
    }

    fn labels(gold: &[&str], said: &[&str]) -> Outcome {
        let set = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect();
        Outcome::Labels { gold: set(gold), said: set(said) }
    }

    #[test]
    fn figures_of_one_label_are_counted_as_defined() {
        let outcomes = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "c"), ("a", "a")].map(label);
        let figures = figures(outcomes.iter());
        assert_eq!((figures.n, figures.accuracy, figures.micro_f1), (5, 0.6, None));
        let a = &figures.classes["a"];
        assert_eq!((a.n, a.precision), (3, 1.0));
        assert!((a.recall - 2.0 / 3.0).abs() < 1e-9 && (a.f1 - 0.8).abs() < 1e-9);
        assert!((figures.classes["b"].f1 - 0.5).abs() < 1e-9);
        assert!((figures.macro_f1 - 0.65).abs() < 1e-9 && !figures.classes.contains_key("c"));
        assert_eq!((figures.confusion["a"]["a"], figures.confusion["b"]["c"]), (2, 1));
    }

    #[test]
    fn several_labels_are_counted_each_for_itself_and_together() {
        let outcomes = [labels(&["wish", "moment"], &["wish"]), labels(&[], &["churn"]), labels(&[], &[])];
        let figures = figures(outcomes.iter());
        assert!((figures.accuracy - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(figures.micro_f1, Some(0.5));
        assert_eq!((figures.macro_f1, figures.classes.len()), (0.5, 2));
        assert_eq!(outcomes[0].gold(), "moment, wish");
    }

    #[test]
    fn a_slot_is_right_wrong_missed_or_too_many() {
        let fits = [Fit::Right, Fit::Wrong, Fit::Missed, Fit::Extra, Fit::Nothing];
        let outcomes = fits.map(|fit| Outcome::Slot { name: "place", fit });
        let figures = figures(outcomes.iter());
        let place = &figures.classes["place"];
        assert_eq!((figures.accuracy, place.n), (0.4, 3));
        assert!((place.precision - 1.0 / 3.0).abs() < 1e-9 && (place.recall - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!((figures.confusion["set"]["missed"], figures.confusion["none"]["extra"]), (1, 1));
    }

    #[test]
    fn confidence_is_held_against_what_was_right() {
        let bands = bands(&[(0.95, true), (0.92, false), (0.3, true)]);
        assert_eq!(bands.iter().map(|band| (band.from, band.n)).collect::<Vec<_>>(), [(0.0, 1), (0.9, 2)]);
        assert_eq!(bands[1].right, 0.5);
        assert!((bands[1].confidence - 0.935).abs() < 1e-6);
    }
}
