//! Floors over our own labelled posts (`tests/labelled/feelings`, part `test`), so that a change that makes it worse is
//! seen. They are no claim of quality: we wrote the posts, hard on purpose, and whoever writes posts for a rule system
//! knows what is hard for it. How good it is must be measured on posts of others.

use super::*;
use crate::opportunity;

/// Language, posts, and the least macro-F1 toward the target and of the text; each .03 below what was reached.
const FLOORS: [(&str, &str, f64, f64); 5] = [
    ("de", include_str!("../../../tests/labelled/feelings/de.jsonl"), 0.37, 0.39),
    ("en", include_str!("../../../tests/labelled/feelings/en.jsonl"), 0.30, 0.40),
    ("fr", include_str!("../../../tests/labelled/feelings/fr.jsonl"), 0.35, 0.44),
    ("es", include_str!("../../../tests/labelled/feelings/es.jsonl"), 0.33, 0.45),
    ("it", include_str!("../../../tests/labelled/feelings/it.jsonl"), 0.38, 0.40),
];

#[test]
fn our_own_posts_are_felt_no_worse_than_before() {
    let lens = Lens::new(Vec::new(), opportunity::Settings::default(), jiff::Timestamp::UNIX_EPOCH);
    let only = vec![Only::from_text("part=test").expect("readable")];
    let options = Options { only, ..Options::default() };
    for (lang, posts, toward, of_text) in FLOORS {
        for (gauge, floor) in [(Gauge::Target, toward), (Gauge::Sentiment, of_text)] {
            let evaluation = evaluate(&lens, gauge, posts, &options);
            assert!(evaluation.all.n > 100 && evaluation.n_wrong_lines + evaluation.n_unlabelled == 0);
            let reached = evaluation.all.macro_f1;
            assert!(reached >= floor, "{lang} {}: {reached:.3} is below {floor}", gauge.name());
        }
    }
}
