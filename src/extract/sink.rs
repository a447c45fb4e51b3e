//! Gathers text: folds blanks, breaks lines between blocks, stops at the bound.

use super::TEXT_LIMIT_BYTES;
use crate::text::push_unescaped;

/// What separates the next word from what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
}

/// The text so far.
#[derive(Debug, Default)]
pub struct Sink {
    text: String,
    gap: Gap,
    scratch: String,
}

impl Sink {
    /// Appends a piece of markup without tags. Line breaks in it count where `is_preformatted`.
    pub fn push(&mut self, piece: &str, is_preformatted: bool) {
        if self.text.len() >= TEXT_LIMIT_BYTES {
            return;
        }
        if piece.contains('&') {
            let mut plain = std::mem::take(&mut self.scratch);
            plain.clear();
            push_unescaped(&mut plain, piece);
            self.push_plain(&plain, is_preformatted);
            self.scratch = plain;
        } else {
            self.push_plain(piece, is_preformatted);
        }
    }

    fn push_plain(&mut self, plain: &str, is_preformatted: bool) {
        let mut rest = plain;
        while let Some(at) = rest.find(|c: char| !is_blank(c)) {
            let (blanks, words) = rest.split_at_checked(at).unwrap_or(("", ""));
            self.see_blanks(blanks, is_preformatted);
            let end = words.find(is_blank).unwrap_or(words.len());
            let (word, after) = words.split_at_checked(end).unwrap_or((words, ""));
            self.push_word(word);
            rest = after;
        }
        self.see_blanks(rest, is_preformatted);
    }

    fn see_blanks(&mut self, blanks: &str, is_preformatted: bool) {
        if is_preformatted && blanks.contains('\n') {
            self.line();
        } else if !blanks.is_empty() {
            self.space();
        }
    }

    fn push_word(&mut self, word: &str) {
        if !self.text.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
        }
        self.gap = Gap::None;
        let room = TEXT_LIMIT_BYTES.saturating_sub(self.text.len());
        self.text.push_str(super::cut(word, room));
    }

    /// The next word starts a line of its own.
    pub fn line(&mut self) {
        self.gap = Gap::Line;
    }

    /// The next word stands apart.
    pub fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// What was gathered.
    #[must_use]
    pub fn into_text(self) -> String {
        let mut text = self.text;
        let kept = text.trim_end().len();
        text.truncate(kept);
        text
    }
}

/// White space, with the no-break space; what stands for nothing is no blank, and soft hyphens stay for display.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}
