//! Fits the weights of a surprise on the posts of `training/opportunity/*-plain.jsonl`, part `train`, and holds the
//! file of weights against what that gives.
//!
//! `UPDATE_WEIGHTS=1 cargo test --lib surprise_weights` writes `lexicons/all/surprise_weights.tsv` anew; so it must be
//! after a change of cues, of feelings or of the posts themselves. The posts go through the whole program, because the
//! score is to weigh what the program sees, with its mistakes, and not what people see.
//!
//! The other posts of that folder are left out: every surprise in them is a little story, and what they teach ("who
//! says love or birthday means nothing by it") is wrong in life.

use super::record::Record;
use crate::model::{Medium, PostedAt};
use crate::opportunity::{self, Clues, Example, Settings, Subject, fit_logistic};
use crate::pipeline::study_fully;
use crate::text::Tokens;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const FILES: [&str; 5] = [
    include_str!("../../../training/opportunity/de-plain.jsonl"),
    include_str!("../../../training/opportunity/en-plain.jsonl"),
    include_str!("../../../training/opportunity/fr-plain.jsonl"),
    include_str!("../../../training/opportunity/es-plain.jsonl"),
    include_str!("../../../training/opportunity/it-plain.jsonl"),
];

/// How much a post counts against the wish for small weights (the C of LIBLINEAR: Fan and others, JMLR 9, 2008).
/// Small, because life is not as our posts are; chosen over our development posts among .0005 to .03; a larger one
/// gains on our posts and loses on theirs.
const TRUST: f64 = 0.001;

/// What stands in fewer posts is not kept.
const SUPPORT: usize = 4;

/// A weight that says less than this is not kept.
const LEAST: f64 = 0.001;

/// How far a fitted weight may be from the one in the file.
const SLACK: f32 = 0.01;

/// One post as the score sees it, and whether people call it a surprise.
struct Sample {
    seen: Vec<(&'static str, f32)>,
    is_surprise: bool,
}

fn samples() -> Vec<Sample> {
    FILES.iter().flat_map(|text| text.lines()).filter_map(sample).collect()
}

/// The post of `line`; `None` where it belongs to the other part, or never comes before the score.
fn sample(line: &str) -> Option<Sample> {
    let mut record = Record::read(line, Medium::Post).expect("a labelled post");
    let is_train = serde_json::from_str::<serde_json::Value>(line).expect("JSON")["part"] == "train";
    let index = record.index.take().filter(|_| is_train)?;
    let now = Timestamp::UNIX_EPOCH;
    let studied = study_fully(&index, &Settings::default(), &mut record.item, now);
    let mention = studied.analysis.mentions.first()?;
    let text = record.item.reading_text();
    let tokens = Tokens::new(&text);
    let subject = Subject {
        item: &record.item,
        tokens: &tokens,
        lang: studied.analysis.lang.as_deref(),
        mention,
        brand: index.brands().first()?,
        is_spam: studied.analysis.spam.is_spam,
        posted: record.item.published.unwrap_or(PostedAt::utc(now)),
    };
    let seen = opportunity::seen(&subject, &Clues::read(&subject));
    let is_surprise = record.label("surprise").is_some_and(|label| label == true);
    (!seen.is_empty()).then_some(Sample { seen, is_surprise })
}

/// Fits the weights, with both kinds of posts counting as much.
fn fit(samples: &[Sample]) -> BTreeMap<&'static str, f64> {
    let n_surprises = samples.iter().filter(|sample| sample.is_surprise).count();
    let share = |is_surprise: bool| if is_surprise { n_surprises } else { samples.len() - n_surprises } as f64;
    let example = |sample: &Sample| Example {
        seen: sample.seen.iter().copied().chain([("start", 1.0)]).collect(),
        holds: sample.is_surprise,
        counts: TRUST * samples.len() as f64 / 2.0 / share(sample.is_surprise),
    };
    let examples: Vec<Example> = samples.iter().map(example).collect();
    let mut support: BTreeMap<&str, usize> = BTreeMap::new();
    examples.iter().flat_map(|example| &example.seen).for_each(|(name, _)| *support.entry(name).or_default() += 1);
    let mut weights = fit_logistic(&examples, "start", &|name| support[name] >= SUPPORT);
    weights.retain(|name, weight| *name == "start" || weight.abs() >= LEAST);
    weights
}

fn file_of(weights: &BTreeMap<&str, f64>) -> String {
    let mut text = "# language: all\n# purpose: what the score of an opportunity learned: above 0 it speaks for a surprise\n\
         # origin: fitted on training/opportunity by `UPDATE_WEIGHTS=1 cargo test --lib surprise_weights`; licence MIT OR Apache-2.0\n\
         # columns: what is seen (a kind, a condition, a concept)\tweight\n"
        .to_owned();
    for (name, weight) in weights {
        writeln!(text, "{name}\t{weight:.4}").expect("a text takes everything");
    }
    text
}

#[test]
fn surprise_weights_are_those_that_training_gives() {
    let fitted = file_of(&fit(&samples()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/all/surprise_weights.tsv");
    if std::env::var_os("UPDATE_WEIGHTS").is_some() {
        std::fs::write(&path, &fitted).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let read = |text: &str| -> BTreeMap<String, f32> {
        let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
        rows.map(|(name, weight)| (name.to_owned(), weight.parse().expect("a number"))).collect()
    };
    let (fitted, kept) = (read(&fitted), read(&kept));
    let names = fitted.keys().chain(kept.keys());
    let of = |weights: &BTreeMap<String, f32>, name: &str| weights.get(name).copied().unwrap_or_default();
    let moved: Vec<_> = names.filter(|name| (of(&fitted, name) - of(&kept, name)).abs() > SLACK).collect();
    assert!(moved.is_empty(), "train anew: UPDATE_WEIGHTS=1 cargo test --lib surprise_weights; {moved:?}");
}
