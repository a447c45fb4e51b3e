//! Where a name is a word of its own: borders, what may follow a name, names within tags, slips of the keyboard.
//!
//! In: a folded text and a place in it that holds the letters of a [`Term`]. Out: the place of the whole name, or none.
//! Without the original text (the cheap look) capitals cannot be seen: then it errs toward yes.

use super::names::Term;
use crate::lexicon::ordinary;
use crate::model::EvidenceKind;
use crate::text::Folded;
use std::ops::Range;

/// A tag is looked back over for this many letters; longer ones are not written by people.
const TAG_LETTERS: usize = 80;

/// What follows a name in a closed compound has at least so many letters: more than an ending.
const COMPOUND_LETTERS: usize = 3;

/// A folded text, and the one that it was folded from where capitals count.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'t> {
    pub(super) folded: &'t str,
    pub(super) original: Option<(&'t str, &'t Folded)>,
}

impl View<'_> {
    /// Where `term` is named around `hit`, in bytes of the folded text; `None` where other words only hold its letters.
    pub(super) fn named(&self, term: &Term, hit: Range<usize>) -> Option<Range<usize>> {
        if term.slip.is_some() {
            return self.named_with_slip(term, hit);
        }
        let end = match term.kind {
            EvidenceKind::Domain => self.end_of_domain(&hit)?,
            EvidenceKind::Handle => self.end_of_handle(&hit)?,
            _ => self.end_of_name(term, &hit)?,
        };
        self.is_written_so(term, hit.clone()).then_some(hit.start..end)
    }

    fn before(&self, at: usize) -> Option<char> {
        self.folded.get(..at)?.chars().next_back()
    }

    fn after(&self, at: usize) -> &str {
        self.folded.get(at..).unwrap_or("")
    }

    /// `mortons.com`, `www.mortons.com/menu`; not `mortons.com.evil.example`, nor as a piece of another's path.
    fn end_of_domain(&self, hit: &Range<usize>) -> Option<usize> {
        let opens = match self.before(hit.start) {
            None => true,
            Some('/') => self.folded.get(..hit.start)?.ends_with("//"),
            Some('-') => false,
            Some(c) => !is_word(c),
        };
        (opens && !goes_on(self.after(hit.end), &['.', '-'])).then_some(hit.end)
    }

    /// `@mortons` is not `@mortons.bsky.social` or `@mortons@elsewhere.example`.
    fn end_of_handle(&self, hit: &Range<usize>) -> Option<usize> {
        let opens = self.before(hit.start).is_none_or(|c| !is_word(c)) && !is_mail_host(self.folded, hit.start);
        (opens && !goes_on(self.after(hit.end), &['.', '@', '-'])).then_some(hit.end)
    }

    fn end_of_name(&self, term: &Term, hit: &Range<usize>) -> Option<usize> {
        let before = self.before(hit.start);
        let after = self.after(hit.end);
        let is_in_tag =
            term.is_long && (before.is_some_and(is_word) || after.starts_with(is_word)) && self.is_in_tag(hit.start);
        let opens = before.is_none_or(|c| !is_word(c)) || is_in_tag && self.is_hump(hit.start);
        if !opens || is_mail_host(self.folded, hit.start) {
            return None;
        }
        let suffix = ["'s", "`s", "s", ""].into_iter().find(|suffix| {
            let fits = suffix.is_empty() || term.is_long;
            fits && after.strip_prefix(suffix).is_some_and(|rest| !rest.starts_with(is_word))
        });
        if let Some(suffix) = suffix {
            return Some(hit.end + suffix.len());
        }
        let is_compound = || {
            term.compounds
                && after.chars().take(COMPOUND_LETTERS).filter(|c| c.is_alphabetic()).count() == COMPOUND_LETTERS
        };
        (is_in_tag && self.is_hump(hit.end) || is_compound()).then_some(hit.end)
    }

    /// Whether the word around `at` begins with `#`.
    fn is_in_tag(&self, at: usize) -> bool {
        let before = self.folded.get(..at).unwrap_or("");
        before.chars().rev().take(TAG_LETTERS).find(|c| !is_word(*c)) == Some('#')
    }

    /// Whether a word begins at `at` within a tag: a capital after a small letter, a digit, an underscore.
    fn is_hump(&self, at: usize) -> bool {
        let Some((text, folded)) = self.original else { return true };
        let at = folded.original(at..at).start;
        let next = text.get(at..).and_then(|text| text.chars().next());
        let last = text.get(..at).and_then(|text| text.chars().next_back());
        next.is_some_and(|c| c == '_' || c.is_numeric() || c.is_uppercase() && !last.is_some_and(char::is_uppercase))
            || last.is_some_and(|c| c == '_' || c.is_numeric())
    }

    fn is_written_so(&self, term: &Term, hit: Range<usize>) -> bool {
        let (Some(exact), Some((text, folded))) = (&term.exact, self.original) else { return true };
        // A tag has no case of its own: `#db` is meant as `#DB`.
        let is_tag = self.folded.get(..hit.start).is_some_and(|before| before.ends_with('#'));
        is_tag || text.get(folded.original(hit)) == Some(exact)
    }

    /// The word or words around a part of a name, if they are that name but for one letter.
    fn named_with_slip(&self, term: &Term, hit: Range<usize>) -> Option<Range<usize>> {
        let slip = term.slip.as_ref()?;
        // A letter more or less before the part moves it by one letter, which has up to four bytes.
        let expected = hit.start.saturating_sub(slip.offset);
        let length = slip.name.chars().count();
        (expected.saturating_sub(4)..=expected + 4).filter(|start| self.is_start(*start)).find_map(|start| {
            let rest = self.folded.get(start..)?;
            let mut ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).skip(length.saturating_sub(2)).take(3);
            let fits = |end: &usize| {
                let candidate = rest.get(..*end).unwrap_or("");
                !rest.get(*end..).is_some_and(|after| after.starts_with(is_word))
                    && strsim::osa_distance(candidate, &slip.name) == 1
                    && !ordinary::is_word(candidate, None)
            };
            ends.find(fits).map(|end| start..start + end)
        })
    }

    fn is_start(&self, at: usize) -> bool {
        self.folded.is_char_boundary(at) && self.before(at).is_none_or(|c| !is_word(c) && c != '@' && c != '.')
    }
}

/// Whether an address goes on after its end: a letter, or a joint and a letter.
fn goes_on(after: &str, joints: &[char]) -> bool {
    after.starts_with(is_word) || after.strip_prefix(joints).is_some_and(|rest| rest.starts_with(is_word))
}

/// Whether an `@` with a letter before it stands right before `start`: the host of a mail address or full handle.
fn is_mail_host(folded: &str, start: usize) -> bool {
    let before = folded.get(..start).and_then(|text| text.strip_suffix('@'));
    before.is_some_and(|text| text.ends_with(|c: char| is_word(c) || c == '.'))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
