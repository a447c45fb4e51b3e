//! Cuts a query into its parts.

use super::error::QueryError;
use super::{QUERY_LIMIT_BYTES, TERMS_LIMIT};
use std::ops::Range;

/// How far apart words of `NEAR` may stand where no number says so, and at most.
const NEAR_USUAL: usize = 10;
const NEAR_MOST: usize = 100;

/// A part of a query, with the bytes where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Range<usize>,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`, `UND`
    And,
    /// `OR`, `ODER`
    Or,
    /// `NOT`, `NICHT`, or `-` right before a part.
    Not,
    /// `NEAR/5`
    Near(usize),
    /// `author:`, with the name as it was typed.
    Field(String),
    /// A word.
    Word(String),
    /// `"a phrase"`
    Phrase(String),
    /// `="Exactly"`
    Exact(String),
}

/// The parts of `query`.
///
/// # Errors
/// [`QueryError`] where it is too long, or a quotation mark is not closed.
pub fn tokens(query: &str) -> Result<Vec<Token>, QueryError> {
    if query.len() > QUERY_LIMIT_BYTES {
        let message = format!("it has {} bytes, at most {QUERY_LIMIT_BYTES} are read", query.len());
        let end = (0..=QUERY_LIMIT_BYTES).rev().find(|at| query.is_char_boundary(*at)).unwrap_or_default();
        return Err(QueryError::new(query, end..end, message, "part it into several queries"));
    }
    let mut lexer = Lexer { query, at: 0, tokens: Vec::new(), n_terms: 0 };
    while lexer.step()? {}
    Ok(lexer.tokens)
}

struct Lexer<'q> {
    query: &'q str,
    at: usize,
    tokens: Vec<Token>,
    n_terms: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) -> Result<bool, QueryError> {
        let blanks = self.rest().len() - self.rest().trim_start().len();
        self.at += blanks;
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(false) };
        let kind = match first {
            '(' => self.single(TokenKind::Open),
            ')' => self.single(TokenKind::Close),
            '-' if self.rest().chars().nth(1).is_some_and(|next| !next.is_whitespace() && next != '-') => {
                self.single(TokenKind::Not)
            }
            '=' if self.rest().chars().nth(1).is_some_and(is_quote) => {
                self.at += 1;
                TokenKind::Exact(self.quoted()?)
            }
            quote if is_quote(quote) => TokenKind::Phrase(self.quoted()?),
            _ => self.word(),
        };
        self.n_terms += usize::from(matches!(kind, TokenKind::Word(_) | TokenKind::Phrase(_) | TokenKind::Exact(_)));
        if self.n_terms > TERMS_LIMIT {
            let message = format!("it has more than {TERMS_LIMIT} words and phrases");
            return Err(QueryError::new(self.query, start..self.at, message, "part it into several queries"));
        }
        self.tokens.push(Token { kind, span: start..self.at });
        Ok(true)
    }

    fn single(&mut self, kind: TokenKind) -> TokenKind {
        self.at += 1;
        kind
    }

    /// What stands between quotation marks of any kind.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let open = self.rest().chars().next().map_or(1, char::len_utf8);
        self.at += open;
        let inside = self.rest();
        let Some((length, close)) = inside.char_indices().find(|(_, c)| is_quote(*c)) else {
            let help = "close it with \"";
            return Err(QueryError::new(self.query, start..start + open, "this quotation mark is not closed", help));
        };
        let text = inside.get(..length).unwrap_or_default().to_owned();
        self.at += length + close.len_utf8();
        Ok(text)
    }

    /// A word, an operator, or the name of a field.
    fn word(&mut self) -> TokenKind {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        if let Some((name, value)) = word.split_once(':')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphabetic())
            // `https://...` is a word.
            && !value.starts_with("//")
        {
            let (name, length) = (name.to_owned(), name.len() + 1);
            self.at += length;
            return TokenKind::Field(name);
        }
        let word = word.to_owned();
        self.at += end;
        match word.as_str() {
            "AND" | "UND" | "&&" => TokenKind::And,
            "OR" | "ODER" | "||" => TokenKind::Or,
            "NOT" | "NICHT" => TokenKind::Not,
            _ => near(&word).map_or(TokenKind::Word(word), TokenKind::Near),
        }
    }
}

/// `NEAR`, `NEAR/5`.
fn near(word: &str) -> Option<usize> {
    let rest = word.strip_prefix("NEAR")?;
    if rest.is_empty() {
        return Some(NEAR_USUAL);
    }
    let number: usize = rest.strip_prefix('/')?.parse().ok()?;
    Some(number.min(NEAR_MOST))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}
