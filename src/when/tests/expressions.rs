//! Every row of `src/when/expressions/*.tsv` is read as it says.

use crate::model::PostedAt;
use crate::text::Tokens;
use crate::when::{TimePhrase, phrases, phrases_in_zone};
use jiff::{Timestamp, Zoned};

const FILES: [(&str, &str); 5] = [
    ("de", include_str!("../expressions/de.tsv")),
    ("en", include_str!("../expressions/en.tsv")),
    ("fr", include_str!("../expressions/fr.tsv")),
    ("es", include_str!("../expressions/es.tsv")),
    ("it", include_str!("../expressions/it.tsv")),
];

fn found(lang: &str, posted: &str, text: &str) -> Vec<TimePhrase> {
    let tokens = Tokens::new(text);
    let mut found = if posted.ends_with(']') {
        let posted: Zoned = posted.parse().expect("a time with its zone");
        phrases_in_zone(&tokens, Some(lang), posted.timestamp(), posted.time_zone())
    } else {
        let posted: PostedAt = posted.parse().expect("a time with offset");
        phrases(&tokens, Some(lang), posted)
    };
    found.retain(|phrase| !phrase.is_past);
    found
}

fn fits(found: &[TimePhrase], expected: &str, precision: &str) -> bool {
    if expected == "-" {
        return found.is_empty();
    }
    let expected: Timestamp = expected.parse().expect("an instant");
    let is_it = |phrase: &TimePhrase| phrase.until.at == expected && phrase.is_to_the_minute == (precision == "minute");
    !found.is_empty() && found.iter().all(is_it)
}

#[test]
fn every_expression_of_the_table_means_what_it_says() {
    let mut wrong = Vec::new();
    for (lang, file) in FILES {
        let mut n_rows = 0;
        for row in crate::lexicon::rows(file) {
            let (posted, text, expected, precision) = (row.cell(0), row.cell(1), row.cell(2), row.cell(3));
            let found = found(lang, posted, text);
            n_rows += 1;
            if !fits(&found, expected, precision) {
                let found: Vec<_> = found.iter().map(|p| format!("{} by `{}`", p.until, p.rule)).collect();
                wrong.push(format!("{lang} {}: {text} | {expected} {precision} | {}", row.line, found.join(", ")));
            }
        }
        assert!(n_rows >= 80, "{lang}: {n_rows}");
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_hour_in_a_zone_that_nobody_knows_is_less_certain() {
    let posted = "2026-07-15T15:30:00-04:00";
    let certainty = |text: &str| found("en", posted, text).first().expect("a phrase").certainty;
    assert!(certainty("at 9am XST") < certainty("at 9am ET"));
    assert!(certainty("at 9am XST") < certainty("at 9am"));
}
