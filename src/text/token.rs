//! Cuts text into tokens: words, numbers, handles, hashtags, links, emoji, emoticons, punctuation.
//!
//! Words keep inner apostrophes (`don't`, `Morton's`); hyphens part words. Linear in the text length.

use super::fold::fold_to_string;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, perhaps with digits and inner apostrophes.
    Word,
    /// Digits, perhaps with inner `.`, `,` or `:`.
    Number,
    /// `@name` or `@name@host`.
    Handle,
    /// `#word`.
    Hashtag,
    /// `https://...` or `www....`.
    Link,
    /// One emoji, with its modifiers.
    Emoji,
    /// `:-)`, `<3` and their like.
    Emoticon,
    /// One punctuation mark or symbol; runs of the same mark are one token (`!!!`).
    Punctuation,
    /// A line break (runs are one token).
    Break,
}

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands in the text (bytes).
    pub span: Range<usize>,
    /// Where its folded form stands in the token list's own buffer.
    folded: Range<usize>,
    /// Two letters or more, all of them capitals.
    pub is_caps: bool,
    /// Starts with a capital letter.
    pub is_capitalized: bool,
    /// A letter was drawn out (`soooo`); the folded form has it shortened to two.
    pub is_stretched: bool,
}

/// A text cut into tokens.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    folded: String,
    list: Vec<Token>,
}

impl<'t> Tokens<'t> {
    /// Cuts `text` into tokens.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut tokens = Self { text, folded: String::with_capacity(text.len()), list: Vec::new() };
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            match next_token(rest) {
                Some((kind, len)) => {
                    tokens.push(kind, at..at + len);
                    at += len;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        tokens
    }

    /// The text that was cut.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The tokens in text order.
    #[must_use]
    pub fn list(&self) -> &[Token] {
        &self.list
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The token at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Token> {
        self.list.get(index)
    }

    /// The token's kind, if there is one at `index`.
    #[must_use]
    pub fn kind(&self, index: usize) -> Option<TokenKind> {
        self.list.get(index).map(|token| token.kind)
    }

    /// The folded form of the token at `index`; empty beyond the end.
    #[must_use]
    pub fn folded(&self, index: usize) -> &str {
        self.list.get(index).and_then(|token| self.folded.get(token.folded.clone())).unwrap_or("")
    }

    /// The words of the text that the tokens `range` stand on, with what lies between them.
    #[must_use]
    pub fn words(&self, range: Range<usize>) -> &'t str {
        self.span(range).and_then(|span| self.text.get(span)).unwrap_or("")
    }

    /// The bytes of the text that the tokens `range` stand on; `None` for an empty range.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = self.list.get(range.start)?;
        let last = self.list.get(range.end.checked_sub(1)?)?;
        (range.start < range.end).then_some(first.span.start..last.span.end)
    }

    /// The tokens that `span` (bytes of the text) touches.
    #[must_use]
    pub fn covering(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.list.partition_point(|token| token.span.end <= span.start);
        let end = self.list.partition_point(|token| token.span.start < span.end);
        start..end.max(start)
    }

    /// Whether a sentence ends at the token at `index`: `.`, `!`, `?`, `…`, `;`, or a line break.
    #[must_use]
    pub fn ends_sentence(&self, index: usize) -> bool {
        match self.kind(index) {
            Some(TokenKind::Break) => true,
            Some(TokenKind::Punctuation) => self.folded(index).starts_with(['.', '!', '?', '…', ';']),
            _ => false,
        }
    }

    fn push(&mut self, kind: TokenKind, span: Range<usize>) {
        let raw = self.text.get(span.clone()).unwrap_or("");
        let start = self.folded.len();
        let mut is_stretched = false;
        match kind {
            TokenKind::Word | TokenKind::Hashtag => is_stretched = push_squeezed(&mut self.folded, raw),
            TokenKind::Break => self.folded.push('\n'),
            _ if raw.is_ascii() => self.folded.extend(raw.chars().map(|c| c.to_ascii_lowercase())),
            _ => self.folded.push_str(&fold_to_string(raw)),
        }
        let mut letters = raw.chars().filter(|c| c.is_alphabetic());
        let is_capitalized = raw.chars().next().is_some_and(char::is_uppercase);
        let is_caps = kind == TokenKind::Word && letters.clone().count() >= 2 && letters.all(char::is_uppercase);
        let folded = start..self.folded.len();
        self.list.push(Token { kind, span, folded, is_caps, is_capitalized, is_stretched });
    }
}

/// Appends `raw` folded, runs of three and more of one letter cut to two; says whether there was one.
fn push_squeezed(folded: &mut String, raw: &str) -> bool {
    let mut run = 0;
    let mut last = '\0';
    let mut stretched = false;
    let push = |character: char| {
        run = if character == last { run + 1 } else { 1 };
        last = character;
        if run > 2 && character.is_alphabetic() {
            stretched = true;
        } else {
            folded.push(character);
        }
    };
    if raw.is_ascii() {
        raw.chars().map(|character| character.to_ascii_lowercase()).for_each(push);
    } else {
        fold_to_string(raw).chars().for_each(push);
    }
    stretched
}

/// The kind and length in bytes of the token that `rest` starts with; `None` for blanks and invisible characters.
fn next_token(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.chars().next()?;
    if first == '\n' {
        return Some((TokenKind::Break, length_while(rest, char::is_whitespace)));
    }
    if first.is_whitespace() || is_invisible(first) {
        return None;
    }
    if let Some(len) = link_length(rest) {
        return Some((TokenKind::Link, len));
    }
    if let Some(len) = emoticon_length(rest) {
        return Some((TokenKind::Emoticon, len));
    }
    match first {
        '@' => handle_length(rest).map(|len| (TokenKind::Handle, len)),
        '#' => tag_length(rest).map(|len| (TokenKind::Hashtag, len)),
        _ if first.is_alphanumeric() => Some(word_or_number(rest)),
        _ if is_emoji(first) => Some((TokenKind::Emoji, emoji_length(rest))),
        _ => None,
    }
    .or_else(|| Some((TokenKind::Punctuation, length_while(rest, |c| c == first))))
}

fn length_while(rest: &str, keep: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !keep(c)).unwrap_or(rest.len())
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}') || c.is_control()
}

fn link_length(rest: &str) -> Option<usize> {
    if !rest.starts_with(['h', 'H', 'w', 'W']) {
        return None;
    }
    let starts = |prefix: &str| rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if !(starts("http://") || starts("https://") || starts("www.")) {
        return None;
    }
    let whole = rest.get(..length_while(rest, |c| !c.is_whitespace() && !matches!(c, '<' | '>' | '"')))?;
    Some(whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '…']).len())
}

/// `@name`, `@name@host.example`, `@name.bsky.social`.
fn handle_length(rest: &str) -> Option<usize> {
    let part = |text: &str| length_while(text, |c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let name = rest.get(1..)?;
    let mut len = part(name);
    if len == 0 {
        return None;
    }
    if let Some(host) = name.get(len..).and_then(|after| after.strip_prefix('@')) {
        let host_len = part(host);
        len += if host_len > 0 { 1 + host_len } else { 0 };
    }
    let whole = rest.get(..1 + len)?;
    Some(whole.trim_end_matches(['.', '-']).len()).filter(|len| *len > 1)
}

fn tag_length(rest: &str) -> Option<usize> {
    let word = rest.get(1..)?;
    let len = length_while(word, |c| c.is_alphanumeric() || c == '_');
    let has_letter = word.get(..len)?.chars().any(char::is_alphabetic);
    has_letter.then_some(1 + len)
}

fn word_or_number(rest: &str) -> (TokenKind, usize) {
    let mut end = 0;
    let mut has_letter = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let joins = match c {
            _ if c.is_alphanumeric() || is_mark(c) => true,
            '\u{ad}' | '\u{200b}'..='\u{200d}' => has_letter && next.is_some_and(char::is_alphanumeric),
            '\'' | '\u{2019}' => has_letter && next.is_some_and(char::is_alphabetic),
            '.' | ',' | ':' => !has_letter && next.is_some_and(|next| next.is_ascii_digit()),
            _ => false,
        };
        if !joins {
            break;
        }
        has_letter |= c.is_alphabetic();
        end = at + c.len_utf8();
    }
    (if has_letter { TokenKind::Word } else { TokenKind::Number }, end)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The blocks that hold nearly all emoji; the rare rest counts as punctuation.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{1f1e6}'..='\u{1f1ff}'
        | '\u{2b05}'..='\u{2b55}' | '\u{231a}'..='\u{23ff}' | '\u{2934}'..='\u{2935}')
}

fn emoji_length(rest: &str) -> usize {
    let mut end = 0;
    let mut joined = true;
    for (at, c) in rest.char_indices() {
        let modifier = matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{200d}');
        let flag_pair = at == 4 && matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        if !(modifier || flag_pair || joined) {
            break;
        }
        joined = c == '\u{200d}';
        end = at + c.len_utf8();
    }
    end
}

/// The emoticons that people type, longest first where one starts another.
const EMOTICONS: &[&str] = &[
    ":-)))", ":-))", ":-)", ":))", ":)", ":-D", ":D", ";-)", ";)", ":-(((", ":-((", ":-(", ":((", ":(", ":'-(", ":'(",
    ":'-)", ":')", ":-/", ":-P", ":-p", ":P", ":p", ":-*", ":*", ":-|", ":|", ":-O", ":-o", ":O", ":o", "XD", "xD",
    "<3", "</3", "^^", "=)", "=(", "=D", ":]", ":[", "-_-", ">:(", "D:", "(:", "):", ":/", ":-\\", "T_T", "o_O", "O_o",
];

/// What [`EMOTICONS`] begin with: most tokens are no face at the first look.
const EMOTICON_STARTS: &[char] = &[':', ';', 'X', 'x', '<', '^', '=', '-', '>', 'D', '(', ')', 'T', 'o', 'O'];

fn emoticon_length(rest: &str) -> Option<usize> {
    if !rest.starts_with(EMOTICON_STARTS) {
        return None;
    }
    let found =
        EMOTICONS.iter().filter(|emoticon| rest.starts_with(**emoticon)).max_by_key(|emoticon| emoticon.len())?;
    let after = rest.get(found.len()..).and_then(|after| after.chars().next());
    // "xD" in "xDrive" and ":p" in ":path" are no faces; nor is ":/" before a slash.
    let starts_word = after.is_some_and(|c| c.is_alphanumeric() || c == '/');
    (!starts_word).then_some(found.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    #[test]
    fn every_emoticon_is_looked_for() {
        assert!(EMOTICONS.iter().all(|emoticon| emoticon.starts_with(EMOTICON_STARTS)));
    }

    fn check(text: &str, expected: Expect) {
        let tokens = Tokens::new(text);
        let shown: Vec<String> = tokens
            .list()
            .iter()
            .enumerate()
            .map(|(i, token)| format!("{:?}:{}", token.kind, tokens.folded(i).replace('\n', "⏎")))
            .collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[test]
    fn words_keep_apostrophes_and_lose_hyphens() {
        check("Morton’s isn't a Bahn-App", expect!["Word:morton's Word:isn't Word:a Word:bahn Punctuation:- Word:app"]);
    }

    #[test]
    fn faces_links_handles_and_tags_are_whole() {
        check(
            "@Mortons k, thanks :-) #surf_turf https://x.example/a?b=1. 👍🏽 <3 10:30 3.5",
            expect![
                "Handle:@mortons Word:k Punctuation:, Word:thanks Emoticon::-) Hashtag:#surf_turf Link:https://x.example/a?b=1 Punctuation:. Emoji:👍🏽 Emoticon:<3 Number:10:30 Number:3.5"
            ],
        );
    }

    #[test]
    fn stretched_words_are_cut_to_two_letters() {
        let tokens = Tokens::new("Soooo GOOD!!!");
        assert_eq!(tokens.folded(0), "soo");
        assert!(tokens.get(0).is_some_and(|token| token.is_stretched && !token.is_caps));
        assert!(tokens.get(1).is_some_and(|token| token.is_caps));
        assert_eq!(tokens.folded(2), "!!!");
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_on_character_borders(text in "\\PC{0,80}") {
            let tokens = Tokens::new(&text);
            let mut end = 0;
            for token in tokens.list() {
                prop_assert!(token.span.start >= end && token.span.start < token.span.end);
                prop_assert!(text.get(token.span.clone()).is_some());
                end = token.span.end;
            }
        }
    }
}
