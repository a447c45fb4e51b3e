//! A post as the rules see it: the subject, its cues, and a few properties of form.

use super::Subject;
use super::cues::{Hits, sum_once};
use crate::model::{ItemKind, Medium, Sentiment};
use crate::text::{TokenKind, Tokens};
use std::ops::Range;

/// From this many marks of exclamation or words in capitals on, somebody shouts.
const SHOUTING: usize = 4;

/// A text of more tokens speaks of more than the brand.
const LONG_TOKENS: usize = 80;

/// How far from the brand's name a cue may stand in such a text, unless the brand is spoken to.
const REACH_TOKENS: usize = 40;

/// A subject with its cues.
pub(super) struct Post<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) hits: Hits<'a>,
    /// The tokens that end a sentence, in order.
    sentence_ends: Vec<usize>,
}

impl<'a> Post<'a> {
    pub(super) fn new(subject: &'a Subject<'a>) -> Self {
        let tokens = subject.tokens;
        let brand_at = brand_tokens(subject);
        let mut hits = Hits::find(tokens, subject.lang, &brand_at);
        if !subject.mention.direct && tokens.len() > LONG_TOKENS {
            hits.keep_near(&brand_at, REACH_TOKENS);
        }
        let sentence_ends = (0..tokens.len()).filter(|at| tokens.ends_sentence(*at)).collect();
        Self { subject, hits, sentence_ends }
    }

    pub(super) fn tokens(&self) -> &'a Tokens<'a> {
        self.subject.tokens
    }

    pub(super) fn feels(&self, sentiment: Sentiment) -> bool {
        self.subject.mention.sentiment.label == sentiment
    }

    pub(super) fn is_review(&self) -> bool {
        self.subject.item.medium == Medium::Review || self.subject.item.kind == ItemKind::Review
    }

    /// Somebody says I, we, my.
    pub(super) fn is_personal(&self) -> bool {
        self.hits.has("voice.first")
    }

    pub(super) fn count(&self, kind: TokenKind) -> usize {
        self.tokens().list().iter().filter(|token| token.kind == kind).count()
    }

    /// The words, without handles, links and marks.
    pub(super) fn n_words(&self) -> usize {
        self.count(TokenKind::Word) + self.count(TokenKind::Number)
    }

    pub(super) fn is_shouting(&self) -> bool {
        let tokens = self.tokens();
        let caps = tokens.list().iter().filter(|token| token.is_caps && token.span.len() > 3).count();
        let marks: usize =
            (0..tokens.len()).map(|at| tokens.folded(at)).filter(|m| m.starts_with('!')).map(str::len).sum();
        caps >= SHOUTING || marks > SHOUTING
    }

    /// The sum of `family` over hits that stand in a sentence which ends with a question mark.
    pub(super) fn asked(&self, family: &str) -> f32 {
        sum_once(self.hits.of(family).filter(|hit| self.is_asked(hit.tokens.end)))
    }

    /// Whether the sentence that holds the token before `at` ends with a question mark.
    pub(super) fn is_asked(&self, at: usize) -> bool {
        let next = self.sentence_ends.partition_point(|end| *end < at.saturating_sub(1));
        self.sentence_ends.get(next).is_some_and(|end| self.tokens().folded(*end).contains('?'))
    }

    pub(super) fn has_question_mark(&self) -> bool {
        let tokens = self.tokens();
        (0..tokens.len()).any(|at| tokens.kind(at) == Some(TokenKind::Punctuation) && tokens.folded(at).contains('?'))
    }
}

/// The tokens at which the brand is named, in text order.
fn brand_tokens(subject: &Subject<'_>) -> Vec<Range<usize>> {
    let list = subject.tokens.list();
    let place = |span: &Range<usize>| {
        let start = list.partition_point(|token| token.span.end <= span.start);
        let end = list.partition_point(|token| token.span.start < span.end);
        start..end
    };
    let named = subject.mention.evidence.iter().map(|e| place(&e.span));
    let mut named: Vec<Range<usize>> = named.filter(|range| range.start < range.end).collect();
    named.sort_by_key(|range| range.start);
    named
}
