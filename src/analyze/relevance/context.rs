//! What the rest of the text says for and against the brand, wherever its name stands.

use super::notes::has_start_of;
use super::{Scene, Subject};
use crate::lexicon::{built_in, rows};
use crate::model::Reason;
use crate::text::fold_to_string;
use std::collections::HashSet;
use std::sync::LazyLock;

/// How much the words of `context` and `about` may add together.
const CONTEXT_MOST: f32 = 0.4;
const CONTEXT_EACH: f32 = 0.2;
const NOT_CONTEXT_EACH: f32 = -0.35;

/// What the first and each further word of the brand's field adds, and how many count.
const FIELD_FIRST: f32 = 0.15;
const FIELD_EACH: f32 = 0.1;
const FIELD_MOST: usize = 3;

/// What a word that is said of firms adds.
const FIRM: f32 = 0.15;

/// Only so many words of a long text are looked at for its field.
const WORDS_MOST: usize = 400;

/// Words that are said of firms and their service, in all our languages.
static FIRMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let rows = built_in("all", "firms").into_iter().flat_map(rows);
    rows.flat_map(|row| row.cell(0).split(' ').map(fold_to_string).collect::<Vec<_>>()).collect()
});

pub(super) fn weigh(scene: &Scene<'_>, subject: &Subject<'_>) -> Vec<Reason> {
    let notes = subject.notes;
    let words = scene.words();
    let is_there =
        |word: &str| words.contains(word) || word.len() >= 5 && words.iter().any(|seen| seen.starts_with(word));
    let mut reasons = Vec::new();
    let mut added = 0.0;
    for word in &notes.context {
        if added < CONTEXT_MOST && is_there(word) && !is_own_name(subject, word) {
            added += CONTEXT_EACH;
            reasons.push(Reason { words: word.clone(), ..Reason::rule("relevance.context", CONTEXT_EACH) });
        }
    }
    for word in notes.not_context.iter().filter(|word| is_there(word)) {
        reasons.push(Reason { words: word.clone(), ..Reason::rule("relevance.not_context", NOT_CONTEXT_EACH) });
    }
    if scene.item.tags.iter().any(|tag| notes.hashtags.contains(&fold_to_string(tag))) {
        reasons.push(Reason::rule("relevance.tag", CONTEXT_EACH));
    }
    reasons.extend(field(scene, subject));
    reasons
}

/// Words of the brand's field, and of firms in general.
fn field(scene: &Scene<'_>, subject: &Subject<'_>) -> Vec<Reason> {
    let tokens = scene.tokens;
    let mut found: Vec<Reason> = Vec::new();
    let mut says_firm = false;
    for index in (0..tokens.len()).take(WORDS_MOST) {
        let word = tokens.folded(index);
        let is_new = found.iter().all(|reason| reason.words != word);
        let is_word = word.len() > 2 && !is_own_name(subject, word);
        if !is_new || !is_word {
            continue;
        }
        let n_fields = found.iter().filter(|reason| reason.rule == "relevance.field").count();
        let reason = |rule: &str, weight: f32| Reason { words: word.to_owned(), ..Reason::rule(rule, weight) };
        if n_fields < FIELD_MOST && subject.notes.is_of_field(word) {
            found.push(reason("relevance.field", if n_fields == 0 { FIELD_FIRST } else { FIELD_EACH }));
        } else if !says_firm && has_start_of(&FIRMS, word) {
            says_firm = true;
            found.push(reason("relevance.firm", FIRM));
        }
    }
    found
}

/// Whether `word` (folded) is one of the brand's field, or is said of firms.
pub(super) fn speaks_of_firm(subject: &Subject<'_>, word: &str) -> bool {
    subject.notes.is_of_field(word) || subject.notes.context.iter().any(|own| own == word) || has_start_of(&FIRMS, word)
}

/// Whether `word` is what the brand is called: that says nothing more.
pub(super) fn is_own_name(subject: &Subject<'_>, word: &str) -> bool {
    let brand = subject.brand;
    std::iter::once(&brand.name).chain(&brand.aliases).take(50).any(|name| name.eq_ignore_ascii_case(word))
}
