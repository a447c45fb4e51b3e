//! The open door of a surprise: whether the tone lets a gesture in.
//!
//! Playful, wistful, warm, proud, or let down but fair: open. Hatred, lawyers, begging: closed.

use super::post::Post;
use super::weights::weight;
use crate::model::{Kind, Reason, Sentiment};

/// How far the door stands open.
#[derive(Debug, Clone, Default)]
pub(super) struct Door {
    /// What opens and closes it, with the weights of the table.
    pub(super) reasons: Vec<Reason>,
}

impl Door {
    /// The sum: open from 0 on.
    pub(super) fn sum(&self) -> f32 {
        self.reasons.iter().map(|reason| reason.weight).sum()
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
    let rows: [(&str, f32); 12] = [
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
    let mut reasons: Vec<Reason> = rows
        .into_iter()
        .filter(|(_, times)| *times > 0.0)
        .map(|(name, times)| Reason::rule(name, weight(name) * times))
        .collect();
    if upset && hits.has("owed.refund") {
        reasons.push(Reason::rule("door.demand", weight("door.demand")));
    }
    Door { reasons }
}

fn holds(fact: bool) -> f32 {
    if fact { 1.0 } else { 0.0 }
}
