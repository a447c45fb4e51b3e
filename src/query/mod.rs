//! The query language: what a person writes to say which posts they mean.
//!
//! In: a query as it is typed. Out: whether an item is meant, and what a word index can be asked beforehand.
//! Pure, linear in the text for each part of a query, and bounded in all of its parts.
//!
//! ```text
//! steak AND (newark OR ewr) NOT salt      AND may be left out; UND, ODER, NICHT mean the same
//! "meet me" st*k* ="ICE" price NEAR/5 high
//! author:@ann site:example.com source:forum lang:de type:review title:"new menu"
//! sentiment:negative phase:use kind:wish brand:mortons followers:>1000
//! ```

mod ast;
mod error;
mod field;
mod lex;
mod needle;
mod parse;
mod pattern;
mod subject;
#[cfg(test)]
mod tests;

pub use error::QueryError;
pub use needle::Needle;
pub use subject::Subject;

use ast::Node;

/// The longest query, in bytes.
pub const QUERY_LIMIT_BYTES: usize = 4_000;

/// The most words, phrases and fields of a query, and how deep its groups may lie in each other.
pub const TERMS_LIMIT: usize = 200;
const DEPTH_LIMIT: usize = 32;

/// A query that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    text: String,
    root: Node,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`QueryError`] with the place of the first mistake.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Ok(Self { text: text.to_owned(), root: parse::parse(text)? })
    }

    /// Reads the query of a brand: what is known only once the brand was found cannot be asked for in it.
    ///
    /// # Errors
    /// [`QueryError`] with the place of the first mistake.
    pub fn parse_for_brand(text: &str) -> Result<Self, QueryError> {
        let query = Self::parse(text)?;
        for token in lex::tokens(text)? {
            if let lex::TokenKind::Field(name) = &token.kind
                && field::KNOWN_LATER.contains(&name.to_ascii_lowercase().as_str())
            {
                let message = format!("`{name}:` is known only after the brand was found");
                return Err(QueryError::new(text, token.span, message, "remove it here, and ask for it in a route"));
            }
        }
        Ok(query)
    }

    /// The query as it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `subject` is meant.
    #[must_use]
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.root.holds(subject)
    }

    /// What an index of words can be asked beforehand: every item that is meant has it. `None` where a query may mean
    /// items that hold none of its words.
    #[must_use]
    pub fn needle(&self) -> Option<Needle> {
        needle::of(&self.root)
    }

    /// Words of which every item that is meant has one, in one of the spellings of `text::plain_spelling` and
    /// `text::long_spelling`, as a word or in one. `None` where a query may mean items that hold none of its words.
    #[must_use]
    pub fn one_of(&self) -> Option<Vec<String>> {
        self.needle().map(|needle| needle::one_of(&needle)).filter(|words| words.iter().all(|word| !word.is_empty()))
    }

    /// Whether it asks for something that an item must have: words, an author, a source, a site. Only a language, a
    /// type or what must not be there is said of nearly every item.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.root.is_bounded()
    }
}
