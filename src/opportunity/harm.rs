//! Doable and harmless: what forbids a gift whatever else a post says.

use super::Clues;
use super::care;
use super::post::Post;
use crate::text::fold_to_string;

/// Why no gift may be made; `None` where one may.
pub(super) fn forbids(post: &Post<'_>, is_care: bool, clues: &Clues) -> Option<&'static str> {
    let hits = &post.hits;
    let is_late = clues.deadline.as_ref().is_some_and(|deadline| deadline.at.at <= post.subject.posted.at);
    let rules = [
        ("harm.care", is_care || care::has_sign(post)),
        ("harm.contest", hits.sum("beg") >= 1.2),
        ("harm.politics", hits.sum("politics") >= 1.0 || is_politician(post)),
        ("harm.minor", hits.has("minor")),
        ("harm.insider", hits.sum("headline") >= 2.0 && !post.is_personal()),
        ("harm.threat", hits.has("threat.legal") || hits.has("threat.lawyer") || hits.has("threat.anwalt")),
        ("harm.late", is_late),
    ];
    rules.into_iter().find(|(_, holds)| *holds).map(|(name, _)| name)
}

fn is_politician(post: &Post<'_>) -> bool {
    const OFFICES: &[&str] = &[
        "member of parliament",
        "mp for",
        "congress",
        "senator",
        "mdb",
        "mdl",
        "bundestag",
        "landtag",
        "stadtrat",
        "minister",
    ];
    let bio = post.subject.item.author.bio.as_deref().map(fold_to_string).unwrap_or_default();
    OFFICES.iter().any(|office| bio.contains(office))
}
