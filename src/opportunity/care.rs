//! Grief, serious illness, accident, violence, crisis: a person's care, never a gift.
//!
//! A sign that is too weak for itself ("hospital", "urn") is no case, but still forbids the gift: see `harm`.

use super::post::Post;
use crate::model::Reason;

/// From this sum of signs on a post is a case.
const CASE_FROM: f32 = 1.0;

/// Whether `post` is a case for care.
pub(super) fn is_one(post: &Post<'_>) -> bool {
    post.hits.sum("care") >= CASE_FROM
}

/// Whether `post` has at least a weak sign of such a case.
pub(super) fn has_sign(post: &Post<'_>) -> bool {
    post.hits.has_family("care")
}

/// What makes `post` a case for care; empty where it is none.
pub(super) fn reasons(post: &Post<'_>) -> Vec<Reason> {
    let best = is_one(post).then(|| post.hits.best("care")).flatten();
    best.map(|hit| hit.reason(super::weights::weight("score.care"))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::cues::Hits;
    use super::CASE_FROM;
    use crate::lexicon;
    use crate::text::Tokens;

    const LABELLED: &str = include_str!("../../tests/labelled/care.tsv");

    #[test]
    fn cases_are_told_from_weak_signs_and_from_figures_of_speech() {
        let mut wrong = Vec::new();
        let mut read = 0;
        for row in lexicon::rows(LABELLED) {
            let (lang, gold, text) = (row.cell(0), row.cell(1), row.cell(2));
            let tokens = Tokens::new(text);
            let hits = Hits::find(&tokens, Some(lang), &[]);
            let found = match hits.sum("care") {
                sum if sum >= CASE_FROM => "care",
                _ if hits.has_family("care") => "weak",
                _ => "none",
            };
            if found != gold {
                let rules: Vec<_> = hits.of("care").map(|hit| format!("{} [{}]", hit.cue.rule, hit.words)).collect();
                wrong.push(format!("{lang} {gold}, found {found}: {text} {}", rules.join(", ")));
            }
            read += 1;
        }
        assert!(read >= 150);
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}
