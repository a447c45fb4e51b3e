//! Fits the weights on the texts of `training/spam`, and holds the file of weights against what that gives.
//!
//! `UPDATE_WEIGHTS=1 cargo test --lib spam_weights` writes `lexicons/all/spam_weights.tsv` anew.

use super::model::{self, BIAS, CLASS, Weights};
use super::{classes, judge_tokens, phrases};
use crate::lexicon;
use crate::text::{Tokens, simhash_distance, simhash64};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Times that training goes over all texts.
const ROUNDS: usize = 10;

/// How fast weights move; they move less the oftener they moved (AdaGrad: Duchi, Hazan and Singer 2011).
const RATE: f64 = 0.5;

/// How strongly weights are drawn to zero, for each text (L2), words and phrases.
const DRAW: f64 = 1e-3;

/// Texts that a pair of words must stand in to be kept; a word may stand in one. Pairs of one text take part in
/// training, so that words are not blamed for what one text is by chance.
const PAIR_SUPPORT: usize = 2;

/// Texts of either kind that each feature is taken to have stood in before anything is counted.
const UNSEEN: f64 = 5.0;

/// The least that a feature counts which stands as often in spam as in ham.
const LEAST_RATIO: f64 = 0.02;

/// How far a fitted weight may be from the one in the file: another machine's `exp` may differ in its last bit.
const SLACK: f32 = 0.03;

/// Bits in which two short texts of the same form and most of the same words differ.
const DUPLICATE_BITS: u32 = 10;

const LANGUAGES: [(&str, &str); 5] = [
    ("en", include_str!("../../../training/spam/en.tsv")),
    ("de", include_str!("../../../training/spam/de.tsv")),
    ("fr", include_str!("../../../training/spam/fr.tsv")),
    ("es", include_str!("../../../training/spam/es.tsv")),
    ("it", include_str!("../../../training/spam/it.tsv")),
];

struct Sample {
    language: &'static str,
    text: &'static str,
    kind: &'static str,
    is_spam: bool,
}

fn samples() -> Vec<Sample> {
    let read = |(language, text): &(&'static str, &'static str)| {
        let language = *language;
        lexicon::rows(text)
            .map(move |row| {
                let is_spam = match row.cell(0) {
                    "spam" => true,
                    "ham" => false,
                    other => panic!("{language} line {}: `{other}` is neither spam nor ham", row.line),
                };
                let (text, kind) = (row.cells[1], row.cells[2]);
                Sample { language, text, kind, is_spam }
            })
            .collect::<Vec<_>>()
    };
    LANGUAGES.iter().flat_map(read).collect()
}

/// Features and how much each counts.
type Vector = Vec<(String, f64)>;

/// `text` as it would stand elsewhere: an answer, a repost, with a link or a tag. That alone says nothing.
fn dressed(text: &str) -> [String; 5] {
    [
        text.to_owned(),
        format!("RT @somebody: {text}"),
        format!("@somebody {text}"),
        format!("{text} https://t.example/x"),
        format!("{text} #today http://t.example/y"),
    ]
}

fn vector(text: &str) -> Vector {
    let tokens = Tokens::new(text);
    let (names, count) = model::features(&tokens);
    let value = f64::from(model::scale(count));
    let mut vector: Vector = names.into_iter().map(|name| (name, value)).collect();
    vector.extend(
        classes(&phrases().find(&tokens)).into_iter().map(|(class, sum)| (format!("{CLASS}{class}"), f64::from(sum))),
    );
    vector
}

/// Fits weights on `samples`; deterministic.
fn fit(samples: &[&Sample]) -> BTreeMap<String, f64> {
    let plain: Vec<Vector> = samples.iter().map(|sample| vector(sample.text)).collect();
    let mut support: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in plain.iter().flatten() {
        *support.entry(name).or_default() += 1;
    }
    let is_kept = |name: &str| !name.contains(' ') || support.get(name).is_some_and(|count| *count >= PAIR_SUPPORT);
    let forms = |sample: &&Sample| dressed(sample.text).map(|text| (vector(&text), sample.is_spam));
    let (mut vectors, labels): (Vec<Vector>, Vec<bool>) = samples.iter().flat_map(forms).unzip();
    for vector in &mut vectors {
        vector.retain(|(name, _)| name.starts_with(CLASS) || support.contains_key(name.as_str()));
        vector.push((BIAS.to_owned(), 1.0));
    }
    let names: BTreeMap<&str, usize> = vectors.iter().flatten().map(|(name, _)| (name.as_str(), 0)).collect();
    let ids: BTreeMap<&str, usize> = names.into_keys().enumerate().map(|(id, name)| (name, id)).collect();
    let mut rows: Vec<Vec<(usize, f64)>> = vectors
        .iter()
        .map(|vector| vector.iter().map(|(name, value)| (ids[name.as_str()], *value)).collect())
        .collect();
    let ratios = ratios(&rows, &labels, ids.len(), ids[BIAS]);
    rows.iter_mut().flatten().for_each(|(id, value)| *value *= ratios[*id]);
    let weights = descend(&rows, &labels, ids.len());
    let kept = ids.iter().filter(|(name, _)| is_kept(name));
    kept.map(|(name, id)| ((*name).to_owned(), weights[*id] * ratios[*id])).collect()
}

/// How much each feature may count: the root of how much oftener it stands in one kind of text than in the other, so
/// that what stands in both learns slowly (after Wang and Manning 2012). The row at `bias` counts one.
fn ratios(rows: &[Vec<(usize, f64)>], labels: &[bool], n_weights: usize, bias: usize) -> Vec<f64> {
    let mut counts = vec![[UNSEEN; 2]; n_weights];
    let mut totals = [UNSEEN; 2];
    for (row, is_spam) in rows.iter().zip(labels) {
        totals[usize::from(*is_spam)] += 1.0;
        row.iter().for_each(|(id, _)| counts[*id][usize::from(*is_spam)] += 1.0);
    }
    let ratio = |[ham, spam]: &[f64; 2]| (spam / totals[1] / (ham / totals[0])).ln().abs().max(LEAST_RATIO).sqrt();
    let mut ratios: Vec<f64> = counts.iter().map(ratio).collect();
    ratios[bias] = 1.0;
    ratios
}

/// Gradient descent over one text at a time, in strides, so that neighbors of one kind do not follow each other.
fn descend(rows: &[Vec<(usize, f64)>], labels: &[bool], n_weights: usize) -> Vec<f64> {
    let (mut weights, mut moved) = (vec![0.0_f64; n_weights], vec![1e-6_f64; n_weights]);
    let stride = (0..).map(|n| 389 + 2 * n).find(|stride| greatest_common(*stride, rows.len()) == 1).expect("a stride");
    for step in 0..ROUNDS * rows.len() {
        let at = step * stride % rows.len();
        let sum: f64 = rows[at].iter().map(|(id, value)| weights[*id] * value).sum();
        let miss = 1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(labels[at]));
        for (id, value) in &rows[at] {
            let slope = miss * value + DRAW * weights[*id];
            moved[*id] += slope * slope;
            weights[*id] -= RATE * slope / moved[*id].sqrt();
        }
    }
    weights
}

fn greatest_common(one: usize, other: usize) -> usize {
    if other == 0 { one } else { greatest_common(other, one % other) }
}

fn file_of(weights: &BTreeMap<String, f64>) -> String {
    let mut text = "# language: all\n# purpose: weights of what is seen in a text: above 0 it speaks for spam\n\
         # origin: fitted on training/spam by `UPDATE_WEIGHTS=1 cargo test --lib spam_weights`; licence MIT OR Apache-2.0\n\
         # columns: feature (words; beginnings*; pairs; ~form of a token; ~~shape of the text or class of phrases)\tweight\n"
        .to_owned();
    for (name, weight) in weights {
        let escape = if name.starts_with('#') || name.starts_with('\\') { "\\" } else { "" };
        writeln!(text, "{escape}{name}\t{weight:.2}").expect("a text takes everything");
    }
    text
}

#[test]
fn spam_weights_are_those_that_training_gives() {
    let samples = samples();
    let fitted = file_of(&fit(&samples.iter().collect::<Vec<_>>()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/all/spam_weights.tsv");
    if std::env::var_os("UPDATE_WEIGHTS").is_some() {
        std::fs::write(&path, &fitted).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let (fitted_rows, kept_rows): (Vec<_>, Vec<_>) = (lexicon::rows(&fitted).collect(), lexicon::rows(&kept).collect());
    assert_eq!(fitted_rows.len(), kept_rows.len(), "train anew: UPDATE_WEIGHTS=1 cargo test --lib spam_weights");
    for (fitted, kept) in fitted_rows.iter().zip(&kept_rows) {
        let near = (fitted.number(1).expect("a number") - kept.number(1).expect("a number")).abs() <= SLACK;
        assert!(
            fitted.cell(0) == kept.cell(0) && near,
            "line {}: {fitted:?} in training, {kept:?} in the file",
            kept.line
        );
    }
}

/// Each fifth is judged by weights fitted on the other four.
#[test]
fn spam_is_told_from_ham_in_texts_that_training_has_not_seen() {
    let samples = samples();
    let (mut hit, mut false_alarm, mut missed) = (0.0, 0.0, 0.0);
    let mut by_kind: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for fold in 0..5 {
        let rest: Vec<&Sample> =
            samples.iter().enumerate().filter(|(at, _)| at % 5 != fold).map(|(_, one)| one).collect();
        let weights = Weights::read(&file_of(&fit(&rest)));
        for sample in samples.iter().skip(fold).step_by(5) {
            let is_spam = judge_tokens(&weights, &Tokens::new(sample.text)).sum > 0.0;
            let kind = by_kind.entry((sample.language, sample.kind)).or_default();
            kind.1 += 1;
            if is_spam != sample.is_spam {
                kind.0 += 1;
                writeln!(wrong, "{} taken for spam {is_spam}: {}", sample.kind, sample.text).expect("a text");
            }
            match (sample.is_spam, is_spam) {
                (true, true) => hit += 1.0,
                (true, false) => missed += 1.0,
                (false, true) => false_alarm += 1.0,
                (false, false) => {}
            }
        }
    }
    let f1 = 2.0 * hit / (2.0 * hit + missed + false_alarm);
    assert!(
        f1 >= 0.8,
        "F1 {f1:.3}, missed {missed}, false {false_alarm}, wrong by kind {by_kind:?}
{wrong}"
    );
}

#[test]
fn few_training_texts_are_nearly_the_same() {
    let fingerprints: Vec<(u64, &str)> =
        samples().iter().filter_map(|sample| Some((simhash64(&Tokens::new(sample.text))?, sample.text))).collect();
    let mut doubles = Vec::new();
    for (at, (one, text)) in fingerprints.iter().enumerate() {
        let near = |(other, _): &&(u64, &str)| simhash_distance(*one, *other) <= DUPLICATE_BITS;
        doubles.extend(fingerprints.iter().take(at).find(near).map(|(_, other)| (*text, *other)));
    }
    assert!(
        doubles.len() * 50 < fingerprints.len(),
        "of {} texts are near-duplicates: {doubles:#?}",
        fingerprints.len()
    );
}
