//! The open door of a surprise: whether the tone lets a gesture in.
//!
//! Playful, wistful, warm, proud, or let down but fair: open. Hatred, lawyers, begging: closed.

use super::post::Post;
use super::weights::weight;
use crate::model::{Kind, Sentiment};

/// How far the door stands open.
#[derive(Debug, Clone, Default)]
pub(super) struct Door {
    /// What opens and closes it, with the weights of the table.
    rows: Vec<(&'static str, f32)>,
}

impl Door {
    /// The sum: open from 0 on.
    pub(super) fn sum(&self) -> f32 {
        self.rows.iter().map(|(_, weight)| weight).sum()
    }

    /// What holds, by its row.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|(name, _)| *name)
    }

    /// Whether it is open.
    pub(super) fn holds(&self) -> bool {
        self.sum() >= 0.0
    }
}

/// The door of `post` with its `kinds`.
pub(super) fn of(post: &Post<'_>, kinds: &[Kind]) -> Door {
    let hits = &post.hits;
    let upset = post.feels(Sentiment::Negative);
    let rows: [(&'static str, f32); 12] = [
        ("door.start", 1.0),
        ("door.positive", holds(post.feels(Sentiment::Positive))),
        ("door.negative", holds(upset)),
        ("door.warm", holds(hits.sum("warm") >= 0.5)),
        ("door.wit", holds(hits.sum("wit") >= 0.5)),
        ("door.loyal", holds(hits.sum("loyal") >= 1.0)),
        ("door.insult", hits.sum("angry").min(2.5)),
        ("door.threat", holds(hits.has("threat"))),
        ("door.shouting", holds(upset && post.is_shouting())),
        ("door.churn", holds(kinds.contains(&Kind::Churn))),
        ("door.beg", holds(hits.sum("beg") >= 0.8)),
        ("door.politics", holds(hits.sum("politics") >= 0.7)),
    ];
    let demands = upset && hits.has("owed.refund");
    let held = rows.into_iter().chain([("door.demand", holds(demands))]).filter(|(_, times)| *times > 0.0);
    Door { rows: held.map(|(name, times)| (name, weight(name) * times)).collect() }
}

fn holds(fact: bool) -> f32 {
    if fact { 1.0 } else { 0.0 }
}
