//! One post about one brand, through everything: extract, analyze, opportunity.
//!
//! Input: the brand's name, a line break, its other names (`@handle`, `#tag`, anything else an alias) between `|`,
//! a line break, a language or nothing, a line break, the post (markup where it begins with `<`).

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::{Corpus, fuzz_target};
use porterhouse::config::brand_from_json;
use porterhouse::desk::as_json;
use porterhouse::model::{Brand, Item, ItemKey, SourceName};
use porterhouse::{analyze::BrandIndex, opportunity, pipeline};
use serde_json::json;

/// What the answer costs in bytes for one mention: reasons, kinds, evidence, places are all of bounded number.
const ANSWER_BYTES: usize = 32 * 1024;

fuzz_target!(|input: &str| -> Corpus {
    let mut lines = input.splitn(4, '\n');
    let mut next = || lines.next().unwrap_or("");
    let (name, others, lang, text) = (next(), next(), next(), next());
    let Some(brand) = brand(name, others) else { return Corpus::Reject };
    let index = BrandIndex::new(vec![brand]);
    let settings = opportunity::Settings::default();
    let study = || {
        let mut item = item(lang, text);
        let studied = pipeline::study_fully(&index, &settings, &mut item, now());
        (studied, item)
    };
    let (studied, item) = study();
    assert_eq!(studied, study().0, "the same post means the same");

    assert!(studied.analysis.mentions.len() <= 1, "one brand, one mention");
    assert_eq!(studied.analysis.mentions.len(), studied.judged.len());
    assert!((0.0..=1.0).contains(&studied.analysis.spam.score));
    assert!((-1.0..=1.0).contains(&studied.analysis.sentiment.score));
    for (mention, judged) in studied.analysis.mentions.iter().zip(&studied.judged) {
        assert!((0.0..=1.0).contains(&mention.relevance) && (-1.0..=1.0).contains(&mention.sentiment.score));
        assert!((0.0..=1.0).contains(&judged.judgement.score), "{}", judged.judgement.score);
    }
    let answer = as_json(&studied).to_string();
    assert!(answer.len() <= 8 * input.len() + ANSWER_BYTES, "{} bytes from {}", answer.len(), input.len());

    let short = pipeline::study(&index, &settings, &mut { item }, now());
    assert!(short.is_err() || short.is_ok_and(|short| short == studied), "the short way ends or says the same");
    Corpus::Keep
});

fn brand(name: &str, others: &str) -> Option<Brand> {
    let others = || others.split('|').map(str::trim).filter(|name| !name.is_empty());
    let starting = |sign: char| others().filter(|name| name.starts_with(sign)).collect::<Vec<_>>();
    let aliases: Vec<&str> = others().filter(|name| !name.starts_with(['@', '#'])).collect();
    let location = json!([{ "name": "Hackensack", "lat": 40.88, "lon": -74.04, "prepares_in": "45m" }]);
    let brand = json!({ "id": "b", "name": name, "aliases": aliases, "handles": starting('@'),
                        "hashtags": starting('#'), "location": location });
    brand_from_json(&brand).ok()
}

fn item(lang: &str, text: &str) -> Item {
    let key = ItemKey { namespace: "fuzz".to_owned(), id: "1".to_owned() };
    let mut item = Item::new(SourceName::new("fuzz"), key);
    item.lang = Some(lang.trim().to_owned()).filter(|lang| !lang.is_empty());
    match text.starts_with('<') {
        true => item.html = text.to_owned(),
        false => item.text = text.to_owned(),
    }
    item
}

fn now() -> Timestamp {
    Timestamp::constant(1_777_900_000, 0)
}
