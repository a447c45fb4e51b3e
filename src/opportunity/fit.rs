//! Fits weights on labelled examples: the one trainer of the deadline's and the surprise's weights. Tests alone use it.

use std::collections::BTreeMap;

/// Times that each weight is moved to where it is best beside the others.
const ROUNDS: usize = 200;

/// The most that a weight moves at once.
const STEP_MOST: f64 = 1.0;

/// What was seen once, and whether people say that it holds.
pub(crate) struct Example {
    /// Names and values, each name once.
    pub(crate) seen: Vec<(&'static str, f32)>,
    /// What people say.
    pub(crate) holds: bool,
    /// How much it counts against the wish for small weights.
    pub(crate) counts: f64,
}

/// A logistic regression whose weights are kept small (L2), but for that of `free`, by moving one weight after the
/// other to its best place (Newton's step). Names that are not `wanted` get no weight. Deterministic.
pub(crate) fn fit_logistic(
    examples: &[Example],
    free: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> BTreeMap<&'static str, f64> {
    let mut columns: BTreeMap<&'static str, Vec<(usize, f64)>> = BTreeMap::new();
    for (row, example) in examples.iter().enumerate() {
        for (name, value) in example.seen.iter().filter(|(name, _)| wanted(name)) {
            columns.entry(name).or_default().push((row, f64::from(*value)));
        }
    }
    let mut sums = vec![0.0_f64; examples.len()];
    let mut weights: BTreeMap<&'static str, f64> = columns.keys().map(|name| (*name, 0.0)).collect();
    for _ in 0..ROUNDS {
        for (name, weight) in &mut weights {
            let pull = if *name == free { 0.0 } else { 1.0 };
            *weight += step(*weight, pull, &columns[name], examples, &mut sums);
        }
    }
    weights
}

/// How far the weight of `column` moves; `pull` is how strongly it is drawn to zero.
fn step(weight: f64, pull: f64, column: &[(usize, f64)], examples: &[Example], sums: &mut [f64]) -> f64 {
    let (mut slope, mut bend) = (pull * weight, pull + 1e-9);
    for (row, value) in column {
        let likely = 1.0 / (1.0 + (-sums[*row]).exp());
        slope += examples[*row].counts * (likely - f64::from(u8::from(examples[*row].holds))) * value;
        bend += examples[*row].counts * likely * (1.0 - likely) * value * value;
    }
    let move_by = (-slope / bend).clamp(-STEP_MOST, STEP_MOST);
    column.iter().for_each(|(row, value)| sums[*row] += move_by * value);
    move_by
}
