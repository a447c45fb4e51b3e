//! `porterhouse evaluate`: how well a verdict agrees with people's.
//!
//! In: labelled posts as JSON lines. Out: accuracy, precision, recall and F1 of each label, in all and by language,
//! which label was taken for which, the worst misses with what they rest on, whether confidence holds, and what each
//! row of the word lists does. A line that is no labelled post is counted and told with its number.

mod blame;
mod compare;
mod figures;
mod gauge;
mod record;
mod slot;
#[cfg(test)]
mod surprise_weights;

#[cfg(test)]
mod floors;
#[cfg(test)]
mod tests;

pub use blame::Blamed;
pub use compare::{Changed, Compared, Report, compare};
pub use figures::{Band, Class, Figures};
pub use gauge::Gauge;
pub use record::Only;

use super::analyze::Lens;
use crate::analyze::BrandIndex;
use crate::model::{Medium, Reason, Sentiment};
use crate::pipeline::{Studied, study_fully};
use blame::Bearing;
use figures::Outcome;
use gauge::Verdict;
use record::Record;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The most misses that are kept, and the most wrong lines that are told.
const MISSES_MOST: usize = 200;
const WRONG_LINES_MOST: usize = 20;

/// Which posts are evaluated, and what else is to be found out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Of each field that is named here, one of the values; every post where nothing is.
    pub only: Vec<Only>,
    /// What the posts are that do not say it.
    pub medium: Medium,
    /// What each row of the word lists does that is met in at least so many posts; for feelings alone.
    pub blame_from: Option<usize>,
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
    /// By how sure we were of a feeling.
    pub reliability: Vec<Band>,
    /// The misses, the worst first: praise taken for blame, then those of which we were surest.
    pub misses: Vec<Miss>,
    /// What each row of the word lists does, what hurts first; only where that was asked.
    pub blame: Vec<Blamed>,
    /// Each post by its id: people's verdict, ours, and whether ours is right.
    pub posts: BTreeMap<String, (String, String, bool)>,
    /// Posts that were not wanted.
    pub n_left_out: usize,
    /// Posts of which people say nothing here.
    pub n_unlabelled: usize,
    /// Posts whose brand was not found.
    pub n_not_found: usize,
    /// Lines that are no labelled posts: number and reason.
    pub wrong_lines: Vec<(usize, String)>,
    /// How many lines were no labelled posts.
    pub n_wrong_lines: usize,
}

/// One post with what was made of it.
struct Judged {
    id: String,
    lang: Option<String>,
    text: String,
    verdict: Verdict,
    bearing: Vec<Bearing>,
}

/// Evaluates the labelled posts of `text`, one JSON object a line.
///
/// A `mixed` feeling counts on the side of its score where no wanted post is labelled `mixed` by people.
#[must_use]
pub fn evaluate(lens: &Lens, gauge: Gauge, text: &str, options: &Options) -> Evaluation {
    let mut evaluation = Evaluation::default();
    let mut judged: Vec<Judged> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match Record::read(line, options.medium) {
            Ok(record) if !record::is_wanted(&record, &options.only) => evaluation.n_left_out += 1,
            Ok(record) => match judge(lens, gauge, record, options) {
                Some(one) => judged.push(one),
                None => evaluation.n_unlabelled += 1,
            },
            Err(reason) => {
                evaluation.n_wrong_lines += 1;
                if evaluation.wrong_lines.len() < WRONG_LINES_MOST {
                    evaluation.wrong_lines.push((number + 1, reason));
                }
            }
        }
    }
    if gauge.is_feeling() && !judged.iter().any(|one| one.verdict.outcome.gold() == Sentiment::Mixed.as_str()) {
        judged.iter_mut().for_each(Judged::take_sides);
    }
    sum_up(gauge, judged, options, &mut evaluation);
    evaluation
}

/// What the program makes of `record`; `None` where people say nothing of it.
fn judge(lens: &Lens, gauge: Gauge, mut record: Record, options: &Options) -> Option<Judged> {
    let gold = gauge::gold(gauge, &record)?;
    if let Some(id) = record.brand_id.take()
        && let Some(brand) = lens.index.brands().iter().find(|brand| brand.id.as_str() == id)
    {
        record.index = Some(BrandIndex::new(vec![brand.clone()]));
        record.has_brand = true;
    }
    if !gauge.tells_language(record.has_brand) {
        record.item.lang = None;
    }
    let own = record.index.take();
    let index = own.as_ref().unwrap_or(&lens.index);
    let studied: Studied = study_fully(index, &lens.settings, &mut record.item, lens.now);
    let verdict = gauge::verdict(gauge, gold, &record, index, &studied);
    let wants_blame = options.blame_from.is_some() && gauge.is_feeling();
    let bearing = if wants_blame { blame::bearing(gauge, &record, index, &studied) } else { Vec::new() };
    Some(Judged { id: record.id, lang: record.lang, text: record.text, verdict, bearing })
}

impl Judged {
    /// Makes a side of `mixed`.
    fn take_sides(&mut self) {
        if let (Some(side), Outcome::Label { said, .. }) = (self.verdict.side, &mut self.verdict.outcome) {
            *said = side.as_str().to_owned();
        }
        for bearing in &mut self.bearing {
            bearing.without = bearing.side.unwrap_or(bearing.without);
        }
    }
}

fn sum_up(gauge: Gauge, judged: Vec<Judged>, options: &Options, evaluation: &mut Evaluation) {
    evaluation.all = figures::figures(judged.iter().map(|one| &one.verdict.outcome));
    let langs: BTreeSet<&String> = judged.iter().filter_map(|one| one.lang.as_ref()).collect();
    for lang in langs {
        let of_lang = judged.iter().filter(|one| one.lang.as_ref() == Some(lang));
        evaluation.by_language.insert(lang.clone(), figures::figures(of_lang.map(|one| &one.verdict.outcome)));
    }
    if gauge.is_feeling() {
        let sure: Vec<_> = judged.iter().map(|one| (one.verdict.sureness, one.verdict.outcome.is_right())).collect();
        evaluation.reliability = figures::bands(&sure);
    }
    if let Some(from) = options.blame_from {
        evaluation.blame = blame::blame(&judged, from);
    }
    if gauge == Gauge::Target {
        evaluation.n_not_found = judged.iter().filter(|one| !one.verdict.is_found).count();
    }
    for (number, Judged { id, text, verdict, .. }) in judged.into_iter().enumerate() {
        let (label, said, is_right) = (verdict.outcome.gold(), verdict.outcome.said(), verdict.outcome.is_right());
        // An id that is missing or comes again is told by its place.
        let is_free = id != "null" && !id.is_empty() && !evaluation.posts.contains_key(&id);
        let id = if is_free { id } else { format!("{id}#{}", number + 1) };
        evaluation.posts.insert(id.clone(), (label.clone(), said.clone(), is_right));
        if !is_right {
            let Verdict { sureness, reasons, .. } = verdict;
            evaluation.misses.push(Miss { id, text, label, said, sureness, reasons });
        }
    }
    let badness = |miss: &Miss| (f32::from(u8::from(is_opposite(&miss.label, &miss.said))), miss.sureness);
    evaluation.misses.sort_by(|one, other| {
        let (one, other) = (badness(one), badness(other));
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    evaluation.misses.truncate(MISSES_MOST);
}

fn is_opposite(label: &str, said: &str) -> bool {
    matches!((label, said), ("positive", "negative") | ("negative", "positive"))
}

/// Texts a second.
#[must_use]
pub fn speed(n: usize, took: Duration) -> f64 {
    let seconds = took.as_secs_f64();
    if seconds > 0.0 { n as f64 / seconds } else { 0.0 }
}
