//! Fits the weights: `UPDATE_WEIGHTS=1 cargo test --lib deadline_weights` writes `lexicons/all/deadline_weights.tsv` anew.

use super::feature::{Feature, Surroundings};
use super::{WEIGHTS, ahead, deadline};
use crate::model::PostedAt;
use crate::opportunity::fit::{Example, fit_logistic};
use crate::text::Tokens;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

const FILES: [(&str, &str); 5] = [
    ("de", include_str!("../../../training/opportunity/de.jsonl")),
    ("en", include_str!("../../../training/opportunity/en.jsonl")),
    ("fr", include_str!("../../../training/opportunity/fr.jsonl")),
    ("es", include_str!("../../../training/opportunity/es.jsonl")),
    ("it", include_str!("../../../training/opportunity/it.jsonl")),
];

const TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// How much a time counts against the wish for small weights.
const TRUST: f64 = 1.0;

struct Post {
    lang: &'static str,
    posted: PostedAt,
    text: String,
    gold: Option<Timestamp>,
    has_kind: bool,
}

impl Post {
    fn is_right(&self, at: Timestamp) -> bool {
        self.gold.is_some_and(|gold| gold.duration_since(at).abs() <= TOLERANCE)
    }
}

fn posts(part: &str) -> Vec<Post> {
    let lines = FILES.iter().flat_map(|(lang, text)| text.lines().map(move |line| (*lang, line)));
    let posts = lines.map(|(lang, line)| (lang, serde_json::from_str::<Value>(line).expect("JSON")));
    posts
        .filter(|(_, post)| post["part"] == part)
        .map(|(lang, post)| Post {
            lang,
            posted: post["posted_at"].as_str().and_then(|at| at.parse().ok()).expect("a time"),
            text: post["text"].as_str().expect("a text").to_owned(),
            gold: post["gold"]["slots"]["deadline"].as_str().map(|at| at.parse().expect("a time")),
            has_kind: post["gold"]["kinds"].as_array().is_some_and(|kinds| !kinds.is_empty()),
        })
        .collect()
}

/// Each time that is named in the posts, and whether it is the deadline.
fn examples(posts: &[Post]) -> Vec<(Vec<Feature>, bool)> {
    let mut examples = Vec::new();
    for post in posts {
        let tokens = Tokens::new(&post.text);
        let ahead = ahead(&tokens, Some(post.lang), post.posted);
        let surroundings = Surroundings::new(&tokens, Some(post.lang), post.posted, &ahead);
        examples.extend(ahead.iter().map(|phrase| (surroundings.features(phrase), post.is_right(phrase.until.at))));
    }
    examples
}

fn fitted(examples: &[(Vec<Feature>, bool)]) -> BTreeMap<&'static str, f64> {
    let example = |(seen, holds): &(Vec<Feature>, bool)| Example { seen: seen.clone(), holds: *holds, counts: TRUST };
    fit_logistic(&examples.iter().map(example).collect::<Vec<_>>(), "bias", &|_| true)
}

#[test]
fn deadline_weights_are_those_that_training_gives() {
    let fitted = fitted(&examples(&posts("train")));
    let mut file = String::from(
        "# language: all\n\
         # purpose: what a time that a post names weighs as its deadline; the sum must reach LEAST_WEIGHT (src/opportunity/deadline.rs)\n\
         # origin: fitted on training/opportunity by `UPDATE_WEIGHTS=1 cargo test --lib deadline_weights`\n\
         # licence: MIT OR Apache-2.0\n\
         # columns: feature (src/opportunity/deadline/feature.rs), weight\n",
    );
    for (name, weight) in &fitted {
        writeln!(file, "{name}\t{weight:.2}").expect("a string takes all");
    }
    if std::env::var_os("UPDATE_WEIGHTS").is_some() {
        std::fs::write("lexicons/all/deadline_weights.tsv", &file).expect("the list is written");
        return;
    }
    let far =
        |(name, weight): &(&&str, &f64)| (f64::from(WEIGHTS.get(*name).copied().unwrap_or(0.0)) - **weight).abs() > 0.1;
    let stale: Vec<_> = fitted.iter().filter(far).collect();
    assert!(stale.is_empty(), "retrain with UPDATE_WEIGHTS=1: {stale:?}");
}

/// Right, wrong, missed, and set where people set none.
fn figures(part: &str) -> [usize; 4] {
    let mut figures = [0; 4];
    for post in posts(part).iter().filter(|post| post.has_kind) {
        let said = deadline(&Tokens::new(&post.text), Some(post.lang), post.posted);
        let index = match (&said, post.gold) {
            (Some(said), Some(_)) => usize::from(!post.is_right(said.at.at)),
            (None, Some(_)) => 2,
            (Some(_), None) => 3,
            (None, None) => continue,
        };
        figures[index] += 1;
    }
    figures
}

#[test]
fn most_deadlines_of_our_test_posts_are_found_and_few_are_invented() {
    let [right, wrong, missed, invented] = figures("test");
    let all = right + wrong + missed;
    assert!(right * 100 >= all * 50, "right {right} of {all}, train {:?}", figures("train"));
    assert!(invented * 100 <= (right + wrong + invented) * 20, "invented {invented}");
}
