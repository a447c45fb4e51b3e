//! The one table of weights, `lexicons/all/score.tsv`.

use crate::lexicon;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The weight called `name`; 0 where the table has none.
pub(super) fn weight(name: &str) -> f32 {
    static TABLE: OnceLock<HashMap<&'static str, f32>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let text = lexicon::built_in("all", "score").unwrap_or_default();
        lexicon::rows(text).filter_map(|row| Some((*row.cells.first()?, row.number(1).ok()?))).collect()
    });
    table.get(name).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_and_a_number() {
        for row in lexicon::rows(lexicon::built_in("all", "score").expect("registered")) {
            assert!(row.cell(0).contains('.'), "line {}", row.line);
            row.number(1).expect("a number");
        }
        assert!(weight("score.harm") < 0.0);
    }
}
