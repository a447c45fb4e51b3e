//! Which rows of the word lists help, and which hurt.
//!
//! In: posts whose feeling people labelled, each weighed once more without each row that bears feeling in it. Out: for
//! every row, what the figures would be if it bore none: exact, as every other post stays as it is.

use super::Judged;
use super::figures::{Outcome, share};
use super::gauge::{Gauge, side_of, to_weigh};
use super::record::Record;
use crate::analyze::BrandIndex;
use crate::analyze::sentiment::Listed;
use crate::model::Sentiment;
use crate::pipeline::Studied;
use crate::text::Tokens;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most ids of posts that are told of a row.
const IDS_MOST: usize = 5;

/// Rows that change nothing differ by less.
const NOTHING: f64 = 1e-9;

/// What one row of the word lists does in the posts in which it bears feeling.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Blamed {
    /// The word, phrase or picture as it is listed.
    pub term: String,
    /// The list as `language/purpose`.
    pub list: String,
    /// The line in the list's file.
    pub line: u32,
    /// The list is the user's own and not built in.
    pub is_users: bool,
    /// By which rule it spoke first, in how many posts.
    pub rules: BTreeMap<&'static str, usize>,
    /// The posts in which it bears feeling.
    pub n: usize,
    /// The share of them that is right.
    pub accuracy: f64,
    /// The share of them that would be right without it.
    pub accuracy_without: f64,
    /// What taking it out would add to the accuracy of all posts; above 0 where the row hurts.
    pub accuracy_gain: f64,
    /// The same of their macro-F1.
    pub macro_f1_gain: f64,
    /// Some posts that would be right without it.
    pub hurts: Vec<String>,
    /// Some posts that would be wrong without it.
    pub helps: Vec<String>,
}

/// What one row does in one post.
#[derive(Debug, Clone)]
pub(super) struct Bearing {
    pub listed: Listed,
    pub rule: &'static str,
    /// The feeling if the row bore none.
    pub without: Sentiment,
    /// Where that is `mixed`, its side.
    pub side: Option<Sentiment>,
}

/// What each row does in `record`.
pub(super) fn bearing(gauge: Gauge, record: &Record, index: &BrandIndex, studied: &Studied) -> Vec<Bearing> {
    let text = record.item.reading_text();
    let tokens = Tokens::new(&text);
    let Some(felt) = to_weigh(gauge, record, index, studied, &tokens) else { return Vec::new() };
    let rows = felt.rows().into_iter();
    rows.map(|(listed, rule)| {
        let feeling = felt.without(listed);
        Bearing { listed, rule, without: feeling.label, side: side_of(&feeling) }
    })
    .collect()
}

/// What each row does that bears feeling in at least `from` posts; what hurts most first, then what helps most.
pub(super) fn blame(judged: &[Judged], from: usize) -> Vec<Blamed> {
    let mut by_row: BTreeMap<Listed, Vec<(&Judged, &Bearing)>> = BTreeMap::new();
    for post in judged {
        for bearing in &post.bearing {
            by_row.entry(bearing.listed).or_default().push((post, bearing));
        }
    }
    let before = Grid::of(judged);
    let mut rows: Vec<Blamed> = by_row
        .into_iter()
        .filter(|(_, posts)| posts.len() >= from.max(1))
        .map(|(listed, posts)| blamed(listed, &posts, &before))
        .collect();
    rows.sort_by(|one, other| {
        let by_gain = other.macro_f1_gain.abs().total_cmp(&one.macro_f1_gain.abs());
        rank(one).cmp(&rank(other)).then(by_gain).then(other.n.cmp(&one.n))
    });
    rows
}

/// What hurts, what helps, what does neither.
fn rank(row: &Blamed) -> u8 {
    match row.macro_f1_gain {
        gain if gain > NOTHING => 0,
        gain if gain < -NOTHING => 1,
        _ => 2,
    }
}

fn blamed(listed: Listed, posts: &[(&Judged, &Bearing)], before: &Grid) -> Blamed {
    let mut after = before.clone();
    let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
    let (mut n_right, mut n_right_without) = (0, 0);
    let (mut hurts, mut helps) = (Vec::new(), Vec::new());
    for (post, bearing) in posts {
        *rules.entry(bearing.rule).or_default() += 1;
        let Some((gold, said)) = signs(post) else { continue };
        after.shift(gold, said, bearing.without);
        let (is_right, would_be) = (gold == said, gold == bearing.without);
        n_right += usize::from(is_right);
        n_right_without += usize::from(would_be);
        match (is_right, would_be) {
            (false, true) if hurts.len() < IDS_MOST => hurts.push(post.id.clone()),
            (true, false) if helps.len() < IDS_MOST => helps.push(post.id.clone()),
            _ => {}
        }
    }
    let (language, purpose) = listed.list();
    Blamed {
        term: listed.term().to_owned(),
        list: format!("{language}/{purpose}"),
        line: listed.line(),
        is_users: listed.is_users(),
        rules,
        n: posts.len(),
        accuracy: share(n_right, posts.len()),
        accuracy_without: share(n_right_without, posts.len()),
        accuracy_gain: after.accuracy() - before.accuracy(),
        macro_f1_gain: after.macro_f1() - before.macro_f1(),
        hurts,
        helps,
    }
}

/// People's sign and ours.
fn signs(post: &Judged) -> Option<(Sentiment, Sentiment)> {
    let Outcome::Label { gold, said } = &post.verdict.outcome else { return None };
    Some((Sentiment::from_name(gold)?, Sentiment::from_name(said)?))
}

/// Every sign of people's, and what we say to it.
const SIGNS: [Sentiment; 4] = [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative, Sentiment::Mixed];

/// How often which sign of people's was taken for which.
#[derive(Debug, Clone, Default)]
struct Grid {
    counts: [usize; SIGNS.len() * SIGNS.len()],
}

impl Grid {
    fn of(judged: &[Judged]) -> Self {
        let mut grid = Self::default();
        for (gold, said) in judged.iter().filter_map(signs) {
            grid.add(gold, said, 1);
        }
        grid
    }

    fn add(&mut self, gold: Sentiment, said: Sentiment, n: isize) {
        if let Some(count) = self.counts.get_mut(cell(gold, said)) {
            *count = count.saturating_add_signed(n);
        }
    }

    fn shift(&mut self, gold: Sentiment, from: Sentiment, to: Sentiment) {
        self.add(gold, from, -1);
        self.add(gold, to, 1);
    }

    fn count(&self, gold: Sentiment, said: Sentiment) -> usize {
        self.counts.get(cell(gold, said)).copied().unwrap_or(0)
    }

    fn accuracy(&self) -> f64 {
        let n_right = SIGNS.iter().map(|sign| self.count(*sign, *sign)).sum();
        share(n_right, self.counts.iter().sum())
    }

    /// The mean F1 of the signs that occur among people's.
    fn macro_f1(&self) -> f64 {
        let of_people = SIGNS.iter().filter_map(|sign| {
            let has: usize = SIGNS.iter().map(|said| self.count(*sign, *said)).sum();
            let given: usize = SIGNS.iter().map(|gold| self.count(*gold, *sign)).sum();
            (has > 0).then(|| share(2 * self.count(*sign, *sign), has + given))
        });
        let all: Vec<f64> = of_people.collect();
        if all.is_empty() { 0.0 } else { all.iter().sum::<f64>() / all.len() as f64 }
    }
}

fn cell(gold: Sentiment, said: Sentiment) -> usize {
    gold as usize * SIGNS.len() + said as usize
}
