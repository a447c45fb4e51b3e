//! An evaluation beside an earlier one: which figures rose or fell, which posts were won and lost.
//!
//! In: a [`Report`] each, as `evaluate --json` writes it. Both should be of one file; posts that stand in one of them
//! only are counted.

use super::figures::Figures;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is kept of an evaluation to compare it with: part of what `evaluate --json` writes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What was evaluated.
    pub kind: String,
    /// All posts.
    pub all: Figures,
    /// By language.
    pub by_language: BTreeMap<String, Figures>,
    /// Texts a second.
    pub texts_per_second: f64,
    /// Each post by its id: people's verdict, ours, and whether ours is right.
    pub posts: BTreeMap<String, (String, String, bool)>,
}

/// A figure then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Its name: `accuracy`, `f1.negative`, `de.macro_f1`.
    pub name: String,
    /// Then.
    pub old: f64,
    /// Now.
    pub new: f64,
    /// What was added since.
    pub difference: f64,
}

/// Two evaluations beside each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Compared {
    /// Every figure that both have.
    pub figures: Vec<Changed>,
    /// The ids of posts that were wrong and are right.
    pub won: Vec<String>,
    /// The ids of posts that were right and are wrong.
    pub lost: Vec<String>,
    /// Posts that only the old one has.
    pub n_only_old: usize,
    /// Posts that only the new one has.
    pub n_only_new: usize,
}

/// What changed from `old` to `new`.
#[must_use]
pub fn compare(old: &Report, new: &Report) -> Compared {
    let (before, after) = (named_figures(old), named_figures(new));
    let changed = |(name, new): (String, f64)| {
        let old = before.iter().find(|(known, _)| *known == name)?.1;
        Some(Changed { name, old, new, difference: new - old })
    };
    let figures = after.into_iter().filter_map(changed).collect();
    let mut compared = Compared { figures, ..Compared::default() };
    for (id, (_, _, is_right)) in &new.posts {
        match old.posts.get(id) {
            None => compared.n_only_new += 1,
            Some((_, _, was_right)) if !was_right && *is_right => compared.won.push(id.clone()),
            Some((_, _, was_right)) if *was_right && !is_right => compared.lost.push(id.clone()),
            Some(_) => {}
        }
    }
    compared.n_only_old = old.posts.keys().filter(|id| !new.posts.contains_key(*id)).count();
    compared
}

fn named_figures(report: &Report) -> Vec<(String, f64)> {
    let mut named = vec![("posts".to_owned(), report.all.n as f64)];
    let own = |figures: &Figures, prefix: &str| {
        let mut named =
            vec![(format!("{prefix}accuracy"), figures.accuracy), (format!("{prefix}macro_f1"), figures.macro_f1)];
        named.extend(figures.micro_f1.map(|micro_f1| (format!("{prefix}micro_f1"), micro_f1)));
        named
    };
    named.extend(own(&report.all, ""));
    for (label, class) in &report.all.classes {
        named.push((format!("f1.{label}"), class.f1));
        named.push((format!("precision.{label}"), class.precision));
        named.push((format!("recall.{label}"), class.recall));
    }
    for (lang, figures) in &report.by_language {
        named.extend(own(figures, &format!("{lang}.")));
    }
    named.push(("texts_per_second".to_owned(), report.texts_per_second));
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(accuracy: f64, posts: &[(&str, bool)]) -> Report {
        let posts = posts.iter().map(|(id, is)| ((*id).to_owned(), ("a".to_owned(), "b".to_owned(), *is))).collect();
        Report { all: Figures { accuracy, ..Figures::default() }, posts, ..Report::default() }
    }

    #[test]
    fn what_was_won_and_lost_is_named() {
        let old = report(0.25, &[("1", true), ("2", false), ("3", true), ("4", true)]);
        let new = report(0.75, &[("1", false), ("2", true), ("3", true), ("5", true)]);
        let compared = compare(&old, &new);
        assert_eq!((compared.won, compared.lost), (vec!["2".to_owned()], vec!["1".to_owned()]));
        assert_eq!((compared.n_only_old, compared.n_only_new), (1, 1));
        let accuracy = compared.figures.iter().find(|figure| figure.name == "accuracy").expect("is there");
        assert_eq!((accuracy.old, accuracy.new, accuracy.difference), (0.25, 0.75, 0.5));
    }

    #[test]
    fn a_report_can_be_read_again() {
        let report = report(0.5, &[("1", true)]);
        let text = serde_json::to_string(&report).expect("JSON");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("a report"), report);
    }
}
