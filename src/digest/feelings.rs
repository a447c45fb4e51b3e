//! Feelings by brand and phase, as a table of colored cells that reads as well in words.

use crate::model::{Brand, BrandId, FeelingCount, Phase};
use crate::wording::{Block, HeatCell, HeatRow, Language, one_line, phase_name};

/// Fewer mentions give no value.
const LEAST_MENTIONS: u64 = 10;
/// The most brands that get a row, in the order of the configuration.
const BRANDS_LIMIT: usize = 12;
/// The longest name of a brand in a row head.
const BRAND_LIMIT: usize = 28;
/// From which share on a feeling is colored lightly, clearly, strongly.
const STEPS: [f32; 3] = [0.1, 0.3, 0.5];
/// The columns. What touches no phase stands in none of them, but counts among the mentions of the day.
const PHASES: [Phase; 4] = [Phase::Presales, Phase::Sales, Phase::Use, Phase::Aftersales];

/// The section, or nothing where no mention touched a phase.
pub(super) fn section(brands: &[Brand], feelings: &[FeelingCount], language: Language) -> Vec<Block> {
    let words = language.words();
    let rows: Vec<HeatRow> = brands
        .iter()
        .filter(|brand| PHASES.iter().any(|phase| total(&counts(feelings, &brand.id, *phase)) > 0))
        .take(BRANDS_LIMIT)
        .map(|brand| HeatRow {
            name: one_line(&brand.name, BRAND_LIMIT),
            cells: PHASES.iter().map(|phase| cell(&counts(feelings, &brand.id, *phase), language)).collect(),
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = PHASES.iter().map(|phase| phase_name(*phase, language).to_owned()).collect();
    vec![Block::section(words.section_feeling, ""), Block::Heat { columns, rows }, Block::small(words.feeling_note)]
}

/// Positive, neutral, negative, mixed.
type Counts = [u64; 4];

fn counts(feelings: &[FeelingCount], brand: &BrandId, phase: Phase) -> Counts {
    feelings.iter().filter(|count| count.brand == *brand && count.phase == phase).fold([0; 4], |sum, count| {
        let [positive, neutral, negative, mixed] = sum;
        [
            positive.saturating_add(count.positive),
            neutral.saturating_add(count.neutral),
            negative.saturating_add(count.negative),
            mixed.saturating_add(count.mixed),
        ]
    })
}

fn total(counts: &Counts) -> u64 {
    counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
}

fn cell(counts: &Counts, language: Language) -> HeatCell {
    let words = language.words();
    let n = total(counts);
    if n < LEAST_MENTIONS {
        let shown = if n == 0 { words.none } else { words.under_ten };
        return HeatCell { shown: shown.to_owned(), count: String::new(), step: None };
    }
    let balance = balance(counts);
    HeatCell { shown: language.signed(balance), count: language.count(n), step: Some(step(balance)) }
}

/// Positive minus negative as a share of all, from -1 to 1.
fn balance(counts: &Counts) -> f32 {
    let [positive, _, negative, _] = counts;
    // Counts of a day are far below what an f32 tells apart.
    ((*positive as f64 - *negative as f64) / (total(counts).max(1) as f64)) as f32
}

fn step(balance: f32) -> i8 {
    let size = STEPS.iter().map(|edge| i8::from(balance.abs() >= *edge)).sum::<i8>();
    if balance < 0.0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_ten_give_no_value() {
        assert_eq!(cell(&[9, 0, 0, 0], Language::En).shown, "under 10");
        assert_eq!(cell(&[0, 0, 0, 0], Language::De).shown, "keine");
        let shown = cell(&[1, 3, 6, 0], Language::De);
        assert_eq!((shown.shown.as_str(), shown.count.as_str(), shown.step), ("−0,50", "10", Some(-3)));
    }

    #[test]
    fn color_grows_from_the_middle() {
        let steps: Vec<i8> = [-1.0, -0.5, -0.3, -0.1, 0.0, 0.09, 0.1, 0.3, 1.0].map(step).to_vec();
        assert_eq!(steps, [-3, -3, -2, -1, 0, 0, 1, 2, 3]);
    }
}
