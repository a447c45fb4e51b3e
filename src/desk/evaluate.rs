//! `porterhouse evaluate`: how well a verdict agrees with people's.
//!
//! In: labelled posts as JSON lines, each an object as `analyze --jsonl` takes it, with `label`. Out: precision,
//! recall and F1 of each label, in all and by language, the worst misses with what they rest on, and the speed.
//! A line that is no labelled post is counted and told with its number.

use super::analyze::{LabelledLine, Lens, look_at_labelled};
use crate::model::Reason;
use crate::pipeline::Studied;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The most misses that are kept, and the most wrong lines that are told.
const MISSES_MOST: usize = 200;
const WRONG_LINES_MOST: usize = 20;

/// What is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    /// Whether the brand is meant: `relevant`, `irrelevant`.
    Relevance,
    /// The language of the text: its code.
    Language,
    /// Whether it is spam: `spam`, `ham`.
    Spam,
    /// The feeling of the text: `positive`, `neutral`, `negative`.
    Sentiment,
}

impl Gauge {
    /// Every gauge by its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("relevance", Self::Relevance),
        ("language", Self::Language),
        ("spam", Self::Spam),
        ("sentiment", Self::Sentiment),
    ];

    /// The gauge of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, gauge)| *gauge)
    }

    /// What the program says, how sure it is (0 to 1), and on what it rests.
    fn said(self, studied: &Studied) -> (String, f32, Vec<Reason>) {
        let analysis = &studied.analysis;
        match self {
            Self::Relevance => match analysis.mentions.first() {
                Some(mention) => ("relevant".to_owned(), mention.relevance, mention.reasons.clone()),
                None => ("irrelevant".to_owned(), 1.0, Vec::new()),
            },
            Self::Language => (analysis.lang.clone().unwrap_or_else(|| "undecided".to_owned()), 1.0, Vec::new()),
            Self::Spam => {
                let label = if analysis.spam.is_spam { "spam" } else { "ham" };
                let score = analysis.spam.score;
                (
                    label.to_owned(),
                    if analysis.spam.is_spam { score } else { 1.0 - score },
                    analysis.spam.reasons.clone(),
                )
            }
            Self::Sentiment => {
                let feeling = &analysis.sentiment;
                (feeling.label.as_str().to_owned(), feeling.score.abs(), feeling.reasons.clone())
            }
        }
    }
}

/// Precision, recall and F1 of one label.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Posts.
    pub n: usize,
    /// The share with the right label.
    pub accuracy: f64,
    /// The mean F1 of the labels that occur among people's.
    pub macro_f1: f64,
    /// Each label that occurs among people's.
    pub classes: BTreeMap<String, Class>,
}

/// A post that was labelled otherwise by people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// Its id.
    pub id: String,
    /// The text.
    pub text: String,
    /// People's label.
    pub label: String,
    /// Ours.
    pub said: String,
    /// How sure we were, from 0 to 1.
    pub sureness: f32,
    /// What it rests on.
    pub reasons: Vec<Reason>,
}

/// What an evaluation gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// All posts.
    pub all: Figures,
    /// By the language that the file names.
    pub by_language: BTreeMap<String, Figures>,
    /// The misses, those first of which we were surest.
    pub misses: Vec<Miss>,
    /// Lines that are no labelled posts: number and reason.
    pub wrong_lines: Vec<(usize, String)>,
    /// How many lines were no labelled posts.
    pub n_wrong_lines: usize,
}

/// Evaluates the labelled posts of `text`, one JSON object a line.
#[must_use]
pub fn evaluate(lens: &Lens, gauge: Gauge, text: &str) -> Evaluation {
    let mut evaluation = Evaluation::default();
    let mut pairs: Vec<(Option<String>, String, String)> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let LabelledLine { id, lang, label, text, studied } =
            match look_at_labelled(lens, line, gauge != Gauge::Language) {
                Ok(looked) => looked,
                Err(reason) => {
                    evaluation.n_wrong_lines += 1;
                    if evaluation.wrong_lines.len() < WRONG_LINES_MOST {
                        evaluation.wrong_lines.push((number + 1, reason));
                    }
                    continue;
                }
            };
        let (said, sureness, reasons) = gauge.said(&studied);
        if said != label {
            evaluation.misses.push(Miss { id, text, label: label.clone(), said: said.clone(), sureness, reasons });
        }
        pairs.push((lang, label, said));
    }
    evaluation.misses.sort_by(|one, other| other.sureness.total_cmp(&one.sureness));
    evaluation.misses.truncate(MISSES_MOST);
    evaluation.all = figures(pairs.iter().map(|(_, label, said)| (label.as_str(), said.as_str())));
    let langs: std::collections::BTreeSet<&String> = pairs.iter().filter_map(|(lang, ..)| lang.as_ref()).collect();
    for lang in langs {
        let of_lang = pairs.iter().filter(|(own, ..)| own.as_ref() == Some(lang));
        let of_lang = figures(of_lang.map(|(_, label, said)| (label.as_str(), said.as_str())));
        evaluation.by_language.insert(lang.clone(), of_lang);
    }
    evaluation
}

/// Texts a second.
#[must_use]
pub fn speed(n: usize, took: Duration) -> f64 {
    let seconds = took.as_secs_f64();
    if seconds > 0.0 { n as f64 / seconds } else { 0.0 }
}

fn figures<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Figures {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut n, mut n_right) = (0, 0);
    for (label, said) in pairs {
        n += 1;
        n_right += usize::from(label == said);
        let [has, _, both] = counts.entry(label).or_default();
        *has += 1;
        *both += usize::from(label == said);
        let [_, given, _] = counts.entry(said).or_default();
        *given += 1;
    }
    let share = |part: usize, of: usize| if of == 0 { 0.0 } else { part as f64 / of as f64 };
    let classes: BTreeMap<String, Class> = counts
        .into_iter()
        .filter(|(_, [has, ..])| *has > 0)
        .map(|(label, [has, given, both])| {
            let class = Class {
                n: has,
                precision: share(both, given),
                recall: share(both, has),
                f1: share(2 * both, has + given),
            };
            (label.to_owned(), class)
        })
        .collect();
    let macro_f1 = if classes.is_empty() {
        0.0
    } else {
        classes.values().map(|class| class.f1).sum::<f64>() / classes.len() as f64
    };
    Figures { n, accuracy: share(n_right, n), macro_f1, classes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity;

    #[test]
    fn labelled_posts_are_judged_and_wrong_lines_told() {
        let lens = Lens::new(Vec::new(), opportunity::Settings::default(), jiff::Timestamp::UNIX_EPOCH);
        let gold = "{\"id\":1,\"text\":\"Das Essen war leider kalt und der Kellner unfreundlich\",\"lang\":\"de\",\"label\":\"de\"}\n\n\
                    {\"id\":\"x\",\"text\":\"The weather was lovely all day long\",\"lang\":\"en\",\"label\":\"fr\"}\nnonsense\n{\"text\":\"x\"}";
        let evaluation = evaluate(&lens, Gauge::Language, gold);
        assert_eq!((evaluation.all.n, evaluation.n_wrong_lines), (2, 2));
        assert_eq!(evaluation.wrong_lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [4, 5]);
        let miss = &evaluation.misses[0];
        assert_eq!((miss.id.as_str(), miss.label.as_str(), miss.said.as_str()), ("x", "fr", "en"));
        let gold = "{\"text\":\"Dinner at Morton's was fine\",\"target\":\"Morton's\",\"label\":\"relevant\"}";
        assert_eq!(evaluate(&lens, Gauge::Relevance, gold).all.accuracy, 1.0);
    }

    #[test]
    fn figures_are_counted_as_defined() {
        let pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "c"), ("a", "a")];
        let figures = figures(pairs.into_iter());
        assert_eq!((figures.n, figures.accuracy), (5, 0.6));
        let a = &figures.classes["a"];
        assert_eq!((a.n, a.precision), (3, 1.0));
        assert!((a.recall - 2.0 / 3.0).abs() < 1e-9 && (a.f1 - 0.8).abs() < 1e-9);
        assert!((figures.classes["b"].f1 - 0.5).abs() < 1e-9);
        assert!((figures.macro_f1 - 0.65).abs() < 1e-9 && !figures.classes.contains_key("c"));
    }
}
